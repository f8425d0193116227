//! Tests that look behind the store's door.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fill;
mod schema;
mod search;
mod sync_centre;
mod trouble;

use domain::{Address, Changeset, Context, Customer, Id, Instant};
use tempfile::TempDir;

use crate::{Store, Workspace};

pub(super) const PASSPHRASE: &str = "correct horse";

pub(super) fn workspace() -> (TempDir, Workspace, Store) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new(folder.path().join("data"));
    let store = workspace.create(Some(PASSPHRASE)).unwrap();
    (folder, workspace, store)
}

pub(super) fn act<T>(act: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let mut ids = Id::now;
    act(&mut Context {
        now: Instant::now(),
        today: Default::default(),
        user_id: Id::now(),
        ids: &mut ids,
    })
}

/// Adds a customer with an address; the error is the store's.
pub(super) fn try_add_customer(store: &Store, name: &str, city: &str) -> crate::Result<Customer> {
    act(|context| {
        let mut changeset = Changeset::new("customer.create", name, context);
        let customer = Customer { name: name.into(), ..Default::default() };
        let customer = changeset.insert(customer, context);
        let address = Address {
            customer_id: customer.id,
            city: city.into(),
            is_default: true,
            ..Default::default()
        };
        changeset.insert(address, context);
        store.transact(|tx| tx.apply(&changeset))?;
        Ok(customer)
    })
}

pub(super) fn add_customer(store: &Store, name: &str, city: &str) -> Customer {
    try_add_customer(store, name, city).unwrap()
}

/// The rows of a query as text.
pub(super) fn rows(store: &Store, sql: &str) -> Vec<Vec<String>> {
    let reader = store.reader().unwrap();
    let mut statement = reader.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns)
            .map(|index| {
                Ok(match row.get_ref(index)? {
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    other => other.as_str().unwrap_or_default().to_owned(),
                })
            })
            .collect()
    });
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}
