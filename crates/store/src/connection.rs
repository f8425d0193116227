//! One encrypted connection, opened the same way everywhere.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, functions::FunctionFlags};

use crate::{DataKey, Result, StoreError, workspace::private_file};

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
    if purpose == Purpose::Write && !path.exists() {
        // SQLite would make it readable for others; its WAL takes over who may read it.
        private_file(path).map_err(|error| StoreError::io(path, error))?;
    }
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| StoreError::from(error).with_path(path))?;
    key.apply(&connection)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection
        .query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
        .map_err(|error| StoreError::from(error).with_path(path))?;
    // A committed edit survives a power cut: FULL. Freed pages are not overwritten
    // (`secure_delete`): what is on the disk is encrypted either way. SQLCipher does not map
    // pages into memory.
    connection
        .execute_batch(
            "pragma cipher_log_level = none;
             pragma journal_mode = wal;
             pragma synchronous = full;
             pragma foreign_keys = on;
             pragma temp_store = memory;
             pragma journal_size_limit = 16000000;",
        )
        .map_err(|error| StoreError::from(error).with_path(path))?;
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

/// Makes a database with its schema and closes it.
pub(crate) fn create(path: &Path, key: &DataKey) -> Result<()> {
    let mut connection = open(path, key, Purpose::Write)?;
    migrate(&mut connection)?;
    connection.close().map_err(|(_, error)| error.into())
}

/// Brings the schema up to what this binary knows. One that a newer binary made is opened as it
/// is when its migrations allow that, else refused untouched.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    let known = known_schema();
    let is_new: bool = connection.query_row(
        "select not exists (select 1 from sqlite_schema where name = 'schema_compat')",
        [],
        |row| row.get(0),
    )?;
    let (found, min_reader): (i64, i64) = match is_new {
        true => (0, 0),
        false => connection.query_row(
            "select coalesce(max(version), 0), coalesce(max(min_reader), 0) from schema_compat",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?,
    };
    if min_reader > known {
        return Err(StoreError::Newer { found, known });
    }
    if found >= known {
        return Ok(());
    }
    // All of them or none; SQLite keeps a second process out meanwhile.
    migrations::migrations::runner().set_grouped(true).run(connection).map(|_| ()).map_err(
        |error| match error.kind() {
            refinery::error::Kind::DivergentVersion(..)
            | refinery::error::Kind::MissingVersion(..) => {
                StoreError::Foreign("The database".into())
            }
            _ => match std::error::Error::source(&error).and_then(|source| source.downcast_ref()) {
                Some(rusqlite::Error::SqliteFailure(failure, message)) => {
                    rusqlite::Error::SqliteFailure(*failure, message.clone()).into()
                }
                _ => StoreError::Damaged(error.to_string()),
            },
        },
    )
}
