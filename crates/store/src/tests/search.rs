//! Search against a search that looks through everything, while records come, change and go.

use std::collections::BTreeSet;

use commands::view::{CustomerFilter, CustomerSort, Order, SearchKind, Window};
use domain::{Changeset, Communication, Contact, Customer, Id, Instant, fold};

use super::{act, add_customer, workspace};
use crate::Store;

const NAMES: [&str; 12] = [
    "Müller Metallbau",
    "Mueller Technik",
    "Schmidt & Söhne",
    "Großmann Stahlbau",
    "Koch",
    "Kochmann Apparatebau",
    "Çelik Çelik",
    "Łukasz Nowak",
    "Weiß Automotive",
    "An der Weide",
    "Bäcker Bäcker Bäcker",
    "Ö",
];

fn found(store: &Store, text: &str) -> BTreeSet<String> {
    let filter = CustomerFilter { text: text.into(), ..Default::default() };
    let window = Window { offset: 0, limit: 1_000 };
    let list = store.customers(&filter, CustomerSort::Name, Order::Ascending, window).unwrap();
    list.rows.into_iter().map(|row| row.name).collect()
}

fn looked_through(customers: &[Customer], text: &str) -> BTreeSet<String> {
    let typed = fold(text);
    let has = |name: &str| {
        let name = fold(name);
        typed.split(' ').all(|typed| name.split(' ').any(|word| word.starts_with(typed)))
    };
    customers.iter().map(|customer| customer.name.clone()).filter(|name| has(name)).collect()
}

fn rename(store: &Store, customer: &mut Customer, name: String) {
    act(|context| {
        let mut changeset = Changeset::new("customer.save", "", context);
        *customer = changeset.update(customer, Customer { name, ..customer.clone() }, context);
        store.transact(|tx| tx.apply(&changeset)).unwrap();
    });
}

#[test]
fn every_way_to_a_document_is_the_same() {
    let (_folder, _workspace, store) = workspace();
    let mut customers: Vec<Customer> =
        NAMES.iter().map(|name| add_customer(&store, name, "")).collect();
    let check = |customers: &[Customer]| {
        for text in
            ["m", "mü", "koch", "kochm", "s", "celik", "bäcker", "weiss", "o", "metall", "zz"]
        {
            assert_eq!(found(&store, text), looked_through(customers, text), "{text}");
        }
    };
    check(&customers);
    for round in 0..6 {
        // Some are merged and then changed, some changed twice before they are merged.
        if round % 2 == 0 {
            store.tend(|| true).unwrap();
            check(&customers);
        }
        for (index, customer) in customers.iter_mut().enumerate().skip(round).step_by(2) {
            let name = format!("{} {round}", NAMES[(index + round) % NAMES.len()]);
            rename(&store, customer, name);
        }
        check(&customers);
    }
    store.rebuild_search().unwrap();
    check(&customers);
    let gone = customers.remove(3);
    act(|context| {
        let mut changeset = Changeset::new("customer.delete", "", context);
        changeset.delete(&gone, context);
        store.transact(|tx| tx.apply(&changeset)).unwrap();
    });
    check(&customers);
    act(|context| store.transact(|tx| tx.undo(context))).unwrap();
    customers.push(gone);
    store.tend(|| true).unwrap();
    check(&customers);
}

#[test]
fn what_is_found_by_its_customer_follows_its_name() {
    let (_folder, _workspace, store) = workspace();
    let mut customer = add_customer(&store, "Brandt", "Ulm");
    act(|context| {
        let mut changeset = Changeset::new("contact.save", "", context);
        let contact =
            Contact {
                customer_id: customer.id, last_name: "Özdemir".into(), ..Contact::default()
            };
        changeset.insert(contact, context);
        store.transact(|tx| tx.apply(&changeset)).unwrap();
    });
    store.tend(|| true).unwrap();
    let hits = |text: &str| store.search(text, &[SearchKind::Contact], 9).unwrap().len();
    assert_eq!((hits("ozdemir brandt"), hits("özdemir ulm"), hits("oezdemir kessler")), (1, 1, 0));
    rename(&store, &mut customer, "Kessler".into());
    assert_eq!((hits("ozdemir brandt"), hits("oezdemir kessler")), (0, 1));
}

#[test]
fn talks_come_newest_first_however_many_there_are() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Brandt", "Ulm");
    let first: Instant = "2020-01-01T08:00:00.000Z".parse().unwrap();
    let talk = |nth: i64| Communication {
        id: Id::now(),
        customer_id: customer.id,
        subject: format!("Angebot {nth}"),
        // Neither in the order in which they are stored nor in its reverse.
        occurred_at: Instant::from(first.utc() + chrono::TimeDelta::hours(nth * 7_919 % 3_000)),
        ..Communication::default()
    };
    let mut talks: Vec<Communication> = (0..3_000).map(talk).collect();
    store.bulk(|loader| talks.iter().try_for_each(|talk| loader.insert(talk))).unwrap();
    talks.sort_by_key(|talk| std::cmp::Reverse(talk.occurred_at));
    let found = store.search("angebot", &[], 10).unwrap();
    let wanted: Vec<Id> = talks.iter().take(10).map(|talk| talk.id).collect();
    assert_eq!(found.iter().map(|hit| hit.id).collect::<Vec<_>>(), wanted);
}

#[test]
fn mistyped_words_find_what_was_meant() {
    let (_folder, _workspace, store) = workspace();
    add_customer(&store, "Schmidt Metallbau", "Köln");
    store.tend(|| true).unwrap();
    for text in ["Schmitd", "Schmdt", "Schmidtt Metalbau", "Schmidt Koeln"] {
        assert_eq!(store.search(text, &[], 5).unwrap().len(), 1, "{text}");
    }
    assert_eq!(store.search("Schwarz", &[], 5).unwrap(), []);
}

#[test]
fn the_best_come_first() {
    let (_folder, _workspace, store) = workspace();
    for name in ["Apparatebau Koch", "Kochmann", "Koch Stahlbau", "Bau Kochmann"] {
        add_customer(&store, name, "Koch am See");
    }
    add_customer(&store, "Weiß", "Kochstadt");
    for _ in 0..2 {
        let hits = store.search("koch", &[], 9).unwrap();
        let titles: Vec<&str> = hits.iter().map(|hit| hit.title.text.as_str()).collect();
        let wanted = ["Koch Stahlbau", "Kochmann", "Apparatebau Koch", "Bau Kochmann", "Weiß"];
        assert_eq!(titles, wanted);
        store.tend(|| true).unwrap();
    }
}

#[test]
fn tending_stops_when_it_is_told_to() {
    let (_folder, _workspace, store) = workspace();
    let towns: Vec<String> = (0..70).map(|nth| format!("Ort{nth:02}")).collect();
    for town in &towns {
        add_customer(&store, "Brandt", town);
    }
    let fresh = || -> i64 {
        let reader = store.reader().unwrap();
        reader.query_row("select count(*) from search_fresh", [], |row| row.get(0)).unwrap()
    };
    let before = fresh();
    let parts = std::cell::Cell::new(0);
    let one_part = || parts.replace(parts.get() + 1) < 1;
    store.tend(one_part).unwrap();
    assert!(0 < fresh() && fresh() < before);
    let all_found = || towns.iter().all(|town| !store.search(town, &[], 9).unwrap().is_empty());
    assert!(all_found());
    store.tend(|| true).unwrap();
    assert_eq!(fresh(), 0);
    assert!(all_found());
}
