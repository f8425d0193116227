//! New records, by sets: an import or a first upload brings thousands.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::{Change, Id, Refusal, access::Grants, merge::State, references, validate};
use serde_json::Value;

use crate::{
    Result,
    quote_unit::keep_revision_unique,
    scope::place,
    sight::Sight,
    storage::{Stored, Tx},
};

/// What was decided: an outer error is the database's, an inner one the sender's.
type Decided = Result<std::result::Result<(), Refusal>>;

fn refused(code: &'static str, sentence: &'static str) -> Refusal {
    Refusal::new(code, sentence)
}

fn reference_missing() -> Refusal {
    refused("reference-missing", "It names a record that is not there.")
}

/// Writes records that are not there yet. Returns whether one was given another number.
pub(crate) async fn insert(
    tx: &mut impl Tx,
    (grants, sight): (&Grants, &Sight<'_>),
    changes: &[Change],
) -> Result<std::result::Result<bool, Refusal>> {
    let mut states = Vec::with_capacity(changes.len());
    for change in changes {
        let mut state: State =
            change.fields.iter().map(|(name, field)| (name.clone(), field.to.clone())).collect();
        state.insert("id".into(), change.id.to_string().into());
        if let Err(refusal) = validate(&change.entity, &state) {
            return Ok(Err(refusal));
        }
        states.push(state);
    }
    if let Err(refusal) = check_scope(tx, (grants, sight), changes, &states).await? {
        return Ok(Err(refusal));
    }
    if let Err(refusal) = only_settings(tx, changes, &states).await? {
        return Ok(Err(refusal));
    }
    let mut is_merged = keep_numbers_unique(tx, changes, &mut states).await?;
    for (change, state) in changes.iter().zip(&mut states) {
        if change.entity == "quote" {
            is_merged |= keep_revision_unique(tx, change.id, state).await?;
        }
    }
    // In their order: the feed asks a line's quote whose it is.
    let mut rest: Vec<(&str, &State)> =
        changes.iter().map(|change| change.entity.as_str()).zip(&states).collect();
    while let Some((entity, first)) = rest.first().copied() {
        let alike =
            |(other, state): &(&str, &State)| *other == entity && state.keys().eq(first.keys());
        let count = rest.iter().take_while(|one| alike(one)).count();
        let together: Vec<&State> = rest.drain(..count).map(|(_, state)| state).collect();
        tx.insert(entity, &together).await?;
    }
    Ok(Ok(is_merged))
}

/// All of it must belong where the user sees it, and name only what they see. What comes with it
/// counts as being there.
async fn check_scope(
    tx: &mut impl Tx,
    (grants, sight): (&Grants, &Sight<'_>),
    changes: &[Change],
    states: &[State],
) -> Decided {
    let coming: BTreeSet<(&str, Id)> =
        changes.iter().map(|change| (change.entity.as_str(), change.id)).collect();
    let named: BTreeSet<(String, Id)> = states
        .iter()
        .flat_map(references)
        .filter(|(_, entity, id)| !coming.contains(&(*entity, *id)))
        .map(|(_, entity, id)| (entity.to_owned(), id))
        .collect();
    let named: Vec<(String, Id)> = named.into_iter().collect();
    let rows = tx.rows(&named).await?;
    let there = rows.len();
    let mut places = sight.places(tx, rows).await?;
    if places.len() < there {
        // The same answer as for a record that is not there: who asks learns nothing.
        return Ok(Err(reference_missing()));
    }
    // Customers first, then quotes, then what hangs on them, in whatever order they come.
    for of in [Some("customer"), Some("quote"), None] {
        for (change, state) in changes.iter().zip(states) {
            let is_early = matches!(change.entity.as_str(), "customer" | "quote");
            if of.map_or(is_early, |of| change.entity != of) {
                continue;
            }
            let place = place(&change.entity, state, &places);
            if !sight.sees(place) {
                let lacks = |(column, _, id): (&str, &str, Id)| {
                    matches!(column, "customer_id" | "quote_id") && !places.contains_key(&id)
                };
                return Ok(Err(match references(state).any(lacks) {
                    // As for one that is there and hidden.
                    true => reference_missing(),
                    false => refused("out-of-scope", "It belongs to a customer of others."),
                }));
            }
            if !grants.may_change(&change.entity, place) {
                let sentence = "Your role does not allow changing this.";
                return Ok(Err(refused("forbidden", sentence).with("entity", &change.entity)));
            }
            places.insert(change.id, place);
        }
    }
    Ok(Ok(()))
}

/// A setting is there once; laptops refuse a second one of its name.
async fn only_settings(tx: &mut impl Tx, changes: &[Change], states: &[State]) -> Decided {
    let mut names = BTreeSet::new();
    for (change, state) in changes.iter().zip(states) {
        if let Err(refusal) = only_setting(tx, change, state).await? {
            return Ok(Err(refusal));
        }
        let name = state.get("name").and_then(Value::as_str);
        if change.entity == "setting" && !names.insert(name) {
            return Ok(Err(setting_exists()));
        }
    }
    Ok(Ok(()))
}

fn setting_exists() -> Refusal {
    let sentence = "Somebody else set this meanwhile. Look at it and change it again.";
    refused("setting-exists", sentence).at("value")
}

pub(crate) async fn only_setting(tx: &mut impl Tx, change: &Change, state: &State) -> Decided {
    match is_set(tx, &change.entity, change.id, state).await? {
        true => Ok(Err(setting_exists())),
        false => Ok(Ok(())),
    }
}

/// Whether it is a setting that is there already under another id; one that was deleted is not.
pub(crate) async fn is_set(tx: &mut impl Tx, entity: &str, id: Id, state: &State) -> Result<bool> {
    let is_deleted = state.get("deleted_at").is_some_and(|at| !at.is_null());
    if entity != "setting" || is_deleted {
        return Ok(false);
    }
    let name = state.get("name").and_then(Value::as_str).unwrap_or_default();
    let others = tx.having("setting", "name", name).await?;
    let is_living = |other: &Stored| other.state.get("deleted_at").is_none_or(Value::is_null);
    Ok(others.iter().any(|other| other.id != id && is_living(other)))
}

/// Leaves out the settings of a workspace that goes up to a hub which has its own: these hold there.
pub(crate) async fn give_way(tx: &mut impl Tx, changes: &mut Vec<Change>) -> Result<()> {
    let mut kept = Vec::new();
    for change in std::mem::take(changes) {
        let fields = change.fields.iter().map(|(name, field)| (name.clone(), field.to.clone()));
        if !is_set(tx, &change.entity, change.id, &fields.collect()).await? {
            kept.push(change);
        }
    }
    *changes = kept;
    Ok(())
}

/// A number that someone else used meanwhile gets a fresh one: never the same number twice.
async fn keep_numbers_unique(
    tx: &mut impl Tx,
    changes: &[Change],
    states: &mut [State],
) -> Result<bool> {
    let mut numbers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (change, state) in changes.iter().zip(&*states) {
        if let Some(number) = own_number(state) {
            numbers.entry(&change.entity).or_default().push(number.to_owned());
        }
    }
    let mut taken: BTreeSet<(&str, String)> = BTreeSet::new();
    for (entity, numbers) in numbers {
        let known = tx.known(entity, "number", &numbers).await?;
        taken.extend(known.into_iter().map(|number| (entity, number)));
    }
    let mut is_merged = false;
    let mut free: BTreeMap<(&str, String), Free> = BTreeMap::new();
    for (change, state) in changes.iter().zip(states) {
        let Some(number) = own_number(state).map(str::to_owned) else { continue };
        let entity = change.entity.as_str();
        if taken.insert((entity, number.clone())) {
            continue;
        }
        let after = free.entry((entity, number.clone())).or_insert_with(|| Free::after(&number));
        let mut next = after.next(tx, entity).await?;
        while !taken.insert((entity, next.clone())) {
            next = after.next(tx, entity).await?;
        }
        is_merged = true;
        state.insert("number".into(), next.into());
    }
    Ok(is_merged)
}

/// The same for one record.
pub(crate) async fn keep_number_unique(
    tx: &mut impl Tx,
    entity: &str,
    id: Id,
    state: &mut State,
) -> Result<()> {
    let Some(number) = own_number(state).map(str::to_owned) else { return Ok(()) };
    if tx.taken(entity, "number", &number, id).await? {
        let next = Free::after(&number).next(tx, entity).await?;
        state.insert("number".into(), next.into());
    }
    Ok(())
}

/// Numbers that nobody has: `4711-2`, `4711-3` …, asked for by many at once.
struct Free {
    number: String,
    found: VecDeque<String>,
    asked: std::ops::Range<usize>,
}

impl Free {
    fn after(number: &str) -> Self {
        Self { number: number.to_owned(), found: VecDeque::new(), asked: 2..2 }
    }

    async fn next(&mut self, tx: &mut impl Tx, entity: &str) -> Result<String> {
        loop {
            if let Some(free) = self.found.pop_front() {
                return Ok(free);
            }
            // Twice as many each time.
            let last = self.asked.end + (self.asked.end - self.asked.start).max(8) * 2;
            self.asked = self.asked.end..last;
            let all: Vec<String> =
                self.asked.clone().map(|nth| format!("{}-{nth}", self.number)).collect();
            let known: BTreeSet<String> =
                tx.known(entity, "number", &all).await?.into_iter().collect();
            self.found.extend(all.into_iter().filter(|number| !known.contains(number)));
        }
    }
}

/// A revision of a quote has the number of the quote that it revises.
fn own_number(state: &State) -> Option<&str> {
    let number = state.get("number").and_then(Value::as_str)?;
    let revises = state.get("revises_id").is_some_and(|id| !id.is_null());
    (!number.is_empty() && !revises).then_some(number)
}
