//! The laptop's side of a round: its database, and what it keeps about itself.

use std::collections::BTreeMap;

use domain::{Id, access::Role};
use serde::{Deserialize, Serialize};

use crate::{
    Compared, Fill, KeptPart, Lease, Mended, NumberRange, Page, Part, Pushed, Refetched, Schema,
    Sent, SyncError, Versioned,
};

/// What a laptop keeps about itself and its hub; written together with what it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// This device.
    pub id: Id,
    /// The life of this database.
    pub incarnation: i64,
    /// The hello that was sent and not answered yet.
    pub hello: Option<Id>,
    /// The hub's life.
    pub epoch: Option<Id>,
    /// How far the feed was read; none before the first fill.
    pub cursor: Option<String>,
    /// The number of the next push.
    pub next_push: i64,
    /// The user who works here.
    pub user_id: Id,
    /// Their role.
    pub role: Role,
    /// The user allowed a pull that removes much.
    pub may_remove_much: bool,
    /// The hub was restored: what this laptop has seen above this version is offered, as far as
    /// this record.
    pub offering: Option<(i64, Id)>,
    /// All above this version was offered, and the hub was not read to its end since.
    pub offered: Option<i64>,
    /// How often all was offered, and whether some of it was not taken this time: it may stand on
    /// what came later in the offer.
    pub offers: (u8, bool),
    /// The hash of what the hub takes, as far as this laptop knows.
    pub schema: String,
    /// Something odd happened: all is compared with the hub as soon as it can be.
    pub is_check_due: bool,
}

/// The laptop's database. Each call is one transaction.
pub trait Replica {
    /// What is kept about the device.
    ///
    /// # Errors
    /// When the database does not answer.
    fn device(&self) -> Result<Device, SyncError>;

    /// Keeps it.
    ///
    /// # Errors
    /// When the database does not take it.
    fn put_device(&self, device: &Device) -> Result<(), SyncError>;

    /// Numbers that run low.
    ///
    /// # Errors
    /// When the database does not answer.
    fn low_numbers(&self) -> Result<Vec<NumberRange>, SyncError>;

    /// Keeps leased numbers, together with the device.
    ///
    /// # Errors
    /// When the database does not take it.
    fn put_leases(&self, leases: &[Lease], device: &Device) -> Result<(), SyncError>;

    /// Keeps what the hub takes, together with the device.
    ///
    /// # Errors
    /// When the database does not take it.
    fn put_schema(&self, schema: &Schema, device: &Device) -> Result<(), SyncError>;

    /// What waits for the hub and can be sent to it, oldest first. What it does not know yet is
    /// held.
    ///
    /// # Errors
    /// When the database does not answer.
    fn outbox(&self, most_changes: usize) -> Result<Vec<Sent>, SyncError>;

    /// All that the hub has not taken and nobody gave up, oldest first, in parts of at most
    /// [`crate::MOST_CHANGES`] changes.
    ///
    /// # Errors
    /// When the database does not answer.
    fn unsent(&self) -> Result<Vec<KeptPart>, SyncError>;

    /// Carries out what became of a push, together with the device. Returns whether something went
    /// that the hub takes for known here.
    ///
    /// # Errors
    /// When the database does not take it.
    fn settle(&self, pushed: &Pushed, device: &Device) -> Result<bool, SyncError>;

    /// Applies a page, together with the device. Returns whether something of it was left out, as
    /// what it refers to is not here though the hub takes it for known.
    ///
    /// # Errors
    /// [`SyncError::Fuse`] when it would remove much, with what went by those before it, though the
    /// grants are as they were; or when the database does not take it.
    fn apply(&self, page: &Page, device: &Device) -> Result<bool, SyncError>;

    /// What was kept of the snapshot that is to fill this workspace; none where it is not empty.
    ///
    /// # Errors
    /// When the database does not answer.
    fn snapshot(&self) -> Result<Option<Fill>, SyncError>;

    /// Keeps a part of it, if what was kept before is still so: another process may sync the same
    /// database. Returns whether it was kept.
    ///
    /// # Errors
    /// When the database does not take it.
    fn keep_part(&self, part: &Part, before: &Fill, kept: &Fill) -> Result<bool, SyncError>;

    /// Forgets the parts that were kept: it begins anew, or is left.
    ///
    /// # Errors
    /// When the database does not take it.
    fn drop_snapshot(&self, kept: &Fill) -> Result<(), SyncError>;

    /// Loads it, together with the device: all of it or nothing. Parts that do not fit each other
    /// are forgotten, and it is false.
    ///
    /// # Errors
    /// When the database does not take it.
    fn load_snapshot(&self, kept: &Fill, device: &Device) -> Result<bool, SyncError>;

    /// Keeps that this database, a copy of another one, is a device of its own from now on. The
    /// numbers that were leased are the other one's.
    ///
    /// # Errors
    /// When the database does not take it.
    fn become_own(&self, device: &Device) -> Result<(), SyncError>;

    /// After the hub was restored: what was confirmed lately is sent again, and what was offered to it
    /// before and not read since counts as seen.
    ///
    /// # Errors
    /// When the database does not take it.
    fn send_again(&self, device: &Device) -> Result<(), SyncError>;

    /// Records that were seen with a version above this one, by id, behind this one.
    ///
    /// # Errors
    /// When the database does not answer.
    fn seen_above(&self, version: i64, after: Id) -> Result<Vec<Versioned>, SyncError>;

    /// All was offered: versions above this one are forgotten, so that the hub's new ones hold.
    ///
    /// # Errors
    /// When the database does not take it.
    fn forget_above(&self, version: i64, device: &Device) -> Result<(), SyncError>;

    /// All was read since records were offered to a restored hub.
    ///
    /// # Errors
    /// When the database does not take it.
    fn all_read(&self, device: &Device) -> Result<(), SyncError>;

    /// What is to be compared with the hub now, so that what a record refers to comes before it;
    /// none where nothing is due.
    ///
    /// # Errors
    /// When the database does not answer.
    fn to_compare(&self, device: &Device) -> Result<Option<Compared>, SyncError>;

    /// The hashes of an entity's records, but for those that the hub cannot know yet.
    ///
    /// # Errors
    /// When the database does not answer.
    fn digest(&self, entity: &str, fields: &[String]) -> Result<Vec<u64>, SyncError>;

    /// Puts the entity's records in these buckets right, but for those that wait for the hub.
    /// None, and nothing was done, where this database was read on by somebody else meanwhile.
    ///
    /// # Errors
    /// When the database does not take it.
    fn mend(
        &self,
        entity: &str,
        fetched: &Refetched,
        device: &Device,
    ) -> Result<Option<Mended>, SyncError>;

    /// Removes records that the hub does not have for this user; how many went.
    ///
    /// # Errors
    /// [`SyncError::Fuse`] when they are many and nobody allowed it, or when the database does not
    /// take it.
    fn remove_strangers(
        &self,
        strangers: &BTreeMap<String, Vec<Id>>,
        device: &Device,
    ) -> Result<usize, SyncError>;

    /// All was compared and so many records put right; kept together with the device.
    ///
    /// # Errors
    /// When the database does not take it.
    fn put_checked(&self, mended: usize, device: &Device) -> Result<(), SyncError>;
}
