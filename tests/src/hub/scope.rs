//! Nobody gets what is not theirs.

use commands::view::SearchKind;

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::Laptop,
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
