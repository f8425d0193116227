use domain::{Instant, access::Role};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// Where sync with the hub stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// There is no hub: everything is on this device alone.
    Local,
    /// Nobody is signed in.
    SignedOut,
    /// The hub lets this laptop in only when an administrator says so.
    Waiting,
    /// It is under way.
    Busy,
    /// All was sent and read.
    Synced,
    /// The hub cannot be reached.
    Offline,
    /// It stopped, and somebody must look: see the failure.
    Stopped,
}

/// Sync in one look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// Where it stands.
    pub state: SyncState,
    /// The hub's address; empty without one.
    pub address: String,
    /// Who signed in.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// When all was sent and read last.
    pub synced_at: Option<Instant>,
    /// When all was compared with the hub last.
    pub checked_at: Option<Instant>,
    /// So many records were put right then.
    pub mended: u64,
    /// Without a hub: it was to be filled by one and never was.
    pub is_to_be_filled: bool,
    /// How far the first exchange with the hub is, until it is done.
    pub first: Option<FirstSync>,
    /// Why it does not go on.
    pub failure: Option<Failure>,
    /// Since when it does not, as far as is known since Kontor was started.
    pub failed_at: Option<Instant>,
    /// Changes that the hub does not have yet.
    pub waiting: u64,
    /// Those of them that wait for a newer version at the hub.
    pub held: u64,
    /// Conflicts that nobody settled.
    pub conflicts: u64,
    /// Changes that the hub did not take.
    pub rejected: u64,
}

/// How far a workspace is on its first way up to the hub, or down from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstSync {
    /// It goes up; else it comes down.
    pub is_upload: bool,
    /// All came down and is being written into the workspace.
    pub is_loading: bool,
    /// Records that were sent or read.
    pub done: u64,
    /// Records in all; 0 while unknown.
    pub total: u64,
}

/// What a sync did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
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
    /// Whether all was compared with the hub. Where others are changing it, that is put off.
    pub is_checked: bool,
}
