//! What `cargo xtask hub` offers to try: the demo's customers belong to people who can sign in.

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::Laptop,
};

#[test]
fn the_demos_customers_come_to_whoever_looks_after_them() {
    let headquarters = Headquarters::without_people();
    for _ in 0..2 {
        // A second start finds everything there.
        headquarters.sql(include_str!("../../../crates/xtask/src/demo.sql"));
    }
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let maren = Laptop::with_demo(&folder.path().join("maren"), 60);
    maren.connect(&hub.address(), ADMIN);
    maren.sync();
    for table in ["territory", "\"user\""] {
        let doubles = format!("select name from {table} group by name having count(*) > 1");
        assert_eq!(headquarters.sql(&doubles), "", "{table}");
    }
    for person in ["jonas", "aylin", "petra"] {
        let email = format!("{person}@kontor.example");
        let laptop = Laptop::from_hub(&folder.path().join(person), &hub.address(), &email);
        laptop.sync();
        let customers = laptop.customers();
        assert!(!customers.is_empty() && customers.len() < 60, "{person}: {}", customers.len());
        let id = customers[0].id;
        laptop.change(id, |customer| customer.industry = format!("Gesehen von {person}"));
        laptop.sync();
        maren.sync();
        assert_eq!(maren.customer(id).industry, format!("Gesehen von {person}"));
    }
}
