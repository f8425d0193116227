//! The store as the app uses it: a real encrypted database in a temporary folder.
#![allow(clippy::unwrap_used)]

use commands::view::{CustomerFilter, CustomerSort, Order, Window};
use domain::{Address, Changeset, Context, Customer, Id, Instant, Record};
use store::{Presence, Store, StoreError, Taken, Workspace};

const PASSPHRASE: &str = "correct horse";

fn workspace() -> (tempfile::TempDir, Workspace, Store) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new(folder.path().join("data"));
    let store = workspace.create(Some(PASSPHRASE)).unwrap();
    (folder, workspace, store)
}

fn act<T>(act: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let mut ids = Id::now;
    act(&mut Context {
        now: Instant::now(),
        today: Default::default(),
        user_id: Id::now(),
        ids: &mut ids,
    })
}

fn add_customer(store: &Store, name: &str, city: &str) -> Customer {
    act(|context| {
        let mut changeset = Changeset::new("customer.create", name, context);
        let customer = Customer { name: name.into(), ..Default::default() };
        let customer = changeset.insert(customer, context);
        let address = Address {
            customer_id: customer.id,
            city: city.into(),
            is_default: true,
            ..Default::default()
        };
        changeset.insert(address, context);
        store.transact(|tx| tx.apply(&changeset)).unwrap();
        customer
    })
}

fn rename(store: &Store, customer: &Customer, name: &str) -> Result<Customer, StoreError> {
    act(|context| {
        let mut changeset = Changeset::new("customer.save", name, context);
        let renamed = Customer { name: name.into(), ..customer.clone() };
        let renamed = changeset.update(customer, renamed, context);
        store.transact(|tx| tx.apply(&changeset))?;
        Ok(renamed)
    })
}

fn names(store: &Store, text: &str) -> Vec<String> {
    let filter = CustomerFilter { text: text.into(), ..Default::default() };
    let window = Window { offset: 0, limit: 100 };
    let list = store.customers(&filter, CustomerSort::Name, Order::Ascending, window).unwrap();
    list.rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn what_is_written_is_there_after_a_restart() {
    let (_folder, workspace, store) = workspace();
    let customer = add_customer(&store, "Müller & Söhne Metallbau GmbH", "Stuttgart");
    drop(store);
    assert_eq!(workspace.presence().unwrap(), Presence::Passphrase);
    let store = workspace.open(Some(PASSPHRASE)).unwrap();
    assert_eq!(store.get::<Customer>(customer.id).unwrap(), customer);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_wrong_passphrase_touches_nothing() {
    let (_folder, workspace, store) = workspace();
    add_customer(&store, "Köhler", "Böblingen");
    drop(store);
    let before = std::fs::read(workspace.folder().join("kontor.db")).unwrap();
    assert!(matches!(workspace.open(Some("wrong")), Err(StoreError::PassphraseWrong)));
    assert!(matches!(workspace.open(None), Err(StoreError::Locked)));
    assert_eq!(std::fs::read(workspace.folder().join("kontor.db")).unwrap(), before);
}

#[test]
fn nothing_on_the_disk_can_be_read() {
    let (folder, _workspace, store) = workspace();
    add_customer(&store, "Geheimrat Unverwechselbar", "Stuttgart");
    store.put_draft("customer:new", "Entwurf Unverwechselbar", Instant::now()).unwrap();
    store.transact(|tx| tx.put_blob("Unverwechselbar".repeat(900).as_bytes())).unwrap();
    let stop = store::Stop::new(false);
    store.back_up(&folder.path().join("copy.kontor"), "other", &stop, &mut |_, _| {}).unwrap();
    let mut files = 0;
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let content = std::fs::read(&path).unwrap();
            for secret in [&b"Unverwechselbar"[..], b"unverwechselbar", b"SQLite format"] {
                let found = content.windows(secret.len()).any(|part| part == secret);
                assert!(!found, "{} shows {secret:?}", path.display());
            }
        }
    }
    assert!(files >= 4, "database, WAL, key and backup, but {files} files");
}

#[test]
fn an_action_can_be_undone_and_done_again() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Hägele", "Herrenberg");
    let customer = rename(&store, &customer, "Hägele Landtechnik").unwrap();
    act(|context| store.transact(|tx| tx.undo(context))).unwrap();
    assert_eq!(store.get::<Customer>(customer.id).unwrap().name, "Hägele");
    act(|context| store.transact(|tx| tx.redo(context))).unwrap();
    assert_eq!(store.get::<Customer>(customer.id).unwrap().name, "Hägele Landtechnik");
    act(|context| store.transact(|tx| tx.undo(context))).unwrap();
    act(|context| store.transact(|tx| tx.undo(context))).unwrap();
    assert!(store.get::<Customer>(customer.id).unwrap().deleted_at().is_some());
    assert_eq!(names(&store, ""), Vec::<String>::new());
    let nothing = act(|context| store.transact(|tx| tx.undo(context)));
    assert!(matches!(nothing, Err(StoreError::NothingToUndo)));
    let step = act(|context| store.transact(|tx| tx.redo(context))).unwrap();
    assert_eq!(step.operation, "undo.customer.create");
    assert_eq!(names(&store, "hagele"), ["Hägele"]);
}

#[test]
fn history_tells_who_changed_what() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Weiß", "Ulm");
    rename(&store, &customer, "Weiß Automotive").unwrap();
    let window = Window { offset: 0, limit: 10 };
    let history = store.history("customer", customer.id, window).unwrap();
    assert_eq!(history.total, 3, "its making, its address's, and its new name");
    assert_eq!(history.rows[0].field, "name");
    assert_eq!(history.rows[0].change.from, "Weiß");
    assert_eq!(history.rows[0].change.to, "Weiß Automotive");
}

#[test]
fn a_change_of_what_changed_meanwhile_is_refused() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Brandt", "Ulm");
    rename(&store, &customer, "Brandt Stahlbau").unwrap();
    let stale = rename(&store, &customer, "Brandt KG");
    assert!(matches!(stale, Err(StoreError::Stale { .. })));
    assert_eq!(store.get::<Customer>(customer.id).unwrap().name, "Brandt Stahlbau");
}

#[test]
fn words_are_found_in_any_spelling() {
    let (_folder, _workspace, store) = workspace();
    add_customer(&store, "Müller & Söhne Metallbau GmbH", "Köln");
    add_customer(&store, "Möller Technik", "Bonn");
    for text in ["Müller", "mueller", "Mull", "mül", "sohne metall", "Mueller Koeln"] {
        assert_eq!(names(&store, text), ["Müller & Söhne Metallbau GmbH"], "{text}");
        let hits = store.search(text, &[], 10).unwrap();
        assert_eq!(hits.len(), 1, "{text}");
        assert!(!hits[0].title.matches.is_empty());
    }
    assert_eq!(names(&store, "m").len(), 2);
}

#[test]
fn numbers_are_given_once() {
    let (_folder, _workspace, store) = workspace();
    let take = |year| store.transact(|tx| tx.take_number("quote", year)).unwrap();
    assert_eq!(take(2026), Taken::Shared(1));
    let failed: Result<Taken, StoreError> = store.transact(|tx| {
        tx.take_number("quote", 2026)?;
        Err(StoreError::Stopped)
    });
    assert!(failed.is_err());
    assert_eq!(take(2026), Taken::Shared(2));
    assert_eq!(take(2027), Taken::Shared(1));
}

#[test]
fn with_the_leased_block_used_up_the_device_counts_alone() {
    let (_folder, _workspace, store) = workspace();
    let take = || store.transact(|tx| tx.take_number("quote", 2026)).unwrap();
    store.transact(|tx| tx.lease_numbers("quote", 2026, 51, 52)).unwrap();
    assert_eq!([take(), take()], [Taken::Shared(51), Taken::Shared(52)]);
    assert_eq!([take(), take()], [Taken::Own(1), Taken::Own(2)]);
    store.transact(|tx| tx.lease_numbers("quote", 2026, 101, 150)).unwrap();
    assert_eq!(take(), Taken::Shared(101));
    let code = || store.transact(|tx| tx.device_code()).unwrap();
    assert_eq!(code(), code());
    assert_eq!(code().len(), 4);
}

#[test]
fn numbers_given_since_a_backup_are_not_given_again_by_what_is_restored() {
    let (folder, workspace, store) = workspace();
    let take = |store: &Store| store.transact(|tx| tx.take_number("quote", 2026)).unwrap();
    store.transact(|tx| tx.lease_numbers("quote", 2026, 51, 100)).unwrap();
    assert_eq!(take(&store), Taken::Shared(51));
    let code = store.transact(|tx| tx.device_code()).unwrap();
    let file = folder.path().join("copy.kontor");
    store.back_up(&file, "backup words", &store::Stop::new(false), &mut |_, _| ()).unwrap();
    assert_eq!(take(&store), Taken::Shared(52));
    drop(store);
    workspace.restore(&file, "backup words", Some(PASSPHRASE)).unwrap();
    let restored = workspace.open(Some(PASSPHRASE)).unwrap();
    assert_eq!(take(&restored), Taken::Own(1));
    assert_ne!(restored.transact(|tx| tx.device_code()).unwrap(), code);
}

#[test]
fn a_backup_restores_elsewhere_with_its_passphrase() {
    let (folder, workspace, store) = workspace();
    let customer = add_customer(&store, "Stadtwerke Jülich", "Jülich");
    let file = folder.path().join("copy.kontor");
    let stop = store::Stop::new(false);
    let mut seen = 0;
    store.back_up(&file, "backup words", &stop, &mut |done, _| seen = done).unwrap();
    assert!(seen > 0);
    let elsewhere = Workspace::new(folder.path().join("elsewhere"));
    let wrong = elsewhere.restore(&file, "wrong", Some("new words"));
    assert!(matches!(wrong, Err(StoreError::PassphraseWrong)));
    assert_eq!(elsewhere.presence().unwrap(), Presence::Missing);
    assert_eq!(elsewhere.restore(&file, "backup words", Some("new words")).unwrap(), None);
    let restored = elsewhere.open(Some("new words")).unwrap();
    assert_eq!(restored.get::<Customer>(customer.id).unwrap(), customer);

    // A damaged page: refused, and the workspace stays as it is.
    add_customer(&store, "Nach dem Backup", "Ulm");
    drop(store);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&file, &bytes).unwrap();
    assert!(workspace.restore(&file, "backup words", Some(PASSPHRASE)).is_err());
    let store = workspace.open(Some(PASSPHRASE)).unwrap();
    assert_eq!(names(&store, "Nach").len(), 1);
}

#[test]
fn what_is_not_ours_is_refused_untouched() {
    let (folder, workspace, store) = workspace();
    drop(store);
    let database = workspace.folder().join("kontor.db");
    let junk = b"not a database at all".repeat(500);
    std::fs::write(&database, &junk).unwrap();
    assert!(matches!(workspace.open(Some(PASSPHRASE)), Err(StoreError::Foreign(_))));
    assert_eq!(std::fs::read(&database).unwrap(), junk);
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Sehr geehrte Damen und Herren").unwrap();
    let refused = workspace.restore(&letter, PASSPHRASE, Some(PASSPHRASE));
    assert!(matches!(refused, Err(StoreError::NotABackup(_))));
    std::fs::write(workspace.folder().join("key.json"), "{").unwrap();
    assert!(matches!(workspace.open(Some(PASSPHRASE)), Err(StoreError::KeyDamaged(_))));
}
