//! Takes changesets: exactly once, in order, merged by field.

use std::collections::BTreeMap;

use domain::{
    Change, ChangeKind, Choice, Conflict, Context, Day, Id, Instant, Record, Refusal,
    access::Grants,
    blank,
    changeset::object,
    merge::{Clash, State, merge},
    validate,
};
use serde_json::Value;
use sync::{Answered, Outcome, Push, Pushed, Sent, Versioned};

use crate::{
    Error, Result, duplicate,
    quote_unit::{Apart, belongs, quotes_of, take_apart},
    scope::{narrowed, sees},
    storage::{Device, Storage, Stored, Tx},
};

/// Takes a push of a device. Each changeset is a transaction of its own.
///
/// # Errors
/// `device-unknown`, `device-revoked`, `device-forked`, or when the database does not answer;
/// what was answered before stays answered.
pub async fn push(storage: &impl Storage, push: Push, now: Instant, today: Day) -> Result<Pushed> {
    let mut answers = Vec::new();
    for (no, sent) in (push.first..).zip(&push.changesets) {
        let mut tx = storage.begin().await?;
        let mut device = known_device(&mut tx, push.device_id, push.incarnation).await?;
        let answer = match tx.answer(sent.changeset.id).await? {
            Some(known) => replayed(&mut tx, &device, known, sent).await?,
            None if no != device.next_push => {
                answers.push(Answered {
                    changeset_id: sent.changeset.id,
                    outcome: Outcome::Retry,
                    records: Vec::new(),
                    made: Vec::new(),
                });
                break;
            }
            None => take(&mut tx, &device, no, sent, now, today).await?,
        };
        if no == device.next_push {
            device.next_push = no + 1;
            tx.put_device(&device).await?;
        }
        tx.commit().await?;
        answers.push(answer);
    }
    let mut tx = storage.begin().await?;
    let device = known_device(&mut tx, push.device_id, push.incarnation).await?;
    let epoch = tx.epoch().await?;
    tx.commit().await?;
    Ok(Pushed { epoch, answers, next_push: device.next_push })
}

pub(crate) async fn known_device(tx: &mut impl Tx, id: Id, incarnation: i64) -> Result<Device> {
    let device = tx
        .device(id)
        .await?
        .ok_or_else(|| Error::new("device-unknown", "This laptop is not registered at the hub."))?;
    if device.is_revoked {
        return Err(Error::new("device-revoked", "This laptop may not sync any more."));
    }
    if device.incarnation != incarnation {
        return Err(Error::new(
            "device-forked",
            "This database was copied or restored; say hello again.",
        ));
    }
    Ok(device)
}

/// One changeset that was not seen before.
async fn take(
    tx: &mut impl Tx,
    device: &Device,
    no: i64,
    sent: &Sent,
    now: Instant,
    today: Day,
) -> Result<Answered> {
    let grants = tx.grants(device.user_id).await?;
    // So that the feed says whose work it is.
    tx.put_device(device).await?;
    tx.mark().await?;
    let apart = take_apart(tx, device, &grants, sent).await?;
    let mut work = Work { grants: &grants, sent, fields: Vec::new(), is_merged: false, now, today };
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
    if !matches!(outcome, Outcome::Rejected { .. }) {
        tx.put_changeset(device, &sent.changeset).await?;
    }
    let made = if matches!(outcome, Outcome::Rejected { .. }) { Vec::new() } else { made };
    let records = records_of(tx, &grants, sent, &made).await?;
    let answer = Answered { changeset_id: sent.changeset.id, outcome, records, made };
    tx.put_answer(device, no, &answer).await?;
    Ok(answer)
}

/// A changeset that was answered before: the same outcome, with its records as they are now.
async fn replayed(
    tx: &mut impl Tx,
    device: &Device,
    known: Answered,
    sent: &Sent,
) -> Result<Answered> {
    let grants = tx.grants(device.user_id).await?;
    let records = records_of(tx, &grants, sent, &known.made).await?;
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
    for quote in quotes_of(tx, &sent.changeset.changes).await? {
        touched.push(("quote".into(), quote));
        let lines = tx.naming("quote_line", "quote_id", quote).await?;
        touched.extend(lines.into_iter().map(|line| (line.entity, line.id)));
    }
    touched.sort();
    touched.dedup();
    let mut records = Vec::new();
    for stored in tx.records(&touched).await? {
        if grants.sees(stored.place) {
            records.push(narrowed(tx, grants, stored).await?);
        }
    }
    Ok(records)
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
        for change in &self.sent.changeset.changes {
            if !self.grants.may_write(&change.entity) {
                let sentence = "Your role does not allow changing this.";
                return Ok(Err(Refusal::new("forbidden", sentence).with("entity", &change.entity)));
            }
            if self.sent.again && tx.brought(&change.entity, change.id).await?.is_some() {
                // Some laptop brought the record back with this change and what came after it.
                continue;
            }
            if belongs(tx, change, apart).await? {
                continue;
            }
            let stored = tx.record(&change.entity, change.id).await?;
            let done = match (stored, change.kind) {
                (None, ChangeKind::Insert) => self.insert(tx, change).await?,
                (None, ChangeKind::Update) => Err(missing(change)),
                (Some(stored), _) if !self.grants.sees(stored.place) => Err(missing(change)),
                // Sent before under another changeset, or brought by another way: it is there.
                (Some(_), ChangeKind::Insert) => Ok(()),
                (Some(stored), ChangeKind::Update) => self.update(tx, stored, change).await?,
            };
            if done.is_err() {
                return Ok(done);
            }
            duplicate::list(tx, self.grants, self.sent, change, (self.now, self.today)).await?;
        }
        Ok(Ok(()))
    }

    async fn insert(&mut self, tx: &mut impl Tx, change: &Change) -> Decided {
        let mut state: State =
            change.fields.iter().map(|(name, field)| (name.clone(), field.to.clone())).collect();
        state.insert("id".into(), change.id.to_string().into());
        if let Err(refusal) = validate(&change.entity, &state) {
            return Ok(Err(refusal));
        }
        let place = tx.place(&change.entity, &state).await?;
        if !self.grants.sees(place) {
            return Ok(Err(Refusal::new("out-of-scope", "It belongs to a customer of others.")));
        }
        if let Err(refusal) = sees(tx, self.grants, &state).await? {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = only_setting(tx, change, &state).await? {
            return Ok(Err(refusal));
        }
        self.keep_number_unique(tx, change, &mut state).await?;
        tx.insert(&change.entity, &state).await?;
        Ok(Ok(()))
    }

    /// A number that someone else used meanwhile gets a fresh one: never the same number twice.
    async fn keep_number_unique(
        &mut self,
        tx: &mut impl Tx,
        change: &Change,
        state: &mut State,
    ) -> Result<()> {
        let Some(number) = state.get("number").and_then(Value::as_str).map(str::to_owned) else {
            return Ok(());
        };
        // A revision of a quote has the number of the quote that it revises.
        if number.is_empty() || state.get("revises_id").is_some_and(|id| !id.is_null()) {
            return Ok(());
        }
        let mut tried = number.clone();
        let mut nth = 2;
        while tx.taken(&change.entity, "number", &tried, change.id).await? {
            tried = format!("{number}-{nth}");
            nth += 1;
        }
        if tried != number {
            self.is_merged = true;
            state.insert("number".into(), tried.into());
        }
        Ok(())
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
        tx.insert("conflict", &object(&stamped)).await
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

/// A setting is there once; laptops refuse a second one of its name.
async fn only_setting(
    tx: &mut impl Tx,
    change: &Change,
    state: &State,
) -> Result<std::result::Result<(), Refusal>> {
    let name = state.get("name").and_then(Value::as_str).unwrap_or_default();
    if change.entity != "setting" || !tx.taken("setting", "name", name, change.id).await? {
        return Ok(Ok(()));
    }
    let sentence = "Somebody else set this meanwhile. Look at it and change it again.";
    Ok(Err(Refusal::new("setting-exists", sentence).at("value")))
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
