//! The database is put back by PostgreSQL's own programs, and nobody tells the hub.

use std::path::Path;

use commands::GetSync;
use domain::Id;

use crate::{
    headquarters::{ADMIN, Headquarters, Hub},
    laptop::{Laptop, difference},
};

const PETRA: &str = "petra@kontor.example";

/// Where the database's own user keeps its backup.
fn backup(headquarters: &Headquarters) -> String {
    format!("{}/bare-backup", socket(headquarters))
}

fn socket(headquarters: &Headquarters) -> &str {
    headquarters.database.split('\'').nth(1).unwrap()
}

fn by_hand(headquarters: &Headquarters, program: &str, arguments: &[&str]) {
    let place = ["--host", socket(headquarters), "--username", "kontor", "--dbname", "kontor"];
    headquarters.server.run(program, &[&place, arguments].concat()).unwrap();
}

fn dump(headquarters: &Headquarters) {
    let file = backup(headquarters);
    by_hand(headquarters, "pg_dump", &["--format", "custom", "--file", &file]);
}

fn put_back(headquarters: &Headquarters) {
    let file = backup(headquarters);
    by_hand(headquarters, "pg_restore", &["--clean", "--if-exists", "--exit-on-error", &file]);
}

/// A hub with two laptops and their customers, as its backup has them.
fn backed_up(headquarters: &Headquarters, folder: &Path) -> (Hub, Laptop, Laptop, Vec<Id>) {
    let hub = headquarters.hub();
    let first = Laptop::with_demo(&folder.join("a"), 4);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.join("b"), &hub.address(), PETRA);
    second.sync();
    let ids = first.customers().iter().map(|row| row.id).collect();
    dump(headquarters);
    (hub, first, second, ids)
}

/// The same laptop, closed and opened: it says hello with its next round.
fn opened_again(laptop: Laptop) -> Laptop {
    laptop.app.close();
    Laptop::open(&laptop.folder)
}

/// What came of changesets at the hub, which is what was sent.
fn sent(headquarters: &Headquarters) -> String {
    headquarters.sql("select count(*) from outcome")
}

/// A laptop is refused, sends nothing and keeps all.
fn is_refused(headquarters: &Headquarters, laptop: &Laptop) {
    let stands = || laptop.app.ask(GetSync {}).unwrap().waiting;
    let (records, waiting, before) = (laptop.records(), stands(), sent(headquarters));
    assert!(waiting > 0, "there is something to send");
    // However often it comes.
    for _ in 0..2 {
        assert_eq!(laptop.try_sync().unwrap_err().code, "hub-set-back");
    }
    assert!(laptop.records() == records, "it is as it was");
    assert_eq!((stands(), sent(headquarters)), (waiting, before));
}

/// `kontor-hub restore` with the same backup; all sign in again and go on.
fn restore(headquarters: &Headquarters, laptops: [(&Laptop, &str); 2]) -> Hub {
    headquarters.run(&["restore", &backup(headquarters)]);
    let hub = headquarters.hub();
    for (laptop, email) in laptops {
        laptop.connect(&hub.address(), email);
        laptop.sync();
    }
    let [(first, _), (second, _)] = laptops;
    first.sync();
    second.sync();
    assert_eq!(difference(first, second), None);
    let conflicts = first.app.ask(commands::ListConflicts {}).unwrap();
    assert!(conflicts.is_empty(), "nobody disagreed: {conflicts:?}");
    hub
}

fn industry(laptop: &Laptop, id: Id, to: &str) {
    laptop.change(id, |customer| customer.industry = to.into());
}

#[test]
fn a_database_that_was_put_back_without_the_hub_is_noticed_and_nothing_is_lost() {
    let headquarters = Headquarters::open();
    let folder = tempfile::tempdir().unwrap();
    let (hub, first, second, ids) = backed_up(&headquarters, folder.path());

    let (first, second) = (opened_again(first), opened_again(second));
    industry(&first, ids[0], "nachher");
    let new = first.add("Nach der Sicherung AG");
    first.sync();
    second.sync();
    industry(&second, ids[0], "noch später");
    industry(&second, new, "neu");
    second.sync();
    first.sync();
    industry(&first, ids[1], "unterwegs");
    industry(&second, ids[2], "auch unterwegs");

    let port = hub.port;
    drop(hub);
    put_back(&headquarters);
    let hub = headquarters.hub_at(port);
    is_refused(&headquarters, &first);
    is_refused(&headquarters, &second);
    // One that was closed since is no other.
    let first = opened_again(first);
    is_refused(&headquarters, &first);

    drop(hub);
    let hub = restore(&headquarters, [(&first, ADMIN), (&second, PETRA)]);
    let industry = |id| first.customer(id).industry;
    assert_eq!([ids[0], new].map(industry), ["noch später", "neu"]);
    assert_eq!([ids[1], ids[2]].map(industry), ["unterwegs", "auch unterwegs"]);
    // A laptop that comes new gets all of it from the hub.
    let third = Laptop::from_hub(&folder.path().join("c"), &hub.address(), ADMIN);
    third.sync();
    assert_eq!(difference(&first, &third), None);
}

/// Between two hellos of a laptop: it was given no later life, though answers to what it sent.
#[test]
fn a_database_that_was_put_back_while_a_laptop_was_in_is_noticed() {
    let headquarters = Headquarters::open();
    let folder = tempfile::tempdir().unwrap();
    let (hub, first, second, ids) = backed_up(&headquarters, folder.path());
    for (id, text) in [(ids[0], "nachher"), (ids[1], "auch nachher")] {
        industry(&first, id, text);
        first.sync();
    }
    industry(&first, ids[2], "unterwegs");
    let port = hub.port;
    drop(hub);
    put_back(&headquarters);
    let hub = headquarters.hub_at(port);
    is_refused(&headquarters, &first);
    drop(hub);
    let _hub = restore(&headquarters, [(&first, ADMIN), (&second, PETRA)]);
    let industry = |id| second.customer(id).industry;
    assert_eq!([ids[0], ids[1], ids[2]].map(industry), ["nachher", "auch nachher", "unterwegs"]);
}

/// The backup is from before a restore: the laptops know a whole life that the database never had.
#[test]
fn a_database_from_before_a_restore_is_noticed() {
    let headquarters = Headquarters::open();
    let folder = tempfile::tempdir().unwrap();
    let (hub, first, second, ids) = backed_up(&headquarters, folder.path());
    let port = hub.port;
    drop(hub);
    let hub = restore(&headquarters, [(&first, ADMIN), (&second, PETRA)]);
    industry(&first, ids[0], "im zweiten Leben");
    first.sync();
    second.sync();
    industry(&first, ids[1], "unterwegs");
    industry(&second, ids[2], "auch unterwegs");

    drop(hub);
    put_back(&headquarters);
    let hub = headquarters.hub_at(port);
    for (laptop, email) in [(&first, ADMIN), (&second, PETRA)] {
        // Its session is of the second life as well.
        laptop.connect(&hub.address(), email);
        is_refused(&headquarters, laptop);
    }

    drop(hub);
    let _hub = restore(&headquarters, [(&first, ADMIN), (&second, PETRA)]);
    let industry = |id| first.customer(id).industry;
    let all = ["im zweiten Leben", "unterwegs", "auch unterwegs"];
    assert_eq!([ids[0], ids[1], ids[2]].map(industry), all);
}
