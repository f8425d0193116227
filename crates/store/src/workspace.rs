//! The data folder: the database, how its key is kept, and who has it open.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{DataKey, Protection, Result, Store, StoreError, key};

/// A data folder.
#[derive(Clone, Debug)]
pub struct Workspace {
    folder: PathBuf,
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
        if self.database().exists() {
            return Err(StoreError::Exists(self.folder.clone()));
        }
        make_private_folder(&self.folder)?;
        let data_key = DataKey::generate()?;
        self.keep(&protect(&data_key, passphrase)?)?;
        Store::open(&self.database(), data_key)
    }

    /// Opens the folder's workspace.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when it needs a passphrase and none is given.
    pub fn open(&self, passphrase: Option<&str>) -> Result<Store> {
        if self.presence()? == Presence::Missing {
            return Err(StoreError::Missing(self.folder.clone()));
        }
        Store::open(&self.database(), self.data_key(passphrase)?)
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
        let text = serde_json::to_string_pretty(protection)
            .map_err(|error| StoreError::Crypto(error.to_string()))?;
        write_whole(&self.key_file(), text.as_bytes())
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
        // Not every file system can sync a folder; the rename itself is done.
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
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
