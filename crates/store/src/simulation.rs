//! What a simulation needs of the store and nobody else: workspaces that open at once, a death at
//! a commit, a look at what should not be there. Only in the simulation's build; a store that is
//! not asked behaves as it always does.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, Ordering::Relaxed},
};

use domain::Id;

use crate::{
    DataKey, Protection, Result, Store, StoreError, Workspace, connection,
    workspace::make_private_folder,
};

/// When the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Just before a commit: nothing of it is kept.
    Before,
    /// Just after it: it is kept, and nobody was told.
    After,
}

/// Counts down to a death, in half commits; below zero nothing happens.
pub(crate) struct Fate(AtomicI64);

/// It died: whatever comes now fails.
const DEAD: i64 = 0;

impl Default for Fate {
    fn default() -> Self {
        Self(AtomicI64::new(-1))
    }
}

impl Fate {
    /// One half of a commit: before it, or after it.
    pub(crate) fn passes(&self) -> Result<()> {
        match self.0.load(Relaxed) {
            DEAD => Err(StoreError::Stopped),
            1 => {
                self.0.store(DEAD, Relaxed);
                Err(StoreError::Stopped)
            }
            left if left > 1 => {
                self.0.store(left - 1, Relaxed);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

thread_local! {
    static IGNORES_VERSIONS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Plants a bug in this thread's stores: what comes is taken whether or not it is newer.
pub fn ignore_versions(ignores: bool) {
    IGNORES_VERSIONS.set(ignores);
}

pub(crate) fn ignores_versions() -> bool {
    IGNORES_VERSIONS.get()
}

impl Store {
    /// Lets the process die at the n-th commit from now, counted from 1.
    pub fn die_at_commit(&self, nth: u32, death: Death) {
        let half = match death {
            Death::Before => 1,
            Death::After => 2,
        };
        self.fate.0.store(2 * (i64::from(nth.max(1)) - 1) + half, Relaxed);
    }

    /// Whether it died.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.fate.0.load(Relaxed) == DEAD
    }

    /// No death at all, if it has not come yet.
    pub fn live_on(&self) {
        if !self.is_dead() {
            self.fate.0.store(-1, Relaxed);
        }
    }

    /// The hub's versions of records as this laptop knows them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_versions(&self) -> Result<BTreeMap<Id, i64>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached("select record_id, version from synced")?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, uuid::Uuid>(0).map(Id)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Changes the tables as a later version may, or writes past everything.
    ///
    /// # Errors
    /// When it is no SQL.
    pub fn alter(&self, sql: &str) -> Result<()> {
        Ok(self.writer().execute_batch(sql)?)
    }

    /// What is kept aside: entity, version, fields as JSON.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_aside(&self) -> Result<BTreeMap<Id, (String, i64, String)>> {
        let reader = self.reader()?;
        let sql = "select record_id, entity, version, state from kept_aside";
        let mut statement = reader.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let id = row.get::<_, uuid::Uuid>(0).map(Id)?;
            Ok((id, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a changeset that was rejected was decided about; none if it was not rejected.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_rejected(&self, changeset_id: Id) -> Result<Option<bool>> {
        let sql = "select handled_at is not null from rejection join changeset on seq = changeset_seq where id = ?";
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(sql)?;
        let mut rows = statement.query([changeset_id.0])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// Records that the change log names though they are not here, with the state of the changeset
    /// that names them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn named_in_log(&self) -> Result<Vec<(String, Id, String)>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("simulation/named.sql"))?;
        let rows = statement.query_map([], |row| {
            Ok((row.get(0)?, row.get::<_, uuid::Uuid>(1).map(Id)?, row.get(2)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Workspace {
    /// Makes the folder's workspace with this key, which is kept nowhere.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn create_with(&self, key: &DataKey) -> Result<Store> {
        make_private_folder(self.folder())?;
        self.keep(&Protection::Keyring { account: "simulation".into() })?;
        connection::create(&self.database(), key)?;
        self.open_with(key)
    }

    /// Opens it, without waiting for the disk at commits.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_with(&self, key: &DataKey) -> Result<Store> {
        let store = Store::open(&self.database(), key.clone(), self.lock_with_others()?)?;
        store.writer().execute_batch("pragma synchronous = off")?;
        Ok(store)
    }
}
