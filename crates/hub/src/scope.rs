//! Nothing leaves the hub, and nothing comes in, that the user may not see.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Id, Refusal,
    access::{Grants, Place},
    merge::State,
    references,
};
use serde_json::Value;
use sync::Versioned;

use crate::{
    Result,
    push::versioned,
    storage::{Stored, Tx},
};

fn id_in(state: &State, name: &str) -> Option<Id> {
    state.get(name)?.as_str()?.parse().ok()
}

/// Where a record with these fields stands, by the places of what it belongs to: its customer, or
/// a line's quote.
pub(crate) fn place(entity: &str, state: &State, places: &BTreeMap<Id, Place>) -> Place {
    let at = |name: &str| id_in(state, name).map(|id| places.get(&id).copied());
    let own = || match id_in(state, "owner_id") {
        Some(owner_id) => Place::Personal { owner_id },
        None => Place::Common,
    };
    match entity {
        "customer" => Place::Customer {
            territory_id: id_in(state, "territory_id"),
            owner_id: id_in(state, "owner_id"),
        },
        "quote_line" => at("quote_id").flatten().unwrap_or_else(own),
        _ => match at("customer_id") {
            Some(place) => place.unwrap_or(Place::Customer { territory_id: None, owner_id: None }),
            None => own(),
        },
    }
}

/// Where a record with these fields would stand, as things are.
pub(crate) async fn place_now(tx: &mut impl Tx, entity: &str, state: &State) -> Result<Place> {
    let wanted: Vec<(String, Id)> = references(state)
        .filter(|(column, ..)| matches!(*column, "customer_id" | "quote_id"))
        .map(|(_, entity, id)| (entity.to_owned(), id))
        .collect();
    let rows = tx.rows(&wanted).await?;
    Ok(place(entity, state, &rows.into_iter().map(|row| (row.id, row.place)).collect()))
}

/// Records as their user may see them: names of records that are out of scope are left out.
pub(crate) async fn narrowed(
    tx: &mut impl Tx,
    grants: &Grants,
    mut found: Vec<Stored>,
) -> Result<Vec<Versioned>> {
    // Only groups of companies reach from one customer to another.
    let parents: BTreeSet<Id> =
        found.iter().filter_map(|stored| id_in(&stored.state, "parent_id")).collect();
    let seen = seen_customers(tx, grants, &parents).await?;
    for stored in &mut found {
        if id_in(&stored.state, "parent_id").is_some_and(|parent| !seen.contains(&parent)) {
            stored.state.insert("parent_id".into(), Value::Null);
        }
    }
    Ok(found.into_iter().map(versioned).collect())
}

/// Those of these customers that the user sees.
pub(crate) async fn seen_customers(
    tx: &mut impl Tx,
    grants: &Grants,
    ids: &BTreeSet<Id>,
) -> Result<BTreeSet<Id>> {
    let wanted: Vec<(String, Id)> = ids.iter().map(|id| ("customer".to_owned(), *id)).collect();
    let rows = tx.rows(&wanted).await?;
    Ok(rows.into_iter().filter(|row| grants.sees(row.place)).map(|row| row.id).collect())
}

/// Whether the user sees everything that these fields refer to.
pub(crate) async fn sees(
    tx: &mut impl Tx,
    grants: &Grants,
    fields: &State,
) -> Result<std::result::Result<(), Refusal>> {
    let wanted: Vec<(String, Id)> =
        references(fields).map(|(_, entity, id)| (entity.to_owned(), id)).collect();
    for found in tx.rows(&wanted).await? {
        if !grants.sees(found.place) {
            // The same answer as for a record that is not there: who asks learns nothing.
            let sentence = "It names a record that is not there.";
            return Ok(Err(Refusal::new("reference-missing", sentence)));
        }
    }
    Ok(Ok(()))
}
