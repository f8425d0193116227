use domain::Id;
use serde::{Deserialize, Serialize};

use crate::Failure;

/// What the app tells its callers unasked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// These records changed: open screens ask again.
    Changed {
        /// Entity and id of each; empty when everything may have changed.
        records: Vec<(String, Id)>,
    },
    /// A long job went on.
    Job(Job),
    /// The workspace was opened, locked or replaced.
    Workspace,
    /// The hub revoked this laptop, and its workspace was removed.
    Emptied,
    /// Sync with the hub stands elsewhere.
    Sync,
}

/// A long job's progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The job.
    pub id: Id,
    /// `demo`, `import`, `export`, `backup`, `restore`.
    pub kind: String,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 while unknown.
    pub total: u64,
    /// Where it stands.
    pub state: JobState,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum JobState {
    /// It goes on.
    Running,
    /// It ended well.
    Done,
    /// The user stopped it; nothing of it was kept.
    Cancelled,
    /// It failed; nothing of it was kept.
    Failed {
        /// Why.
        failure: Failure,
    },
}
