//! What happens around the people: rounds of sync, the ERP, moves, old requests that come again,
//! copies, restores.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use domain::{
    ENTITIES, Id,
    access::{Grants, Role},
};
use serde_json::{Value, json};
use store::Death;
use sync::{Report, SyncError};

use crate::{
    basis::{self, PEOPLE, TERRITORIES},
    memory::{Data, Edit, Memory, entity, id_in},
    wire::{Wire, now},
    world::{Request, World},
};

/// Something that nobody at a laptop did; not to the laptop whose round is under way.
pub(crate) fn happens(world: &mut World<'_>, under_way: Option<usize>) -> Result<()> {
    match world.rng.u8(..100) {
        0..35 => erp_writes(world),
        35..65 => erp_commits(world),
        65..75 if world.weather.moves && world.backup.is_none() => grants_change(world),
        75..88 => comes_again(world),
        88..91 if world.weather.copies => copied(world, under_way),
        91..94 if world.weather.restores => hub_backup(world, under_way),
        _ => Ok(()),
    }
}

/// One round of a laptop's sync. In calm weather it must end well.
pub(crate) fn round(world: &mut World<'_>, laptop: usize) -> Result<()> {
    synced(world, laptop).map(|_| ())
}

/// One round, and what it did if it came to its end.
pub(crate) fn synced(world: &mut World<'_>, laptop: usize) -> Result<Option<Report>> {
    let was_dead = world.laptops[laptop].app.with_store(store::Store::is_dead)?;
    if world.weather.kills && !was_dead && world.chance(8) {
        let death = if world.rng.bool() { Death::Before } else { Death::After };
        let nth = world.rng.u32(1..8);
        world.laptops[laptop].app.with_store(|store| store.die_at_commit(nth, death))?;
        world.tell(format!("laptop {laptop} will die at commit {nth}, {death:?}"));
    }
    if world.depth == 0 {
        world.patience = 12;
    }
    world.at(laptop);
    let app = world.laptops[laptop].app.clone();
    // Now and then it says hello without a reason, as a laptop does that has been in for long.
    let is_in = world.laptops[laptop].is_in && world.chance(80);
    let done = app.sync_over(&mut Wire { world, laptop }, is_in, &mut Id::now);
    let is_dead = app.with_store(store::Store::is_dead)?;
    drop(app);
    if is_dead {
        world.tell(format!("laptop {laptop} died and starts again"));
        revive(world, laptop)?;
        return Ok(None);
    }
    world.laptops[laptop].app.with_store(store::Store::live_on)?;
    world.laptops[laptop].is_in = done.is_ok();
    let report = done.as_ref().ok().cloned();
    match done {
        Ok(report) => world.tell(format!("laptop {laptop} synced: {report:?}")),
        Err(SyncError::Refused(refused)) if refused.code == "device-unknown" => {
            // It was registered after the backup that the hub was restored from: sign in again.
            let device = world.laptops[laptop].app.simulated_device()?.context("no device")?;
            let user = basis::user(world.laptops[laptop].person).id;
            world.hub.data().registered(device.id, user);
            world.tell(format!("laptop {laptop} signed in again"));
        }
        Err(error @ (SyncError::Replica(_) | SyncError::Fuse(_))) => {
            world.found(8, format!("laptop {laptop} does not sync: {error}"));
        }
        Err(SyncError::Unreachable(why)) if why.contains("elsewhere") && !world.weather.busy => {
            world.found(8, format!("laptop {laptop} takes its own round for another's"));
        }
        Err(SyncError::TooOld) => world.tell(format!("laptop {laptop} is too old for the hub")),
        Err(error) if world.is_calm => {
            world.tell(format!("laptop {laptop}: {error:?}"));
        }
        Err(_) => {}
    }
    crate::promises::versions(world, laptop)?;
    Ok(report)
}

/// Starts a laptop that died.
pub(crate) fn revive(world: &mut World<'_>, laptop: usize) -> Result<()> {
    world.desk.restart(&mut world.laptops[laptop])?;
    world.note_confirmed(laptop)
}

fn erp_writes(world: &mut World<'_>) -> Result<()> {
    if world.hub.erp_open() > 2 {
        return Ok(());
    }
    let customers: Vec<Id> = {
        let data = world.hub.data();
        data.records.keys().filter(|key| key.0 == entity("customer")).map(|key| key.1).collect()
    };
    let Some(customer) = world.rng.choice(&customers).copied() else { return Ok(()) };
    let at = world.hub_now();
    let by = basis::user(world.rng.usize(..PEOPLE)).id;
    let mut set = vec![("updated_at", json!(at)), ("updated_by", json!(by))];
    let edits = match world.rng.u8(..8) {
        0 if world.weather.moves => {
            set.push(("territory_id", territory(world)));
            vec![("customer", customer, Edit::Set(set))]
        }
        1 if world.weather.moves => {
            set.push(("owner_id", owner(world)));
            vec![("customer", customer, Edit::Set(set))]
        }
        2 => {
            set.push(("parent_id", Value::Null));
            vec![("customer", customer, Edit::Set(set))]
        }
        3 => {
            let (id, contact) = (Id::now(), Id::now());
            let made = json!({ "name": "Neu GmbH", "number": format!("E-{id}"),
                "territory_id": territory(world), "owner_id": owner(world) });
            let who = json!({ "customer_id": id, "last_name": "Neumann" });
            vec![
                ("customer", id, Edit::Make(fields(made))),
                ("contact", contact, Edit::Make(fields(who))),
            ]
        }
        4 => {
            let tag = json!({ "name": format!("T{}", world.rng.u8(..4)) });
            vec![("tag", Id::now(), Edit::Make(fields(tag)))]
        }
        5 => {
            let contact = json!({ "customer_id": customer, "last_name": "Ohm" });
            vec![("contact", Id::now(), Edit::Make(fields(contact)))]
        }
        _ => {
            let text = json!(world.rng.u16(..).to_string());
            set.push((["phone", "industry", "email"][world.rng.usize(..2)], text));
            vec![("customer", customer, Edit::Set(set))]
        }
    };
    let named: Vec<&str> = edits.iter().map(|edit| edit.0).collect();
    let done = world.hub.erp_write(&edits);
    world.tell(format!("the ERP writes {named:?} at {customer}: {done} {:?}", edits[0].2));
    Ok(())
}

fn fields(value: Value) -> domain::merge::State {
    match value {
        Value::Object(fields) => fields,
        _ => domain::merge::State::new(),
    }
}

fn territory(world: &mut World<'_>) -> Value {
    match world.rng.usize(..=TERRITORIES) {
        TERRITORIES => Value::Null,
        number => json!(basis::territory(number)),
    }
}

fn owner(world: &mut World<'_>) -> Value {
    match world.rng.usize(..=PEOPLE) {
        PEOPLE => Value::Null,
        number => json!(basis::user(number).id),
    }
}

pub(crate) fn erp_commits(world: &mut World<'_>) -> Result<()> {
    let open = world.hub.erp_open();
    if open == 0 {
        return Ok(());
    }
    let which = world.rng.usize(..open);
    let keys = world.hub.erp_commit(which);
    let named: Vec<Id> = keys.iter().map(|key| key.1).collect();
    world.tell(format!("the ERP commits {named:?}"));
    let data = world.hub.data();
    world.model.take_over(&data, &keys);
    Ok(())
}

fn grants_change(world: &mut World<'_>) -> Result<()> {
    let person = world.rng.usize(..PEOPLE);
    let territory = basis::territory(world.rng.usize(..TERRITORIES));
    let role = match world.rng.u8(..8) {
        0 => Some(Role::SalesManager),
        1 => Some(Role::SalesRep),
        2 => Some(Role::Administrator),
        3 => Some(Role::Service),
        _ => None,
    };
    let told = {
        let mut data = world.hub.data();
        let Some(account) = data.accounts.get_mut(&basis::user(person).id) else { return Ok(()) };
        match role {
            Some(role) => account.role = role,
            None => {
                if !account.territories.remove(&territory) {
                    account.territories.insert(territory);
                }
            }
        }
        format!("user {person} has now {:?} {:?}", account.role, account.territories)
    };
    world.tell(told);
    Ok(())
}

/// An old request arrives once more; its answer goes nowhere.
fn comes_again(world: &mut World<'_>) -> Result<()> {
    let Some(request) = world.rng.choice(&world.recorded).cloned() else { return Ok(()) };
    let at = world.hub_now();
    let hub = world.hub.clone();
    let told = match request {
        Request::Hello(hello) => {
            let answer = now(hub::hello(&hub, &hello)).context("it waits")?;
            format!("an old hello of {} comes again: {:?}", hello.device_id, answer.is_ok())
        }
        Request::Push(push) => {
            let device = push.device_id;
            world.note_again(&push);
            let answer =
                now(hub::push(&hub, push, at, at.utc().date_naive())).context("it waits")?;
            format!("an old push of {device} comes again: {:?}", answer.is_ok())
        }
        Request::Offer(offer) => {
            let offered = hub::offer(&hub, &offer, at, at.utc().date_naive());
            let answer = now(offered).context("it waits")?;
            world.follow_offer(&offer);
            format!("an old offer of {} comes again: {:?}", offer.device_id, answer.is_ok())
        }
        Request::Digest(digest) => {
            let answer = now(hub::digest(&hub, &digest)).context("it waits")?;
            format!("an old digest of {} comes again: {:?}", digest.device_id, answer.is_ok())
        }
        Request::Refetch(refetch) => {
            let answer = now(hub::refetch(&hub, &refetch)).context("it waits")?;
            format!("an old refetch of {} comes again: {:?}", refetch.device_id, answer.is_ok())
        }
        Request::Changes(device, incarnation, cursor) => {
            let page = hub::page(&hub, device, incarnation, cursor.as_deref(), at);
            let answer = now(page).context("it waits")?;
            format!("an old pull of {device} comes again: {:?}", answer.is_ok())
        }
        Request::Snapshot(device, incarnation, cursor) => {
            let part = hub::snapshot(&hub, device, incarnation, cursor.as_deref(), at);
            let answer = now(part).context("it waits")?;
            format!("an old part for {device} comes again: {:?}", answer.is_ok())
        }
    };
    world.tell(told);
    world.follow();
    Ok(())
}

/// A laptop's disk is kept, cloned or put back.
fn copied(world: &mut World<'_>, under_way: Option<usize>) -> Result<()> {
    if world.depth > 1 || under_way.is_some() {
        return Ok(());
    }
    let laptop = world.rng.usize(..world.laptops.len());
    let person = world.laptops[laptop].person;
    match world.rng.u8(..3) {
        0 if world.laptops.len() < 4 => {
            let folder = world.desk.keep(&world.laptops[laptop])?;
            let mut clone = world.desk.open(folder, person)?;
            clone.clock = world.laptops[laptop].clock;
            world.laptops.push(clone);
            world.had_copies = true;
            let number = world.laptops.len() - 1;
            world.tell(format!("laptop {laptop} is cloned as laptop {number}"));
        }
        1 => {
            let folder = world.desk.keep(&world.laptops[laptop])?;
            world.old.push((laptop, folder));
            world.tell(format!("the disk of laptop {laptop} is kept"));
        }
        _ => {
            let Some(at) = world.old.iter().position(|(of, _)| *of == laptop) else {
                return Ok(());
            };
            let (_, folder) = world.old.swap_remove(at);
            put_back(world, laptop, folder)?;
        }
    }
    Ok(())
}

/// Puts an old copy in a laptop's place: what it did since and did not send is gone with it.
fn put_back(world: &mut World<'_>, laptop: usize, folder: std::path::PathBuf) -> Result<()> {
    let before = &world.laptops[laptop];
    let mut old = world.desk.open(folder, before.person)?;
    old.clock = before.clock;
    world.laptops[laptop] = old;
    world.had_copies = true;
    world.tell(format!("laptop {laptop} is put back to an old copy"));
    // Its user lost the disk: nobody can promise what never left it, or what the hub lost as well.
    // A message under way that was answered to the dead laptop is the hub's all the same.
    forget_what_nobody_has(world, &world.hub.clone());
    world.states.clear();
    // What was rejected since and only listed there is gone as well.
    world.forgotten_rejections.insert(laptop);
    Ok(())
}

/// What neither the hub has (or the backup that it is put back to) nor any laptop: the disks that
/// had it were lost.
fn forget_what_nobody_has(world: &mut World<'_>, hub: &Memory) {
    let kept: BTreeSet<Id> = hub.data().outcomes.keys().copied().collect();
    for id in world.confirmed.keys().filter(|id| !kept.contains(id)) {
        let has = |laptop: &crate::laptop::Laptop| {
            laptop.app.with_store(|store| store.changeset(*id).is_ok()).unwrap_or(false)
        };
        if !world.laptops.iter().any(has) {
            world.lost.insert(*id);
        }
    }
}

/// The states that some laptop has seen and may bring back, and the backup does not have.
fn note_what_laptops_have(world: &mut World<'_>, backup: &Memory) -> Result<()> {
    world.states.clear();
    let (data, backup) = (world.hub.data(), backup.data());
    for laptop in &world.laptops {
        let Some(grants) = data.grants_of(basis::user(laptop.person).id) else { continue };
        let known = laptop.app.with_store(store::Store::known_versions)??;
        for (key, held) in &data.records {
            let is_new = backup.records.get(key).is_none_or(|old| old.at != held.at);
            if is_new
                && known.get(&key.1) == Some(&held.at.version)
                && grants.may_write(ENTITIES[key.0])
            {
                let mut state = domain::merge::State::clone(&held.state);
                // Whoever does not see a customer's parent has none, and cannot say that it went.
                let old = backup.records.get(key);
                let parents = [Some(held), old].into_iter().flatten();
                let mut parents = parents.filter_map(|held| id_in(&held.state, "parent_id"));
                let known = world.states.get(key).and_then(|state| state.get("parent_id"));
                if parents.any(|parent| !sees_customer(&data, &grants, parent)) && known.is_none() {
                    state.remove("parent_id");
                }
                world.states.insert(*key, state);
            }
        }
    }
    Ok(())
}

fn sees_customer(data: &Data, grants: &Grants, id: Id) -> bool {
    let held = data.records.get(&(entity("customer"), id));
    held.is_some_and(|held| grants.sees(data.true_place(held)))
}

/// What laptops have of the hub that its backup does not have: it must come back.
fn what_was_seen(world: &mut World<'_>, backup: &Memory) -> Result<()> {
    for laptop in 0..world.laptops.len() {
        for (key, _) in world.laptops[laptop].records()? {
            if !backup.data().records.contains_key(&key)
                && world.hub.data().records.contains_key(&key)
            {
                world.seen.insert(key, laptop);
            }
        }
    }
    Ok(())
}

/// A backup of the hub is taken, or put back. In between neither grants change nor does anybody move
/// a customer: what left a laptop cannot be brought back by it.
fn hub_backup(world: &mut World<'_>, under_way: Option<usize>) -> Result<()> {
    if under_way.is_some() || world.depth > 0 {
        return Ok(());
    }
    match world.backup.take() {
        None => {
            while world.hub.erp_open() > 0 {
                erp_commits(world)?;
            }
            world.backup = Some((world.hub.apart(), world.model.clone()));
            world.tell("a backup of the hub is taken".into());
        }
        Some((backup, model)) => {
            forget_what_nobody_has(world, &backup);
            while world.hub.erp_open() > 0 {
                erp_commits(world)?;
            }
            what_was_seen(world, &backup)?;
            note_what_laptops_have(world, &backup)?;
            world.hub.restore(&backup, Id::now());
            world.model = model.clone().restored();
            if world.weather.again {
                world.backup = Some((backup, model));
            }
            world.tell("the hub is restored from its backup".into());
        }
    }
    if world.hub.erp_open() > 0 {
        bail!("a backup while the ERP writes");
    }
    Ok(())
}
