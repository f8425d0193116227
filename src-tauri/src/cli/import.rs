use clap::{Args, ValueEnum};
use commands::{
    ColumnChoice, DuplicatePolicy, Failure, ImportOrder, ImportReport, ImportRow, RowOutcome,
};
use domain::exchange::TableKind;

use super::{Caller, workspace::progress_bar};

/// `kontor import FILE`.
#[derive(Args)]
pub(super) struct Import {
    /// A CSV file of customers or articles, or a vCard file of contacts.
    file: String,
    /// What it holds; found out by its headings when not said.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Which column is which field, where headings do not say it: `Header=field,Header=field`;
    /// `#3` is the third column; `Header=` leaves a column out.
    #[arg(long, value_name = "HEADER=FIELD,…")]
    map: Vec<String>,
    /// What becomes of rows whose record is there already.
    #[arg(long, value_enum, default_value_t = Duplicates::Skip)]
    duplicates: Duplicates,
    /// What separates cells: `;`, `,` or `tab`; found out when not said.
    #[arg(long)]
    separator: Option<String>,
    /// The file's encoding, as windows-1252; found out when not said.
    #[arg(long)]
    encoding: Option<String>,
    /// Only show what would happen.
    #[arg(long)]
    dry_run: bool,
    /// Where rows go that cannot be imported; `NAME-failed.csv` beside the file when not said.
    #[arg(long, value_name = "FILE")]
    failed: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Customers,
    Articles,
    Contacts,
}

#[derive(Clone, Copy, ValueEnum)]
enum Duplicates {
    /// Leave them out, and say so.
    Skip,
    /// Put what the row holds into the record that is there.
    Update,
    /// Make another record.
    Create,
}

/// Rows with which something is the matter that are printed at most.
const SHOWN: usize = 40;

impl Import {
    pub(super) fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let order = self.order()?;
        caller.open()?;
        let stop = store::Stop::new(false);
        let report = if self.dry_run {
            caller.app.plan_import(&order, &stop, &mut progress_bar("Reading"))?
        } else {
            caller.app.run_import(&order, &stop, &mut progress_bar("Import"))?
        };
        caller.print(&report, || self.words(&report));
        Ok(())
    }

    fn order(&self) -> Result<ImportOrder, Failure> {
        let mut columns = Vec::new();
        for pair in self.map.iter().flat_map(|map| map.split(',')) {
            // A heading may have a = in it, a field has none.
            let (column, field) = pair.rsplit_once('=').ok_or_else(|| {
                let sentence = format!("--map wants Header=field, and “{pair}” has no =.");
                Failure::new("map-invalid", sentence)
            })?;
            columns.push(ColumnChoice { column: column.trim().into(), field: field.trim().into() });
        }
        let separator = match self.separator.as_deref() {
            None => None,
            Some("tab" | "\\t" | "\t") => Some('\t'),
            Some(text) if text.len() == 1 => text.chars().next(),
            Some(text) => {
                let sentence = format!("“{text}” cannot separate cells. Use ; or , or tab.");
                return Err(Failure::new("separator-invalid", sentence));
            }
        };
        Ok(ImportOrder {
            path: self.file.clone(),
            kind: self.kind.map(|kind| match kind {
                Kind::Customers => TableKind::Customer,
                Kind::Articles => TableKind::Article,
                Kind::Contacts => TableKind::Contact,
            }),
            columns,
            duplicates: match self.duplicates {
                Duplicates::Skip => DuplicatePolicy::Skip,
                Duplicates::Update => DuplicatePolicy::Update,
                Duplicates::Create => DuplicatePolicy::Create,
            },
            separator,
            encoding: self.encoding.clone(),
            mended: Vec::new(),
            failed: self.failed.clone(),
        })
    }

    fn words(&self, report: &ImportReport) -> String {
        let mut lines = vec![format!(
            "{}: {} {} ({}{})",
            report.file,
            report.counts.rows,
            if report.format == "vcard" { "cards" } else { "rows" },
            report.encoding,
            match report.separator {
                Some('\t') => ", separated by tabs".into(),
                Some(separator) => format!(", separated by {separator}"),
                None => String::new(),
            }
        )];
        if report.format == "csv" {
            for column in &report.columns {
                let field = column.field.as_deref().unwrap_or("(left out)");
                lines.push(format!("  {:30} {field}", column.header));
            }
        }
        if !report.missing.is_empty() {
            lines.push(format!(
                "No column is read as {}: nothing can be imported. Say which it is with --map.",
                report.missing.join(" or ")
            ));
            return lines.join("\n");
        }
        if report.counts.rows == 0 {
            lines.push("There are no rows below the headings; nothing was changed.".into());
            return lines.join("\n");
        }
        let troubled = report
            .rows
            .iter()
            .filter(|row| matches!(row.outcome, RowOutcome::Failed | RowOutcome::Duplicate));
        let troubled: Vec<&ImportRow> = troubled.collect();
        for row in troubled.iter().take(SHOWN) {
            lines.extend(said(row, report));
        }
        let counts = &report.counts;
        let left =
            (counts.failed + counts.duplicates).saturating_sub(SHOWN.min(troubled.len()) as u64);
        if left > 0 {
            lines.push(format!("… and {left} more like these."));
        }
        for hint in &report.hints {
            let what = match hint.code.as_str() {
                "owner-unknown" => {
                    "nobody here is called or abbreviated so; the customer has no owner"
                }
                "parent-unknown" => "there is no such parent company; it was left out",
                "customer-new" => "a new customer for these contacts",
                "unit-new" => "a new unit",
                other => other,
            };
            lines.push(format!("“{}” in {} rows: {what}.", hint.about, hint.rows));
        }
        lines.push(format!(
            "{}: {} new, {} updated, {} unchanged, {} there already and left out, {} failed.",
            if self.dry_run { "Would be imported" } else { "Imported" },
            counts.created,
            counts.updated,
            counts.unchanged,
            counts.duplicates,
            counts.failed
        ));
        if let Some(file) = &report.failed_file {
            lines.push(format!("The failed rows are in {file}; mend them and import that file."));
        }
        if !self.dry_run && counts.created + counts.updated > 0 {
            lines.push("`kontor undo` takes all of it back.".into());
        }
        lines.join("\n")
    }
}

fn said(row: &ImportRow, report: &ImportReport) -> Vec<String> {
    if let Some(duplicate) = &row.duplicate {
        let same = match duplicate.line {
            Some(line) => format!("the same as line {line} of the file"),
            None => format!("there already as {}", duplicate.name),
        };
        return vec![format!("line {}: {same} (same {})", row.line, duplicate.field)];
    }
    let of_refusal = |refusal: &domain::Refusal| {
        let field = refusal.field.as_deref();
        let column = field.and_then(|field| {
            report.columns.iter().position(|column| column.field.as_deref() == Some(field))
        });
        let place = match (column, field) {
            (Some(at), _) => {
                let cell = row.cells.get(at).map_or("", String::as_str);
                format!(", {} “{cell}”", report.columns[at].header)
            }
            (None, Some(field)) => format!(", {field}"),
            (None, None) => String::new(),
        };
        format!("line {}{place}: {}", row.line, refusal.sentence)
    };
    row.refusals.iter().map(of_refusal).collect()
}
