//! Backups: one encrypted file that its passphrase opens on any machine.
//!
//! The file is a line of JSON (what it is, and the data key wrapped by the backup's passphrase)
//! and after it the SQLCipher database as SQLite's online backup copies it, page by page.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use domain::Instant;
use rusqlite::backup::{Backup, StepResult};
use serde::{Deserialize, Serialize};

use crate::{Result, Store, StoreError, key::Wrapped, secret::SECRET, workspace::private_file};

pub(crate) const FORMAT: &str = "kontor-backup-1";
/// Pages copied between two looks at whether to stop: 4 MiB.
const PAGES: i32 = 1024;

/// Set to true from anywhere, it stops a long job.
pub type Stop = AtomicBool;

/// Told how far a backup is: done and all, in pages.
pub type BackupProgress<'a> = &'a mut dyn FnMut(u64, u64);

/// The backup's first line.
#[derive(Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) format: String,
    pub(crate) made_at: String,
    pub(crate) key: Wrapped,
}

impl Store {
    /// Writes a backup of the open database while it is used; without this device's secrets.
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
                StepResult::Done => break,
                StepResult::Busy | StepResult::Locked => std::thread::yield_now(),
                _ => {}
            }
        }
        drop(backup);
        // Overwritten, not only marked as free.
        target.execute_batch("pragma secure_delete = on")?;
        let sql = "delete from local_setting where substr(name, 1, length(?1)) = ?1";
        target.execute(sql, [SECRET])?;
        target.close().map_err(|(_, error)| error.into())
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

pub(crate) fn check(connection: &rusqlite::Connection) -> Result<Vec<String>> {
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

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    with_suffix(path, &format!(".{suffix}"))
}

pub(crate) fn remove_database(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        // What is not there needs no removing.
        let _ = fs::remove_file(with_suffix(path, suffix));
    }
}
