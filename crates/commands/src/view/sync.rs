use domain::{Change, Id, Instant, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// What changed.
    pub changes: Vec<Change>,
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
    /// What changed.
    pub changes: Vec<Change>,
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
    /// What stands.
    pub theirs: Value,
    /// Who changed it last at headquarters.
    pub theirs_by: String,
    /// What was changed apart.
    pub ours: Value,
    /// By whom.
    pub ours_by: String,
    /// When.
    pub ours_at: Instant,
}
