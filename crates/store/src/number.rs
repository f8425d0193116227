//! The state of number ranges; how numbers look is the domain's.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store, StoreError, transact::Tx};

/// A number that was taken from a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// From the range that all devices share, or from the block of it that the hub leased.
    Shared(i64),
    /// The leased block is used up: counted by this device alone. The device's code has to
    /// stand in the number, `AN-2026-<device>-0001`.
    Own(i64),
}

impl Tx<'_> {
    /// Takes the next number of a range; it is given once, whatever is undone later.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_number(&mut self, kind: &str, year: i32) -> Result<Taken> {
        take(&self.transaction, kind, year)
    }

    /// What tells this device's own numbers from those of others: four letters and digits that
    /// cannot be mistaken for each other, chosen at random when they are first needed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn device_code(&mut self) -> Result<String> {
        let mut code = [0; 4];
        getrandom::fill(&mut code).map_err(|error| StoreError::Crypto(error.to_string()))?;
        let code: String = code
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
            .collect();
        // The one that is there stays.
        let sql = "insert into local_setting values ('device_code', ?)
             on conflict do update set value = value returning value";
        Ok(self.transaction.prepare_cached(sql)?.query_row([code], |row| row.get(0))?)
    }
}

/// Without 0, 1, I, O and U: what people read aloud and write by hand.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// See [`Tx::give_numbers_up`].
pub(crate) fn give_up(connection: &Connection) -> Result<()> {
    connection.execute("update number_range set last = next - 1 where last is not null", [])?;
    connection.execute("delete from local_setting where name = 'device_code'", [])?;
    Ok(())
}

fn take(connection: &Connection, kind: &str, year: i32) -> Result<Taken> {
    let shared: Option<i64> = connection
        .prepare_cached(
            "insert into number_range (kind, year, next) values (?, ?, 2)
             on conflict do update set next = next + 1 where last is null or next <= last
             returning next - 1",
        )?
        .query_row(params![kind, year], |row| row.get(0))
        .optional()?;
    if let Some(number) = shared {
        return Ok(Taken::Shared(number));
    }
    let mut statement = connection.prepare_cached(
        "update number_range set next_own = next_own + 1 where kind = ? and year = ?
         returning next_own - 1",
    )?;
    Ok(Taken::Own(statement.query_row(params![kind, year], |row| row.get(0))?))
}

/// Lets a range go on from here, never back.
pub(crate) fn set_next(connection: &Connection, kind: &str, year: i32, next: i64) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "insert into number_range (kind, year, next) values (?, ?, ?)
         on conflict do update set next = max(next, excluded.next)",
    )?;
    statement.execute((kind, year, next))?;
    Ok(())
}

impl Store {
    /// How a range stands: its next number, and the last one of the block that the hub leased;
    /// none while it counts without end. No range, no answer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn number_range(&self, kind: &str, year: i32) -> Result<Option<(i64, Option<i64>)>> {
        let reader = self.reader()?;
        let sql = "select next, last from number_range where kind = ? and year = ?";
        let mut statement = reader.prepare_cached(sql)?;
        let found = statement.query_row((kind, year), |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }
}

impl Tx<'_> {
    /// Lets a range of a workspace that has a hub begin without a block: until the hub leases one,
    /// its numbers carry the device's code.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_leased(&mut self, kind: &str, year: i32) -> Result<()> {
        let sql = "insert into number_range (kind, year, next, last) values (?, ?, 1, 0) on conflict do nothing";
        self.transaction.prepare_cached(sql)?.execute((kind, year))?;
        Ok(())
    }

    /// Leaves leased blocks and the device's code to the database that this one is a copy of: both
    /// would give the same numbers.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn give_numbers_up(&mut self) -> Result<()> {
        give_up(&self.transaction)
    }

    /// Counts on in a block that the hub leased to this device: from `first` to `last`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn lease_numbers(&mut self, kind: &str, year: i32, first: i64, last: i64) -> Result<()> {
        let sql = "insert into number_range (kind, year, next, last) values (?, ?, ?, ?)
             on conflict do update set next = excluded.next, last = excluded.last";
        self.transaction.prepare_cached(sql)?.execute((kind, year, first, last))?;
        Ok(())
    }
}
