//! Nobody gets what is not theirs.

use commands::view::SearchKind;

use sync::Transport;

use crate::{
    forged::{Forger, Ground, REP},
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

#[test]
fn a_rep_has_their_territory_and_nothing_else() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 12);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let territory = |name: &str| -> domain::Id {
        let sql = format!(
            "select id from territory where name = '{name}' and deleted_at is null limit 1"
        );
        headquarters.sql(&sql).parse().unwrap()
    };
    let (south, north) = (territory("Südwest"), territory("Nordost"));
    let ids: Vec<domain::Id> = admin.customers().iter().map(|row| row.id).collect();
    for (index, id) in ids.iter().enumerate() {
        let own = if index % 2 == 0 { south } else { north };
        admin.change(*id, |customer| {
            customer.territory_id = Some(own);
            customer.owner_id = None;
        });
    }
    admin.sync();
    let rep = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "jonas@kontor.example");
    rep.sync();
    let seen: Vec<domain::Id> = rep.customers().iter().map(|row| row.id).collect();
    assert_eq!(seen.len(), 6);
    let only_theirs = |rep: &Laptop, hidden: &[domain::Id]| {
        for ((entity, id), state) in rep.records() {
            for gone in hidden {
                assert_ne!(id, *gone);
                let gone = gone.to_string();
                let names = state.values().any(|value| value.as_str() == Some(&*gone));
                assert!(!names, "{entity} {id} names a customer of others");
            }
        }
    };
    let hidden: Vec<domain::Id> = ids.iter().copied().filter(|id| !seen.contains(id)).collect();
    only_theirs(&rep, &hidden);

    // A customer changes hands: it leaves with all that hangs on it, another enters.
    let (leaving, entering) = (seen[0], hidden[0]);
    let name = admin.customer(leaving).name;
    let word = name.split(' ').next().unwrap().to_owned();
    admin.change(leaving, |customer| customer.territory_id = Some(north));
    admin.change(entering, |customer| customer.territory_id = Some(south));
    admin.sync();
    rep.sync();
    let now: Vec<domain::Id> = rep.customers().iter().map(|row| row.id).collect();
    assert!(!now.contains(&leaving) && now.contains(&entering));
    let mut hidden: Vec<domain::Id> = hidden.into_iter().filter(|id| *id != entering).collect();
    hidden.push(leaving);
    only_theirs(&rep, &hidden);
    let hits =
        rep.app.ask(commands::Search { text: word, kinds: vec![SearchKind::Customer], limit: 20 });
    assert!(hits.unwrap().iter().all(|hit| hit.id != leaving));
    // What the rep does with a customer that is no longer theirs never reaches the hub, and theirs
    // does.
    rep.change(entering, |customer| customer.industry = "Werkzeugbau".into());
    assert_eq!(rep.sync().sent, 1);
    admin.sync();
    assert_eq!(admin.customer(entering).industry, "Werkzeugbau");

    // The rep gets the other territory as well, and loses their first.
    headquarters.sql(&format!(
        "update account_territory set territory_id = '{north}'
         where account_id = (select id from account where email = 'jonas@kontor.example')"
    ));
    rep.sync();
    let now: Vec<domain::Id> = rep.customers().iter().map(|row| row.id).collect();
    assert_eq!(now.len(), 6);
    assert!(now.contains(&leaving) && !now.contains(&entering));
}

/// Tables whose records hang on customers.
const HANGING: [&str; 7] =
    ["customer", "address", "contact", "communication", "task", "appointment", "opportunity"];

/// Little that is new is walked through, much is asked by customer: both must say the same.
#[test]
fn who_was_away_for_long_gets_what_the_others_have() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 40);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let one = |sql: &str| headquarters.sql(sql);
    let territory = |name: &str| one(&format!("select id from territory where name = '{name}'"));
    let (south, north) = (territory("Südwest"), territory("Nordost"));
    let user = one("select user_id from account where email = 'jonas@kontor.example'");
    let other = one("select user_id from account where email = 'aylin@kontor.example'");
    one(&format!(
        "update customer set owner_id = null, territory_id = case hashtext(id::text) % 2
            when 0 then '{south}'::uuid else '{north}'::uuid end"
    ));
    let is_own = |column: &str| {
        format!("{column} in (select id from customer where territory_id = '{south}')")
    };
    // Nobody's but the rep's own.
    one(&format!(
        "update task set customer_id = null, contact_id = null, opportunity_id = null,
            quote_id = null, communication_id = null, owner_id = '{user}'
         where id in (select id from task where {} order by id limit 3)",
        is_own("customer_id")
    ));
    let jonas = |name: &str| {
        let folder = folder.path().join(name);
        Laptop::from_hub(&folder, &hub.address(), "jonas@kontor.example")
    };
    let (daily, away) = (jonas("b"), jonas("c"));
    for laptop in [&daily, &away] {
        laptop.sync();
        // The first fill is compared with the hub in the round after it.
        assert!(laptop.sync().is_checked);
    }
    assert_eq!(difference(&daily, &away), None);
    let before = daily.records().len();
    let last = one("select max(version) from feed");
    let customer_of = |place: &str| {
        one(&format!("select id from customer where territory_id = '{place}' order by id limit 1"))
    };
    let days = [
        format!(
            "update task set owner_id = '{other}' where owner_id = '{user}' and customer_id is null"
        ),
        format!(
            "update contact set customer_id = '{}'
             where id in (select id from contact where {} order by id limit 9)",
            customer_of(&north),
            is_own("customer_id")
        ),
        format!(
            "update customer set territory_id = '{north}' where id in (select id from customer
                where territory_id = '{south}' order by id desc limit 3)"
        ),
        format!(
            "update customer set territory_id = '{south}' where id in (select id from customer
                where territory_id = '{north}' order by id desc limit 2)"
        ),
    ];
    for day in &days {
        one(day);
        daily.sync();
    }
    for part in 0..12 {
        for table in HANGING {
            one(&format!(
                "update {table} set updated_at = now() where hashtext(id::text) % 12 in ({part}, -{part})"
            ));
        }
        daily.sync();
    }
    let behind = one(&format!("select count(*) from feed where version > {last}"));
    assert!(behind.parse::<i64>().unwrap() > 400, "{behind}");
    assert!(!away.sync().is_checked);
    assert_eq!(difference(&daily, &away), None);
    assert_ne!(daily.records().len(), before);
    let fresh = jonas("d");
    fresh.sync();
    assert_eq!(difference(&fresh, &away), None);
}

/// The ERP gives a contact to another customer: what names it stays, and is filled in without it.
#[test]
fn a_first_fill_names_nothing_of_others() {
    let ground = Ground::open();
    let one = |sql: &str| ground.headquarters.sql(sql);
    let own = ground.own;
    let contact = one(&format!("select id from contact where customer_id = '{own}' limit 1"));
    for table in ["communication", "task", "appointment", "opportunity"] {
        one(&format!("update {table} set contact_id = '{contact}' where customer_id = '{own}'"));
    }
    one(&format!("update contact set customer_id = '{}' where id = '{contact}'", ground.foreign));
    let named = format!("select count(*) from communication where contact_id = '{contact}'");
    assert_ne!(one(&named), "0");

    let mut caller = Forger::sign_in(&ground.hub, REP).caller;
    let (mut cursor, mut records) = (None::<String>, 0);
    loop {
        let part = caller.http.snapshot(caller.incarnation, cursor.as_deref()).unwrap();
        let tables = String::from_utf8(sync::unpack(&part.packed).unwrap()).unwrap();
        assert!(!tables.contains(&contact), "a snapshot names a contact of others");
        records += part.head.records;
        cursor = Some(part.head.cursor);
        if !part.head.more {
            break;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let rep = Laptop::from_hub(folder.path(), &ground.hub.address(), REP);
    rep.sync();
    assert_eq!(rep.check(), 0);
    assert_eq!(rep.records().len() as u64, records);
}
