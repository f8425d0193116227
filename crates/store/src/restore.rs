//! Puts a backup in the workspace's place. Everything that can go wrong goes wrong beside it;
//! then a marker is written, and from there on a crash only delays what is left to do: moving
//! files, each of which can be tried again.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use domain::Instant;

use crate::{
    DataKey, Protection, Result, StoreError, Workspace,
    backup::{FORMAT, Header, check, remove_database, with_suffix},
    connection::{self, Purpose},
    number,
    workspace::{make_private_folder, private_file, write_whole},
};

/// Files of a restore that is under way.
const RESTORED: &str = "restored.db";
const RESTORED_KEY: &str = "restored.key.json";
/// Holds the name under which the former database is kept.
const MARKER: &str = "restore.json";

impl Workspace {
    /// Puts a backup's content in the workspace's place: unpacked beside it, opened, checked,
    /// then switched. The former database is kept beside it; its new name is returned.
    /// The key is kept by `protection_passphrase`, or in the keyring.
    ///
    /// # Errors
    /// When it is no backup, the passphrase is wrong, the content is damaged or too new, or the
    /// workspace is open; the present workspace is as it was then.
    pub fn restore(
        &self,
        file: &Path,
        passphrase: &str,
        protection_passphrase: Option<&str>,
    ) -> Result<Option<PathBuf>> {
        let _lock = self.prepare_restore(file, passphrase, protection_passphrase)?;
        self.finish_restore()
    }

    /// Everything up to the marker; returns the lock under which the restore is to be finished.
    pub(crate) fn prepare_restore(
        &self,
        file: &Path,
        passphrase: &str,
        protection_passphrase: Option<&str>,
    ) -> Result<fs::File> {
        let not_a_backup = || StoreError::NotABackup(file.into());
        let failed = |error| StoreError::io(file, error);
        let mut input = BufReader::new(fs::File::open(file).map_err(failed)?);
        let mut line = Vec::new();
        input.by_ref().take(64 * 1024).read_until(b'\n', &mut line).map_err(failed)?;
        let header: Header = serde_json::from_slice(&line).map_err(|_| not_a_backup())?;
        if header.format != FORMAT {
            return Err(not_a_backup());
        }
        let data_key = header.key.unwrap_key(passphrase, file)?;
        make_private_folder(self.folder())?;
        let lock = self.lock_alone()?;
        self.forget_wipe()?;
        let unpacked = self.folder().join(RESTORED);
        let prepared = unpack(&mut input, &unpacked)
            .and_then(|()| check_unpacked(&unpacked, &data_key))
            .and_then(|()| self.prepare_switch(&data_key, protection_passphrase));
        if let Err(error) = prepared {
            remove_database(&unpacked);
            return Err(error);
        }
        Ok(lock)
    }

    fn prepare_switch(&self, data_key: &DataKey, passphrase: Option<&str>) -> Result<()> {
        let protection = match passphrase {
            Some(passphrase) => Protection::Passphrase(data_key.wrap(passphrase)?),
            None => data_key.store_in_keyring()?,
        };
        write_whole(&self.folder().join(RESTORED_KEY), protection.to_json()?.as_bytes())?;
        let stamp = Instant::now().to_string().replace([':', '.'], "-");
        let aside = format!("before-restore-{stamp}.db");
        let marker =
            serde_json::to_string(&aside).map_err(|error| StoreError::Crypto(error.to_string()))?;
        write_whole(&self.folder().join(MARKER), marker.as_bytes())
    }

    /// Whether a restore was interrupted after its marker was written.
    pub(crate) fn is_restoring(&self) -> bool {
        self.folder().join(MARKER).exists()
    }

    /// Does what is left of a restore; the caller holds the lock. Returns where the former
    /// database is, if there was one.
    pub(crate) fn finish_restore(&self) -> Result<Option<PathBuf>> {
        let aside = self.aside()?;
        for (while_there, from, to) in self.moves(&aside) {
            if while_there.exists() && from.exists() {
                fs::rename(&from, &to).map_err(|error| StoreError::io(from, error))?;
            }
        }
        let marker = self.folder().join(MARKER);
        fs::remove_file(&marker).map_err(|error| StoreError::io(marker, error))?;
        Ok(aside.exists().then_some(aside))
    }

    /// Where the former database goes.
    pub(crate) fn aside(&self) -> Result<PathBuf> {
        let marker = self.folder().join(MARKER);
        let name = fs::read(&marker).map_err(|error| StoreError::io(&marker, error))?;
        let name: String =
            serde_json::from_slice(&name).map_err(|_| StoreError::Damaged(MARKER.into()))?;
        Ok(self.folder().join(name))
    }

    /// What is moved where, in order, while another file is still there: the former files aside
    /// until the restored ones are in their place.
    pub(crate) fn moves(&self, aside: &Path) -> [(PathBuf, PathBuf, PathBuf); 6] {
        let (database, key) = (self.database(), self.key_file());
        let restored = self.folder().join(RESTORED);
        let restored_key = self.folder().join(RESTORED_KEY);
        let [wal, shm] = ["-wal", "-shm"].map(|side| with_suffix(&database, side));
        let [aside_wal, aside_shm] = ["-wal", "-shm"].map(|side| with_suffix(aside, side));
        [
            (restored.clone(), wal, aside_wal),
            (restored.clone(), shm, aside_shm),
            (restored.clone(), database.clone(), aside.into()),
            (restored_key.clone(), key.clone(), aside.with_extension("key.json")),
            (restored_key.clone(), restored_key, key),
            (restored.clone(), restored, database),
        ]
    }
}

fn unpack(input: &mut impl Read, to: &Path) -> Result<()> {
    let failed = |error| StoreError::io(to, error);
    let mut out = private_file(to).map_err(failed)?;
    std::io::copy(input, &mut out).map_err(failed)?;
    out.sync_all().map_err(failed)
}

fn check_unpacked(database: &Path, key: &DataKey) -> Result<()> {
    let mut connection = connection::open(database, key, Purpose::Write)?;
    let wrong = check(&connection)?;
    if let Some(first) = wrong.first() {
        return Err(StoreError::Damaged(first.clone()));
    }
    connection::migrate(&mut connection)?;
    // Numbers that were given since the backup are on paper.
    number::give_up(&connection)?;
    connection.execute_batch("pragma wal_checkpoint(truncate)")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}
