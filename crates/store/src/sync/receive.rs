//! What came from the hub, applied under what was changed here and is not confirmed yet.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Change, ChangeKind, Changeset, FieldChange, Id,
    merge::{State, Versioned},
    reference, references,
};
use rusqlite::{Connection, OptionalExtension, Statement, named_params};
use serde_json::Value as Json;

use crate::{
    Result, bulk,
    log::fields,
    row, search,
    store::insert_sql,
    summary,
    sync::quote,
    transact::{Tx, Undoing},
};

impl Tx<'_> {
    /// Applies records as the hub holds them. An answer to a push may name a record that is not
    /// here yet: then it is left to the feed, which brings both. A state that is not newer than the
    /// one that is here is left out, unless `again` (the answer to a push says how its records are
    /// now), or its parent is seen now or no more. With `again`, what refers to something that is
    /// neither here nor comes is left out as well; how many these were is returned. Fields that were changed here and are not confirmed yet keep their value. What differs goes into
    /// the log, as the work of whoever changed it; fields and entities that this version does not
    /// know are kept aside.
    ///
    /// # Errors
    /// When the database does not take it; nothing of the transaction holds then.
    pub fn receive<'r>(
        &mut self,
        records: impl IntoIterator<Item = &'r Versioned>,
        again: bool,
        new_id: &mut dyn FnMut() -> Id,
    ) -> Result<usize> {
        let records: Vec<&Versioned> = records.into_iter().collect();
        let records = &records[..];
        let mut work: BTreeMap<(bool, String, String), (String, Vec<Change>)> = BTreeMap::new();
        let mut settings: BTreeMap<Id, &Versioned> = BTreeMap::new();
        // Mostly nothing waits: then it is not looked for at each record.
        let waits = waits(&self.transaction)?;
        let coming = match again {
            true => self.complete(records)?,
            false => BTreeSet::new(),
        };
        let mut left_out = 0;
        let mut known_columns: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let filled = match again && !waits && records.len() >= MANY {
            true => self.fill(records, &coming)?,
            false => BTreeSet::new(),
        };
        let others = records.iter().enumerate().filter(|(at, _)| !filled.contains(at));
        for (_, record) in others {
            let Ok(table) = row::table(&record.entity) else {
                self.keep_aside(record, &record.state)?;
                continue;
            };
            let known = self.known_version(record.id)?;
            #[cfg(feature = "simulation")]
            let known = known.filter(|_| !crate::simulation::ignores_versions());
            let is_known = known
                .is_some_and(|known| known > record.version || (known == record.version && !again));
            if is_known && !(known == Some(record.version) && self.names_other_parent(record)?) {
                continue;
            }
            if waits && !again && quote::waits(&self.transaction, record)? {
                continue;
            }
            if again && !coming.contains(&record.id) {
                left_out += 1;
                continue;
            }
            self.note_version(record)?;
            if !known_columns.contains_key(table) {
                known_columns.insert(table, columns(&self.transaction, table)?);
            }
            let columns = &known_columns[table];
            if let Some(change) = self.difference((table, columns), waits, record)? {
                let stamp = |name: &str| {
                    record.state.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
                };
                // A setting that was deleted makes room for the next one of its name.
                let is_late = table != "setting" || stamp("deleted_at").is_empty();
                let by = (is_late, stamp("updated_at"), stamp("updated_by"));
                let made = work.entry(by).or_default();
                if table == "setting" {
                    settings.insert(record.id, record);
                }
                // A setting's name is not people's.
                if made.0.is_empty() && table != "setting" {
                    made.0 = called(&record.state);
                }
                made.1.push(change);
            }
        }
        for ((_, at, by), (subject, mut changes)) in work {
            let named = changes.iter().filter_map(|change| settings.get(&change.id).copied());
            for setting in named.collect::<Vec<_>>() {
                if let Some(replaced) = self.replaced_setting(setting)? {
                    changes.insert(0, replaced);
                }
            }
            let changeset = Changeset {
                id: new_id(),
                at: at.parse().unwrap_or_default(),
                user_id: by.parse().unwrap_or(Id::NIL),
                operation: "sync.receive".into(),
                subject,
                changes,
            };
            self.apply_as(&changeset, Undoing { undoes: None, is_hubs: true })?;
        }
        Ok(left_out)
    }

    /// Puts those records in that are new here and of which this version knows all: without a log,
    /// as a snapshot's, and indexed together. Their places are returned.
    fn fill(&mut self, records: &[&Versioned], coming: &BTreeSet<Id>) -> Result<BTreeSet<usize>> {
        let firsts = bulk::firsts(&self.transaction)?;
        let (mut filled, mut places) = (BTreeSet::new(), BTreeSet::new());
        // What hangs on a record that was here before is found and summed up there.
        let mut hanging = Vec::new();
        let mut inserts: BTreeMap<&str, Insert<'_>> = BTreeMap::new();
        for (place, record) in records.iter().enumerate() {
            let Ok(table) = row::table(&record.entity) else { continue };
            // A setting is there once, by its name.
            if table == "setting" || !coming.contains(&record.id) || filled.contains(&record.id) {
                continue;
            }
            if !inserts.contains_key(table) {
                inserts.insert(table, Insert::of(&self.transaction, table)?);
            }
            let Some(insert) = inserts.get_mut(table) else { continue };
            if self.known_version(record.id)?.is_some()
                || is_there(&self.transaction, table, record.id)?
                || !insert.put(record)?
            {
                continue;
            }
            self.note_version(record)?;
            filled.insert(record.id);
            places.insert(place);
        }
        drop(inserts);
        for record in places.iter().map(|place| &records[*place]) {
            self.touch(&record.entity, record.id);
            let owner = references(&record.state)
                .find(|(column, ..)| matches!(*column, "customer_id" | "quote_id"));
            if owner.is_some_and(|(_, _, owner)| !filled.contains(&owner)) {
                let (entity, fields) = (record.entity.clone(), BTreeMap::new());
                hanging.push(Change { entity, id: record.id, kind: ChangeKind::Insert, fields });
            }
        }
        bulk::finish(&self.transaction, &firsts, Vec::new())?;
        summary::refresh(&self.transaction, &hanging)?;
        hanging
            .retain(|change| matches!(&*change.entity, "address" | "customer_tag" | "quote_line"));
        search::reindex(&self.transaction, &hanging)?;
        Ok(places)
    }

    /// Those of these records that refer only to what is here or comes with them.
    fn complete(&self, records: &[&Versioned]) -> Result<BTreeSet<Id>> {
        let mut complete: BTreeSet<Id> = records.iter().map(|record| record.id).collect();
        loop {
            let before = complete.len();
            for record in records {
                if complete.contains(&record.id) && !self.has_all_of(record, &complete)? {
                    complete.remove(&record.id);
                }
            }
            if complete.len() == before {
                return Ok(complete);
            }
        }
    }

    /// Whether the hub's version of a record is known.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_known(&self, id: Id) -> Result<bool> {
        Ok(self.known_version(id)?.is_some())
    }

    /// Whether everything that a record refers to is here or comes with it.
    fn has_all_of(&self, record: &Versioned, coming: &BTreeSet<Id>) -> Result<bool> {
        for (_, entity, id) in references(&record.state) {
            if !coming.contains(&id) && !is_there(&self.transaction, entity, id)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn known_version(&self, id: Id) -> Result<Option<i64>> {
        let sql = "select version from synced where record_id = ?";
        let mut statement = self.transaction.prepare_cached(sql)?;
        Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
    }

    /// A subsidiary names its parent only to those who see it: that changes without its version.
    fn names_other_parent(&self, record: &Versioned) -> Result<bool> {
        if record.entity != "customer" {
            return Ok(false);
        }
        let sql = "select 1 from customer where id = ? and parent_id is not ?";
        let parent = record.state.get("parent_id").and_then(Json::as_str);
        let parent = parent.and_then(|id| id.parse::<Id>().ok()).map(|id| id.0);
        Ok(self.transaction.prepare_cached(sql)?.exists((record.id.0, parent))?)
    }

    fn note_version(&self, record: &Versioned) -> Result<()> {
        let sql = "insert into synced (record_id, entity, version) values (?, ?, ?) on conflict do update set version = excluded.version";
        let mut statement = self.transaction.prepare_cached(sql)?;
        statement.execute((record.id.0, &record.entity, record.version))?;
        Ok(())
    }

    /// A setting is there once. One of the name that was made here and is not at the hub yet gives
    /// way; the hub's answer to it says so.
    fn replaced_setting(&self, record: &Versioned) -> Result<Option<Change>> {
        let field = |name: &str| record.state.get(name).and_then(Json::as_str);
        if record.entity != "setting" || field("deleted_at").is_some() {
            return Ok(None);
        }
        let sql = "select id from setting where name = ? and id <> ? and deleted_at is null";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let other = (field("name").unwrap_or_default(), record.id.0);
        let found = statement.query_row(other, |row| row.get(0)).optional()?;
        let now = record.state.get("updated_at").cloned().unwrap_or_default();
        Ok(found.map(|id| Change {
            entity: "setting".into(),
            id: Id(id),
            kind: ChangeKind::Update,
            fields: [("deleted_at".into(), FieldChange { from: Json::Null, to: now })].into(),
        }))
    }

    /// What makes the row here what it shall be; none when it is.
    fn difference(
        &self,
        (table, columns): (&str, &BTreeSet<String>),
        waits: bool,
        record: &Versioned,
    ) -> Result<Option<Change>> {
        let unknown: State = record
            .state
            .iter()
            .filter(|(name, _)| !columns.contains(*name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !unknown.is_empty() {
            self.keep_aside(record, &unknown)?;
        }
        let mut wanted = record.state.clone();
        wanted.retain(|name, _| columns.contains(name));
        let pending = if waits { pending(&self.transaction, record.id)? } else { BTreeMap::new() };
        for (name, edit) in pending {
            let named = reference(&name).zip(edit.to.as_str().and_then(|id| id.parse().ok()));
            // What it refers to may have been taken back or have left; the hub will say so.
            let holds = match named {
                Some((entity, id)) => is_there(&self.transaction, entity, id)?,
                None => true,
            };
            if holds {
                wanted.insert(name, edit.to);
            }
        }
        let held = held(&self.transaction, table, record.id)?;
        let kind = if held.is_some() { ChangeKind::Update } else { ChangeKind::Insert };
        let held = held.unwrap_or_default();
        let fields: BTreeMap<String, FieldChange> = wanted
            .into_iter()
            .filter_map(|(name, to)| {
                let from = held.get(&name).cloned().unwrap_or(Json::Null);
                let differs = kind == ChangeKind::Insert || from != to;
                differs.then_some((name, FieldChange { from, to }))
            })
            .collect();
        let change = Change { entity: record.entity.clone(), id: record.id, kind, fields };
        Ok((!change.fields.is_empty()).then_some(change))
    }
}

/// Fewer records are put in one by one, with a log of what came.
const MANY: usize = if cfg!(feature = "simulation") { 2 } else { 200 };

/// Puts whole records into a table.
struct Insert<'c> {
    columns: Vec<String>,
    statement: Statement<'c>,
}

impl<'c> Insert<'c> {
    fn of(connection: &'c Connection, table: &str) -> Result<Self> {
        let columns: Vec<String> = columns(connection, table)?.into_iter().collect();
        let statement = connection.prepare(&insert_sql(table, &columns)?)?;
        Ok(Self { columns, statement })
    }

    /// Whether it was put in: one with more than this version knows, or less, is not.
    fn put(&mut self, record: &Versioned) -> Result<bool> {
        if record.state.len() != self.columns.len() {
            return Ok(false);
        }
        for (at, column) in self.columns.iter().enumerate() {
            let Some(value) = record.state.get(column) else { return Ok(false) };
            self.statement.raw_bind_parameter(at + 1, row::to_sql(column, value)?)?;
        }
        self.statement.raw_execute()?;
        Ok(true)
    }
}

/// Whether anything that was changed here is not confirmed yet.
fn waits(connection: &Connection) -> Result<bool> {
    // What it says twice lets SQLite use the index of what is not confirmed.
    let sql = "select 1 from changeset where push_state = 'waiting' and push_state <> 'confirmed' limit 1";
    Ok(connection.prepare_cached(sql)?.exists([])?)
}

/// Whether the record is here.
pub(super) fn is_there(connection: &Connection, entity: &str, id: Id) -> Result<bool> {
    let sql = format!("select 1 from {} where id = ?", row::table(entity)?);
    Ok(connection.prepare_cached(&sql)?.exists([id.0])?)
}

/// What a record is called, by its own fields.
pub(super) fn called(state: &State) -> String {
    let text = |name: &str| state.get(name).and_then(Json::as_str).unwrap_or_default();
    let person = format!("{} {}", text("first_name"), text("last_name"));
    let names = [text("name"), person.trim(), text("number"), text("subject"), text("city")];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}

/// The row's fields, if it is there.
pub(super) fn held(connection: &Connection, table: &str, id: Id) -> Result<Option<State>> {
    let mut statement =
        connection.prepare_cached(&format!("select * from {table} where id = ?"))?;
    let mut rows = statement.query([id.0])?;
    rows.next()?.map(row::object).transpose()
}

pub(super) fn columns(connection: &Connection, table: &str) -> Result<BTreeSet<String>> {
    let statement = connection.prepare_cached(&format!("select * from {table} limit 0"))?;
    Ok(statement.column_names().into_iter().filter(|name| *name != "seq").map(Into::into).collect())
}

/// Fields of a record that were changed here and are not confirmed, with their last value.
fn pending(connection: &Connection, id: Id) -> Result<BTreeMap<String, FieldChange>> {
    let mut statement = connection.prepare_cached(include_str!("pending.sql"))?;
    let mut rows = statement.query(named_params! { ":record": id.0 })?;
    let mut edits = BTreeMap::new();
    while let Some(row) = rows.next()? {
        edits.extend(fields(&row.get::<_, String>(0)?)?);
    }
    Ok(edits)
}
