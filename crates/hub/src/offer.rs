//! After a restore: what laptops have seen of the life before comes back.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Change, ChangeKind, Choice, Conflict, Context, Day, FieldChange, Id, Instant, Record,
    access::Grants,
    changeset::object,
    merge::{State, Versioned, merge},
    references, validate,
};
use serde_json::Value;
use sync::{Offer, Offered};

use crate::{
    Result,
    insert::keep_number_unique,
    push::known_sender,
    quote_unit::keep_revision_unique,
    scope::{narrowed, place_now},
    storage::{Brought, Device, Reader, Storage, Stored, Tx},
};

/// Takes records of the life before. Of each the latest version that any laptop has seen holds;
/// where somebody changed it since the restore, what differs is listed as a conflict.
///
/// # Errors
/// `device-…`, or when the database does not answer; nothing of the offer is taken then.
pub async fn offer(
    storage: &impl Storage,
    offer: &Offer,
    now: Instant,
    today: Day,
) -> Result<Offered> {
    let mut tx = storage.begin().await?;
    let sender = known_sender(&mut tx, offer.device_id, offer.incarnation, &[]).await?;
    let Reader { device, grants, .. } = sender.0;
    // Whoever slept through several restores has what the first of them lost.
    let restored = tx.restored_version().await?.min(offer.above);
    let mut taken = 0;
    tx.mark().await?;
    let mut waiting: Vec<&Versioned> =
        offer.records.iter().filter(|record| record.version > restored).collect();
    // What stands on a record that comes later in the offer is tried again behind it.
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut left = Vec::new();
        for record in waiting {
            if !is_allowed(&mut tx, &grants, record).await? {
                left.push(record);
                continue;
            }
            let when = When { now, today };
            tx.mark().await?;
            let done = take(&mut tx, (&device, &grants), record, restored, &when).await?;
            if tx.references_hold().await? {
                taken += usize::from(done);
            } else {
                tx.undo_to_mark().await?;
                left.push(record);
            }
        }
        waiting = left;
        if waiting.len() < before {
            continue;
        }
        let circle = naming_each_other(&mut tx, &grants, &waiting).await?;
        if circle.is_empty() {
            break;
        }
        tx.mark().await?;
        let (mut done, when) = (0, When { now, today });
        for record in waiting.iter().filter(|record| circle.contains(&record.id)) {
            let who = (&device, &grants);
            done += usize::from(take(&mut tx, who, record, restored, &when).await?);
        }
        if !tx.references_hold().await? {
            tx.undo_to_mark().await?;
            break;
        }
        taken += done;
        waiting.retain(|record| !circle.contains(&record.id));
    }
    tx.commit().await?;
    Ok(Offered { taken, refused: waiting.len() })
}

/// Those of these records that can only be taken together: two customers that are each other's
/// parents, a quote and its PDF.
async fn naming_each_other(
    tx: &mut impl Tx,
    grants: &Grants,
    waiting: &[&Versioned],
) -> Result<BTreeSet<Id>> {
    let mut circle = BTreeMap::new();
    for record in waiting {
        if is_allowed(tx, grants, record).await? {
            let named: Vec<(String, Id)> =
                references(&record.state).map(|(_, entity, id)| (entity.to_owned(), id)).collect();
            let there: BTreeSet<Id> = tx.rows(&named).await?.iter().map(|row| row.id).collect();
            let lacking = named.into_iter().map(|(_, id)| id).filter(|id| !there.contains(id));
            circle.insert(record.id, lacking.collect::<Vec<Id>>());
        }
    }
    loop {
        let names: BTreeSet<Id> = circle.keys().copied().collect();
        circle.retain(|_, lacking| lacking.iter().all(|id| names.contains(id)));
        if circle.len() == names.len() {
            return Ok(names);
        }
    }
}

struct When {
    now: Instant,
    today: Day,
}

/// Whether it can be stored. What the ERP wrote and the hub had need not be what people may type.
fn is_record(record: &Versioned) -> bool {
    let strange = ["entity-unknown", "field-unknown", "record-invalid"];
    validate(&record.entity, &record.state)
        .err()
        .is_none_or(|refusal| !strange.contains(&refusal.code.as_str()))
}

async fn is_allowed(tx: &mut impl Tx, grants: &Grants, record: &Versioned) -> Result<bool> {
    let allowed = grants.may_write(&record.entity)
        && is_record(record)
        && grants.sees(place_now(tx, &record.entity, &record.state).await?);
    Ok(allowed)
}

/// Whether it was brought back.
async fn take(
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
    if let Some(same) = known.clone().filter(|known| known.version == record.version) {
        let Some(stored) = stored else { return Ok(false) };
        return take_parent(tx, (device, grants), stored, same, record, when).await;
    }
    let mut brought = Brought { version: record.version, state: record.state.clone() };
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
    brought.state.extend(hidden.into_iter().filter(|(name, _)| is_unnamed(name)));
    let (set, clashes) = match known {
        // Another laptop brought an earlier state back, and somebody may have gone on with it.
        Some(earlier) => merged(&stored.state, &earlier.state, &brought.state, record),
        None => {
            let differing = differing(&stored.state, &brought.state);
            if stored.at.version > restored {
                // Somebody works with it again: their value stands, the other is kept. Whether
                // they set the parent or took it away, no other laptop's word changes it: it is
                // listed.
                if record.entity == "customer" {
                    brought.state.insert(PARENT.into(), Value::Bool(false));
                }
                (BTreeMap::new(), differing)
            } else {
                (differing, BTreeMap::new())
            }
        }
    };
    if !set.is_empty() {
        tx.update(&record.entity, record.id, &set).await?;
    }
    for (field, ours) in &clashes {
        let theirs = stored.state.get(field).cloned().unwrap_or(Value::Null);
        note(tx, device, &stored, (field, theirs, ours.clone()), when).await?;
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
    let is_unsure = parent(&same.state) == Value::Bool(false);
    if is == named || (is != parent(&same.state) && !is_unsure) {
        return Ok(false);
    }
    if named.is_null() && hidden_names(tx, grants, &stored).await?.contains_key(PARENT) {
        return Ok(false);
    }
    if is_unsure {
        note(tx, device, &stored, (PARENT, is, named), when).await?;
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

async fn note(
    tx: &mut impl Tx,
    device: &Device,
    stored: &Stored,
    (field, theirs, ours): (&str, Value, Value),
    when: &When,
) -> Result<()> {
    if matches!(field, "updated_at" | "updated_by") {
        return Ok(());
    }
    let customer_id = match stored.entity.as_str() {
        "customer" => Some(stored.id),
        _ => stored
            .state
            .get("customer_id")
            .and_then(Value::as_str)
            .and_then(|id| id.parse::<Id>().ok()),
    };
    let name = format!("{}.{field}", stored.id);
    let id = Id(uuid::Uuid::new_v5(&device.id.0, name.as_bytes()));
    let mut conflict = Conflict {
        customer_id,
        owner_id: Some(device.user_id),
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
