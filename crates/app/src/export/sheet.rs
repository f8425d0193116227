//! A table being written: CSV or a workbook. It takes its place only when it is whole.

use std::{
    fmt::Display,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use commands::Failure;
use domain::{Day, exchange::guard};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::NamedTempFile;

/// A sheet of a workbook has no more rows.
const MOST_ROWS: u32 = 1_048_576;

/// What stands in a cell.
pub(crate) enum Cell {
    Text(String),
    /// A whole number of 1/10^scale.
    Figure(i64, u32),
    Day(Day),
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }
}

/// A new file beside its place.
pub(crate) struct Target {
    path: PathBuf,
    file: NamedTempFile,
}

impl Target {
    pub(crate) fn new(path: &str) -> Result<Self, Failure> {
        let path = PathBuf::from(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        match file {
            Ok(file) => Ok(Self { path, file }),
            Err(error) => Err(unwritten(&path, &error)),
        }
    }

    pub(crate) fn writer(&self) -> Result<BufWriter<std::fs::File>, Failure> {
        Ok(BufWriter::new(self.file.reopen().map_err(|error| self.failed(&error))?))
    }

    pub(crate) fn failed(&self, error: &dyn Display) -> Failure {
        unwritten(&self.path, error)
    }

    /// Puts it in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let path = self.path;
        self.file.as_file().sync_all().map_err(|error| unwritten(&path, &error))?;
        self.file.persist(&path).map_err(|error| unwritten(&path, &error))?;
        Ok(())
    }
}

fn unwritten(path: &Path, error: &dyn Display) -> Failure {
    let path = path.display();
    Failure::new(
        "export-unwritten",
        format!(
            "{path} cannot be written ({error}). A file that was there is as it was; choose another place."
        ),
    )
}

/// A table being written.
pub(crate) struct Sheet {
    target: Target,
    form: Form,
}

enum Form {
    Csv(Box<csv::Writer<BufWriter<std::fs::File>>>),
    Xlsx { book: Box<Workbook>, row: u32, formats: Box<Formats> },
}

struct Formats {
    figures: [Format; 5],
    day: Format,
}

impl Sheet {
    pub(crate) fn csv(path: &str, headings: &[&str]) -> Result<Self, Failure> {
        let target = Target::new(path)?;
        let mut file = target.writer()?;
        // Spreadsheets know UTF-8 by this mark.
        file.write_all("\u{feff}".as_bytes()).map_err(|error| target.failed(&error))?;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(file);
        writer.write_record(headings).map_err(|error| target.failed(&error))?;
        Ok(Self { target, form: Form::Csv(Box::new(writer)) })
    }

    pub(crate) fn xlsx(path: &str, headings: &[&str]) -> Result<Self, Failure> {
        let target = Target::new(path)?;
        let mut book = Box::new(Workbook::new());
        let begin = |book: &mut Workbook| {
            let bold = Format::new().set_bold();
            let sheet = book.add_worksheet_with_constant_memory()?;
            sheet.set_freeze_panes(1, 0)?;
            for (column, heading) in (0..).zip(headings) {
                sheet.set_column_width(column, 18)?;
                sheet.write_string_with_format(0, column, *heading, &bold)?;
            }
            Ok::<_, rust_xlsxwriter::XlsxError>(())
        };
        begin(&mut book).map_err(|error| target.failed(&error))?;
        let figures = ["0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.00##"];
        let formats = Box::new(Formats {
            figures: figures.map(|form| Format::new().set_num_format(form)),
            day: Format::new().set_num_format("dd.mm.yyyy"),
        });
        Ok(Self { target, form: Form::Xlsx { book, row: 0, formats } })
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<(), Failure> {
        let written: Result<(), Box<dyn std::error::Error>> = match &mut self.form {
            Form::Csv(writer) => writer.write_record(cells.iter().map(plain)).map_err(Into::into),
            Form::Xlsx { book, row, formats } => {
                *row += 1;
                if *row >= MOST_ROWS {
                    let sentence = "A workbook holds 1,048,575 rows and these are more. Nothing was written; export as CSV.";
                    return Err(Failure::new("export-too-long", sentence));
                }
                write_row(book, *row, cells, formats).map_err(Into::into)
            }
        };
        written.map_err(|error| self.target.failed(&error))
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self { target, form } = self;
        match form {
            Form::Csv(mut writer) => writer.flush().map_err(|error| target.failed(&error))?,
            Form::Xlsx { mut book, .. } => {
                let mut file = target.writer()?;
                book.save_to_writer(&mut file).map_err(|error| target.failed(&error))?;
                file.flush().map_err(|error| target.failed(&error))?;
            }
        }
        target.finish()
    }
}

fn write_row(
    book: &mut Workbook,
    row: u32,
    cells: &[Cell],
    formats: &Formats,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    let sheet = book.worksheet_from_index(0)?;
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Empty => {}
            // A cell of a workbook holds at most 32,767 characters.
            Cell::Text(text) => {
                let text: String = text.chars().take(32_767).collect();
                sheet.write_string(row, column, text)?;
            }
            Cell::Figure(figure, scale) => {
                // A workbook has nothing but floating point; nobody computes with it here.
                let number = *figure as f64 / 10_f64.powi(i32::try_from(*scale).unwrap_or(0));
                let format = &formats.figures[(*scale as usize).min(4)];
                sheet.write_number_with_format(row, column, number, format)?;
            }
            Cell::Day(day) => {
                use chrono::Datelike;
                let date = ExcelDateTime::from_ymd(
                    u16::try_from(day.year()).unwrap_or(1900),
                    u8::try_from(day.month()).unwrap_or(1),
                    u8::try_from(day.day()).unwrap_or(1),
                )?;
                sheet.write_datetime_with_format(row, column, &date, &formats.day)?;
            }
        }
    }
    Ok(())
}

/// A cell's text in a CSV file: decimal commas, German days, no formulas.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guard(text).into_owned(),
        Cell::Day(day) => day.format("%d.%m.%Y").to_string(),
        Cell::Figure(figure, scale) => figure_text(*figure, *scale),
    }
}

/// With a comma and no thousands signs. Never three decimals: `1,234` could mean two things.
fn figure_text(figure: i64, scale: u32) -> String {
    let width = scale as usize;
    let digits = format!("{:0>width$}", figure.unsigned_abs(), width = width + 1);
    let (whole, fraction) = digits.split_at(digits.len() - width);
    let sign = if figure < 0 { "-" } else { "" };
    let kept = match fraction.trim_end_matches('0').len() {
        0 if scale == 4 => 2,
        1 if scale >= 2 => 2,
        3 if scale >= 4 => 4,
        kept => kept,
    };
    if kept == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole},{}", &fraction[..kept])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_a_comma_and_can_be_read_again() {
        for (figure, scale, text) in [
            (1_005_500, 4, "100,55"),
            (320_000_000, 4, "32000,00"),
            (349, 4, "0,0349"),
            (12_340, 4, "1,2340"),
            (-250, 2, "-2,50"),
            (500, 2, "5"),
            (7, 0, "7"),
        ] {
            assert_eq!(figure_text(figure, scale), text);
            let style = domain::exchange::Style::German;
            assert_eq!(style.read(text, scale), Ok(figure), "{text}");
        }
    }
}
