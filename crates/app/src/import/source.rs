//! A file as rows of cells, whatever it was written as.

use std::path::Path;

use commands::{Failure, MendedCell};
use domain::{Refusal, exchange::TableKind};
use encoding_rs::Encoding;

use super::{table::Table, vcard::Cards};

/// More is no list of customers.
const LARGEST: u64 = 512 * 1024 * 1024;

/// A file that was read.
pub(crate) struct Source {
    /// The file's name.
    pub(crate) name: String,
    /// Its encoding.
    pub(crate) encoding: &'static str,
    pub(crate) rows: Rows,
}

/// What the file is.
pub(crate) enum Rows {
    Table(Table),
    Cards(Cards),
}

/// A row's cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Its place among the rows.
    pub(crate) index: usize,
    /// Its first line in the file, from 1.
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    /// Why it is no row at all.
    pub(crate) broken: Option<Refusal>,
}

fn refuse(code: &str, sentence: &str) -> Failure {
    Failure::new(code, sentence)
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is no text.
    pub(crate) fn open(
        path: &str,
        kind: Option<TableKind>,
        separator: Option<char>,
        encoding: Option<&str>,
    ) -> Result<Self, Failure> {
        let unreadable = |error: std::io::Error| {
            let sentence = format!("{path} cannot be read ({error}). Nothing was changed.");
            Failure::new("file-unreadable", sentence)
        };
        let file = Path::new(path);
        if std::fs::metadata(file).map_err(unreadable)?.len() > LARGEST {
            let sentence = "The file is larger than 512 MB. Nothing was changed; divide it.";
            return Err(refuse("file-too-large", sentence));
        }
        let bytes = std::fs::read(file).map_err(unreadable)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let (text, encoding) = decode(bytes, encoding)?;
        if text.trim().is_empty() {
            let sentence = "The file is empty. Nothing was changed.";
            return Err(refuse("file-empty", sentence));
        }
        let rows = if is_vcard(&text) {
            Rows::Cards(Cards::read(text))
        } else {
            Rows::Table(Table::read(text, kind, separator)?)
        };
        Ok(Self { name: name.unwrap_or_else(|| path.into()), encoding, rows })
    }

    /// The columns' headings.
    pub(crate) fn headers(&self) -> &[String] {
        match &self.rows {
            Rows::Table(table) => &table.headers,
            Rows::Cards(cards) => &cards.headers,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        match &self.rows {
            Rows::Table(table) => table.len(),
            Rows::Cards(cards) => cards.len(),
        }
    }

    /// A row, with its cells as the user mended them.
    pub(crate) fn row(&self, index: usize, mended: &[MendedCell]) -> Row {
        let mut row = match &self.rows {
            Rows::Table(table) => table.row(index),
            Rows::Cards(cards) => cards.row(index),
        };
        for cell in mended.iter().filter(|cell| cell.line == row.line) {
            if cell.column < self.headers().len() {
                if row.cells.len() <= cell.column {
                    row.cells.resize(cell.column + 1, String::new());
                }
                row.cells[cell.column].clone_from(&cell.text);
            }
        }
        row
    }

    /// `csv` or `vcard`.
    pub(crate) fn format(&self) -> &'static str {
        match self.rows {
            Rows::Table(_) => "csv",
            Rows::Cards(_) => "vcard",
        }
    }

    /// What separates cells.
    pub(crate) fn separator(&self) -> Option<char> {
        match &self.rows {
            Rows::Table(table) => Some(table.separator),
            Rows::Cards(_) => None,
        }
    }
}

fn is_vcard(text: &str) -> bool {
    let text = text.trim_start();
    text.get(..11).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// The text, and the name of the encoding that it was in.
fn decode(bytes: Vec<u8>, wanted: Option<&str>) -> Result<(String, &'static str), Failure> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(refuse(
            "file-workbook",
            "This is a workbook. Nothing was changed; save it in your spreadsheet as CSV and import that.",
        ));
    }
    let no_text = || {
        refuse(
            "file-no-text",
            "This is neither a CSV file nor a vCard file: it holds no text. Nothing was changed.",
        )
    };
    let (text, name) = if let Some(label) = wanted.filter(|label| !label.is_empty()) {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let sentence = format!("{label} is no encoding that Kontor knows, like windows-1252.");
            Failure::new("encoding-unknown", sentence)
        })?;
        let (text, used, wrong) = encoding.decode(&bytes);
        if wrong {
            let sentence = format!("The file is not in {label}. Nothing was changed.");
            return Err(Failure::new("encoding-wrong", sentence));
        }
        (text.into_owned(), used.name())
    } else if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        let (text, wrong) = encoding.decode_with_bom_removal(&bytes);
        if wrong {
            return Err(no_text());
        }
        (text.into_owned(), encoding.name())
    } else {
        match String::from_utf8(bytes) {
            Ok(text) => (text, encoding_rs::UTF_8.name()),
            Err(error) => {
                let encoding = encoding_rs::WINDOWS_1252;
                let (text, _) = encoding.decode_without_bom_handling(error.as_bytes());
                (text.into_owned(), encoding.name())
            }
        }
    };
    let odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{1a}');
    let odds = text.chars().take(100_000).filter(odd).count();
    if text.contains('\0') || odds * 50 > text.chars().take(100_000).count() {
        return Err(no_text());
    }
    Ok((text, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found_out() {
        let text = "Name;Ort\nMüller;Köln € “x”\n";
        let utf16: Vec<u8> = [0xfeff_u16]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let utf16be: Vec<u8> = [0xfeff_u16]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8"),
            (encoding_rs::WINDOWS_1252.encode(text).0.into_owned(), "windows-1252"),
            (utf16, "UTF-16LE"),
            (utf16be, "UTF-16BE"),
        ] {
            assert_eq!(decode(bytes, None).unwrap(), (text.to_owned(), name));
        }
        let bytes = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        assert_eq!(decode(bytes.clone(), Some("latin1")).unwrap().0, text);
        assert_eq!(decode(bytes.clone(), Some("utf-8")).unwrap_err().code, "encoding-wrong");
        assert_eq!(decode(bytes, Some("klingon")).unwrap_err().code, "encoding-unknown");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, code) in [
            (b"PK\x03\x04rest".to_vec(), "file-workbook"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "file-no-text"),
            ((0..=255).collect(), "file-no-text"),
        ] {
            assert_eq!(decode(bytes, None).unwrap_err().code, code);
        }
    }
}
