//! What a newer hub sends and this version cannot store: kept as it came, newest only, and put in
//! its place once a newer version is installed.

use domain::{
    Id,
    merge::{State, Versioned},
};
use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::Value as Json;

use super::receive::{columns, held};
use crate::{Result, Store, StoreError, log::id, row, transact::Tx};

/// This device's setting with the schema that could not store what is kept aside.
const SCHEMA: &str = "sync.aside";

fn parsed(text: &str) -> Result<State> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// What is kept aside of a record.
pub(super) fn aside(connection: &Connection, id: Id) -> Result<State> {
    let sql = "select state from kept_aside where record_id = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([id.0], |row| row.get::<_, String>(0)).optional()?;
    found.map_or_else(|| Ok(State::new()), |text| parsed(&text))
}

impl Store {
    /// After an upgrade: what was kept aside and this version can store is put in its place, before
    /// anything else comes. With the same schema as the last time nothing is looked at. Returns how
    /// many records got something.
    ///
    /// # Errors
    /// When the database cannot be written; all of it is tried again at the next start then.
    pub fn replay_kept_aside(&self, new_id: &mut dyn FnMut() -> Id) -> Result<usize> {
        let schema: i64 = self.reader()?.query_row(
            "select schema_version from pragma_schema_version",
            [],
            |row| row.get(0),
        )?;
        let schema = schema.to_string();
        if self.local(SCHEMA)?.as_ref() == Some(&schema) {
            return Ok(0);
        }
        self.transact(|tx| {
            let replayed = tx.replay_kept_aside(new_id)?;
            tx.set_local(SCHEMA, &schema)?;
            Ok(replayed)
        })
    }
}

impl Tx<'_> {
    pub(super) fn keep_aside(&self, record: &Versioned, state: &State) -> Result<()> {
        let state = serde_json::to_string(state)
            .map_err(|error| StoreError::Constraint(error.to_string()))?;
        let mut statement = self.transaction.prepare_cached(include_str!("keep_aside.sql"))?;
        statement.execute(named_params! {
            ":record": record.id.0,
            ":entity": record.entity,
            ":version": record.version,
            ":state": state,
        })?;
        Ok(())
    }

    /// Nothing of a record, or of what hangs on it, is kept aside any more.
    pub(super) fn forget_aside(&self, entity: &str, id: Id) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(include_str!("forget_aside.sql"))?;
        statement.execute(named_params! { ":record": id.0, ":text": id.to_string(), ":is_root": matches!(entity, "customer" | "quote") })?;
        Ok(())
    }

    fn replay_kept_aside(&mut self, new_id: &mut dyn FnMut() -> Id) -> Result<usize> {
        let mut records = Vec::new();
        {
            let sql = "select record_id, entity, version, state from kept_aside";
            let mut statement = self.transaction.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (entity, state): (String, String) = (row.get(1)?, row.get(3)?);
                let record = Versioned {
                    entity,
                    id: id(row, 0)?,
                    version: row.get(2)?,
                    state: parsed(&state)?,
                };
                records.extend(self.storable(record)?);
            }
        }
        self.receive(&records, true, new_id)?;
        let mut replayed = 0;
        for record in &records {
            replayed += usize::from(self.settle_aside(record)?);
        }
        Ok(replayed)
    }

    /// What is kept aside, if some of it has its column now; with the stamps of the record that it
    /// belongs to.
    fn storable(&self, mut record: Versioned) -> Result<Option<Versioned>> {
        let Ok(table) = row::table(&record.entity) else { return Ok(None) };
        let columns = columns(&self.transaction, table)?;
        if !record.state.keys().any(|name| columns.contains(name)) {
            return Ok(None);
        }
        if let Some(held) = held(&self.transaction, table, record.id)? {
            for stamp in ["updated_at", "updated_by"] {
                record.state.insert(stamp.into(), held.get(stamp).cloned().unwrap_or(Json::Null));
            }
        }
        Ok(Some(record))
    }

    /// What found its place is not kept aside any more; whether it did.
    fn settle_aside(&self, record: &Versioned) -> Result<bool> {
        let table = row::table(&record.entity)?;
        let Some(held) = held(&self.transaction, table, record.id)? else { return Ok(false) };
        let mut left = record.state.clone();
        left.retain(|name, _| !held.contains_key(name));
        if left.is_empty() {
            let sql = "delete from kept_aside where record_id = ?";
            self.transaction.prepare_cached(sql)?.execute([record.id.0])?;
        } else {
            self.keep_aside(record, &left)?;
        }
        Ok(true)
    }
}
