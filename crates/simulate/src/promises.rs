//! What must always hold, and what must hold at rest.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use commands::CheckWorkspace;
use domain::{Changeset, ENTITIES, Id, merge::State};
use serde_json::Value;
use sync::Outcome;

use crate::{
    damage, events,
    memory::{Data, Key, entity, id_in},
    wire::NEWER,
    world::World,
};

/// The outbox must be empty after so many calm rounds of each laptop.
const ROUNDS: usize = 6;

/// Lets everything come to rest, and looks whether what was promised holds.
pub(crate) fn rest(world: &mut World<'_>) -> Result<()> {
    world.is_calm = true;
    while world.hub.erp_open() > 0 {
        events::erp_commits(world)?;
    }
    world.tell("the storm is over".into());
    for _ in 0..ROUNDS {
        for laptop in 0..world.laptops.len() {
            events::round(world, laptop)?;
            if world.finding.is_some() {
                return Ok(());
            }
        }
    }
    for laptop in 0..world.laptops.len() {
        let waiting = world.laptops[laptop].outbox()?;
        if let Some(first) = waiting.first() {
            let what = format!(
                "laptop {laptop} still has {} changesets to send after {ROUNDS} calm rounds: {} {}",
                waiting.len(),
                first.changeset.id,
                first.changeset.operation
            );
            world.found(9, what);
            return Ok(());
        }
    }
    every_edit_is_somewhere(world)?;
    for laptop in 0..world.laptops.len() {
        if world.finding.is_none() {
            damage::is_noticed(world, laptop)?;
        }
        is_the_hub(world, laptop)?;
        nothing_strange_in_the_log(world, laptop)?;
        is_whole(world, laptop)?;
    }
    all_came_back(world)?;
    let states = std::mem::take(&mut world.states);
    let data = world.hub.data();
    let came_back = world.model.came_back(&data, &states);
    let model = world.model.check_all(&data);
    let numbers = numbers(&data);
    drop(data);
    if let Err(what) = came_back {
        world.found(1, what);
    }
    if let Err(what) = model {
        world.found(4, what);
    }
    if let Err(what) = numbers {
        world.found(7, what);
    }
    world.is_calm = false;
    Ok(())
}

/// 1: what a laptop had seen before the hub was restored is at the hub again, or is listed there as
/// not taken.
fn all_came_back(world: &mut World<'_>) -> Result<()> {
    for (key, laptop) in std::mem::take(&mut world.seen) {
        let is_gone = world.forgotten_rejections.contains(&laptop);
        let data = world.hub.data();
        if is_gone || data.records.contains_key(&key) || is_in_revision(&data, key) {
            continue;
        }
        drop(data);
        let is_listed = world.laptops[laptop].app.with_store(|store| {
            let listed = store.rejections()?;
            for one in listed {
                let held = store.changeset(one.changeset_id)?;
                if held.changes.iter().any(|change| change.id == key.1) {
                    return Ok::<_, store::StoreError>(true);
                }
            }
            Ok(false)
        })??;
        if !is_listed {
            let what = format!(
                "{} {}, which laptop {laptop} had seen, did not come back",
                ENTITIES[key.0], key.1
            );
            world.found(1, what);
        }
    }
    Ok(())
}

/// A line of a quote that became a revision is another one there.
fn is_in_revision(data: &Data, (of, id): Key) -> bool {
    let mut quotes = data.records.keys().filter(|(of, _)| *of == entity("quote"));
    of == entity("quote_line")
        && quotes.any(|(_, quote)| {
            let line = Id(uuid::Uuid::new_v5(&quote.0, id.0.as_bytes()));
            data.records.contains_key(&(of, line))
        })
}

/// 1: each edit is in the hub, in an outbox, or listed as rejected.
fn every_edit_is_somewhere(world: &mut World<'_>) -> Result<()> {
    let mut missing = None;
    for (id, confirmed) in &world.confirmed {
        if world.lost.contains(id) {
            continue;
        }
        let data = world.hub.data();
        let Some(taken) = data.outcomes.get(id) else {
            drop(data);
            // Rejected before the hub was restored, and listed since.
            let app = &world.laptops[confirmed.laptop].app;
            if app.with_store(|store| store.is_rejected(*id))??.is_some() {
                continue;
            }
            missing = Some(format!(
                "changeset {id} ({}) of laptop {} is nowhere",
                confirmed.changeset.operation, confirmed.laptop
            ));
            break;
        };
        let kept = data.changesets.get(id).map(|(changeset, _)| changeset);
        if let Outcome::Rejected { refusal } = &taken.answer.outcome {
            let code = refusal.code.clone();
            let has_hub = kept.is_some_and(|kept| says_the_same(kept, &confirmed.changeset));
            drop(data);
            if has_hub || world.forgotten_rejections.contains(&confirmed.laptop) {
                continue;
            }
            let app = &world.laptops[confirmed.laptop].app;
            let held = app.with_store(|store| store.changeset(*id))?;
            let is_there = held.is_ok_and(|held| held.changes == confirmed.changeset.changes);
            let listed = app.with_store(|store| store.is_rejected(*id))??;
            if !is_there && listed != Some(true) {
                missing = Some(format!(
                    "changeset {id} ({}) was rejected ({code}), and laptop {} does not have what it held",
                    confirmed.changeset.operation, confirmed.laptop
                ));
                break;
            }
            if listed.is_none() {
                missing = Some(format!("changeset {id} was rejected ({code}) and is not listed"));
                break;
            }
        } else if kept.is_none_or(|kept| !says_the_same(kept, &confirmed.changeset)) {
            missing = Some(format!(
                "the hub's history has changeset {id} ({}) of laptop {} as {kept:?}, and it was made as {:?}",
                confirmed.changeset.operation, confirmed.laptop, confirmed.changeset.changes
            ));
            break;
        }
    }
    if let Some(what) = missing {
        world.found(1, what);
    }
    Ok(())
}

/// What a laptop must hold.
fn in_scope(data: &Data, user: Id) -> Option<std::collections::BTreeMap<Key, State>> {
    let grants = data.grants_of(user)?;
    let seen =
        |key: &Key| data.records.get(key).is_some_and(|held| grants.sees(data.true_place(held)));
    let customers = entity("customer");
    let mut wanted = std::collections::BTreeMap::new();
    for (key, held) in data.records.iter().filter(|(key, _)| seen(key)) {
        let mut state = State::clone(&held.state);
        let parent = id_in(&state, "parent_id");
        if parent.is_some_and(|parent| !seen(&(customers, parent))) {
            state.insert("parent_id".into(), Value::Null);
        }
        wanted.insert(*key, state);
    }
    Some(wanted)
}

/// 2 and 3: at rest each laptop equals the hub filtered by its scope, field by field.
fn is_the_hub(world: &mut World<'_>, laptop: usize) -> Result<()> {
    let user = crate::basis::user(world.laptops[laptop].person).id;
    let held = world.laptops[laptop].records()?;
    let wanted = in_scope(&world.hub.data(), user).context("no account")?;
    let keys: BTreeSet<&Key> = held.keys().chain(wanted.keys()).collect();
    for key in keys {
        let name = format!("{} {}", ENTITIES[key.0], key.1);
        let (promise, what) = match (held.get(key), wanted.get(key)) {
            (None, _) => {
                let data = world.hub.data();
                let at = |key: &Key| data.records.get(key).map(|held| held.at);
                let customer = data.records.get(key).and_then(|held| held.customer_id);
                let its = customer.map(|id| (id, at(&(entity("customer"), id))));
                (2, format!("laptop {laptop} lacks {name} at {:?} of {its:?}", at(key)))
            }
            (_, None) => (3, format!("laptop {laptop} has {name}, which is not for it")),
            (Some(held), Some(wanted)) => {
                let differs = wanted.iter().find(|(field, value)| held.get(*field) != Some(value));
                let Some((field, value)) = differs else { continue };
                let here = held.get(field);
                (2, format!("laptop {laptop}, {name}: {field} is {here:?}, at the hub {value}"))
            }
        };
        world.found(promise, what);
        return Ok(());
    }
    if let Some(what) = newer(world, laptop, &wanted)? {
        world.found(2, what);
    }
    let (known, at_hub) =
        (world.laptops[laptop].app.with_store(store::Store::known_versions)??, world.hub.data());
    let behind = wanted.keys().find(|key| {
        known.get(&key.1).copied() != at_hub.records.get(key).map(|held| held.at.version)
    });
    let behind = behind.map(|key| {
        let hub = at_hub.records.get(key).map(|held| held.at.version);
        format!(
            "laptop {laptop} knows version {:?} of {} {}, the hub has {hub:?}",
            known.get(&key.1),
            ENTITIES[key.0],
            key.1
        )
    });
    drop(at_hub);
    if let Some(what) = behind {
        world.found(5, what);
    }
    Ok(())
}

/// 2: what a newer hub says of a record is kept aside, as the hub said it last, and of nothing else.
fn newer(
    world: &World<'_>,
    laptop: usize,
    wanted: &std::collections::BTreeMap<Key, State>,
) -> Result<Option<String>> {
    let aside = world.laptops[laptop].app.with_store(store::Store::kept_aside)??;
    let data = world.hub.data();
    let customers = wanted.keys().filter(|key| world.weather.newer && key.0 == entity("customer"));
    let mut said = 0;
    for key in customers {
        said += 1;
        let version = data.records.get(key).map_or(0, |held| held.at.version);
        let expected = ("customer".to_owned(), version, format!("{{\"{NEWER}\":{version}}}"));
        let held = aside.get(&key.1);
        if held != Some(&expected) {
            let what = format!("of customer {} {held:?} is kept aside, not {expected:?}", key.1);
            return Ok(Some(format!("laptop {laptop}: {what}")));
        }
    }
    let strange = format!("laptop {laptop} keeps {} records aside, not {said}", aside.len());
    Ok((aside.len() != said).then_some(strange))
}

/// 3: the log names nothing that is out of scope, but for what its user has to decide about.
fn nothing_strange_in_the_log(world: &mut World<'_>, laptop: usize) -> Result<()> {
    let held: BTreeSet<Id> =
        world.laptops[laptop].records()?.into_keys().map(|key| key.1).collect();
    let named = world.laptops[laptop].app.with_store(store::Store::named_in_log)??;
    let stranger =
        named.into_iter().find(|(_, id, state)| !held.contains(id) && state != "rejected");
    if let Some((name, id, state)) = stranger {
        world.found(
            3,
            format!("laptop {laptop}'s log names {name} {id} ({state}), which is not here"),
        );
    }
    Ok(())
}

/// Whether two say the same of what was changed; who did is the hub's to know.
fn says_the_same(kept: &Changeset, made: &Changeset) -> bool {
    let without_names = |changeset: &Changeset| {
        let mut changes = changeset.changes.clone();
        for change in &mut changes {
            change.fields.retain(|name, _| !matches!(name.as_str(), "created_by" | "updated_by"));
        }
        changes
    };
    kept.changes == made.changes || without_names(kept) == without_names(made)
}

/// 8: references and pages are whole.
fn is_whole(world: &mut World<'_>, laptop: usize) -> Result<()> {
    let wrong = world.laptops[laptop].app.ask(CheckWorkspace {})?;
    if let Some(first) = wrong.first() {
        world.found(8, format!("laptop {laptop}: {first}"));
    }
    Ok(())
}

/// 7: no number twice, but for a quote's revisions.
fn numbers(data: &Data) -> Result<(), String> {
    for name in ["customer", "opportunity", "quote"] {
        let mut seen = BTreeMap::new();
        for (key, held) in data.records.iter().filter(|(key, _)| key.0 == entity(name)) {
            let number = held.state.get("number").and_then(Value::as_str).unwrap_or_default();
            let revision = held.state.get("revision").cloned().unwrap_or(Value::Null).to_string();
            let before = match number.is_empty() {
                true => None,
                false => seen.insert((number.to_owned(), revision), key.1),
            };
            if let Some(other) = before {
                return Err(format!("{name} {} has number {number}, as {other}", key.1));
            }
        }
    }
    Ok(())
}

/// 5: versions that a laptop sees never go back within a life of the hub.
pub(crate) fn versions(world: &mut World<'_>, laptop: usize) -> Result<()> {
    let one = &mut world.laptops[laptop];
    let device = one.app.simulated_device()?.context("no device")?;
    // The versions of the life before are forgotten once all was offered.
    let epoch = device.epoch.filter(|_| device.offering.is_none());
    let now = one.app.with_store(store::Store::known_versions)??;
    let before = std::mem::replace(&mut one.versions, (epoch, now));
    if epoch.is_some() && before.0 == epoch {
        let now = &one.versions.1;
        let back = before.1.iter().find(|(id, was)| now.get(id).is_some_and(|is| is < was));
        if let Some((id, was)) = back {
            let what = format!("laptop {laptop}: {id} went back from version {was}");
            world.found(5, what);
        }
    }
    Ok(())
}

/// 7: a number that the app gave out is final, unless a disk was copied.
pub(crate) fn numbers_are_final(world: &mut World<'_>) {
    if world.had_copies {
        return;
    }
    let mut changed = None;
    let data = world.hub.data();
    for confirmed in world.confirmed.values() {
        for change in &confirmed.changeset.changes {
            let Some(field) = change.fields.get("number") else { continue };
            let held = data.records.get(&(entity(&change.entity), change.id));
            let Some(number) = held.and_then(|held| held.state.get("number")) else { continue };
            if change.kind == domain::ChangeKind::Insert && *number != field.to {
                changed = Some(format!("{} was given as {} and is {number}", change.id, field.to));
            }
        }
    }
    drop(data);
    if let Some(what) = changed {
        world.found(7, what);
    }
}
