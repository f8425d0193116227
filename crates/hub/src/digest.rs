//! What a laptop should have, hashed: what differs is fetched again.

use std::collections::BTreeSet;

use domain::{ENTITIES, Id, access::Grants, references};
use sync::{Digest, Digested, Hashes, Refetch, Refetched, Versioned, bucket_of};

use crate::{
    Result,
    cursor::Cursor,
    pull::known_reader,
    scope::narrowed,
    storage::{self, Row, Storage, Tx},
};

/// So many records are read at a time.
const PART: usize = 5_000;

/// A laptop that has read to its cursor.
struct Reader {
    cursor: Cursor,
    grants: Grants,
}

impl Reader {
    async fn of(
        tx: &mut impl Tx,
        device_id: Id,
        incarnation: i64,
        cursor: &str,
    ) -> Result<(Self, Id)> {
        // Nothing is held: hashing takes long, and what can be read would stand still for all.
        let storage::Reader { device, grants, epoch, secret } =
            known_reader(tx, device_id, incarnation).await?;
        let cursor = Cursor::of(cursor, &secret, epoch, device.user_id)?;
        Ok((Self { cursor, grants }, device.user_id))
    }

    /// Whether the laptop, once it has applied everything up to its cursor, has what its user sees:
    /// the grants are those that it read with, and nothing that it sees, or saw, was written behind
    /// the cursor. Whatever was hashed before this was asked is of the same moment then: what was
    /// written meanwhile would stand behind the cursor.
    async fn is_settled(&self, tx: &mut impl Tx, user_id: Id, most: usize) -> Result<bool> {
        let now = tx.grants(user_id).await?;
        if self.cursor.fill.is_some() || self.cursor.grants.as_ref() != Some(&now) {
            return Ok(false);
        }
        let rows = tx.written(self.cursor.after, most).await?;
        let concerns =
            |row: &Row| now.sees(row.place) || row.former.iter().any(|place| now.sees(*place));
        Ok(rows.len() < most && !rows.iter().any(concerns))
    }

    /// The next records of an entity that the user sees, by id, and where they end; none behind the
    /// last.
    async fn next(
        &self,
        tx: &mut impl Tx,
        entity: &str,
        after: Id,
    ) -> Result<Option<(Vec<Row>, Id)>> {
        let mut rows = tx.shown(&self.grants, entity, after, PART).await?;
        let Some(end) = rows.last().map(|row| row.id) else { return Ok(None) };
        rows.retain(|row| self.grants.sees(row.place));
        Ok(Some((rows, end)))
    }
}

/// Hashes an entity's records that the user of a laptop sees, as of its cursor.
///
/// # Errors
/// `cursor-invalid`, `epoch-ended`, `device-…`, or when the database does not answer.
pub async fn digest(storage: &impl Storage, request: &Digest) -> Result<Digested> {
    let mut tx = storage.begin().await?;
    let most = storage.page_size();
    let (reader, user_id) =
        Reader::of(&mut tx, request.device_id, request.incarnation, &request.cursor).await?;
    let unsettled = Digested { is_settled: false, buckets: Vec::new() };
    if !reader.is_settled(&mut tx, user_id, most).await? {
        return Ok(unsettled);
    }
    if !ENTITIES.contains(&request.entity.as_str()) {
        return Ok(Digested { is_settled: true, buckets: Vec::new() });
    }
    let mut hashes = Hashes::default();
    let mut after = Id::NIL;
    while let Some((rows, end)) = reader.next(&mut tx, &request.entity, after).await? {
        after = end;
        if request.fields.is_empty() {
            for row in rows {
                hashes.add(row.id, row.at.version, &[], &Default::default());
            }
            continue;
        }
        let ids: Vec<(String, Id)> = rows.into_iter().map(|row| (row.entity, row.id)).collect();
        let found = tx.records(&ids).await?;
        for record in narrowed(&mut tx, &reader.grants, found).await? {
            hashes.add(record.id, record.version, &request.fields, &record.state);
        }
    }
    if !reader.is_settled(&mut tx, user_id, most).await? {
        return Ok(unsettled);
    }
    tx.commit().await?;
    Ok(Digested { is_settled: true, buckets: hashes.buckets() })
}

/// Whole buckets of an entity, as many as fit into a page and at least one, with what their records
/// refer to.
///
/// # Errors
/// As [`digest`].
pub async fn refetch(storage: &impl Storage, request: &Refetch) -> Result<Refetched> {
    let mut tx = storage.begin().await?;
    let most = storage.page_size();
    let (reader, user_id) =
        Reader::of(&mut tx, request.device_id, request.incarnation, &request.cursor).await?;
    let mut answer = Refetched { is_settled: false, buckets: Vec::new(), records: Vec::new() };
    if !reader.is_settled(&mut tx, user_id, most).await? {
        return Ok(answer);
    }
    let wanted: BTreeSet<u8> = request.buckets.iter().copied().collect();
    let mut found: Vec<Vec<Id>> = vec![Vec::new(); sync::BUCKETS];
    let mut after = Id::NIL;
    while let Some((rows, end)) = reader.next(&mut tx, &request.entity, after).await? {
        after = end;
        for row in rows.iter().filter(|row| wanted.contains(&bucket_of(row.id))) {
            found[usize::from(bucket_of(row.id))].push(row.id);
        }
    }
    let mut ids: Vec<(String, Id)> = Vec::new();
    for bucket in wanted {
        let held = &found[usize::from(bucket)];
        if !ids.is_empty() && ids.len() + held.len() > most {
            break;
        }
        ids.extend(held.iter().map(|id| (request.entity.clone(), *id)));
        answer.buckets.push(bucket);
    }
    answer.records = with_what_they_name(&mut tx, &reader.grants, ids).await?;
    answer.is_settled = reader.is_settled(&mut tx, user_id, most).await?;
    tx.commit().await?;
    match answer.is_settled {
        true => Ok(answer),
        false => Ok(Refetched { is_settled: false, buckets: Vec::new(), records: Vec::new() }),
    }
}

/// Records as the user may see them, with all that they refer to, and so on.
async fn with_what_they_name(
    tx: &mut impl Tx,
    grants: &Grants,
    ids: Vec<(String, Id)>,
) -> Result<Vec<Versioned>> {
    let mut there: BTreeSet<Id> = ids.iter().map(|(_, id)| *id).collect();
    let (mut records, mut next) = (Vec::new(), ids);
    while !next.is_empty() {
        let mut wanted = BTreeSet::new();
        let mut found = tx.records(&next).await?;
        found.retain(|stored| grants.sees(stored.place));
        for record in narrowed(tx, grants, found).await? {
            for (_, entity, id) in references(&record.state) {
                if there.insert(id) {
                    wanted.insert((entity.to_owned(), id));
                }
            }
            records.push(record);
        }
        next = wanted.into_iter().collect();
    }
    Ok(records)
}
