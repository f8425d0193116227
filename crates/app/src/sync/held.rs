//! What an older hub cannot take waits here, with what stands on it; the rest goes on.

use std::collections::BTreeSet;

use commands::Failure;
use domain::{Changeset, ENTITIES, Id, merge::State};
use store::{Store, Waiting};
use sync::{Held, Schema, WholeQuote};

use super::kept;

/// This device's setting with what the hub takes.
pub(super) const SCHEMA: &str = "sync.schema";

/// What the hub takes, once it said so.
pub(super) fn schema(store: &Store) -> Result<Option<Schema>, Failure> {
    kept(store, SCHEMA)
}

/// What the hub takes, where it is less than what is stored here.
fn lesser(store: &Store) -> Result<Option<Schema>, Failure> {
    let Some(schema) = schema(store)? else { return Ok(None) };
    for entity in ENTITIES {
        if store.columns(entity)?.iter().any(|name| !schema.knows(entity, name)) {
            return Ok(Some(schema));
        }
    }
    Ok(None)
}

/// What can be sent, oldest first: up to so many changes, at least one changeset.
pub(super) fn sendable(store: &Store, most_changes: usize) -> Result<Vec<Waiting>, Failure> {
    let waiting = store.outbox(most_changes)?;
    if waiting.is_empty() {
        return Ok(waiting);
    }
    let Some(schema) = lesser(store)? else { return Ok(waiting) };
    let (mut sendable, mut count, mut held) = (Vec::new(), 0, Held::default());
    for one in store.outbox(usize::MAX)? {
        let Some(changeset) = held.pass(one.changeset, &schema) else { continue };
        count += changeset.changes.len();
        if count > most_changes && !sendable.is_empty() {
            break;
        }
        sendable.push(Waiting { changeset, ..one });
    }
    Ok(sendable)
}

/// Changesets that wait for a newer hub.
pub(super) fn held(store: &Store) -> Result<BTreeSet<Id>, Failure> {
    let Some(schema) = lesser(store)? else { return Ok(BTreeSet::new()) };
    let (mut waiting, mut held) = (BTreeSet::new(), Held::default());
    for one in store.outbox(usize::MAX)? {
        let id = one.changeset.id;
        if held.pass(one.changeset, &schema).is_none() {
            waiting.insert(id);
        }
    }
    Ok(waiting)
}

/// A changeset without what the hub does not know and what says nothing, where that is enough.
pub(super) fn fitted(store: &Store, changeset: Changeset) -> Result<Changeset, Failure> {
    let Some(schema) = lesser(store)? else { return Ok(changeset) };
    Ok(schema.fit(changeset.clone()).unwrap_or(changeset))
}

/// A whole quote with what the hub knows of it.
pub(super) fn fitting(
    store: &Store,
    mut quote: State,
    mut lines: Vec<State>,
) -> Result<WholeQuote, Failure> {
    if let Some(schema) = lesser(store)? {
        quote.retain(|name, _| schema.knows("quote", name));
        for line in &mut lines {
            line.retain(|name, _| schema.knows("quote_line", name));
        }
    }
    Ok(WholeQuote { quote, lines })
}
