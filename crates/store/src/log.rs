//! The change log: undo, redo and each record's history.

use std::collections::BTreeMap;

use commands::view::{HistoryEntry, UndoStep, Window, Windowed};
use domain::{Change, ChangeKind, Changeset, Context, FieldChange, Id, Instant};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde_json::Value as Json;

use crate::{
    Result, Store, StoreError,
    transact::{Tx, Undoing},
};

pub(crate) fn id(row: &Row<'_>, index: usize) -> rusqlite::Result<Id> {
    row.get::<_, uuid::Uuid>(index).map(Id)
}

pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap_or_default()
}

fn step(row: &Row<'_>) -> rusqlite::Result<UndoStep> {
    let operation: String = row.get(1)?;
    Ok(UndoStep {
        changeset_id: id(row, 0)?,
        operation,
        subject: row.get(2)?,
        at: instant(&row.get::<_, String>(3)?),
    })
}

/// The action that Ctrl+Z would take back: the last one that neither takes back nor was taken
/// back.
fn undoable(connection: &Connection) -> Result<Option<UndoStep>> {
    let mut statement = connection.prepare_cached(include_str!("log/undoable.sql"))?;
    Ok(statement.query_row([], step).optional()?)
}

/// The undo that Ctrl+Shift+Z would take back: the last one, unless something else was done
/// since.
fn redoable(connection: &Connection) -> Result<Option<UndoStep>> {
    let mut statement = connection.prepare_cached(include_str!("log/redoable.sql"))?;
    Ok(statement.query_row([], step).optional()?)
}

/// So many changes are taken back at a time: an import has hundreds of thousands.
const PART: usize = 2_000;

/// A changeset without its changes, and its `seq`.
fn changeset(connection: &Connection, wanted: Id) -> Result<(Changeset, i64)> {
    let sql = "select seq, at, user_id, operation, subject from changeset where id = ?";
    Ok(connection.prepare_cached(sql)?.query_row([wanted.0], |row| {
        let changeset = Changeset {
            id: wanted,
            at: instant(&row.get::<_, String>(1)?),
            user_id: id(row, 2)?,
            operation: row.get(3)?,
            subject: row.get(4)?,
            changes: Vec::new(),
        };
        Ok((changeset, row.get::<_, i64>(0)?))
    })?)
}

/// The last changes of a changeset before this one, in their order, and where they begin.
fn changes_before(
    connection: &Connection,
    changeset_seq: i64,
    before: i64,
) -> Result<(Vec<Change>, i64)> {
    let mut statement = connection.prepare_cached(include_str!("log/changes_before.sql"))?;
    let mut rows = statement.query(named_params! {
        ":changeset": changeset_seq,
        ":before": before,
        ":limit": PART as i64,
    })?;
    let (mut changes, mut first) = (Vec::new(), before);
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        changes.push(Change {
            entity: row.get(0)?,
            id: id(row, 1)?,
            kind: if kind == "insert" { ChangeKind::Insert } else { ChangeKind::Update },
            fields: fields(&row.get::<_, String>(3)?)?,
        });
        first = row.get(4)?;
    }
    changes.reverse();
    Ok((changes, first))
}

pub(crate) fn fields(json: &str) -> Result<BTreeMap<String, FieldChange>> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Tx<'_> {
    /// Takes back the last action that was not taken back.
    ///
    /// # Errors
    /// [`StoreError::NothingToUndo`], or [`StoreError::Stale`] when one of its fields was
    /// changed since in another way.
    pub fn undo(&mut self, context: &mut Context<'_>) -> Result<UndoStep> {
        let step = undoable(&self.transaction)?.ok_or(StoreError::NothingToUndo)?;
        self.take_back(&step, context)?;
        Ok(step)
    }

    /// Takes back the last undo.
    ///
    /// # Errors
    /// As [`Tx::undo`].
    pub fn redo(&mut self, context: &mut Context<'_>) -> Result<UndoStep> {
        let step = redoable(&self.transaction)?.ok_or(StoreError::NothingToUndo)?;
        self.take_back(&step, context)?;
        Ok(step)
    }

    fn take_back(&mut self, step: &UndoStep, context: &mut Context<'_>) -> Result<()> {
        let (mut done, seq) = changeset(&self.transaction, step.changeset_id)?;
        let mut inverse = done.inverse(context);
        // Taking back an undo is the action itself again, and that can be taken back again.
        inverse.operation = match done.operation.strip_prefix("undo.") {
            Some(action) => format!("redo.{action}"),
            None => format!("undo.{}", step.operation.trim_start_matches("redo.")),
        };
        // From the end to the beginning, part by part: one changeset in the log all the same.
        let mut before = i64::MAX;
        loop {
            (done.changes, before) = changes_before(&self.transaction, seq, before)?;
            if done.is_empty() {
                break;
            }
            inverse.changes = done.inverse(context).changes;
            self.apply_as(&inverse, Undoing { undoes: Some(done.id), is_hubs: false })?;
        }
        let sql = "update changeset set undone_by = ? where id = ?";
        self.transaction.prepare_cached(sql)?.execute((inverse.id.0, done.id.0))?;
        self.reopen_rejection(done.id, &inverse)
    }
}

impl Store {
    /// What could be undone and what redone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn undo_steps(&self) -> Result<(Option<UndoStep>, Option<UndoStep>)> {
        let reader = self.reader()?;
        Ok((undoable(&reader)?, redoable(&reader)?))
    }

    /// Who changed what in a record and what belongs to it, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(
        &self,
        entity: &str,
        record: Id,
        window: Window,
    ) -> Result<Windowed<HistoryEntry>> {
        let reader = self.reader()?;
        let sql = match entity {
            "customer" => include_str!("log/customer_history.sql"),
            "quote" => include_str!("log/quote_history.sql"),
            _ => include_str!("log/history.sql"),
        };
        let mut statement = reader.prepare_cached(sql)?;
        let mut rows = statement.query([record.0])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let is_insert = row.get::<_, String>(6)? == "insert";
            let entry = |field: String, change: FieldChange| -> Result<HistoryEntry> {
                Ok(HistoryEntry {
                    changeset_id: id(row, 0)?,
                    at: instant(&row.get::<_, String>(1)?),
                    by: row.get(2)?,
                    operation: row.get(3)?,
                    entity: row.get(4)?,
                    record_id: id(row, 5)?,
                    is_insert,
                    field,
                    change,
                })
            };
            if is_insert {
                let nothing = FieldChange { from: Json::Null, to: Json::Null };
                entries.push(entry(String::new(), nothing)?);
                continue;
            }
            for (field, change) in fields(&row.get::<_, String>(7)?)? {
                if !matches!(field.as_str(), "updated_at" | "updated_by") {
                    entries.push(entry(field, change)?);
                }
            }
        }
        let total = entries.len() as u64;
        let skip = usize::try_from(window.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(window.limit).unwrap_or(usize::MAX);
        Ok(Windowed { total, rows: entries.into_iter().skip(skip).take(take).collect() })
    }
}
