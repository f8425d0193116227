//! Takes changesets: exactly once, in order, merged by field.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use domain::{
    Change, ChangeKind, Changeset, Day, FieldChange, Id, Instant, Refusal,
    access::{Grants, Role},
    check_heading, check_state, check_values,
    merge::State,
    references,
};
use serde_json::Value;
use sync::{Answered, KeptPart, MOST_CHANGES, Outcome, Push, Pushed, Sent, Versioned};

use crate::{
    Error, Result,
    apply::{Decided, Work, missing},
    error::VALUE_INVALID,
    hello::set_back,
    keep::storable,
    quote_unit::{quotes_of, take_apart},
    scope::narrowed,
    sight::Sight,
    storage::{Device, Reader, Storage, Stored, Tx},
};

/// Changesets of a push that are committed together: each is still taken whole or not at all, and
/// a commit costs as much as many of them.
const TOGETHER: usize = 64;

/// Takes a push of a device: its changesets in order, each whole or not at all, each exactly once.
///
/// # Errors
/// `device-unknown`, `device-revoked`, `device-forked`, `epoch-ended`, `hub-set-back`, or when the database does not answer;
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
    let (reader, known) = sender;
    let (mut device, grants, epoch) = (reader.device.clone(), &reader.grants, reader.epoch);
    let sight = Sight::of(&reader, push.cursor.as_deref(), now);
    let mut known: BTreeMap<Id, Answered> =
        known.into_iter().map(|answer| (answer.changeset_id, answer)).collect();
    if push.epoch.is_some_and(|known| known != epoch) {
        // What came before it may be gone; the laptop brings that first.
        return Err(Error::new("epoch-ended", "The hub was restored; say hello again."));
    }
    if first > device.next_push {
        // It had answers that this database never gave.
        return Err(set_back());
    }
    let mut answers = Vec::new();
    for (no, sent) in (first..).zip(part) {
        let answer = match known.remove(&sent.changeset.id) {
            Some(known) => replayed(&mut tx, grants, known, sent).await?,
            None if no != device.next_push => {
                answers.push(Answered {
                    changeset_id: sent.changeset.id,
                    outcome: Outcome::Retry,
                    records: Vec::new(),
                    made: Vec::new(),
                });
                break;
            }
            None => take(&mut tx, (&device, grants, &sight), no, sent, now, today).await?,
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
    (device, grants, sight): (&Device, &Grants, &Sight<'_>),
    no: i64,
    sent: &Sent,
    now: Instant,
    today: Day,
) -> Result<Answered> {
    tx.mark().await?;
    let sent = &*as_work_of(device, grants, sent);
    let mut work = Work {
        device,
        grants,
        sight,
        sent,
        made: Vec::new(),
        fields: Vec::new(),
        is_merged: false,
        now,
        today,
    };
    let decided = match work.decide(tx).await {
        // It would be so however often it came.
        Err(error) if error.code == VALUE_INVALID => {
            Err(Refusal::new(VALUE_INVALID, "It holds a value that cannot be stored."))
        }
        decided => decided?,
    };
    let Work { made, fields, is_merged, .. } = work;
    let outcome = match decided {
        // What somebody else wrote to what is others' by now is theirs.
        Ok(()) if !fields.is_empty() && hidden(tx, grants, sent).await?.is_some() => {
            Outcome::Merged
        }
        Ok(()) if !fields.is_empty() => Outcome::Conflict { fields },
        Ok(()) if is_merged => Outcome::Merged,
        Ok(()) => Outcome::Applied,
        Err(refusal) => {
            tx.undo_to_mark().await?;
            let refusal = match hidden(tx, grants, sent).await? {
                Some(entity) => {
                    keep_apart(tx, device, sent).await?;
                    // Nor is it said why.
                    let is_told = ["record-missing", "reference-missing", "out-of-scope"]
                        .contains(&&*refusal.code);
                    if sight.reaches_back() && !is_told { missing(&entity) } else { refusal }
                }
                None => refusal,
            };
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

impl Work<'_> {
    async fn decide(&mut self, tx: &mut impl Tx) -> Decided {
        if let Err(refusal) = can_be_stored(self.sent) {
            return Ok(Err(refusal));
        }
        let apart = match take_apart(tx, self.device, (self.grants, self.sight), self.sent).await? {
            Ok(apart) => apart,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.fields.extend(apart.quotes.iter().map(|_| "quote".to_owned()));
        let decided = self.apply(tx, &apart).await?;
        self.made = apart.made;
        if decided.is_ok() && !tx.references_hold().await? {
            let sentence = "It names a record that is not there.";
            return Ok(Err(Refusal::new("reference-missing", sentence)));
        }
        Ok(decided)
    }
}

/// The kind of a record that a changeset touches or names and that its user does not see, if any.
async fn hidden(tx: &mut impl Tx, grants: &Grants, sent: &Sent) -> Result<Option<String>> {
    let mut named = BTreeSet::new();
    let is_known = |change: &&Change| domain::ENTITIES.contains(&&*change.entity);
    for change in sent.changeset.changes.iter().filter(is_known) {
        named.insert((change.entity.clone(), change.id));
        let fields = change.fields.iter().map(|(name, field)| (name.clone(), field.to.clone()));
        let fields: State = fields.collect();
        named.extend(references(&fields).map(|(_, entity, id)| (entity.to_owned(), id)));
    }
    let rows = tx.rows(&named.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().find(|row| !grants.sees(row.place)).map(|row| row.entity))
}

/// What is refused because it is about records of others, an administrator can look at.
async fn keep_apart(tx: &mut impl Tx, device: &Device, sent: &Sent) -> Result<()> {
    let Changeset { changes, .. } = &sent.changeset;
    for (part, changes) in (0..).zip(changes.chunks(MOST_CHANGES)) {
        let changeset = Changeset { changes: changes.to_vec(), ..sent.changeset.clone() };
        tx.put_kept(device, storable(&KeptPart { changeset, part })?.as_ref()).await?;
    }
    Ok(())
}

/// Whether all that it holds can be stored.
fn can_be_stored(sent: &Sent) -> std::result::Result<(), Refusal> {
    let changeset = &sent.changeset;
    check_heading(&changeset.operation, &changeset.subject, changeset.at)?;
    changeset.changes.iter().try_for_each(check_values)?;
    for whole in &sent.quotes {
        check_state("quote", &whole.quote)?;
        whole.lines.iter().try_for_each(|line| check_state("quote_line", line))?;
    }
    Ok(())
}

/// A changeset as the work of the laptop's user, whoever it says made it. Only what was there before
/// the hub was keeps what it says.
fn as_work_of<'a>(device: &Device, grants: &Grants, sent: &'a Sent) -> Cow<'a, Sent> {
    let is_upload = is_upload(sent, grants);
    if is_upload && sent.changeset.user_id == device.user_id {
        return Cow::Borrowed(sent);
    }
    let mut sent = sent.clone();
    sent.changeset.user_id = device.user_id;
    if is_upload {
        return Cow::Owned(sent);
    }
    let user = Value::from(device.user_id.to_string());
    for change in &mut sent.changeset.changes {
        for stamp in ["created_by", "updated_by"] {
            match (change.fields.get_mut(stamp), change.kind) {
                (Some(field), _) => field.to = user.clone(),
                (None, ChangeKind::Insert) => {
                    let field = FieldChange { from: Value::Null, to: user.clone() };
                    change.fields.insert(stamp.into(), field);
                }
                (None, ChangeKind::Update) => {}
            }
        }
    }
    for state in sent
        .quotes
        .iter_mut()
        .flat_map(|whole| std::iter::once(&mut whole.quote).chain(&mut whole.lines))
    {
        for stamp in ["created_by", "updated_by"] {
            state.insert(stamp.into(), user.clone());
        }
    }
    Cow::Owned(sent)
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

/// A record as it is sent.
pub(crate) fn versioned(stored: Stored) -> Versioned {
    Versioned {
        entity: stored.entity,
        id: stored.id,
        version: stored.at.version,
        state: stored.state,
    }
}
