//! Disagreements that a person can see and settle.

use serde_json::Value;

use crate::{
    Changeset, Context, FieldChange, Id, Instant, Refusal, Refused,
    changeset::Change,
    record::{record, text_enum},
};

text_enum! {
    /// How a disagreement was settled.
    Choice { #[default] /// Not yet.
    Open = "open", /// The hub's value stays.
    Theirs = "theirs", /// The device's value was put back.
    Ours = "ours" }
}

record! {
    /// A field that two people changed apart: the value at headquarters stands, the other is kept
    /// here until somebody settles it.
    Conflict, "conflict" {
        /// The customer whose record it is; none for what is somebody's own.
        customer_id: Option<Id>,
        /// Who made the value that did not stand.
        owner_id: Option<Id>,
        /// The record's entity.
        record_entity: String,
        /// The record.
        record_id: Id,
        /// What the record is called.
        subject: String,
        /// The field.
        field: String,
        /// What both began from, as JSON text.
        base: String,
        /// What stands, as JSON text.
        theirs: String,
        /// What was changed apart, as JSON text.
        ours: String,
        /// When it was changed apart.
        ours_at: Instant,
        /// The changeset that changed it apart.
        changeset_id: Id,
        /// How it was settled.
        choice: Choice,
    }
}

/// Settles a disagreement: what stands stays, or the other value is put in its place.
///
/// `now` is the field's value at present; it may have moved on since.
///
/// # Errors
/// `conflict-settled` when somebody settled it before.
pub fn settle_conflict(
    conflict: &Conflict,
    choice: Choice,
    now: Value,
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    if conflict.choice != Choice::Open {
        return Err(Refusal::new("conflict-settled", "Somebody settled it already.").into());
    }
    let mut changeset = Changeset::new("conflict.settle", &*conflict.subject, context);
    let value = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let wanted = match choice {
        Choice::Ours => Some(value(&conflict.ours)),
        // An edit brought back what headquarters had deleted: theirs deletes it again.
        Choice::Theirs if conflict.field == "deleted_at" => Some(value(&conflict.theirs)),
        Choice::Theirs | Choice::Open => None,
    };
    if let Some(wanted) = wanted.filter(|wanted| *wanted != now) {
        let field = FieldChange { from: now, to: wanted };
        changeset.changes.push(Change {
            entity: conflict.record_entity.clone(),
            id: conflict.record_id,
            kind: crate::ChangeKind::Update,
            fields: [(conflict.field.clone(), field)].into(),
        });
    }
    changeset.update(conflict, Conflict { choice, ..conflict.clone() }, context);
    Ok(changeset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(field: &str, theirs: &str, ours: &str, now: Value, choice: Choice) -> Option<Value> {
        let conflict = Conflict {
            record_entity: "customer".into(),
            field: field.into(),
            theirs: theirs.into(),
            ours: ours.into(),
            ..Conflict::default()
        };
        let now_at = Instant::default();
        let mut ids = || Id::NIL;
        let today = now_at.utc().date_naive();
        let mut context = Context { now: now_at, today, user_id: Id::NIL, ids: &mut ids };
        let settled = settle_conflict(&conflict, choice, now, &mut context).unwrap();
        let change = settled.changes.iter().find(|change| change.entity == "customer");
        change.map(|change| change.fields[field].to.clone())
    }

    #[test]
    fn what_stands_stays_or_goes() {
        let stands = || Value::from("B");
        assert_eq!(settle("name", "\"B\"", "\"C\"", stands(), Choice::Theirs), None);
        let put_back = settle("name", "\"B\"", "\"C\"", stands(), Choice::Ours);
        assert_eq!(put_back, Some("C".into()));
        // Another edit may have written the same meanwhile.
        assert_eq!(settle("name", "\"B\"", "\"C\"", "C".into(), Choice::Ours), None);
    }

    #[test]
    fn what_came_back_by_an_edit_can_be_deleted_again() {
        let deleted = "\"2026-11-20T00:00:00.000Z\"";
        let settle = |choice| settle("deleted_at", deleted, "null", Value::Null, choice);
        assert_eq!(settle(Choice::Ours), None);
        assert_eq!(settle(Choice::Theirs), Some("2026-11-20T00:00:00.000Z".into()));
    }
}
