//! What an older hub cannot take waits here, with what stands on it; the rest goes on.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

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

/// What a hub said last, to tables of which shape, and what of it is less than these store: it is
/// asked for at every round.
static LESSER: Mutex<Option<(String, i64, Option<Schema>)>> = Mutex::new(None);

/// What the hub takes, where it is less than what is stored here.
fn lesser(store: &Store) -> Result<Option<Schema>, Failure> {
    let Some(said) = store.local(SCHEMA)? else { return Ok(None) };
    let shape = store.shape()?;
    let mut known = LESSER.lock().unwrap_or_else(PoisonError::into_inner);
    let before = known.as_ref().filter(|(before, of, _)| *before == said && *of == shape);
    if let Some((.., lesser)) = before {
        return Ok(lesser.clone());
    }
    let Ok(schema) = serde_json::from_str::<Schema>(&said) else { return Ok(None) };
    let mut is_less = false;
    for entity in ENTITIES {
        is_less |= store.columns(entity)?.iter().any(|name| !schema.knows(entity, name));
    }
    let lesser = is_less.then_some(schema);
    *known = Some((said, shape, lesser.clone()));
    Ok(lesser)
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
