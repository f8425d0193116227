//! Many records that come at once are found, listed and summed up as those that come one by one.

use std::collections::BTreeSet;

use commands::view::SearchKind;
use domain::{Changeset, Communication, Contact, Id, Instant, merge::Versioned};

use super::{act, add_customer, rows, workspace};
use crate::Store;

const TOWNS: [&str; 4] = ["Lübeck", "Ulm", "Görlitz", "Aachen"];

/// Customers with an address, a contact and a talk each, as a hub has them.
fn held() -> Vec<Versioned> {
    let (_folder, _workspace, store) = workspace();
    for nth in 0..120 {
        let customer = add_customer(&store, &format!("Werk {nth} GmbH"), TOWNS[nth % 4]);
        act(|context| {
            let mut changeset = Changeset::new("contact.create", "", context);
            let last_name = format!("Ohm{nth}");
            let contact = Contact { customer_id: customer.id, last_name, ..Contact::default() };
            changeset.insert(contact, context);
            let talk = Communication {
                customer_id: customer.id,
                occurred_at: Instant::now(),
                subject: format!("Angebot {nth}"),
                ..Communication::default()
            };
            changeset.insert(talk, context);
            store.transact(|tx| tx.apply(&changeset)).unwrap();
        });
    }
    let records = store.records().unwrap();
    let versioned = (1..).zip(records);
    let versioned =
        versioned.map(|(version, ((entity, id), state))| Versioned { entity, id, version, state });
    versioned.collect()
}

fn found(store: &Store, text: &str) -> BTreeSet<Id> {
    let kinds = [SearchKind::Customer, SearchKind::Contact, SearchKind::Communication];
    store.search(text, &kinds, 1_000).unwrap().into_iter().map(|hit| hit.id).collect()
}

#[test]
fn a_fill_leaves_what_reading_one_by_one_leaves() {
    let held = held();
    let of = |entity: &str| -> Vec<Versioned> {
        held.iter().filter(|record| record.entity == entity).cloned().collect()
    };
    let (_folder, _workspace, slow) = workspace();
    for part in
        [of("customer"), of("address"), of("contact"), of("communication")].concat().chunks(50)
    {
        slow.transact(|tx| tx.receive(part, true, &mut Id::now)).unwrap();
    }
    let (_folder, _workspace, fast) = workspace();
    // Some are here, and some were: their places in the lists are taken again.
    let customers = of("customer");
    fast.transact(|tx| tx.receive(&customers[..40], false, &mut Id::now)).unwrap();
    fast.transact(|tx| {
        customers[20..40].iter().try_for_each(|gone| tx.leave("customer", gone.id).map(|_| ()))
    })
    .unwrap();
    fast.transact(|tx| tx.receive(&held, true, &mut Id::now)).unwrap();
    let log = "select count(*) from change";
    assert_ne!(rows(&fast, log), rows(&slow, log), "they went the same way");

    assert_eq!(fast.records().unwrap(), slow.records().unwrap());
    for text in ["lübeck", "werk", "ohm7", "angebot", "werk 21", "ulm gmbh", "werk 119", "x"] {
        assert_eq!(found(&fast, text), found(&slow, text), "{text}");
    }
    let summed = "select customer.name, customer_summary.* from customer_summary
        join customer on customer.seq = customer_seq order by customer.name";
    let without_place = |store: &Store| -> Vec<Vec<String>> {
        rows(store, summed)
            .into_iter()
            .map(|row| {
                row.into_iter()
                    .enumerate()
                    .filter(|(at, _)| *at != 1)
                    .map(|(_, text)| text)
                    .collect()
            })
            .collect()
    };
    assert_eq!(without_place(&fast), without_place(&slow));
    assert_eq!(without_place(&fast).len(), 120);
}
