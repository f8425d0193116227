//! A laptop that was revoked comes a last time. Whatever else answers, by mistake or on purpose, is
//! no reason to remove anything: only the hub that it knows is, which says whom it means.

use std::collections::BTreeSet;

use domain::Id;

use crate::{Keep, Kept, KeptPart, MOST_CHANGES, Replica, SyncError, Transport};

/// The parts of changesets that the hub keeps.
pub type Parts = BTreeSet<(Id, u32)>;

fn key(part: &KeptPart) -> (Id, u32) {
    (part.changeset.id, part.part)
}

/// Hands over what waits and is not among `kept` yet; what the hub keeps then is.
///
/// # Errors
/// Why it ended early; what is in `kept` holds. [`SyncError::Unreachable`] when what answered is
/// not certainly this laptop's hub.
pub fn hand_over(
    replica: &impl Replica,
    transport: &mut impl Transport,
    ids: &mut dyn FnMut() -> Id,
    kept: &mut Parts,
) -> Result<(), SyncError> {
    let mut left = replica.unsent()?;
    left.retain(|part| !kept.contains(&key(part)));
    while !left.is_empty() {
        let mut changes = 0;
        let fits = left.iter().take_while(|part| {
            changes += part.changeset.changes.len();
            changes <= MOST_CHANGES
        });
        let parts: Vec<KeptPart> = left.drain(..fits.count().max(1)).collect();
        kept.extend(ask(replica, transport, ids, parts, false)?);
    }
    Ok(())
}

/// Everything was handed over: has the hub say once more that this laptop was revoked. With its
/// answer the laptop's data may go.
///
/// # Errors
/// That it did not say so, or that what answered is not certainly this laptop's hub.
pub fn take_leave(
    replica: &impl Replica,
    transport: &mut impl Transport,
    ids: &mut dyn FnMut() -> Id,
) -> Result<(), SyncError> {
    ask(replica, transport, ids, Vec::new(), true).map(|_| ())
}

fn ask(
    replica: &impl Replica,
    transport: &mut impl Transport,
    ids: &mut dyn FnMut() -> Id,
    parts: Vec<KeptPart>,
    is_all: bool,
) -> Result<Vec<(Id, u32)>, SyncError> {
    let device = replica.device()?;
    let keep = Keep { device_id: device.id, nonce: ids(), parts, is_all };
    let answer = transport.keep(&keep)?;
    let is_hub = device.epoch.is_some_and(|epoch| is_sure(&keep, &answer, epoch));
    match is_hub {
        true => Ok(answer.kept),
        false => Err(SyncError::Unreachable("what answered is not this laptop's hub".into())),
    }
}

/// Whether an answer is the hub's whose data is here, is about this laptop and this call, and all
/// was kept.
fn is_sure(keep: &Keep, answer: &Kept, epoch: Id) -> bool {
    let kept: Parts = answer.kept.iter().copied().collect();
    answer.device_id == keep.device_id
        && answer.nonce == keep.nonce
        && answer.epochs.contains(&epoch)
        && keep.parts.iter().all(|part| kept.contains(&key(part)))
}

#[cfg(test)]
mod tests {
    use domain::{Changeset, Instant};

    use super::*;

    #[test]
    fn an_answer_that_is_wrong_in_anything_is_not_the_hubs() {
        let changeset = Changeset {
            id: Id::now(),
            at: Instant::now(),
            user_id: Id::now(),
            operation: "customer.update".into(),
            subject: String::new(),
            changes: Vec::new(),
        };
        let (epoch, former) = (Id::now(), Id::now());
        let parts = vec![KeptPart { changeset, part: 0 }];
        let keep = Keep { device_id: Id::now(), nonce: Id::now(), parts, is_all: false };
        let right = Kept {
            device_id: keep.device_id,
            nonce: keep.nonce,
            epochs: vec![epoch, former],
            kept: keep.parts.iter().map(key).collect(),
        };
        assert!(is_sure(&keep, &right, epoch));
        assert!(is_sure(&keep, &right, former), "restored since");
        assert!(!is_sure(&keep, &right, Id::now()), "another hub");
        for wrong in [
            Kept { device_id: Id::now(), ..right.clone() },
            Kept { nonce: Id::now(), ..right.clone() },
            Kept { epochs: Vec::new(), ..right.clone() },
            Kept { kept: Vec::new(), ..right.clone() },
        ] {
            assert!(!is_sure(&keep, &wrong, epoch), "{wrong:?}");
        }
    }
}
