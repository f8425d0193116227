//! One transaction of the hub's on the storage in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    Changeset, ENTITIES, Id,
    access::{Grants, Place, Role},
    blank,
    merge::State,
    references,
};
use hub::{
    Error, Result,
    storage::{Brought, Device, Feed, Life, Lines, Position, Reader, Row, Stored, Tx, Which},
};
use serde_json::Value;
use sync::{Answered, KeptPart, Lease, NumberRange};

use super::{Data, Held, Key, Memory, Taken, entity, id_in, touch::Undo};
use crate::planted::Planted;

/// A transaction. What it writes is there at once, as no other one looks meanwhile, and is taken
/// back if it does not commit.
pub(crate) struct MemoryTx {
    memory: Memory,
    undo: Vec<Undo>,
    mark: usize,
    xid: Option<u64>,
    device_id: Option<Id>,
    /// Applied at the commit.
    devices: Vec<Device>,
    outcomes: Vec<Taken>,
    changesets: Vec<Changeset>,
    leased: Vec<((String, i32), i64)>,
}

fn held_by_another() -> Error {
    Error::new("unavailable", "Somebody else is writing to it.")
}

impl MemoryTx {
    pub(super) fn new(memory: Memory) -> Self {
        Self {
            memory,
            undo: Vec::new(),
            mark: 0,
            xid: None,
            device_id: None,
            devices: Vec::new(),
            outcomes: Vec::new(),
            changesets: Vec::new(),
            leased: Vec::new(),
        }
    }

    fn xid(&mut self, data: &mut Data) -> u64 {
        *self.xid.get_or_insert_with(|| {
            data.xid += 1;
            data.xid - 1
        })
    }

    fn write(&mut self, key: Key, state: State) -> Result<()> {
        let memory = self.memory.clone();
        let mut data = memory.data();
        let moves = key.0 == entity("customer");
        if data.is_held(key)
            || (moves && data.hangs_on(key.1).into_iter().any(|key| data.is_held(key)))
        {
            return Err(held_by_another());
        }
        let xid = self.xid(&mut data);
        data.write(key, state, xid, self.device_id, &mut self.undo);
        Ok(())
    }

    fn roll_back(&mut self, to: usize) {
        let memory = self.memory.clone();
        let mut data = memory.data();
        while self.undo.len() > to {
            if let Some(step) = self.undo.pop() {
                data.undo(step);
            }
        }
    }

    fn row(data: &Data, key: Key, held: &Held, former: Vec<Place>) -> Row {
        Row {
            entity: ENTITIES[key.0].into(),
            id: key.1,
            at: data.counted(held.at),
            place: data.place_of(key, held),
            former,
        }
    }
}

impl Drop for MemoryTx {
    fn drop(&mut self) {
        self.roll_back(0);
    }
}

impl Tx for MemoryTx {
    async fn lives(&mut self) -> Result<Vec<Life>> {
        Ok(self.memory.data().former_lives.clone())
    }

    async fn life_begin(&mut self) -> Result<i64> {
        Ok(self.memory.data().begins)
    }

    async fn restored_version(&mut self) -> Result<i64> {
        Ok(self.memory.data().restored_version)
    }

    async fn version_of_backup(&mut self, name: &str, id: Id) -> Result<i64> {
        Ok(self.memory.data().backup.get(&(entity(name), id)).copied().unwrap_or(0))
    }

    async fn brought(&mut self, name: &str, id: Id) -> Result<Option<Brought>> {
        Ok(self.memory.data().offered.get(&(entity(name), id)).cloned())
    }

    async fn put_brought(&mut self, name: &str, id: Id, brought: Brought) -> Result<()> {
        let key = (entity(name), id);
        let before = self.memory.data().offered.insert(key, brought);
        self.undo.push(Undo::Offered(key, before));
        Ok(())
    }

    async fn naming(&mut self, name: &str, column: &str, of: &[Id]) -> Result<Vec<Stored>> {
        let data = self.memory.data();
        let kind = entity(name);
        let all = data.records.range((kind, Id::NIL)..(kind + 1, Id::NIL));
        let names = |held: &Held| id_in(&held.state, column).is_some_and(|id| of.contains(&id));
        let naming = all.filter(|(_, held)| names(held));
        Ok(naming.map(|(key, held)| data.stored(*key, held)).collect())
    }

    async fn epoch(&mut self) -> Result<Id> {
        Ok(self.memory.data().epoch)
    }

    async fn secret(&mut self) -> Result<Vec<u8>> {
        Ok(self.memory.data().secret.clone())
    }

    async fn device(&mut self, id: Id) -> Result<Option<Device>> {
        Ok(self.memory.data().devices.get(&id).cloned())
    }

    async fn reader(&mut self, device_id: Id) -> Result<Option<Reader>> {
        let data = self.memory.data();
        let Some(device) = data.devices.get(&device_id).cloned() else { return Ok(None) };
        let unknown = || Error::new("account-unknown", "There is no such account.");
        Ok(Some(Reader {
            grants: data.grants_of(device.user_id).ok_or_else(unknown)?,
            device,
            epoch: data.epoch,
            secret: data.secret.clone(),
        }))
    }

    async fn sender(
        &mut self,
        device_id: Id,
        changesets: &[Id],
    ) -> Result<Option<(Reader, Vec<Answered>)>> {
        self.device_id = Some(device_id);
        let Some(reader) = self.reader(device_id).await? else { return Ok(None) };
        let data = self.memory.data();
        let known = changesets.iter().filter_map(|id| data.outcomes.get(id));
        Ok(Some((reader, known.map(|taken| taken.answer.clone()).collect())))
    }

    async fn put_device(&mut self, device: &Device) -> Result<()> {
        self.devices.push(device.clone());
        Ok(())
    }

    async fn grants(&mut self, user_id: Id) -> Result<Grants> {
        let found = self.memory.data().grants_of(user_id);
        found.ok_or_else(|| Error::new("account-unknown", "There is no such account."))
    }

    async fn put_answer(
        &mut self,
        _: &Device,
        _: i64,
        answer: &Answered,
        changeset: Option<&Changeset>,
    ) -> Result<()> {
        self.changesets.extend(changeset.cloned());
        let answer = Answered { records: Vec::new(), ..answer.clone() };
        self.outcomes.push(Taken { answer });
        Ok(())
    }

    async fn put_kept(&mut self, device: &Device, part: &KeptPart) -> Result<()> {
        // Cut off, it is handed over again: what is kept already does no harm.
        let key = (device.id, part.changeset.id, part.part);
        self.memory.data().kept.entry(key).or_insert_with(|| part.changeset.clone());
        Ok(())
    }

    async fn hold(&mut self, ids: &[(String, Id)]) -> Result<Vec<Stored>> {
        let is_held = |data: &Data| ids.iter().any(|(name, id)| data.is_held((entity(name), *id)));
        if is_held(&self.memory.data()) {
            return Err(held_by_another());
        }
        self.records(ids).await
    }

    async fn records(&mut self, ids: &[(String, Id)]) -> Result<Vec<Stored>> {
        let data = self.memory.data();
        let mut found: Vec<Stored> = ids
            .iter()
            .map(|(name, id)| (entity(name), *id))
            .filter_map(|key| Some(data.stored(key, data.records.get(&key)?)))
            .collect();
        found.sort_by_key(|stored| stored.at);
        found.dedup_by_key(|stored| stored.id);
        Ok(found)
    }

    async fn rows(&mut self, ids: &[(String, Id)]) -> Result<Vec<Row>> {
        let data = self.memory.data();
        let keys: BTreeSet<Key> = ids.iter().map(|(name, id)| (entity(name), *id)).collect();
        let row = |key| Some(Self::row(&data, key, data.records.get(&key)?, Vec::new()));
        Ok(keys.into_iter().filter_map(row).collect())
    }

    async fn places_since(&mut self, ids: &[(String, Id)], after: u64) -> Result<Vec<(Id, Place)>> {
        let data = self.memory.data();
        let keys = ids.iter().map(|(name, id)| (entity(name), *id));
        Ok(keys.flat_map(|key| data.places_since(key, after)).collect())
    }

    async fn insert(&mut self, name: &str, states: &[&State]) -> Result<()> {
        for state in states {
            let id = id_in(state, "id").unwrap_or(Id::NIL);
            let mut all = blank(name);
            all.extend((*state).clone());
            self.write((entity(name), id), all)?;
        }
        Ok(())
    }

    async fn update(&mut self, name: &str, id: Id, fields: &BTreeMap<String, Value>) -> Result<()> {
        let key = (entity(name), id);
        let (held, stale) = {
            let data = self.memory.data();
            let held = data.records.get(&key).map(|held| Arc::clone(&held.state));
            let seen = data.seen.get(&id).copied().unwrap_or(0);
            let merges_whole = data.planted == Some(Planted::WholeRecords);
            (held, data.past.get(&(key, seen)).filter(|_| merges_whole).cloned())
        };
        let Some(held) = held else { return Ok(()) };
        let mut state = State::clone(&stale.unwrap_or(held));
        state.extend(fields.clone());
        self.write(key, state)
    }

    async fn taken(&mut self, name: &str, field: &str, text: &str, but: Id) -> Result<bool> {
        let data = self.memory.data();
        let of = entity(name);
        let from = (of, Id::NIL);
        Ok(data
            .records
            .range(from..)
            .take_while(|(key, _)| key.0 == of)
            .any(|(key, held)| key.1 != but && held.state.get(field) == Some(&text.into())))
    }

    async fn having(&mut self, name: &str, field: &str, text: &str) -> Result<Vec<Stored>> {
        let data = self.memory.data();
        let of = entity(name);
        let all = data.records.range((of, Id::NIL)..(of + 1, Id::NIL));
        let found = all.filter(|(_, held)| held.state.get(field) == Some(&text.into()));
        Ok(found.map(|(key, held)| data.stored(*key, held)).collect())
    }

    async fn administrator(&mut self) -> Result<Option<Id>> {
        let data = self.memory.data();
        let mut all = data.accounts.iter();
        Ok(all.find(|(_, account)| account.role == Role::Administrator).map(|(id, _)| *id))
    }

    async fn known(&mut self, name: &str, field: &str, texts: &[String]) -> Result<Vec<String>> {
        let mut known = Vec::new();
        for text in texts {
            if self.taken(name, field, text, Id::NIL).await? {
                known.push(text.clone());
            }
        }
        Ok(known)
    }

    async fn mark(&mut self) -> Result<()> {
        self.mark = self.undo.len();
        Ok(())
    }

    async fn undo_to_mark(&mut self) -> Result<()> {
        self.roll_back(self.mark);
        Ok(())
    }

    async fn references_hold(&mut self) -> Result<bool> {
        let data = self.memory.data();
        Ok(self.undo[self.mark..].iter().all(|step| {
            let Undo::Record(key, _) = step else { return true };
            let Some(held) = data.records.get(key) else { return true };
            references(&held.state)
                .all(|(_, name, id)| data.records.contains_key(&(entity(name), id)))
        }))
    }

    async fn lease(&mut self, _: &Device, range: &NumberRange, count: i64) -> Result<Lease> {
        let data = self.memory.data();
        let key = (range.kind.clone(), range.year);
        let next = data.ranges.get(&key).copied().unwrap_or(1).max(range.used + 1);
        let last = next + count - 1;
        let reuses = data.planted == Some(Planted::ReuseNumber);
        drop(data);
        self.leased.push((key, if reuses { next } else { last + 1 }));
        Ok(Lease { range: range.clone(), first: next, last })
    }

    async fn horizon(&mut self) -> Result<Position> {
        let data = self.memory.data();
        if data.planted == Some(Planted::PlainSequence) {
            return Ok(Position { xid: 0, version: data.version });
        }
        Ok(Position { xid: data.oldest().saturating_sub(1), version: i64::MAX })
    }

    async fn feed(&mut self, after: Position, limit: usize, _: &Grants) -> Result<Feed> {
        let horizon = self.horizon().await?;
        let data = self.memory.data();
        let plain = data.planted == Some(Planted::PlainSequence);
        let end = if plain { u64::MAX } else { data.oldest() };
        let mut found: Vec<(&Key, &Held)> = data
            .records
            .iter()
            .filter(|(_, held)| data.counted(held.at) > after && held.at.xid < end)
            .collect();
        found.sort_by_key(|(_, held)| data.counted(held.at));
        found.truncate(limit);
        let row = |(key, held): (&Key, &Held)| Self::row(&data, *key, held, data.former_of(*key));
        let rows = found.into_iter().map(row).collect();
        let customers = entity("customer");
        let has_moves = data.former.iter().any(|one| one.key.0 == customers && one.at > after);
        Ok(Feed { horizon, rows, has_moves })
    }

    async fn moved(&mut self, after: Position, end: Position) -> Result<Vec<(Id, Place)>> {
        let data = self.memory.data();
        let customers = entity("customer");
        let moves = data
            .former
            .iter()
            .filter(|one| one.key.0 == customers && one.at > after && one.at.xid <= end.xid);
        Ok(moves
            .map(|one| {
                let (territory_id, owner_id) = (one.territory_id, one.owner_id);
                (one.key.1, Place::Customer { territory_id, owner_id })
            })
            .collect())
    }

    async fn hanging(&mut self, customers: &[Id], until: Position) -> Result<Vec<Row>> {
        let data = self.memory.data();
        Ok(data
            .records
            .iter()
            .filter(|(key, held)| {
                let hangs = held.customer_id.is_some_and(|id| customers.contains(&id));
                hangs && key.0 != entity("customer") && data.counted(held.at) <= until
            })
            .map(|(key, held)| Self::row(&data, *key, held, Vec::new()))
            .collect())
    }

    async fn subsidiaries(&mut self, customers: &[Id], until: Position) -> Result<Vec<Row>> {
        let data = self.memory.data();
        Ok(data
            .records
            .iter()
            .filter(|(key, held)| {
                let parent_id = id_in(&held.state, "parent_id");
                key.0 == entity("customer")
                    && parent_id.is_some_and(|id| customers.contains(&id))
                    && data.counted(held.at) <= until
            })
            .map(|(key, held)| Self::row(&data, *key, held, Vec::new()))
            .collect())
    }

    async fn all(&mut self, name: &str, after: Id, limit: usize) -> Result<Vec<Row>> {
        let data = self.memory.data();
        let of = entity(name);
        Ok(data
            .records
            .range((of, after)..)
            .take_while(|(key, _)| key.0 == of)
            .filter(|(key, _)| key.1 > after)
            .take(limit)
            .map(|(key, held)| Self::row(&data, *key, held, data.former_of(*key)))
            .collect())
    }

    async fn written(&mut self, after: Position, limit: usize) -> Result<Vec<Row>> {
        let data = self.memory.data();
        let mut found: Vec<(&Key, &Held)> =
            data.records.iter().filter(|(_, held)| data.counted(held.at) > after).collect();
        found.sort_by_key(|(_, held)| data.counted(held.at));
        found.truncate(limit);
        let row = |(key, held): (&Key, &Held)| Self::row(&data, *key, held, data.former_of(*key));
        Ok(found.into_iter().map(row).collect())
    }

    async fn shown(&mut self, _: &Grants, name: &str, after: Id, limit: usize) -> Result<Vec<Row>> {
        self.all(name, after, limit).await
    }

    async fn one_moment(&mut self) -> Result<()> {
        // Nobody else comes in between.
        Ok(())
    }

    async fn written_since(&mut self, since: Position, limit: usize) -> Result<Vec<(String, Id)>> {
        Ok(self.memory.data().written_since(since, limit))
    }

    async fn lines(&mut self, name: &str, which: Which<'_>, _: &Grants) -> Result<Lines> {
        Ok(self.memory.data().lines(entity(name), which))
    }

    async fn commit(mut self) -> Result<()> {
        let memory = self.memory.clone();
        let mut data = memory.data();
        if data.planted == Some(Planted::EarlyAnswer) && !self.outcomes.is_empty() {
            data.planted_turn += 1;
            if data.planted_turn.is_multiple_of(20) {
                // It was answered, and the process died before the commit.
                return Ok(());
            }
        }
        self.undo.clear();
        for device in self.devices.drain(..) {
            data.devices.insert(device.id, device);
        }
        for (key, next) in self.leased.drain(..) {
            data.ranges.insert(key, next);
        }
        for changeset in self.changesets.drain(..) {
            let kept = data.changesets.entry(changeset.id).or_insert((changeset, 0));
            kept.1 += 1;
        }
        for taken in self.outcomes.drain(..) {
            data.journal.push(taken.answer.changeset_id);
            data.outcomes.insert(taken.answer.changeset_id, taken);
        }
        Ok(())
    }
}
