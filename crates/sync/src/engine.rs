//! One round of sync as the laptop sees it: come in, send, read. It does no I/O of its own.

use std::collections::BTreeMap;

use domain::{Id, access::Role};
use serde::{Deserialize, Serialize};

use crate::{
    Compared, Digest, Digested, Fill, Hello, Keep, Kept, KeptPart, Lease, MOST_CHANGES, Mended,
    NumberRange, Offer, Offered, PROTOCOL, Page, Part, Push, Pushed, Refetch, Refetched, Refused,
    Schema, Sent, Standing, Versioned, Welcome, digest::check, snapshot::fill,
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
    /// How often all was offered, and whether some of it was not taken this time: it may stand on
    /// what came later in the offer.
    pub offers: (u8, bool),
    /// The hash of what the hub takes, as far as this laptop knows.
    pub schema: String,
    /// Something odd happened: all is compared with the hub as soon as it can be.
    pub is_check_due: bool,
}

/// The way to the hub.
pub trait Transport {
    /// `POST hello`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn hello(&mut self, hello: &Hello) -> Result<Welcome, SyncError>;

    /// `POST push`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's. Whether the push took effect is not known then.
    fn push(&mut self, push: &Push) -> Result<Pushed, SyncError>;

    /// `GET changes`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn changes(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Page, SyncError>;

    /// `POST offer`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn offer(&mut self, offer: &Offer) -> Result<Offered, SyncError>;

    /// `POST digest`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn digest(&mut self, digest: &Digest) -> Result<Digested, SyncError>;

    /// `POST refetch`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn refetch(&mut self, refetch: &Refetch) -> Result<Refetched, SyncError>;

    /// `GET snapshot`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn snapshot(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Part, SyncError>;

    /// Registers this laptop anew, because its database is a copy of another one's.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn fork(&mut self, new_id: Id) -> Result<(), SyncError>;

    /// `POST keep`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn keep(&mut self, keep: &Keep) -> Result<Kept, SyncError>;
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

    /// Carries out what became of a push, together with the device.
    ///
    /// # Errors
    /// When the database does not take it.
    fn settle(&self, pushed: &Pushed, device: &Device) -> Result<(), SyncError>;

    /// Applies a page, together with the device.
    ///
    /// # Errors
    /// [`SyncError::Fuse`] when it would remove much though the grants are as they were, or when
    /// the database does not take it.
    fn apply(&self, page: &Page, device: &Device) -> Result<(), SyncError>;

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

    /// After the hub was restored: what was confirmed lately is sent again.
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

/// Why a round ended early. Nothing is lost: the next one goes on where this one was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// The hub was not reached, or what answered is not it.
    #[error("The hub cannot be reached ({0}). Your work is kept here and sent when it can.")]
    Unreachable(String),
    /// Something answered whose certificate nobody vouches for.
    #[error(
        "The hub's certificate is not trusted ({0}). Nothing was sent. A company's own authority is put into the system's store, or named by KONTOR_HUB_CA."
    )]
    Untrusted(String),
    /// The hub said no.
    #[error("{}", .0.sentence)]
    Refused(Refused),
    /// This version of Kontor is too old to send to this hub.
    #[error("The hub needs a newer Kontor. Your work is kept here until it is installed.")]
    TooOld,
    /// A page would remove so many records that somebody should have a look first.
    #[error("The hub wants to remove {0} records from this laptop. Nothing was removed yet.")]
    Fuse(usize),
    /// The laptop's own database.
    #[error("{0}")]
    Replica(String),
}

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Changesets that the hub took.
    pub sent: usize,
    /// Records that came.
    pub received: usize,
    /// Changesets with fields that others changed too.
    pub conflicts: usize,
    /// Changesets that the hub did not take.
    pub rejected: usize,
    /// Records that were not as the hub has them, and were put right.
    pub mended: usize,
    /// Whether all was compared.
    pub is_checked: bool,
}

/// Comes in, sends what waits, and reads until nothing is left. `ids` makes new ids, `told` hears
/// how far it is.
///
/// # Errors
/// Why it ended early; what was done until then holds.
pub fn round(
    replica: &impl Replica,
    transport: &mut impl Transport,
    ids: &mut dyn FnMut() -> Id,
    told: &mut dyn FnMut(&Report),
) -> Result<Report, SyncError> {
    let device = come_in(replica, transport, ids)?;
    let mut report = Report::default();
    exchange(replica, transport, device, &mut report, told)?;
    Ok(report)
}

/// As [`round`], of a laptop that came in a short while ago and has been open since: it says hello
/// only where there is a reason to. Whatever a hello would tell, the hub tells otherwise as well: a
/// copy and a new life of the hub are refused, other grants come with the page.
///
/// # Errors
/// As those of [`round`].
pub fn next_round(
    replica: &impl Replica,
    transport: &mut impl Transport,
    ids: &mut dyn FnMut() -> Id,
    told: &mut dyn FnMut(&Report),
) -> Result<Report, SyncError> {
    let device = replica.device()?;
    let is_in = device.epoch.is_some() && device.hello.is_none() && device.offering.is_none();
    if !is_in || !replica.low_numbers()?.is_empty() {
        return round(replica, transport, ids, told);
    }
    let mut report = Report::default();
    match exchange(replica, transport, device, &mut report, told) {
        Err(SyncError::Refused(refused)) if is_for_hello(&refused) => {
            let device = come_in(replica, transport, ids)?;
            exchange(replica, transport, device, &mut report, told)?;
        }
        done => done?,
    }
    Ok(report)
}

fn is_for_hello(refused: &Refused) -> bool {
    matches!(refused.code.as_str(), "device-forked" | "epoch-ended")
}

fn exchange(
    replica: &impl Replica,
    transport: &mut impl Transport,
    mut device: Device,
    report: &mut Report,
    told: &mut dyn FnMut(&Report),
) -> Result<(), SyncError> {
    // Whoever waits for the first fill need not wait for its comparison: that is the next round's.
    let is_filled = device.cursor.is_none() && !device.is_check_due;
    loop {
        send(replica, transport, &mut device, report, told)?;
        read(replica, transport, &mut device, report, told)?;
        if device.role == Role::ReadOnly || replica.outbox(1)?.is_empty() {
            if is_filled {
                return Ok(());
            }
            let is_asked = device.is_check_due;
            return match check(replica, transport, &mut device, report) {
                // All is sent and read; it is compared when the network is better.
                Err(SyncError::Unreachable(_)) if !is_asked => Ok(()),
                checked => checked,
            };
        }
    }
}

fn come_in(
    replica: &impl Replica,
    transport: &mut impl Transport,
    ids: &mut dyn FnMut() -> Id,
) -> Result<Device, SyncError> {
    let mut device = replica.device()?;
    // A hub's life may end, and a copy be noticed, once each; more is not this laptop's doing.
    for _ in 0..3 {
        // Kept before it is sent: if the answer is lost, the same hello is sent again.
        let nonce = *device.hello.get_or_insert_with(&mut *ids);
        replica.put_device(&device)?;
        let welcome = transport.hello(&Hello {
            device_id: device.id,
            incarnation: device.incarnation,
            nonce,
            epoch: device.epoch,
            protocol: PROTOCOL,
            numbers: replica.low_numbers()?,
            schema: device.schema.clone(),
        })?;
        match welcome.standing {
            Standing::Ok => {
                follow(&mut device, &welcome);
                if let Some(schema) = &welcome.schema {
                    device.schema = schema.hash();
                    replica.put_schema(schema, &device)?;
                }
                replica.put_leases(&welcome.leases, &device)?;
                bring_back(replica, transport, &mut device)?;
                return Ok(device);
            }
            Standing::Upgrade => return Err(SyncError::TooOld),
            Standing::Rebootstrap => {
                follow(&mut device, &welcome);
                device.cursor = None;
                // What is not through of an earlier restore is still to be offered.
                let left = device.offering.map_or(i64::MAX, |(above, _)| above);
                device.offering = Some((welcome.restored_version.min(left), Id::NIL));
                device.offers = (0, false);
                device.is_check_due = true;
                replica.send_again(&device)?;
            }
            Standing::Fork => {
                let id = ids();
                transport.fork(id)?;
                device = Device {
                    id,
                    incarnation: 0,
                    hello: None,
                    next_push: 1,
                    is_check_due: true,
                    ..device.clone()
                };
                replica.become_own(&device)?;
            }
        }
    }
    Err(SyncError::Unreachable("the hub does not let this laptop in".into()))
}

/// What was not taken is offered again so often: each time what it stands on may be there.
const MOST_OFFERS: u8 = 2;

/// Offers what a restored hub lacks; cut off, it goes on where it was.
fn bring_back(
    replica: &impl Replica,
    transport: &mut impl Transport,
    device: &mut Device,
) -> Result<(), SyncError> {
    while let Some((above, after)) = device.offering {
        let records = replica.seen_above(above, after)?;
        let Some(last) = records.last().map(|record| record.id) else {
            let (times, is_refused) = device.offers;
            if is_refused && times < MOST_OFFERS {
                device.offering = Some((above, Id::NIL));
                device.offers = (times + 1, false);
                replica.put_device(device)?;
                continue;
            }
            device.offering = None;
            device.offers = (0, false);
            return replica.forget_above(above, device);
        };
        let (device_id, incarnation) = (device.id, device.incarnation);
        if device.role != Role::ReadOnly {
            let offered = transport.offer(&Offer { device_id, incarnation, above, records })?;
            device.offers.1 |= offered.refused > 0;
        }
        device.offering = Some((above, last));
        replica.put_device(device)?;
    }
    Ok(())
}

fn follow(device: &mut Device, welcome: &Welcome) {
    device.incarnation = welcome.incarnation;
    device.hello = None;
    device.epoch = Some(welcome.epoch);
    device.next_push = welcome.next_push;
    device.user_id = welcome.user_id;
    device.role = welcome.role;
}

fn send(
    replica: &impl Replica,
    transport: &mut impl Transport,
    device: &mut Device,
    report: &mut Report,
    told: &mut dyn FnMut(&Report),
) -> Result<(), SyncError> {
    if device.role == Role::ReadOnly {
        return Ok(());
    }
    loop {
        let changesets = replica.outbox(MOST_CHANGES)?;
        if changesets.is_empty() {
            return Ok(());
        }
        let pushed = transport.push(&Push {
            device_id: device.id,
            incarnation: device.incarnation,
            epoch: device.epoch,
            first: device.next_push,
            changesets,
        })?;
        device.next_push = pushed.next_push;
        replica.settle(&pushed, device)?;
        for answer in &pushed.answers {
            match answer.outcome {
                crate::Outcome::Applied | crate::Outcome::Merged => report.sent += 1,
                crate::Outcome::Conflict { .. } => {
                    report.sent += 1;
                    report.conflicts += 1;
                }
                crate::Outcome::Rejected { .. } => report.rejected += 1,
                crate::Outcome::Retry => {}
            }
        }
        told(report);
    }
}

fn read(
    replica: &impl Replica,
    transport: &mut impl Transport,
    device: &mut Device,
    report: &mut Report,
    told: &mut dyn FnMut(&Report),
) -> Result<(), SyncError> {
    if device.cursor.is_none() {
        fill(replica, transport, device, report, told)?;
    }
    loop {
        let page = transport.changes(device.incarnation, device.cursor.as_deref())?;
        if Some(page.epoch) != device.epoch {
            let sentence = "The hub was restored; say hello again.".into();
            return Err(SyncError::Refused(Refused { code: "epoch-ended".into(), sentence }));
        }
        let stands = device.cursor.as_ref() == Some(&page.cursor);
        if stands && page.entries.is_empty() && !page.more && !page.grants_changed {
            return Ok(());
        }
        device.cursor = Some(page.cursor.clone());
        replica.apply(&page, device)?;
        report.received += page.entries.len();
        told(report);
        if !page.more {
            return Ok(());
        }
    }
}
