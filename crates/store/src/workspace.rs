//! The data folder: the database, how its key is kept, and who has it open.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    DataKey, Protection, Result, Store, StoreError, backup::remove_database, connection, key,
};

/// A data folder.
#[derive(Clone, Debug)]
pub struct Workspace {
    folder: PathBuf,
}

/// The lock of an open workspace.
pub(crate) struct OpenLock {
    file: fs::File,
    /// Whether nobody else had the workspace open.
    pub(crate) first: bool,
}

impl OpenLock {
    pub(crate) fn file(&self) -> &fs::File {
        &self.file
    }

    /// Whether nobody else has the workspace open now.
    pub(crate) fn is_last(&self) -> bool {
        let alone = self.file.try_lock().is_ok();
        // It was held before: it is got again, or the file system has none.
        let _ = self.file.try_lock_shared();
        alone
    }
}

/// What a data folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// No workspace.
    Missing,
    /// One whose key is in the keyring.
    Keyring,
    /// One that a passphrase opens.
    Passphrase,
}

impl Workspace {
    /// The folder; nothing is opened or made yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("kontor.db")
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.join("key.json")
    }

    /// What the folder holds.
    ///
    /// # Errors
    /// When the key file is damaged or unreadable.
    pub fn presence(&self) -> Result<Presence> {
        if self.is_wiping() {
            let _lock = self.lock_alone()?;
            self.finish_wipe()?;
        }
        if self.is_restoring() {
            let _lock = self.lock_alone()?;
            self.finish_restore()?;
        }
        match (self.database().exists(), self.key_file().exists()) {
            (false, _) => Ok(Presence::Missing),
            (true, false) => Err(StoreError::KeyDamaged(self.key_file())),
            (true, true) => Ok(match self.protection()? {
                Protection::Keyring { .. } => Presence::Keyring,
                Protection::Passphrase(_) => Presence::Passphrase,
            }),
        }
    }

    /// Makes the folder's workspace, empty, and opens it.
    ///
    /// # Errors
    /// When there is one already, the folder cannot be written, or there is no keyring and no
    /// passphrase.
    pub fn create(&self, passphrase: Option<&str>) -> Result<Store> {
        make_private_folder(&self.folder)?;
        let alone = self.lock_alone()?;
        self.forget_wipe()?;
        if self.database().exists() {
            return Err(StoreError::Exists(self.folder.clone()));
        }
        let data_key = DataKey::generate()?;
        self.keep(&protect(&data_key, passphrase)?)?;
        // A database appears in its place only whole.
        let unborn = self.folder.join("new.db");
        remove_database(&unborn);
        connection::create(&unborn, &data_key).inspect_err(|_| remove_database(&unborn))?;
        fs::rename(&unborn, self.database())
            .map_err(|error| StoreError::io(&self.folder, error))?;
        drop(alone);
        Store::open(&self.database(), data_key, self.lock_with_others()?)
    }

    /// Opens the folder's workspace.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when it needs a passphrase and none is given.
    pub fn open(&self, passphrase: Option<&str>) -> Result<Store> {
        if self.presence()? == Presence::Missing {
            return Err(StoreError::Missing(self.folder.clone()));
        }
        let lock = self.lock_with_others()?;
        Store::open(&self.database(), self.data_key(passphrase)?, lock)
    }

    /// The lock that everyone holds who has the workspace open, window and command line side by
    /// side; and whether nobody else held it.
    pub(crate) fn lock_with_others(&self) -> Result<OpenLock> {
        let file = self.lock_file()?;
        let first = file.try_lock().is_ok();
        for attempt in 0.. {
            match file.try_lock_shared() {
                Ok(()) => break,
                // Somebody else is looking whether they are the first, which takes no time.
                Err(fs::TryLockError::WouldBlock) if attempt < 20 => {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
                Err(fs::TryLockError::WouldBlock) => return Err(StoreError::Busy),
                // A file system without locks: SQLite's own have to do.
                Err(fs::TryLockError::Error(_)) => return Ok(OpenLock { file, first: true }),
            }
        }
        Ok(OpenLock { file, first })
    }

    /// The lock of whoever puts another database in this one's place.
    pub(crate) fn lock_alone(&self) -> Result<fs::File> {
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(StoreError::Busy),
            Err(fs::TryLockError::Error(_)) => Ok(file),
        }
    }

    fn lock_file(&self) -> Result<fs::File> {
        let path = self.folder.join("lock");
        private_file(&path).map_err(|error| StoreError::io(path, error))
    }

    /// Keeps the key another way: by a passphrase, or in the keyring. The database stays as it
    /// is.
    ///
    /// # Errors
    /// When the present passphrase is wrong, or there is no keyring.
    pub fn protect(&self, current: Option<&str>, new: Option<&str>) -> Result<()> {
        let before = self.protection()?;
        let data_key = self.data_key(current)?;
        self.keep(&protect(&data_key, new)?)?;
        if let Protection::Keyring { account } = before {
            key::forget(&account);
        }
        Ok(())
    }

    pub(crate) fn data_key(&self, passphrase: Option<&str>) -> Result<DataKey> {
        match (self.protection()?, passphrase) {
            (Protection::Keyring { account }, _) => DataKey::from_keyring(&account),
            (Protection::Passphrase(_), None) => Err(StoreError::Locked),
            (Protection::Passphrase(wrapped), Some(passphrase)) => {
                wrapped.unwrap_key(passphrase, &self.key_file())
            }
        }
    }

    pub(crate) fn protection(&self) -> Result<Protection> {
        let file = self.key_file();
        let text = fs::read_to_string(&file).map_err(|error| StoreError::io(&file, error))?;
        serde_json::from_str(&text).map_err(|_| StoreError::KeyDamaged(file))
    }

    /// Writes the key file so that a crash leaves the old or the new one whole.
    pub(crate) fn keep(&self, protection: &Protection) -> Result<()> {
        write_whole(&self.key_file(), protection.to_json()?.as_bytes())
    }
}

fn protect(data_key: &DataKey, passphrase: Option<&str>) -> Result<Protection> {
    match passphrase {
        Some(passphrase) => Ok(Protection::Passphrase(data_key.wrap(passphrase)?)),
        None => data_key.store_in_keyring(),
    }
}

/// Writes a file beside its place and moves it there: whole or not at all.
///
/// # Errors
/// When the file cannot be written; an older one is as it was then.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let beside = path.with_extension("new");
    let failed = |error| StoreError::io(path, error);
    let mut file = private_file(&beside).map_err(failed)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    Ok(())
}

/// What was renamed or removed in a folder outlives a power cut.
pub(crate) fn sync_folder(folder: &Path) {
    // Not every file system can sync a folder; what was done is done.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// Makes or empties a file that only its owner may read.
pub(crate) fn private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StoreError::io(folder, error))
}
