mod customers;
mod others;
mod round_trip;

use std::path::PathBuf;

use app::App;
use commands::{
    CreateWorkspace, DuplicatePolicy, Failure, GetCustomer, ImportOrder, ImportReport,
    ListCustomers,
    view::{CustomerFilter, CustomerPage, CustomerSort, Order, Window},
};
use domain::Language;
use store::Stop;
use tempfile::TempDir;

/// A workspace, and files beside it.
pub(crate) struct Desk {
    pub(crate) app: App,
    folder: TempDir,
}

const ALL: Window = Window { offset: 0, limit: 100_000 };

pub(crate) fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(folder.path().join("workspace"));
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: String::new(),
        passphrase: Some("correct horse battery".into()),
        language: Language::De,
    })
    .unwrap();
    Desk { app, folder }
}

impl Desk {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> ImportOrder {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        ImportOrder { path: path.display().to_string(), ..ImportOrder::default() }
    }

    pub(crate) fn run(&self, order: &ImportOrder) -> Result<ImportReport, Failure> {
        self.app.run_import(order, &Stop::new(false), &mut |_, _| {})
    }

    pub(crate) fn plan(&self, order: &ImportOrder) -> Result<ImportReport, Failure> {
        self.app.plan_import(order, &Stop::new(false), &mut |_, _| {})
    }

    /// Imports a text; the plan says before what happens then.
    pub(crate) fn import(&self, text: &str, duplicates: DuplicatePolicy) -> ImportReport {
        let order = ImportOrder { duplicates, ..self.file("in.csv", text) };
        let plan = self.plan(&order).unwrap();
        let report = self.run(&order).unwrap();
        assert_eq!(plan.counts, report.counts, "the plan is what happens");
        report
    }

    /// All customers by number.
    pub(crate) fn customers(&self) -> Vec<CustomerPage> {
        let (sort, order) = (CustomerSort::Number, Order::Ascending);
        let filter = CustomerFilter::default();
        let list = self.app.ask(ListCustomers { filter, sort, order, window: ALL }).unwrap();
        list.rows.iter().map(|row| self.app.ask(GetCustomer { id: row.id }).unwrap()).collect()
    }
}

/// New, updated, unchanged, duplicates, failed.
pub(crate) fn counts(report: &ImportReport) -> [u64; 5] {
    let c = report.counts;
    [c.created, c.updated, c.unchanged, c.duplicates, c.failed]
}
