//! What goes in and out as files: the orders and what is answered to them.

use domain::{Id, Language, Refusal, exchange::TableKind};
use serde::{Deserialize, Serialize};

use crate::view::{
    ArticleFilter, ArticleSort, ContactFilter, ContactSort, CustomerFilter, CustomerSort, Order,
    QuoteFilter, QuoteSort,
};

/// What becomes of a row whose record is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicatePolicy {
    /// It is left out, and said so.
    #[default]
    Skip,
    /// What its cells hold is put into the record; empty cells change nothing.
    Update,
    /// It becomes another record.
    Create,
}

/// Which file to read, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOrder {
    /// The file.
    pub path: String,
    /// What it holds; found out when none.
    pub kind: Option<TableKind>,
    /// Fields of columns that are not to be found out by their headings.
    pub columns: Vec<ColumnChoice>,
    /// What becomes of rows whose record is there already.
    pub duplicates: DuplicatePolicy,
    /// `;`, `,` or a tab; found out when none.
    pub separator: Option<char>,
    /// Its name, as `windows-1252`; found out when none.
    pub encoding: Option<String>,
    /// Cells as the user mended them.
    pub mended: Vec<MendedCell>,
    /// Where failed rows go; beside the file when none.
    pub failed: Option<String>,
}

/// A column and the field that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnChoice {
    /// The column's heading, or `#3` for the third.
    pub column: String,
    /// The field's name; empty to leave the column out.
    pub field: String,
}

/// A cell whose text the user changed before the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MendedCell {
    /// The row's line in the file.
    pub line: u64,
    /// The column, from 0.
    pub column: usize,
    /// Its text now.
    pub text: String,
}

/// What an import would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// The file's name.
    pub file: String,
    /// What it holds.
    pub kind: TableKind,
    /// `csv` or `vcard`.
    pub format: String,
    /// The name of its encoding.
    pub encoding: String,
    /// What separates cells; none for vCards.
    pub separator: Option<char>,
    /// The convention of its figures: none where it shows both.
    pub figures: Option<Language>,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// Fields that a column must be chosen for first; nothing can be imported before.
    pub missing: Vec<String>,
    /// How many rows became what.
    pub counts: ImportCounts,
    /// The first rows, and then those with which something is the matter, up to a limit.
    pub rows: Vec<ImportRow>,
    /// What else the user should know, each with how many rows it concerns.
    pub hints: Vec<ImportHint>,
    /// Where the failed rows are, after an import with such.
    pub failed_file: Option<String>,
}

/// A column of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// Its heading.
    pub header: String,
    /// The field that it is read as; none when it is left out.
    pub field: Option<String>,
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// All rows.
    pub rows: u64,
    /// New records.
    pub created: u64,
    /// Records that were changed.
    pub updated: u64,
    /// Records that hold the same already.
    pub unchanged: u64,
    /// Left out: the record is there already.
    pub duplicates: u64,
    /// Rows that could not be read.
    pub failed: u64,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// A new record.
    #[default]
    Created,
    /// A record is changed.
    Updated,
    /// The record holds the same already.
    Unchanged,
    /// Left out: the record is there already.
    Duplicate,
    /// It cannot be read.
    Failed,
}

/// A row as it was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// What becomes of it.
    pub outcome: RowOutcome,
    /// What speaks against it, each at its field.
    pub refusals: Vec<Refusal>,
    /// Which record is there already.
    pub duplicate: Option<ImportDuplicate>,
}

/// The record or row that a row is a duplicate of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDuplicate {
    /// By which field: `number`, `vat_id`, `name`, `email`.
    pub field: String,
    /// The record, if it was there before.
    pub id: Option<Id>,
    /// The earlier row's line, if it is in the same file.
    pub line: Option<u64>,
    /// The record's name.
    pub name: String,
}

/// Something that the user should know about several rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportHint {
    /// `owner-unknown`, `customer-new` …
    pub code: String,
    /// What it is about: a name.
    pub about: String,
    /// How many rows.
    pub rows: u64,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Semicolons, decimal commas, UTF-8 with a mark: as spreadsheets in Germany open it.
    #[default]
    Csv,
    /// A workbook.
    Xlsx,
    /// vCard 4; contacts only.
    Vcf,
}

/// Which list to write, filtered and sorted as it is seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "list", rename_all = "snake_case")]
pub enum ExportList {
    /// Customers.
    Customers {
        /// Which.
        filter: CustomerFilter,
        /// By what.
        sort: CustomerSort,
        /// Up or down.
        order: Order,
    },
    /// Contacts.
    Contacts {
        /// Which.
        filter: ContactFilter,
        /// By what.
        sort: ContactSort,
        /// Up or down.
        order: Order,
    },
    /// Articles.
    Articles {
        /// Which.
        filter: ArticleFilter,
        /// By what.
        sort: ArticleSort,
        /// Up or down.
        order: Order,
    },
    /// Quotes.
    Quotes {
        /// Which.
        filter: QuoteFilter,
        /// By what.
        sort: QuoteSort,
        /// Up or down.
        order: Order,
    },
}

/// What to write where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportOrder {
    /// Which records.
    pub list: ExportList,
    /// The file; one that is there is replaced when the new one is whole.
    pub path: String,
    /// How.
    pub format: ExportFormat,
}
