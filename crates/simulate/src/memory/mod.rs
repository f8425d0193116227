//! The hub's storage in memory: what PostgreSQL does for the hub, in the order in which it does
//! it, with every moment under the simulation's hand.

mod erp;
mod place;
mod snapshot;
mod touch;
mod tx;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    ENTITIES, Id,
    access::{Grants, Place, Role},
    merge::State,
};
use hub::storage::{Brought, Device, LEAP, Life, Position, Storage};
use sync::Answered;

pub(crate) use erp::Edit;
use erp::Writing;
pub(crate) use tx::MemoryTx;

use crate::planted::Planted;

/// An entity's place in [`ENTITIES`], and the record.
pub(crate) type Key = (usize, Id);

/// A record with what the feed says of it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) at: Position,
    pub(crate) customer_id: Option<Id>,
    pub(crate) owner_id: Option<Id>,
    pub(crate) device_id: Option<Id>,
    pub(crate) state: Arc<State>,
}

/// Where a record was before it moved.
#[derive(Clone, Debug)]
struct Former {
    key: Key,
    at: Position,
    customer_id: Option<Id>,
    territory_id: Option<Id>,
    owner_id: Option<Id>,
}

/// Somebody who may come in.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) role: Role,
    pub(crate) territories: BTreeSet<Id>,
}

/// A changeset that the hub took or refused, in the order in which it did.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) answer: Answered,
}

/// Everything that the hub keeps: what a backup has.
#[derive(Clone)]
pub(crate) struct Data {
    pub(crate) epoch: Id,
    secret: Vec<u8>,
    pub(crate) records: BTreeMap<Key, Held>,
    former: Vec<Former>,
    version: i64,
    xid: u64,
    writing: Vec<Writing>,
    pub(crate) devices: BTreeMap<Id, Device>,
    pub(crate) accounts: BTreeMap<Id, Account>,
    pub(crate) outcomes: BTreeMap<Id, Taken>,
    /// Every changeset that was kept, and how often.
    pub(crate) changesets: BTreeMap<Id, (domain::Changeset, u32)>,
    /// What revoked devices could not send.
    kept: BTreeMap<(Id, Id, u32), domain::Changeset>,
    former_lives: Vec<Life>,
    ranges: BTreeMap<(String, i32), i64>,
    /// The last version of the life before.
    restored_version: i64,
    /// The versions of the present life are above this one.
    begins: i64,
    /// The version that the backup had of each record.
    backup: BTreeMap<Key, i64>,
    /// What laptops brought records of the life before back with.
    pub(crate) offered: BTreeMap<Key, Brought>,
    /// What became of changesets, in order; read and emptied by the naive model.
    pub(crate) journal: Vec<Id>,
    /// Earlier states, for a planted bug only.
    past: BTreeMap<(Key, i64), Arc<State>>,
    pub(crate) planted: Option<Planted>,
    /// So many more transactions begin before the hub stops; none: it runs.
    pub(crate) stops_in: Option<u32>,
    pub(crate) page_size: usize,
    pub(crate) page_bytes: usize,
    planted_turn: u32,
    pub(crate) seen: BTreeMap<Id, i64>,
}

/// The hub's database. Cheap to clone: the same one.
#[derive(Clone)]
pub(crate) struct Memory(Arc<Mutex<Data>>);

impl Memory {
    pub(crate) fn new(epoch: Id) -> Self {
        Self(Arc::new(Mutex::new(Data {
            epoch,
            secret: epoch.0.as_bytes().to_vec(),
            records: BTreeMap::new(),
            former: Vec::new(),
            version: 0,
            xid: 1,
            writing: Vec::new(),
            devices: BTreeMap::new(),
            accounts: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            changesets: BTreeMap::new(),
            kept: BTreeMap::new(),
            former_lives: Vec::new(),
            ranges: BTreeMap::new(),
            restored_version: 0,
            begins: 0,
            backup: BTreeMap::new(),
            offered: BTreeMap::new(),
            journal: Vec::new(),
            past: BTreeMap::new(),
            planted: None,
            stops_in: None,
            page_size: 40,
            page_bytes: usize::MAX / 8,
            planted_turn: 0,
            seen: BTreeMap::new(),
        })))
    }

    /// A copy that goes its own way.
    pub(crate) fn apart(&self) -> Self {
        Self(Arc::new(Mutex::new(self.data().clone())))
    }

    pub(crate) fn data(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a backup in its place: what was written since is gone, and a new life begins. Numbers
    /// that may have been leased since are skipped, as the procedure for a restore says.
    pub(crate) fn restore(&self, backup: &Self, epoch: Id) {
        let mut data = self.data();
        let mut old = backup.data().clone();
        old.planted = data.planted;
        // A backup need not be of one moment: what it surely has ends before its last version.
        let margin = [0, 4, 1_000][usize::from(epoch.0.as_bytes()[15] % 3)];
        let end = (old.version - margin).max(0);
        if data.planted != Some(Planted::IgnoreEpoch) {
            let ended = Life { epoch: old.epoch, end };
            old.former_lives.push(ended);
            // Lives that the backup does not know end where it ends.
            let lost = data.former_lives.iter().map(|life| life.epoch).chain([data.epoch]);
            for epoch in lost.collect::<Vec<Id>>() {
                if !old.former_lives.iter().any(|life| life.epoch == epoch) {
                    old.former_lives.push(Life { epoch, end });
                }
            }
            old.epoch = epoch;
        }
        old.stops_in = data.stops_in;
        // What ran when the backup was taken is not in it.
        old.writing.clear();
        if data.planted != Some(Planted::IgnoreEpoch) {
            old.restored_version = end;
            old.backup = old.records.iter().map(|(key, held)| (*key, held.at.version)).collect();
            old.version = old.version.max(data.version) + LEAP;
            old.begins = old.version;
            old.offered.clear();
        }
        for key in data.ranges.keys() {
            // As of this year and the next.
            old.ranges.entry(key.clone()).or_insert(1);
        }
        for next in old.ranges.values_mut() {
            *next += 100_000;
        }
        *data = old;
    }
}

impl Data {
    pub(crate) fn registered(&mut self, id: Id, user_id: Id) {
        self.devices.entry(id).or_insert(Device {
            id,
            user_id,
            incarnation: 0,
            hello: None,
            next_push: 1,
            is_revoked: false,
        });
    }

    pub(crate) fn grants_of(&self, user_id: Id) -> Option<Grants> {
        let account = self.accounts.get(&user_id)?;
        Some(Grants { user_id, role: account.role, territories: account.territories.clone() })
    }

    /// Where a record stands.
    pub(crate) fn place_of(&self, key: Key, held: &Held) -> Place {
        if self.planted == Some(Planted::Leak) && ENTITIES[key.0] == "contact" {
            return Place::Common;
        }
        self.true_place(held)
    }

    pub(crate) fn true_place(&self, held: &Held) -> Place {
        self.place_at(held.customer_id, held.owner_id)
    }

    pub(crate) fn place_at(&self, customer_id: Option<Id>, owner_id: Option<Id>) -> Place {
        match (customer_id, owner_id) {
            (Some(customer), _) => {
                let state = self.records.get(&(entity("customer"), customer));
                let id = |name: &str| state.and_then(|held| id_in(&held.state, name));
                Place::Customer { territory_id: id("territory_id"), owner_id: id("owner_id") }
            }
            (None, Some(owner_id)) => Place::Personal { owner_id },
            (None, None) => Place::Common,
        }
    }

    /// Each record's customer by its own fields.
    pub(crate) fn customer_of(&self, key: Key, state: &State) -> Option<Id> {
        match ENTITIES[key.0] {
            "customer" => Some(key.1),
            "quote_line" => {
                let quote = id_in(state, "quote_id")?;
                id_in(&self.records.get(&(entity("quote"), quote))?.state, "customer_id")
            }
            _ => id_in(state, "customer_id"),
        }
    }
}

/// An entity's place in [`ENTITIES`]; behind them all for one that is none.
pub(crate) fn entity(name: &str) -> usize {
    ENTITIES.iter().position(|known| *known == name).unwrap_or(ENTITIES.len())
}

/// An id in a field.
pub(crate) fn id_in(state: &State, name: &str) -> Option<Id> {
    state.get(name)?.as_str()?.parse().ok()
}

impl Storage for Memory {
    type Tx = MemoryTx;

    async fn begin(&self) -> hub::Result<MemoryTx> {
        let mut data = self.data();
        if let Some(left) = data.stops_in {
            if left == 0 {
                return Err(hub::Error::new("unavailable", "The hub stopped."));
            }
            data.stops_in = Some(left - 1);
        }
        drop(data);
        Ok(MemoryTx::new(self.clone()))
    }

    fn page_size(&self) -> usize {
        self.data().page_size
    }

    fn page_bytes(&self) -> usize {
        self.data().page_bytes
    }
}
