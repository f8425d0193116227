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
    sight::Sight,
    storage::{Stored, Tx, names_others},
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
    let seen: BTreeSet<Id> =
        found.iter().filter(|one| grants.sees(one.place)).map(|one| one.id).collect();
    let named: BTreeSet<(String, Id)> = found
        .iter()
        .flat_map(|stored| named_elsewhere(grants, &stored.state))
        .filter(|(_, _, id)| !seen.contains(id))
        .map(|(_, entity, id)| (entity.to_owned(), id))
        .collect();
    let hidden = hidden(tx, grants, named).await?;
    for stored in &mut found {
        let columns: Vec<String> = named_elsewhere(grants, &stored.state)
            .filter(|(_, _, id)| hidden.contains(id))
            .map(|(column, ..)| column.to_owned())
            .collect();
        stored.state.extend(columns.into_iter().map(|column| (column, Value::Null)));
    }
    Ok(found.into_iter().map(versioned).collect())
}

/// What a record names that may be another customer's; nothing is to be hidden from who sees all.
fn named_elsewhere<'a>(
    grants: &Grants,
    state: &'a State,
) -> impl Iterator<Item = (&'a str, &'static str, Id)> {
    let reaches = !grants.role.sees_all();
    references(state).filter(move |(column, ..)| reaches && names_others(column).is_some())
}

/// Whether a field names a record that the user does not see.
pub(crate) async fn hides(
    tx: &mut impl Tx,
    grants: &Grants,
    field: &str,
    value: &Value,
) -> Result<bool> {
    let state = State::from_iter([(field.to_owned(), value.clone())]);
    let named = named_elsewhere(grants, &state);
    let named = named.map(|(_, entity, id)| (entity.to_owned(), id)).collect();
    Ok(!hidden(tx, grants, named).await?.is_empty())
}

/// Those of these records that the user does not see.
pub(crate) async fn hidden(
    tx: &mut impl Tx,
    grants: &Grants,
    named: BTreeSet<(String, Id)>,
) -> Result<BTreeSet<Id>> {
    let rows = tx.rows(&named.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().filter(|row| !grants.sees(row.place)).map(|row| row.id).collect())
}

/// Whether the user sees everything that these fields refer to.
pub(crate) async fn sees(
    tx: &mut impl Tx,
    sight: &Sight<'_>,
    fields: &State,
) -> Result<std::result::Result<(), Refusal>> {
    let wanted: Vec<(String, Id)> =
        references(fields).map(|(_, entity, id)| (entity.to_owned(), id)).collect();
    let rows = tx.rows(&wanted).await?;
    let there = rows.len();
    if sight.places(tx, rows).await?.len() < there {
        // The same answer as for a record that is not there: who asks learns nothing.
        let sentence = "It names a record that is not there.";
        return Ok(Err(Refusal::new("reference-missing", sentence)));
    }
    Ok(Ok(()))
}
