//! Loads many records at once, without a change log: demo data, and a hub's snapshot.

use std::collections::{HashMap, HashSet};

use domain::Record;
use rusqlite::{Connection, Statement, TransactionBehavior};

use crate::{
    Result, Store, StoreError, bind, counter, number, row, search, search::Kind, store, summary,
};

/// Pages kept in memory while loading, in KiB: indexes are written all over.
pub(crate) const CACHE: i64 = 128_000;

impl Store {
    /// Fills the database without a change log. All of it is committed, or nothing. Records
    /// that hang on another one (a customer's addresses, a quote's lines) are loaded with it.
    ///
    /// # Errors
    /// Those of `load`; then nothing was changed.
    pub fn bulk<T, E: From<StoreError>>(
        &self,
        load: impl FnOnce(&mut Loader<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut writer = self.writer();
        set_cache(&writer, CACHE)?;
        let answer = fill(&mut writer, load);
        set_cache(&writer, crate::connection::CACHE)?;
        answer
    }
}

pub(crate) fn set_cache(connection: &Connection, kib: i64) -> Result<()> {
    Ok(connection.pragma_update(None, "cache_size", -kib)?)
}

fn fill<T, E: From<StoreError>>(
    writer: &mut Connection,
    load: impl FnOnce(&mut Loader<'_>) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let transaction = writer
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StoreError::from)?;
    let mut firsts = firsts(&transaction)?;
    let indexes = drop_indexes_if_empty(&transaction, &firsts)?;
    let mut loader =
        Loader { connection: &transaction, statements: HashMap::new(), loaded: HashSet::new() };
    let answer = load(&mut loader)?;
    firsts.retain(|(kind, _)| loader.loaded.contains(kind.table()));
    drop(loader);
    finish(&transaction, &firsts, indexes)?;
    transaction.commit().map_err(StoreError::from)?;
    Ok(answer)
}

/// The kinds that are searched, with the `seq` that their next record gets.
pub(crate) fn firsts(connection: &Connection) -> Result<Vec<(Kind, i64)>> {
    Kind::ALL.into_iter().map(|kind| Ok((kind, next_seq(connection, kind.table())?))).collect()
}

/// Into an empty database indexes are made afterwards, sorted: much faster than row by row.
pub(crate) fn drop_indexes_if_empty(
    connection: &Connection,
    firsts: &[(Kind, i64)],
) -> Result<Vec<String>> {
    match firsts.iter().all(|(_, first)| *first == 1) {
        true => drop_indexes(connection),
        false => Ok(Vec::new()),
    }
}

/// Makes what hangs on records that were loaded: indexes, summaries, search.
pub(crate) fn finish(
    connection: &Connection,
    firsts: &[(Kind, i64)],
    indexes: Vec<String>,
) -> Result<()> {
    for index in indexes {
        connection.execute_batch(&index)?;
    }
    if let Some((_, first)) = firsts.iter().find(|(kind, _)| *kind == Kind::Customer) {
        summary::from(connection, *first)?;
    }
    search::index_from(connection, firsts)?;
    counter::note_fill(connection)
}

/// Drops the indexes of records; returns how to make them again.
fn drop_indexes(connection: &Connection) -> Result<Vec<String>> {
    let sql =
        "select name, tbl_name, sql from sqlite_schema where type = 'index' and sql is not null";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let found: Vec<(String, String, String)> = found.collect::<rusqlite::Result<_>>()?;
    let mut made = Vec::new();
    for (name, table, sql) in found {
        if row::table(&table).is_ok() {
            connection.execute_batch(&format!("drop index {name}"))?;
            made.push(sql);
        }
    }
    Ok(made)
}

fn next_seq(connection: &Connection, table: &str) -> Result<i64> {
    let sql = format!("select coalesce(max(seq), 0) + 1 from {table}");
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// Writes rows as fast as SQLite takes them.
pub struct Loader<'a> {
    connection: &'a Connection,
    statements: HashMap<&'static str, Statement<'a>>,
    loaded: HashSet<&'static str>,
}

impl Loader<'_> {
    /// Adds a record as it is, stamps included.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn insert<R: Record>(&mut self, record: &R) -> Result<()> {
        if !self.statements.contains_key(R::ENTITY) {
            let sql = store::insert_sql(R::ENTITY, &bind::columns(record)?)?;
            self.statements.insert(R::ENTITY, self.connection.prepare(&sql)?);
            self.loaded.insert(row::table(R::ENTITY)?);
        }
        if let Some(statement) = self.statements.get_mut(R::ENTITY) {
            bind::record(record, statement)?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// The state of a number range, so that numbers go on behind those of the loaded records.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn set_next_number(&mut self, kind: &str, year: i32, next: i64) -> Result<()> {
        number::set_next(self.connection, kind, year, next)
    }
}
