//! Lists: any filter and sort, any window. The order of a list is worked out once and kept in
//! memory (eight bytes a row) until something changes; a window is then a few look-ups.

mod article;
mod calendar;
mod contact;
mod customer;
mod opportunity;
mod quote;

use std::sync::{Arc, Mutex};

use commands::view::{Order, Window, Windowed};
use rusqlite::{Connection, ToSql};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Result, Store, row, search, store::lock};

/// Orders kept in memory at most; a hundred thousand rows each are less than a megabyte.
const KEPT: usize = 24;

/// The orders of the lists that were asked for last.
#[derive(Default)]
pub(crate) struct Orders(Mutex<Vec<Kept>>);

struct Kept {
    list: String,
    generation: u64,
    rows: Arc<Vec<i64>>,
}

/// What makes a list: which rows in which order, and what is shown of one.
struct List<'a> {
    /// Its name, filter and sort: the same text is the same list.
    name: String,
    /// Selects `seq` in order.
    order: String,
    /// The parameters of `order`.
    parameters: &'a [(&'a str, &'a dyn ToSql)],
    /// Selects the shown columns of the row `:seq`.
    shown: &'static str,
}

fn name<F: Serialize, S: Serialize>(list: &str, filter: &F, sort: &S, order: Order) -> String {
    serde_json::to_string(&(list, filter, sort, order)).unwrap_or_else(|_| list.into())
}

/// `order by` with its direction on the first term, and a last term that makes it total.
fn ordered(select: &str, terms: &[&str], order: Order) -> String {
    let direction = match order {
        Order::Ascending => "asc",
        Order::Descending => "desc",
    };
    let mut sql = format!("{select} order by ");
    for term in terms {
        sql.push_str(&format!("{term} {direction}, "));
    }
    sql.push_str("seq");
    sql
}

impl Store {
    fn window<T: DeserializeOwned>(&self, list: &List<'_>, window: Window) -> Result<Windowed<T>> {
        let reader = self.reader()?;
        let order = self.order(&reader, list)?;
        let from = usize::try_from(window.offset).unwrap_or(usize::MAX).min(order.len());
        let count = usize::try_from(window.limit).unwrap_or(usize::MAX);
        let to = from.saturating_add(count).min(order.len());
        let mut statement = reader.prepare_cached(list.shown)?;
        let mut rows = Vec::with_capacity(to - from);
        for seq in &order[from..to] {
            let mut found = statement.query([seq])?;
            // A row that went since the order was worked out: the next one is on its way.
            if let Some(shown) = found.next()? {
                rows.push(row::view(shown)?);
            }
        }
        Ok(Windowed { total: order.len() as u64, rows })
    }

    fn order(&self, reader: &Connection, list: &List<'_>) -> Result<Arc<Vec<i64>>> {
        let generation = self.generation();
        let mut kept = lock(&self.orders.0);
        if let Some(at) = kept.iter().position(|kept| kept.list == list.name) {
            let found = kept.remove(at);
            if found.generation == generation {
                let rows = Arc::clone(&found.rows);
                kept.push(found);
                return Ok(rows);
            }
        }
        drop(kept);
        let mut statement = reader.prepare_cached(&list.order)?;
        let found = statement.query_map(list.parameters, |row| row.get(0))?;
        let rows = Arc::new(found.collect::<rusqlite::Result<Vec<i64>>>()?);
        let mut kept = lock(&self.orders.0);
        kept.push(Kept { list: list.name.clone(), generation, rows: Arc::clone(&rows) });
        if kept.len() > KEPT {
            kept.remove(0);
        }
        Ok(rows)
    }
}

/// A list's text filter as a full-text query; none when there are no words in it.
fn words(text: &str) -> Option<String> {
    search::query(text)
}
