//! The open database: one connection that writes, a few that read.

use std::{
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{Id, Record};
use rusqlite::Connection;

use crate::{
    DataKey, Result, StoreError,
    connection::{self, Purpose},
    list::Sheets,
    row, search,
    transact::Tx,
    workspace::OpenLock,
};

/// How many readers are kept open.
const READERS: usize = 3;

/// An open workspace database. Usable from any thread.
pub struct Store {
    path: PathBuf,
    pub(crate) key: DataKey,
    /// Held while it is open, so that no other database is put in its place.
    lock: OpenLock,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    pub(crate) sheets: Sheets,
    pub(crate) search_memory: search::Memory,
    #[cfg(feature = "simulation")]
    pub(crate) fate: crate::simulation::Fate,
}

/// A reading connection on loan.
pub(crate) struct Reader<'a> {
    connection: Option<Connection>,
    store: &'a Store,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    #[expect(clippy::expect_used, reason = "it is only taken when the loan ends")]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("a reader on loan has its connection")
    }
}

impl DerefMut for Reader<'_> {
    #[expect(clippy::expect_used, reason = "it is only taken when the loan ends")]
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a reader on loan has its connection")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut readers = lock(&self.store.readers);
            if readers.len() < READERS {
                readers.push(connection);
            }
        }
    }
}

/// A mutex whose holder panicked still guards whole data: SQLite rolled its transaction back.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    pub(crate) fn open(path: &Path, key: DataKey, lock: OpenLock) -> Result<Self> {
        let mut writer = connection::open(path, &key, Purpose::Write)?;
        connection::migrate(&mut writer)?;
        Ok(Self {
            path: path.into(),
            key,
            lock,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            sheets: Sheets::default(),
            search_memory: search::Memory::default(),
            #[cfg(feature = "simulation")]
            fate: crate::simulation::Fate::default(),
        })
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nobody else had the workspace open when this one opened it.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.lock.first
    }

    /// Whether nobody else has the workspace open now.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.lock.is_last()
    }

    pub(crate) fn open_lock(&self) -> &OpenLock {
        &self.lock
    }

    /// Closes the database, and leaves its lock held.
    pub(crate) fn close(self) -> OpenLock {
        self.lock
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }

    pub(crate) fn reader(&self) -> Result<Reader<'_>> {
        let kept = lock(&self.readers).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connection::open(&self.path, &self.key, Purpose::Read)?,
        };
        Ok(Reader { connection: Some(connection), store: self })
    }

    /// One user action: everything that `act` does is committed, or nothing.
    ///
    /// # Errors
    /// Those of `act`; then nothing was changed.
    pub fn transact<T, E: From<StoreError>>(
        &self,
        act: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut writer = self.writer();
        let transaction = writer
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let mut tx = Tx::new(transaction);
        let answer = act(&mut tx)?;
        #[cfg(feature = "simulation")]
        self.fate.passes()?;
        tx.commit()?;
        #[cfg(feature = "simulation")]
        self.fate.passes()?;
        Ok(answer)
    }

    /// Many reads of one moment. What it writes fails.
    ///
    /// # Errors
    /// Those of `look`.
    pub fn look<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut reader = self.reader()?;
        let snapshot = reader.transaction().map_err(StoreError::from)?;
        look(&mut Tx::new(snapshot))
    }

    /// The record, deleted or not.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn get<R: Record>(&self, id: Id) -> Result<R> {
        get(&*self.reader()?, id)
    }

    /// All living records of a small set.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all<R: Record>(&self) -> Result<Vec<R>> {
        let reader = self.reader()?;
        let table = row::table(R::ENTITY)?;
        let mut statement = reader.prepare_cached(&format!(
            "select * from {table} where deleted_at is null order by seq"
        ))?;
        let mut rows = statement.query([])?;
        collect(&mut rows)
    }

    /// All living records whose column holds this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn by<R: Record>(&self, column: &str, id: Id) -> Result<Vec<R>> {
        by(&*self.reader()?, column, id)
    }
}

pub(crate) fn insert_sql<S: AsRef<str>>(entity: &str, columns: &[S]) -> Result<String> {
    let table = row::table(entity)?;
    let names =
        columns.iter().map(|name| row::column(name.as_ref())).collect::<Result<Vec<_>>>()?;
    let marks = vec!["?"; names.len()];
    Ok(format!("insert into {table} ({}) values ({})", names.join(", "), marks.join(", ")))
}

pub(crate) fn get<R: Record>(connection: &Connection, id: Id) -> Result<R> {
    let table = row::table(R::ENTITY)?;
    let mut statement =
        connection.prepare_cached(&format!("select * from {table} where id = ?"))?;
    let mut rows = statement.query([id.0])?;
    match rows.next()? {
        Some(found) => row::record(found),
        None => Err(StoreError::NotFound { entity: R::ENTITY.into() }),
    }
}

/// In the order in which they were made: it is the same on every laptop, however they came.
pub(crate) fn by<R: Record>(connection: &Connection, column: &str, id: Id) -> Result<Vec<R>> {
    let (table, column) = (row::table(R::ENTITY)?, row::column(column)?);
    let mut statement = connection.prepare_cached(&format!(
        "select * from {table} where {column} = ? and deleted_at is null order by created_at, id"
    ))?;
    let mut rows = statement.query([id.0])?;
    collect(&mut rows)
}

pub(crate) fn collect<R: Record>(rows: &mut rusqlite::Rows<'_>) -> Result<Vec<R>> {
    let mut records = Vec::new();
    while let Some(found) = rows.next()? {
        records.push(row::record(found)?);
    }
    Ok(records)
}

impl Store {
    /// How many living records of a kind there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, entity: &str) -> Result<u64> {
        let table = row::table(entity)?;
        let sql = format!("select count(*) from {table} where deleted_at is null");
        Ok(self.reader()?.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
    }
}
