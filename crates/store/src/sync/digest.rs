//! What is compared with the hub, and what is put right.

use std::collections::BTreeSet;

use domain::{
    Change, ChangeKind, Changeset, FieldChange, Id, Refusal,
    merge::{State, Versioned},
};
use rusqlite::Connection;
use serde_json::Value as Json;

use super::receive::{called, held, is_there};
use crate::{Result, Store, log::id, row, transact::Tx};

/// Records that a changeset names which the hub has not confirmed.
fn waiting(connection: &Connection) -> Result<BTreeSet<Id>> {
    let mut statement = connection.prepare_cached(include_str!("waiting_records.sql"))?;
    let found = statement.query_map([], |row| id(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Looks at every record of an entity with the hub's version of it, 0 where none is known; with
    /// its fields, or without. What was made here and waits for the hub is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_version(
        &self,
        entity: &str,
        with_fields: bool,
        look: &mut dyn FnMut(Id, i64, &State),
    ) -> Result<()> {
        let table = row::table(entity)?;
        let reader = self.reader()?;
        let waiting = waiting(&reader)?;
        let columns = if with_fields { "*" } else { "id" };
        let sql = format!(
            "select {columns}, (select version from synced where record_id = {table}.id) as hub_version from {table}"
        );
        let mut statement = reader.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = Id(row.get("id")?);
            let version: Option<i64> = row.get("hub_version")?;
            if version.is_none() && waiting.contains(&id) {
                continue;
            }
            let fields = if with_fields { row::object(row)? } else { State::new() };
            look(id, version.unwrap_or(0), &fields);
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Makes records what the hub says they are, whatever is here; those that wait for the hub are
    /// left alone. Of the entity, what the hub's answer lacks in these buckets (by the last byte of
    /// the id) is returned, unless it waits. How many records were put right is counted.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn mend(
        &mut self,
        entity: &str,
        buckets: &[u8],
        records: &[Versioned],
        new_id: &mut dyn FnMut() -> Id,
    ) -> Result<(usize, Vec<Id>)> {
        let waiting = waiting(&self.transaction)?;
        let mut wrong = Vec::new();
        for record in records {
            // What this version does not know is kept aside when it is read.
            let is_known = row::table(&record.entity).is_ok();
            if is_known && !waiting.contains(&record.id) && !self.is_as(record)? {
                self.forget_version(record.id)?;
                wrong.push(record.clone());
            }
        }
        self.receive(&wrong, true, new_id)?;
        let known: BTreeSet<Id> = records.iter().map(|record| record.id).collect();
        let table = row::table(entity)?;
        let mut statement = self.transaction.prepare(&format!("select id from {table}"))?;
        let here = statement.query_map([], |row| id(row, 0))?;
        let mut strangers = here.collect::<rusqlite::Result<Vec<Id>>>()?;
        strangers.retain(|id| {
            buckets.contains(&id.0.as_bytes()[15]) && !known.contains(id) && !waiting.contains(id)
        });
        Ok((wrong.len(), strangers))
    }

    /// Whether a record is here as the hub has it, as far as this version knows its fields.
    fn is_as(&self, record: &Versioned) -> Result<bool> {
        let table = row::table(&record.entity)?;
        let is_known = self.known_version(record.id)? == Some(record.version);
        let Some(held) = held(&self.transaction, table, record.id)?.filter(|_| is_known) else {
            return Ok(false);
        };
        Ok(held.iter().all(|(name, value)| record.state.get(name).is_none_or(|it| it == value)))
    }

    fn forget_version(&self, id: Id) -> Result<()> {
        let sql = "delete from synced where record_id = ?";
        self.transaction.prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Removes a record that the hub does not have for this laptop's user, with what hangs on it;
    /// but nothing while any of that waits for the hub. What the hub had told in its present life
    /// left the scope, and nothing of it stays. What it never did, as what a restored hub would not
    /// take back, is kept with this changeset as not taken, until the user decides. Returns how many
    /// records went.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remove_stranger(&mut self, entity: &str, id: Id, changeset: Changeset) -> Result<usize> {
        if !is_there(&self.transaction, entity, id)? {
            return Ok(0);
        }
        let waiting = waiting(&self.transaction)?;
        let going = self.with_what_hangs_on(entity, id)?;
        if going.iter().any(|(_, id)| waiting.contains(id)) {
            return Ok(0);
        }
        self.keep_unknown(&going, changeset)?;
        self.remove(&going)
    }

    fn keep_unknown(
        &mut self,
        going: &[(&'static str, Id)],
        mut changeset: Changeset,
    ) -> Result<()> {
        for (entity, id) in going {
            if self.known_version(*id)?.is_some() {
                continue;
            }
            let Some(held) = held(&self.transaction, entity, *id)? else { continue };
            if changeset.subject.is_empty() {
                changeset.subject = called(&held);
            }
            let fields = held
                .into_iter()
                .map(|(name, to)| (name, FieldChange { from: Json::Null, to }))
                .collect();
            let entity = (*entity).to_owned();
            changeset.changes.push(Change { entity, id: *id, kind: ChangeKind::Insert, fields });
        }
        if changeset.is_empty() {
            return Ok(());
        }
        let sentence = "The hub does not have this any more and did not take it back.";
        self.log_only(&changeset)?;
        self.reject(changeset.id, &Refusal::new("not-taken-back", sentence), changeset.at)
    }
}
