//! After a restore: what laptops have seen of the life before comes back.

mod take;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Day, Id, Instant, access::Grants, check_state, merge::Versioned, references, validate,
};
use serde_json::Value;
use sync::{Offer, Offered};

use crate::{
    Error, Result,
    insert::is_set,
    push::known_sender,
    scope::place_now,
    storage::{Reader, Storage, Stored, Tx},
};
use take::{When, take};

/// Takes records of the life before. Of each the latest version that any laptop has seen holds;
/// where somebody changed it since the restore, or its user does not see it as it was restored, what
/// differs is listed as a conflict.
///
/// # Errors
/// `device-…`, `nothing-lost` where the hub was never restored, or when the database does not answer;
/// nothing of the offer is taken then.
pub async fn offer(
    storage: &impl Storage,
    offer: &Offer,
    now: Instant,
    today: Day,
) -> Result<Offered> {
    let mut tx = storage.begin().await?;
    let sender = known_sender(&mut tx, offer.device_id, offer.incarnation, &[]).await?;
    let Reader { device, grants, .. } = sender.0;
    if tx.lives().await?.is_empty() {
        return Err(Error::new("nothing-lost", "This hub was never restored from a backup."));
    }
    let ended = tx.restored_version().await?;
    // Whoever slept through several restores has what the first of them lost.
    let restored = ended.min(offer.above);
    // Versions of this life are the hub's alone.
    let begin = tx.life_begin().await?;
    let is_lost = |version: i64| version > restored && version < begin;
    let mut taken = 0;
    tx.mark().await?;
    let mut waiting: Vec<&Versioned> =
        offer.records.iter().filter(|record| is_lost(record.version)).collect();
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

/// Whether it can be stored. What the ERP wrote and the hub had need not be what people may type.
fn is_record(record: &Versioned) -> bool {
    let strange = ["entity-unknown", "field-unknown", "record-invalid"];
    check_state(&record.entity, &record.state).is_ok()
        && validate(&record.entity, &record.state)
            .err()
            .is_none_or(|refusal| !strange.contains(&refusal.code.as_str()))
}

/// Whether this user may bring it: as it is brought they see it, and as it is here they see it too,
/// or somebody else does who can be asked.
async fn is_allowed(tx: &mut impl Tx, grants: &Grants, record: &Versioned) -> Result<bool> {
    let allowed = grants.may_write(&record.entity)
        && is_record(record)
        && grants.sees(place_now(tx, &record.entity, &record.state).await?);
    if !allowed {
        return Ok(false);
    }
    let stored = tx.record(&record.entity, record.id).await?;
    if stored.is_some_and(|stored| !grants.sees(stored.place) && customer_of(&stored).is_none()) {
        return Ok(false);
    }
    if is_set(tx, &record.entity, record.id, &record.state).await? {
        // Somebody made it anew since the restore; laptops take no second one.
        return Ok(false);
    }
    if record.entity != "conflict" {
        return Ok(true);
    }
    // Nobody makes up what others are to settle.
    let text = |name: &str| record.state.get(name).and_then(Value::as_str).unwrap_or_default();
    let Ok(of) = text("record_id").parse::<Id>() else { return Ok(false) };
    let of = tx.record(text("record_entity"), of).await?;
    Ok(of.is_none_or(|of| grants.sees(of.place)))
}

/// The customer that a record is, or belongs to.
fn customer_of(stored: &Stored) -> Option<Id> {
    match stored.entity.as_str() {
        "customer" => Some(stored.id),
        _ => stored.state.get("customer_id")?.as_str()?.parse().ok(),
    }
}
