//! After a restore: what laptops have seen of the life before comes back.

use std::collections::BTreeMap;

use domain::{
    Choice, Conflict, Context, Day, Id, Instant, Record,
    access::Grants,
    changeset::object,
    merge::{State, Versioned},
    validate,
};
use serde_json::Value;
use sync::{Offer, Offered};

use crate::{
    Result,
    push::known_device,
    scope::place_now,
    storage::{Device, Storage, Stored, Tx},
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
    let device = known_device(&mut tx, offer.device_id, offer.incarnation).await?;
    let grants = tx.grants(device.user_id).await?;
    // So that the feed says whose work it is.
    tx.write_as(device.id).await?;
    let restored = tx.restored_version().await?;
    let mut taken = 0;
    tx.mark().await?;
    let mut waiting: Vec<&Versioned> = offer.records.iter().collect();
    // What names a record that comes later in the offer is tried again behind it.
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut left = Vec::new();
        for record in waiting {
            if record.version <= restored || !is_allowed(&mut tx, &grants, record).await? {
                continue;
            }
            let when = When { now, today };
            tx.mark().await?;
            let done = take(&mut tx, &device, record, restored, &when).await?;
            if tx.references_hold().await? {
                taken += usize::from(done);
            } else {
                tx.undo_to_mark().await?;
                left.push(record);
            }
        }
        if left.len() == before {
            break;
        }
        waiting = left;
    }
    tx.commit().await?;
    Ok(Offered { taken })
}

struct When {
    now: Instant,
    today: Day,
}

async fn is_allowed(tx: &mut impl Tx, grants: &Grants, record: &Versioned) -> Result<bool> {
    let allowed = grants.may_write(&record.entity)
        && validate(&record.entity, &record.state).is_ok()
        && grants.sees(place_now(tx, &record.entity, &record.state).await?);
    Ok(allowed)
}

/// Whether it was brought back.
async fn take(
    tx: &mut impl Tx,
    device: &Device,
    record: &Versioned,
    restored: i64,
    when: &When,
) -> Result<bool> {
    let known = tx.offered(&record.entity, record.id).await?;
    if known.is_some_and(|known| known >= record.version) {
        return Ok(false);
    }
    let Some(stored) = tx.record(&record.entity, record.id).await? else {
        let mut state = record.state.clone();
        state.insert("id".into(), record.id.to_string().into());
        tx.insert(&record.entity, &[&state]).await?;
        tx.put_offered(&record.entity, record.id, record.version).await?;
        return Ok(true);
    };
    let differing = differing(&stored.state, &record.state);
    let is_touched = stored.at.version > restored && known.is_none();
    if is_touched {
        // Somebody works with it again: their value stands, the other is kept.
        for (field, ours) in &differing {
            let theirs = stored.state.get(field).cloned().unwrap_or(Value::Null);
            note(tx, device, &stored, (field, theirs, ours.clone()), when).await?;
        }
    } else if !differing.is_empty() {
        tx.update(&record.entity, record.id, &differing).await?;
    }
    tx.put_offered(&record.entity, record.id, record.version).await?;
    Ok(!differing.is_empty())
}

/// The offered values of the fields that differ, by the rules of merging.
fn differing(held: &State, offered: &State) -> BTreeMap<String, Value> {
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
