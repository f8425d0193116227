use domain::{FieldChange, Id, Instant};
use serde::{Deserialize, Serialize};

/// One field's change in a record's history, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The changeset.
    pub changeset_id: Id,
    /// When.
    pub at: Instant,
    /// Who: full name.
    pub by: String,
    /// What was done: `customer.save`.
    pub operation: String,
    /// Of which entity.
    pub entity: String,
    /// Of which record.
    pub record_id: Id,
    /// The record is new: `field` is empty.
    pub is_insert: bool,
    /// Which field.
    pub field: String,
    /// From what to what.
    pub change: FieldChange,
}

/// What Ctrl+Z would take back, or what was just taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoStep {
    /// The changeset.
    pub changeset_id: Id,
    /// `customer.save`, `opportunity.move` …
    pub operation: String,
    /// What it was done to.
    pub subject: String,
    /// When.
    pub at: Instant,
}
