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
    let ours: Value = serde_json::from_str(&conflict.ours).unwrap_or(Value::Null);
    if choice == Choice::Ours && now != ours {
        let field = FieldChange { from: now, to: ours };
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
