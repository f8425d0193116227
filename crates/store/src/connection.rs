//! One encrypted connection, opened the same way everywhere.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, functions::FunctionFlags};

use crate::{DataKey, Result, StoreError};

mod migrations {
    refinery::embed_migrations!("../../migrations/laptop");
}

/// The newest schema that this binary knows.
pub(crate) fn known_schema() -> i64 {
    migrations::migrations::runner()
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()))
        .max()
        .unwrap_or(0)
}

/// Pages that a connection keeps in memory, in KiB; there are up to four connections.
pub(crate) const CACHE: i64 = 16_000;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The one that writes; makes the file when there is none.
    Write,
    /// One of those that read.
    Read,
}

/// Opens the database with its key.
pub(crate) fn open(path: &Path, key: &DataKey, purpose: Purpose) -> Result<Connection> {
    let flags = match purpose {
        Purpose::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        // WAL readers need to write the shared-memory index; `query_only` keeps them readers.
        Purpose::Read => OpenFlags::SQLITE_OPEN_READ_WRITE,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    key.apply(&connection)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(())).map_err(
        |error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::Foreign(path.into()),
            _ => error.into(),
        },
    )?;
    connection.execute_batch(
        "pragma cipher_log_level = none; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
         pragma temp_store = memory;",
    )?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    if purpose == Purpose::Read {
        connection.execute_batch("pragma query_only = on;")?;
    }
    connection.set_prepared_statement_cache_capacity(128);
    connection.create_scalar_function(
        "fold",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(domain::fold(context.get_raw(0).as_str().unwrap_or_default())),
    )?;
    Ok(connection)
}

/// Brings the schema up to what this binary knows; refuses a newer one untouched.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    let known = known_schema();
    let found: i64 = connection
        .query_row("select coalesce(max(version), 0) from refinery_schema_history", [], |row| {
            row.get(0)
        })
        .unwrap_or(0);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found < known {
        migrations::migrations::runner()
            .run(connection)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
    }
    Ok(())
}
