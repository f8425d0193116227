//! kill -9 at random moments: every confirmed edit is there after a restart, nothing half-done.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use app::App;
use commands::{
    CheckWorkspace, CreateWorkspace, GetCustomer, ListCustomers, Unlock,
    view::{CustomerFilter, CustomerSort, Order, Window},
};
use domain::{Id, Language};

const KILLS: usize = 200;
const IMPORT_KILLS: usize = 60;
/// Rows of each import, as the writer makes them.
const ROWS: u64 = 40;
const PASSPHRASE: &str = "correct horse battery";

/// A workspace without customers.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(folder.path());
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: String::new(),
        passphrase: Some(PASSPHRASE.into()),
        language: Language::De,
    })
    .unwrap();
    app.close();
    folder
}

fn writer(what: &str, folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_writer"))
        .arg(what)
        .arg(folder)
        .arg(PASSPHRASE)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn every_confirmed_edit_survives_being_killed() {
    let folder = workspace();
    let mut rng = fastrand::Rng::with_seed(2026);
    let mut confirmed: Vec<(Id, String)> = Vec::new();
    for kill in 0..KILLS {
        let mut writer = writer("edits", folder.path());
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        // After so many confirmed edits, and a random part of the next one.
        let mut keep = |line: String| {
            let (id, number) = line.split_once(' ').unwrap();
            confirmed.push((id.parse().unwrap(), number.to_owned()));
        };
        for _ in 0..rng.usize(1..12) {
            keep(lines.next().unwrap().unwrap());
        }
        for _ in 0..rng.u32(0..2_000_000) {
            std::hint::spin_loop();
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        // What it said before it died was confirmed, too.
        lines.map_while(Result::ok).for_each(keep);

        let app = App::new(folder.path());
        app.ask(Unlock { passphrase: PASSPHRASE.into() }).unwrap();
        let recent = confirmed.len().saturating_sub(30);
        for (id, number) in &confirmed[recent..] {
            let page = app.ask(GetCustomer { id: *id }).unwrap();
            assert_eq!(page.customer.name, format!("Kunde {number}"));
            assert_eq!(page.addresses.len(), 1, "an edit is whole or not there");
            assert_eq!(page.addresses[0].city, format!("Ort {number}"));
        }
        if kill % 40 == 39 {
            assert_eq!(app.ask(CheckWorkspace {}).unwrap(), Vec::<String>::new());
        }
        app.close();
    }
    let app = App::new(folder.path());
    app.ask(Unlock { passphrase: PASSPHRASE.into() }).unwrap();
    let window = Window { offset: 0, limit: u64::MAX };
    let (sort, order) = (CustomerSort::Number, Order::Ascending);
    let all =
        app.ask(ListCustomers { filter: CustomerFilter::default(), sort, order, window }).unwrap();
    // Unconfirmed ones may be there, but whole; confirmed ones are all there.
    assert!(all.total >= confirmed.len() as u64);
    assert!(all.total <= (confirmed.len() + KILLS) as u64);
    let numbers: std::collections::BTreeSet<_> = all.rows.iter().map(|row| &row.number).collect();
    assert_eq!(numbers.len() as u64, all.total, "no number twice");
    for row in &all.rows {
        assert!(row.city.starts_with("Ort "), "{} has no address", row.name);
    }
    for (id, _) in &confirmed {
        assert!(all.rows.iter().any(|row| row.id == *id));
    }
    println!("{KILLS} kills, {} confirmed edits", confirmed.len());
}

#[test]
fn an_import_is_whole_or_not_there() {
    let folder = workspace();
    let mut rng = fastrand::Rng::with_seed(2027);
    let mut confirmed = Vec::new();
    for _ in 0..IMPORT_KILLS {
        let mut writer = writer("imports", folder.path());
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut keep = |line: String| {
            confirmed.push(line.rsplit_once(' ').unwrap().0.to_owned());
        };
        for _ in 0..rng.usize(0..2) {
            keep(lines.next().unwrap().unwrap());
        }
        for _ in 0..rng.u32(0..40_000_000) {
            std::hint::spin_loop();
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        lines.map_while(Result::ok).for_each(keep);
    }
    let app = App::new(folder.path());
    app.ask(Unlock { passphrase: PASSPHRASE.into() }).unwrap();
    assert_eq!(app.ask(CheckWorkspace {}).unwrap(), Vec::<String>::new());
    let window = Window { offset: 0, limit: u64::MAX };
    let (sort, order) = (CustomerSort::Number, Order::Ascending);
    let all =
        app.ask(ListCustomers { filter: CustomerFilter::default(), sort, order, window }).unwrap();
    let mut batches: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    for row in &all.rows {
        *batches.entry(&row.city).or_default() += 1;
    }
    for (batch, rows) in &batches {
        assert_eq!(*rows, ROWS, "{batch} was imported in part");
    }
    for batch in &confirmed {
        assert!(batches.contains_key(batch.as_str()), "{batch} was confirmed and is not there");
    }
    println!("{IMPORT_KILLS} kills, {} confirmed imports", confirmed.len());
}
