//! The laptop's database as the sync engine needs it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use chrono::Datelike;
use domain::{
    Change, Changeset, Id, Instant, Numbering, Refusal, number::counting_year, reference,
};
use store::{Store, StoreError, Tx};
use sync::{
    Compared, Device, Entry, Fill, KeptPart, Lease, MOST_CHANGES, Mended, NumberRange, Outcome,
    Page, Part, Pushed, Refetched, Replica, Schema, Sent, SyncError, Versioned,
};

pub(super) use super::turn::elsewhere;
use super::{DEVICE, UPLOAD, fuse, held, json, kept};
use crate::{App, settings, today};

/// Fewer free numbers than these, and the hub is asked for more.
const FEW: i64 = 20;

/// This device's setting that counts how often the hub refused the first upload.
const ATTEMPT: &str = "sync.upload.attempt";

/// One open workspace, for one round.
pub(super) struct Local<'a> {
    pub(super) app: &'a App,
    pub(super) store: &'a Store,
    /// What this round knows to be kept about the device.
    pub(super) known: RefCell<Option<Device>>,
}

pub(super) fn broken(error: impl std::fmt::Display) -> SyncError {
    SyncError::Replica(error.to_string())
}

impl<'a> Local<'a> {
    pub(super) fn new(app: &'a App, store: &'a Store) -> Self {
        Self { app, store, known: RefCell::default() }
    }

    pub(super) fn stored_device(&self) -> Result<Device, SyncError> {
        kept(self.store, DEVICE).map_err(broken)?.ok_or_else(|| broken("not connected"))
    }

    /// Writes together with the device; not if another process (the window, the command line) went
    /// on with it since: its round is ahead of this one.
    pub(super) fn write(
        &self,
        device: &Device,
        act: impl FnOnce(&mut Tx<'_>) -> Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let next = json(device).map_err(broken)?;
        let records = self
            .store
            .transact(|tx| {
                if !self.is_own_round(tx)? {
                    return Err(Stopped(elsewhere()));
                }
                act(tx).map_err(Stopped)?;
                tx.set_local(DEVICE, &next)?;
                Ok::<_, Stopped>(tx.touched())
            })
            .map_err(|stopped| stopped.0)?;
        self.known.replace(Some(device.clone()));
        self.app.tell_changed(records);
        Ok(())
    }

    /// Whether the device is as this round knows it.
    pub(super) fn is_own_round(&self, tx: &Tx<'_>) -> Result<bool, StoreError> {
        let stored = tx.local(DEVICE)?;
        let stored = stored.and_then(|text| serde_json::from_str(&text).ok());
        Ok(is_same(stored.as_ref(), self.known.borrow().as_ref()))
    }

    /// How far the first upload came, until it is through.
    fn uploading(&self) -> Result<Option<Place>, SyncError> {
        let progress: Option<Place> = kept(self.store, UPLOAD).map_err(broken)?;
        Ok(progress.filter(|(entity, _)| *entity < store::UPLOADED))
    }

    fn quotes_of(&self, changeset: &Changeset) -> Result<BTreeSet<Id>, SyncError> {
        let mut quotes = BTreeSet::new();
        for change in &changeset.changes {
            quotes.extend(self.store.quote_of(&change.entity, change.id).map_err(broken)?);
        }
        Ok(quotes)
    }

    /// While a workspace goes up for the first time, its records go before any later edit.
    fn upload(&self, device: &Device, most: usize) -> Result<Option<Sent>, SyncError> {
        let Some(progress) = self.uploading()? else { return Ok(None) };
        let (part, next) = self.upload_behind(device, progress, most)?;
        let Some(changeset) = part else {
            let next = json(&next).map_err(broken)?;
            self.store.set_local(UPLOAD, &next).map_err(broken)?;
            return Ok(None);
        };
        Ok(Some(Sent { changeset, seen: Default::default(), again: false, quotes: Vec::new() }))
    }

    /// The part of the first upload behind a place, if there is one, and where it ends.
    fn upload_behind(
        &self,
        device: &Device,
        progress: Place,
        most: usize,
    ) -> Result<(Option<Changeset>, Place), SyncError> {
        let (changes, next) = self.store.upload_part(progress, most).map_err(broken)?;
        if changes.is_empty() {
            return Ok((None, next));
        }
        // The same part is the same changeset, however often it is sent; refused, it is another.
        let attempt: u32 = kept(self.store, ATTEMPT).map_err(broken)?.unwrap_or_default();
        let name = format!("upload {progress:?} {next:?} {attempt}");
        let changeset = Changeset {
            id: Id(uuid::Uuid::new_v5(&device.id.0, name.as_bytes())),
            at: Instant::now(),
            user_id: device.user_id,
            operation: "workspace.upload".into(),
            subject: String::new(),
            changes,
        };
        let changeset = held::fitted(self.store, changeset).map_err(broken)?;
        Ok((Some(changeset), next))
    }
}

/// Whether two rounds know the same of the device; what its user allowed meanwhile does not count.
fn is_same(one: Option<&Device>, other: Option<&Device>) -> bool {
    let alone = |device: &Device| Device { may_remove_much: false, ..device.clone() };
    one.map(alone) == other.map(alone)
}

/// The hub's records without the names that they lack until the end of the upload.
fn named_later(records: &[Versioned]) -> Vec<Versioned> {
    let mut records = records.to_vec();
    for record in &mut records {
        record.state.retain(|name, value| reference(name).is_none() || !value.is_null());
    }
    records
}

/// How far the first upload came.
type Place = (usize, i64);

/// Carries a sync error through a transaction.
struct Stopped(SyncError);

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self(broken(error))
    }
}

impl Replica for Local<'_> {
    fn device(&self) -> Result<Device, SyncError> {
        let device = self.stored_device()?;
        self.known.replace(Some(device.clone()));
        Ok(device)
    }

    fn put_device(&self, device: &Device) -> Result<(), SyncError> {
        self.write(device, |_| Ok(()))
    }

    fn low_numbers(&self) -> Result<Vec<NumberRange>, SyncError> {
        let numbering: Numbering =
            settings::get(self.store, settings::NUMBERING).map_err(broken)?;
        let year = today().year();
        let mut low = Vec::new();
        for (kind, pattern) in [
            ("customer", &numbering.customer),
            ("opportunity", &numbering.opportunity),
            ("quote", &numbering.quote),
        ] {
            let year = counting_year(pattern, year);
            let used = match self.store.number_range(kind, year).map_err(broken)? {
                Some((next, Some(last))) if last - next + 1 >= FEW => continue,
                Some((_, Some(_))) | None => 0,
                Some((next, None)) => next - 1,
            };
            low.push(NumberRange { kind: kind.into(), year, used });
        }
        Ok(low)
    }

    fn put_leases(&self, leases: &[Lease], device: &Device) -> Result<(), SyncError> {
        self.write(device, |tx| {
            for Lease { range, first, last } in leases {
                tx.lease_numbers(&range.kind, range.year, *first, *last).map_err(broken)?;
            }
            Ok(())
        })
    }

    fn put_schema(&self, schema: &Schema, device: &Device) -> Result<(), SyncError> {
        let schema = json(schema).map_err(broken)?;
        self.write(device, |tx| tx.set_local(held::SCHEMA, &schema).map_err(broken))
    }

    fn outbox(&self, most_changes: usize) -> Result<Vec<Sent>, SyncError> {
        if let Some(part) = self.upload(&self.stored_device()?, most_changes)? {
            return Ok(vec![part]);
        }
        let waiting = held::sendable(self.store, most_changes).map_err(broken)?;
        waiting
            .into_iter()
            .map(|one| {
                let (mut seen, mut quotes) = (one.seen, Vec::new());
                for id in self.quotes_of(&one.changeset)? {
                    if let Some((quote, lines, known)) =
                        self.store.whole_quote(id).map_err(broken)?
                    {
                        seen.extend(known);
                        quotes.push(held::fitting(self.store, quote, lines).map_err(broken)?);
                    }
                }
                Ok(Sent { changeset: one.changeset, seen, again: one.again, quotes })
            })
            .collect()
    }

    fn unsent(&self) -> Result<Vec<KeptPart>, SyncError> {
        let mut unsent = Vec::new();
        let device = self.device()?;
        let mut progress = self.uploading()?;
        while let Some(place) = progress {
            let (part, next) = self.upload_behind(&device, place, MOST_CHANGES)?;
            progress = part.is_some().then_some(next);
            unsent.extend(part.map(|changeset| KeptPart { changeset, part: 0 }));
        }
        for changeset in self.store.unsent().map_err(broken)? {
            for (part, changes) in (0..).zip(changeset.changes.chunks(MOST_CHANGES)) {
                let changeset = Changeset { changes: changes.to_vec(), ..changeset.clone() };
                unsent.push(KeptPart { changeset, part });
            }
        }
        Ok(unsent)
    }

    fn settle(&self, pushed: &Pushed, device: &Device) -> Result<bool, SyncError> {
        let mut lacks = false;
        let progress = self.uploading()?;
        let refused = pushed.answers.iter().find_map(|answer| match &answer.outcome {
            Outcome::Rejected { refusal } => Some(refusal),
            _ => None,
        });
        if let (Some(_), Some(refusal)) = (progress, refused) {
            let attempt: u32 = kept(self.store, ATTEMPT).map_err(broken)?.unwrap_or_default();
            let next = json(&(attempt + 1)).map_err(broken)?;
            self.store.set_local(ATTEMPT, &next).map_err(broken)?;
            return Err(broken(not_taken(refusal)));
        }
        self.write(device, |tx| {
            for answer in &pushed.answers {
                match &answer.outcome {
                    Outcome::Retry => continue,
                    Outcome::Rejected { refusal } => {
                        let changeset = self.store.changeset(answer.changeset_id);
                        tx.reject(answer.changeset_id, refusal, Instant::now()).map_err(broken)?;
                        lacks |= take_back(tx, &changeset.map_err(broken)?, answer)?;
                    }
                    Outcome::Applied | Outcome::Merged | Outcome::Conflict { .. } => {
                        let changeset = match progress {
                            Some(_) => None,
                            None => Some(self.store.changeset(answer.changeset_id)),
                        };
                        tx.confirm(answer.changeset_id).map_err(broken)?;
                        // What the answer lacks is others' by now. Of a quote that became a
                        // revision, new lines are that one's.
                        if let Some(changeset) = changeset {
                            lacks |= take_back(tx, &changeset.map_err(broken)?, answer)?;
                        }
                    }
                }
                let records = match progress {
                    Some(_) => &named_later(&answer.records),
                    None => &answer.records,
                };
                tx.receive(records, true, &mut Id::now).map_err(broken)?;
                tx.forget_gone(answer.changeset_id).map_err(broken)?;
            }
            if let Some(progress) = progress {
                let (_, next) =
                    self.store.upload_part(progress, sync::MOST_CHANGES).map_err(broken)?;
                // Once all is up, what follows is edits like any other's.
                let is_whole = self.store.upload_part(next, 1).map_err(broken)?.0.is_empty();
                let next = (!is_whole).then_some(next);
                tx.set_local(UPLOAD, &json(&next).map_err(broken)?).map_err(broken)?;
            }
            Ok(())
        })?;
        Ok(lacks)
    }

    fn apply(&self, page: &Page, device: &Device) -> Result<bool, SyncError> {
        let may_remove_much = self.stored_device()?.may_remove_much;
        // What was allowed holds until all is read, also where that takes several rounds.
        let device = Device { may_remove_much: may_remove_much && page.more, ..device.clone() };
        let mut left_out = 0;
        self.write(&device, |tx| {
            fuse::take_away(tx, page, may_remove_much)?;
            let states = page.entries.iter().filter_map(|entry| match entry {
                Entry::State(record) => Some(record),
                Entry::LeftScope { .. } => None,
            });
            // With other grants the same version of a record may name more, or less.
            left_out = tx.receive(states, page.grants_changed, &mut Id::now).map_err(broken)?;
            Ok(())
        })?;
        Ok(left_out > 0)
    }

    fn seen_above(&self, version: i64, after: Id) -> Result<Vec<Versioned>, SyncError> {
        self.store.seen_above(version, after, sync::MOST_CHANGES).map_err(broken)
    }

    fn forget_above(&self, version: i64, device: &Device) -> Result<(), SyncError> {
        self.write(device, |tx| tx.forget_above(version).map_err(broken))
    }

    fn to_compare(&self, device: &Device) -> Result<Option<Compared>, SyncError> {
        self.compared(device)
    }

    fn digest(&self, entity: &str, fields: &[String]) -> Result<Vec<u64>, SyncError> {
        self.hashes(entity, fields)
    }

    fn mend(
        &self,
        entity: &str,
        fetched: &Refetched,
        device: &Device,
    ) -> Result<Option<Mended>, SyncError> {
        self.put_right(entity, fetched, device)
    }

    fn remove_strangers(
        &self,
        strangers: &BTreeMap<String, Vec<Id>>,
        device: &Device,
    ) -> Result<usize, SyncError> {
        self.remove(strangers, device)
    }

    fn put_checked(&self, mended: usize, device: &Device) -> Result<(), SyncError> {
        self.keep_checked(mended, device)
    }

    fn snapshot(&self) -> Result<Option<Fill>, SyncError> {
        self.kept_snapshot()
    }

    fn keep_part(&self, part: &Part, before: &Fill, kept: &Fill) -> Result<bool, SyncError> {
        self.keep(part, before, kept)
    }

    fn drop_snapshot(&self, kept: &Fill) -> Result<(), SyncError> {
        self.drop_parts(kept)
    }

    fn load_snapshot(&self, kept: &Fill, device: &Device) -> Result<bool, SyncError> {
        self.load(kept, device)
    }

    fn become_own(&self, device: &Device) -> Result<(), SyncError> {
        self.write(device, |tx| tx.give_numbers_up().map_err(broken))
    }

    fn send_again(&self, device: &Device) -> Result<(), SyncError> {
        self.write(device, |tx| {
            tx.send_again(device_days()).map_err(broken)?;
            tx.offer_again().map_err(broken)
        })
    }

    fn all_read(&self, device: &Device) -> Result<(), SyncError> {
        self.write(device, |tx| tx.all_read().map_err(broken))
    }
}

/// Why the first upload does not go on.
fn not_taken(refusal: &Refusal) -> String {
    // A company has its letterhead and its numbers once.
    match refusal.code.as_str() {
        "setting-exists" => "The hub has a workspace already, and a second one does not go beside it. What is here stays here; begin with a new workspace, which gets the hub's records.".into(),
        _ => format!("The hub did not take the workspace: {refusal}"),
    }
}

/// Confirmed changesets younger than this are sent again after the hub was restored: 35 days.
fn device_days() -> Instant {
    (Instant::now().utc() - chrono::TimeDelta::days(35)).into()
}

/// What a changeset made and its answer lacks goes; what it changed is put back by the hub's answer. Returns
/// whether something went that the hub had told: with other grants it may come back, and the hub
/// takes it for known.
fn take_back(
    tx: &mut Tx<'_>,
    changeset: &Changeset,
    answer: &sync::Answered,
) -> Result<bool, SyncError> {
    let mut lacks = false;
    let is_there = |id: Id| answer.records.iter().any(|record| record.id == id);
    let quote = |change: &Change| change.entity == "quote" && is_there(change.id);
    let has_quote = changeset.changes.iter().any(quote);
    for change in changeset.changes.iter().filter(|change| !is_there(change.id)) {
        if has_quote && change.entity == "quote_line" {
            tx.take_line_away(change.id).map_err(broken)?;
        } else {
            lacks |= tx.is_known(change.id).map_err(broken)?;
            tx.leave(&change.entity, change.id).map_err(broken)?;
        }
    }
    Ok(lacks)
}
