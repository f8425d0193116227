//! The state of number ranges; how numbers look is the domain's.

use rusqlite::Connection;

use crate::Result;

/// Takes the next number of a range; each is given once, whatever is undone later.
pub(crate) fn next(connection: &Connection, kind: &str, year: i32) -> Result<i64> {
    let mut statement = connection.prepare_cached(
        "insert into number_range (kind, year, next) values (?, ?, 2)
         on conflict do update set next = next + 1 returning next - 1",
    )?;
    Ok(statement.query_row((kind, year), |row| row.get(0))?)
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
