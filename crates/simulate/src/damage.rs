//! A row of a laptop that is not what it was: what no error of a disk's, and no bug of ours, does
//! with the app knowing of it.

use anyhow::{Context, Result};
use commands::Failure;
use domain::{Contact, ENTITIES, Id, merge::Versioned};
use serde_json::json;

use crate::{events, memory::Key, world::World};

/// What is done to it.
#[derive(Clone, Copy, Debug)]
enum Damage {
    /// It goes, with all that hangs on it.
    Gone,
    /// It holds something else under the right version.
    Other,
    /// Another one is there that the hub never had.
    Ghost,
}

/// 10: digests are equal when the data is, and only then. Everything is at rest.
pub(crate) fn is_noticed(world: &mut World<'_>, laptop: usize) -> Result<()> {
    let mended = check(world, laptop)?;
    if world.finding.is_some() {
        return Ok(());
    }
    if mended != 0 {
        let what = format!("laptop {laptop}: {mended} records were put right though all is well");
        world.found(10, what);
        return Ok(());
    }
    let Some(what) = damage(world, laptop)? else { return Ok(()) };
    if check(world, laptop)? == 0 {
        world.found(10, format!("laptop {laptop}: {what}, and nothing was noticed"));
    }
    Ok(())
}

/// Compares everything in a calm round; how many records were put right.
fn check(world: &mut World<'_>, laptop: usize) -> Result<usize> {
    world.laptops[laptop].app.order_check()?;
    let report = events::synced(world, laptop)?;
    if report.as_ref().is_none_or(|report| !report.is_checked) {
        world.found(10, format!("laptop {laptop} is not compared with the hub at rest"));
    }
    Ok(report.map_or(0, |report| report.mended))
}

fn damage(world: &mut World<'_>, laptop: usize) -> Result<Option<String>> {
    let records = world.laptops[laptop].records()?;
    let known = world.laptops[laptop].app.with_store(store::Store::known_versions)??;
    let kinds = ["customer", "contact", "task", "communication", "quote_line", "customer_tag"];
    let of = |kinds: &[&str]| -> Vec<Key> {
        records.keys().filter(|key| kinds.contains(&ENTITIES[key.0])).copied().collect()
    };
    let mut damage = [Damage::Gone, Damage::Other, Damage::Ghost][world.rng.usize(..3)];
    if world.backup.is_some() {
        // Its log goes with it, and a restored hub would need that again.
        damage = Damage::Ghost;
    }
    let among = match damage {
        Damage::Gone => of(&kinds),
        Damage::Other => of(&["customer", "contact"]),
        Damage::Ghost => of(&["customer"]),
    };
    let Some(key) = world.rng.choice(&among).copied() else { return Ok(None) };
    let (entity, id) = (ENTITIES[key.0], key.1);
    let app = &world.laptops[laptop].app;
    app.with_store(|store| match damage {
        Damage::Gone => store.transact(|tx| tx.leave(entity, id)).map(|_| ()),
        Damage::Other => {
            let mut state = records.get(&key).cloned().unwrap_or_default();
            state.insert("phone".into(), json!("falsch"));
            let version = known.get(&id).copied().unwrap_or_default();
            let other = Versioned { entity: entity.into(), id, version, state };
            store.transact(|tx| tx.receive(&[other], true, &mut Id::now).map(|_| ()))
        }
        Damage::Ghost => {
            let last_name = "Gespenst".into();
            let ghost = Contact { id: Id::now(), customer_id: id, last_name, ..Contact::default() };
            store.bulk(|loader| loader.insert(&ghost))
        }
    })?
    .map_err(|error: store::StoreError| Failure::from(error))
    .context("a row cannot be damaged")?;
    let what = format!("{damage:?} at {entity} {id}");
    world.tell(format!("laptop {laptop}: {what}"));
    Ok(Some(what))
}
