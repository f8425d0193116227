//! Three-way merging by field: what a device changed, on what it was based, and what the hub
//! holds meanwhile. No clock decides; the hub's value stands and nothing is dropped silently.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Change, ChangeKind, Id, Instant, OpportunityStatus, QuoteStatus, Refusal};

/// A record's fields as JSON, by column.
pub type State = Map<String, Value>;

/// A record as the hub holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versioned {
    /// Its entity.
    pub entity: String,
    /// It.
    pub id: Id,
    /// The hub's number for this state; a later state has a higher one.
    pub version: i64,
    /// Its fields.
    pub state: State,
}

/// A field that two people changed apart. The hub's value stands; the device's is kept here.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// The field.
    pub field: String,
    /// What the device's change was based on.
    pub base: Value,
    /// The hub's value, which stands.
    pub theirs: Value,
    /// The device's value.
    pub ours: Value,
}

/// What becomes of a change on the hub.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// The fields to write, with their values.
    pub set: BTreeMap<String, Value>,
    /// The fields where both changed it.
    pub clashes: Vec<Clash>,
    /// Whether a text was put together from both.
    pub is_mixed: bool,
}

/// Text of many lines, which is merged line by line.
const LONG_TEXT: [(&str, &str); 9] = [
    ("customer", "notes"),
    ("contact", "notes"),
    ("communication", "body"),
    ("task", "body"),
    ("appointment", "body"),
    ("opportunity", "description"),
    ("quote", "intro_text"),
    ("quote", "closing_text"),
    ("quote", "notes"),
];

/// Merges an update into the hub's record as it is now.
///
/// # Errors
/// `status-moved` when the record's status meanwhile forbids the step.
pub fn merge(now: &State, change: &Change) -> Result<Merged, Refusal> {
    let mut merged = Merged::default();
    if change.kind == ChangeKind::Insert {
        // The same record twice: the first one stands, and whatever differs is an edit from nothing.
        return Ok(merged);
    }
    for (field, edit) in change.fields.iter().filter(|(field, _)| !is_stamp(field)) {
        let held = now.get(field).unwrap_or(&Value::Null);
        if held == &edit.to {
            continue;
        }
        if held == &edit.from && !deletes_unseen(now, change, field) {
            merged.set.insert(field.clone(), edit.to.clone());
            continue;
        }
        if field == "status" && has_steps(&change.entity) {
            check_step(&change.entity, held, &edit.to)?;
            merged.set.insert(field.clone(), edit.to.clone());
            continue;
        }
        if let Some(text) = merge_text(&change.entity, field, &edit.from, held, &edit.to) {
            merged.is_mixed = true;
            merged.set.insert(field.clone(), text.into());
            continue;
        }
        merged.clashes.push(Clash {
            field: field.clone(),
            base: edit.from.clone(),
            theirs: held.clone(),
            ours: edit.to.clone(),
        });
    }
    bring_back(now, change, &mut merged);
    if !merged.set.is_empty() {
        stamp(now, change, &mut merged);
    }
    Ok(merged)
}

/// Whether a record would go that someone else changed since whoever deletes it saw it: it stays, and
/// they see so. A quote's lines are not alone; its rules are those of the whole.
fn deletes_unseen(now: &State, change: &Change, field: &str) -> bool {
    if field != "deleted_at" || change.entity == "quote_line" {
        return false;
    }
    let is_deleted = change.fields.get(field).is_some_and(|edit| !edit.to.is_null());
    let seen = change.fields.get("updated_at").map(|edit| instant(&edit.from));
    let held = now.get("updated_at").and_then(instant);
    is_deleted && held.is_some() && seen.is_some_and(|seen| seen.is_some() && seen != held)
}

/// Whether its status goes by steps. Where anyone may set it any way, it clashes as other fields do.
fn has_steps(entity: &str) -> bool {
    matches!(entity, "quote" | "opportunity")
}

fn instant(value: &Value) -> Option<Instant> {
    value.as_str()?.parse().ok()
}

/// An edit of a record that someone deleted brings it back; whoever deleted it sees so.
fn bring_back(now: &State, change: &Change, merged: &mut Merged) {
    let deleted = now.get("deleted_at").unwrap_or(&Value::Null);
    let edits = !merged.set.is_empty() || !merged.clashes.is_empty();
    if deleted.is_null() || change.fields.contains_key("deleted_at") || !edits {
        return;
    }
    merged.set.insert("deleted_at".into(), Value::Null);
    merged.clashes.push(Clash {
        field: "deleted_at".into(),
        base: Value::Null,
        theirs: deleted.clone(),
        ours: Value::Null,
    });
}

/// The later of both stamps, so that changes of different fields may come in any order.
fn stamp(now: &State, change: &Change, merged: &mut Merged) {
    let Some(at) = change.fields.get("updated_at") else { return };
    let held = now.get("updated_at").and_then(instant);
    if instant(&at.to) > held {
        for field in ["updated_at", "updated_by"] {
            if let Some(edit) = change.fields.get(field) {
                merged.set.insert(field.into(), edit.to.clone());
            }
        }
    }
}

fn is_stamp(field: &str) -> bool {
    matches!(field, "id" | "created_at" | "created_by" | "updated_at" | "updated_by")
}

fn check_step(entity: &str, held: &Value, to: &Value) -> Result<(), Refusal> {
    let (held, to) = (held.as_str().unwrap_or_default(), to.as_str().unwrap_or_default());
    let allowed = match entity {
        "quote" => match (QuoteStatus::from_text(held), QuoteStatus::from_text(to)) {
            (Some(held), Some(to)) => held.may_become(to),
            _ => false,
        },
        "opportunity" => OpportunityStatus::from_text(held) == Some(OpportunityStatus::Open),
        _ => true,
    };
    if allowed {
        return Ok(());
    }
    Err(status_moved(held, to))
}

/// The refusal of a step that a status does not allow.
#[must_use]
pub fn status_moved(held: impl fmt::Display, to: impl fmt::Display) -> Refusal {
    let sentence = "Meanwhile its status was changed, so that this step is no longer possible.";
    Refusal::new("status-moved", sentence).at("status").with("held", held).with("to", to)
}

/// Comparing takes as long as both texts' lines multiplied: longer ones are left to people.
const MOST_LINES: usize = 2_000;
/// And no longer than this in bytes.
const MOST_BYTES: usize = 200_000;

fn is_too_long(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() > MOST_BYTES || text.lines().count() > MOST_LINES
}

/// Both edits of a long text in one, where they do not touch the same lines.
fn merge_text(
    entity: &str,
    field: &str,
    base: &Value,
    theirs: &Value,
    ours: &Value,
) -> Option<String> {
    if !LONG_TEXT.contains(&(entity, field)) {
        return None;
    }
    if [base, theirs, ours].iter().any(|value| is_too_long(value)) {
        return None;
    }
    // Without a last line break the last line of one side would touch what the other appends.
    let line = |value: &Value| value.as_str().map(|text| format!("{text}\n"));
    let merged = diffy::merge(&line(base)?, &line(theirs)?, &line(ours)?).ok()?;
    Some(merged.strip_suffix('\n').unwrap_or(&merged).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::FieldChange;

    fn change(entity: &str, fields: &[(&str, Value, Value)]) -> Change {
        let fields = fields.iter().map(|(name, from, to)| {
            ((*name).to_owned(), FieldChange { from: from.clone(), to: to.clone() })
        });
        Change {
            entity: entity.into(),
            id: Id::NIL,
            kind: ChangeKind::Update,
            fields: fields.collect(),
        }
    }

    fn state(value: Value) -> State {
        value.as_object().unwrap().clone()
    }

    fn apply(now: &State, change: &Change) -> State {
        let mut next = now.clone();
        next.extend(merge(now, change).unwrap().set);
        next
    }

    #[test]
    fn by_field() {
        let now = state(json!({ "name": "B", "phone": "1", "deleted_at": null }));
        let edit = change(
            "customer",
            &[("phone", json!("1"), json!("2")), ("name", json!("A"), json!("C"))],
        );
        let merged = merge(&now, &edit).unwrap();
        assert_eq!(merged.set, BTreeMap::from([("phone".into(), json!("2"))]));
        assert_eq!(merged.clashes.len(), 1);
        assert_eq!(merged.clashes[0].theirs, json!("B"));
        // Both wrote the same: nothing to do.
        let same = change("customer", &[("name", json!("A"), json!("B"))]);
        assert_eq!(merge(&now, &same).unwrap(), Merged::default());
    }

    #[test]
    fn long_text_by_lines() {
        let now = state(json!({ "notes": "eins\nzwei\ndrei\nvier" }));
        let edit =
            change("customer", &[("notes", json!("eins\nzwei\ndrei"), json!("null\nzwei\ndrei"))]);
        let merged = merge(&now, &edit).unwrap();
        assert_eq!(merged.set["notes"], json!("null\nzwei\ndrei\nvier"));
        assert!(merged.is_mixed && merged.clashes.is_empty());
        let clash = change("customer", &[("notes", json!("x\nzwei"), json!("y\nzwei"))]);
        assert_eq!(merge(&now, &clash).unwrap().clashes.len(), 1);
    }

    #[test]
    fn what_takes_too_long_to_compare_is_left_to_people() {
        let lines = |first: &str, last: &str| {
            json!(format!("{first}\n{}{last}", "a\nb\n".repeat(MOST_LINES / 2)))
        };
        let now = state(json!({ "notes": lines("eins", "zwei") }));
        let edit = change("customer", &[("notes", lines("eins", ""), lines("drei", ""))]);
        assert_eq!(merge(&now, &edit).unwrap().clashes.len(), 1);
    }

    #[test]
    fn an_edit_brings_back_what_was_deleted() {
        let now = state(json!({ "name": "A", "deleted_at": "2026-11-20T00:00:00.000Z" }));
        let edit = change("customer", &[("name", json!("A"), json!("B"))]);
        let merged = merge(&now, &edit).unwrap();
        assert_eq!(merged.set["deleted_at"], Value::Null);
        assert_eq!(merged.clashes[0].field, "deleted_at");
    }

    #[test]
    fn a_deletion_takes_nothing_that_its_maker_has_not_seen() {
        let at = |minute: u8| json!(format!("2026-11-20T10:{minute:02}:00.000Z"));
        let deletion =
            change("contact", &[("deleted_at", Value::Null, at(9)), ("updated_at", at(1), at(9))]);
        let held = |stamp: Value| {
            let now = state(json!({ "deleted_at": null, "phone": "1", "updated_at": stamp }));
            merge(&now, &deletion).unwrap()
        };
        assert_eq!(held(at(1)).set["deleted_at"], at(9));
        let stays = held(at(5));
        assert!(!stays.set.contains_key("deleted_at"), "{stays:?}");
        assert_eq!((&*stays.clashes[0].field, &stays.clashes[0].ours), ("deleted_at", &at(9)));
    }

    #[test]
    fn a_status_that_anyone_may_set_clashes_as_other_fields_do() {
        let step = change("customer", &[("status", json!("active"), json!("inactive"))]);
        let merged = merge(&state(json!({ "status": "blocked" })), &step).unwrap();
        assert!(merged.set.is_empty());
        assert_eq!(merged.clashes[0].theirs, json!("blocked"));
    }

    #[test]
    fn a_status_follows_its_state_machine() {
        let step = change("quote", &[("status", json!("draft"), json!("accepted"))]);
        let held = |status: &str| merge(&state(json!({ "status": status })), &step);
        assert_eq!(held("sent").unwrap().set["status"], json!("accepted"));
        assert_eq!(held("rejected").unwrap_err().code, "status-moved");
    }

    proptest! {
        #[test]
        fn changes_of_different_fields_commute(
            first in "[a-c]", second in "[a-c]", to_first in "[a-d]", to_second in "[a-d]",
            early in 0_u32..3, late in 0_u32..3,
        ) {
            let stamp = |day: u32| json!(format!("2026-11-2{day}T00:00:00.000Z"));
            let now = state(json!({ "name": first, "phone": second, "updated_at": stamp(1),
                "updated_by": "0" }));
            let a = change("customer", &[("name", json!(first), json!(to_first)),
                ("updated_at", stamp(0), stamp(early)), ("updated_by", json!(""), json!("a"))]);
            let b = change("customer", &[("phone", json!(second), json!(to_second)),
                ("updated_at", stamp(0), stamp(late)), ("updated_by", json!(""), json!("b"))]);
            prop_assume!(early != late);
            prop_assert_eq!(apply(&apply(&now, &a), &b), apply(&apply(&now, &b), &a));
        }
    }
}
