//! Counters that the store keeps in the database.

use rusqlite::Connection;

use crate::Result;

/// How many loads wrote records without a log.
pub(crate) fn fill(connection: &Connection) -> Result<i64> {
    let mut statement =
        connection.prepare_cached("select value from counter where name = 'fill'")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Notes such a load: what other connections keep in memory is old after it.
pub(crate) fn note_fill(connection: &Connection) -> Result<()> {
    connection.execute("update counter set value = value + 1 where name = 'fill'", [])?;
    Ok(())
}

/// The next number of a counter that begins at `first` and never goes back.
pub(crate) fn next(connection: &Connection, name: &str, first: u32) -> Result<u32> {
    let mut statement = connection.prepare_cached(
        "insert into counter (name, value) values (?, ?)
         on conflict do update set value = value + 1
         returning value",
    )?;
    Ok(statement.query_row((name, first), |row| row.get(0))?)
}
