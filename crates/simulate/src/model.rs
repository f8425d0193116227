//! The naive model beside the hub: what a changeset must do to records, written down a second time
//! in the plainest way, from what the laptop confirmed and not from what was sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{Change, ChangeKind, Changeset, ENTITIES, Id, blank, merge::State};
use serde_json::Value;
use sync::Outcome;

use crate::memory::{Data, Key, entity, id_in};

/// What the hub should hold.
#[derive(Clone, Default)]
pub(crate) struct Model {
    records: BTreeMap<Key, State>,
}

/// Text that the hub merges by lines: what comes of it is taken over from the hub.
const LONG: [&str; 6] = ["notes", "body", "description", "intro_text", "closing_text", "status"];
/// Set by the hub's own rules.
const STAMPS: [&str; 5] = ["id", "created_at", "created_by", "updated_at", "updated_by"];

/// What one look at the hub's journal found.
#[derive(Default)]
pub(crate) struct Step {
    touched: BTreeSet<Key>,
    /// Records that are the hub's own.
    adopted: BTreeSet<Key>,
    /// Fields that are the hub's to decide.
    open: BTreeSet<(Key, String)>,
    /// Clashes that must be listed: changeset, record, field.
    clashes: Vec<(Id, Id, String)>,
}

impl Model {
    /// Begins with what the hub has.
    pub(crate) fn of(data: &Data) -> Self {
        let records = data.records.iter().map(|(key, held)| (*key, State::clone(&held.state)));
        Self { records: records.collect() }
    }

    /// Takes records over as the ERP wrote them.
    pub(crate) fn take_over(&mut self, data: &Data, keys: &[Key]) {
        for key in keys {
            if let Some(held) = data.records.get(key) {
                self.records.insert(*key, State::clone(&held.state));
            }
        }
    }

    /// What a changeset that took effect must have done.
    pub(crate) fn apply(&mut self, changeset: &Changeset, outcome: &Outcome, step: &mut Step) {
        if matches!(outcome, Outcome::Rejected { .. } | Outcome::Retry) {
            return;
        }
        // A quote that was changed apart became a revision, which is the hub's own.
        let is_apart = matches!(outcome, Outcome::Conflict { fields } if fields.iter().any(|field| field == "quote"));
        for change in &changeset.changes {
            if is_apart && change.entity.starts_with("quote") {
                continue;
            }
            let key = (entity(&change.entity), change.id);
            step.touched.insert(key);
            match (self.records.get_mut(&key), change.kind) {
                // A conflict that the hub made just before: it is the hub's own.
                (None, ChangeKind::Update) => {
                    step.adopted.insert(key);
                }
                (None, ChangeKind::Insert) => {
                    let mut state = blank(&change.entity);
                    state.insert("id".into(), change.id.to_string().into());
                    for (name, field) in &change.fields {
                        state.insert(name.clone(), field.to.clone());
                    }
                    // A number that somebody else has is made another one.
                    step.open.insert((key, "number".into()));
                    self.records.insert(key, state);
                }
                (Some(_), ChangeKind::Insert) => {}
                (Some(state), ChangeKind::Update) => {
                    update(state, changeset.id, key, change, step);
                }
            }
        }
    }

    /// Whether the hub is as it should be where a step touched it.
    pub(crate) fn check(&mut self, data: &Data, step: &Step) -> Result<(), String> {
        for key in &step.touched {
            let Some(held) = data.records.get(key) else {
                return Err(format!("the hub has no {} {}", ENTITIES[key.0], key.1));
            };
            if step.adopted.contains(key) {
                // A revision that the hub made of a quote has an id that it worked out.
                let is_revision =
                    ENTITIES[key.0].starts_with("quote") && key.1.0.get_version_num() == 5;
                if key.0 != entity("conflict") && !is_revision {
                    return Err(format!("{} {} came from nowhere", ENTITIES[key.0], key.1));
                }
                self.records.insert(*key, State::clone(&held.state));
            }
            let Some(state) = self.records.get_mut(key) else { continue };
            for (name, value) in held.state.iter() {
                let is_open =
                    STAMPS.contains(&name.as_str()) || step.open.contains(&(*key, name.clone()));
                if is_open {
                    state.insert(name.clone(), value.clone());
                } else if state.get(name).unwrap_or(&Value::Null) != value {
                    return Err(format!(
                        "{} {}: {name} is {value} at the hub and should be {:?}",
                        ENTITIES[key.0],
                        key.1,
                        state.get(name)
                    ));
                }
            }
        }
        for (changeset, record, field) in &step.clashes {
            let conflicts = (entity("conflict"), Id::NIL)..(entity("conflict") + 1, Id::NIL);
            let is_listed = data.records.range(conflicts).any(|(_, held)| {
                id_in(&held.state, "changeset_id") == Some(*changeset)
                    && id_in(&held.state, "record_id") == Some(*record)
                    && held.state.get("field") == Some(&field.as_str().into())
            });
            if !is_listed {
                return Err(format!("the clash of {changeset} in {record}.{field} is not listed"));
            }
        }
        Ok(())
    }

    /// Whether the whole hub is as it should be; conflicts are the hub's own.
    pub(crate) fn check_all(&mut self, data: &Data) -> Result<(), String> {
        let conflicts = entity("conflict");
        for (key, held) in &data.records {
            if key.0 == conflicts && !self.records.contains_key(key) {
                self.records.insert(*key, State::clone(&held.state));
            }
        }
        let touched = data.records.keys().chain(self.records.keys()).copied().collect();
        self.check(data, &Step { touched, ..Step::default() })
    }

    /// A conflict that the hub made is known from now on.
    pub(crate) fn note_conflicts(&mut self, data: &Data) {
        let conflicts = (entity("conflict"), Id::NIL)..(entity("conflict") + 1, Id::NIL);
        for (key, held) in data.records.range(conflicts) {
            self.records.entry(*key).or_insert_with(|| State::clone(&Arc::clone(&held.state)));
        }
    }
}

fn update(state: &mut State, changeset: Id, key: Key, change: &Change, step: &mut Step) {
    let mut edits = false;
    for (name, field) in &change.fields {
        if STAMPS.contains(&name.as_str()) {
            continue;
        }
        let held = state.get(name).cloned().unwrap_or(Value::Null);
        if step.open.contains(&(key, name.clone())) {
            edits = true;
            continue;
        }
        if held == field.to {
            continue;
        }
        edits = true;
        if held == field.from {
            state.insert(name.clone(), field.to.clone());
        } else if LONG.contains(&name.as_str()) {
            step.open.insert((key, name.clone()));
        } else {
            step.clashes.push((changeset, key.1, name.clone()));
        }
    }
    let is_deleted = state.get("deleted_at").is_some_and(|at| !at.is_null());
    if is_deleted && edits && !change.fields.contains_key("deleted_at") {
        state.insert("deleted_at".into(), Value::Null);
    }
}
