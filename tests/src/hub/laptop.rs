//! A laptop without a window: the app over a data folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use app::{App, DemoOrder};
use commands::{
    ConnectHub, CreateConnected, CreateWorkspace, Failure, GetCustomer, ListCustomers, RunSync,
    SaveCustomer, SyncReport, Unlock,
    view::{CustomerFilter, CustomerRow, CustomerSort, Order, Window},
};
use domain::{Customer, ENTITIES, Id, Language, merge::State};
use store::Workspace;

use crate::headquarters::PASSWORD;

pub const PASSPHRASE: &str = "geheim-geheim";

pub struct Laptop {
    pub app: App,
    pub folder: PathBuf,
}

impl Laptop {
    /// With demo data of its own, connected to no hub.
    pub fn with_demo(folder: &Path, customers: u64) -> Self {
        let app = App::new(folder);
        app.ask(CreateWorkspace {
            user_name: "Maren Krüger".into(),
            company_name: "Kontor Technik".into(),
            passphrase: Some(PASSPHRASE.into()),
            language: Language::De,
        })
        .unwrap();
        let order = DemoOrder { customers, seed: 1 };
        app.run_demo(order, &AtomicBool::new(false), &mut |_, _| {}).unwrap();
        Self { app, folder: folder.into() }
    }

    pub fn connect(&self, address: &str, email: &str) {
        let connect =
            ConnectHub { address: address.into(), email: email.into(), password: PASSWORD.into() };
        self.app.ask(connect).unwrap();
    }

    /// New, with what the hub sends.
    pub fn from_hub(folder: &Path, address: &str, email: &str) -> Self {
        let app = App::new(folder);
        app.ask(CreateConnected {
            address: address.into(),
            email: email.into(),
            password: PASSWORD.into(),
            passphrase: Some(PASSPHRASE.into()),
            language: Language::De,
        })
        .unwrap();
        Self { app, folder: folder.into() }
    }

    /// One that was closed, or copied.
    pub fn open(folder: &Path) -> Self {
        let app = App::new(folder);
        app.ask(Unlock { passphrase: PASSPHRASE.into() }).unwrap();
        Self { app, folder: folder.into() }
    }

    /// What it is called at the hub.
    pub fn device_id(&self) -> String {
        let store = Workspace::new(&self.folder).open(Some(PASSPHRASE)).unwrap();
        let device: sync::Device =
            serde_json::from_str(&store.local("sync.device").unwrap().unwrap()).unwrap();
        device.id.to_string()
    }

    /// Writes one of its own settings.
    pub fn put(&self, name: &str, value: &str) {
        let store = Workspace::new(&self.folder).open(Some(PASSPHRASE)).unwrap();
        store.set_local(name, value).unwrap();
    }

    pub fn try_sync(&self) -> Result<SyncReport, Failure> {
        self.app.ask(RunSync { may_remove_much: false, check: false })
    }

    /// Syncs, and compares everything with the hub; so many records were put right.
    pub fn check(&self) -> u64 {
        let report = self.app.ask(RunSync { may_remove_much: false, check: true }).unwrap();
        assert!(report.is_checked, "{report:?}");
        report.mended
    }

    pub fn sync(&self) -> SyncReport {
        self.try_sync().unwrap()
    }

    pub fn customers(&self) -> Vec<CustomerRow> {
        let list = ListCustomers {
            filter: CustomerFilter::default(),
            sort: CustomerSort::Name,
            order: Order::Ascending,
            window: Window { offset: 0, limit: 1_000 },
        };
        self.app.ask(list).unwrap().rows
    }

    pub fn customer(&self, id: Id) -> Customer {
        self.app.ask(GetCustomer { id }).unwrap().customer
    }

    /// Changes a customer as the form does.
    pub fn change(&self, id: Id, change: impl FnOnce(&mut Customer)) {
        let mut customer = self.customer(id);
        change(&mut customer);
        self.app.ask(SaveCustomer { customer, addresses: None }).unwrap();
    }

    pub fn add(&self, name: &str) -> Id {
        let customer = Customer { name: name.into(), ..Customer::default() };
        self.app.ask(SaveCustomer { customer, addresses: None }).unwrap()
    }

    /// The columns of every kind of record.
    pub fn columns(&self) -> BTreeMap<String, BTreeSet<String>> {
        let store = Workspace::new(&self.folder).open(Some(PASSPHRASE)).unwrap();
        let columns = |entity: &str| store.columns(entity).unwrap().into_iter().collect();
        ENTITIES.iter().map(|entity| ((*entity).to_owned(), columns(entity))).collect()
    }

    /// Every record, field by field.
    pub fn records(&self) -> BTreeMap<(String, Id), State> {
        let store = Workspace::new(&self.folder).open(Some(PASSPHRASE)).unwrap();
        store.records().unwrap()
    }
}

/// The first record in which two laptops differ, if any.
pub fn difference(a: &Laptop, b: &Laptop) -> Option<String> {
    let (a, b) = (a.records(), b.records());
    for (key, state) in &a {
        match b.get(key) {
            None => return Some(format!("{key:?} is only on the first")),
            Some(other) if other != state => {
                let field = state.iter().find(|(name, value)| other.get(*name) != Some(*value));
                return Some(format!("{key:?}: {field:?} on the first"));
            }
            Some(_) => {}
        }
    }
    let more = b.keys().find(|key| !a.contains_key(*key));
    more.map(|key| format!("{key:?} is only on the second"))
}
