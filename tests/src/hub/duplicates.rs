//! The same customer made on two laptops.

use commands::{ListConflicts, SaveCustomer, SettleConflict};
use domain::{Choice, Customer, Id};
use serde_json::json;

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

const VAT_ID: &str = "DE136695976";

fn add(laptop: &Laptop, name: &str) -> Id {
    let customer = Customer { name: name.into(), vat_id: VAT_ID.into(), ..Customer::default() };
    laptop.app.ask(SaveCustomer { customer, addresses: None }).unwrap()
}

#[test]
fn both_are_kept_and_listed_for_those_who_see_both() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 3);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let laptop = |name: &str, email: &str| {
        let laptop = Laptop::from_hub(&folder.path().join(name), &hub.address(), email);
        laptop.sync();
        laptop
    };
    let petra = laptop("b", "petra@kontor.example");
    let jonas = laptop("c", "jonas@kontor.example");
    let (first, second) = (add(&admin, "Kessler GmbH"), add(&petra, "Keßler GmbH & Co. KG"));
    admin.sync();
    assert_eq!(petra.sync().rejected, 0);
    admin.sync();
    petra.sync();
    assert_eq!(difference(&admin, &petra), None);
    assert_eq!(admin.customer(second).vat_id, admin.customer(first).vat_id);
    for laptop in [&admin, &petra] {
        let listed = laptop.app.ask(ListConflicts {}).unwrap();
        assert_eq!(listed.len(), 1, "{listed:?}");
        assert_eq!((&*listed[0].field, &listed[0].base), ("id", &json!("vat_id")));
        assert_eq!((listed[0].record_id, &listed[0].theirs), (second, &json!(first)));
    }
    // A rep makes a third one, and sees none of the two: it is listed, and not for them.
    let third = Customer {
        name: "Kessler".into(),
        vat_id: VAT_ID.into(),
        owner_id: Some(jonas_id(&headquarters)),
        ..Customer::default()
    };
    jonas.app.ask(SaveCustomer { customer: third, addresses: None }).unwrap();
    assert_eq!(jonas.sync().rejected, 0);
    jonas.sync();
    assert!(jonas.app.ask(ListConflicts {}).unwrap().is_empty());
    let text = format!("{:?}", jonas.records());
    assert!(!text.contains(&first.to_string()) && !text.contains(&second.to_string()));
    petra.sync();
    let listed = petra.app.ask(ListConflicts {}).unwrap();
    assert_eq!(listed.len(), 3);
    // Settled, it is settled for all, and is not listed again.
    for one in &listed {
        petra.app.ask(SettleConflict { id: one.id, choice: Choice::Theirs }).unwrap();
    }
    petra.change(second, |customer| customer.vat_id = String::new());
    petra.sync();
    petra.change(second, |customer| customer.vat_id = VAT_ID.into());
    petra.sync();
    admin.sync();
    assert!(admin.app.ask(ListConflicts {}).unwrap().is_empty());
    assert_eq!(admin.customer(first).name, "Kessler GmbH");
}

fn jonas_id(headquarters: &Headquarters) -> Id {
    let sql = "select user_id from account where email = 'jonas@kontor.example'";
    headquarters.sql(sql).parse().unwrap()
}
