//! Text with separators: which separator, where rows begin, quotes.

use commands::Failure;
use csv::{ByteRecord, Reader, ReaderBuilder};
use domain::{
    Refusal,
    exchange::{TableKind, field_of_header},
};

use super::source::Row;

/// What may separate cells; the likeliest first.
const SEPARATORS: [char; 4] = [';', '\t', ',', '|'];
/// So many rows tell the separator.
const TELLING: usize = 40;

/// A table in a text. Rows are read again from the text when they are wanted.
pub(crate) struct Table {
    text: String,
    pub(crate) separator: char,
    pub(crate) headers: Vec<String>,
    /// Where each row begins, and its line; the text's end is the last one.
    starts: Vec<(usize, u64)>,
}

fn reader(text: &str, separator: char) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b';'))
        .buffer_capacity(text.len().clamp(64, 64 * 1024))
        .from_reader(text.as_bytes())
}

/// The first rows' cells.
fn first_rows(text: &str, separator: char, most: usize) -> Vec<Vec<String>> {
    let records = reader(text, separator).into_byte_records().map_while(Result::ok);
    records.take(most).map(|record| cells(&record)).collect()
}

fn cells(record: &ByteRecord) -> Vec<String> {
    record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
}

/// The separator by which most headings are known, else by which most rows have as many cells
/// as the first.
fn find_separator(text: &str, kind: Option<TableKind>) -> char {
    let kinds = kind.map_or(TableKind::ALL.to_vec(), |kind| vec![kind]);
    let score = |separator: char| {
        let rows = first_rows(text, separator, TELLING);
        let header = rows.first().map_or(&[][..], Vec::as_slice);
        let known = |kind: &TableKind| {
            header.iter().filter(|cell| field_of_header(*kind, cell).is_some()).count()
        };
        let alike = rows.iter().filter(|row| row.len() == header.len()).count();
        let many = header.len() > 1;
        (kinds.iter().map(known).max(), if many { alike } else { 0 }, header.len())
    };
    // Of equals the first is taken.
    SEPARATORS.into_iter().rev().max_by_key(|separator| score(*separator)).unwrap_or(';')
}

impl Table {
    /// Finds the separator (if none is given), the headings and where rows begin.
    ///
    /// # Errors
    /// When there are no headings.
    pub(crate) fn read(
        text: String,
        kind: Option<TableKind>,
        separator: Option<char>,
    ) -> Result<Self, Failure> {
        // Spreadsheets say their separator in a first line `sep=;`.
        let told = text.strip_prefix("sep=").and_then(|rest| rest.chars().next());
        let begin = match told {
            Some(_) => text.find('\n').map_or(text.len(), |end| end + 1),
            None => 0,
        };
        let table = &text[begin..];
        let separator = separator
            .or(told.filter(|told| SEPARATORS.contains(told)))
            .unwrap_or_else(|| find_separator(table, kind));
        let mut reader = reader(table, separator);
        let mut record = ByteRecord::new();
        let (mut headers, mut starts) = (None, Vec::new());
        let (mut counted, mut line) = (0, 1);
        // Text in memory is always read.
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            let at = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(0));
            let blank =
                table[at..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let start = begin + at + blank;
            line += text.as_bytes()[counted..start].iter().filter(|byte| **byte == b'\n').count();
            counted = start;
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            if headers.is_none() {
                headers = Some(cells(&record).into_iter().map(|cell| cell.trim().to_owned()));
            } else {
                starts.push((start, line as u64));
            }
        }
        let Some(headers) = headers else {
            let sentence = "The file has no headings in its first line. Nothing was changed.";
            return Err(Failure::new("file-empty", sentence));
        };
        let headers = headers.collect();
        starts.push((text.len(), 0));
        Ok(Self { text, separator, headers, starts })
    }

    /// How many rows there are below the headings.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// A row's cells.
    pub(crate) fn row(&self, index: usize) -> Row {
        let ((start, line), (end, _)) = (self.starts[index], self.starts[index + 1]);
        let text = &self.text[start..end];
        let mut cells = first_rows(text, self.separator, 1).pop().unwrap_or_default();
        let is_last = index + 1 == self.len();
        let mut broken = None;
        // Only an unclosed quote takes all that follows into one row, so it can only be the last.
        if is_last && text.trim_end().contains('\n') && text.matches('"').count() % 2 == 1 {
            let sentence = "A quotation mark is opened in this row and never closed, so the rest of the file is one cell. Close it, or take it out.";
            broken = Some(Refusal::new("quote-open", sentence));
        } else if cells.iter().skip(self.headers.len()).any(|cell| !cell.trim().is_empty()) {
            let (have, want) = (cells.len(), self.headers.len());
            let sentence = format!(
                "The row has {have} cells, and there are {want} headings. A text with the separator in it needs quotation marks."
            );
            let refusal = Refusal::new("too-many-cells", sentence);
            broken = Some(refusal.with("have", have).with("want", want));
        } else {
            cells.truncate(self.headers.len());
        }
        Row { index, line, cells, broken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Table {
        Table::read(text.into(), None, None).unwrap()
    }

    #[test]
    fn separators_are_found_out() {
        for (text, separator) in [
            ("Firma;Ort\nMüller, Söhne;Köln\n", ';'),
            ("company,city\n\"Miller, Inc\",Rome\n", ','),
            ("Firma\tOrt\nA; B\tKöln, Rhein\n", '\t'),
            ("Firma\nMüller\n", ';'),
            ("x,y;z\n1,2;3\n4,5;6\n", ';'),
            ("sep=,\nFirma,Ort\nA,B\n", ','),
        ] {
            assert_eq!(read(text).separator, separator, "{text}");
        }
        assert_eq!(Table::read("a;b,c\n".into(), None, Some(',')).unwrap().headers, ["a;b", "c"]);
    }

    #[test]
    fn quotes_lines_and_blank_rows() {
        let table = read(
            "Firma;Notizen\r\n\"A \"\"B\"\" GmbH\";\"eins\r\nzwei; drei\"\r\n\r\n;;\r\nRohr 1/2\";x\r\nC;\r\n",
        );
        assert_eq!(table.len(), 3);
        let row = table.row(0);
        assert_eq!(
            (row.line, row.cells.as_slice()),
            (2, &["A \"B\" GmbH".to_owned(), "eins\r\nzwei; drei".into()][..])
        );
        assert_eq!((table.row(1).line, &*table.row(1).cells[0]), (6, "Rohr 1/2\""));
        assert_eq!((table.row(2).line, &*table.row(2).cells[0]), (7, "C"));
        assert!(table.row(2).broken.is_none());
    }

    #[test]
    fn rows_that_are_none_say_why() {
        let table = read("Firma;Ort\nA;B;C\nD\n\"E;F\nG;H\n");
        let code = |index: usize| table.row(index).broken.map(|refusal| refusal.code);
        assert_eq!(code(0).as_deref(), Some("too-many-cells"));
        assert_eq!(code(1), None);
        assert_eq!(code(2).as_deref(), Some("quote-open"));
    }

    #[test]
    fn headings_alone_are_no_rows() {
        assert_eq!(read("Firma;Ort\n").len(), 0);
        assert_eq!(Table::read(" \n;;\n".into(), None, None).err().unwrap().code, "file-empty");
    }
}
