//! A change that the hub did not take, made once more: as it was, or with other values.

use std::collections::BTreeSet;

use commands::{Failure, view::Correction};
use domain::{
    Change, ChangeKind, Changeset, Context, FieldChange, Id, Instant, Quote, QuoteLine,
    QuoteStatus, merge::State, quote::save_quote, validate,
};
use serde_json::Value;
use store::Tx;

use crate::App;

impl App {
    /// Makes a rejected change once more, with these values in place of its own. Whether there was
    /// anything left to change.
    pub(super) fn make_again(
        &self,
        rejected: Id,
        corrections: &[Correction],
    ) -> Result<bool, Failure> {
        let rejected = self.open()?.store.changeset(rejected)?;
        let is_changed = self.transact(|tx, context| {
            let mut again = Changeset::new(&rejected.operation, &*rejected.subject, context);
            let (mut made, mut records) = (BTreeSet::new(), BTreeSet::new());
            for mut change in rejected.changes {
                if correct(&mut change, corrections) {
                    records.insert((change.entity.clone(), change.id));
                }
                if !made.insert(change.id) {
                    // It stands on what an earlier change of this changeset made of the record.
                    tx.apply(&again)?;
                    again.changes.clear();
                    made = BTreeSet::from([change.id]);
                }
                again.changes.extend(on_what_is_there(tx, change, context)?);
            }
            tx.apply(&again)?;
            check(tx, &records, &again, context)?;
            // The records are there again by now, and what the log says of them stays.
            tx.handle_rejection(rejected.id, Some(again.id), Instant::now())?;
            Ok(!tx.written().is_empty())
        })?;
        self.tell(&commands::Event::Sync);
        Ok(is_changed)
    }
}

/// Whether anything of the record was corrected.
fn correct(change: &mut Change, corrections: &[Correction]) -> bool {
    let mut is_corrected = false;
    for correction in corrections.iter().filter(|correction| correction.record_id == change.id) {
        let nothing = FieldChange { from: Value::Null, to: Value::Null };
        let field = change.fields.entry(correction.field.clone()).or_insert(nothing);
        field.to = correction.value.clone();
        is_corrected = true;
    }
    is_corrected
}

/// The change based on what is there now: the user has seen it and wants it so. None where all is
/// so already.
fn on_what_is_there(
    tx: &Tx<'_>,
    mut change: Change,
    context: &Context<'_>,
) -> Result<Option<Change>, Failure> {
    match (change.kind, tx.state(&change.entity, change.id)?) {
        (ChangeKind::Insert, None) => change.fields.retain(|_, field| field.to != Value::Null),
        (kind, now) => {
            if kind == ChangeKind::Insert {
                // It was made once more before, and that was taken back.
                change.kind = ChangeKind::Update;
                change
                    .fields
                    .retain(|name, _| !matches!(&**name, "id" | "created_at" | "created_by"));
            }
            for (name, field) in &mut change.fields {
                let from = match &now {
                    Some(now) => now.get(name).cloned().unwrap_or(Value::Null),
                    // The one who asks is told that it is not here.
                    None => tx.field(&change.entity, change.id, name)?,
                };
                let to = match &**name {
                    "updated_at" => context.now.to_string().into(),
                    "updated_by" => context.user_id.to_string().into(),
                    _ => field.to.clone(),
                };
                *field = FieldChange { from, to };
            }
            change.fields.retain(|_, field| field.from != field.to);
            if change.fields.keys().all(|name| matches!(&**name, "updated_at" | "updated_by")) {
                return Ok(None);
            }
        }
    }
    Ok((!change.fields.is_empty()).then_some(change))
}

/// Whether what was corrected is valid now; a quote's sums follow its lines.
fn check(
    tx: &mut Tx<'_>,
    corrected: &BTreeSet<(String, Id)>,
    again: &Changeset,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let mut quotes = BTreeSet::new();
    for (entity, id) in corrected {
        let state = tx.state(entity, *id)?.unwrap_or_default();
        validate(entity, &state)?;
        quotes.extend(quote_of(entity, *id, &state));
    }
    for id in quotes {
        let quote: Quote = tx.get(id)?;
        if quote.status != QuoteStatus::Draft {
            continue;
        }
        let mut lines: Vec<QuoteLine> = tx.by("quote_id", id)?;
        lines.sort_by_key(|line| line.position);
        let (saved, ..) = save_quote((&quote, &lines), quote.clone(), lines.clone(), context)?;
        tx.apply(&Changeset { changes: saved.changes, ..again.clone() })?;
    }
    Ok(())
}

fn quote_of(entity: &str, id: Id, state: &State) -> Option<Id> {
    match entity {
        "quote" => Some(id),
        "quote_line" => state.get("quote_id")?.as_str()?.parse().ok(),
        _ => None,
    }
}
