//! Whoever speaks the protocol by hand, with every role, by every call that is not a page, a snapshot
//! or a push: nothing of others comes out, and nothing of theirs is changed.

use domain::{Id, merge::Versioned};
use serde_json::json;
use sync::{Digest, Hello, Keep, NumberRange, Offer, PROTOCOL, Refetch, Transport, http::Http};

use crate::{
    doors::{Caller, code},
    headquarters::{ADMIN, Headquarters, Hub},
    laptop::Laptop,
};

/// Who sees nothing of a customer at another territory.
const NARROW: [&str; 3] = ["jonas@kontor.example", "lena@kontor.example", "aylin@kontor.example"];
const OTHERS: [&str; 4] =
    ["mia@kontor.example", "sven@kontor.example", "rita@kontor.example", "petra@kontor.example"];

struct Company {
    headquarters: Headquarters,
    hub: Hub,
    folder: tempfile::TempDir,
    admin: Laptop,
    /// Nobody's at no territory.
    hidden: Id,
}

impl Company {
    fn open() -> Self {
        let headquarters = Headquarters::open();
        let hub = headquarters.hub();
        let folder = tempfile::tempdir().unwrap();
        let admin = Laptop::with_demo(&folder.path().join("a"), 6);
        admin.connect(&hub.address(), ADMIN);
        admin.sync();
        for row in admin.customers() {
            admin.change(row.id, |customer| {
                customer.territory_id = None;
                customer.owner_id = None;
            });
        }
        let hidden = admin.customers()[0].id;
        admin.sync();
        Self { headquarters, hub, folder, admin, hidden }
    }

    fn name(&self) -> String {
        self.admin.customer(self.hidden).name
    }

    /// What the hub holds of what is hidden.
    fn held(&self) -> String {
        self.headquarters.sql(&format!(
            "select (select to_jsonb(customer) from customer where id = '{0}'),
                (select jsonb_agg(contact order by id) from contact where customer_id = '{0}')",
            self.hidden
        ))
    }

    fn contact(&self) -> Id {
        let sql = format!("select id from contact where customer_id = '{}' limit 1", self.hidden);
        self.headquarters.sql(&sql).parse().unwrap()
    }

    /// A record as its table has it.
    fn state(&self, table: &str, id: Id) -> domain::merge::State {
        let sql = format!("select to_jsonb({table}) from {table} where id = '{id}'");
        serde_json::from_str(&self.headquarters.sql(&sql)).unwrap()
    }
}

fn hello(caller: &Caller) -> Hello {
    Hello {
        device_id: caller.device_id,
        incarnation: caller.incarnation,
        nonce: Id::now(),
        epoch: None,
        next_push: 0,
        protocol: PROTOCOL,
        numbers: Vec::new(),
        schema: String::new(),
    }
}

#[test]
fn no_call_of_any_role_gives_what_is_not_theirs() {
    let company = Company::open();
    let (hub, hidden) = (&company.hub, company.hidden);
    let (secret, before) = (company.name(), company.held());
    for email in NARROW.into_iter().chain(OTHERS) {
        let is_narrow = NARROW.contains(&email);
        let mut caller = Caller::sign_in(hub, email);
        let (_, cursors) = caller.everything();
        let (device_id, incarnation) = (caller.device_id, caller.incarnation);
        let cursor = cursors.last().unwrap().clone();
        for entity in domain::ENTITIES {
            let refetch = Refetch {
                device_id,
                incarnation,
                cursor: cursor.clone(),
                entity: entity.into(),
                buckets: (0..=255).collect(),
            };
            let fetched = serde_json::to_string(&caller.http.refetch(&refetch).unwrap()).unwrap();
            let tells = |what: &str| fetched.contains(what);
            let told = [secret.clone(), hidden.to_string()].iter().any(|what| tells(what));
            assert!(!(is_narrow && told), "{email} is given {entity} of others");
            // A digest is of what is seen: a name that nobody there sees does not change it.
            let fields = vec!["name".to_owned()];
            let digest = Digest {
                device_id,
                incarnation,
                cursor: cursor.clone(),
                entity: entity.into(),
                fields,
            };
            let hashes = caller.http.digest(&digest).unwrap().buckets;
            let hangs = ["customer", "contact", "opportunity", "communication"].contains(&entity);
            let is_empty = hashes.iter().all(|hash| *hash == 0);
            assert!(is_empty || !(is_narrow && hangs), "{email}: digest of {entity}");
        }
        // Nobody brings back what was never lost.
        let mut taken = company.state("customer", hidden);
        taken.insert("owner_id".into(), json!(caller.user_id));
        let record =
            Versioned { entity: "customer".into(), id: hidden, version: 1 << 40, state: taken };
        let offer = Offer { device_id, incarnation, above: 0, records: vec![record] };
        assert_eq!(code(caller.http.offer(&offer)), "nothing-lost", "{email}");
        // Only a revoked laptop hands over.
        let keep = Keep { device_id, nonce: Id::now(), parts: Vec::new(), is_all: true };
        assert_eq!(code(caller.http.keep(&keep)), "device-not-revoked", "{email}");
        // Numbers: neither made up, nor so many that none are left.
        for (kind, used, year) in [
            ("customer", i64::MAX, 2026),
            ("quote", -5, 2026),
            ("account", 1, 2026),
            ("quote", 1, 9),
        ] {
            let numbers = vec![NumberRange { kind: kind.into(), year, used }];
            let asked = Hello { numbers, ..hello(&caller) };
            assert_eq!(code(caller.http.hello(&asked)), "numbers-invalid", "{email}: {kind}");
        }
        if email != "petra@kontor.example" {
            let numbers = vec![NumberRange { kind: "quote".into(), year: 2031, used: 900_000_000 }];
            let asked = Hello { numbers, ..hello(&caller) };
            let welcome = caller.http.hello(&asked).unwrap();
            caller.incarnation = welcome.incarnation;
            assert!(welcome.leases.iter().all(|lease| lease.last < 10_000), "{email}");
        }
        // A device of one's own is no wider than the one that it comes from.
        let copy = Id::now();
        caller.http.fork(copy).unwrap();
        let welcome = caller
            .http
            .hello(&Hello { device_id: copy, incarnation: 0, ..hello(&caller) })
            .unwrap();
        let page = caller.http.changes(welcome.incarnation, None).unwrap();
        let text = serde_json::to_string(&page).unwrap();
        assert!(!(is_narrow && text.contains(&secret)), "{email} by a copy");
    }
    assert_eq!(company.held(), before);
    let mut nobody = Http::new(&hub.address(), Id::now(), None).unwrap();
    let offer = Offer { device_id: Id::now(), incarnation: 1, above: 0, records: Vec::new() };
    assert_eq!(code(nobody.offer(&offer)), "token-invalid");
}

#[test]
fn after_a_restore_nobody_brings_what_they_do_not_see() {
    let company = Company::open();
    let (hidden, contact) = (company.hidden, company.contact());
    let file = company.folder.path().join("backup");
    let Company { headquarters, hub, .. } = &company;
    headquarters.run(&["backup", file.to_str().unwrap()]);
    // A hub that runs is kept out meanwhile, and goes on.
    headquarters.run(&["restore", file.to_str().unwrap()]);
    let restored: i64 =
        headquarters.sql("select last_value - 1000000000 from version").parse().unwrap();
    let (secret, before) = (company.name(), company.held());
    for email in NARROW {
        let mut caller = Caller::sign_in(hub, email);
        let (device_id, incarnation) = (caller.device_id, caller.incarnation);
        // Theirs by what they say; by what they say in two steps; a contact drawn to a customer of
        // their own; what the hub's own life will give.
        let own = Id::now();
        let mut owned = company.state("customer", hidden);
        owned.insert("owner_id".into(), json!(caller.user_id));
        let mut made = owned.clone();
        made.insert("name".into(), json!("Eigene GmbH"));
        made.insert("number".into(), json!(email));
        made.insert("vat_id".into(), json!(""));
        let mut drawn = company.state("contact", contact);
        drawn.insert("customer_id".into(), json!(own));
        let mut later = owned.clone();
        later.insert("industry".into(), json!("gekapert"));
        let record = |entity: &str, id: Id, version: i64, state: &domain::merge::State| Versioned {
            entity: entity.into(),
            id,
            version,
            state: state.clone(),
        };
        for records in [
            vec![record("customer", own, restored + 1, &made)],
            vec![record("customer", hidden, restored + 2, &owned)],
            vec![record("customer", hidden, restored + 3, &later)],
            vec![record("contact", contact, restored + 4, &drawn)],
            vec![record("customer", hidden, i64::MAX, &later)],
        ] {
            let offer = Offer { device_id, incarnation, above: 0, records };
            caller.http.offer(&offer).unwrap();
        }
        assert_eq!(company.held(), before, "{email}");
        let (entries, _) = caller.everything();
        let text = serde_json::to_string(&entries).unwrap();
        assert!(text.contains("Eigene GmbH"), "{email}: their own comes back");
        assert!(!text.contains(&secret), "{email} is told {text}");
    }
    // Whoever sees it is asked.
    let asked = headquarters.sql(&format!(
        "select count(*) from conflict where record_id = '{hidden}' and field = 'industry' and owner_id is null"
    ));
    assert_eq!(asked, NARROW.len().to_string());
}
