//! Backups: one encrypted file that its passphrase opens on any machine.
//!
//! The file is a line of JSON (what it is, and the data key wrapped by the backup's passphrase)
//! and after it the SQLCipher database as `VACUUM`-free page copy of SQLite's online backup.

use std::{
    fs,
    io::{BufRead, BufReader, BufWriter, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use domain::Instant;
use rusqlite::backup::{Backup, StepResult};
use serde::{Deserialize, Serialize};

use crate::{
    DataKey, Protection, Result, Store, StoreError, Workspace,
    connection::{self, Purpose},
    key::Wrapped,
    workspace::{make_private_folder, private_file},
};

const FORMAT: &str = "kontor-backup-1";
/// Pages copied between two looks at whether to stop: 4 MiB.
const PAGES: i32 = 1024;

/// Set to true from anywhere, it stops a long job.
pub type Stop = AtomicBool;

/// Told how far a backup is: done and all, in pages.
pub type BackupProgress<'a> = &'a mut dyn FnMut(u64, u64);

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    made_at: String,
    key: Wrapped,
}

impl Store {
    /// Writes a backup of the open database while it is used.
    ///
    /// # Errors
    /// When the file cannot be written or the user stopped it; no file is left then.
    pub fn back_up(
        &self,
        file: &Path,
        passphrase: &str,
        stop: &Stop,
        progress: BackupProgress<'_>,
    ) -> Result<()> {
        let header = Header {
            format: FORMAT.into(),
            made_at: Instant::now().to_string(),
            key: self.key.wrap(passphrase)?,
        };
        let pages = beside(file, "pages");
        let written =
            self.copy_pages(&pages, stop, progress).and_then(|()| assemble(file, &header, &pages));
        remove_database(&pages);
        written
    }

    fn copy_pages(&self, to: &Path, stop: &Stop, progress: BackupProgress<'_>) -> Result<()> {
        private_file(to).map_err(|error| StoreError::io(to, error))?;
        let mut target = rusqlite::Connection::open(to)?;
        self.key.apply(&target)?;
        let reader = self.reader()?;
        let backup = Backup::new(&reader, &mut target)?;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(StoreError::Stopped);
            }
            let step = backup.step(PAGES)?;
            let at = backup.progress();
            let all = u64::try_from(at.pagecount).unwrap_or(0);
            progress(all.saturating_sub(u64::try_from(at.remaining).unwrap_or(0)), all);
            match step {
                StepResult::Done => return Ok(()),
                StepResult::Busy | StepResult::Locked => std::thread::yield_now(),
                _ => {}
            }
        }
    }

    /// What is wrong with the database; nothing when all is well. Reads every page.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn check(&self) -> Result<Vec<String>> {
        check(&*self.reader()?)
    }

    /// Whether the pages are as they were written: quick enough for a start after a crash.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn quick_check(&self) -> Result<Vec<String>> {
        problems(&*self.reader()?, "pragma quick_check(20)")
    }
}

fn problems(connection: &rusqlite::Connection, pragma: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(pragma)?;
    let found = statement.query_map([], |row| row.get::<_, String>(0))?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

fn check(connection: &rusqlite::Connection) -> Result<Vec<String>> {
    let mut found = problems(connection, "pragma cipher_integrity_check")?;
    found.extend(problems(connection, "pragma integrity_check(20)")?);
    found.extend(problems(connection, "pragma foreign_key_check")?);
    Ok(found)
}

fn assemble(file: &Path, header: &Header, pages: &Path) -> Result<()> {
    let part = beside(file, "part");
    let failed = |error| StoreError::io(file, error);
    let assembled = (|| {
        let mut out = BufWriter::new(private_file(&part)?);
        serde_json::to_writer(&mut out, header)?;
        out.write_all(b"\n")?;
        std::io::copy(&mut fs::File::open(pages)?, &mut out)?;
        out.into_inner()?.sync_all()?;
        fs::rename(&part, file)
    })();
    if assembled.is_err() {
        // The part is of no use; if it cannot be removed, the error below says where it is.
        let _ = fs::remove_file(&part);
    }
    assembled.map_err(failed)
}

impl Workspace {
    /// Puts a backup's content in the workspace's place: unpacked beside it, opened, checked,
    /// then switched. The present database is kept beside it; its new name is returned.
    /// The key is kept by `protection_passphrase`, or in the keyring.
    ///
    /// # Errors
    /// When it is no backup, the passphrase is wrong, or the content is damaged or too new; the
    /// present workspace is as it was then.
    pub fn restore(
        &self,
        file: &Path,
        passphrase: &str,
        protection_passphrase: Option<&str>,
    ) -> Result<Option<PathBuf>> {
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
        let unpacked = self.folder().join("restored.db");
        let checked =
            unpack(&mut input, &unpacked).and_then(|()| check_unpacked(&unpacked, &data_key));
        if let Err(error) = checked {
            remove_database(&unpacked);
            return Err(error);
        }
        let protection = match protection_passphrase {
            Some(passphrase) => Protection::Passphrase(data_key.wrap(passphrase)?),
            None => data_key.store_in_keyring()?,
        };
        self.switch(&unpacked, &protection)
    }

    fn switch(&self, unpacked: &Path, protection: &Protection) -> Result<Option<PathBuf>> {
        let moved = |from: &Path, to: &Path| {
            fs::rename(from, to).map_err(|error| StoreError::io(from, error))
        };
        let stamp = Instant::now().to_string().replace([':', '.'], "-");
        let mut kept = None;
        if self.database().exists() {
            let aside = self.folder().join(format!("before-restore-{stamp}.db"));
            moved(&self.database(), &aside)?;
            for side in ["-wal", "-shm"] {
                let file = with_suffix(&self.database(), side);
                if file.exists() {
                    moved(&file, &with_suffix(&aside, side))?;
                }
            }
            moved(&self.key_file(), &aside.with_extension("key.json"))?;
            kept = Some(aside);
        }
        self.keep(protection)?;
        moved(unpacked, &self.database())?;
        Ok(kept)
    }
}

fn unpack(input: &mut (impl Read + ?Sized), to: &Path) -> Result<()> {
    let failed = |error| StoreError::io(to, error);
    let mut out = private_file(to).map_err(failed)?;
    std::io::copy(input, &mut out).map_err(failed)?;
    out.rewind().and_then(|()| out.sync_all()).map_err(failed)
}

fn check_unpacked(database: &Path, key: &DataKey) -> Result<()> {
    let mut connection = connection::open(database, key, Purpose::Write)?;
    let wrong = check(&connection)?;
    if let Some(first) = wrong.first() {
        return Err(StoreError::Damaged(first.clone()));
    }
    connection::migrate(&mut connection)?;
    connection.execute_batch("pragma wal_checkpoint(truncate)")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    with_suffix(path, &format!(".{suffix}"))
}

fn remove_database(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        // What is not there needs no removing.
        let _ = fs::remove_file(with_suffix(path, suffix));
    }
}
