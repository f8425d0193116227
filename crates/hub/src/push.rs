//! Takes changesets: exactly once, in order, merged by field.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Change, ChangeKind, Choice, Conflict, Context, Day, Id, Instant, Record, Refusal,
    access::{Grants, Role},
    blank,
    changeset::object,
    merge::{Clash, State, merge},
    validate,
};
use serde_json::Value;
use sync::{Answered, Outcome, Push, Pushed, Sent, Versioned};

use crate::{
    Error, Result, duplicate,
    insert::{insert, only_setting},
    quote_unit::{Apart, belongs, quotes_of, take_apart},
    scope::{narrowed, sees},
    storage::{Device, Reader, Storage, Stored, Tx},
};

/// Changesets of a push that are committed together: each is still taken whole or not at all, and
/// a commit costs as much as many of them.
const TOGETHER: usize = 64;

/// Takes a push of a device: its changesets in order, each whole or not at all, each exactly once.
///
/// # Errors
/// `device-unknown`, `device-revoked`, `device-forked`, `epoch-ended`, or when the database does not answer;
/// what was committed before is answered again on a replay.
pub async fn push(storage: &impl Storage, push: Push, now: Instant, today: Day) -> Result<Pushed> {
    let when = (now, today);
    let mut pushed = Pushed { epoch: Id::NIL, answers: Vec::new(), next_push: push.first };
    let mut no = push.first;
    let mut rest = &push.changesets[..];
    loop {
        let part = &rest[..rest.len().min(TOGETHER)];
        let taken = match take_all(storage, &push, (no, part), when).await {
            // Two laptops may have waited for each other, or somebody else writes: those that can
            // be taken are.
            Err(_) if part.len() > 1 => take_all(storage, &push, (no, &part[..1]), when).await?,
            taken => taken?,
        };
        let count = taken.answers.len();
        let is_stopped =
            taken.answers.last().is_some_and(|answer| answer.outcome == Outcome::Retry);
        pushed.epoch = taken.epoch;
        pushed.next_push = taken.next_push;
        pushed.answers.extend(taken.answers);
        rest = &rest[count..];
        no += i64::try_from(count).unwrap_or(i64::MAX);
        if is_stopped || rest.is_empty() {
            return Ok(pushed);
        }
    }
}

/// Takes changesets in one transaction.
async fn take_all(
    storage: &impl Storage,
    push: &Push,
    (first, part): (i64, &[Sent]),
    (now, today): (Instant, Day),
) -> Result<Pushed> {
    let mut tx = storage.begin().await?;
    let ids: Vec<Id> = part.iter().map(|sent| sent.changeset.id).collect();
    let sender = known_sender(&mut tx, push.device_id, push.incarnation, &ids).await?;
    let (Reader { mut device, grants, epoch, .. }, known) = sender;
    let mut known: BTreeMap<Id, Answered> =
        known.into_iter().map(|answer| (answer.changeset_id, answer)).collect();
    if push.epoch.is_some_and(|known| known != epoch) {
        // What came before it may be gone; the laptop brings that first.
        return Err(Error::new("epoch-ended", "The hub was restored; say hello again."));
    }
    let mut answers = Vec::new();
    for (no, sent) in (first..).zip(part) {
        let answer = match known.remove(&sent.changeset.id) {
            Some(known) => replayed(&mut tx, &grants, known, sent).await?,
            None if no != device.next_push => {
                answers.push(Answered {
                    changeset_id: sent.changeset.id,
                    outcome: Outcome::Retry,
                    records: Vec::new(),
                    made: Vec::new(),
                });
                break;
            }
            None => take(&mut tx, (&device, &grants), no, sent, now, today).await?,
        };
        if no == device.next_push {
            device.next_push = no + 1;
        }
        answers.push(answer);
    }
    tx.put_device(&device).await?;
    tx.commit().await?;
    Ok(Pushed { epoch, answers, next_push: device.next_push })
}

pub(crate) async fn known_device(tx: &mut impl Tx, id: Id, incarnation: i64) -> Result<Device> {
    let device = tx.device(id).await?.ok_or_else(unknown)?;
    check(&device, incarnation)?;
    Ok(device)
}

/// Who writes, and what became of changesets that came before; the feed says whose work it is.
pub(crate) async fn known_sender(
    tx: &mut impl Tx,
    device_id: Id,
    incarnation: i64,
    changesets: &[Id],
) -> Result<(Reader, Vec<Answered>)> {
    let sender = tx.sender(device_id, changesets).await?.ok_or_else(unknown)?;
    check(&sender.0.device, incarnation)?;
    Ok(sender)
}

pub(crate) fn unknown() -> Error {
    Error::new("device-unknown", "This laptop is not registered at the hub.")
}

pub(crate) fn check(device: &Device, incarnation: i64) -> Result<()> {
    if device.is_revoked {
        return Err(Error::new("device-revoked", "This laptop may not sync any more."));
    }
    if device.incarnation != incarnation {
        return Err(Error::new(
            "device-forked",
            "This database was copied or restored; say hello again.",
        ));
    }
    Ok(())
}

/// One changeset that was not seen before.
async fn take(
    tx: &mut impl Tx,
    (device, grants): (&Device, &Grants),
    no: i64,
    sent: &Sent,
    now: Instant,
    today: Day,
) -> Result<Answered> {
    tx.mark().await?;
    let apart = take_apart(tx, device, grants, sent).await?;
    let mut work = Work { grants, sent, fields: Vec::new(), is_merged: false, now, today };
    let (mut decided, made) = match apart {
        Ok(apart) => {
            work.fields.extend(apart.quotes.iter().map(|_| "quote".to_owned()));
            (work.apply(tx, &apart).await?, apart.made)
        }
        Err(refusal) => (Err(refusal), Vec::new()),
    };
    if decided.is_ok() && !tx.references_hold().await? {
        let sentence = "It names a record that is not there.";
        decided = Err(Refusal::new("reference-missing", sentence));
    }
    let outcome = match decided {
        Ok(()) if !work.fields.is_empty() => Outcome::Conflict { fields: work.fields },
        Ok(()) if work.is_merged => Outcome::Merged,
        Ok(()) => Outcome::Applied,
        Err(refusal) => {
            tx.undo_to_mark().await?;
            Outcome::Rejected { refusal }
        }
    };
    let is_taken = !matches!(outcome, Outcome::Rejected { .. });
    let made = if is_taken { made } else { Vec::new() };
    let records = records_of(tx, grants, sent, &made).await?;
    let answer = Answered { changeset_id: sent.changeset.id, outcome, records, made };
    tx.put_answer(device, no, &answer, is_taken.then_some(&sent.changeset)).await?;
    Ok(answer)
}

/// A changeset that was answered before: the same outcome, with its records as they are now.
async fn replayed(
    tx: &mut impl Tx,
    grants: &Grants,
    known: Answered,
    sent: &Sent,
) -> Result<Answered> {
    let records = records_of(tx, grants, sent, &known.made).await?;
    Ok(Answered { records, ..known })
}

/// The records that a changeset touches, as the hub holds them; those in scope. Of a quote the whole:
/// the laptop may have left out what came of it while its own edit waited.
async fn records_of(
    tx: &mut impl Tx,
    grants: &Grants,
    sent: &Sent,
    made: &[(String, Id)],
) -> Result<Vec<Versioned>> {
    let mut touched: Vec<(String, Id)> = sent
        .changeset
        .changes
        .iter()
        .filter(|change| domain::ENTITIES.contains(&change.entity.as_str()))
        .map(|change| (change.entity.clone(), change.id))
        .chain(made.iter().cloned())
        .collect();
    if !is_upload(sent, grants) {
        let quotes: Vec<Id> = quotes_of(tx, &sent.changeset.changes).await?.into_iter().collect();
        if !quotes.is_empty() {
            let lines = tx.naming("quote_line", "quote_id", &quotes).await?;
            touched.extend(lines.into_iter().map(|line| (line.entity, line.id)));
        }
        touched.extend(quotes.into_iter().map(|quote| ("quote".into(), quote)));
    }
    touched.sort();
    touched.dedup();
    let mut found = tx.records(&touched).await?;
    found.retain(|stored| grants.sees(stored.place));
    narrowed(tx, grants, found).await
}

/// A workspace that had no hub goes up: quotes come before their lines, decided or not, and nobody
/// else knows them yet.
pub(crate) fn is_upload(sent: &Sent, grants: &Grants) -> bool {
    sent.changeset.operation == "workspace.upload" && grants.role == Role::Administrator
}

/// A changeset on its way into the database.
struct Work<'a> {
    grants: &'a Grants,
    sent: &'a Sent,
    /// The fields that clashed.
    fields: Vec<String>,
    is_merged: bool,
    now: Instant,
    today: Day,
}

/// What was decided: an outer error is the database's, an inner one the sender's.
type Decided = Result<std::result::Result<(), Refusal>>;

impl Work<'_> {
    async fn apply(&mut self, tx: &mut impl Tx, apart: &Apart) -> Decided {
        let changes = &self.sent.changeset.changes[..];
        if let Some(change) = changes.iter().find(|change| !self.grants.may_write(&change.entity)) {
            let sentence = "Your role does not allow changing this.";
            return Ok(Err(Refusal::new("forbidden", sentence).with("entity", &change.entity)));
        }
        let mut held = Held::of(tx, changes).await?;
        let mut new = Vec::new();
        for change in changes {
            if self.sent.again && tx.brought(&change.entity, change.id).await?.is_some() {
                // Some laptop brought the record back with this change and what came after it.
                continue;
            }
            if belongs(tx, change, apart).await? {
                continue;
            }
            let stored = match change.kind {
                ChangeKind::Insert if held.is_new(change) => {
                    new.push(change.clone());
                    continue;
                }
                _ => {
                    // What is changed may be what was just made.
                    if let Err(refusal) = self.insert(tx, &mut new).await? {
                        return Ok(Err(refusal));
                    }
                    held.take(tx, change).await?
                }
            };
            let done = match (stored, change.kind) {
                (None, _) => Err(missing(change)),
                (Some(stored), _) if !self.grants.sees(stored.place) => Err(missing(change)),
                // Sent before under another changeset, or brought by another way: it is there.
                (Some(_), ChangeKind::Insert) => Ok(()),
                (Some(stored), ChangeKind::Update) => self.update(tx, stored, change).await?,
            };
            if done.is_err() {
                return Ok(done);
            }
            if matches!(change.entity.as_str(), "customer" | "quote") {
                // What hangs on it may stand elsewhere now.
                held.forget();
            }
        }
        if let Err(refusal) = self.insert(tx, &mut new).await? {
            return Ok(Err(refusal));
        }
        for change in changes {
            duplicate::list(tx, self.grants, self.sent, change, (self.now, self.today)).await?;
        }
        Ok(Ok(()))
    }

    async fn insert(&mut self, tx: &mut impl Tx, new: &mut Vec<Change>) -> Decided {
        if new.is_empty() {
            return Ok(Ok(()));
        }
        let inserted = insert(tx, self.grants, &std::mem::take(new)).await?;
        Ok(inserted.map(|is_merged| self.is_merged |= is_merged))
    }

    async fn update(&mut self, tx: &mut impl Tx, stored: Stored, change: &Change) -> Decided {
        let known = blank(&change.entity);
        if let Some(unknown) = change.fields.keys().find(|name| !known.contains_key(*name)) {
            let sentence = "The hub does not know this field yet.";
            return Ok(Err(Refusal::new("field-unknown", sentence).at(unknown)));
        }
        let merged = match merge(&stored.state, change) {
            Ok(merged) => merged,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut after = stored.state.clone();
        after.extend(merged.set.clone());
        // What a newer hub keeps in the same database is not this one's to judge.
        after.retain(|name, _| known.contains_key(name));
        if let Err(refusal) = validate(&change.entity, &after) {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = sees(tx, self.grants, &only(&merged.set)).await? {
            return Ok(Err(refusal));
        }
        // Brought back: another one may have taken its place.
        if merged.set.get("deleted_at").is_some_and(Value::is_null)
            && let Err(refusal) = only_setting(tx, change, &after).await?
        {
            return Ok(Err(refusal));
        }
        self.is_merged |= merged.is_mixed;
        if !merged.set.is_empty() {
            tx.update(&change.entity, change.id, &merged.set).await?;
        }
        for clash in merged.clashes {
            self.fields.push(format!("{}.{}", change.entity, clash.field));
            self.note(tx, &stored, clash).await?;
        }
        Ok(Ok(()))
    }

    /// Lists a clash, so that somebody can settle it.
    async fn note(&self, tx: &mut impl Tx, stored: &Stored, clash: Clash) -> Result<()> {
        let id_of = |name: &str| {
            stored.state.get(name).and_then(Value::as_str).and_then(|id| id.parse::<Id>().ok())
        };
        let customer_id = match stored.entity.as_str() {
            "customer" => Some(stored.id),
            "quote_line" => self.quote_customer(tx, id_of("quote_id")).await?,
            _ => id_of("customer_id"),
        };
        let conflict = Conflict {
            customer_id,
            owner_id: Some(self.sent.changeset.user_id),
            record_entity: stored.entity.clone(),
            record_id: stored.id,
            subject: self.sent.changeset.subject.clone(),
            field: clash.field,
            base: clash.base.to_string(),
            theirs: clash.theirs.to_string(),
            ours: clash.ours.to_string(),
            ours_at: self.sent.changeset.at,
            changeset_id: self.sent.changeset.id,
            choice: Choice::Open,
            ..Conflict::default()
        };
        let stamped = self.stamped(stored.id, conflict);
        // Sent again after a restore: some laptop may have brought it back, settled by now.
        match tx.record("conflict", stamped.id).await? {
            Some(_) => Ok(()),
            None => tx.insert("conflict", &[&object(&stamped)]).await,
        }
    }

    fn stamped(&self, record_id: Id, mut conflict: Conflict) -> Conflict {
        let id = derived(self.sent.changeset.id, record_id, &conflict.field);
        let user_id = self.sent.changeset.user_id;
        let mut ids = || id;
        let mut context = Context { now: self.now, today: self.today, user_id, ids: &mut ids };
        conflict.stamp_created(&mut context);
        conflict
    }

    async fn quote_customer(&self, tx: &mut impl Tx, quote_id: Option<Id>) -> Result<Option<Id>> {
        let Some(quote_id) = quote_id else { return Ok(None) };
        let quote = tx.records(&[("quote".to_owned(), quote_id)]).await?.pop();
        let customer = quote.and_then(|quote| {
            quote.state.get("customer_id").and_then(Value::as_str).map(str::to_owned)
        });
        Ok(customer.and_then(|id| id.parse().ok()))
    }
}

/// The records of a changeset, read and held in one go. Each is good for one change: after it, it
/// is read anew.
struct Held {
    found: BTreeMap<(String, Id), Stored>,
    /// Neither found nor made since.
    missing: BTreeSet<(String, Id)>,
}

impl Held {
    async fn of(tx: &mut impl Tx, changes: &[Change]) -> Result<Self> {
        let wanted: BTreeSet<(String, Id)> =
            changes.iter().map(|change| (change.entity.clone(), change.id)).collect();
        let wanted: Vec<(String, Id)> = wanted.into_iter().collect();
        let found = tx.hold(&wanted).await?;
        let found: BTreeMap<(String, Id), Stored> =
            found.into_iter().map(|stored| ((stored.entity.clone(), stored.id), stored)).collect();
        let missing = wanted.into_iter().filter(|key| !found.contains_key(key)).collect();
        Ok(Self { found, missing })
    }

    /// Whether the record is not there; from now on it counts as made.
    fn is_new(&mut self, change: &Change) -> bool {
        self.missing.remove(&(change.entity.clone(), change.id))
    }

    async fn take(&mut self, tx: &mut impl Tx, change: &Change) -> Result<Option<Stored>> {
        match self.found.remove(&(change.entity.clone(), change.id)) {
            Some(stored) => Ok(Some(stored)),
            None => tx.record(&change.entity, change.id).await,
        }
    }

    fn forget(&mut self) {
        self.found.clear();
    }
}

/// The same clash of the same changeset is the same conflict, however often it is worked out.
fn derived(changeset_id: Id, record_id: Id, field: &str) -> Id {
    let name = format!("{record_id}.{field}");
    Id(uuid::Uuid::new_v5(&changeset_id.0, name.as_bytes()))
}

fn only(set: &BTreeMap<String, Value>) -> State {
    set.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn missing(change: &Change) -> Refusal {
    let sentence = "The record is not there, or not yours to see.";
    Refusal::new("record-missing", sentence).with("entity", &change.entity)
}

/// A record as it is sent.
pub(crate) fn versioned(stored: Stored) -> Versioned {
    Versioned {
        entity: stored.entity,
        id: stored.id,
        version: stored.at.version,
        state: stored.state,
    }
}
