//! Where records stand, and stood: in the feed, and for the question who sees them.

use domain::{ENTITIES, Id, access::Place, merge::State};
use hub::storage::{Position, Stored};

use super::{Data, Former, Held, Key, entity};
use crate::planted::Planted;

impl Data {
    /// A place in the feed; a planted bug counts versions alone.
    pub(super) fn counted(&self, at: Position) -> Position {
        match self.planted {
            Some(Planted::PlainSequence) => Position { xid: 0, ..at },
            _ => at,
        }
    }

    pub(super) fn stored(&self, key: Key, held: &Held) -> Stored {
        Stored {
            entity: ENTITIES[key.0].into(),
            id: key.1,
            at: self.counted(held.at),
            place: self.place_of(key, held),
            device_id: held.device_id,
            state: State::clone(&held.state),
        }
    }

    pub(super) fn former_of(&self, key: Key) -> Vec<Place> {
        let customers = entity("customer");
        let since = self.former.iter().filter(|one| one.key == key);
        since
            .map(|one| match (one.customer_id, key.0 == customers) {
                (Some(_), true) => {
                    Place::Customer { territory_id: one.territory_id, owner_id: one.owner_id }
                }
                _ => self.place_at(one.customer_id, one.owner_id),
            })
            .collect()
    }

    pub(super) fn places_since(&self, key: Key, after: u64) -> Vec<(Id, Place)> {
        let customers = entity("customer");
        let Some(held) = self.records.get(&key) else { return Vec::new() };
        let since = |one: &&Former| one.at.xid > after;
        let own = self.former.iter().filter(|one| one.key == key && key.0 != customers);
        let own = own.filter(since).map(|one| (one.customer_id, one.owner_id));
        let mut places = Vec::new();
        for (customer_id, owner_id) in own.chain([(held.customer_id, held.owner_id)]) {
            places.push((key.1, self.place_at(customer_id, owner_id)));
            let Some(customer_id) = customer_id else { continue };
            let of = self.former.iter().filter(|one| one.key == (customers, customer_id));
            places.extend(of.filter(since).map(|one| {
                let (territory_id, owner_id) = (one.territory_id, one.owner_id);
                (key.1, Place::Customer { territory_id, owner_id })
            }));
        }
        places
    }
}
