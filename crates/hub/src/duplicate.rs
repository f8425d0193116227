//! Two customers with the same VAT id or number: both are kept, and listed for whoever sees both.

use domain::{
    Change, Choice, Conflict, Context, Day, Id, Instant, Record,
    access::{Grants, Place},
    changeset::object,
};
use serde_json::Value;
use sync::Sent;

use crate::{
    Result,
    storage::{Stored, Tx},
};

/// A customer is listed with so many others at most: a file with one VAT id in every row would make
/// as many conflicts as it has pairs.
const LISTED: usize = 5;

/// What only one customer has.
const UNIQUE: [&str; 2] = ["vat_id", "number"];

/// Looks whether a change made a customer a double of another one, and lists it. A pair is listed
/// once for each field, however it was settled.
pub(crate) async fn list(
    tx: &mut impl Tx,
    grants: &Grants,
    sent: &Sent,
    change: &Change,
    (now, today): (Instant, Day),
) -> Result<()> {
    // What comes up as a whole was beside each other before.
    if change.entity != "customer" || sent.changeset.operation == "workspace.upload" {
        return Ok(());
    }
    let is_back = change.fields.contains_key("deleted_at");
    let fields: Vec<&str> =
        UNIQUE.into_iter().filter(|name| is_back || change.fields.contains_key(*name)).collect();
    if fields.is_empty() {
        return Ok(());
    }
    let this = tx.records(&[("customer".to_owned(), change.id)]).await?.pop();
    let Some(this) = this.filter(is_living) else { return Ok(()) };
    for field in fields {
        let text = text_of(&this, field);
        if text.is_empty() {
            continue;
        }
        let mut others = tx.having("customer", field, &text).await?;
        others.retain(|other| other.id != this.id && is_living(other));
        others.sort_by_key(|other| other.id);
        for other in others.iter().take(LISTED) {
            note(tx, grants, sent, (&this, other, field), (now, today)).await?;
        }
    }
    Ok(())
}

fn is_living(stored: &Stored) -> bool {
    stored.state.get("deleted_at").is_none_or(Value::is_null)
}

fn text_of(stored: &Stored, field: &str) -> String {
    stored.state.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Who sees the one by its place sees the other where both stand at the same place. Else it is for
/// whoever wrote it, if they see both, or for administrators alone.
async fn note(
    tx: &mut impl Tx,
    grants: &Grants,
    sent: &Sent,
    (this, other, field): (&Stored, &Stored, &str),
    (now, today): (Instant, Day),
) -> Result<()> {
    let (low, high) = (this.id.min(other.id), this.id.max(other.id));
    let id = Id(uuid::Uuid::new_v5(&low.0, format!("double of {high} by {field}").as_bytes()));
    if tx.record("conflict", id).await?.is_some() {
        return Ok(());
    }
    let is_same = matches!(this.place, Place::Customer { .. }) && this.place == other.place;
    let user_id = sent.changeset.user_id;
    let owner_id = match is_same || grants.sees(other.place) {
        true => Some(grants.user_id),
        false => tx.administrator().await?,
    };
    if owner_id.is_none() {
        // Nobody sees both.
        return Ok(());
    }
    let id_text = |id: Id| Value::from(id.to_string()).to_string();
    let mut conflict = Conflict {
        customer_id: is_same.then_some(this.id),
        owner_id,
        record_entity: "customer".into(),
        record_id: this.id,
        subject: text_of(this, "name"),
        // The same in both: which customer this is.
        field: "id".into(),
        base: Value::from(field).to_string(),
        theirs: id_text(other.id),
        ours: id_text(this.id),
        ours_at: sent.changeset.at,
        changeset_id: sent.changeset.id,
        choice: Choice::Open,
        ..Conflict::default()
    };
    let state = {
        let mut ids = || id;
        let mut context = Context { now, today, user_id, ids: &mut ids };
        conflict.stamp_created(&mut context);
        object(&conflict)
    };
    tx.insert("conflict", &[&state]).await
}
