//! The hub is restored from an older backup, a laptop is copied.

use domain::Id;

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

#[test]
fn after_a_restore_of_the_hub_nothing_that_a_laptop_knew_is_missing() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 6);
    // Made before there is a hub, and changed since: it is not sent again.
    let early = first.customers()[3].id;
    first.change(early, |customer| customer.industry = "am Anfang".into());
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    let ids: Vec<_> = first.customers().iter().map(|row| row.id).collect();
    first.change(ids[0], |customer| customer.industry = "vorher".into());
    first.change(early, |customer| customer.industry = "danach".into());
    first.sync();
    let file = folder.path().join("backup");
    headquarters.run(&["backup", file.to_str().unwrap()]);

    // After the backup: both change, both know of each other, one is ahead.
    first.change(ids[0], |customer| customer.industry = "nachher".into());
    let new = first.add("Nach der Sicherung AG");
    first.sync();
    second.sync();
    second.change(ids[0], |customer| customer.industry = "noch später".into());
    second.change(new, |customer| customer.website = "https://neu.example".into());
    second.change(ids[1], |customer| customer.name = "Umbenannt GmbH".into());
    second.sync();
    // Made without the hub, before anybody knows of the restore.
    first.change(ids[2], |customer| customer.industry = "unterwegs".into());

    drop(hub);
    headquarters.run(&["restore", file.to_str().unwrap()]);
    let hub = headquarters.hub();
    first.connect(&hub.address(), ADMIN);
    first.sync();
    second.connect(&hub.address(), "petra@kontor.example");
    second.sync();
    first.sync();
    second.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(first.customer(ids[0]).industry, "noch später");
    assert_eq!(first.customer(ids[1]).name, "Umbenannt GmbH");
    assert_eq!(first.customer(ids[2]).industry, "unterwegs");
    assert_eq!(first.customer(new).website, "https://neu.example");
    assert_eq!(first.customer(early).industry, "danach");
    let conflicts = first.app.ask(commands::ListConflicts {}).unwrap();
    assert!(conflicts.is_empty(), "nobody disagreed: {conflicts:?}");
    // A laptop that comes new gets all of it from the hub.
    let third = Laptop::from_hub(&folder.path().join("c"), &hub.address(), ADMIN);
    third.sync();
    assert_eq!(difference(&first, &third), None);
}

/// The first restore does not satisfy, or was forgotten: what was done since it is not lost by the second
/// one, by whomever it was done.
#[test]
fn a_backup_that_is_put_back_twice_loses_nothing_of_the_life_between() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 4);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let petra = "petra@kontor.example";
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), petra);
    second.sync();
    let ids: Vec<Id> = first.customers().iter().map(|row| row.id).collect();
    let file = folder.path().join("backup");
    headquarters.run(&["backup", file.to_str().unwrap()]);
    first.change(ids[0], |customer| customer.industry = "im ersten Leben".into());
    first.sync();
    let mut address = hub.address();
    let mut running = Some(hub);
    let mut versions = Vec::new();
    for life in ["zweiten", "dritten"] {
        drop(running.take());
        headquarters.run(&["restore", file.to_str().unwrap()]);
        let hub = running.insert(headquarters.hub());
        address = hub.address();
        first.connect(&address, ADMIN);
        first.sync();
        let site = format!("https://{life}.example");
        headquarters.sql(&format!(
            "update customer set website = '{site}', updated_at = now() where id = '{}'",
            ids[1]
        ));
        first.sync();
        assert_eq!(first.customer(ids[1]).website, site);
        let made = first.add(&format!("Im {life} Leben AG"));
        first.sync();
        assert_eq!(first.customer(made).name, format!("Im {life} Leben AG"));
        versions.push(headquarters.sql("select begins from hub").parse::<i64>().unwrap());
    }
    drop(running.take());
    headquarters.run(&["restore", file.to_str().unwrap()]);
    let _hub = headquarters.hub_at(address.rsplit(':').next().unwrap().parse().unwrap());
    for (laptop, email) in [(&first, ADMIN), (&second, petra)] {
        laptop.connect(&address, email);
        laptop.sync();
    }
    first.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(first.customer(ids[0]).industry, "im ersten Leben");
    assert_eq!(first.customer(ids[1]).website, "https://dritten.example");
    let names: Vec<String> = first.customers().into_iter().map(|row| row.name).collect();
    for life in ["zweiten", "dritten"] {
        assert!(names.contains(&format!("Im {life} Leben AG")), "{names:?}");
    }
    // Each life has versions of its own, and the hub knows all of them.
    assert!(versions[1] - versions[0] >= 1_000_000_000, "{versions:?}");
    assert_eq!(headquarters.sql("select cardinality(former_epochs) from hub"), "3");
    let conflicts = first.app.ask(commands::ListConflicts {}).unwrap();
    assert!(conflicts.is_empty(), "nobody disagreed: {conflicts:?}");
}

#[test]
fn what_only_the_erp_made_comes_back_from_laptops_or_is_listed_there() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 3);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let reader = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "rita@kontor.example");
    reader.sync();
    let file = folder.path().join("backup");
    headquarters.run(&["backup", file.to_str().unwrap()]);

    let by = admin.customers()[0].id;
    let stamps = format!("now(), '{by}', now(), '{by}'");
    let (seen, contact, article) = (Id::now(), Id::now(), Id::now());
    let make = |id: Id, name: &str| {
        headquarters.sql(&format!(
            "insert into customer (id, created_at, created_by, updated_at, updated_by, name)
             values ('{id}', {stamps}, '{name}')"
        ));
    };
    make(seen, "Aus dem ERP AG");
    let columns = "id, created_at, created_by, updated_at, updated_by";
    headquarters.sql(&format!(
        "insert into contact ({columns}, customer_id, last_name)
         values ('{contact}', {stamps}, '{seen}', 'Ohm')"
    ));
    headquarters.sql(&format!(
        "insert into article ({columns}, number, name, unit_id, tax_id)
         select '{article}', {stamps}, 'E-1', 'Aus dem ERP', unit_id, tax_id from article limit 1"
    ));
    assert_eq!(
        headquarters.sql(&format!("select count(*) from article where id = '{article}'")),
        "1"
    );
    admin.sync();
    // And what only somebody saw who looks only.
    let alone = Id::now();
    make(alone, "Nur gelesen AG");
    reader.sync();

    drop(hub);
    headquarters.run(&["restore", file.to_str().unwrap()]);
    let hub = headquarters.hub();
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let there = headquarters.sql(&format!(
        "select (select name from customer where id = '{seen}'),
            (select last_name from contact where customer_id = '{seen}'),
            (select name from article where id = '{article}')"
    ));
    assert_eq!(there, "Aus dem ERP AG|Ohm|Aus dem ERP");
    reader.connect(&hub.address(), "rita@kontor.example");
    reader.sync();
    assert_eq!(difference(&admin, &reader), None);
    let kept = reader.app.ask(commands::ListRejections {}).unwrap();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].refusal.code, "not-taken-back");
    assert_eq!((kept[0].changes[0].id, &*kept[0].subject), (alone, "Nur gelesen AG"));
}

#[test]
fn a_copied_laptop_becomes_one_of_its_own_and_loses_nothing() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 4);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let original =
        Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    original.sync();
    let unsent = original.add("Ungesendet AG");
    original.app.close();
    let copy = folder.path().join("c");
    std::fs::create_dir(&copy).unwrap();
    for name in ["kontor.db", "key.json"] {
        std::fs::copy(original.folder.join(name), copy.join(name)).unwrap();
    }
    let original = Laptop::open(&original.folder);
    let copy = Laptop::open(&copy);
    original.sync();
    let more = copy.add("Nur auf der Kopie AG");
    copy.sync();
    original.change(unsent, |customer| customer.industry = "Original".into());
    original.sync();
    copy.sync();
    original.sync();
    first.sync();
    assert_eq!(difference(&original, &copy), None);
    assert_eq!(difference(&original, &first), None);
    let names = |name: &str| first.customers().iter().filter(|row| row.name == name).count();
    assert_eq!((names("Ungesendet AG"), names("Nur auf der Kopie AG")), (1, 1));
    assert_ne!(first.customer(more).number, first.customer(unsent).number);
    assert_eq!(headquarters.sql("select count(*) from audit where event = 'device-forked'"), "1");
}

#[test]
fn a_backup_from_before_an_update_is_brought_up_to_date() {
    let headquarters = Headquarters::open();
    let newest = headquarters.sql("select max(version) from refinery_schema_history");
    let file = tempfile::tempdir().unwrap();
    let file = file.path().join("backup");
    headquarters.sql(
        "drop table kept_changeset; drop index audit_at;
         alter table device drop column emptied_at; alter table hub drop column former_epochs;
         drop index customer_vat_id, customer_number; alter table offered drop column state;
         drop index former_place_order;
         delete from refinery_schema_history where version >= 6",
    );
    headquarters.run(&["backup", file.to_str().unwrap()]);
    headquarters.run(&["migrate"]);
    let device = domain::Id::now();
    headquarters.sql(&format!(
        "insert into kept_changeset values ('{device}', '{device}', 0, '{{\"at\": \"2026\"}}')"
    ));
    headquarters.run(&["restore", file.to_str().unwrap()]);
    assert_eq!(headquarters.sql("select max(version) from refinery_schema_history"), newest);
    assert_eq!(headquarters.sql("select cardinality(former_epochs) from hub"), "1");
    // What revoked laptops handed over since is not in the backup, and is not lost by it.
    assert!(headquarters.says(&["device", "kept", &device.to_string()]).contains("2026"));
    drop(headquarters.hub());
}
