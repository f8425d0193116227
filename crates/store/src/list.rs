//! Lists: any filter and sort, any window, over what [`sheet::Sheet`] keeps in memory. Only the
//! rows of the window are read from the database.

mod article;
mod board;
mod calendar;
mod contact;
mod customer;
mod forecast;
mod opportunity;
mod quote;
mod sheet;

use std::sync::Mutex;

use commands::view::{Listed, Order, Window, Windowed};
use domain::Id;
use roaring::RoaringBitmap;
use rusqlite::{Connection, ToSql};
use serde::de::DeserializeOwned;

use crate::{
    Result, Store, row,
    search::{self, Kind},
    store::lock,
};
use sheet::{Sheet, Test};

/// The sheets of all lists. A list that sorts by its customers' names locks theirs second.
pub(crate) struct Sheets {
    customers: Mutex<Sheet>,
    contacts: Mutex<Sheet>,
    opportunities: Mutex<Sheet>,
    quotes: Mutex<Sheet>,
    articles: Mutex<Sheet>,
    tasks: Mutex<Sheet>,
}

impl Default for Sheets {
    fn default() -> Self {
        Self {
            customers: Mutex::new(Sheet::new(&customer::PLAN)),
            contacts: Mutex::new(Sheet::new(&contact::PLAN)),
            opportunities: Mutex::new(Sheet::new(&opportunity::PLAN)),
            quotes: Mutex::new(Sheet::new(&quote::PLAN)),
            articles: Mutex::new(Sheet::new(&article::PLAN)),
            tasks: Mutex::new(Sheet::new(&calendar::TASKS)),
        }
    }
}

/// What makes a list: which records in which order, and what is shown of one.
struct List<'a> {
    sheet: &'a Mutex<Sheet>,
    /// Deleted records instead of living ones.
    deleted: bool,
    /// The tests that a record must pass, by facet: a number, or text or an id.
    is: Vec<(usize, Wanted<'a>)>,
    /// Records must be in all of these.
    within: Vec<RoaringBitmap>,
    sort: Sort,
    order: Order,
    /// Selects the shown columns of the row `:seq`.
    shown: &'static str,
}

/// What a facet must be.
enum Wanted<'a> {
    Coded(&'a [u8]),
    Number(u32),
    AtMost(u32),
}

/// What a list is sorted by.
#[derive(Clone)]
enum Sort {
    /// An order of the sheet.
    Plain(usize),
    /// A facet with few values: these, in this order; then an order of the sheet.
    Facet { facet: usize, values: Vec<Vec<u8>>, then: usize },
    /// The customer's name; then an order of the sheet.
    Customer { then: usize },
}

impl Store {
    fn window<T: DeserializeOwned>(
        &self,
        reader: &Connection,
        list: &List<'_>,
        window: Window,
    ) -> Result<Windowed<T>> {
        let (total, seqs) = self.seqs(reader, list, window)?;
        let mut statement = reader.prepare_cached(list.shown)?;
        let mut rows = Vec::with_capacity(seqs.len());
        for seq in seqs {
            let mut found = statement.query([seq])?;
            if let Some(shown) = found.next()? {
                rows.push(row::view(shown)?);
            }
        }
        Ok(Windowed { total: total as u64, rows })
    }

    /// The ids of the window's records.
    fn ids(&self, reader: &Connection, list: &List<'_>, window: Window) -> Result<Vec<Id>> {
        let (_, seqs) = self.seqs(reader, list, window)?;
        let table = lock(list.sheet).table();
        let mut statement =
            reader.prepare_cached(&format!("select id from {table} where seq = ?"))?;
        let mut ids = Vec::with_capacity(seqs.len());
        for seq in seqs {
            ids.push(statement.query_row([seq], |row| crate::log::id(row, 0))?);
        }
        Ok(ids)
    }

    /// The ids of a part of a list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pick(&self, listed: &Listed, order: Order, window: Window) -> Result<Vec<Id>> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let list = match listed {
            Listed::Customers(filter, sort) => {
                self.customer_list(&snapshot, filter, *sort, order)?
            }
            Listed::Contacts(filter, sort) => self.contact_list(&snapshot, filter, *sort, order)?,
            Listed::Opportunities(filter, sort) => {
                self.sorted_opportunities(&snapshot, filter, *sort, order)?
            }
            Listed::Quotes(filter, sort) => self.quote_list(&snapshot, filter, *sort, order)?,
        };
        self.ids(&snapshot, &list, window)
    }

    /// How many records there are in a list, and those in the window.
    fn seqs(
        &self,
        reader: &Connection,
        list: &List<'_>,
        window: Window,
    ) -> Result<(usize, Vec<u32>)> {
        let mut sheet = lock(list.sheet);
        sheet.follow(reader)?;
        let tests = list.tests(&sheet);
        let within = Within::of(&list.within);
        let state = if list.deleted { 2 } else { 1 };
        let skip = usize::try_from(window.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(window.limit).unwrap_or(usize::MAX);
        let (Sort::Plain(base) | Sort::Facet { then: base, .. } | Sort::Customer { then: base }) =
            list.sort;
        sheet.order(reader, base)?;
        if let Sort::Customer { .. } = list.sort {
            sheet.links(reader)?;
        }
        let all = sheet.kept_order(base).iter().copied();
        let stays = |seq: &u32| within.has(*seq) && sheet.passes(*seq, state, &tests);
        let pick = |sorted: &mut dyn Iterator<Item = u32>| {
            let mut total = 0;
            let mut picked = Vec::new();
            for seq in sorted {
                if total >= skip && picked.len() < take {
                    picked.push(seq);
                }
                total += 1;
            }
            (total, picked)
        };
        let sorted = match &list.sort {
            Sort::Plain(_) => {
                return Ok(match list.order {
                    Order::Ascending => pick(&mut all.filter(stays)),
                    Order::Descending => pick(&mut all.rev().filter(stays)),
                });
            }
            Sort::Facet { facet, values, .. } => {
                let mut ranks = vec![0; sheet.codes() + 1];
                for (rank, value) in (1..).zip(values) {
                    // A value that no record has needs no rank.
                    if let Some(of_code) = ranks.get_mut(sheet.code(value) as usize) {
                        *of_code = rank;
                    }
                }
                let most = values.len() + 1;
                let values = sheet.facet(*facet);
                by_rank(all.filter(stays), most, |seq| {
                    let code = values.get(seq as usize).copied().unwrap_or(0);
                    ranks.get(code as usize).copied().unwrap_or(0)
                })
            }
            Sort::Customer { .. } => {
                let mut customers = lock(&self.sheets.customers);
                customers.follow(reader)?;
                let order = customers.order(reader, customer::BY_NAME)?;
                let mut ranks =
                    vec![0_u32; order.iter().max().map_or(0, |last| *last as usize + 1)];
                for (rank, seq) in (0..).zip(order) {
                    ranks[*seq as usize] = rank;
                }
                let links = sheet.kept_links();
                by_rank(all.filter(stays), order.len().max(1), |seq| {
                    let customer = links.get(seq as usize).copied().unwrap_or(0);
                    ranks.get(customer as usize).copied().unwrap_or(0)
                })
            }
        };
        Ok(match list.order {
            Order::Ascending => pick(&mut sorted.into_iter()),
            Order::Descending => pick(&mut sorted.into_iter().rev()),
        })
    }

    /// The records in which the words of a filter are found; none when there are no words.
    fn text_filter(
        &self,
        reader: &Connection,
        kind: Kind,
        text: &str,
    ) -> Result<Option<RoaringBitmap>> {
        let terms = search::terms(text);
        if terms.is_empty() {
            return Ok(None);
        }
        search::matching(reader, &self.search_memory, kind, &terms).map(Some)
    }
}

impl List<'_> {
    fn tests(&self, sheet: &Sheet) -> Vec<Test> {
        self.is
            .iter()
            .map(|(facet, wanted)| match wanted {
                Wanted::Coded(value) => Test::Is(*facet, sheet.code(value)),
                Wanted::Number(number) => Test::Is(*facet, *number),
                Wanted::AtMost(most) => Test::AtMost(*facet, *most),
            })
            .collect()
    }
}

/// Sorts by a rank below `ranks`, keeping the order of equals.
fn by_rank(seqs: impl Iterator<Item = u32>, ranks: usize, rank: impl Fn(u32) -> u32) -> Vec<u32> {
    let mut ranked = Vec::with_capacity(seqs.size_hint().1.unwrap_or(0));
    let mut places = vec![0_u32; ranks + 1];
    for seq in seqs {
        let rank = rank(seq);
        places[rank as usize + 1] += 1;
        ranked.push((rank, seq));
    }
    for rank in 0..ranks {
        places[rank + 1] += places[rank];
    }
    let mut sorted = vec![0; ranked.len()];
    for (rank, seq) in ranked {
        let place = &mut places[rank as usize];
        sorted[*place as usize] = seq;
        *place += 1;
    }
    sorted
}

/// The records that are in all sets, as bits; everything when there is no set.
struct Within(Option<Vec<u64>>);

impl Within {
    fn of(sets: &[RoaringBitmap]) -> Self {
        let mut sets = sets.iter();
        let Some(first) = sets.next() else { return Self(None) };
        let both = sets.fold(first.clone(), |both, set| both & set);
        let mut bits = vec![0; both.max().map_or(0, |last| last as usize / 64 + 1)];
        for seq in both {
            bits[seq as usize / 64] |= 1 << (seq % 64);
        }
        Self(Some(bits))
    }

    fn has(&self, seq: u32) -> bool {
        let Some(bits) = &self.0 else { return true };
        bits.get(seq as usize / 64).is_some_and(|bits| bits & (1 << (seq % 64)) != 0)
    }
}

/// The records that a query gives.
fn seqs_of(reader: &Connection, sql: &str, value: &dyn ToSql) -> Result<RoaringBitmap> {
    let mut statement = reader.prepare_cached(sql)?;
    let found = statement.query_map([value], |row| row.get::<_, u32>(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A day as the number that sheets keep: `2026-06-01` is 20260601.
fn day_number(day: domain::Day) -> u32 {
    day.format("%Y%m%d").to_string().parse().unwrap_or(0)
}

/// The texts of an enumeration in its order.
fn texts<T>(values: &[T], text: impl Fn(&T) -> &'static str) -> Vec<Vec<u8>> {
    values.iter().map(|value| text(value).as_bytes().to_vec()).collect()
}
