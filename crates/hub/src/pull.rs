//! What a laptop reads: the feed within its scope, and fills when it begins or its grants change.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::{
    ENTITIES, Id, Instant,
    access::{Grants, Place},
    merge::State,
    references,
};
use serde_json::Value;
use sync::{Entry, Page};

use crate::{
    Result,
    cursor::Cursor,
    push::{check, unknown},
    scope::narrowed,
    storage::{Feed, Position, Reader, Row, Storage, Stored, Tx},
};

/// A cursor that so many transactions lie behind moves on, though nothing of them was for its user.
const FAR: u64 = 1_000;
/// A cursor is renewed after so many days, though nothing came.
const RENEWED: TimeDelta = TimeDelta::days(7);

/// The next page for a device; without a cursor, the beginning of its first fill.
///
/// # Errors
/// `cursor-invalid`, `epoch-ended` when the hub was restored meanwhile, `device-…`, or when the
/// database does not answer.
pub async fn page(
    storage: &impl Storage,
    device_id: Id,
    incarnation: i64,
    cursor: Option<&str>,
    at: Instant,
) -> Result<Page> {
    let mut tx = storage.begin().await?;
    let Reader { device, grants: now, epoch, secret } =
        known_reader(&mut tx, device_id, incarnation).await?;
    let mut cursor = match cursor {
        Some(text) => Cursor::of(text, &secret, epoch, device.user_id)?,
        None => Cursor {
            epoch,
            user_id: device.user_id,
            after: tx.horizon().await?,
            grants: None,
            toward: Some(now.clone()),
            partly: Vec::new(),
            read_at: None,
            fill: Some((0, Id::NIL)),
        },
    };
    let known = cursor.clone();
    // Grants may change and be as they were before, while a fill has taken away already.
    let changed = cursor.fill.is_some() || cursor.grants.as_ref() != Some(&now);
    if changed && (cursor.fill.is_none() || cursor.toward.as_ref() != Some(&now)) {
        // In the middle of a fill it begins anew: what it brought so far may have to go again.
        if let Some(earlier) = cursor.toward.replace(now.clone())
            && cursor.fill.is_some()
            && !cursor.partly.contains(&earlier)
        {
            cursor.partly.push(earlier);
        }
        cursor.fill = Some((0, Id::NIL));
    }
    let (size, bytes) = (storage.page_size(), storage.page_bytes());
    let mut page = Draft { now: &now, size, bytes, entries: Vec::new(), there: BTreeSet::new() };
    let more = match cursor.fill {
        Some(at) => page.fill(&mut tx, &mut cursor, at).await?,
        None => page.read_on(&mut tx, &mut cursor).await?,
    };
    tx.commit().await?;
    if cursor != known || is_old(&cursor, at) {
        cursor.read_at = Some(at);
    }
    Ok(Page {
        epoch,
        entries: page.entries,
        cursor: cursor.sign(&secret)?,
        more,
        grants_changed: changed,
    })
}

/// A laptop that comes daily, and for which there is nothing, is not one that was away for long.
fn is_old(cursor: &Cursor, at: Instant) -> bool {
    cursor.read_at.is_none_or(|read_at| at.utc() - read_at.utc() > RENEWED)
}

/// Who reads. A page holds nobody up and writes nothing.
pub(crate) async fn known_reader(
    tx: &mut impl Tx,
    device_id: Id,
    incarnation: i64,
) -> Result<Reader> {
    let reader = tx.reader(device_id).await?.ok_or_else(unknown)?;
    check(&reader.device, incarnation)?;
    Ok(reader)
}

/// A page that is being put together.
struct Draft<'a> {
    size: usize,
    bytes: usize,
    now: &'a Grants,
    entries: Vec<Entry>,
    there: BTreeSet<Id>,
}

impl Draft<'_> {
    async fn read_on(&mut self, tx: &mut impl Tx, cursor: &mut Cursor) -> Result<bool> {
        let Feed { horizon, mut rows, has_moves } =
            tx.feed(cursor.after, self.size, self.now).await?;
        let is_full = rows.len() == self.size;
        let seen = rows.iter().filter(|row| self.now.sees(row.place));
        let wanted: Vec<(String, Id)> = seen.map(|row| (row.entity.clone(), row.id)).collect();
        let mut found = tx.records(&wanted).await?;
        let more = self.cut(&mut rows, &mut found) || is_full;
        let Some(end) = rows.last().map(|row| row.at) else {
            // Others' work need not be passed over again each time; but a laptop that has nothing
            // to do keeps its cursor, so that it has nothing to write.
            if horizon.xid.saturating_sub(cursor.after.xid) > FAR {
                cursor.after = horizon;
            }
            return Ok(false);
        };
        for row in rows {
            let was_seen = row.former.iter().any(|place| self.now.sees(*place));
            if was_seen && !self.now.sees(row.place) {
                self.entries.push(Entry::LeftScope { entity: row.entity, id: row.id });
            }
        }
        if has_moves {
            let mut overtaken = self.overtaken(tx, cursor.after, end).await?;
            let there: BTreeSet<Id> = found.iter().map(|stored| stored.id).collect();
            overtaken.retain(|(_, id)| !there.contains(id));
            found.extend(tx.records(&overtaken).await?);
            found.sort_by_key(|stored| stored.at);
        }
        self.put_all(tx, found, &|row| row.at <= end).await?;
        cursor.after = end;
        Ok(more)
    }

    /// Leaves to the next page what makes this one too long; whether it did.
    fn cut(&self, rows: &mut Vec<Row>, found: &mut Vec<Stored>) -> bool {
        let sizes: BTreeMap<Id, usize> =
            found.iter().map(|stored| (stored.id, size(&stored.state))).collect();
        let mut sum = 0;
        let fits = |row: &Row| {
            let goes_in = sum < self.bytes;
            sum += sizes.get(&row.id).copied().unwrap_or_default();
            goes_in
        };
        let Some(cut) = rows.iter().map(fits).position(|goes_in| !goes_in) else { return false };
        let later: BTreeSet<Id> = rows.drain(cut..).map(|row| row.id).collect();
        found.retain(|stored| !later.contains(&stored.id));
        true
    }

    /// A customer that moves takes along what hangs on it and its subsidiaries, but for what another
    /// transaction was writing at that moment: this one stands in the feed before the move, and was
    /// passed while its customer was others', or named a parent that can be seen no more, or now.
    async fn overtaken(
        &self,
        tx: &mut impl Tx,
        after: Position,
        end: Position,
    ) -> Result<Vec<(String, Id)>> {
        let moved = tx.moved(after, end).await?;
        if moved.is_empty() {
            return Ok(Vec::new());
        }
        let hidden = moved.iter().filter(|(_, was)| !self.now.sees(*was));
        let entered: BTreeSet<Id> = hidden.map(|(customer, _)| *customer).collect();
        let moved: BTreeSet<Id> = moved.into_iter().map(|(customer, _)| customer).collect();
        let mut rows = tx.subsidiaries(&moved.into_iter().collect::<Vec<Id>>(), after).await?;
        if !entered.is_empty() {
            rows.extend(tx.hanging(&entered.into_iter().collect::<Vec<Id>>(), after).await?);
        }
        let seen = rows.into_iter().filter(|row| self.now.sees(row.place));
        Ok(seen.map(|row| (row.entity, row.id)).collect())
    }

    /// What the user sees now and did not see before, entity by entity; and first what they see no
    /// more.
    async fn fill(
        &mut self,
        tx: &mut impl Tx,
        cursor: &mut Cursor,
        (entity, after): (usize, Id),
    ) -> Result<bool> {
        let (before, partly) = (cursor.grants.clone(), cursor.partly.clone());
        let saw = |place: Place| before.as_ref().is_some_and(|before| before.sees(place));
        // A fill that did not come to its end may have brought what its grants show, and taken away
        // what they do not show.
        let may_have = |place: Place| saw(place) || partly.iter().any(|some| some.sees(place));
        let has = |place: Place| saw(place) && partly.iter().all(|some| some.sees(place));
        let Some(name) = ENTITIES.get(entity) else {
            cursor.grants = Some(self.now.clone());
            cursor.toward = None;
            cursor.partly.clear();
            cursor.fill = None;
            return Ok(true);
        };
        let since = cursor.after;
        let mut rows = tx.all(name, after, self.size).await?;
        let is_full = rows.len() == self.size;
        let entering = rows.iter().filter(|row| self.now.sees(row.place) && !has(row.place));
        let wanted: Vec<(String, Id)> = entering.map(|row| (row.entity.clone(), row.id)).collect();
        let mut found = tx.records(&wanted).await?;
        let more = self.cut(&mut rows, &mut found) || is_full;
        let end = rows.last().map_or(after, |row| row.id);
        for Row { entity, id, place, former, .. } in &rows {
            // It may have moved, and the grants with which it was seen there ended meanwhile.
            let was_elsewhere = former.iter().any(|place| may_have(*place));
            let is_left = was_elsewhere
                || (may_have(*place) && (entity == "customer" || !is_customers(*place)));
            if is_left && !self.now.sees(*place) {
                // What hangs on a customer goes with it.
                self.entries.push(Entry::LeftScope { entity: entity.clone(), id: *id });
            }
        }
        // A subsidiary that was here before names its parent only now, or no more.
        let known = rows.iter().filter(|row| self.now.sees(row.place) && has(row.place));
        let known = known.filter(|row| row.entity == "customer");
        let known: Vec<(String, Id)> = known.map(|row| (row.entity.clone(), row.id)).collect();
        let subsidiary =
            |stored: &Stored| stored.state.get("parent_id").is_some_and(|id| !id.is_null());
        found.extend(tx.records(&known).await?.into_iter().filter(subsidiary));
        // What was written since may have come behind the place where this fill passed.
        let sent = |row: &Row| {
            let at = ENTITIES.iter().position(|name| *name == row.entity).unwrap_or(0);
            let is_passed = at < entity || (at == entity && row.id <= end);
            row.at <= since && (is_passed || has(row.place))
        };
        self.put_all(tx, found, &sent).await?;
        cursor.fill = Some(if more { (entity, end) } else { (entity + 1, Id::NIL) });
        Ok(true)
    }

    /// Puts records onto the page, and those that they refer to if the laptop cannot have them.
    async fn put_all(
        &mut self,
        tx: &mut impl Tx,
        found: Vec<Stored>,
        has: &(dyn Fn(&Row) -> bool + Sync),
    ) -> Result<()> {
        self.there.extend(found.iter().map(|stored| stored.id));
        let (mut next, mut left) = (found, BTreeSet::new());
        while !next.is_empty() {
            // A record may have gone to others since its entry was read: the feed tells that next.
            left.extend(next.iter().filter(|one| !self.now.sees(one.place)).map(|one| one.id));
            next.retain(|stored| self.now.sees(stored.place));
            let records = narrowed(tx, self.now, next).await?;
            let wanted: BTreeSet<(String, Id)> = records
                .iter()
                .flat_map(|record| references(&record.state))
                .filter(|(_, _, id)| !self.there.contains(id))
                .map(|(_, entity, id)| (entity.to_owned(), id))
                .collect();
            self.entries.extend(records.into_iter().map(Entry::State));
            let wanted: Vec<(String, Id)> = wanted.into_iter().collect();
            let mut rows = tx.rows(&wanted).await?;
            rows.retain(|row| !has(row) && self.now.sees(row.place));
            self.there.extend(rows.iter().map(|row| row.id));
            let lacking: Vec<(String, Id)> =
                rows.into_iter().map(|row| (row.entity, row.id)).collect();
            next = tx.records(&lacking).await?;
        }
        leave_out(&mut self.entries, left);
        Ok(())
    }
}

/// Takes out what hangs on records that left while the page was read, and their names.
fn leave_out(entries: &mut Vec<Entry>, mut left: BTreeSet<Id>) {
    let mut before = 0;
    while before < left.len() {
        before = left.len();
        entries.retain_mut(|entry| {
            let Entry::State(record) = entry else { return true };
            let named = references(&record.state).filter(|(.., id)| left.contains(id));
            let columns: Vec<String> = named.map(|(column, ..)| column.to_owned()).collect();
            if columns.iter().any(|column| matches!(column.as_str(), "customer_id" | "quote_id")) {
                left.insert(record.id);
                return false;
            }
            record.state.extend(columns.into_iter().map(|column| (column, Value::Null)));
            true
        });
    }
}

/// About as long as it is as JSON.
fn size(state: &State) -> usize {
    let length = |value: &Value| value.as_str().map_or(8, str::len);
    state.iter().map(|(name, value)| name.len() + length(value) + 6).sum()
}

fn is_customers(place: Place) -> bool {
    matches!(place, Place::Customer { .. })
}

#[cfg(test)]
mod tests {
    use domain::merge::Versioned;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_left_takes_along_what_hangs_on_it() {
        let id = |number: u128| Id(uuid::Uuid::from_u128(number));
        let entry = |entity: &str, number: u128, state: Value| {
            let state = state.as_object().cloned().unwrap_or_default();
            Entry::State(Versioned { entity: entity.into(), id: id(number), version: 1, state })
        };
        let mut entries = vec![
            entry("quote_line", 4, json!({ "quote_id": id(3) })),
            entry("quote", 3, json!({ "customer_id": id(1) })),
            entry("customer", 2, json!({ "parent_id": id(1), "name": "Zwei" })),
            Entry::LeftScope { entity: "task".into(), id: id(9) },
        ];
        leave_out(&mut entries, BTreeSet::from([id(1)]));
        let ids: Vec<Id> = entries.iter().map(Entry::id).collect();
        assert_eq!(ids, [id(2), id(9)]);
        let Entry::State(customer) = &entries[0] else { panic!("a state") };
        assert_eq!(customer.state["parent_id"], Value::Null);
    }
}
