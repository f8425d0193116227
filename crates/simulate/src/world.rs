//! Everything that there is in one seed: the hub, the laptops, who confirmed what.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;
use domain::{Changeset, Id, Instant, merge::State};
use sync::{Hello, Offer, Push};

use crate::{
    basis,
    laptop::{Desk, Laptop, Templates},
    memory::{Key, Memory, entity},
    model::{Model, Step},
    planted::Planted,
};

/// 2026-03-02T08:00:00Z, where every seed begins.
const BEGIN: i64 = 1_772_438_400_000;

/// A promise that did not hold.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which promise, by its number in the design; 0 for what must not happen at all.
    pub promise: u8,
    /// What was seen.
    pub what: String,
}

/// What a laptop asked of the hub, kept to be asked again.
#[derive(Clone)]
pub(crate) enum Request {
    Hello(Hello),
    Push(Push),
    Offer(Offer),
    Changes(Id, i64, Option<String>),
    Digest(sync::Digest),
    Refetch(sync::Refetch),
    Snapshot(Id, i64, Option<String>),
}

/// A changeset that the app confirmed to its user.
pub(crate) struct Confirmed {
    pub(crate) changeset: Changeset,
    /// The laptop that made it.
    pub(crate) laptop: usize,
}

/// What may happen in a seed: drawn once at its beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    /// Of a hundred messages so many go wrong.
    pub(crate) faults: u8,
    /// Processes die at commits.
    pub(crate) kills: bool,
    /// People work while a round is under way.
    pub(crate) busy: bool,
    /// Grants change, customers change hands.
    pub(crate) moves: bool,
    /// Laptops are cloned and restored.
    pub(crate) copies: bool,
    /// The hub is restored from a backup.
    pub(crate) restores: bool,
    /// Clocks are off by years.
    pub(crate) clocks: bool,
    /// The hub is newer than the laptops: customers have a field more.
    pub(crate) newer: bool,
    /// A backup that was put back may be put back once more.
    pub(crate) again: bool,
}

pub(crate) struct World<'t> {
    pub(crate) rng: fastrand::Rng,
    pub(crate) hub: Memory,
    pub(crate) desk: Desk<'t>,
    pub(crate) laptops: Vec<Laptop>,
    pub(crate) model: Model,
    pub(crate) confirmed: BTreeMap<Id, Confirmed>,
    pub(crate) recorded: Vec<Request>,
    pub(crate) weather: Weather,
    /// No faults at all: what is promised at rest is looked at.
    pub(crate) is_calm: bool,
    pub(crate) planted: Option<Planted>,
    pub(crate) steps: u64,
    pub(crate) finding: Option<Finding>,
    history: VecDeque<String>,
    /// So many steps are told of a seed that failed.
    pub(crate) told: usize,
    /// Milliseconds since the beginning.
    now: i64,
    /// So many more things happen in the middle of this round: grants that changed at every page
    /// of a small one would never let a fill end.
    pub(crate) patience: u8,
    /// How deep rounds are in rounds.
    pub(crate) depth: u8,
    /// Records that a laptop had seen of the hub and its backup did not have.
    pub(crate) seen: BTreeMap<Key, usize>,
    /// Their states, of those that laptops may bring back.
    pub(crate) states: BTreeMap<Key, State>,
    /// Changesets of the push under way that were confirmed before that.
    again: BTreeSet<Id>,
    pub(crate) backup: Option<(Memory, Model)>,
    /// Laptops' folders as they were, to be put back.
    pub(crate) old: Vec<(usize, std::path::PathBuf)>,
    /// A laptop was copied or put back: numbers may have been given twice before it was noticed.
    pub(crate) had_copies: bool,
    pub(crate) pages: Vec<(Id, sync::Page)>,
    /// Changesets that went with a disk before they were sent.
    pub(crate) lost: BTreeSet<Id>,
    /// Laptops that were put back: what they listed as rejected went with their disk.
    pub(crate) forgotten_rejections: BTreeSet<usize>,
}

impl<'t> World<'t> {
    pub(crate) fn new(
        seed: u64,
        planted: Option<Planted>,
        templates: &'t Templates,
    ) -> Result<Self> {
        let mut rng = fastrand::Rng::with_seed(seed);
        domain::simulation::seed_ids(rng.u64(..));
        domain::simulation::set_clock(Some(BEGIN));
        store::ignore_versions(planted == Some(Planted::PageTwice));
        let mut weather = Weather {
            faults: *rng.choice([0, 5, 15, 30].iter()).unwrap_or(&0),
            kills: rng.bool(),
            busy: rng.bool(),
            moves: rng.bool(),
            copies: rng.u8(..3) == 0,
            restores: rng.u8(..3) == 0,
            clocks: rng.u8(..3) == 0,
            newer: rng.u8(..3) == 0,
            // The other seeds find what they found before there was this.
            again: seed % 4 == 1,
        };
        // A customer that left a laptop took its log along, so that what was done to it since the
        // backup could not be sent again: offered records are to close this (see the design).
        weather.moves &= !weather.restores;
        let hub = Memory::new(Id::now());
        hub.data().page_size = *rng.choice([1, 3, 10, 200].iter()).unwrap_or(&10);
        if seed % 4 == 3 {
            // About two records; the other seeds find what they found before there was such a limit.
            hub.data().page_bytes = 2_000;
        }
        hub.data().planted = planted;
        basis::fill(&hub, &mut rng);
        let model = Model::of(&hub.data());
        let mut world = Self {
            rng,
            hub,
            desk: Desk::new(templates)?,
            laptops: Vec::new(),
            model,
            confirmed: BTreeMap::new(),
            recorded: Vec::new(),
            weather,
            is_calm: false,
            planted,
            steps: 0,
            finding: None,
            history: VecDeque::new(),
            told: 40,
            now: 0,
            patience: 0,
            depth: 0,
            seen: BTreeMap::new(),
            states: BTreeMap::new(),
            again: BTreeSet::new(),
            backup: None,
            old: Vec::new(),
            had_copies: false,
            pages: Vec::new(),
            lost: Default::default(),
            forgotten_rejections: Default::default(),
        };
        let count = world.rng.usize(2..=3);
        let first = world.rng.usize(..basis::PEOPLE);
        for number in 0..count {
            // Now and then somebody has two.
            let person = if number == 2 && world.rng.u8(..3) == 0 {
                first
            } else {
                (first + number) % basis::PEOPLE
            };
            world.add_laptop(person)?;
        }
        world.tell(format!("{weather:?}, pages of {}", world.hub.data().page_size));
        Ok(world)
    }

    fn add_laptop(&mut self, person: usize) -> Result<()> {
        let device_id = Id::now();
        let mut laptop = self.desk.laptop(person, device_id)?;
        self.hub.data().registered(device_id, basis::user(person).id);
        if self.weather.clocks && self.rng.bool() {
            let years = if self.rng.bool() { 10 } else { -10 };
            laptop.clock = years * 365 * 86_400_000;
        }
        self.laptops.push(laptop);
        Ok(())
    }

    /// One more thing happened.
    pub(crate) fn tell(&mut self, what: String) {
        self.steps += 1;
        self.now += self.rng.i64(1..600_000);
        if self.history.len() >= self.told {
            self.history.pop_front();
        }
        self.history.push_back(what);
    }

    /// Something that belongs to the step before.
    pub(crate) fn add(&mut self, what: &str) {
        if let Some(last) = self.history.back_mut() {
            last.push_str(what);
        }
    }

    pub(crate) fn history(&self) -> Vec<String> {
        self.history.iter().cloned().collect()
    }

    pub(crate) fn found(&mut self, promise: u8, what: impl Into<String>) {
        let what = what.into();
        self.finding.get_or_insert(Finding { promise, what });
    }

    /// The hub's clock is right.
    pub(crate) fn hub_now(&self) -> Instant {
        domain::simulation::set_clock(Some(BEGIN + self.now));
        Instant::now()
    }

    /// Sets the thread's clock to a laptop's.
    pub(crate) fn at(&self, laptop: usize) {
        domain::simulation::set_clock(Some(BEGIN + self.now + self.laptops[laptop].clock));
    }

    pub(crate) fn chance(&mut self, percent: u8) -> bool {
        !self.is_calm && self.rng.u8(..100) < percent
    }

    /// Keeps what is in a laptop's outbox and was not known: the app confirmed it.
    pub(crate) fn note_confirmed(&mut self, laptop: usize) -> Result<()> {
        for waiting in self.laptops[laptop].outbox()? {
            let id = waiting.changeset.id;
            self.confirmed.entry(id).or_insert(Confirmed { changeset: waiting.changeset, laptop });
        }
        Ok(())
    }

    /// A push is on its way.
    pub(crate) fn note_again(&mut self, push: &Push) {
        let again = push.changesets.iter().filter(|sent| sent.again);
        self.again = again.map(|sent| sent.changeset.id).collect();
    }

    /// Lets the naive model follow what came back after a restore.
    pub(crate) fn follow_offer(&mut self, offer: &Offer) {
        let keys: Vec<Key> =
            offer.records.iter().map(|record| (entity(&record.entity), record.id)).collect();
        let data = self.hub.data();
        let wrong = self.model.bring_back(&data, &keys);
        self.model.note_conflicts(&data);
        drop(data);
        if let Err(what) = wrong {
            self.found(1, what);
        }
    }

    /// Lets the naive model follow what the hub took, and compares.
    pub(crate) fn follow(&mut self) {
        let mut data = self.hub.data();
        let journal = std::mem::take(&mut data.journal);
        if journal.is_empty() {
            return;
        }
        let mut step = Step::default();
        let mut wrong = None;
        for id in journal {
            let (Some(confirmed), Some(taken)) = (self.confirmed.get(&id), data.outcomes.get(&id))
            else {
                wrong = Some((1, format!("the hub has changeset {id}, which nobody confirmed")));
                break;
            };
            let again = self.again.contains(&id);
            self.model.apply(&confirmed.changeset, &data, &taken.answer, again, &mut step);
            if data.changesets.get(&id).is_none_or(|(_, times)| *times != 1)
                && !matches!(taken.answer.outcome, sync::Outcome::Rejected { .. })
            {
                wrong = Some((4, format!("changeset {id} was not kept exactly once")));
            }
        }
        if let Err(what) = self.model.check(&data, &step) {
            wrong.get_or_insert((4, what));
        }
        for (id, quote, field) in &step.revised {
            // The same laptop went on with the quote before it knew of the revision.
            let Some(made) = self.confirmed.get(id) else { continue };
            let went_on = self.confirmed.values().any(|other| {
                other.laptop == made.laptop
                    && other.changeset.id != *id
                    && other
                        .changeset
                        .changes
                        .iter()
                        .any(|change| change.id == *quote && change.fields.contains_key(field))
            });
            if !went_on {
                let what = format!("the revision of {quote} lacks {field} of changeset {id}");
                wrong.get_or_insert((7, what));
            }
        }
        self.model.note_conflicts(&data);
        drop(data);
        if let Some((promise, what)) = wrong {
            self.found(promise, what);
        }
    }
}
