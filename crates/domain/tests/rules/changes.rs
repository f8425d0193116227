//! Applying a changeset and then its inverse leaves every record as it was.

use std::collections::BTreeMap;

use domain::{Changeset, Customer, Id, Instant, Percent, Record, changeset::object};
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::{at, id};

/// A store as simple as can be: each record's fields. A change whose `from` is not what is there
/// is a fault of whoever made the changeset.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rows(BTreeMap<Id, Map<String, Value>>);

impl Rows {
    fn apply(&mut self, changeset: &Changeset) {
        for change in &changeset.changes {
            let is_new = change.kind == domain::ChangeKind::Insert;
            assert_eq!(is_new, !self.0.contains_key(&change.id), "{change:?}");
            let row = self.0.entry(change.id).or_default();
            for (name, field) in &change.fields {
                let held = row.insert(name.clone(), field.to.clone()).unwrap_or(Value::Null);
                assert_eq!(held, field.from, "{name} of {}", change.entity);
            }
        }
    }

    fn customer(&self, id: Id) -> Customer {
        serde_json::from_value(self.0[&id].clone().into()).unwrap()
    }

    /// What people see: without stamps, and without records that are deleted.
    fn seen(&self) -> BTreeMap<Id, Map<String, Value>> {
        let there = self.0.iter().filter(|(_, row)| row["deleted_at"].is_null());
        let bare = |(id, row): (&Id, &Map<String, Value>)| {
            let mut row = row.clone();
            row.retain(|name, _| !name.starts_with("updated_"));
            (*id, row)
        };
        there.map(bare).collect()
    }
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(String),
    Rename(usize, String),
    Discount(usize, i64),
    Delete(usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        ".{0,8}".prop_map(Edit::Insert),
        (any::<usize>(), ".{0,8}").prop_map(|(at, name)| Edit::Rename(at, name)),
        (any::<usize>(), 0..10_000_i64).prop_map(|(at, share)| Edit::Discount(at, share)),
        any::<usize>().prop_map(Edit::Delete),
    ];
    proptest::collection::vec(edit, 0..12)
}

/// One user action of several edits, perhaps of the same record more than once.
fn action(rows: &mut Rows, edits: &[Edit], number: u128) -> Changeset {
    let now = format!("2026-11-21T10:00:00.{number:03}Z");
    let mut changeset = at(&now, |context| Changeset::new("test.edit", "", context));
    for (place, edit) in (0_u128..).zip(edits) {
        let mut step = at(&now, |context| {
            let mut changeset = Changeset::new("test.edit", "", context);
            let ids: Vec<Id> = rows.seen().keys().copied().collect();
            let old = |at: &usize| ids.get(at % ids.len().max(1)).map(|id| rows.customer(*id));
            match edit {
                Edit::Insert(name) => {
                    let id = id(number * 1_000 + place);
                    let new = Customer { id, name: name.clone(), ..Customer::default() };
                    changeset.insert(new, context);
                }
                Edit::Rename(at, name) => {
                    if let Some(old) = old(at) {
                        let new = Customer { name: name.clone(), ..old.clone() };
                        changeset.update(&old, new, context);
                    }
                }
                Edit::Discount(at, share) => {
                    if let Some(old) = old(at) {
                        let new = Customer { discount: Percent(*share), ..old.clone() };
                        changeset.update(&old, new, context);
                    }
                }
                Edit::Delete(at) => {
                    if let Some(old) = old(at) {
                        changeset.delete(&old, context);
                    }
                }
            }
            changeset
        });
        rows.apply(&step);
        changeset.changes.append(&mut step.changes);
    }
    changeset
}

proptest! {
    #[test]
    fn undo_and_redo_are_exact(first in edits(), second in edits()) {
        let mut rows = Rows::default();
        action(&mut rows, &first, 1);
        let before = rows.clone();
        let changeset = action(&mut rows, &second, 2);
        let after = rows.clone();

        // What was collected while editing says the same when it is applied at once.
        let mut again = before.clone();
        again.apply(&changeset);
        prop_assert_eq!(&again, &after);

        let undo = at("2026-11-21T11:00:00.000Z", |context| changeset.inverse(context));
        rows.apply(&undo);
        prop_assert_eq!(rows.seen(), before.seen());
        prop_assert_eq!(&undo.operation, "undo.test.edit");

        let redo = at("2026-11-21T12:00:00.000Z", |context| undo.inverse(context));
        rows.apply(&redo);
        prop_assert_eq!(rows.seen(), after.seen());
    }
}

#[test]
fn what_changes_nothing_is_no_change() {
    let old = Customer { id: id(5), name: "Müller".into(), ..Customer::default() };
    at("2026-11-21T10:00:00.000Z", |context| {
        let mut changeset = Changeset::new("customer.save", "", context);
        let same = changeset.update(&old, old.clone(), context);
        assert!(changeset.is_empty());
        assert_eq!(same, old);
        // Stamps alone are no change either.
        let touched = Customer { updated_at: context.now, ..old.clone() };
        changeset.update(&old, touched, context);
        assert!(changeset.is_empty());
    });
}

#[test]
fn records_are_stamped_by_who_acts_and_when() {
    at("2026-11-21T10:00:00.000Z", |context| {
        let mut changeset = Changeset::new("customer.create", "", context);
        let made = changeset.insert(Customer::default(), context);
        assert_eq!((made.created_by, made.updated_by), (id(1), id(1)));
        assert_eq!((made.created_at, made.updated_at), (context.now, context.now));
        assert!(!made.id.is_nil());
        assert_eq!(changeset.changes[0].fields.len(), object(&made).len());
        let deleted = changeset.delete(&made, context);
        assert_eq!(deleted.deleted_at(), Some(context.now));
        assert_ne!(deleted.deleted_at(), Some(Instant::default()));
    });
}
