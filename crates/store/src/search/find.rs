use commands::view::{SearchHit, SearchKind, Snippet};
use domain::{Id, fold_words};
use rusqlite::{Connection, named_params};

use super::words;
use crate::{Result, Store, log::id};

/// How many candidates of a kind are looked at before the best are taken.
const CANDIDATES: usize = 60;

/// A kind's table and the SQL that shows one hit (`:seq`): id, customer, title, detail.
const SHOWN: [(SearchKind, &str, &str); 6] = [
    (SearchKind::Customer, "customer", include_str!("show_customer.sql")),
    (SearchKind::Contact, "contact", include_str!("show_contact.sql")),
    (SearchKind::Opportunity, "opportunity", include_str!("show_opportunity.sql")),
    (SearchKind::Quote, "quote", include_str!("show_quote.sql")),
    (SearchKind::Article, "article", include_str!("show_article.sql")),
    (SearchKind::Communication, "communication", include_str!("show_communication.sql")),
];

impl Store {
    /// Finds records by words as they are typed: every word must begin some word of the record.
    /// Names that begin with the words come first, then other names, then other text; of equal
    /// ones customers before contacts and so on, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search(&self, text: &str, kinds: &[SearchKind], limit: usize) -> Result<Vec<SearchHit>> {
        let words = words(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let reader = self.reader()?;
        let mut hits: Vec<(u8, SearchHit)> = Vec::new();
        for (kind, table, show) in SHOWN {
            if !kinds.is_empty() && !kinds.contains(&kind) {
                continue;
            }
            let mut of_kind = Vec::new();
            for seq in candidates(&reader, table, &words)? {
                if let Some(hit) = shown(&reader, kind, show, seq, &words)? {
                    of_kind.push((rank(&hit, text, &words), hit));
                }
            }
            of_kind.sort_by_key(|(rank, _)| *rank);
            of_kind.truncate(limit);
            hits.extend(of_kind);
        }
        hits.sort_by_key(|(rank, hit)| (*rank, hit.kind));
        hits.truncate(limit);
        Ok(hits.into_iter().map(|(_, hit)| hit).collect())
    }
}

/// Rows that match, those that match in the title first, newest first.
fn candidates(reader: &Connection, table: &str, words: &[String]) -> Result<Vec<i64>> {
    let terms = |column: &str| {
        let terms: Vec<String> = words.iter().map(|word| format!("{column}\"{word}\" *")).collect();
        terms.join(" AND ")
    };
    let sql = format!(
        "select rowid from search_{table} where search_{table} match ? order by rowid desc limit ?"
    );
    let mut statement = reader.prepare_cached(&sql)?;
    let mut found: Vec<i64> = Vec::new();
    for query in [terms("title : "), terms("")] {
        let wanted = CANDIDATES.saturating_sub(found.len());
        if wanted == 0 {
            break;
        }
        let rows = statement.query_map((query, CANDIDATES), |row| row.get(0))?;
        for seq in rows {
            let seq = seq?;
            if !found.contains(&seq) {
                found.push(seq);
            }
        }
    }
    found.truncate(CANDIDATES);
    Ok(found)
}

fn shown(
    reader: &Connection,
    kind: SearchKind,
    show: &str,
    seq: i64,
    words: &[String],
) -> Result<Option<SearchHit>> {
    let mut statement = reader.prepare_cached(show)?;
    let mut rows = statement.query(named_params! { ":seq": seq })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let customer: Option<uuid::Uuid> = row.get(1)?;
    Ok(Some(SearchHit {
        kind,
        id: id(row, 0)?,
        customer_id: customer.map(Id),
        title: highlighted(row.get(2)?, words, None),
        detail: highlighted(row.get(3)?, words, Some(120)),
    }))
}

/// Small is good: 0 the title begins with what was typed, 1 a title's word is one that was
/// typed, 2 all words are in the title, 3 somewhere.
fn rank(hit: &SearchHit, text: &str, words: &[String]) -> u8 {
    let title = domain::fold(&hit.title.text);
    let typed = domain::fold(text);
    let in_title: Vec<&str> = title.split(' ').collect();
    if title.starts_with(typed.trim()) {
        0
    } else if words.iter().all(|word| in_title.contains(&word.as_str())) {
        1
    } else if words.iter().all(|word| in_title.iter().any(|part| part.starts_with(word.as_str()))) {
        2
    } else {
        3
    }
}

/// Marks the words that begin with what was typed; long text is cut around the first of them.
fn highlighted(text: String, words: &[String], most: Option<usize>) -> Snippet {
    let matches: Vec<(usize, usize)> = fold_words(&text)
        .into_iter()
        .filter(|(folded, _)| words.iter().any(|word| folded.starts_with(word.as_str())))
        .map(|(_, range)| (range.start, range.end))
        .collect();
    let Some(most) = most.filter(|most| text.len() > *most) else {
        return Snippet { text, matches };
    };
    let first = matches.first().map_or(0, |(from, _)| from.saturating_sub(most / 3));
    let from = (first..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (from + most).min(text.len());
    let to = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let (before, after) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
    let cut = format!("{before}{}{after}", &text[from..to]);
    let shift = |at: usize| at - from + before.len();
    let matches = matches
        .into_iter()
        .filter(|(start, end)| *start >= from && *end <= to)
        .map(|(start, end)| (shift(start), shift(end)))
        .collect();
    Snippet { text: cut, matches }
}
