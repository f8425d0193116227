//! What every simulated company begins with.

use std::collections::BTreeSet;

use domain::{
    Article, Contact, Customer, Id, Numbering, PaymentTerms, Percent, Record, Setting, Tax,
    Territory, Unit, UnitPrice, User, access::Role, changeset::object,
};

use crate::memory::{Account, Edit, Memory};

/// So many people may work.
pub(crate) const PEOPLE: usize = 4;
/// So many territories there are.
pub(crate) const TERRITORIES: usize = 3;

/// An id of the company's own records, the same in every seed.
pub(crate) fn fixed(kind: u8, number: usize) -> Id {
    let mut bytes = [0; 16];
    (bytes[0], bytes[6], bytes[8]) = (kind, 0x70, 0x80);
    bytes[15] = u8::try_from(number).unwrap_or(u8::MAX);
    Id(uuid::Uuid::from_bytes(bytes))
}

/// Somebody who works.
pub(crate) fn user(number: usize) -> User {
    User { id: fixed(1, number), name: format!("User {number}"), ..User::default() }
}

/// A territory.
pub(crate) fn territory(number: usize) -> Id {
    fixed(2, number)
}

fn make<R: Record>(record: &R) -> (&'static str, Id, Edit) {
    (R::ENTITY, record.id(), Edit::Make(object(record)))
}

/// Fills the hub: people, catalogue, customers of the ERP's.
pub(crate) fn fill(hub: &Memory, rng: &mut fastrand::Rng) {
    let roles = [Role::SalesRep, Role::SalesRep, Role::SalesManager, Role::Administrator];
    let mut edits = Vec::new();
    for number in 0..PEOPLE {
        edits.push(make(&user(number)));
    }
    for number in 0..TERRITORIES {
        let name = format!("Territory {number}");
        edits.push(make(&Territory { id: territory(number), name, ..Territory::default() }));
    }
    edits.push(make(&Setting {
        id: fixed(3, 0),
        name: "company.numbering".into(),
        value: serde_json::to_string(&Numbering::default()).unwrap_or_default(),
        ..Setting::default()
    }));
    let terms = PaymentTerms { id: fixed(4, 0), name: "30".into(), ..PaymentTerms::default() };
    edits.push(make(&terms));
    let unit =
        Unit { id: fixed(5, 0), code: "H87".into(), name_de: "Stk".into(), ..Unit::default() };
    edits.push(make(&unit));
    let tax = Tax { id: fixed(6, 0), name: "19".into(), rate: Percent(1_900), ..Tax::default() };
    edits.push(make(&tax));
    edits.push(make(&Article {
        id: fixed(7, 0),
        number: "A1".into(),
        name: "Draht".into(),
        unit_id: unit.id,
        tax_id: tax.id,
        list_price: UnitPrice(1_000),
        ..Article::default()
    }));
    for number in 0..4 {
        let customer = Customer {
            id: fixed(8, number),
            number: format!("E-{number}"),
            name: format!("Kessler {number}"),
            notes: "eins\nzwei\ndrei".into(),
            territory_id: rng.bool().then(|| territory(rng.usize(..TERRITORIES))),
            owner_id: rng.bool().then(|| fixed(1, rng.usize(..PEOPLE))),
            parent_id: (number > 0 && rng.u8(..4) == 0).then(|| fixed(8, 0)),
            ..Customer::default()
        };
        edits.push(make(&customer));
        edits.push(make(&Contact {
            id: fixed(9, number),
            customer_id: customer.id,
            last_name: format!("Lehmann {number}"),
            ..Contact::default()
        }));
    }
    hub.erp_write(&edits);
    hub.erp_commit(0);
    let mut data = hub.data();
    for (number, role) in roles.into_iter().enumerate() {
        let mut territories = BTreeSet::new();
        if role != Role::Administrator {
            territories.insert(territory(rng.usize(..TERRITORIES)));
        }
        data.accounts.insert(fixed(1, number), Account { role, territories });
    }
}
