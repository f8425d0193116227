//! The change log as outbox.

use std::collections::BTreeMap;

use domain::{Change, ChangeKind, Changeset, Id, Instant, Refusal};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::{
    Result, Store, StoreError,
    log::{fields, id, instant},
    transact::Tx,
};

/// A changeset that the hub has not confirmed, with the hub's versions of its records that were
/// known.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The changeset.
    pub changeset: Changeset,
    /// The versions.
    pub seen: BTreeMap<Id, i64>,
    /// The hub confirmed it before it was restored.
    pub again: bool,
}

/// A changeset that the hub did not take.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// The changeset.
    pub changeset_id: Id,
    /// When it was made.
    pub at: Instant,
    /// What was done.
    pub operation: String,
    /// To what.
    pub subject: String,
    /// Why it was not taken.
    pub refusal: Refusal,
}

/// The changes of a changeset in the log, with the versions that were known of their records.
pub(super) fn changes_of(
    connection: &Connection,
    changeset_seq: i64,
) -> Result<(Vec<Change>, BTreeMap<Id, i64>)> {
    let mut statement = connection.prepare_cached(include_str!("changes.sql"))?;
    let mut rows = statement.query(named_params! { ":changeset": changeset_seq })?;
    let (mut changes, mut seen) = (Vec::new(), BTreeMap::new());
    while let Some(row) = rows.next()? {
        let change = change(row)?;
        if let Some(version) = row.get(4)? {
            seen.insert(change.id, version);
        }
        changes.push(change);
    }
    Ok((changes, seen))
}

/// More changes of one changeset are not shown.
const SHOWN: i64 = 20;

/// A changeset with the first of its changes, and how many these are.
fn shown(connection: &Connection, row: &Row<'_>) -> Result<(Changeset, u64)> {
    let seq: i64 = row.get(0)?;
    let count = "select count(*) from change where changeset_seq = ?";
    let count = connection.prepare_cached(count)?.query_row([seq], |row| row.get(0))?;
    let sql = "select entity, record_id, kind, fields from change where changeset_seq = ? order by seq limit ?";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([seq, SHOWN])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(change(row)?);
    }
    let changeset = Changeset {
        id: id(row, 1)?,
        at: instant(&row.get::<_, String>(2)?),
        user_id: id(row, 3)?,
        operation: row.get(4)?,
        subject: row.get(5)?,
        changes,
    };
    Ok((changeset, count))
}

/// A change of the log: entity, record, kind, fields.
fn change(row: &Row<'_>) -> Result<Change> {
    let kind: String = row.get(2)?;
    Ok(Change {
        entity: row.get(0)?,
        id: id(row, 1)?,
        kind: if kind == "insert" { ChangeKind::Insert } else { ChangeKind::Update },
        fields: fields(&row.get::<_, String>(3)?)?,
    })
}

impl Store {
    /// What waits for the hub, oldest first: up to so many changes, at least one changeset.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outbox(&self, most_changes: usize) -> Result<Vec<Waiting>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("waiting.sql"))?;
        // A statement takes no larger number.
        let limit = i64::try_from(most_changes).unwrap_or(i64::MAX);
        let mut rows = statement.query(named_params! { ":limit": limit })?;
        let (mut waiting, mut count) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let (changes, seen) = changes_of(&reader, row.get(0)?)?;
            count += changes.len();
            if count > most_changes && !waiting.is_empty() {
                break;
            }
            let changeset = Changeset {
                id: id(row, 1)?,
                at: instant(&row.get::<_, String>(2)?),
                user_id: id(row, 3)?,
                operation: row.get(4)?,
                subject: row.get(5)?,
                changes,
            };
            waiting.push(Waiting { changeset, seen, again: row.get(6)? });
        }
        Ok(waiting)
    }

    /// All that the hub has not taken and nobody gave up, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unsent(&self) -> Result<Vec<Changeset>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("unsent.sql"))?;
        let mut rows = statement.query([])?;
        let mut unsent = Vec::new();
        while let Some(row) = rows.next()? {
            unsent.push(Changeset {
                id: id(row, 1)?,
                at: instant(&row.get::<_, String>(2)?),
                user_id: id(row, 3)?,
                operation: row.get(4)?,
                subject: row.get(5)?,
                changes: changes_of(&reader, row.get(0)?)?.0,
            });
        }
        Ok(unsent)
    }

    /// What waits for the hub, newest first: up to so many changesets, with the first of their
    /// changes and how many these are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting(&self, most: usize) -> Result<Vec<(Changeset, u64)>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("newest_waiting.sql"))?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = statement.query(named_params! { ":limit": limit })?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push(shown(&reader, row)?);
        }
        Ok(waiting)
    }

    /// A changeset of the log with the first of its changes, and how many these are.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn shown_changeset(&self, changeset_id: Id) -> Result<(Changeset, u64)> {
        let reader = self.reader()?;
        let sql = "select seq, id, at, user_id, operation, subject from changeset where id = ?";
        let mut statement = reader.prepare_cached(sql)?;
        let mut rows = statement.query([changeset_id.0])?;
        let row = rows.next()?;
        shown(&reader, row.ok_or_else(|| StoreError::NotFound { entity: "changeset".into() })?)
    }

    /// How many changesets wait for the hub.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_waiting(&self) -> Result<u64> {
        let sql = "select count(*) from changeset where push_state in ('waiting', 'sent') and push_state <> 'confirmed'";
        Ok(self.reader()?.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// What the hub did not take and nobody decided about, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rejections(&self) -> Result<Vec<Rejection>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("rejections.sql"))?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let refusal: String = row.get(4)?;
            found.push(Rejection {
                changeset_id: id(row, 0)?,
                at: instant(&row.get::<_, String>(1)?),
                operation: row.get(2)?,
                subject: row.get(3)?,
                refusal: serde_json::from_str(&refusal)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?,
            });
        }
        Ok(found)
    }

    /// A changeset of the log with its changes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn changeset(&self, changeset_id: Id) -> Result<Changeset> {
        let reader = self.reader()?;
        let sql = "select seq, at, user_id, operation, subject from changeset where id = ?";
        let found = reader
            .prepare_cached(sql)?
            .query_row([changeset_id.0], |row| {
                let changeset = Changeset {
                    id: changeset_id,
                    at: instant(&row.get::<_, String>(1)?),
                    user_id: id(row, 2)?,
                    operation: row.get(3)?,
                    subject: row.get(4)?,
                    changes: Vec::new(),
                };
                Ok((row.get::<_, i64>(0)?, changeset))
            })
            .optional()?;
        let (seq, mut changeset) =
            found.ok_or_else(|| StoreError::NotFound { entity: "changeset".into() })?;
        changeset.changes = changes_of(&reader, seq)?.0;
        Ok(changeset)
    }
}

impl Tx<'_> {
    /// The hub took a changeset, or found that it had it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn confirm(&mut self, changeset_id: Id) -> Result<()> {
        let sql = "update changeset set push_state = 'confirmed' where id = ?";
        self.transaction.prepare_cached(sql)?.execute([changeset_id.0])?;
        Ok(())
    }

    /// The hub did not take a changeset: it is kept with the reason until its user decides. Its
    /// records are put back by what the hub answered, see [`Tx::receive`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn reject(&mut self, changeset_id: Id, refusal: &Refusal, at: Instant) -> Result<()> {
        let sql = "update changeset set push_state = 'rejected' where id = ? returning seq";
        let seq: Option<i64> = self
            .transaction
            .prepare_cached(sql)?
            .query_row([changeset_id.0], |row| row.get(0))
            .optional()?;
        let refusal = serde_json::to_string(refusal)
            .map_err(|error| StoreError::Constraint(error.to_string()))?;
        let sql = "insert into rejection (changeset_seq, refusal, rejected_at) values (?, ?, ?) on conflict do nothing";
        self.transaction.prepare_cached(sql)?.execute((seq, refusal, at.to_string()))?;
        Ok(())
    }

    /// The user decided about a rejected changeset: gave it up, or made it once more by another.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn handle_rejection(
        &mut self,
        changeset_id: Id,
        made_again: Option<Id>,
        at: Instant,
    ) -> Result<()> {
        let sql = "update rejection set handled_at = ?, made_again = ? where changeset_seq = (select seq from changeset where id = ?)";
        let made_again = made_again.map(|id| id.0);
        let decided = (at.to_string(), made_again, changeset_id.0);
        self.transaction.prepare_cached(sql)?.execute(decided)?;
        self.forget_gone(changeset_id)
    }

    /// A changeset was taken back by another. What it had made once more is to be decided again; or
    /// it had itself taken that back, and now it is made once more after all.
    pub(crate) fn reopen_rejection(&self, taken_back: Id, by: &Changeset) -> Result<()> {
        // One whose content went since, as it was given up, has nothing to decide any more.
        let sql = "update rejection set handled_at = null where made_again = ? and exists (select 1 from change where change.changeset_seq = rejection.changeset_seq)";
        self.transaction.prepare_cached(sql)?.execute([taken_back.0])?;
        let again = (by.at.to_string(), by.id.0, taken_back.0);
        self.transaction.prepare_cached(include_str!("made_again.sql"))?.execute(again)?;
        Ok(())
    }

    /// A setting of this device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn local(&self, name: &str) -> Result<Option<String>> {
        let sql = "select value from local_setting where name = ?";
        let mut statement = self.transaction.prepare_cached(sql)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Keeps a setting of this device together with what else is written.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_local(&mut self, name: &str, value: &str) -> Result<()> {
        let sql = "insert into local_setting values (?, ?) on conflict do update set value = excluded.value";
        self.transaction.prepare_cached(sql)?.execute((name, value))?;
        Ok(())
    }
}
