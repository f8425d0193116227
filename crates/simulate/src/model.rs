//! The naive model beside the hub: what a changeset must do to records, written down a second time
//! in the plainest way, from what the laptop confirmed and not from what was sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{Change, ChangeKind, Changeset, ENTITIES, Id, blank, merge::State};
use serde_json::Value;
use sync::{Answered, Outcome};

use crate::memory::{Data, Key, entity, id_in};

/// What the hub should hold.
#[derive(Clone, Default)]
pub(crate) struct Model {
    records: BTreeMap<Key, State>,
    /// What was changed since the hub was restored, with the value before.
    touched: BTreeMap<(Key, String), Value>,
    /// Records that laptops brought back after it.
    brought: BTreeSet<Key>,
}

/// Text that the hub merges by lines: what comes of it is taken over from the hub.
const LONG: [&str; 6] = ["notes", "body", "description", "intro_text", "closing_text", "status"];
/// What a quote that became a revision of its own does not take along as it was sent.
const REVISION: [&str; 12] = [
    "number",
    "revision",
    "revises_id",
    "status",
    "sent_at",
    "decided_at",
    "signed_at",
    "signature_document_id",
    "pdf_document_id",
    "signed_name",
    "signed_place",
    "rejected_reason",
];
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
    /// Records that were to be deleted: they are, or it is listed.
    deleted: Vec<Key>,
    /// Fields that a revision has otherwise than a changeset wrote them: changeset, quote, field.
    pub(crate) revised: Vec<(Id, Id, String)>,
}

impl Model {
    /// Begins with what the hub has.
    pub(crate) fn of(data: &Data) -> Self {
        let records = data.records.iter().map(|(key, held)| (*key, State::clone(&held.state)));
        Self { records: records.collect(), ..Self::default() }
    }

    /// Nothing was changed since the hub was restored to this.
    pub(crate) fn restored(self) -> Self {
        Self { records: self.records, ..Self::default() }
    }

    /// Takes records over as the ERP wrote them.
    pub(crate) fn take_over(&mut self, data: &Data, keys: &[Key]) {
        for key in keys {
            if let Some(held) = data.records.get(key) {
                let before = self.records.insert(*key, State::clone(&held.state));
                let before = before.unwrap_or_default();
                self.touch(*key, &before, &held.state);
            }
        }
    }

    fn touch(&mut self, key: Key, before: &State, after: &State) {
        for (name, _) in after.iter().filter(|(name, to)| before.get(*name) != Some(to)) {
            let was = before.get(name).cloned().unwrap_or(Value::Null);
            self.touched.entry((key, name.clone())).or_insert(was);
        }
    }

    /// What laptops offered after a restore: it is there, and what was changed since the restore is
    /// as it was.
    pub(crate) fn bring_back(&mut self, data: &Data, keys: &[Key]) -> Result<(), String> {
        for key in keys {
            let Some(held) = data.records.get(key) else { continue };
            if data.offered.contains_key(key) {
                self.brought.insert(*key);
            }
            let state = self.records.entry(*key).or_default();
            for (name, to) in held.state.iter() {
                let before = state.insert(name.clone(), to.clone()).unwrap_or(Value::Null);
                // What an edit brought back is listed, as everywhere.
                let is_open = LONG.contains(&name.as_str())
                    || STAMPS.contains(&name.as_str())
                    || (name == "deleted_at" && to.is_null());
                // What was changed and changed back nobody can tell from what was left alone.
                let touched = self.touched.get(&(*key, name.clone()));
                let is_changed = touched.is_some_and(|first| *first != before);
                if !is_open && before != *to && is_changed {
                    let (entity, id) = (ENTITIES[key.0], key.1);
                    return Err(format!("an offer set {entity} {id}'s {name} {before} to {to}"));
                }
            }
        }
        Ok(())
    }

    /// What laptops had seen before a restore is there, unless somebody changed it since, or it is
    /// listed.
    pub(crate) fn came_back(&self, data: &Data, seen: &BTreeMap<Key, State>) -> Result<(), String> {
        for (key, state) in seen {
            let name = format!("{} {}", ENTITIES[key.0], key.1);
            // Whether it came back, or is listed as not taken, is looked at where laptops are known.
            let Some(held) = data.records.get(key) else { continue };
            let lost = state.iter().find(|(field, was)| {
                let is_own = STAMPS.contains(&field.as_str()) || LONG.contains(&field.as_str());
                // A copied laptop gave it as well, and brought it back first.
                let is = held.state.get(*field).and_then(Value::as_str).unwrap_or_default();
                let is_doubled = *field == "number"
                    && was.as_str().is_some_and(|was| is.starts_with(&format!("{was}-")))
                    || *field == "revision"
                        && held.state.get(*field).and_then(Value::as_i64) > was.as_i64();
                !is_own
                    && !is_doubled
                    && held.state.get(*field) != Some(was)
                    && !self.touched.contains_key(&(*key, (*field).clone()))
                    && !is_listed(data, key.1, field)
            });
            if let Some((field, was)) = lost {
                let is = held.state.get(field);
                return Err(format!("{name}: {field} was {was} before the restore and is {is:?}"));
            }
        }
        Ok(())
    }

    /// The quotes that got a revision of their own instead of a changeset's changes.
    fn apart(&mut self, data: &Data, answer: &Answered) -> BTreeSet<Id> {
        let mut quotes = BTreeSet::new();
        for (name, id) in &answer.made {
            let key = (entity(name), *id);
            let Some(held) = data.records.get(&key) else { continue };
            self.records.insert(key, State::clone(&held.state));
            if name == "quote" {
                quotes.extend(id_in(&held.state, "revises_id"));
            }
        }
        quotes
    }

    fn quote_of(&self, change: &Change) -> Option<Id> {
        let known = self.records.get(&(entity(&change.entity), change.id));
        let made = change.fields.get("quote_id").and_then(|field| field.to.as_str()?.parse().ok());
        match change.entity.as_str() {
            "quote" => Some(change.id),
            "quote_line" => made.or_else(|| id_in(known?, "quote_id")),
            _ => None,
        }
    }

    /// What a changeset that took effect must have done; `again` when it did so before the hub was
    /// restored.
    pub(crate) fn apply(
        &mut self,
        changeset: &Changeset,
        data: &Data,
        answer: &Answered,
        again: bool,
        step: &mut Step,
    ) {
        if matches!(answer.outcome, Outcome::Rejected { .. } | Outcome::Retry) {
            return;
        }
        let apart = self.apart(data, answer);
        for change in &changeset.changes {
            let key = (entity(&change.entity), change.id);
            if again && self.brought.contains(&key) {
                continue;
            }
            if self.quote_of(change).is_some_and(|quote| apart.contains(&quote)) {
                if change.entity == "quote" {
                    self.look_for_revision(data, answer, change, step);
                }
                continue;
            }
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
                    let before = state.clone();
                    update(state, changeset.id, key, change, step);
                    let after = state.clone();
                    self.touch(key, &before, &after);
                }
            }
        }
    }

    /// The revision has what the laptop wrote, unless it wrote something else later.
    fn look_for_revision(&self, data: &Data, answer: &Answered, change: &Change, step: &mut Step) {
        let made = answer.made.iter().filter(|(name, _)| name == "quote");
        let revision = made
            .filter_map(|(name, id)| data.records.get(&(entity(name), *id)))
            .find(|held| id_in(&held.state, "revises_id") == Some(change.id));
        let Some(revision) = revision else { return };
        for (name, field) in &change.fields {
            let is_own = REVISION.contains(&name.as_str()) || STAMPS.contains(&name.as_str());
            if !is_own && revision.state.get(name) != Some(&field.to) {
                step.revised.push((answer.changeset_id, change.id, name.clone()));
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
        for key in &step.deleted {
            let held = data.records.get(key).and_then(|held| held.state.get("deleted_at"));
            if held.is_none_or(Value::is_null) && !is_listed(data, key.1, "deleted_at") {
                return Err(format!("{} {} was deleted and is there", ENTITIES[key.0], key.1));
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

/// Whether a conflict is listed at this field.
fn is_listed(data: &Data, record: Id, field: &str) -> bool {
    let conflicts = (entity("conflict"), Id::NIL)..(entity("conflict") + 1, Id::NIL);
    data.records.range(conflicts).any(|(_, held)| {
        id_in(&held.state, "record_id") == Some(record)
            && held.state.get("field") == Some(&field.into())
    })
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
            if name == "deleted_at" {
                // What was deleted a moment before comes back, or goes once more.
                step.deleted.retain(|deleted| *deleted != key);
                state.insert(name.clone(), field.to.clone());
            }
            continue;
        }
        if held == field.to {
            continue;
        }
        edits = true;
        let has_steps = matches!(ENTITIES[key.0], "quote" | "opportunity");
        if name == "deleted_at" && ENTITIES[key.0] != "quote_line" && !field.to.is_null() {
            // It stays where somebody changed it unseen, and is listed then.
            step.open.insert((key, name.clone()));
            step.deleted.push(key);
            state.insert(name.clone(), field.to.clone());
        } else if held == field.from {
            state.insert(name.clone(), field.to.clone());
        } else if LONG.contains(&name.as_str()) && (name != "status" || has_steps) {
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
