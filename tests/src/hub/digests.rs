//! A laptop whose rows are not what the hub has notices, and gets them back.

use std::collections::BTreeMap;

use domain::{Contact, Id, merge::Versioned};
use sync::{Digest, Transport};

use crate::{
    doors::Caller,
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

fn store(laptop: &Laptop) -> store::Store {
    store::Workspace::new(&laptop.folder).open(Some("geheim-geheim")).unwrap()
}

fn of(laptop: &Laptop, entity: &str) -> Vec<Id> {
    laptop.records().into_keys().filter(|key| key.0 == entity).map(|key| key.1).collect()
}

#[test]
fn a_damaged_laptop_is_put_right() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 12);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    assert_eq!((first.check(), second.check()), (0, 0));

    // Rows go: one alone, and a customer with all that hangs on it.
    let (customers, contacts) = (of(&second, "customer"), of(&second, "contact"));
    let gone = store(&second)
        .transact(|tx| {
            let alone = tx.leave("contact", contacts[0])?;
            Ok::<_, store::StoreError>(alone + tx.leave("customer", customers[1])?)
        })
        .unwrap();
    assert!(gone > 2);
    // A row holds an older state under the right version.
    let damaged = customers[2];
    let (version, mut state) = {
        let key = ("customer".to_owned(), damaged);
        let mut version = 0;
        let of_customer = &mut |id, known, _: &_| {
            if id == damaged {
                version = known;
            }
        };
        store(&second).each_version("customer", false, of_customer).unwrap();
        (version, second.records().remove(&key).unwrap())
    };
    state.insert("industry".into(), "von vorgestern".into());
    let older = Versioned { entity: "customer".into(), id: damaged, version, state };
    store(&second).transact(|tx| tx.receive(&[older], true, &mut Id::now)).unwrap();
    // A row is there that the hub never had, and that waits for nothing.
    let ghost = Contact {
        id: Id::now(),
        customer_id: customers[3],
        last_name: "Gespenst".into(),
        ..Contact::default()
    };
    store(&second).bulk(|loader| loader.insert(&ghost).map_err(commands::Failure::from)).unwrap();
    // What is being changed here stays.
    second.change(customers[4], |customer| customer.industry = "in Arbeit".into());
    // And what named them names them again.
    assert!(second.check() >= u64::try_from(gone).unwrap() + 2);
    first.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(first.customer(customers[4]).industry, "in Arbeit");
    assert_eq!(second.check(), 0);
    let status = second.app.ask(commands::GetSync {}).unwrap();
    assert!(status.checked_at.is_some() && status.mended == 0);
}

#[test]
fn much_that_the_hub_does_not_have_is_not_removed_unasked() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 2);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let customer_id = of(&admin, "customer")[0];
    store(&admin)
        .bulk(|loader| {
            for _ in 0..=500 {
                let last_name = "Gespenst".into();
                let ghost = Contact { id: Id::now(), customer_id, last_name, ..Contact::default() };
                loader.insert(&ghost)?;
            }
            Ok::<_, commands::Failure>(())
        })
        .unwrap();
    let before = of(&admin, "contact").len();
    let order = |may_remove_much| commands::RunSync { may_remove_much, check: true };
    assert_eq!(admin.app.ask(order(false)).unwrap_err().code, "hub-removes-much");
    assert_eq!(of(&admin, "contact").len(), before);
    assert_eq!(admin.app.ask(order(true)).unwrap().mended, 501);
    assert_eq!(of(&admin, "contact").len(), before - 501);
}

#[test]
fn what_is_out_of_scope_is_in_nobodys_digest() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 6);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let south: Id =
        headquarters.sql("select id from territory where name = 'Südwest'").parse().unwrap();
    let customers: Vec<Id> = admin.customers().iter().map(|row| row.id).collect();
    for id in &customers {
        admin.change(*id, |customer| {
            customer.territory_id = (*id == customers[0]).then_some(south);
            customer.owner_id = None;
            // Its parent is not for a rep: the digest is of the customer as they see it.
            customer.parent_id = (*id == customers[0]).then_some(customers[1]);
        });
    }
    admin.sync();
    let fields = store(&admin).columns("customer").unwrap();
    let mut before = BTreeMap::new();
    for (email, is_narrow) in [
        ("jonas@kontor.example", true),
        ("lena@kontor.example", true),
        ("aylin@kontor.example", true),
        ("mia@kontor.example", false),
        ("sven@kontor.example", false),
        ("rita@kontor.example", false),
        ("petra@kontor.example", false),
    ] {
        let mut caller = Caller::sign_in(&hub, email);
        let (_, cursors) = caller.everything();
        before.insert(email, (caller, cursors.last().unwrap().clone(), is_narrow));
    }
    let ask = |caller: &mut Caller, cursor: &str| {
        caller.http.digest(&Digest {
            device_id: caller.device_id,
            incarnation: caller.incarnation,
            cursor: cursor.into(),
            entity: "customer".into(),
            fields: fields.clone(),
        })
    };
    let mut first = BTreeMap::new();
    for (email, (caller, cursor, _)) in &mut before {
        let answer = ask(caller, cursor).unwrap();
        assert!(answer.is_settled, "{email}");
        first.insert(*email, answer.buckets);
    }
    let counted = |email: &str| first[email].iter().filter(|hash| **hash != 0).count();
    assert_eq!((counted("aylin@kontor.example"), counted("jonas@kontor.example")), (0, 1));
    assert_eq!(first["jonas@kontor.example"], first["lena@kontor.example"]);
    // One that they do not see changes, in its fields and in its version.
    admin.change(customers[1], |customer| customer.industry = "geheim".into());
    admin.sync();
    for (email, (caller, cursor, is_narrow)) in &mut before {
        let answer = ask(caller, cursor).unwrap();
        assert_eq!(answer.is_settled, *is_narrow, "{email}: {answer:?}");
        if *is_narrow {
            assert_eq!(answer.buckets, first[email], "{email}");
        }
    }
    // One that they see changes: the old cursor says nothing any more, a new one does.
    admin.change(customers[0], |customer| customer.industry = "offen".into());
    admin.sync();
    let (jonas, cursor, _) = before.get_mut("jonas@kontor.example").unwrap();
    assert!(!ask(jonas, cursor).unwrap().is_settled);
    let again = jonas.http.changes(jonas.incarnation, Some(cursor)).unwrap();
    let after = ask(jonas, &again.cursor).unwrap();
    assert!(after.is_settled && after.buckets != first["jonas@kontor.example"]);
    // Somebody else's cursor, and a made-up one.
    let stolen = again.cursor;
    let mut forged = stolen.clone();
    forged.insert(3, 'A');
    let (aylin, ..) = before.get_mut("aylin@kontor.example").unwrap();
    for cursor in [stolen, forged] {
        let refused = ask(aylin, &cursor).unwrap_err();
        assert!(format!("{refused:?}").contains("cursor-invalid"), "{refused:?}");
    }
    // With other grants nothing is compared before what they bring was read.
    let (aylin, cursor, _) = before.get_mut("aylin@kontor.example").unwrap();
    headquarters.sql(&format!(
        "update account_territory set territory_id = '{south}'
         where account_id = (select id from account where email = 'aylin@kontor.example')"
    ));
    assert!(!ask(aylin, cursor).unwrap().is_settled);
}

/// Hashing a table takes long. Were the laptop's row held meanwhile, what can be read would stand
/// still for everybody, and this would wait for whoever holds it now.
#[test]
fn comparing_holds_nothing() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let mut caller = Caller::sign_in(&hub, ADMIN);
    let (_, cursors) = caller.everything();
    let digest = Digest {
        device_id: caller.device_id,
        incarnation: caller.incarnation,
        cursor: cursors.last().unwrap().clone(),
        entity: "user".into(),
        fields: Vec::new(),
    };
    let held = format!(
        "begin; select 1 from device where id = '{}' for update; select pg_sleep(8); commit",
        caller.device_id
    );
    let waiting = "select count(*) from pg_stat_activity where query like '%pg_sleep(8)%' and pid <> pg_backend_pid() and wait_event = 'PgSleep'";
    std::thread::scope(|scope| {
        scope.spawn(|| headquarters.sql(&held));
        crate::headquarters::until("the lock", || (headquarters.sql(waiting) == "1").then_some(()));
        let begin = std::time::Instant::now();
        assert!(caller.http.digest(&digest).unwrap().is_settled);
        assert!(begin.elapsed().as_secs() < 5, "it waited for the laptop's row");
    });
}
