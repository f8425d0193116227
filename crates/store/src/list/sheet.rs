//! What lists are filtered and sorted by, in memory: a few bytes a record. A sheet is read once,
//! then follows the change log, so that after an edit only the edited records are read again,
//! whichever process made it.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use rusqlite::{Connection, Row, params, types::Value, types::ValueRef};

use crate::{Result, StoreError, counter};

/// A changed record is put in its new place; with more of them than this, orders are read anew.
const FEW: u64 = 300;

/// How a table becomes a sheet.
pub(crate) struct Plan {
    /// The table.
    pub(crate) table: &'static str,
    /// Selects `seq`, 1 for living or 2 for deleted records, and the facets: numbers (not
    /// negative), or text or ids of which there are few.
    pub(crate) facets: &'static str,
    /// Selects the `seq` of records that changed after `:after` in the log.
    pub(crate) changed: &'static str,
    /// Selects `seq` and its customer's `seq`; empty where there is none.
    pub(crate) link: &'static str,
    /// The orders.
    pub(crate) orders: &'static [OrderPlan],
}

/// An order: what is sorted by, ending in `seq`.
pub(crate) struct OrderPlan {
    /// The table that has it, and its column with the record's `seq`.
    pub(crate) from: (&'static str, &'static str),
    /// The terms.
    pub(crate) by: &'static str,
}

/// A list's records.
pub(crate) struct Sheet {
    plan: &'static Plan,
    read: Option<Read>,
    /// For each facet (the first is 0 absent, 1 living, 2 deleted) its value by `seq`.
    facets: Vec<Vec<u32>>,
    /// The codes of text and ids.
    codes: HashMap<Vec<u8>, u32>,
    /// The customer's `seq` by `seq`, once it was asked for.
    links: Option<Vec<u32>>,
    orders: Vec<Option<Kept>>,
}

/// An order as it was asked for last, and the records that changed since.
#[derive(Clone)]
struct Kept {
    seqs: Vec<u32>,
    changed: RoaringBitmap,
}

/// Up to where the database was read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Read {
    fill: i64,
    change: i64,
}

/// What a record must be to stay in a list.
pub(crate) enum Test {
    /// The facet has this value.
    Is(usize, u32),
    /// The facet is there and at most this.
    AtMost(usize, u32),
}

impl Sheet {
    pub(crate) fn new(plan: &'static Plan) -> Self {
        Self {
            plan,
            read: None,
            facets: Vec::new(),
            codes: HashMap::new(),
            links: None,
            orders: plan.orders.iter().map(|_| None).collect(),
        }
    }

    /// The table that the records are from.
    pub(crate) fn table(&self) -> &'static str {
        self.plan.table
    }

    /// Follows the database.
    pub(crate) fn follow(&mut self, connection: &Connection) -> Result<()> {
        let now = Read {
            fill: counter::fill(connection)?,
            change: connection
                .prepare_cached("select coalesce(max(seq), 0) from change")?
                .query_row([], |row| row.get(0))?,
        };
        match self.read {
            // Another reader, whose snapshot is younger, may have read on already.
            Some(read) if read.fill == now.fill && read.change >= now.change => return Ok(()),
            Some(read) if read.fill == now.fill => self.read_changed(connection, read.change)?,
            _ => self.read_all(connection)?,
        }
        self.read = Some(now);
        Ok(())
    }

    fn read_all(&mut self, connection: &Connection) -> Result<()> {
        *self = Self::new(self.plan);
        let mut statement = connection.prepare_cached(self.plan.facets)?;
        self.facets = vec![Vec::new(); statement.column_count() - 1];
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.keep(row)?;
        }
        drop(rows);
        drop(statement);
        forget_pages(connection)
    }

    fn read_changed(&mut self, connection: &Connection, after: i64) -> Result<()> {
        let mut statement = connection.prepare_cached(self.plan.changed)?;
        let changed = statement
            .query_map([after], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<u32>>>()?;
        let sql = format!("{} where {}.seq = ?", self.plan.facets, self.plan.table);
        let mut statement = connection.prepare_cached(&sql)?;
        for seq in &changed {
            let mut rows = statement.query([seq])?;
            if let Some(row) = rows.next()? {
                self.keep(row)?;
            }
        }
        if let Some(links) = &mut self.links {
            let sql = format!("{} where {}.seq = ?", self.plan.link, self.plan.table);
            let mut statement = connection.prepare_cached(&sql)?;
            for seq in &changed {
                link(links, &mut statement.query([seq])?)?;
            }
        }
        // Records are put in their new places when the order is asked for.
        for kept in self.orders.iter_mut().flatten() {
            kept.changed.extend(&changed);
        }
        Ok(())
    }

    fn keep(&mut self, row: &Row<'_>) -> Result<()> {
        let seq: usize = row.get(0)?;
        for (index, facet) in self.facets.iter_mut().enumerate() {
            let value = match row.get_ref(index + 1)? {
                ValueRef::Null => 0,
                ValueRef::Integer(number) => u32::try_from(number).unwrap_or(0),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    let next = u32::try_from(self.codes.len()).unwrap_or(u32::MAX - 1) + 1;
                    match self.codes.get(bytes) {
                        Some(code) => *code,
                        None => *self.codes.entry(bytes.to_vec()).or_insert(next),
                    }
                }
                ValueRef::Real(_) => return Err(StoreError::Damaged("a list's facet".into())),
            };
            if facet.len() <= seq {
                facet.resize(seq + 1, 0);
            }
            facet[seq] = value;
        }
        Ok(())
    }

    /// The code of a text or an id in this sheet; one that no record has passes no test.
    pub(crate) fn code(&self, value: &[u8]) -> u32 {
        self.codes.get(value).copied().unwrap_or(u32::MAX)
    }

    /// How many codes there are.
    pub(crate) fn codes(&self) -> usize {
        self.codes.len()
    }

    /// A facet by `seq`.
    pub(crate) fn facet(&self, facet: usize) -> &[u32] {
        self.facets.get(facet).map_or(&[], Vec::as_slice)
    }

    /// The `seq` of each record's customer, by `seq`.
    pub(crate) fn links(&mut self, connection: &Connection) -> Result<&[u32]> {
        if self.links.is_none() {
            let mut links = Vec::new();
            link(&mut links, &mut connection.prepare_cached(self.plan.link)?.query([])?)?;
            forget_pages(connection)?;
            self.links = Some(links);
        }
        Ok(self.links.as_deref().unwrap_or_default())
    }

    /// All records in an order.
    pub(crate) fn order(&mut self, connection: &Connection, order: usize) -> Result<&[u32]> {
        let (plan, kept) = (&self.plan.orders[order], &mut self.orders[order]);
        match kept {
            Some(kept) if kept.changed.len() <= FEW => {
                let changed = std::mem::take(&mut kept.changed);
                let placed = plan.put_in_place(connection, &mut kept.seqs, &changed);
                if placed.is_err() {
                    self.orders[order] = None;
                }
                placed?;
            }
            _ => {
                let seqs = plan.read(connection)?;
                forget_pages(connection)?;
                *kept = Some(Kept { seqs, changed: RoaringBitmap::new() });
            }
        }
        Ok(self.kept_order(order))
    }

    /// An order that was asked for before.
    pub(crate) fn kept_order(&self, order: usize) -> &[u32] {
        self.orders[order].as_ref().map_or(&[], |kept| &kept.seqs)
    }

    /// The links, if they were asked for before.
    pub(crate) fn kept_links(&self) -> &[u32] {
        self.links.as_deref().unwrap_or_default()
    }

    /// Whether a record stays in a list.
    pub(crate) fn passes(&self, seq: u32, state: u32, tests: &[Test]) -> bool {
        let at = seq as usize;
        let value = |facet: usize| self.facets[facet].get(at).copied().unwrap_or(0);
        value(0) == state
            && tests.iter().all(|test| match test {
                Test::Is(facet, wanted) => value(*facet) == *wanted,
                Test::AtMost(facet, most) => (1..=*most).contains(&value(*facet)),
            })
    }
}

/// A whole table went through the connection's cache: nearly none of it is read again, now that
/// the sheet has it.
fn forget_pages(connection: &Connection) -> Result<()> {
    Ok(connection.release_memory()?)
}

fn link(links: &mut Vec<u32>, rows: &mut rusqlite::Rows<'_>) -> Result<()> {
    while let Some(row) = rows.next()? {
        let at: usize = row.get(0)?;
        if links.len() <= at {
            links.resize(at + 1, 0);
        }
        links[at] = row.get(1)?;
    }
    Ok(())
}

impl OrderPlan {
    fn read(&self, connection: &Connection) -> Result<Vec<u32>> {
        let ((table, seq), by) = (self.from, self.by);
        let mut statement = connection
            .prepare_cached(&format!("select {seq} from {table} order by {by}, {seq}"))?;
        let order = statement.query_map([], |row| row.get(0))?;
        Ok(order.collect::<rusqlite::Result<_>>()?)
    }

    fn key(&self, connection: &Connection, of: u32) -> Result<Option<Vec<Value>>> {
        let ((table, seq), by) = (self.from, self.by);
        let sql = format!("select {by}, {seq} from {table} where {seq} = ?");
        let mut statement = connection.prepare_cached(&sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params![of])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        (0..columns).map(|index| Ok(row.get(index)?)).collect::<Result<_>>().map(Some)
    }

    fn put_in_place(
        &self,
        connection: &Connection,
        order: &mut Vec<u32>,
        changed: &RoaringBitmap,
    ) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        order.retain(|seq| !changed.contains(*seq));
        for seq in changed {
            let Some(key) = self.key(connection, seq)? else { continue };
            let (mut from, mut to) = (0, order.len());
            while from < to {
                let middle = usize::midpoint(from, to);
                let other = self.key(connection, order[middle])?.unwrap_or_default();
                if is_before(&other, &key) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            order.insert(from, seq);
        }
        Ok(())
    }
}

/// As SQLite sorts: nothing before numbers before text, text by its bytes.
fn is_before(a: &[Value], b: &[Value]) -> bool {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    for (a, b) in a.iter().zip(b) {
        let order = match (a, b) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
            _ => rank(a).cmp(&rank(b)),
        };
        if order.is_ne() {
            return order.is_lt();
        }
    }
    false
}
