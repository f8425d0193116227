//! One round of sync as the laptop sees it: come in, send, read. It does no I/O of its own.

use std::collections::BTreeSet;

use domain::{Id, access::Role};
use serde::{Deserialize, Serialize};

use crate::{
    Device, Entry, Hello, MOST_CHANGES, Offer, PROTOCOL, Page, Push, Refused, Replica, Standing,
    SyncError, Transport, Welcome, digest::check, snapshot::fill,
};

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
    /// All of a first fill is here and is being written down now.
    pub is_loading: bool,
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
        if device.offered.take().is_some() {
            replica.all_read(&device)?;
        }
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
            next_push: device.next_push,
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
                // What is not through of an earlier restore, or was not read since it was offered, is
                // still to be offered.
                let left = device.offering.map(|(above, _)| above).into_iter();
                let left = left.chain(device.offered.take()).fold(i64::MAX, i64::min);
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
            device.offered = Some(above);
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
            cursor: device.cursor.clone(),
            first: device.next_push,
            changesets,
        })?;
        device.next_push = pushed.next_push;
        if replica.settle(&pushed, device)? {
            device.is_check_due = true;
            replica.put_device(device)?;
        }
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

/// So many pages of a fill are written down together: what is looked up is written anew with each.
const TOGETHER: usize = 5;

/// Whether a page brings more of the same fill. What it takes away may be what the one before it
/// brought: then each is written down by itself.
fn goes_on(page: &Page, next: &Page) -> bool {
    let takes_away = |entry: &Entry| matches!(entry, Entry::LeftScope { .. });
    next.epoch == page.epoch && next.grants_changed && !next.entries.iter().any(takes_away)
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
    let mut ahead = None;
    loop {
        let mut page = match ahead.take() {
            Some(page) => page,
            None => transport.changes(device.incarnation, device.cursor.as_deref()),
        }?;
        for _ in 1..TOGETHER {
            if !page.more || !page.grants_changed {
                break;
            }
            match transport.changes(device.incarnation, Some(&page.cursor)) {
                Ok(next) if goes_on(&page, &next) => {
                    // Of a record that comes twice the later state holds.
                    let newer: BTreeSet<Id> = next.entries.iter().map(Entry::id).collect();
                    page.entries.retain(|entry| !newer.contains(&entry.id()));
                    page.entries.extend(next.entries);
                    (page.cursor, page.more) = (next.cursor, next.more);
                }
                // What came before it is kept.
                other => {
                    ahead = Some(other);
                    break;
                }
            }
        }
        if Some(page.epoch) != device.epoch {
            let sentence = "The hub was restored; say hello again.".into();
            return Err(SyncError::Refused(Refused { code: "epoch-ended".into(), sentence }));
        }
        let stands = device.cursor.as_ref() == Some(&page.cursor);
        if stands && page.entries.is_empty() && !page.more && !page.grants_changed {
            return Ok(());
        }
        if page.more && ahead.is_none() {
            transport.expect_changes(device.incarnation, &page.cursor);
        }
        device.cursor = Some(page.cursor.clone());
        if replica.apply(&page, device)? {
            device.is_check_due = true;
            replica.put_device(device)?;
        }
        report.received += page.entries.len();
        told(report);
        if !page.more {
            return Ok(());
        }
    }
}
