//! Applies what a laptop changed, record by record, each merged by field.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Change, ChangeKind, Choice, Conflict, Context, Day, Id, Instant, QuoteStatus, Record, Refusal,
    access::Grants,
    blank,
    changeset::object,
    merge::{Clash, State, merge, status_moved},
    validate,
};
use serde_json::Value;
use sync::Sent;

use crate::{
    Result, duplicate,
    insert::{give_way, insert, only_setting},
    push::is_upload,
    quote_unit::{Apart, belongs},
    scope::{hides, place_now, sees},
    sight::Sight,
    storage::{Device, Stored, Tx},
};

/// A changeset on its way into the database.
pub(crate) struct Work<'a> {
    pub(crate) device: &'a Device,
    pub(crate) grants: &'a Grants,
    pub(crate) sight: &'a Sight<'a>,
    pub(crate) sent: &'a Sent,
    /// Records that were made of it.
    pub(crate) made: Vec<(String, Id)>,
    /// The fields that clashed.
    pub(crate) fields: Vec<String>,
    pub(crate) is_merged: bool,
    pub(crate) now: Instant,
    pub(crate) today: Day,
}

/// What was decided: an outer error is the database's, an inner one the sender's.
pub(crate) type Decided = Result<std::result::Result<(), Refusal>>;

impl Work<'_> {
    pub(crate) async fn apply(&mut self, tx: &mut impl Tx, apart: &Apart) -> Decided {
        let changes = &self.sent.changeset.changes[..];
        if let Some(change) = changes.iter().find(|change| !self.grants.may_write(&change.entity)) {
            return Ok(Err(forbidden(&change.entity)));
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
            if let Err(refusal) = self.only_settles(change) {
                return Ok(Err(refusal));
            }
            let stored = match change.kind {
                ChangeKind::Insert if held.is_new(change) => {
                    if let Err(refusal) = self.begins_as_draft(change) {
                        return Ok(Err(refusal));
                    }
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
            let place = match &stored {
                Some(stored) => self.sight.place(tx, stored).await?,
                None => None,
            };
            let done = match (stored, place) {
                (None, _) | (_, None) => Err(missing(&change.entity)),
                (_, Some(place)) if !self.grants.may_change(&change.entity, place) => {
                    Err(forbidden(&change.entity))
                }
                // Sent before under another changeset, or brought by another way: it is there.
                (Some(_), _) if change.kind == ChangeKind::Insert => Ok(()),
                (Some(stored), _) => self.update(tx, stored, change).await?,
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

    /// Conflicts are the hub's: laptops only say how one was settled.
    fn only_settles(&self, change: &Change) -> std::result::Result<(), Refusal> {
        let is_settling =
            |name: &String| matches!(name.as_str(), "choice" | "updated_at" | "updated_by");
        let may = change.kind == ChangeKind::Update && change.fields.keys().all(is_settling);
        match change.entity != "conflict" || may || is_upload(self.sent, self.grants) {
            true => Ok(()),
            false => Err(forbidden("conflict")),
        }
    }

    /// A quote is made as a draft; what becomes of it comes after.
    fn begins_as_draft(&self, change: &Change) -> std::result::Result<(), Refusal> {
        let status = change.fields.get("status").and_then(|field| field.to.as_str());
        let is_draft = status.is_none_or(|status| status == QuoteStatus::Draft.as_str());
        match change.entity != "quote" || is_draft || is_upload(self.sent, self.grants) {
            true => Ok(()),
            false => Err(status_moved(QuoteStatus::Draft, status.unwrap_or_default())),
        }
    }

    async fn insert(&mut self, tx: &mut impl Tx, new: &mut Vec<Change>) -> Decided {
        if new.is_empty() {
            return Ok(Ok(()));
        }
        if is_upload(self.sent, self.grants) {
            give_way(tx, new).await?;
        }
        let inserted = insert(tx, (self.grants, self.sight), &std::mem::take(new)).await?;
        Ok(inserted.map(|is_merged| self.is_merged |= is_merged))
    }

    async fn update(&mut self, tx: &mut impl Tx, stored: Stored, change: &Change) -> Decided {
        let known = blank(&change.entity);
        if let Some(unknown) = change.fields.keys().find(|name| !known.contains_key(*name)) {
            let sentence = "The hub does not know this field yet.";
            return Ok(Err(Refusal::new("field-unknown", sentence).at(unknown)));
        }
        let mut merged = match merge(&stored.state, change) {
            Ok(merged) => merged,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if merged.set.contains_key("updated_at") && !is_upload(self.sent, self.grants) {
            // Who changed it before as well does not say so; somebody else may have in between.
            merged.set.insert("updated_by".into(), self.device.user_id.to_string().into());
        }
        let mut after = stored.state.clone();
        after.extend(merged.set.clone());
        // What a newer hub keeps in the same database is not this one's to judge.
        after.retain(|name, _| known.contains_key(name));
        if let Err(refusal) = validate(&change.entity, &after) {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = sees(tx, self.sight, &only(&merged.set)).await? {
            return Ok(Err(refusal));
        }
        if change.entity == "document" && merged.set.contains_key("customer_id") {
            let place = place_now(tx, &change.entity, &after).await?;
            if !self.grants.may_change(&change.entity, place) {
                return Ok(Err(forbidden(&change.entity)));
            }
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
        // What its user does not see is not told.
        let theirs = match hides(tx, self.grants, &clash.field, &clash.theirs).await? {
            true => Value::Null,
            false => clash.theirs,
        };
        // What is somebody else's by now is theirs to settle.
        let owner_id = match self.grants.sees(stored.place) {
            true => Some(self.device.user_id),
            false => id_of("owner_id"),
        };
        let conflict = Conflict {
            customer_id,
            owner_id,
            record_entity: stored.entity.clone(),
            record_id: stored.id,
            subject: self.sent.changeset.subject.clone(),
            field: clash.field,
            base: clash.base.to_string(),
            theirs: theirs.to_string(),
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
        let user_id = self.device.user_id;
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

fn forbidden(entity: &str) -> Refusal {
    let sentence = "Your role does not allow changing this.";
    Refusal::new("forbidden", sentence).with("entity", entity)
}

pub(crate) fn missing(entity: &str) -> Refusal {
    let sentence = "The record is not there, or not yours to see.";
    Refusal::new("record-missing", sentence).with("entity", entity)
}
