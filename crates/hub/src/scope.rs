//! Nothing leaves the hub, and nothing comes in, that the user may not see.

use domain::{Id, Refusal, access::Grants, merge::State, references};
use serde_json::Value;
use sync::Versioned;

use crate::{
    Result,
    push::versioned,
    storage::{Stored, Tx},
};

/// A record as its user may see it: names of records that are out of scope are left out.
pub(crate) async fn narrowed(
    tx: &mut impl Tx,
    grants: &Grants,
    mut stored: Stored,
) -> Result<Versioned> {
    // Only groups of companies reach from one customer to another.
    let parent =
        stored.state.get("parent_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    if let Some(parent) = parent {
        let parent: Vec<(String, Id)> = vec![("customer".into(), parent)];
        let hidden = tx.records(&parent).await?.iter().all(|parent| !grants.sees(parent.place));
        if hidden {
            stored.state.insert("parent_id".into(), Value::Null);
        }
    }
    Ok(versioned(stored))
}

/// Whether the user sees everything that these fields refer to.
pub(crate) async fn sees(
    tx: &mut impl Tx,
    grants: &Grants,
    fields: &State,
) -> Result<std::result::Result<(), Refusal>> {
    let wanted: Vec<(String, Id)> =
        references(fields).map(|(_, entity, id)| (entity.to_owned(), id)).collect();
    for found in tx.records(&wanted).await? {
        if !grants.sees(found.place) {
            // The same answer as for a record that is not there: who asks learns nothing.
            let sentence = "It names a record that is not there.";
            return Ok(Err(Refusal::new("reference-missing", sentence)));
        }
    }
    Ok(Ok(()))
}
