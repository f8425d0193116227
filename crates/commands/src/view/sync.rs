use domain::{Change, Id, Instant, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Failure;

/// A change that waits for the hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingView {
    /// The changeset.
    pub changeset_id: Id,
    /// It waits for a newer version at the hub.
    pub is_held: bool,
    /// When it was made.
    pub at: Instant,
    /// What was done: `customer.update`.
    pub operation: String,
    /// To what.
    pub subject: String,
    /// What changed; of many changes the first ones.
    pub changes: Vec<Change>,
    /// How many there are in all.
    pub count: u64,
}

/// A change that the hub did not take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RejectionView {
    /// The changeset.
    pub changeset_id: Id,
    /// When it was made.
    pub at: Instant,
    /// What was done.
    pub operation: String,
    /// To what.
    pub subject: String,
    /// Why it was not taken.
    pub refusal: Refusal,
    /// What changed; of many changes the first ones. A field that the hub named is there as it is
    /// now, where it was not changed.
    pub changes: Vec<Change>,
    /// How many there are in all.
    pub count: u64,
}

/// Another value for a field of a change that the hub did not take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The record.
    pub record_id: Id,
    /// The field.
    pub field: String,
    /// What it shall hold.
    pub value: Value,
}

/// What sync did at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundView {
    /// When.
    pub at: Instant,
    /// Changes that the hub took.
    pub sent: u64,
    /// Records that came.
    pub received: u64,
    /// Changes of fields that others changed too.
    pub conflicts: u64,
    /// Changes that the hub did not take.
    pub rejected: u64,
    /// Records that were not as the hub has them, and were put right.
    pub mended: u64,
    /// Why it did not end well; none where it did.
    pub failure: Option<Failure>,
}

impl RoundView {
    /// Whether anything went or came.
    #[must_use]
    pub fn did_something(&self) -> bool {
        self.sent + self.received + self.conflicts + self.rejected + self.mended > 0
    }
}

/// A field that two people changed apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictView {
    /// The conflict.
    pub id: Id,
    /// The record's entity.
    pub record_entity: String,
    /// The record.
    pub record_id: Id,
    /// Its customer, to go to; none for what is somebody's own.
    pub customer_id: Option<Id>,
    /// What the record is called.
    pub subject: String,
    /// The field.
    pub field: String,
    /// What both began from.
    pub base: Value,
    /// What stood at headquarters when they met.
    pub theirs: Value,
    /// What the field holds now.
    pub now: Value,
    /// Who made what stands, or deleted the record; nil where that is not known.
    pub theirs_by_id: Id,
    /// Their name.
    pub theirs_by: String,
    /// What was changed apart.
    pub ours: Value,
    /// Who did.
    pub ours_by_id: Id,
    /// Their name.
    pub ours_by: String,
    /// When.
    pub ours_at: Instant,
}
