//! What one user action changed: the unit of atomicity, audit, undo and sync.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Context, Id, Instant, Record};

/// Everything that one user action changed, atomic wherever it is applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changeset {
    /// Its own id, the key that makes sending it again harmless.
    pub id: Id,
    /// When.
    pub at: Instant,
    /// Who.
    pub user_id: Id,
    /// What was done, `entity.verb`: `customer.create`, `quote.send`. The screens name it
    /// (“Undo: customer created”).
    pub operation: String,
    /// What it was done to, as people call it: the customer's name, the quote's number.
    pub subject: String,
    /// The changes, in the order in which they must be applied.
    pub changes: Vec<Change>,
}

/// One record's part of a changeset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// [`Record::ENTITY`].
    pub entity: String,
    /// The record.
    pub id: Id,
    /// Whether the record is new.
    pub kind: ChangeKind,
    /// The fields that changed; for a new record all of them, from null.
    pub fields: BTreeMap<String, FieldChange>,
}

/// Whether a change makes a record or alters one. Deleting sets `deleted_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The record is new.
    Insert,
    /// The record was there.
    Update,
}

/// A field's value before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The value that the change was based on.
    pub from: Value,
    /// The new value.
    pub to: Value,
}

impl Changeset {
    /// A changeset with nothing in it yet.
    pub fn new(operation: &str, subject: impl Into<String>, context: &mut Context<'_>) -> Self {
        Self {
            id: context.new_id(),
            at: context.now,
            user_id: context.user_id,
            operation: operation.into(),
            subject: subject.into(),
            changes: Vec::new(),
        }
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Adds a new record, stamped as made now; returns it as it will be stored.
    pub fn insert<R: Record>(&mut self, mut record: R, context: &mut Context<'_>) -> R {
        record.stamp_created(context);
        let fields = object(&record)
            .into_iter()
            .map(|(name, to)| (name, FieldChange { from: Value::Null, to }))
            .collect();
        self.changes.push(Change {
            entity: R::ENTITY.into(),
            id: record.id(),
            kind: ChangeKind::Insert,
            fields,
        });
        record
    }

    /// Adds what differs between the record as it was and as it shall be; nothing when only
    /// its stamps differ. Returns it as it will be stored.
    pub fn update<R: Record>(&mut self, old: &R, mut new: R, context: &Context<'_>) -> R {
        let before = object(old);
        let differs = |record: &R| {
            object(record)
                .into_iter()
                .filter(|(name, value)| before.get(name) != Some(value))
                .collect::<Vec<_>>()
        };
        if differs(&new).iter().all(|(name, _)| is_stamp(name)) {
            return old.clone();
        }
        new.stamp_updated(context);
        let fields = differs(&new)
            .into_iter()
            .filter(|(name, _)| !matches!(name.as_str(), "id" | "created_at" | "created_by"))
            .map(|(name, to)| {
                let from = before.get(&name).cloned().unwrap_or(Value::Null);
                (name, FieldChange { from, to })
            })
            .collect();
        self.changes.push(Change {
            entity: R::ENTITY.into(),
            id: old.id(),
            kind: ChangeKind::Update,
            fields,
        });
        new
    }

    /// Adds the record's deletion.
    pub fn delete<R: Record>(&mut self, record: &R, context: &Context<'_>) -> R {
        let mut deleted = record.clone();
        deleted.set_deleted(Some(context.now));
        self.update(record, deleted, context)
    }

    /// What takes this changeset back: changed fields return, new records are deleted, in the
    /// opposite order. The store refuses it where a field no longer holds what this set.
    #[must_use]
    pub fn inverse(&self, context: &mut Context<'_>) -> Self {
        let mut inverse = Self::new(&format!("undo.{}", self.operation), &*self.subject, context);
        let stamp = |name: &str, context: &Context<'_>| match name {
            "updated_at" => serde_json::to_value(context.now).ok(),
            "updated_by" => serde_json::to_value(context.user_id).ok(),
            _ => None,
        };
        inverse.changes = self
            .changes
            .iter()
            .rev()
            .map(|change| {
                let mut fields: BTreeMap<String, FieldChange> = match change.kind {
                    ChangeKind::Update => change
                        .fields
                        .iter()
                        .map(|(name, field)| {
                            let to = stamp(name, context).unwrap_or_else(|| field.from.clone());
                            (name.clone(), FieldChange { from: field.to.clone(), to })
                        })
                        .collect(),
                    ChangeKind::Insert => change
                        .fields
                        .iter()
                        .filter_map(|(name, field)| {
                            let to = stamp(name, context)?;
                            Some((name.clone(), FieldChange { from: field.to.clone(), to }))
                        })
                        .collect(),
                };
                if change.kind == ChangeKind::Insert {
                    let to = serde_json::to_value(context.now).unwrap_or(Value::Null);
                    fields.insert("deleted_at".into(), FieldChange { from: Value::Null, to });
                }
                Change {
                    entity: change.entity.clone(),
                    id: change.id,
                    kind: ChangeKind::Update,
                    fields,
                }
            })
            .collect();
        inverse
    }
}

fn is_stamp(field: &str) -> bool {
    matches!(field, "id" | "created_at" | "created_by" | "updated_at" | "updated_by")
}

/// The record as its columns and values.
pub fn object<R: Record>(record: &R) -> Map<String, Value> {
    match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        // A record is a struct of plain fields: it always becomes an object.
        _ => Map::new(),
    }
}
