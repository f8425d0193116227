//! Laptop and hub of different versions: nothing is lost, and what can go on goes on.

use std::collections::BTreeMap;

use commands::{GetSync, ListRejections, ListWaiting};
use domain::{
    Change, ChangeKind, Changeset, Context, FieldChange, Id, Instant,
    merge::{State, Versioned},
};
use serde_json::{Value, json};

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::Laptop,
};

fn store(laptop: &Laptop) -> store::Store {
    store::Workspace::new(&laptop.folder).open(Some("geheim-geheim")).unwrap()
}

fn field(laptop: &Laptop, id: Id, name: &str) -> Value {
    laptop.records()[&("customer".to_owned(), id)].get(name).cloned().unwrap_or_default()
}

/// Changes a field that this version's screens do not know yet.
fn set(laptop: &Laptop, id: Id, name: &str, to: Value) {
    let mut ids = Id::now;
    let now = Instant::now();
    let user_id = laptop.customer(id).created_by;
    let mut context = Context { now, today: now.utc().date_naive(), user_id, ids: &mut ids };
    let mut changeset = Changeset::new("customer.save", "", &mut context);
    let change = FieldChange { from: field(laptop, id, name), to };
    let fields = BTreeMap::from([(name.to_owned(), change)]);
    changeset.changes.push(Change {
        entity: "customer".into(),
        id,
        kind: ChangeKind::Update,
        fields,
    });
    store(laptop).transact(|tx| tx.apply(&changeset)).unwrap();
}

const NEW_COLUMN: &str = "alter table customer add column segment text not null default ''";

#[test]
fn what_a_newer_hub_says_is_kept_until_the_laptop_is_upgraded() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 4);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    drop(hub);
    headquarters.sql(NEW_COLUMN);
    let hub = headquarters.hub();
    admin.connect(&hub.address(), ADMIN);
    let ids: Vec<Id> = admin.customers().iter().map(|row| row.id).collect();
    let segment = |id: Id, text: &str| {
        headquarters.sql(&format!("update customer set segment = '{text}' where id = '{id}'"));
    };
    segment(ids[0], "A");
    segment(ids[1], "B");
    segment(ids[2], "C");
    admin.sync();
    // The laptop works on with the same records, and the hub says more of one.
    admin.change(ids[0], |customer| customer.industry = "Stahlbau".into());
    admin.sync();
    segment(ids[1], "B2");
    admin.sync();
    admin.change(ids[1], |customer| customer.industry = "noch nicht gesendet".into());
    let aside = store(&admin).kept_aside().unwrap();
    assert!(aside[&ids[0]].2.contains("\"A\"") && aside[&ids[1]].2.contains("\"B2\""));
    let at_hub =
        |id: Id| headquarters.sql(&format!("select segment from customer where id = '{id}'"));
    assert_eq!(at_hub(ids[0]), "A");

    // Without an upgrade a new start changes nothing.
    admin.app.close();
    let admin = Laptop::open(&admin.folder);
    assert_eq!(store(&admin).kept_aside().unwrap(), aside);
    // With one, what was kept aside is there before the laptop reads again.
    store(&admin).alter(NEW_COLUMN).unwrap();
    admin.app.close();
    let admin = Laptop::open(&admin.folder);
    assert_eq!(field(&admin, ids[0], "segment"), "A");
    assert_eq!(field(&admin, ids[1], "segment"), "B2");
    assert_eq!(admin.customer(ids[1]).industry, "noch nicht gesendet");
    // The others' were not written since the column came.
    let left = store(&admin).kept_aside().unwrap();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(admin.sync().rejected, 0);
    assert_eq!(at_hub(ids[1]), "B2");
    segment(ids[2], "C2");
    admin.sync();
    assert_eq!(field(&admin, ids[2], "segment"), "C2");
}

#[test]
fn a_kind_of_record_that_only_a_newer_version_knows_is_kept_and_leaves_with_its_customer() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 3);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let ids: Vec<Id> = admin.customers().iter().map(|row| row.id).collect();
    let own = store(&admin);
    // A label of theirs, and one of no customer, of a kind that this version calls a tag.
    let record = |customer: Option<Id>, version: i64| {
        let mut state: State = domain::blank("tag");
        let (id, at) = (Id::now(), Instant::now());
        state.extend([
            ("id".to_owned(), json!(id)),
            ("name".to_owned(), json!("Messe")),
            ("created_at".to_owned(), json!(at)),
            ("updated_at".to_owned(), json!(at)),
        ]);
        if let Some(customer) = customer {
            state.insert("customer_id".into(), json!(customer));
        }
        Versioned { entity: "label".into(), id, version, state }
    };
    let (theirs, common) = (record(Some(ids[0]), 7), record(None, 8));
    let both = [theirs.clone(), common.clone()];
    own.transact(|tx| tx.receive(&both, false, &mut Id::now)).unwrap();
    // An older state that comes late does not take its place.
    let older = Versioned { version: 3, state: State::new(), ..common.clone() };
    own.transact(|tx| tx.receive(&[older], false, &mut Id::now)).unwrap();
    assert_eq!(own.kept_aside().unwrap()[&common.id].1, 8);
    own.transact(|tx| tx.leave("customer", ids[0])).unwrap();
    let aside = own.kept_aside().unwrap();
    assert_eq!(aside.keys().collect::<Vec<_>>(), [&common.id]);
    // The version that knows the kind finds it at its first start.
    own.alter("update kept_aside set entity = 'tag'; create index upgraded on tag (colour)")
        .unwrap();
    drop(own);
    admin.app.close();
    let admin = Laptop::open(&admin.folder);
    assert_eq!(admin.records()[&("tag".to_owned(), common.id)]["name"], "Messe");
    assert!(store(&admin).kept_aside().unwrap().is_empty());
    store(&admin).transact(|tx| tx.leave("label", Id::now())).unwrap();
}

#[test]
fn what_an_older_hub_does_not_know_waits_and_the_rest_goes_on() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 4);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    store(&first).alter(NEW_COLUMN).unwrap();
    first.app.close();
    let first = Laptop::open(&first.folder);
    let ids: Vec<Id> = first.customers().iter().map(|row| row.id).collect();

    set(&first, ids[0], "segment", json!("A"));
    // What stands on it waits with it; what does not, and a new record, goes.
    first.change(ids[0], |customer| customer.industry = "wartet mit".into());
    first.change(ids[1], |customer| customer.industry = "geht".into());
    let new = first.add("Neue AG");
    let report = first.sync();
    assert_eq!((report.sent, report.rejected), (2, 0));
    let status = first.app.ask(GetSync {}).unwrap();
    assert_eq!((status.waiting, status.held), (2, 2));
    let waiting = first.app.ask(ListWaiting {}).unwrap();
    assert!(waiting.len() == 2 && waiting.iter().all(|one| one.is_held));
    second.sync();
    assert_eq!(second.customer(ids[1]).industry, "geht");
    assert_eq!(second.customer(new).name, "Neue AG");
    assert_ne!(second.customer(ids[0]).industry, "wartet mit");
    // Comparing with the hub leaves what waits alone.
    first.check();
    assert_eq!(field(&first, ids[0], "segment"), "A");

    // Told that the hub is updated, all of it goes, in its order. This hub is not: it says so.
    let mut knows = sync::Schema::own();
    knows.0.get_mut("customer").unwrap().insert("segment".into());
    let told = serde_json::to_string(&knows).unwrap();
    store(&first).set_local("sync.schema", &told).unwrap();
    assert_eq!(first.app.ask(GetSync {}).unwrap().held, 0);
    let report = first.sync();
    assert_eq!((report.sent, report.rejected), (1, 1), "{report:?}");
    let kept = first.app.ask(ListRejections {}).unwrap();
    assert_eq!(kept[0].refusal.code, "field-unknown");
    assert_eq!(kept[0].changes[0].fields["segment"].to, "A");
    second.sync();
    assert_eq!(second.customer(ids[0]).industry, "wartet mit");
}
