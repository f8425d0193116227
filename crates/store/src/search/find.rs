use commands::view::{SearchHit, SearchKind};
use domain::Id;
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::{
    Kind, Term,
    highlight::highlighted,
    near,
    postings::{Part, Shelves, shelf},
    terms,
};
use crate::{Result, Store, log::id, store::lock};

/// Days and quarters are looked through from the newest on until so many talks are found.
const ENOUGH_OF_A_QUARTER: u64 = 200;

fn kind_of(kind: SearchKind) -> Kind {
    match kind {
        SearchKind::Customer => Kind::Customer,
        SearchKind::Contact => Kind::Contact,
        SearchKind::Opportunity => Kind::Opportunity,
        SearchKind::Quote => Kind::Quote,
        SearchKind::Article => Kind::Article,
        SearchKind::Communication => Kind::Communication,
    }
}

/// In the order in which equally good hits are shown.
const KINDS: [SearchKind; 6] = [
    SearchKind::Customer,
    SearchKind::Contact,
    SearchKind::Opportunity,
    SearchKind::Quote,
    SearchKind::Article,
    SearchKind::Communication,
];

/// How good a hit is; the first is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    /// The title begins with a whole word that was typed.
    HeadExact,
    /// The title begins with what was typed.
    Head,
    /// The title has all words, whole.
    TitleExact,
    /// The title has all words.
    Title,
    /// They are somewhere.
    All,
}

impl Store {
    /// Finds records by words as they are typed: every word must begin some word of the record.
    /// Titles that begin with the words come first, then other titles, then other text; of equal
    /// ones customers before contacts and so on, the newest first. When nothing is found, words
    /// that differ in one letter are tried.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search(&self, text: &str, kinds: &[SearchKind], limit: usize) -> Result<Vec<SearchHit>> {
        let terms = terms(text);
        if terms.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let reader = self.reader()?;
        // All parts of a search look at the same state.
        let snapshot = reader.unchecked_transaction()?;
        let found = self.search_terms(&snapshot, &terms, kinds, limit)?;
        if !found.is_empty() {
            return Ok(found);
        }
        match near::meant(&snapshot, &terms)? {
            Some(meant) => self.search_terms(&snapshot, &meant, kinds, limit),
            None => Ok(found),
        }
    }

    fn search_terms(
        &self,
        reader: &Connection,
        terms: &[Term],
        kinds: &[SearchKind],
        limit: usize,
    ) -> Result<Vec<SearchHit>> {
        let mut found: Vec<(Tier, SearchKind, u32)> = Vec::new();
        for kind in KINDS {
            if kinds.is_empty() || kinds.contains(&kind) {
                let shelves = Shelves::of(reader, kind_of(kind), &mut lock(&self.search_memory.0))?;
                let best = best(reader, &shelves, kind_of(kind), terms, limit)?;
                found.extend(best.into_iter().map(|(tier, seq)| (tier, kind, seq)));
            }
        }
        // Stable: what came first within a kind stays first.
        found.sort_by_key(|(tier, kind, _)| (*tier, *kind));
        let mut hits = Vec::new();
        for (_, kind, seq) in found {
            if hits.len() == limit {
                break;
            }
            hits.extend(shown(reader, kind, seq, terms)?);
        }
        Ok(hits)
    }
}

fn best(
    reader: &Connection,
    shelves: &Shelves<'_>,
    kind: Kind,
    terms: &[Term],
    limit: usize,
) -> Result<Vec<(Tier, u32)>> {
    let everywhere = shelves.matching(Part::All, terms)?;
    let mut best = Vec::new();
    if everywhere.is_empty() {
        return Ok(best);
    }
    if !kind.has_title() {
        let newest = newest(reader, shelves, everywhere, limit)?;
        return Ok(newest.into_iter().map(|seq| (Tier::All, seq)).collect());
    }
    let mut taken = RoaringBitmap::new();
    let mut take = |tier: Tier, found: &RoaringBitmap, best: &mut Vec<(Tier, u32)>| {
        for seq in (found - &taken).iter().rev().take(limit.saturating_sub(best.len())) {
            taken.insert(seq);
            best.push((tier, seq));
        }
    };
    let title = shelves.matching(Part::Title, terms)?;
    if !title.is_empty() {
        let first = &terms[..1];
        take(Tier::HeadExact, &(shelves.exactly(Part::Head, first)? & &title), &mut best);
        take(Tier::Head, &(shelves.matching(Part::Head, first)? & &title), &mut best);
        take(Tier::TitleExact, &shelves.exactly(Part::Title, terms)?, &mut best);
        take(Tier::Title, &title, &mut best);
    }
    take(Tier::All, &everywhere, &mut best);
    Ok(best)
}

/// The newest of these talks, by when they took place.
fn newest(
    reader: &Connection,
    shelves: &Shelves<'_>,
    found: RoaringBitmap,
    limit: usize,
) -> Result<Vec<u32>> {
    let few = ENOUGH_OF_A_QUARTER.max(limit as u64);
    let mut candidates = shelves.fresh_ones() & &found;
    if found.len() <= few {
        candidates = found;
    } else {
        // From the last quarter on that has talks; a quarter with many is taken day by day.
        for quarter in marks_down(reader, "Q", "R") {
            let quarter = quarter?;
            let of_quarter = shelves.marked(&quarter)? & &found;
            if candidates.len() + of_quarter.len() <= few {
                candidates |= of_quarter;
            } else {
                let (from, to) = days_of(&quarter);
                for day in marks_down(reader, &from, &to) {
                    candidates |= shelves.marked(&day?)? & &of_quarter;
                    if candidates.len() >= limit as u64 {
                        break;
                    }
                }
            }
            if candidates.len() >= limit as u64 {
                break;
            }
        }
    }
    let mut statement =
        reader.prepare_cached("select occurred_at from communication where seq = ?")?;
    let mut timed = Vec::new();
    for seq in candidates {
        timed.push((statement.query_row([seq], |row| row.get::<_, String>(0))?, seq));
    }
    timed.sort_unstable_by(|a, b| b.cmp(a));
    Ok(timed.into_iter().take(limit).map(|(_, seq)| seq).collect())
}

/// The marks of talks from `from` to before `to`, last first, as far as they are asked for.
fn marks_down<'a>(
    reader: &'a Connection,
    from: &'a str,
    to: &str,
) -> impl Iterator<Item = Result<String>> + use<'a> {
    let mut before = to.to_owned();
    std::iter::from_fn(move || {
        let mark = last_mark(reader, from, &before).transpose()?;
        if let Ok(mark) = &mark {
            before.clone_from(mark);
        }
        Some(mark)
    })
}

fn last_mark(reader: &Connection, from: &str, before: &str) -> Result<Option<String>> {
    let mut statement = reader.prepare_cached(include_str!("last_mark.sql"))?;
    let shelf = shelf(Kind::Communication, Part::Marks);
    Ok(statement.query_row(params![shelf, from, before], |row| row.get(0)).optional()?)
}

/// The days of a quarter's mark (`Q2026-2`): the first, and the first after it.
fn days_of(quarter: &str) -> (String, String) {
    let year: i32 = quarter.get(1..5).and_then(|year| year.parse().ok()).unwrap_or(0);
    let number: i32 = quarter.get(6..).and_then(|number| number.parse().ok()).unwrap_or(1);
    let month = number * 3 - 2;
    let next = if number == 4 { (year + 1, 1) } else { (year, month + 3) };
    (format!("{year:04}-{month:02}-01"), format!("{:04}-{:02}-01", next.0, next.1))
}

fn shown(
    reader: &Connection,
    kind: SearchKind,
    seq: u32,
    terms: &[Term],
) -> Result<Option<SearchHit>> {
    let sql = match kind {
        SearchKind::Customer => include_str!("show_customer.sql"),
        SearchKind::Contact => include_str!("show_contact.sql"),
        SearchKind::Opportunity => include_str!("show_opportunity.sql"),
        SearchKind::Quote => include_str!("show_quote.sql"),
        SearchKind::Article => include_str!("show_article.sql"),
        SearchKind::Communication => include_str!("show_communication.sql"),
    };
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":seq": seq })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let customer: Option<uuid::Uuid> = row.get(1)?;
    Ok(Some(SearchHit {
        kind,
        id: id(row, 0)?,
        customer_id: customer.map(Id),
        title: highlighted(row.get(2)?, terms, None),
        detail: highlighted(row.get(3)?, terms, Some(120)),
    }))
}
