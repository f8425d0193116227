//! What the triggers on the hub's tables do: whatever writes a record puts it at the end of the
//! feed, and a customer that changes hands takes along what hangs on it.

use std::sync::Arc;

use domain::{Id, merge::State};
use hub::storage::Position;

use super::{Data, Former, Held, Key, entity, id_in};

/// What to put back if the transaction does not hold.
pub(super) enum Undo {
    Record(Key, Option<Held>),
    Former,
    Offered(Key, Option<i64>),
}

impl Data {
    pub(super) fn next_version(&mut self) -> i64 {
        self.version += 1;
        self.version
    }

    fn put(&mut self, key: Key, held: Held, undo: &mut Vec<Undo>) {
        let version = held.at.version;
        if self.planted.is_some() {
            self.past.insert((key, version), Arc::clone(&held.state));
        }
        let before = self.records.insert(key, held);
        undo.push(Undo::Record(key, before));
    }

    /// Writes a record in a transaction.
    pub(super) fn write(
        &mut self,
        key: Key,
        state: State,
        xid: u64,
        device_id: Option<Id>,
        undo: &mut Vec<Undo>,
    ) {
        let before = self.records.get(&key).cloned();
        let customer_id = self.customer_of(key, &state);
        let owner_id = id_in(&state, "owner_id");
        if let Some(was) = &before
            && (was.customer_id != customer_id
                || (customer_id.is_none() && was.owner_id != owner_id))
        {
            let (customer_id, owner_id) = (was.customer_id, was.owner_id);
            self.leave_behind(key, customer_id, None, owner_id, undo);
        }
        let at = Position { xid, version: self.next_version() };
        let state = Arc::new(state);
        self.put(key, Held { at, customer_id, owner_id, device_id, state: state.clone() }, undo);
        if key.0 == entity("customer")
            && let Some(was) = before
        {
            let place = |state: &State| (id_in(state, "territory_id"), id_in(state, "owner_id"));
            if place(&was.state) != place(&state) {
                let (territory_id, owner_id) = place(&was.state);
                self.leave_behind(key, Some(key.1), territory_id, owner_id, undo);
                self.take_along(key.1, xid, undo);
            }
        }
    }

    fn leave_behind(
        &mut self,
        key: Key,
        customer_id: Option<Id>,
        territory_id: Option<Id>,
        owner_id: Option<Id>,
        undo: &mut Vec<Undo>,
    ) {
        self.former.push(Former { key, customer_id, territory_id, owner_id });
        undo.push(Undo::Former);
    }

    /// What a customer that moves takes along: all that hangs on it, and its subsidiaries.
    pub(super) fn hangs_on(&self, customer: Id) -> Vec<Key> {
        let customers = entity("customer");
        let hangs = |key: &Key, held: &Held| match key.0 == customers {
            true => id_in(&held.state, "parent_id") == Some(customer),
            false => held.customer_id == Some(customer),
        };
        self.records.iter().filter(|(key, held)| hangs(key, held)).map(|(key, _)| *key).collect()
    }

    fn take_along(&mut self, customer: Id, xid: u64, undo: &mut Vec<Undo>) {
        for key in self.hangs_on(customer) {
            let at = Position { xid, version: self.next_version() };
            if let Some(held) = self.records.get(&key).cloned() {
                self.put(key, Held { at, ..held }, undo);
            }
        }
    }

    pub(super) fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Record(key, Some(held)) => {
                self.records.insert(key, held);
            }
            Undo::Record(key, None) => {
                self.records.remove(&key);
            }
            Undo::Former => {
                self.former.pop();
            }
            Undo::Offered(key, Some(version)) => {
                self.offered.insert(key, version);
            }
            Undo::Offered(key, None) => {
                self.offered.remove(&key);
            }
        }
    }
}
