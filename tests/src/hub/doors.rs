//! Every call with every role: nobody gets, or changes, what is not theirs.

use std::collections::BTreeMap;

use domain::{Change, ChangeKind, Changeset, FieldChange, Id, Instant, merge::State};
use serde_json::{Value, json};
use sync::{Entry, Hello, Outcome, PROTOCOL, Push, Sent, SyncError, Transport, http::Http};

use crate::{
    headquarters::{ADMIN, Headquarters, Hub, PASSWORD},
    laptop::Laptop,
};

/// Somebody who speaks the protocol by hand.
pub struct Caller {
    pub http: Http,
    pub device_id: Id,
    pub incarnation: i64,
    next_push: i64,
    pub user_id: Id,
}

impl Caller {
    pub fn sign_in(hub: &Hub, email: &str) -> Self {
        let device_id = Id::now();
        let mut http = Http::new(&hub.address(), device_id, None).unwrap();
        http.sign_in(email, PASSWORD, "test").unwrap();
        let welcome = http
            .hello(&Hello {
                device_id,
                incarnation: 0,
                nonce: Id::now(),
                epoch: None,
                next_push: 0,
                protocol: PROTOCOL,
                numbers: Vec::new(),
                schema: String::new(),
            })
            .unwrap();
        Self {
            http,
            device_id,
            incarnation: welcome.incarnation,
            next_push: welcome.next_push,
            user_id: welcome.user_id,
        }
    }

    /// All that the hub hands out: every page's text.
    pub fn everything(&mut self) -> (Vec<Entry>, Vec<String>) {
        let (mut entries, mut cursors) = (Vec::new(), Vec::new());
        loop {
            let page =
                self.http.changes(self.incarnation, cursors.last().map(String::as_str)).unwrap();
            entries.extend(page.entries);
            cursors.push(page.cursor);
            if !page.more {
                return (entries, cursors);
            }
        }
    }

    /// The same by a snapshot: records with their versions, and the cursor behind it.
    fn snapshot(&mut self) -> (BTreeMap<(String, Id), (i64, State)>, Vec<String>) {
        let (mut records, mut cursors) = (BTreeMap::new(), Vec::<String>::new());
        loop {
            let cursor = cursors.last().map(String::as_str);
            let part = self.http.snapshot(self.incarnation, cursor).unwrap();
            let tables = sync::unpack(&part.packed).unwrap();
            for table in serde_json::from_slice::<Vec<Value>>(&tables).unwrap() {
                let columns: Vec<String> =
                    serde_json::from_value(table["columns"].clone()).unwrap();
                for row in table["rows"].as_array().unwrap() {
                    let mut state: State =
                        columns.iter().cloned().zip(row.as_array().unwrap().clone()).collect();
                    let version = state.remove("version").unwrap().as_i64().unwrap();
                    let id = state["id"].as_str().unwrap().parse().unwrap();
                    let key = (table["entity"].as_str().unwrap().to_owned(), id);
                    records.insert(key, (version, state));
                }
            }
            cursors.push(part.head.cursor);
            if !part.head.more {
                return (records, cursors);
            }
        }
    }

    fn push(&mut self, changes: Vec<Change>) -> (Outcome, String) {
        let changeset = Changeset {
            id: Id::now(),
            at: Instant::now(),
            user_id: self.user_id,
            operation: "test".into(),
            subject: String::new(),
            changes,
        };
        let pushed = self.http.push(&Push {
            device_id: self.device_id,
            incarnation: self.incarnation,
            epoch: None,
            cursor: None,
            first: self.next_push,
            changesets: vec![Sent {
                changeset,
                seen: BTreeMap::new(),
                again: false,
                quotes: Vec::new(),
            }],
        });
        let mut pushed = pushed.unwrap();
        self.next_push = pushed.next_push;
        let text = serde_json::to_string(&pushed).unwrap();
        (pushed.answers.remove(0).outcome, text)
    }
}

fn nobody_with(hub: &Hub) -> Http {
    Http::new(&hub.address(), Id::now(), None).unwrap()
}

fn edit(entity: &str, id: Id, field: &str, from: Value, to: Value) -> Change {
    let fields = [(field.to_owned(), FieldChange { from, to })].into();
    Change { entity: entity.into(), id, kind: ChangeKind::Update, fields }
}

fn is_rejected(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Rejected { .. })
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, SyncError>) -> String {
    match answer {
        Err(SyncError::Refused(refused)) => refused.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_call_gives_a_record_of_others() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 8);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let south: Id =
        headquarters.sql("select id from territory where name = 'Südwest'").parse().unwrap();
    let customers: Vec<Id> = admin.customers().iter().map(|row| row.id).collect();
    let (seen, hidden) = (customers[0], customers[1]);
    for id in &customers {
        admin.change(*id, |customer| {
            customer.territory_id = (*id == seen).then_some(south);
            customer.owner_id = None;
            customer.parent_id = (*id == seen).then_some(hidden);
        });
    }
    admin.sync();
    let secret = admin.customer(hidden).name;
    let contact = |of: Id| {
        let sql = format!("select id from contact where customer_id = '{of}' limit 1");
        headquarters.sql(&sql).parse::<Id>().unwrap()
    };
    let (own_contact, hidden_contact) = (contact(seen), contact(hidden));
    let roles = [
        ("jonas@kontor.example", true, true),
        ("lena@kontor.example", true, true),
        ("aylin@kontor.example", true, true),
        ("mia@kontor.example", false, true),
        ("sven@kontor.example", false, true),
        ("rita@kontor.example", false, false),
        ("petra@kontor.example", false, true),
    ];
    for (email, is_narrow, may_write) in roles {
        let mut caller = Caller::sign_in(&hub, email);
        let (entries, _) = caller.everything();
        let text = serde_json::to_string(&entries).unwrap();
        let hidden_texts = [hidden.to_string(), hidden_contact.to_string(), secret.clone()];
        if is_narrow {
            for hidden in &hidden_texts {
                assert!(!text.contains(hidden), "{email} reads {hidden}");
            }
        } else {
            assert!(hidden_texts.iter().all(|hidden| text.contains(hidden)), "{email}");
        }
        // A snapshot is the same, field by field, and the feed goes on behind it.
        let states = entries.into_iter().filter_map(|entry| match entry {
            Entry::State(one) => Some(((one.entity, one.id), (one.version, one.state))),
            Entry::LeftScope { .. } => None,
        });
        let states: BTreeMap<_, _> = states.collect();
        let (records, cursors) = caller.snapshot();
        assert_eq!(records, states, "{email}");
        let rest = caller.http.changes(caller.incarnation, cursors.last().map(String::as_str));
        let rest = rest.unwrap();
        assert!(rest.entries.is_empty() && !rest.more && !rest.grants_changed, "{email}");
        // Changing, renaming by reference, and taking over: all refused, and nothing is told.
        let attempts = [
            edit("customer", hidden, "name", json!(secret), json!("Meins")),
            edit("customer", hidden, "owner_id", Value::Null, json!(caller.user_id)),
            edit("contact", hidden_contact, "notes", json!(""), json!("x")),
            edit("contact", own_contact, "customer_id", json!(seen), json!(hidden)),
        ];
        for attempt in attempts {
            let refused = is_narrow || !may_write;
            if !refused {
                continue;
            }
            let (outcome, text) = caller.push(vec![attempt.clone()]);
            assert!(is_rejected(&outcome), "{email}: {attempt:?}: {outcome:?}");
            assert!(!is_narrow || !text.contains(&secret), "{email} learns a name");
        }
        // Roles and accounts are not made by a changeset, nor read by one.
        for table in ["account", "device", "token", "outcome", "hub", "feed"] {
            let attempt = edit(table, caller.user_id, "role", Value::Null, json!("administrator"));
            assert!(is_rejected(&caller.push(vec![attempt]).0), "{email}: {table}");
        }
        if email != "petra@kontor.example" {
            let article = edit("user", caller.user_id, "name", json!("x"), json!("Chef"));
            assert!(is_rejected(&caller.push(vec![article]).0), "{email}: user");
        }
        if !may_write {
            let own = edit("customer", seen, "industry", json!(""), json!("x"));
            assert!(is_rejected(&caller.push(vec![own]).0), "{email} only reads");
        }
    }
    assert_eq!(admin.customer(hidden).name, secret);
}

#[test]
fn nobody_speaks_for_another_device_or_makes_up_a_cursor() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let mut jonas = Caller::sign_in(&hub, "jonas@kontor.example");
    let mut aylin = Caller::sign_in(&hub, "aylin@kontor.example");
    let (_, cursors) = jonas.everything();
    let stolen = cursors.last().unwrap();
    let incarnation = aylin.incarnation;
    assert_eq!(code(aylin.http.changes(incarnation, Some(stolen))), "cursor-invalid");
    let mut forged = stolen.clone();
    forged.insert(3, 'A');
    assert_eq!(code(jonas.http.changes(jonas.incarnation, Some(&forged))), "cursor-invalid");
    assert_eq!(code(jonas.http.changes(99, Some(stolen))), "device-forked");
    // Neither is one cursor good for the other call.
    assert_eq!(code(aylin.http.snapshot(incarnation, Some(stolen))), "cursor-invalid");
    assert_eq!(code(jonas.http.snapshot(jonas.incarnation, Some(stolen))), "cursor-invalid");
    assert_eq!(code(nobody_with(&hub).snapshot(1, None)), "token-invalid");
    let hello = Hello {
        device_id: jonas.device_id,
        incarnation: jonas.incarnation,
        nonce: Id::now(),
        epoch: None,
        next_push: 0,
        protocol: PROTOCOL,
        numbers: Vec::new(),
        schema: String::new(),
    };
    assert_eq!(code(aylin.http.hello(&hello)), "device-unknown");
    let push = Push {
        device_id: jonas.device_id,
        incarnation: jonas.incarnation,
        epoch: None,
        cursor: None,
        first: jonas.next_push,
        changesets: Vec::new(),
    };
    assert_eq!(code(aylin.http.push(&push)), "device-unknown");
    // Without a token, with a wrong one, with a wrong password, with one too often wrong.
    let mut nobody = nobody_with(&hub);
    assert_eq!(code(nobody.changes(1, None)), "token-invalid");
    let tokens = sync::Tokens { access: "x".into(), refresh: "y".into() };
    let mut guesser = Http::new(&hub.address(), jonas.device_id, Some(tokens)).unwrap();
    assert_eq!(code(guesser.changes(1, None)), "token-invalid");
    for _ in 0..10 {
        assert_eq!(code(nobody.sign_in(ADMIN, "falsch-falsch", "x").map(|_| ())), "sign-in-wrong");
    }
    assert_eq!(code(nobody.sign_in(ADMIN, PASSWORD, "x").map(|_| ())), "too-many");
    // A laptop that was shut out.
    headquarters.run(&["device", "revoke", &jonas.device_id.to_string()]);
    let shut_out = code(jonas.http.changes(jonas.incarnation, None));
    assert_eq!(shut_out, "device-revoked");
}
