//! What goes wrong with disks, files and processes: a clear error, and nothing lost.

use std::{fs, path::Path};

use domain::Customer;

use super::{PASSPHRASE, add_customer, rows, try_add_customer, workspace};
use crate::{Presence, Stop, StoreError, Workspace};

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_crash_loses_nothing_that_was_confirmed_and_keeps_nothing_that_was_not() {
    let (folder, workspace, store) = workspace();
    let kept = add_customer(&store, "Bestätigt", "Ulm");
    let crashed = folder.path().join("crashed");
    // The disk as it is in the middle of a transaction whose pages were already spilled.
    let interrupted: Result<(), StoreError> = store.transact(|tx| {
        tx.transaction.execute_batch("pragma cache_size = 10")?;
        for _ in 0..300 {
            tx.put_blob(uuid::Uuid::now_v7().to_string().repeat(300).as_bytes())?;
        }
        tx.transaction.execute("update customer set name = 'Halb'", [])?;
        copy_files(workspace.folder(), &crashed);
        Err(StoreError::Stopped)
    });
    assert!(interrupted.is_err());
    let crashed = Workspace::new(&crashed);
    let store = crashed.open(Some(PASSPHRASE)).unwrap();
    assert_eq!(store.get::<Customer>(kept.id).unwrap(), kept);
    assert_eq!(rows(&store, "select count(*) from blob"), [["0"]]);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_torn_wal_keeps_what_was_whole() {
    let (folder, workspace, store) = workspace();
    let kept = add_customer(&store, "Ganz", "Ulm");
    let wal = workspace.folder().join("kontor.db-wal");
    let whole = fs::metadata(&wal).unwrap().len();
    add_customer(&store, "Abgerissen", "Ulm");
    let torn = folder.path().join("torn");
    copy_files(workspace.folder(), &torn);
    let file = fs::OpenOptions::new().write(true).open(torn.join("kontor.db-wal")).unwrap();
    file.set_len(whole + 700).unwrap();
    let store = Workspace::new(&torn).open(Some(PASSPHRASE)).unwrap();
    assert_eq!(store.get::<Customer>(kept.id).unwrap(), kept);
    assert_eq!(store.count("customer").unwrap(), 1);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_full_disk_keeps_what_was_saved() {
    let (_folder, _workspace, store) = workspace();
    let kept = add_customer(&store, "Gespeichert", "Ulm");
    let pages: i64 =
        store.writer().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.writer().pragma_update(None, "max_page_count", pages + 1).unwrap();
    let full = (0..200).find_map(|nth| try_add_customer(&store, &format!("K{nth}"), "").err());
    assert!(matches!(full, Some(StoreError::DiskFull)), "{full:?}");
    assert_eq!(store.get::<Customer>(kept.id).unwrap(), kept);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    store.writer().pragma_update(None, "max_page_count", pages + 10_000).unwrap();
    add_customer(&store, "Wieder Platz", "Ulm");
}

#[test]
#[cfg(target_os = "linux")]
fn a_backup_to_a_full_disk_leaves_no_file() {
    let (folder, _workspace, store) = workspace();
    let target = folder.path().join("full");
    std::os::unix::fs::symlink("/dev/full", folder.path().join("full.part")).unwrap();
    let failed = store.back_up(&target, "words", &Stop::new(false), &mut |_, _| {});
    assert!(matches!(failed, Err(StoreError::DiskFull)), "{failed:?}");
    assert!(!target.exists());
}

#[test]
fn a_stopped_backup_leaves_no_file() {
    let (folder, _workspace, store) = workspace();
    let target = folder.path().join("copy.kontor");
    let stopped = store.back_up(&target, "words", &Stop::new(true), &mut |_, _| {});
    assert!(matches!(stopped, Err(StoreError::Stopped)));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "only the workspace");
}

#[test]
fn a_damaged_page_is_told() {
    let (_folder, workspace, store) = workspace();
    for nth in 0..200 {
        add_customer(&store, &format!("Kunde {nth}"), "Ulm");
    }
    store.writer().execute_batch("pragma wal_checkpoint(truncate)").unwrap();
    drop(store);
    let file = workspace.folder().join("kontor.db");
    let mut bytes = fs::read(&file).unwrap();
    let pages = bytes.len() / 4096;
    for page in [pages / 2, pages - 3] {
        bytes[page * 4096 + 100] ^= 0x55;
    }
    fs::write(&file, &bytes).unwrap();
    match workspace.open(Some(PASSPHRASE)) {
        // Either the check cannot read on, or it says what is wrong.
        Ok(store) => assert_ne!(store.quick_check().unwrap_or(vec!["unreadable".into()]), [""; 0]),
        Err(error) => {
            assert!(matches!(error, StoreError::Damaged(_) | StoreError::Foreign(_)), "{error}")
        }
    }
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
#[cfg(unix)]
fn only_its_owner_can_read_the_workspace() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, workspace, store) = workspace();
    add_customer(&store, "Privat", "Ulm");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(workspace.folder()), 0o700);
    for entry in fs::read_dir(workspace.folder()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn two_processes_share_a_workspace_but_not_while_it_is_replaced() {
    let (folder, workspace, store) = workspace();
    let second = workspace.open(Some(PASSPHRASE)).unwrap();
    let customer = add_customer(&store, "Gemeinsam", "Ulm");
    assert_eq!(second.get::<Customer>(customer.id).unwrap(), customer);
    let listed = |store: &crate::Store| {
        let window = commands::view::Window { offset: 0, limit: 9 };
        let (filter, sort) = Default::default();
        store.customers(&filter, sort, commands::view::Order::Ascending, window).unwrap().total
    };
    assert_eq!(listed(&second), 1);
    // What the other one adds is on the list that this one keeps in memory.
    add_customer(&store, "Noch einer", "Ulm");
    assert_eq!(listed(&second), 2);
    let backup = folder.path().join("copy.kontor");
    store.back_up(&backup, "words", &Stop::new(false), &mut |_, _| {}).unwrap();
    let busy = workspace.restore(&backup, "words", Some(PASSPHRASE));
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    drop((store, second));
    let kept = workspace.restore(&backup, "words", Some(PASSPHRASE)).unwrap();
    assert!(kept.is_some_and(|kept| kept.exists()));
    assert_eq!(listed(&workspace.open(Some(PASSPHRASE)).unwrap()), 2);
}

#[test]
fn an_interrupted_restore_is_finished_at_the_next_start() {
    let (folder, workspace, store) = workspace();
    add_customer(&store, "Im Backup", "Ulm");
    let backup = folder.path().join("copy.kontor");
    store.back_up(&backup, "words", &Stop::new(false), &mut |_, _| {}).unwrap();
    add_customer(&store, "Danach", "Ulm");
    drop(store);
    for moves in 0..=6 {
        let copy = folder.path().join(format!("interrupted-{moves}"));
        copy_files(workspace.folder(), &copy);
        let copy = Workspace::new(copy);
        let lock = copy.prepare_restore(&backup, "words", Some("new words")).unwrap();
        let aside = copy.aside().unwrap();
        for (while_there, from, to) in copy.moves(&aside).into_iter().take(moves) {
            if while_there.exists() && from.exists() {
                fs::rename(from, to).unwrap();
            }
        }
        drop(lock);
        assert_eq!(copy.presence().unwrap(), Presence::Passphrase, "{moves}");
        let store = copy.open(Some("new words")).unwrap();
        assert_eq!(store.count("customer").unwrap(), 1, "{moves}");
        drop(store);
        // The former one is still there, with its key.
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let files: Vec<_> =
            fs::read_dir(copy.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
        let aside = |end: &str| {
            files
                .iter()
                .any(|path| name(path).starts_with("before-restore") && name(path).ends_with(end))
        };
        assert!(aside(".db") && aside(".key.json"), "{files:?}");
    }
}
