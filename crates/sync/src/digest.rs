//! Whether a laptop has what the hub has: each hashes what it holds, bucket by bucket, and what
//! differs is fetched again.

use std::collections::BTreeMap;

use domain::{
    Id,
    merge::{State, Versioned},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Device, Replica, Report, SyncError, Transport};

/// An entity's records fall into so many buckets.
pub const BUCKETS: usize = 256;

/// What is compared, in this order: entities, with the fields whose values count as well. Without
/// fields only ids and versions count.
pub type Compared = Vec<(String, Vec<String>)>;

/// A laptop that has read to the end asks for an entity's hashes: `POST /api/v1/sync/digest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The device.
    pub device_id: Id,
    /// Its database's life.
    pub incarnation: i64,
    /// How far it has read.
    pub cursor: String,
    /// The entity.
    pub entity: String,
    /// The fields whose values count.
    pub fields: Vec<String>,
}

/// The hub's hashes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digested {
    /// Nothing that its user sees changed behind the laptop's cursor. Else the hashes say nothing,
    /// and are asked for again after the next read.
    pub is_settled: bool,
    /// A hash for each bucket; none where the hub does not know the entity.
    pub buckets: Vec<u64>,
}

/// What differs is asked for: `POST /api/v1/sync/refetch`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refetch {
    /// The device.
    pub device_id: Id,
    /// Its database's life.
    pub incarnation: i64,
    /// How far it has read.
    pub cursor: String,
    /// The entity.
    pub entity: String,
    /// The buckets that differ.
    pub buckets: Vec<u8>,
}

/// Whole buckets as the hub holds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refetched {
    /// See [`Digested::is_settled`].
    pub is_settled: bool,
    /// The buckets that were asked for and are whole here: the first ones.
    pub buckets: Vec<u8>,
    /// All their records that the user may see, and what those refer to.
    pub records: Vec<Versioned>,
}

/// What a laptop put right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// Records that were missing or wrong.
    pub written: usize,
    /// Records that the hub does not have for this user and that wait for nothing.
    pub strangers: Vec<Id>,
}

/// The hashes of an entity's records. The order in which they are added does not matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Hashes(Vec<u64>);

impl Default for Hashes {
    fn default() -> Self {
        Self(vec![0; BUCKETS])
    }
}

impl Hashes {
    /// Adds a record, with the values of these fields.
    pub fn add(&mut self, id: Id, version: i64, fields: &[String], state: &State) {
        let mut hash = Sha256::new();
        hash.update(id.0.as_bytes());
        hash.update(version.to_be_bytes());
        for name in fields {
            // What one side does not know is as good as empty.
            if let Some(value) = state.get(name).filter(|value| !value.is_null()) {
                hash.update(name.as_bytes());
                hash.update([0]);
                hash.update(value.to_string().as_bytes());
                hash.update([0]);
            }
        }
        let mut short = [0; 8];
        short.copy_from_slice(&hash.finalize()[..8]);
        let bucket = &mut self.0[usize::from(bucket_of(id))];
        *bucket = bucket.wrapping_add(u64::from_be_bytes(short));
    }

    /// One hash for each bucket.
    #[must_use]
    pub fn buckets(self) -> Vec<u64> {
        self.0
    }
}

/// The bucket of a record, by the end of its id, which is random.
#[must_use]
pub fn bucket_of(id: Id) -> u8 {
    id.0.as_bytes()[15]
}

/// Compares what is due and puts right what differs. Where something changes meanwhile it ends, and
/// is done again after the next read.
pub(crate) fn check(
    replica: &impl Replica,
    transport: &mut impl Transport,
    device: &mut Device,
    report: &mut Report,
) -> Result<(), SyncError> {
    let Some(compared) = replica.to_compare(device)? else { return Ok(()) };
    let Some(cursor) = device.cursor.clone() else { return Ok(()) };
    let mut strangers: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for (entity, fields) in compared {
        let ask = Ask { device, cursor: &cursor, entity: &entity };
        let Some(mended) = compare(replica, transport, ask, fields)? else { return Ok(()) };
        report.mended += mended.written;
        strangers.insert(entity, mended.strangers);
    }
    report.mended += replica.remove_strangers(&strangers, device)?;
    device.is_check_due = false;
    replica.put_checked(report.mended, device)?;
    report.is_checked = true;
    Ok(())
}

struct Ask<'a> {
    device: &'a Device,
    cursor: &'a str,
    entity: &'a str,
}

/// None where something moved on meanwhile.
fn compare(
    replica: &impl Replica,
    transport: &mut impl Transport,
    Ask { device, cursor, entity }: Ask<'_>,
    fields: Vec<String>,
) -> Result<Option<Mended>, SyncError> {
    let mut mended = Mended::default();
    let (device_id, incarnation) = (device.id, device.incarnation);
    let here = replica.digest(entity, &fields)?;
    let there = transport.digest(&Digest {
        device_id,
        incarnation,
        cursor: cursor.into(),
        entity: entity.into(),
        fields,
    })?;
    if !there.is_settled {
        return Ok(None);
    }
    if there.buckets.len() != here.len() {
        return Ok(Some(mended));
    }
    let differing = (0..=u8::MAX).zip(here.iter().zip(&there.buckets));
    let mut buckets: Vec<u8> =
        differing.filter(|(_, (here, there))| here != there).map(|(bucket, _)| bucket).collect();
    while !buckets.is_empty() {
        let again = transport.refetch(&Refetch {
            device_id,
            incarnation,
            cursor: cursor.into(),
            entity: entity.into(),
            buckets: buckets.clone(),
        })?;
        if !again.is_settled || again.buckets.is_empty() {
            return Ok(None);
        }
        let Some(part) = replica.mend(entity, &again, device)? else { return Ok(None) };
        mended.written += part.written;
        mended.strangers.extend(part.strangers);
        buckets.retain(|bucket| !again.buckets.contains(bucket));
    }
    Ok(Some(mended))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_does_not_matter_and_every_part_does() {
        let state = |name: &str| -> State {
            json!({ "name": name, "phone": null }).as_object().cloned().unwrap()
        };
        let (a, b) = (Id(uuid(1)), Id(uuid(0x101)));
        assert_eq!(bucket_of(a), bucket_of(b));
        let of = |records: &[(Id, i64, &str)], fields: &[&str]| {
            let fields: Vec<String> = fields.iter().map(|name| (*name).into()).collect();
            let mut hashes = Hashes::default();
            for (id, version, name) in records {
                hashes.add(*id, *version, &fields, &state(name));
            }
            hashes.buckets()
        };
        let both = of(&[(a, 1, "A"), (b, 2, "B")], &["name", "phone"]);
        assert_eq!(both, of(&[(b, 2, "B"), (a, 1, "A")], &["name"]));
        for other in [
            of(&[(a, 1, "A"), (b, 3, "B")], &["name"]),
            of(&[(a, 1, "A"), (b, 2, "C")], &["name"]),
            of(&[(a, 2, "A"), (b, 1, "B")], &["name"]),
            of(&[(a, 1, "A")], &["name"]),
        ] {
            assert_ne!(both, other);
        }
        // Without fields the values do not count.
        assert_eq!(of(&[(a, 1, "A")], &[]), of(&[(a, 1, "X")], &[]));
    }

    fn uuid(number: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(number)
    }
}
