//! The rows that failed, as a file that can be mended and imported again.

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use commands::Failure;
use domain::{
    Language, Refusal,
    exchange::{guard, unguard},
};
use tempfile::NamedTempFile;

use super::{
    source::{Row, Rows, Source},
    words::{is_reason, reason_heading, sentence},
};

/// The line of a card that says why it failed.
const REASON: &str = "X-KONTOR-ERROR:";

/// Where failed rows go. The file is made with the first of them.
pub(crate) struct FailedRows {
    path: PathBuf,
    /// Whether the user said where: only then an older file is replaced.
    is_chosen: bool,
    language: Language,
    file: Option<NamedTempFile>,
    writer: Option<csv::Writer<BufWriter<std::fs::File>>>,
    cards: String,
}

impl FailedRows {
    /// To the chosen file, else beside the source.
    pub(crate) fn new(
        source: &str,
        chosen: Option<&str>,
        is_card: bool,
        language: Language,
    ) -> Self {
        let source = Path::new(source);
        let stem = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let end = if is_card { "vcf" } else { "csv" };
        let beside = source.with_file_name(format!("{stem}-failed.{end}"));
        Self {
            path: chosen.map_or(beside, PathBuf::from),
            is_chosen: chosen.is_some(),
            language,
            file: None,
            writer: None,
            cards: String::new(),
        }
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::new(
            "failed-rows-unwritten",
            format!(
                "Some rows cannot be imported, and {} for them cannot be written ({error}). Nothing was imported; choose another place for it.",
                self.path.display()
            ),
        )
    }

    /// Adds a row and what speaks against it.
    pub(crate) fn add(
        &mut self,
        source: &Source,
        row: &Row,
        refusals: &[Refusal],
    ) -> Result<(), Failure> {
        let reasons: Vec<String> =
            refusals.iter().map(|refusal| self.reason(source, refusal)).collect();
        match &source.rows {
            Rows::Cards(cards) => {
                let reason = reasons.join(" ").replace('\\', "\\\\").replace('\n', "\\n");
                let mut written = false;
                for line in cards.raw(row.index).lines() {
                    if line.starts_with(REASON) {
                        continue;
                    }
                    if line.trim().eq_ignore_ascii_case("END:VCARD") {
                        self.cards.push_str(&format!("{REASON}{reason}\r\n"));
                        written = true;
                    }
                    self.cards.push_str(line);
                    self.cards.push_str("\r\n");
                }
                if !written {
                    self.cards.push_str(&format!("{REASON}{reason}\r\nEND:VCARD\r\n"));
                }
                Ok(())
            }
            Rows::Table(table) => self
                .add_row(&table.headers, table.separator, row, &reasons.join(" "))
                .map_err(|error| self.failed(&error)),
        }
    }

    /// `Column: sentence`.
    fn reason(&self, source: &Source, refusal: &Refusal) -> String {
        let text = sentence(refusal, self.language);
        let kind = match &source.rows {
            Rows::Cards(_) => None,
            Rows::Table(_) => refusal.field.as_deref(),
        };
        let title = kind.and_then(|name| {
            let kinds = domain::exchange::TableKind::ALL.iter();
            kinds.filter_map(|kind| domain::exchange::field(*kind, name)).next()
        });
        title.map_or(text.clone(), |field| format!("{}: {text}", field.title(self.language)))
    }

    fn add_row(
        &mut self,
        headers: &[String],
        separator: char,
        row: &Row,
        reason: &str,
    ) -> Result<(), Box<dyn std::error::Error>> {
        // A reason from the last time goes.
        let kept: Vec<usize> = (0..headers.len()).filter(|at| !is_reason(&headers[*at])).collect();
        if self.writer.is_none() {
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            let mut handle = BufWriter::new(file.reopen()?);
            // Spreadsheets know UTF-8 by this mark.
            handle.write_all("\u{feff}".as_bytes())?;
            let mut writer = csv::WriterBuilder::new()
                .delimiter(u8::try_from(separator).unwrap_or(b';'))
                .terminator(csv::Terminator::CRLF)
                .flexible(true)
                .from_writer(handle);
            let heading = std::iter::once(reason_heading(self.language));
            writer.write_record(kept.iter().map(|at| headers[*at].as_str()).chain(heading))?;
            (self.file, self.writer) = (Some(file), Some(writer));
        }
        if let Some(writer) = &mut self.writer {
            let cell = |at: &usize| row.cells.get(*at).map_or("", String::as_str);
            let mut cells: Vec<String> =
                kept.iter().map(|at| guard(unguard(cell(at))).into_owned()).collect();
            cells.push(guard(reason).into_owned());
            // What has no heading stands behind the reason: nothing of the row is lost.
            cells.extend(row.cells.iter().skip(headers.len()).cloned());
            writer.write_record(&cells)?;
        }
        Ok(())
    }

    /// Puts the file in its place, if there were failed rows; says where that is.
    pub(crate) fn finish(mut self) -> Result<Option<String>, Failure> {
        self.write().map_err(|error| self.failed(&error))
    }

    fn write(&mut self) -> Result<Option<String>, Box<dyn std::error::Error>> {
        let file = match (self.writer.take(), self.file.take()) {
            (Some(mut writer), Some(file)) => {
                writer.flush()?;
                file
            }
            _ if !self.cards.is_empty() => {
                let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
                file.write_all(self.cards.as_bytes())?;
                file
            }
            _ => return Ok(None),
        };
        file.as_file().sync_all()?;
        if self.is_chosen {
            file.persist(&self.path)?;
        } else {
            // Failed rows of an earlier import may be half mended: they stay.
            let (stem, end) = (
                self.path.with_extension(""),
                self.path.extension().unwrap_or_default().to_owned(),
            );
            let mut file = Some(file);
            for count in 1..1_000 {
                let path = match count {
                    1 => self.path.clone(),
                    count => PathBuf::from(format!("{}-{count}.{}", stem.display(), end.display())),
                };
                let Some(next) = file.take() else { break };
                match next.persist_noclobber(&path) {
                    Ok(_) => {
                        self.path = path;
                        break;
                    }
                    Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                        file = Some(error.file);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(Some(self.path.display().to_string()))
    }
}
