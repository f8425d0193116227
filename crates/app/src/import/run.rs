//! From the first row to the last.

use commands::{
    DuplicatePolicy, Failure, ImportCounts, ImportDuplicate, ImportOrder, ImportReport, ImportRow,
    MendedCell, RowOutcome,
};
use domain::{
    Article, Changeset, Contact, Context, Customer, Id, Language, Refusal,
    exchange::{Figures, Style, TableKind, field},
};
use store::{Stop, StoreError, Tx};

use super::{
    article::Articles,
    cells::{Cells, Mapping},
    contact::Contacts,
    customer::Customers,
    desk::{Decided, Desk},
    failed::FailedRows,
    source::{Row, Rows, Source},
};

/// The first rows, whatever becomes of them, are shown …
const FIRST: usize = 50;
/// … and so many of those with which something is the matter.
const TROUBLED: usize = 500;

/// A file whose columns are known.
pub(crate) struct Ready {
    source: Source,
    mapping: Mapping,
    style: Style,
    mended: Vec<MendedCell>,
    policy: DuplicatePolicy,
    /// The numbers that the file's rows bring.
    offered: Vec<Box<str>>,
}

/// How it is run.
pub(crate) struct Job<'a> {
    pub(crate) order: &'a ImportOrder,
    pub(crate) user_id: Id,
    pub(crate) stop: &'a Stop,
    pub(crate) progress: &'a mut dyn FnMut(u64, u64),
    /// The language of the failed rows' reasons; none when nothing is to be written.
    pub(crate) writes: Option<Language>,
}

fn check_stop(stop: &Stop) -> Result<(), Failure> {
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(StoreError::Stopped.into());
    }
    Ok(())
}

/// Reads the file and finds out what its columns are and how its figures are written.
///
/// # Errors
/// When it cannot be read, or a chosen column is not there.
pub(crate) fn prepare(order: &ImportOrder, stop: &Stop) -> Result<Ready, Failure> {
    let source = Source::open(&order.path, order.kind, order.separator, order.encoding.as_deref())?;
    let kind = match source.rows {
        Rows::Cards(_) => TableKind::Contact,
        Rows::Table(_) => order.kind.unwrap_or_else(|| Mapping::likeliest(source.headers())),
    };
    let mapping = Mapping::new(kind, source.headers(), &order.columns)?;
    let mut ready = Ready {
        source,
        mapping,
        style: Style::default(),
        mended: order.mended.clone(),
        policy: order.duplicates,
        offered: Vec::new(),
    };
    let is_figure = |name: &&str| field(kind, name).is_some_and(domain::exchange::Field::is_figure);
    let columns = ready.mapping.columns.iter().enumerate();
    let figure_columns: Vec<usize> = columns
        .filter(|(_, name)| name.as_ref().is_some_and(is_figure))
        .map(|(at, _)| at)
        .collect();
    let number = ready.mapping.column("number").filter(|_| kind == TableKind::Customer);
    let mut figures = Figures::default();
    if number.is_some() || !figure_columns.is_empty() {
        for index in 0..ready.source.len() {
            if index % 256 == 0 {
                check_stop(stop)?;
            }
            let row = ready.row(index);
            let cells = figure_columns.iter().filter_map(|column| row.cells.get(*column));
            cells.for_each(|cell| figures.look(cell));
            let number = number.and_then(|column| row.cells.get(column));
            ready.offered.extend(number.map(|number| number.trim().into()));
        }
    }
    ready.style = figures.style();
    Ok(ready)
}

/// Makes records of rows, of whichever kind.
enum Maker {
    Customers(Box<Customers>),
    Articles(Box<Articles>),
    Contacts(Box<Contacts>),
}

impl Ready {
    fn row(&self, index: usize) -> Row {
        self.source.row(index, &self.mended)
    }

    /// Fields without which no row can become a record.
    pub(crate) fn missing(&self) -> Vec<String> {
        let updates = self.policy == DuplicatePolicy::Update;
        let has = |name: &str| self.mapping.has(name);
        let missing: &[&str] = match self.mapping.kind {
            TableKind::Customer if has("name") => &[],
            // What is there already needs no name to be found by its number.
            TableKind::Customer if updates && (has("number") || has("vat_id")) => &[],
            TableKind::Customer => &["name"],
            TableKind::Article => match (has("number"), has("name") || updates) {
                (true, true) => &[],
                (false, true) => &["number"],
                (true, false) => &["name"],
                (false, false) => &["number", "name"],
            },
            TableKind::Contact => {
                match (
                    has("last_name") || has("full_name"),
                    has("company") || has("customer_number"),
                ) {
                    (true, true) => &[],
                    (false, true) => &["last_name"],
                    (true, false) => &["company"],
                    (false, false) => &["last_name", "company"],
                }
            }
        };
        missing.iter().map(|name| (*name).to_owned()).collect()
    }

    /// # Errors
    /// When fields are missing without which no row can become a record.
    pub(crate) fn check_columns(&self) -> Result<(), Failure> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let title = |name: &String| field(self.mapping.kind, name).map_or("", |field| field.de);
        let wanted: Vec<&str> = missing.iter().map(title).collect();
        Err(Failure::new(
            "columns-missing",
            format!(
                "The file has no column for {}. Its columns are: {}. Nothing was imported; say which column it is, as --map \"Header={}\".",
                wanted.join(" and "),
                self.source.headers().join(", "),
                missing[0],
            ),
        ))
    }

    /// What is known before the first row.
    pub(crate) fn report(&self) -> ImportReport {
        let mut report = ImportReport {
            file: self.source.name.clone(),
            kind: self.mapping.kind,
            format: self.source.format().into(),
            encoding: self.source.encoding.into(),
            separator: self.source.separator(),
            figures: match self.style {
                Style::German => Some(Language::De),
                Style::English => Some(Language::En),
                Style::Mixed => None,
            },
            columns: self.mapping.shown(self.source.headers()),
            missing: self.missing(),
            ..ImportReport::default()
        };
        report.counts.rows = self.source.len() as u64;
        if !report.missing.is_empty() {
            let rows = (0..self.source.len().min(FIRST)).map(|index| self.row(index));
            let shown =
                |row: Row| ImportRow { line: row.line, cells: row.cells, ..ImportRow::default() };
            report.rows = rows.map(shown).collect();
        }
        report
    }

    /// Decides on every row, and writes what is good.
    ///
    /// # Errors
    /// When it was stopped, or something cannot be written.
    pub(crate) fn run(
        &self,
        tx: &mut Tx<'_>,
        context: &mut Context<'_>,
        job: Job<'_>,
    ) -> Result<ImportReport, Failure> {
        let mut report = self.report();
        let operation = format!("{}.import", self.mapping.kind);
        let changeset = Changeset::new(&operation, &*self.source.name, context);
        let policy = job.order.duplicates;
        let mut maker = match self.mapping.kind {
            TableKind::Customer => {
                let mut customers = Customers::new(tx, job.user_id, policy)?;
                customers.offered.extend(self.offered.iter().cloned());
                Maker::Customers(Box::new(customers))
            }
            TableKind::Article => Maker::Articles(Box::new(Articles::new(tx, policy)?)),
            TableKind::Contact => {
                Maker::Contacts(Box::new(Contacts::new(tx, job.user_id, policy)?))
            }
        };
        let chosen = job.order.failed.as_deref();
        let is_card = matches!(self.source.rows, Rows::Cards(_));
        let mut failed =
            job.writes.map(|language| FailedRows::new(&job.order.path, chosen, is_card, language));
        let mut desk = Desk::new(tx, context, changeset, job.writes.is_some());
        let total = self.source.len();
        let mut troubled = 0;
        for index in 0..total {
            if index % 64 == 0 {
                check_stop(job.stop)?;
                (job.progress)(index as u64, total as u64);
            }
            let row = self.row(index);
            let decided = self.decide(&mut maker, &row, &mut desk)?;
            desk.breathe()?;
            count(&mut report.counts, &decided);
            if let (Decided::Failed(refusals), Some(failed)) = (&decided, &mut failed) {
                failed.add(&self.source, &row, refusals)?;
            }
            let is_troubled = matches!(decided, Decided::Failed(_) | Decided::Duplicate(_));
            troubled += usize::from(is_troubled);
            if index < FIRST || (is_troubled && troubled <= TROUBLED) {
                let shown = self.shown(row, decided, &desk)?;
                report.rows.push(shown);
            }
        }
        check_stop(job.stop)?;
        if job.writes.is_some() {
            desk.flush()?;
        }
        report.hints = desk.hints();
        if let Some(failed) = failed {
            report.failed_file = failed.finish()?;
        }
        (job.progress)(total as u64, total as u64);
        Ok(report)
    }

    fn decide(
        &self,
        maker: &mut Maker,
        row: &Row,
        desk: &mut Desk<'_, '_, '_>,
    ) -> Result<Decided, Failure> {
        let mut cells = Cells::new(&self.mapping, row, self.style);
        let mut earlier = |index: usize, look: &mut dyn FnMut(&mut Cells<'_>)| {
            let row = self.row(index);
            look(&mut Cells::new(&self.mapping, &row, self.style));
        };
        match maker {
            Maker::Customers(maker) => maker.decide(&mut cells, row.index, desk, &mut earlier),
            Maker::Articles(maker) => maker.decide(&mut cells, row.index, desk, &mut earlier),
            Maker::Contacts(maker) => maker.decide(&mut cells, row.index, desk, &mut earlier),
        }
    }

    fn shown(
        &self,
        row: Row,
        decided: Decided,
        desk: &Desk<'_, '_, '_>,
    ) -> Result<ImportRow, Failure> {
        let (outcome, refusals, duplicate) = match decided {
            Decided::Created => (RowOutcome::Created, Vec::new(), None),
            Decided::Updated => (RowOutcome::Updated, Vec::new(), None),
            Decided::Unchanged => (RowOutcome::Unchanged, Vec::new(), None),
            Decided::Duplicate(of) => {
                (RowOutcome::Duplicate, Vec::new(), Some(self.named(of, desk)?))
            }
            Decided::Failed(refusals) => (RowOutcome::Failed, distinct(refusals), None),
        };
        Ok(ImportRow { line: row.line, cells: row.cells, outcome, refusals, duplicate })
    }

    /// With the record's name, or the earlier row's line.
    fn named(
        &self,
        mut duplicate: ImportDuplicate,
        desk: &Desk<'_, '_, '_>,
    ) -> Result<ImportDuplicate, Failure> {
        if let Some(index) = duplicate.line {
            duplicate.line = Some(self.row(usize::try_from(index).unwrap_or(0)).line);
        }
        if let Some(id) = duplicate.id {
            duplicate.name = match self.mapping.kind {
                TableKind::Customer => {
                    let customer: Customer = desk.tx.get(id)?;
                    format!("{} {}", customer.number, customer.name)
                }
                TableKind::Article => {
                    let article: Article = desk.tx.get(id)?;
                    format!("{} {}", article.number, article.name)
                }
                TableKind::Contact => desk.tx.get::<Contact>(id)?.full_name(),
            };
        }
        Ok(duplicate)
    }
}

fn count(counts: &mut ImportCounts, decided: &Decided) {
    *match decided {
        Decided::Created => &mut counts.created,
        Decided::Updated => &mut counts.updated,
        Decided::Unchanged => &mut counts.unchanged,
        Decided::Duplicate(_) => &mut counts.duplicates,
        Decided::Failed(_) => &mut counts.failed,
    } += 1;
}

/// Each reason once.
fn distinct(refusals: Vec<Refusal>) -> Vec<Refusal> {
    let mut kept: Vec<Refusal> = Vec::new();
    for refusal in refusals {
        if !kept.iter().any(|known| known.field == refusal.field && known.code == refusal.code) {
            kept.push(refusal);
        }
    }
    kept
}
