//! Hubs and PostgreSQL die, the ERP writes past the hub, two hubs serve one company.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

#[test]
fn what_the_hub_confirmed_is_there_though_hub_and_database_are_killed() {
    let headquarters = Headquarters::open();
    let mut hub = headquarters.hub();
    let port = hub.port;
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 3);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    let mut rng = fastrand::Rng::with_seed(11);
    let mut made = Vec::new();
    for kill in 0..12 {
        let killer = std::thread::spawn({
            let wait = Duration::from_millis(rng.u64(0..120));
            move || std::thread::sleep(wait)
        });
        let writing = AtomicBool::new(true);
        std::thread::scope(|scope| {
            let first = &first;
            let writer = scope.spawn(|| {
                let mut made = Vec::new();
                let mut nth = 0;
                while writing.load(Ordering::Relaxed) {
                    made.push(first.add(&format!("Kunde {kill}-{nth}")));
                    nth += 1;
                    // It may be cut off in the middle of anything.
                    let _ = first.try_sync();
                }
                made
            });
            killer.join().unwrap();
            if kill % 3 == 2 {
                headquarters.crash_database();
            } else {
                drop(std::mem::replace(
                    &mut hub,
                    headquarters.hub_at(crate::headquarters::free_port()),
                ));
            }
            writing.store(false, Ordering::Relaxed);
            made.extend(writer.join().unwrap());
        });
        // The hub that laptops know comes back.
        drop(hub);
        hub = headquarters.hub_at(port);
    }
    first.sync();
    second.sync();
    first.sync();
    assert_eq!(difference(&first, &second), None);
    println!("{} customers over 12 kills", made.len());
    assert!(made.iter().all(|id| second.customers().iter().any(|row| row.id == *id)));
}

#[test]
fn six_laptops_two_hubs_and_the_erp_write_at_once() {
    let headquarters = Headquarters::open();
    let hubs = [headquarters.hub(), headquarters.hub()];
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 6);
    admin.connect(&hubs[0].address(), ADMIN);
    admin.sync();
    let laptops: Vec<Laptop> = (0..6)
        .map(|nth| {
            let email = ["petra@kontor.example", ADMIN][nth % 2];
            let folder = folder.path().join(format!("laptop-{nth}"));
            let laptop = Laptop::from_hub(&folder, &hubs[nth % 2].address(), email);
            laptop.sync();
            laptop
        })
        .collect();
    std::thread::scope(|scope| {
        for (nth, laptop) in laptops.iter().enumerate() {
            scope.spawn(move || {
                let own: Vec<_> = laptop.customers().iter().map(|row| row.id).collect();
                for round in 0..8 {
                    laptop.add(&format!("Neu {nth}-{round}"));
                    laptop
                        .change(own[nth], |customer| customer.industry = format!("{nth}-{round}"));
                    // Two may meet on one record; then one of them is asked again.
                    let _ = laptop.try_sync();
                }
            });
        }
        let headquarters = &headquarters;
        scope.spawn(move || {
            // A slow transaction takes its versions early and commits late, past everybody.
            headquarters.sql(
                "begin; update customer set tax_number = 'ERP', updated_at = now() where deleted_at is null;
                 select pg_sleep(1); commit",
            );
        });
    });
    for _ in 0..2 {
        admin.sync();
        for laptop in &laptops {
            laptop.sync();
        }
    }
    admin.sync();
    for (nth, laptop) in laptops.iter().enumerate() {
        assert_eq!(difference(&admin, laptop), None, "laptop {nth}");
    }
    let rows = admin.customers();
    assert_eq!(rows.len(), 6 + 48);
    let from_erp = headquarters.sql("select count(*) from customer where tax_number = 'ERP'");
    let seen = rows.iter().filter(|row| admin.customer(row.id).tax_number == "ERP").count();
    assert_eq!(from_erp, seen.to_string());
    assert!(seen >= 6);
}
