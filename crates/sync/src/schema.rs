//! What a hub can take: laptops and hubs are not always of the same version.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ChangeKind, Changeset, ENTITIES, Id, blank, references};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Entities with their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schema(pub BTreeMap<String, BTreeSet<String>>);

impl Schema {
    /// What this version takes.
    #[must_use]
    pub fn own() -> Self {
        let fields = |entity: &&str| {
            let names = blank(entity).into_iter().map(|(name, _)| name).collect();
            ((*entity).to_owned(), names)
        };
        Self(ENTITIES.iter().map(fields).collect())
    }

    /// The same for the same entities and fields only.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (entity, fields) in &self.0 {
            hash.update(entity);
            fields.iter().for_each(|name| hash.update(format!(".{name}")));
            hash.update("\n");
        }
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it has a field.
    #[must_use]
    pub fn knows(&self, entity: &str, field: &str) -> bool {
        self.0.get(entity).is_some_and(|fields| fields.contains(field))
    }

    /// A changeset as a hub of this schema can take it; none where it holds something that the hub
    /// does not know. An unknown field that a new record leaves empty says nothing and is left out.
    #[must_use]
    pub fn fit(&self, mut changeset: Changeset) -> Option<Changeset> {
        for change in &mut changeset.changes {
            if change.kind == ChangeKind::Insert {
                let entity = &change.entity;
                change
                    .fields
                    .retain(|name, field| self.knows(entity, name) || !says_nothing(&field.to));
            }
            if change.fields.keys().any(|name| !self.knows(&change.entity, name)) {
                return None;
            }
        }
        Some(changeset)
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Changesets that wait for a newer hub, met in the order in which they were made: with them waits
/// what touches, or names, the same records.
#[derive(Clone, Debug, Default)]
pub struct Held(BTreeSet<Id>);

impl Held {
    /// The changeset as it can be sent now; none where it has to wait.
    pub fn pass(&mut self, changeset: Changeset, schema: &Schema) -> Option<Changeset> {
        let touched: Vec<Id> = changeset
            .changes
            .iter()
            .flat_map(|change| {
                let values =
                    change.fields.iter().map(|(name, field)| (name.clone(), field.to.clone()));
                let state = values.collect();
                let named: Vec<Id> = references(&state).map(|(_, _, id)| id).collect();
                std::iter::once(change.id).chain(named)
            })
            .collect();
        let made: Vec<Id> = changeset.changes.iter().map(|change| change.id).collect();
        let waits = touched.iter().any(|id| self.0.contains(id));
        let fitting = if waits { None } else { schema.fit(changeset) };
        if fitting.is_none() {
            self.0.extend(made);
        }
        fitting
    }
}

#[cfg(test)]
mod tests {
    use domain::{Change, FieldChange, Instant};
    use serde_json::json;

    use super::*;

    fn changeset(kind: ChangeKind, id: u128, fields: &[(&str, Value)]) -> Changeset {
        let change = |(name, to): &(&str, Value)| {
            ((*name).to_owned(), FieldChange { from: Value::Null, to: to.clone() })
        };
        let id = Id(uuid::Uuid::from_u128(id));
        let fields = fields.iter().map(change).collect();
        Changeset {
            id: Id::NIL,
            at: Instant::default(),
            user_id: Id::NIL,
            operation: String::new(),
            subject: String::new(),
            changes: vec![Change { entity: "contact".into(), id, kind, fields }],
        }
    }

    #[test]
    fn what_the_hub_does_not_know_waits_with_what_hangs_on_it() {
        let schema = Schema::own();
        let mut held = Held::default();
        let mut passes = |changeset| held.pass(changeset, &schema).is_some();
        let update = |id, field, to| changeset(ChangeKind::Update, id, &[(field, to)]);
        assert!(passes(update(1, "phone", json!("1"))));
        assert!(!passes(update(1, "shoe_size", json!(43))));
        assert!(!passes(update(1, "phone", json!("2"))));
        assert!(passes(update(2, "phone", json!("3"))));
        let names = uuid::Uuid::from_u128(1).to_string();
        assert!(!passes(update(3, "contact_id", json!(names))));
    }

    #[test]
    fn an_empty_field_of_a_new_record_says_nothing() {
        let made = |size| {
            changeset(ChangeKind::Insert, 1, &[("last_name", json!("Ohm")), ("shoe_size", size)])
        };
        let fitting = Schema::own().fit(made(json!(0))).unwrap();
        assert_eq!(fitting.changes[0].fields.len(), 1);
        assert!(Schema::own().fit(made(json!(43))).is_none());
    }

    #[test]
    fn another_field_is_another_hash() {
        let mut other = Schema::own();
        assert_eq!(other.hash(), Schema::own().hash());
        other.0.get_mut("contact").unwrap().insert("shoe_size".into());
        assert_ne!(other.hash(), Schema::own().hash());
    }
}
