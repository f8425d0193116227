//! The first fill of a laptop: everything that its user sees, entity by entity, in large parts.
//!
//! Each part is read as of one moment. What was written since the moment of the part before, where
//! the snapshot has passed already, comes first; so that what the laptop has after each part is what
//! the hub had at that moment, and references hold when it is whole. What left the scope meanwhile
//! is told by the feed, which goes on from the horizon of the first part.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ENTITIES, Id, Instant, access::Grants};
use serde::{Deserialize, Serialize};
use sync::{Part, PartHead, pack};

use crate::{
    Error, Result,
    cursor::{self, Cursor},
    pull::known_reader,
    scope::hidden,
    storage::{Line, Lines, Position, Reader, Storage, Tx, Which, names_others},
};

/// A part has as much as so many pages.
const PAGES: usize = 5;
/// With more written in between, it begins anew.
const MOST_PATCHED: usize = 20_000;

/// How far a snapshot came; opaque to the laptop, signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Progress {
    epoch: Id,
    user_id: Id,
    /// The grants that it is for.
    scope: Grants,
    /// The horizon of its first part: the feed is read from here when it is whole.
    since: Position,
    /// The horizon of its last part.
    patched: Position,
    /// The entity's number and the last id.
    passed: (usize, Id),
    /// So many rows were sent.
    total: u64,
}

fn ended() -> Error {
    Error::new("snapshot-ended", "The snapshot does not go on; it begins anew.")
}

/// The next part of a snapshot for a device; without a cursor, the first one.
///
/// # Errors
/// `snapshot-ended` when it cannot go on (other grants, another life of the hub, too much written
/// meanwhile), `cursor-invalid`, `device-…`, or when the database does not answer.
pub async fn snapshot(
    storage: &impl Storage,
    device_id: Id,
    incarnation: i64,
    cursor: Option<&str>,
    now: Instant,
) -> Result<Part> {
    let mut tx = storage.begin().await?;
    tx.one_moment().await?;
    let reader = known_reader(&mut tx, device_id, incarnation).await?;
    let Reader { device, grants, epoch, secret } = reader;
    let horizon = tx.horizon().await?;
    let mut progress = match cursor {
        Some(text) => cursor::read::<Progress>(text, &secret)?,
        None => Progress {
            epoch,
            user_id: device.user_id,
            scope: grants.clone(),
            since: horizon,
            patched: horizon,
            passed: (0, Id::NIL),
            total: 0,
        },
    };
    if progress.user_id != device.user_id {
        return Err(Error::new("cursor-invalid", "The cursor is somebody else's."));
    }
    if progress.epoch != epoch || progress.scope != grants {
        return Err(ended());
    }
    let mut draft = Draft { grants: &grants, tables: String::from("["), records: 0 };
    if cursor.is_some() {
        draft.patch(&mut tx, &progress).await?;
    }
    progress.patched = horizon;
    // Behind what was patched, however much: a transaction that runs for long lets the same come
    // with every part.
    let most = draft.records + storage.page_size() * PAGES;
    while let Some(entity) = ENTITIES.get(progress.passed.0) {
        let left = most.saturating_sub(draft.records);
        if left == 0 {
            break;
        }
        let which = Which::After(progress.passed.1, left);
        let mut lines = tx.lines(entity, which, &grants).await?;
        let is_full = lines.lines.len() == left;
        let bytes = (storage.page_bytes() * PAGES).saturating_sub(draft.tables.len());
        let is_cut = cut(&mut lines.lines, bytes);
        progress.passed = match lines.lines.last() {
            Some(last) if is_full || is_cut => (progress.passed.0, last.id),
            _ => (progress.passed.0 + 1, Id::NIL),
        };
        draft.put(&mut tx, entity, lines, false).await?;
        if is_cut {
            break;
        }
    }
    tx.commit().await?;
    progress.total += draft.records as u64;
    let more = progress.passed.0 < ENTITIES.len();
    let cursor = match more {
        true => cursor::sign(&progress, &secret)?,
        false => Cursor {
            epoch,
            user_id: device.user_id,
            after: progress.since,
            grants: Some(grants.clone()),
            toward: None,
            partly: Vec::new(),
            read_at: Some(now),
            fill: None,
        }
        .sign(&secret)?,
    };
    draft.tables.push(']');
    let packed = pack(draft.tables.as_bytes()).map_err(|error| Error::internal(&error))?;
    let records = draft.records as u64;
    Ok(Part { head: PartHead { epoch, cursor, more, records, total: progress.total }, packed })
}

/// Leaves to the next part what makes this one longer than so many bytes, but for one line; whether
/// it did.
fn cut(lines: &mut Vec<Line>, bytes: usize) -> bool {
    let mut sum = 0;
    let fits = |line: &Line| {
        let goes_in = sum < bytes.max(1);
        sum += line.json.len();
        goes_in
    };
    let cut = lines.iter().map(fits).position(|goes_in| !goes_in);
    lines.truncate(cut.unwrap_or(lines.len()));
    cut.is_some()
}

/// A part that is being put together: JSON, written as it is read.
struct Draft<'a> {
    grants: &'a Grants,
    tables: String,
    records: usize,
}

impl Draft<'_> {
    /// What was written since the last part where the snapshot has passed.
    async fn patch(&mut self, tx: &mut impl Tx, progress: &Progress) -> Result<()> {
        let written = tx.written_since(progress.patched, MOST_PATCHED + 1).await?;
        if written.len() > MOST_PATCHED {
            return Err(ended());
        }
        let mut by_entity: BTreeMap<usize, Vec<Id>> = BTreeMap::new();
        for (entity, id) in written {
            let Some(at) = ENTITIES.iter().position(|name| *name == entity) else { continue };
            if (at, id) <= progress.passed {
                by_entity.entry(at).or_default().push(id);
            }
        }
        for (at, ids) in by_entity {
            let lines = tx.lines(ENTITIES[at], Which::These(&ids), self.grants).await?;
            self.put(tx, ENTITIES[at], lines, true).await?;
        }
        Ok(())
    }

    async fn put(
        &mut self,
        tx: &mut impl Tx,
        entity: &str,
        Lines { mut columns, named, mut lines }: Lines,
        again: bool,
    ) -> Result<()> {
        // The database may leave out what is out of scope; whether it is, is decided here.
        lines.retain(|line| self.grants.sees(line.place));
        if lines.is_empty() {
            return Ok(());
        }
        let hidden = self.hidden_names(tx, &named, &lines).await?;
        columns.extend(named);
        let head = serde_json::json!({ "entity": entity, "again": again, "columns": columns });
        if self.tables.len() > 1 {
            self.tables.push(',');
        }
        // The head's closing brace makes room for the rows.
        let head = head.to_string();
        self.tables.push_str(&head[..head.len() - 1]);
        self.tables.push_str(",\"rows\":[");
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.tables.push(',');
            }
            self.tables.push('[');
            self.tables.push_str(&line.json);
            for name in &line.names {
                match name.filter(|id| !hidden.contains(id)) {
                    Some(id) => self.tables.push_str(&format!(",\"{id}\"")),
                    None => self.tables.push_str(",null"),
                }
            }
            self.tables.push(']');
        }
        self.tables.push_str("]}");
        self.records += lines.len();
        Ok(())
    }

    /// What lines name and the user does not see: it is left out, as on a page.
    async fn hidden_names(
        &self,
        tx: &mut impl Tx,
        named: &[String],
        lines: &[Line],
    ) -> Result<BTreeSet<Id>> {
        if self.grants.role.sees_all() {
            return Ok(BTreeSet::new());
        }
        let here: BTreeSet<Id> = lines.iter().map(|line| line.id).collect();
        let mut wanted = BTreeSet::new();
        for (at, column) in named.iter().enumerate() {
            let Some(entity) = names_others(column) else { continue };
            let names = lines.iter().filter_map(|line| *line.names.get(at)?);
            wanted.extend(names.filter(|id| !here.contains(id)).map(|id| (entity.to_owned(), id)));
        }
        hidden(tx, self.grants, wanted).await
    }
}
