//! Empties the folder of a laptop that was revoked. A note is written first; from there on a crash
//! only delays what is left to do, each step of which can be done again. The note stays until there
//! is another workspace: it says what became of this one.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use commands::Emptied;
use serde::{Deserialize, Serialize};

use crate::{
    Protection, Result, Store, StoreError, Workspace,
    backup::{FORMAT, Header},
    key,
    workspace::{OpenLock, sync_folder, write_whole},
};

const NOTE: &str = "revoked.json";
/// What this folder's databases, their keys and unfinished backups are called, by their beginnings
/// and endings. Nothing else in the folder is touched but backups, which are known by what they hold.
const NAMES: [(&str, &str); 11] = [
    ("kontor.db", ""),
    ("new.db", ""),
    ("restored.db", ""),
    ("before-restore-", ""),
    ("restored.key.json", ""),
    ("restored.key.new", ""),
    ("restore.", "json"),
    ("restore.", "new"),
    ("", ".kontor.pages"),
    ("", ".kontor.part"),
    ("key.new", ""),
];
/// The key goes last: it says where in the keyring there is something to forget.
const KEY: &str = "key.json";

/// The note.
#[derive(Serialize, Deserialize)]
struct Note {
    emptied: Emptied,
    /// Further secrets in the keyring, by their names.
    secrets: Vec<String>,
}

impl OpenLock {
    /// Keeps everybody else out; `false` where somebody else has the workspace open.
    fn hold_alone(&self) -> bool {
        match self.file().try_lock() {
            Ok(()) => true,
            Err(fs::TryLockError::WouldBlock) => {
                self.share_again();
                false
            }
            // A file system without locks: nobody else can be known of.
            Err(fs::TryLockError::Error(_)) => true,
        }
    }

    fn share_again(&self) {
        // It was held before: it is got again, or the file system has none.
        let _ = self.file().try_lock_shared();
    }
}

impl Store {
    /// Keeps everybody else from opening the workspace; `false` where somebody else has it open.
    #[must_use]
    pub fn hold_alone(&self) -> bool {
        self.open_lock().hold_alone()
    }

    /// Lets others open it again, after [`Store::hold_alone`].
    pub fn share_again(&self) {
        self.open_lock().share_again();
    }
}

impl Workspace {
    /// Removes the workspace from the disk and the keyring. `store` is this workspace's and held
    /// alone; `secrets` are names of what else is in the keyring.
    ///
    /// # Errors
    /// When the note cannot be written: then everything is as it was. Or when a file cannot be
    /// removed: then the next look at the folder goes on.
    pub fn wipe(&self, store: Store, emptied: Emptied, secrets: Vec<String>) -> Result<()> {
        let note = serde_json::to_vec(&Note { emptied, secrets })
            .map_err(|error| StoreError::Crypto(error.to_string()))?;
        write_whole(&self.folder().join(NOTE), &note)?;
        // Some systems remove no file that is open.
        let _lock = store.close();
        self.finish_wipe()
    }

    /// What became of the workspace that was here, if it was emptied and there is no other since.
    #[must_use]
    pub fn emptied(&self) -> Option<Emptied> {
        self.note().map(|note| note.emptied)
    }

    fn note(&self) -> Option<Note> {
        let note = fs::read(self.folder().join(NOTE)).ok()?;
        serde_json::from_slice(&note).ok()
    }

    /// Whether it was cut off in the middle.
    pub(crate) fn is_wiping(&self) -> bool {
        self.note().is_some() && (self.folder().join(KEY).exists() || !self.remains().is_empty())
    }

    /// Everything of the workspace but its key.
    fn remains(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.folder()) else { return Vec::new() };
        let paths = files.flatten().map(|file| file.path()).filter(|path| path.is_file());
        paths
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let is_named =
                    |(start, end): &(&str, &str)| name.starts_with(start) && name.ends_with(end);
                NAMES.iter().any(is_named) || is_backup(path)
            })
            .collect()
    }

    /// Does what is left; the caller holds the lock.
    pub(crate) fn finish_wipe(&self) -> Result<()> {
        let Some(note) = self.note() else { return Ok(()) };
        // Without its key the database is noise, whatever of it the disk still has.
        let (key, remains) = (self.folder().join(KEY), self.remains());
        for path in remains.iter().chain([&key]) {
            if let Some(account) = in_keyring(path) {
                for secret in &note.secrets {
                    key::forget(&format!("{account}.{secret}"));
                }
                key::forget(&account);
            }
        }
        for path in remains.iter().chain([&key]) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::io(path, error));
                }
                _ => {}
            }
        }
        sync_folder(self.folder());
        Ok(())
    }

    /// There will be another workspace here: what became of the former one is past.
    pub(crate) fn forget_wipe(&self) -> Result<()> {
        let note = self.folder().join(NOTE);
        if !note.exists() {
            return Ok(());
        }
        self.finish_wipe()?;
        fs::remove_file(&note).map_err(|error| StoreError::io(&note, error))?;
        // Found again after a power cut, it would empty the next one.
        sync_folder(self.folder());
        Ok(())
    }
}

/// Where in the keyring the key is that a key file tells of.
fn in_keyring(path: &Path) -> Option<String> {
    if !path.to_string_lossy().ends_with(KEY) {
        return None;
    }
    match serde_json::from_slice(&fs::read(path).ok()?).ok()? {
        Protection::Keyring { account } => Some(account),
        Protection::Passphrase(_) => None,
    }
}

fn is_backup(path: &Path) -> bool {
    let Ok(file) = fs::File::open(path) else { return false };
    let mut line = Vec::new();
    let read = BufReader::new(file.take(64 * 1024)).read_until(b'\n', &mut line);
    read.is_ok()
        && serde_json::from_slice::<Header>(&line).is_ok_and(|header| header.format == FORMAT)
}

#[cfg(test)]
mod tests {
    use domain::Instant;

    use super::*;
    use crate::Presence;

    fn names(folder: &Path) -> Vec<String> {
        let files = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> =
            files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn with_everything(folder: &Path) -> (Workspace, Store) {
        let workspace = Workspace::new(folder);
        let store = workspace.create(Some("geheim-geheim")).unwrap();
        let backup = folder.join("Sicherung vom Montag");
        store.back_up(&backup, "geheim-geheim", &Default::default(), &mut |_, _| {}).unwrap();
        for name in ["before-restore-2026.db", "before-restore-2026.key.json", "restored.db-wal"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        fs::write(folder.join("Angebot.pdf"), "the user's own").unwrap();
        (workspace, store)
    }

    fn emptied() -> Emptied {
        Emptied { at: Instant::now(), handed_over: 3 }
    }

    #[test]
    fn nothing_of_the_workspace_is_left_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, store) = with_everything(folder.path());
        assert!(store.hold_alone());
        workspace.wipe(store, emptied(), Vec::new()).unwrap();
        assert_eq!(names(folder.path()), ["Angebot.pdf", "lock", NOTE]);
        assert_eq!(workspace.presence().unwrap(), Presence::Missing);
        assert_eq!(workspace.emptied().unwrap().handed_over, 3);
        // The next workspace is no business of the note's.
        drop(workspace.create(Some("geheim-geheim")).unwrap());
        assert_eq!(workspace.emptied(), None);
        assert_eq!(workspace.presence().unwrap(), Presence::Passphrase);
    }

    #[test]
    fn cut_off_after_any_file_it_goes_on_at_the_next_look() {
        for done in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let (workspace, store) = with_everything(folder.path());
            let note = Note { emptied: emptied(), secrets: Vec::new() };
            let note = serde_json::to_vec(&note).unwrap();
            write_whole(&folder.path().join(NOTE), &note).unwrap();
            drop(store);
            let mut files = workspace.remains();
            files.push(folder.path().join(KEY));
            let is_all = done >= files.len();
            files.iter().take(done).for_each(|path| fs::remove_file(path).unwrap());
            assert_eq!(workspace.presence().unwrap(), Presence::Missing, "after {done}");
            assert_eq!(names(folder.path()), ["Angebot.pdf", "lock", NOTE], "after {done}");
            if is_all {
                break;
            }
        }
    }

    #[test]
    fn it_waits_for_whoever_else_has_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, store) = with_everything(folder.path());
        let other = workspace.open(Some("geheim-geheim")).unwrap();
        assert!(!store.hold_alone());
        drop(other);
        assert!(store.hold_alone());
        assert!(matches!(workspace.open(Some("geheim-geheim")), Err(StoreError::Busy)));
        store.share_again();
        drop(workspace.open(Some("geheim-geheim")).unwrap());
    }
}
