//! Lists to files, as they are seen: filter and sort. Written row by row beside the file's place
//! and moved there when whole.

mod contact;
mod record;
mod sheet;

use std::collections::HashMap;

use commands::{
    Answer, ExportFormat, ExportList, ExportOrder, Failure, GetPreferences, StartExport,
    view::Window,
};
use domain::{Id, Language, Record, exchange::fields};
use store::{Stop, StoreError, Tx};

use crate::App;
use sheet::{Cell, Sheet};

const ALL: Window = Window { offset: 0, limit: u64::MAX };

/// Counts what was written, and hears when it shall stop.
struct Pace<'a> {
    stop: &'a Stop,
    progress: &'a mut dyn FnMut(u64, u64),
    done: u64,
    total: u64,
}

impl Pace<'_> {
    fn step(&mut self) -> Result<(), Failure> {
        if self.done.is_multiple_of(64) {
            if self.stop.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(StoreError::Stopped.into());
            }
            (self.progress)(self.done, self.total);
        }
        self.done += 1;
        Ok(())
    }
}

/// A small set's names by id.
struct Called(HashMap<Id, String>);

impl Called {
    fn read<R: Record>(tx: &Tx<'_>, name: impl Fn(R) -> String) -> Result<Self, Failure> {
        let mut names = HashMap::new();
        tx.each::<R, Failure>(|record| {
            names.insert(record.id(), name(record));
            Ok(())
        })?;
        Ok(Self(names))
    }

    fn name(&self, id: Option<Id>) -> &str {
        id.and_then(|id| self.0.get(&id)).map_or("", String::as_str)
    }
}

impl App {
    /// Writes a list to a file, telling how far it is; answers how many records there are in it.
    ///
    /// # Errors
    /// When the file cannot be written, or it was stopped; a file that was there is as it was.
    pub fn run_export(
        &self,
        order: &ExportOrder,
        stop: &Stop,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, Failure> {
        let open = self.open()?;
        let language = self.answer(GetPreferences {})?.language;
        let store = &open.store;
        let ids: Vec<Id> = match order.list.clone() {
            ExportList::Customers { filter, sort, order } => {
                let list = store.customers(&filter, sort, order, ALL)?;
                list.rows.into_iter().map(|row| row.id).collect()
            }
            ExportList::Contacts { filter, sort, order } => {
                let list = store.contacts(&filter, sort, order, ALL)?;
                list.rows.into_iter().map(|row| row.id).collect()
            }
            ExportList::Articles { filter, sort, order } => {
                let list = store.articles(&filter, sort, order, ALL)?;
                list.rows.into_iter().map(|row| row.id).collect()
            }
            ExportList::Quotes { filter, sort, order } => {
                let list = store.quotes(&filter, sort, order, ALL)?;
                list.rows.into_iter().map(|row| row.id).collect()
            }
        };
        let total = ids.len() as u64;
        let mut pace = Pace { stop, progress, done: 0, total };
        store.look(|tx| write(tx, order, &ids, language, &mut pace))?;
        (pace.progress)(total, total);
        Ok(total)
    }
}

fn write(
    tx: &Tx<'_>,
    order: &ExportOrder,
    ids: &[Id],
    language: Language,
    pace: &mut Pace<'_>,
) -> Result<(), Failure> {
    use domain::exchange::TableKind;
    let is_contacts = matches!(order.list, ExportList::Contacts { .. });
    if order.format == ExportFormat::Vcf {
        if is_contacts {
            return contact::cards(tx, &order.path, ids, pace);
        }
        let sentence = "Only contacts can be written as vCards. Nothing was written.";
        return Err(Failure::new("export-format", sentence));
    }
    let begin = |headings: &[&str]| match order.format {
        ExportFormat::Xlsx => Sheet::xlsx(&order.path, headings),
        ExportFormat::Csv | ExportFormat::Vcf => Sheet::csv(&order.path, headings),
    };
    let titles = |kind| fields(kind).iter().map(|field| field.title(language)).collect::<Vec<_>>();
    let rows = |sheet: Sheet,
                row: &mut dyn FnMut(Id) -> Result<Vec<Cell>, Failure>,
                pace: &mut Pace<'_>| {
        let mut sheet = sheet;
        for id in ids {
            pace.step()?;
            sheet.row(&row(*id)?)?;
        }
        sheet.finish()
    };
    match order.list {
        ExportList::Customers { .. } => {
            let customers = record::Customers::new(tx, language)?;
            let sheet = begin(&titles(TableKind::Customer))?;
            rows(sheet, &mut |id| customers.row(tx, id), pace)
        }
        ExportList::Articles { .. } => {
            let articles = record::Articles::new(tx, language)?;
            let sheet = begin(&titles(TableKind::Article))?;
            rows(sheet, &mut |id| articles.row(tx, id), pace)
        }
        ExportList::Contacts { .. } => {
            let sheet = begin(&titles(TableKind::Contact))?;
            rows(sheet, &mut |id| contact::row(tx, id, language), pace)
        }
        ExportList::Quotes { .. } => {
            let quotes = record::Quotes::new(tx, language)?;
            rows(begin(&record::quote_headings(language))?, &mut |id| quotes.row(tx, id), pace)
        }
    }
}

impl Answer<StartExport> for App {
    fn answer(&self, request: StartExport) -> Result<Id, Failure> {
        self.open()?;
        Ok(self.start("export", move |app, stop, progress| {
            app.run_export(&request.order, stop, progress).map(|_| ())
        }))
    }
}
