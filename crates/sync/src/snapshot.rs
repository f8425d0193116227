//! The first fill of a laptop: everything in its user's scope, in large parts that the laptop keeps
//! as they come and loads at once when it has all of them.

use std::io::Read;

use domain::Id;
use serde::{Deserialize, Serialize};

use crate::{Device, Refused, Replica, Report, SyncError, Transport};

/// Unpacked, a part is at most so long.
const LONGEST: u64 = 256 * 1024 * 1024;
/// A snapshot that ends so often before it is whole is left; pages bring the rest.
const ATTEMPTS: u32 = 3;

/// A part's head, its first line. What follows is packed with zstd: an array of [`Table`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHead {
    /// The hub's present life.
    pub epoch: Id,
    /// Where the next part goes on; of the last part, the cursor of the feed. Opaque, signed.
    pub cursor: String,
    /// Whether there is a next part.
    pub more: bool,
    /// The rows of this part.
    pub records: u64,
    /// The rows up to its end. What was kept must be as many, or a part is missing.
    pub total: u64,
}

/// A part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it says of itself.
    pub head: PartHead,
    /// Its tables, packed.
    pub packed: Vec<u8>,
}

impl Part {
    /// As it goes over the wire.
    ///
    /// # Errors
    /// Never in practice: a head is plain.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(&self.head)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.packed);
        Ok(bytes)
    }

    /// From the wire; none when it is no part.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, packed) = bytes.split_at_checked(end)?;
        let packed = packed.get(1..)?.to_vec();
        Some(Self { head: serde_json::from_slice(head).ok()?, packed })
    }
}

/// Packs a part's tables.
///
/// # Errors
/// When memory ends.
pub fn pack(tables: &[u8]) -> std::io::Result<Vec<u8>> {
    // The lowest level: loading waits for the hub, not for the wire.
    zstd::bulk::compress(tables, 1)
}

/// Unpacks a part's tables.
///
/// # Errors
/// When they are cut off, damaged, or longer than any hub sends.
pub fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut tables = Vec::new();
    zstd::stream::read::Decoder::new(packed)?.take(LONGEST).read_to_end(&mut tables)?;
    Ok(tables)
}

/// How much of a snapshot a laptop has kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// The hub's life that it is of.
    pub epoch: Option<Id>,
    /// Where the next part goes on; none at the beginning.
    pub cursor: Option<String>,
    /// The rows that were kept.
    pub records: u64,
    /// How often it began anew.
    pub attempt: u32,
    /// The last part is there: it only needs to be loaded.
    pub is_whole: bool,
}

impl Fill {
    /// Nothing of it is good.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { epoch: self.epoch, attempt: self.attempt + 1, ..Self::default() }
    }
}

/// Fills an empty workspace; does nothing to one that is not to be filled. Cut off at any place, it
/// goes on where it was, or anew: nothing is in the workspace before all of it is.
pub(crate) fn fill(
    replica: &impl Replica,
    transport: &mut impl Transport,
    device: &mut Device,
    report: &mut Report,
    told: &mut dyn FnMut(&Report),
) -> Result<(), SyncError> {
    let Some(mut kept) = replica.snapshot()?.filter(|kept| kept.attempt < ATTEMPTS) else {
        return Ok(());
    };
    if kept.epoch != device.epoch {
        kept = Fill { epoch: device.epoch, ..Fill::default() };
        replica.drop_snapshot(&kept)?;
    }
    while !kept.is_whole {
        let part = match transport.snapshot(device.incarnation, kept.cursor.as_deref()) {
            Err(SyncError::Refused(refused)) if refused.code == "snapshot-ended" => None,
            part => Some(part?),
        };
        let fits = |part: &Part| kept.records + part.head.records == part.head.total;
        let Some(part) = part.filter(fits) else {
            kept = kept.anew();
            replica.drop_snapshot(&kept)?;
            if kept.attempt < ATTEMPTS {
                continue;
            }
            return Ok(());
        };
        if Some(part.head.epoch) != device.epoch {
            let sentence = "The hub was restored; say hello again.".into();
            return Err(SyncError::Refused(Refused { code: "epoch-ended".into(), sentence }));
        }
        let next = Fill {
            cursor: Some(part.head.cursor.clone()),
            records: part.head.total,
            is_whole: !part.head.more,
            ..kept.clone()
        };
        if !replica.keep_part(&part, &kept, &next)? {
            // Another process fills it at the same time: on from where that one is.
            *device = replica.device()?;
            match replica.snapshot()?.filter(|kept| kept.epoch == device.epoch) {
                Some(theirs) if device.cursor.is_none() => kept = theirs,
                _ => return Ok(()),
            }
            continue;
        }
        kept = next;
        report.received += usize::try_from(part.head.records).unwrap_or(0);
        told(report);
    }
    let filled = Device { cursor: kept.cursor.clone(), ..device.clone() };
    report.is_loading = true;
    told(report);
    let loaded = replica.load_snapshot(&kept, &filled);
    report.is_loading = false;
    if loaded? {
        *device = filled;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_comes_back_from_the_wire() {
        let head =
            PartHead { epoch: Id::NIL, cursor: "next".into(), more: true, records: 2, total: 7 };
        let packed = pack(b"[{\"rows\":[[1],[2]]}]\n").unwrap();
        let part = Part { head, packed };
        let bytes = part.to_bytes().unwrap();
        assert_eq!(Part::from_bytes(&bytes).as_ref(), Some(&part));
        assert_eq!(unpack(&part.packed).unwrap(), b"[{\"rows\":[[1],[2]]}]\n");
        assert_eq!(Part::from_bytes(b"<html>"), None);
        assert!(unpack(&part.packed[..part.packed.len() - 3]).is_err());
    }
}
