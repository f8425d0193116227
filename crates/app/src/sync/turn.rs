//! One process at a time syncs a workspace: the window and the command line may be at it together.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use sync::{Refused, SyncError};

/// Whose turn it is holds this file of the data folder.
const FILE: &str = "sync.lock";
/// So long it is waited for another process.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
const ELSEWHERE: &str = "it syncs elsewhere";

/// Held while a round is under way; it ends with the process at the latest.
pub(super) struct Turn {
    _file: Option<File>,
}

impl Turn {
    /// Waits for it, but not for long.
    pub(super) fn wait(folder: &Path) -> Result<Self, SyncError> {
        Self::within(folder, PATIENCE)
    }

    fn within(folder: &Path, patience: Duration) -> Result<Self, SyncError> {
        // Where nothing can be written the database says so; without locks it keeps rounds apart.
        let none = Ok(Self { _file: None });
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(file(folder));
        let Ok(file) = opened else { return none };
        let begin = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: Some(file) }),
                Err(TryLockError::Error(_)) => return none,
                Err(TryLockError::WouldBlock) if begin.elapsed() < patience => sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(taken()),
            }
        }
    }

    /// The workspace goes, and this with it.
    pub(super) fn forget(folder: &Path) {
        // An empty file that stays says nothing about anybody.
        let _ = std::fs::remove_file(file(folder));
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

fn taken() -> SyncError {
    let sentence = "Kontor's window or another command is syncing this workspace already. Nothing is lost; it goes on there.";
    SyncError::Refused(Refused { code: "sync-elsewhere".into(), sentence: sentence.into() })
}

/// That another process went on with the workspace in the middle of a round: where there are no
/// locks.
pub(super) fn elsewhere() -> SyncError {
    SyncError::Unreachable(ELSEWHERE.into())
}

/// An end of a round that is another process's doing, as that: the hub has nothing to do with it.
pub(super) fn told(error: SyncError) -> SyncError {
    match error {
        SyncError::Unreachable(why) if why == ELSEWHERE => taken(),
        other => other,
    }
}

/// Whether another process is at it: no reason to say anything to the user of this one.
pub(super) fn is_elsewhere<T>(done: &Result<T, SyncError>) -> bool {
    matches!(done, Err(SyncError::Refused(refused)) if refused.code == "sync-elsewhere")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_whoever_waits_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let first = Turn::wait(folder.path()).unwrap();
        let second = Turn::within(folder.path(), Duration::ZERO);
        assert!(is_elsewhere(&second));
        assert!(is_elsewhere(&Err::<(), _>(told(elsewhere()))));
        drop(first);
        assert!(Turn::within(folder.path(), Duration::ZERO).is_ok());
    }
}
