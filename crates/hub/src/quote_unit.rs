//! A quote with its lines is one unit: two people who changed it apart get two revisions, both
//! kept, never an interleave. What was decided stays as it is.

use std::collections::BTreeSet;

use domain::{
    Change, ChangeKind, Id, QuoteStatus, Refusal,
    access::Grants,
    merge::{State, status_moved},
    validate,
};
use serde_json::Value;
use sync::{Sent, WholeQuote};

use crate::{
    Result,
    push::is_upload,
    scope::sees,
    sight::Sight,
    storage::{Device, Stored, Tx},
};

/// What is to be done with a changeset's quotes.
pub(crate) struct Apart {
    /// Quotes that got a revision of their own instead of being changed.
    pub(crate) quotes: BTreeSet<Id>,
    /// Records that were made for it.
    pub(crate) made: Vec<(String, Id)>,
}

fn id_in(state: &State, column: &str) -> Option<Id> {
    state.get(column)?.as_str()?.parse().ok()
}

fn status(state: &State) -> QuoteStatus {
    let text = state.get("status").and_then(Value::as_str).unwrap_or_default();
    QuoteStatus::from_text(text).unwrap_or_default()
}

/// The quotes that changes belong to.
pub(crate) async fn quotes_of(tx: &mut impl Tx, changes: &[Change]) -> Result<BTreeSet<Id>> {
    let mut quotes = BTreeSet::new();
    let mut lines = Vec::new();
    for change in changes {
        match (change.entity.as_str(), change.kind) {
            ("quote", ChangeKind::Update) => {
                quotes.insert(change.id);
            }
            ("quote_line", kind) => {
                // A line that goes to another quote changes both.
                let quote = change.fields.get("quote_id").and_then(|field| field.to.as_str());
                quotes.extend(quote.and_then(|id| id.parse::<Id>().ok()));
                if kind == ChangeKind::Update {
                    lines.push(("quote_line".into(), change.id));
                }
            }
            _ => {}
        }
    }
    if !lines.is_empty() {
        let lines = tx.records(&lines).await?;
        quotes.extend(lines.iter().filter_map(|line| id_in(&line.state, "quote_id")));
    }
    Ok(quotes)
}

/// Whether a change belongs to a quote that got a revision instead.
pub(crate) async fn belongs(tx: &mut impl Tx, change: &Change, apart: &Apart) -> Result<bool> {
    if apart.quotes.is_empty() {
        return Ok(false);
    }
    let quotes = quotes_of(tx, std::slice::from_ref(change)).await?;
    Ok(!quotes.is_disjoint(&apart.quotes))
}

/// Looks at the quotes that a changeset touches, and makes revisions where they were changed apart.
pub(crate) async fn take_apart(
    tx: &mut impl Tx,
    device: &Device,
    (grants, sight): (&Grants, &Sight<'_>),
    sent: &Sent,
) -> Result<std::result::Result<Apart, Refusal>> {
    let mut apart = Apart { quotes: BTreeSet::new(), made: Vec::new() };
    if is_upload(sent, grants) {
        return Ok(Ok(apart));
    }
    for id in quotes_of(tx, &sent.changeset.changes).await? {
        let Some(quote) = tx.record("quote", id).await? else { continue };
        if !grants.may_write("quote") || sight.place(tx, &quote).await?.is_none() {
            // Refused as every other record that is not theirs.
            continue;
        }
        let lines = tx.naming("quote_line", "quote_id", &[id]).await?;
        let is_news = |record: &Stored| {
            let seen = sent.seen.get(&record.id).copied().unwrap_or(0);
            record.device_id != Some(device.id) && record.at.version > seen
        };
        let whole = sent.quotes.iter().find(|whole| id_in(&whole.quote, "id") == Some(id));
        // Without the whole of it there is no revision to be made: the rules of a quote that nobody
        // else changed hold.
        let is_apart = whole.is_some() && (is_news(&quote) || lines.iter().any(is_news));
        if !is_apart && let Err(refusal) = may_change(device, sent, &quote, &lines) {
            return Ok(Err(refusal));
        }
        if let (true, Some(whole)) = (is_apart, whole) {
            if let Err(refusal) = check(tx, sight, &quote, whole).await? {
                return Ok(Err(refusal));
            }
            revise(tx, device, sent, (&quote, whole), &mut apart).await?;
            apart.quotes.insert(id);
        }
    }
    Ok(Ok(apart))
}

/// The laptop's quote is a valid one of the same customer, and names only what its user sees.
async fn check(
    tx: &mut impl Tx,
    sight: &Sight<'_>,
    quote: &Stored,
    whole: &WholeQuote,
) -> Result<std::result::Result<(), Refusal>> {
    if whole.quote.get("customer_id") != quote.state.get("customer_id") {
        let sentence = "The quote was given to another customer meanwhile.";
        return Ok(Err(Refusal::new("reference-missing", sentence).at("customer_id")));
    }
    let records = whole.lines.iter().map(|line| ("quote_line", line));
    for (entity, state) in std::iter::once(("quote", &whole.quote)).chain(records) {
        if let Err(refusal) = validate(entity, state) {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = sees(tx, sight, state).await? {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// What a step notes beside the status.
const NOTED: [&str; 2] = ["decided_at", "rejected_reason"];
/// What handing over notes, and taking it back takes away.
const HANDED: [&str; 2] = ["sent_at", "pdf_document_id"];

/// Whether a quote takes these changes: a draft any, another one only its next step, as on a laptop.
/// Who handed it over, or let it expire, may take that back while nobody else wrote to it.
fn may_change(
    device: &Device,
    sent: &Sent,
    quote: &Stored,
    lines: &[Stored],
) -> std::result::Result<(), Refusal> {
    let is_undo = sent.changeset.operation.starts_with("undo.");
    let takes_back = is_undo && quote.device_id == Some(device.id);
    let mut now = status(&quote.state);
    for change in &sent.changeset.changes {
        if change.entity == "quote_line" {
            let names = change.fields.get("quote_id").and_then(|field| field.to.as_str());
            let is_its = names.is_some_and(|id| id == quote.id.to_string())
                || lines.iter().any(|line| line.id == change.id);
            if is_its && now != QuoteStatus::Draft {
                return Err(frozen(now));
            }
        }
        if change.entity != "quote" || change.id != quote.id || change.kind == ChangeKind::Insert {
            continue;
        }
        let next = change.fields.get("status").and_then(|field| field.to.as_str());
        let next = next.and_then(QuoteStatus::from_text).unwrap_or(now);
        let is_open = matches!(now, QuoteStatus::Sent | QuoteStatus::Expired);
        let goes_back = takes_back && is_open && next.may_become(now);
        if next != now && !now.may_become(next) && !goes_back {
            return Err(match is_open || now == QuoteStatus::Draft {
                true => status_moved(now, next),
                false => frozen(now),
            });
        }
        let is_noted = |name: &str| {
            let is_stamp = matches!(name, "status" | "updated_at" | "updated_by");
            is_stamp
                || (next != now && NOTED.contains(&name))
                || (goes_back && HANDED.contains(&name))
        };
        let changes = |name: &str, to: &Value| quote.state.get(name) != Some(to);
        let mut fields = change.fields.iter();
        if now != QuoteStatus::Draft
            && fields.any(|(name, field)| !is_noted(name) && changes(name, &field.to))
        {
            return Err(frozen(now));
        }
        now = next;
    }
    Ok(())
}

fn frozen(now: QuoteStatus) -> Refusal {
    if matches!(now, QuoteStatus::Sent | QuoteStatus::Expired) {
        let sentence =
            "This quote was handed over and is not changed any more. Make its next revision.";
        return Refusal::new("quote-frozen", sentence);
    }
    let sentence = "The quote was decided and stays as it is. Make a revision of it.";
    Refusal::new("quote-decided", sentence)
}

/// Keeps the laptop's whole quote as the next revision. What the same laptop sends next of the same
/// quote, before it knows of this, goes into the same revision.
async fn revise(
    tx: &mut impl Tx,
    device: &Device,
    sent: &Sent,
    (quote, whole): (&Stored, &WholeQuote),
    apart: &mut Apart,
) -> Result<()> {
    let seen = sent.seen.get(&quote.id).copied().unwrap_or(0);
    let name = format!("revision of {} from {seen}", quote.id);
    let id = Id(uuid::Uuid::new_v5(&device.id.0, name.as_bytes()));
    if sent.again && tx.brought("quote", id).await?.is_some() {
        // Some laptop brought the revision back with what came after this.
        apart.made.push(("quote".into(), id));
        return Ok(());
    }
    let last = revisions(tx, &quote.state, id).await?.into_iter().fold(1, i64::max);
    let mut state = whole.quote.clone();
    state.insert("id".into(), id.to_string().into());
    state.insert("revises_id".into(), quote.id.to_string().into());
    state.insert("revision".into(), (last + 1).into());
    state.insert("number".into(), quote.state.get("number").cloned().unwrap_or(Value::Null));
    let is_draft = status(&whole.quote) == QuoteStatus::Draft;
    let held = status(&quote.state);
    if is_draft || matches!(held, QuoteStatus::Accepted | QuoteStatus::Converted) {
        as_draft(&mut state);
    }
    put(tx, "quote", id, state, apart).await?;
    let before = tx.naming("quote_line", "quote_id", &[id]).await?;
    let mut kept = BTreeSet::new();
    for line in &whole.lines {
        let Some(line_id) = id_in(line, "id") else { continue };
        let line_id = Id(uuid::Uuid::new_v5(&id.0, line_id.0.as_bytes()));
        let mut state = line.clone();
        state.insert("id".into(), line_id.to_string().into());
        state.insert("quote_id".into(), id.to_string().into());
        put(tx, "quote_line", line_id, state, apart).await?;
        kept.insert(line_id);
    }
    for line in before.iter().filter(|line| !kept.contains(&line.id)) {
        let mut gone = line.state.clone();
        gone.insert("deleted_at".into(), sent.changeset.at.to_string().into());
        put(tx, "quote_line", line.id, gone, apart).await?;
    }
    Ok(())
}

fn revision(state: &State) -> i64 {
    state.get("revision").and_then(Value::as_i64).unwrap_or(1)
}

/// The revisions of a quote that there are, whichever they revise, but for one.
async fn revisions(tx: &mut impl Tx, state: &State, but: Id) -> Result<Vec<i64>> {
    let number = state.get("number").and_then(Value::as_str).unwrap_or_default();
    let found = tx.having("quote", "number", number).await?;
    let others = found.iter().filter(|other| other.id != but);
    Ok(others.map(|other| revision(&other.state)).collect())
}

/// A revision that somebody else has made meanwhile as well gets the next number. Returns whether
/// it did.
pub(crate) async fn keep_revision_unique(
    tx: &mut impl Tx,
    id: Id,
    state: &mut State,
) -> Result<bool> {
    if id_in(state, "revises_id").is_none() {
        return Ok(false);
    }
    let others = revisions(tx, state, id).await?;
    let is_taken = others.contains(&revision(state));
    if is_taken {
        let last = others.into_iter().fold(1, i64::max);
        state.insert("revision".into(), (last + 1).into());
    }
    Ok(is_taken)
}

/// Nothing of the other revision's handing over is this one's.
fn as_draft(state: &mut State) {
    state.insert("status".into(), QuoteStatus::Draft.as_str().into());
    for field in ["sent_at", "decided_at", "signed_at", "signature_document_id", "pdf_document_id"]
    {
        state.insert(field.into(), Value::Null);
    }
    for field in ["signed_name", "signed_place", "rejected_reason"] {
        state.insert(field.into(), "".into());
    }
}

async fn put(
    tx: &mut impl Tx,
    entity: &str,
    id: Id,
    state: State,
    apart: &mut Apart,
) -> Result<()> {
    match tx.record(entity, id).await? {
        None => tx.insert(entity, &[&state]).await?,
        Some(held) => {
            let differing = state
                .into_iter()
                .filter(|(name, value)| held.state.get(name) != Some(value))
                .collect::<std::collections::BTreeMap<_, _>>();
            if !differing.is_empty() {
                tx.update(entity, id, &differing).await?;
            }
        }
    }
    apart.made.push((entity.into(), id));
    Ok(())
}
