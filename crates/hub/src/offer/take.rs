//! One record of the life before, in the place of what the restored hub has.

use std::collections::BTreeMap;

use domain::{
    Change, ChangeKind, Choice, Conflict, Context, Day, FieldChange, Id, Instant, Record,
    access::Grants,
    changeset::object,
    merge::{State, Versioned, merge},
};
use serde_json::Value;

use super::customer_of;
use crate::{
    Result,
    insert::keep_number_unique,
    quote_unit::keep_revision_unique,
    scope::narrowed,
    storage::{Brought, Device, LEAP, Stored, Tx},
};

/// The hub's time.
pub(super) struct When {
    pub(super) now: Instant,
    pub(super) today: Day,
}

/// Whether it was brought back.
pub(super) async fn take(
    tx: &mut impl Tx,
    (device, grants): (&Device, &Grants),
    record: &Versioned,
    restored: i64,
    when: &When,
) -> Result<bool> {
    let known = tx.brought(&record.entity, record.id).await?;
    if known.as_ref().is_some_and(|known| known.version > record.version) {
        return Ok(false);
    }
    let stored = tx.record(&record.entity, record.id).await?;
    // A backup is not of one moment: what it had is offered as well.
    let had = tx.version_of_backup(&record.entity, record.id).await?;
    if had >= record.version && had - record.version < LEAP / 2 {
        return Ok(false);
    }
    if let Some(stored) = stored.as_ref().filter(|stored| !grants.sees(stored.place)) {
        return keep_apart(tx, device, stored, record, when).await;
    }
    let is_since = |stored: &Stored| stored.at.version > restored.saturating_add(LEAP / 2);
    if let Some(same) = known.clone().filter(|known| known.version == record.version) {
        let Some(stored) = stored else { return Ok(false) };
        return take_parent(tx, (device, grants), stored, same, record, when).await;
    }
    let contested = known.as_ref().map(|known| known.contested.clone()).unwrap_or_default();
    let mut brought = Brought { version: record.version, state: record.state.clone(), contested };
    let Some(stored) = stored else {
        let mut state = record.state.clone();
        state.insert("id".into(), record.id.to_string().into());
        // Copied laptops give a number twice; the other one may have come since the restore.
        keep_number_unique(tx, &record.entity, record.id, &mut state).await?;
        keep_revision_unique(tx, record.id, &mut state).await?;
        tx.insert(&record.entity, &[&state]).await?;
        tx.put_brought(&record.entity, record.id, brought).await?;
        return Ok(true);
    };
    // What its user does not see their laptop does not name.
    let is_unnamed = |name: &String| record.state.get(name).is_none_or(Value::is_null);
    let hidden = hidden_names(tx, grants, &stored).await?;
    let unnamed = hidden.clone().into_iter().filter(|(name, _)| is_unnamed(name));
    brought.state.extend(unnamed);
    // Nor does it know that somebody has set another parent since an earlier state came back.
    let was = known.as_ref().map(|earlier| earlier.state.get(PARENT));
    if hidden.contains_key(PARENT) && was.is_some_and(|was| was != stored.state.get(PARENT)) {
        brought.contested.insert(PARENT.into());
    }
    let (mut set, mut clashes) = match known {
        // Another laptop brought an earlier state back, and somebody may have gone on with it.
        Some(earlier) => merged(&stored.state, &earlier.state, &brought.state, record),
        None => {
            let differing = differing(&stored.state, &brought.state);
            if is_since(&stored) {
                // Whether they set the parent or took it away is not said to everyone.
                if record.entity == "customer" {
                    brought.contested.insert(PARENT.into());
                }
                (BTreeMap::new(), differing)
            } else {
                (differing, BTreeMap::new())
            }
        }
    };
    // Somebody works with it again: their value stands, and no laptop's word changes it, or what
    // somebody chose since; the other is listed.
    let is_settled = |name: &String, _: &mut Value| brought.contested.contains(name);
    clashes.extend(set.extract_if(.., is_settled).collect::<Fields>());
    brought.contested.extend(clashes.keys().filter(|name| !is_stamp(name)).cloned());
    if !set.is_empty() {
        tx.update(&record.entity, record.id, &set).await?;
    }
    for (field, ours) in &clashes {
        // Nobody learns from it what they do not see.
        let theirs = stored.state.get(field).filter(|_| !hidden.contains_key(field));
        let theirs = theirs.cloned().unwrap_or(Value::Null);
        let owner = Some(device.user_id);
        note(tx, (device, owner), &stored, (field, theirs, ours.clone()), when).await?;
    }
    tx.put_brought(&record.entity, record.id, brought).await?;
    Ok(!set.is_empty() || !clashes.is_empty())
}

type Fields = BTreeMap<String, Value>;

/// What a later state of the life before changes in a record that goes on from an earlier one: the
/// fields to write, and those that somebody else changed since.
fn merged(held: &State, earlier: &State, later: &State, record: &Versioned) -> (Fields, Fields) {
    let field = |(name, to): (String, Value)| {
        let from = earlier.get(&name).cloned().unwrap_or(Value::Null);
        (name, FieldChange { from, to })
    };
    let mut change = Change {
        entity: record.entity.clone(),
        id: record.id,
        kind: ChangeKind::Update,
        fields: differing(earlier, later).into_iter().map(field).collect(),
    };
    let mut clashes = BTreeMap::new();
    let merged = merge(held, &change).or_else(|_| {
        // The status went on where it may not meet the other's: both are kept.
        if let Some(status) = change.fields.remove("status") {
            clashes.insert("status".to_owned(), status.to);
        }
        merge(held, &change)
    });
    let Ok(merged) = merged else { return (BTreeMap::new(), differing(held, later)) };
    clashes.extend(merged.clashes.into_iter().map(|clash| (clash.field, clash.ours)));
    (merged.set, clashes)
}

/// A group's parent, which only those are told who see it.
const PARENT: &str = "parent_id";

/// Another laptop brought the same state, of somebody who may not have seen the parent. Whoever sees
/// it says what it was; unless it was changed since.
async fn take_parent(
    tx: &mut impl Tx,
    (device, grants): (&Device, &Grants),
    stored: Stored,
    mut same: Brought,
    record: &Versioned,
    when: &When,
) -> Result<bool> {
    let parent = |state: &State| state.get(PARENT).cloned().unwrap_or_default();
    let (is, named) = (parent(&stored.state), parent(&record.state));
    let is_unsure = same.contested.contains(PARENT);
    if is == named || (is != parent(&same.state) && !is_unsure) {
        return Ok(false);
    }
    let is_hidden = hidden_names(tx, grants, &stored).await?.contains_key(PARENT);
    if named.is_null() && is_hidden {
        return Ok(false);
    }
    if is_unsure {
        let is = if is_hidden { Value::Null } else { is };
        let owner = Some(device.user_id);
        note(tx, (device, owner), &stored, (PARENT, is, named), when).await?;
        return Ok(true);
    }
    let set = BTreeMap::from([(PARENT.to_owned(), named.clone())]);
    tx.update(&record.entity, record.id, &set).await?;
    same.state.insert(PARENT.into(), named);
    tx.put_brought(&record.entity, record.id, same).await?;
    Ok(true)
}

/// What a record names and this user is not told.
async fn hidden_names(tx: &mut impl Tx, grants: &Grants, stored: &Stored) -> Result<State> {
    let shown = narrowed(tx, grants, vec![stored.clone()]).await?;
    let is_shown = |name: &str, value: &Value| {
        shown.first().is_some_and(|shown| shown.state.get(name) == Some(value))
    };
    let hidden = stored.state.iter().filter(|(name, value)| !is_shown(name, value));
    Ok(hidden.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The offered values of the fields that differ, by the rules of merging.
fn differing(held: &State, offered: &State) -> Fields {
    offered
        .iter()
        .filter(|(name, value)| {
            let is_made = matches!(name.as_str(), "id" | "created_at" | "created_by");
            !is_made && held.get(*name) != Some(*value)
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// It is somebody else's as it was restored: who sees it there decides.
async fn keep_apart(
    tx: &mut impl Tx,
    device: &Device,
    stored: &Stored,
    record: &Versioned,
    when: &When,
) -> Result<bool> {
    let differing = differing(&stored.state, &record.state);
    for (field, ours) in &differing {
        let theirs = stored.state.get(field).cloned().unwrap_or(Value::Null);
        note(tx, (device, None), stored, (field, theirs, ours.clone()), when).await?;
    }
    Ok(!differing.is_empty())
}

fn is_stamp(field: &str) -> bool {
    matches!(field, "updated_at" | "updated_by")
}

async fn note(
    tx: &mut impl Tx,
    (device, owner_id): (&Device, Option<Id>),
    stored: &Stored,
    (field, theirs, ours): (&str, Value, Value),
    when: &When,
) -> Result<()> {
    if is_stamp(field) {
        return Ok(());
    }
    let name = format!("{}.{field}", stored.id);
    let id = Id(uuid::Uuid::new_v5(&device.id.0, name.as_bytes()));
    let mut conflict = Conflict {
        customer_id: customer_of(stored),
        owner_id,
        record_entity: stored.entity.clone(),
        record_id: stored.id,
        field: field.into(),
        base: Value::Null.to_string(),
        theirs: theirs.to_string(),
        ours: ours.to_string(),
        ours_at: when.now,
        choice: Choice::Open,
        ..Conflict::default()
    };
    let stamped = {
        let mut ids = || id;
        let mut context =
            Context { now: when.now, today: when.today, user_id: device.user_id, ids: &mut ids };
        conflict.stamp_created(&mut context);
        object(&conflict)
    };
    if tx.record("conflict", id).await?.is_none() {
        tx.insert("conflict", &[&stamped]).await?;
    }
    Ok(())
}
