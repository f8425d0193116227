//! The way between a laptop and the hub: every message goes as JSON, and some go wrong.

use std::{
    fmt::Display,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use domain::Id;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sync::{
    Digest, Digested, Entry, Hello, Keep, Kept, Offer, Offered, Outcome, Page, Part, Push, Pushed,
    Refetch, Refetched, Refused, Standing, SyncError, Transport, Welcome,
};

use crate::{
    actions, events,
    memory::{Memory, entity},
    planted::Planted,
    world::{Request, World},
};

/// A newer hub's customers have this field; it holds the version that it came with.
pub(crate) const NEWER: &str = "segment";

/// So many old requests are kept, to be asked again.
const KEPT: usize = 40;

/// The simulated storage never waits: one look is enough.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

/// What happens to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Arrives,
    /// It never comes to the hub.
    Lost,
    /// The hub did it, and its answer never came.
    AnswerLost,
    /// It comes twice.
    Twice,
    /// Something else answers: a portal's page, an answer cut off.
    Foreign,
    /// 401, 413, 429, 503.
    Refused(&'static str),
    /// The hub stops in the middle.
    HubStops(u32),
}

/// A laptop's connection, for one round.
pub(crate) struct Wire<'a, 't> {
    pub(crate) world: &'a mut World<'t>,
    pub(crate) laptop: usize,
}

fn through<T: Serialize + DeserializeOwned>(message: &T) -> Result<T, SyncError> {
    let broken = |error: serde_json::Error| SyncError::Replica(format!("a message: {error}"));
    let bytes = serde_json::to_vec(message).map_err(broken)?;
    serde_json::from_slice(&bytes).map_err(broken)
}

fn refused(error: hub::Error) -> SyncError {
    match error.code {
        "unavailable" => SyncError::Unreachable(error.sentence),
        code => SyncError::Refused(Refused { code: code.into(), sentence: error.sentence }),
    }
}

fn lost(why: &str) -> SyncError {
    SyncError::Unreachable(why.into())
}

/// A part as a newer hub has it: its customers' rows have one more column.
fn newer_part(part: Part) -> Result<Part, SyncError> {
    let broken = |error: &dyn Display| SyncError::Replica(format!("a part: {error}"));
    let tables = sync::unpack(&part.packed).map_err(|error| broken(&error))?;
    let mut tables: Vec<Value> = serde_json::from_slice(&tables).map_err(|error| broken(&error))?;
    for table in tables.iter_mut().filter(|table| table["entity"] == "customer") {
        // Behind the version and the id.
        table["columns"].as_array_mut().into_iter().for_each(|names| names.insert(2, NEWER.into()));
        for row in
            table["rows"].as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut)
        {
            row.insert(2, row[0].clone());
        }
    }
    let tables = serde_json::to_vec(&tables).map_err(|error| broken(&error))?;
    Ok(Part { packed: sync::pack(&tables).map_err(|error| broken(&error))?, ..part })
}

impl Wire<'_, '_> {
    fn fate(&mut self) -> Fate {
        let percent = self.world.weather.faults;
        if !self.world.chance(percent) {
            return Fate::Arrives;
        }
        let codes = ["token-invalid", "too-large", "too-many", "unavailable"];
        match self.world.rng.u8(..7) {
            0 => Fate::Lost,
            1 | 2 => Fate::AnswerLost,
            3 => Fate::Twice,
            4 => Fate::Foreign,
            5 => Fate::Refused(codes[self.world.rng.usize(..codes.len())]),
            _ => Fate::HubStops(self.world.rng.u32(..4)),
        }
    }

    /// One message there and its answer back.
    fn carry<A: Serialize + DeserializeOwned>(
        &mut self,
        name: &str,
        request: Request,
        ask: impl Fn(&Memory, &World<'_>) -> Option<hub::Result<A>>,
    ) -> Result<A, SyncError> {
        let fate = self.fate();
        self.world.tell(format!("laptop {} {name}: {fate:?}", self.laptop));
        self.world.at(self.laptop);
        match fate {
            Fate::Lost => return Err(lost("no answer")),
            Fate::Foreign => return Err(lost("something else answered")),
            Fate::Refused(code) => {
                let sentence = "Not now.".into();
                return Err(SyncError::Refused(Refused { code: code.into(), sentence }));
            }
            Fate::HubStops(after) => self.world.hub.data().stops_in = Some(after),
            Fate::Arrives | Fate::AnswerLost | Fate::Twice => {}
        }
        if self.world.recorded.len() == KEPT {
            let at = self.world.rng.usize(..KEPT);
            self.world.recorded.swap_remove(at);
        }
        self.world.recorded.push(request.clone());
        self.world.hub_now();
        let memory = self.world.hub.clone();
        let mut answer = ask(&memory, self.world);
        if fate == Fate::Twice {
            answer = ask(&memory, self.world);
        }
        memory.data().stops_in = None;
        self.world.follow();
        if let Request::Offer(offer) = &request {
            self.world.follow_offer(offer);
        }
        let answer = match answer {
            None => Err(SyncError::Replica("the simulated storage waits".into())),
            Some(answer) => answer.map_err(refused),
        };
        if let Err(error) = &answer {
            self.world.add(&format!(" -> {error:?}"));
        }
        let answer = answer?;
        if fate == Fate::AnswerLost {
            return Err(lost("no answer"));
        }
        // Meanwhile the world goes on.
        let world = &mut *self.world;
        if world.weather.busy && world.depth < 2 && world.patience > 0 && world.chance(30) {
            world.patience -= 1;
            self.meanwhile();
        }
        self.world.at(self.laptop);
        through(&answer)
    }

    fn meanwhile(&mut self) {
        self.world.depth += 1;
        let laptop = self.laptop;
        let done = match self.world.rng.u8(..4) {
            0 | 1 => actions::act(self.world, laptop),
            2 => events::happens(self.world, Some(laptop)),
            _ => {
                let others = self.world.laptops.len();
                let other = (laptop + self.world.rng.usize(1..others)) % others;
                match self.world.rng.bool() {
                    true => actions::act(self.world, other),
                    false => events::round(self.world, other),
                }
            }
        };
        if let Err(error) = done {
            self.world.found(0, format!("{error:#}"));
        }
        self.world.depth -= 1;
    }

    fn user(&self) -> Id {
        crate::basis::user(self.world.laptops[self.laptop].person).id
    }

    /// Nothing goes out that its user may not see.
    fn check_scope<'r>(&mut self, records: impl Iterator<Item = &'r domain::merge::Versioned>) {
        let data = self.world.hub.data();
        let Some(grants) = data.grants_of(self.user()) else { return };
        let leaked = records
            .filter(|record| {
                let held = data.records.get(&(entity(&record.entity), record.id));
                held.is_none_or(|held| !grants.sees(data.true_place(held)))
            })
            .map(|record| format!("{} {}", record.entity, record.id))
            .next();
        drop(data);
        if let Some(leaked) = leaked {
            let laptop = self.laptop;
            self.world
                .found(3, format!("laptop {laptop} was sent {leaked}, which is out of scope"));
        }
    }

    /// For whoever looks at one seed: what a page's records name that is neither here nor on it.
    fn tell_missing(&mut self, page: &Page) {
        let held = self.world.laptops[self.laptop].records().unwrap_or_default();
        let states = page.entries.iter().filter_map(|entry| match entry {
            Entry::State(record) => Some(record),
            Entry::LeftScope { .. } => None,
        });
        let comes = |id: Id| states.clone().any(|record| record.id == id);
        let mut told = String::new();
        let data = self.world.hub.data();
        for record in states.clone() {
            for (column, name, id) in domain::references(&record.state) {
                let key = (entity(name), id);
                if !held.contains_key(&key) && !comes(id) {
                    let at = data.records.get(&key).map(|held| (held.at, held.customer_id));
                    told += &format!(" {} {} lacks {column} {id} {at:?}", record.entity, record.id);
                }
            }
        }
        drop(data);
        self.world.add(&told);
    }

    /// A newer hub's records have a field that laptops do not know.
    fn as_a_newer_hub(&self, records: &mut [domain::merge::Versioned]) {
        for record in records.iter_mut().filter(|record| record.entity == "customer") {
            if self.world.weather.newer {
                record.state.insert(NEWER.into(), record.version.into());
            }
        }
    }

    fn spoil(&mut self, page: &mut Page) {
        match self.world.planted {
            Some(Planted::DropPage) if self.world.rng.u8(..20) == 0 => page.entries.clear(),
            Some(Planted::ForgetTombstone) => page.entries.retain(|entry| match entry {
                Entry::State(record) => {
                    record.state.get("deleted_at").is_none_or(|at| at.is_null())
                }
                Entry::LeftScope { .. } => true,
            }),
            Some(Planted::PageTwice) => {
                let user = self.user();
                let old = self.world.pages.iter().rev().filter(|(who, _)| *who == user).nth(6);
                let old = old.map(|(_, old)| old.entries.clone()).unwrap_or_default();
                self.world.pages.push((user, page.clone()));
                page.entries.extend(old);
            }
            _ => {}
        }
    }
}

impl Transport for Wire<'_, '_> {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome, SyncError> {
        let hello = through(hello)?;
        let mut welcome: Welcome =
            self.carry("hello", Request::Hello(hello.clone()), move |memory, _| {
                now(hub::hello(memory, &hello))
            })?;
        if self.world.weather.newer && self.world.chance(5) {
            // For this one the laptop is too old, until it is upgraded.
            welcome.standing = Standing::Upgrade;
        }
        Ok(welcome)
    }

    fn push(&mut self, push: &Push) -> Result<Pushed, SyncError> {
        let push: Push = through(push)?;
        let name = format!("push of {} from {}", push.changesets.len(), push.first);
        self.world.hub.data().seen =
            push.changesets.iter().flat_map(|sent| sent.seen.clone()).collect();
        self.world.note_again(&push);
        let mut pushed: Pushed =
            self.carry(&name, Request::Push(push.clone()), move |memory, world| {
                let at = world.hub_now();
                now(hub::push(memory, push.clone(), at, at.utc().date_naive()))
            })?;
        for answer in &mut pushed.answers {
            self.as_a_newer_hub(&mut answer.records);
            if let Outcome::Rejected { refusal } = &answer.outcome {
                self.world.add(&format!(" rejected {}", refusal.code));
                if self.world.planted == Some(Planted::LoseRejected) {
                    answer.outcome = Outcome::Applied;
                }
            }
        }
        // A later changeset of the same push may have moved what an earlier one was answered with.
        if !self.world.weather.busy && pushed.answers.len() == 1 {
            self.check_scope(pushed.answers.iter().flat_map(|answer| &answer.records));
        }
        Ok(pushed)
    }

    fn changes(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Page, SyncError> {
        let laptop = &self.world.laptops[self.laptop];
        let device = laptop.app.simulated_device().ok().flatten().unwrap_or_default().id;
        let cursor = cursor.map(str::to_owned);
        let request = Request::Changes(device, incarnation, cursor.clone());
        let mut page: Page = self.carry("changes", request, move |memory, world| {
            now(hub::page(memory, device, incarnation, cursor.as_deref(), world.hub_now()))
        })?;
        if !self.world.weather.busy {
            self.check_scope(page.entries.iter().filter_map(|entry| match entry {
                Entry::State(record) => Some(record),
                Entry::LeftScope { .. } => None,
            }));
        }
        let told: Vec<String> = page
            .entries
            .iter()
            .map(|entry| match entry {
                Entry::State(record) => format!("{} {}", record.entity, record.id),
                Entry::LeftScope { entity, id } => format!("{entity} {id} left"),
            })
            .collect();
        self.world.add(&format!(" {told:?}, more {}", page.more));
        if self.world.told == usize::MAX {
            self.tell_missing(&page);
        }
        self.spoil(&mut page);
        for entry in &mut page.entries {
            if let Entry::State(record) = entry {
                self.as_a_newer_hub(std::slice::from_mut(record));
            }
        }
        Ok(page)
    }

    fn offer(&mut self, offer: &Offer) -> Result<Offered, SyncError> {
        let mut offer: Offer = through(offer)?;
        if self.world.weather.newer {
            // The newer hub keeps it where the simulated one has no place for it.
            for record in &mut offer.records {
                record.state.remove(NEWER);
            }
        }
        let name = format!("offer of {}", offer.records.len());
        self.carry(&name, Request::Offer(offer.clone()), move |memory, world| {
            let at = world.hub_now();
            now(hub::offer(memory, &offer, at, at.utc().date_naive()))
        })
    }

    fn digest(&mut self, digest: &Digest) -> Result<Digested, SyncError> {
        let digest: Digest = through(digest)?;
        let name = format!("digest of {}", digest.entity);
        self.carry(&name, Request::Digest(digest.clone()), move |memory, _| {
            now(hub::digest(memory, &digest))
        })
    }

    fn refetch(&mut self, refetch: &Refetch) -> Result<Refetched, SyncError> {
        let refetch: Refetch = through(refetch)?;
        let name = format!("refetch of {:?} of {}", refetch.buckets, refetch.entity);
        let mut fetched: Refetched =
            self.carry(&name, Request::Refetch(refetch.clone()), move |memory, _| {
                now(hub::refetch(memory, &refetch))
            })?;
        if !self.world.weather.busy {
            self.check_scope(fetched.records.iter());
        }
        self.as_a_newer_hub(&mut fetched.records);
        Ok(fetched)
    }

    fn snapshot(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Part, SyncError> {
        let laptop = &self.world.laptops[self.laptop];
        let device = laptop.app.simulated_device().ok().flatten().unwrap_or_default().id;
        let cursor = cursor.map(str::to_owned);
        let request = Request::Snapshot(device, incarnation, cursor.clone());
        let part: Part = self.carry("snapshot", request, move |memory, world| {
            now(hub::snapshot(memory, device, incarnation, cursor.as_deref(), world.hub_now()))
        })?;
        self.world.add(&format!(" {} records, more {}", part.head.records, part.head.more));
        match self.world.weather.newer {
            true => newer_part(part),
            false => Ok(part),
        }
    }

    fn fork(&mut self, new_id: Id) -> Result<(), SyncError> {
        let fate = self.fate();
        self.world.tell(format!("laptop {} fork: {fate:?}", self.laptop));
        if matches!(fate, Fate::Lost | Fate::Foreign | Fate::Refused(_) | Fate::HubStops(_)) {
            return Err(lost("no answer"));
        }
        let user = self.user();
        self.world.hub.data().registered(new_id, user);
        self.world.had_copies = true;
        if fate == Fate::AnswerLost {
            return Err(lost("no answer"));
        }
        self.world.at(self.laptop);
        Ok(())
    }

    fn keep(&mut self, keep: &Keep) -> Result<Kept, SyncError> {
        // Nobody is revoked here; whoever asks all the same is told so.
        now(hub::keep(&self.world.hub, keep))
            .unwrap_or_else(|| Err(hub::Error::internal(&"it waits")))
            .map_err(refused)
    }
}
