//! What sync did, for people: the last rounds that did something.

use chrono::TimeDelta;
use commands::view::RoundView;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::{Result, Store, StoreError, log::instant};

/// So many are kept.
const KEPT: i64 = 50;
/// Rounds that follow each other closely are one to people.
const TOGETHER: TimeDelta = TimeDelta::seconds(60);

impl Store {
    /// The last rounds, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rounds(&self) -> Result<Vec<RoundView>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("rounds.sql"))?;
        let rows = statement.query_map([], |row| Ok(round(row)?.1))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps what a round did. One that did nothing and ended as the one before is left out; what
    /// follows closely on one that ended as well is added to it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_round(&self, done: &RoundView) -> Result<()> {
        let writer = self.writer();
        let last = last(&writer)?;
        let code = |one: &RoundView| one.failure.as_ref().map(|failure| failure.code.clone());
        let same = last.as_ref().filter(|(_, before)| code(before) == code(done));
        if !done.did_something() && (same.is_some() || (last.is_none() && done.failure.is_none())) {
            return Ok(());
        }
        if let Some((seq, before)) = same
            && before.did_something()
            && done.at.utc() - before.at.utc() < TOGETHER
        {
            return add(&writer, *seq, done);
        }
        insert(&writer, done)
    }
}

fn round(row: &Row<'_>) -> rusqlite::Result<(i64, RoundView)> {
    let failure: Option<String> = row.get(7)?;
    Ok((
        row.get(0)?,
        RoundView {
            at: instant(&row.get::<_, String>(1)?),
            sent: row.get(2)?,
            received: row.get(3)?,
            conflicts: row.get(4)?,
            rejected: row.get(5)?,
            mended: row.get(6)?,
            failure: failure.and_then(|text| serde_json::from_str(&text).ok()),
        },
    ))
}

fn last(connection: &Connection) -> Result<Option<(i64, RoundView)>> {
    let mut statement = connection.prepare_cached(include_str!("rounds.sql"))?;
    Ok(statement.query_row([], round).optional()?)
}

fn add(connection: &Connection, seq: i64, done: &RoundView) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("add_to_round.sql"))?;
    statement.execute(named_params! {
        ":seq": seq,
        ":sent": done.sent,
        ":received": done.received,
        ":conflicts": done.conflicts,
        ":rejected": done.rejected,
        ":mended": done.mended,
    })?;
    Ok(())
}

fn insert(connection: &Connection, done: &RoundView) -> Result<()> {
    let failure = done.failure.as_ref().map(serde_json::to_string).transpose();
    let failure = failure.map_err(|error| StoreError::Constraint(error.to_string()))?;
    let mut statement = connection.prepare_cached(include_str!("insert_round.sql"))?;
    statement.execute(named_params! {
        ":at": done.at.to_string(),
        ":sent": done.sent,
        ":received": done.received,
        ":conflicts": done.conflicts,
        ":rejected": done.rejected,
        ":mended": done.mended,
        ":failure": failure,
    })?;
    let sql = "delete from sync_round where seq <= (select max(seq) from sync_round) - ?";
    connection.prepare_cached(sql)?.execute([KEPT])?;
    Ok(())
}
