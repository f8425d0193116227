//! The lists of documents on their shelves, as they are stored and put together.

use std::{collections::BTreeMap, sync::Arc};

use roaring::RoaringBitmap;
use rusqlite::{Connection, params};

use super::{Kind, document::Document, query::Term};
use crate::{Result, StoreError};

/// Beginnings of words are listed up to here; longer ones are put together from whole words.
pub(super) const LISTED: usize = 5;
/// A list longer than this is stored as a bitmap.
const BITMAP_FROM: usize = 4096;
const BITMAP_BYTES: usize = 8192;
/// Documents that moved have numbers from here on.
pub(super) const MOVED_FROM: u32 = 1 << 30;

/// The parts of a document that are listed apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All words.
    All = 0,
    /// The title's words.
    Title = 1,
    /// The title's first word.
    Head = 2,
    /// Marks: exact, no words.
    Marks = 3,
    /// The documents that are no longer what the lists say.
    Dead = 4,
}

pub(super) const fn shelf(kind: Kind, part: Part) -> i64 {
    kind as i64 * 8 + part as i64
}

/// The stored form of the documents of one block.
pub(super) fn encode(docs: &[u16]) -> Vec<u8> {
    if docs.len() < BITMAP_FROM {
        return docs.iter().flat_map(|doc| doc.to_le_bytes()).collect();
    }
    let mut bitmap = vec![0; BITMAP_BYTES];
    for doc in docs {
        bitmap[usize::from(doc >> 3)] |= 1 << (doc & 7);
    }
    bitmap
}

/// Adds a stored block's documents to a set.
pub(super) fn decode(block: u32, docs: &[u8], into: &mut RoaringBitmap) {
    let base = block << 16;
    if docs.len() == BITMAP_BYTES {
        *into |= RoaringBitmap::from_lsb0_bytes(base, docs);
    } else {
        into.extend(
            docs.chunks_exact(2).map(|doc| base | u32::from(u16::from_le_bytes([doc[0], doc[1]]))),
        );
    }
}

/// The documents of one term.
pub(super) fn list(connection: &Connection, shelf: i64, term: &str) -> Result<RoaringBitmap> {
    let mut statement = connection
        .prepare_cached("select block, docs from search_posting where shelf = ? and term = ?")?;
    read(statement.query(params![shelf, term])?)
}

/// The documents of all terms that begin so.
fn beginning(connection: &Connection, shelf: i64, start: &str) -> Result<RoaringBitmap> {
    let mut statement = connection.prepare_cached(
        "select block, docs from search_posting where shelf = ? and term >= ? and term < ?",
    )?;
    read(statement.query(params![shelf, start, format!("{start}\u{10ffff}")])?)
}

fn read(mut rows: rusqlite::Rows<'_>) -> Result<RoaringBitmap> {
    let mut found = RoaringBitmap::new();
    // Many short lists are put together bit by bit first.
    let mut bits: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let docs =
            row.get_ref(1)?.as_blob().map_err(|error| StoreError::Damaged(error.to_string()))?;
        let block = row.get(0)?;
        if docs.len() == BITMAP_BYTES {
            decode(block, docs, &mut found);
            continue;
        }
        let bits = bits.entry(block).or_insert_with(|| vec![0; BITMAP_BYTES]);
        for doc in docs.chunks_exact(2) {
            let doc = u16::from_le_bytes([doc[0], doc[1]]);
            bits[usize::from(doc >> 3)] |= 1 << (doc & 7);
        }
    }
    for (block, bits) in bits {
        decode(block, &bits, &mut found);
    }
    Ok(found)
}

/// Whether some term begins so.
pub(super) fn has_beginning(connection: &Connection, shelf: i64, start: &str) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "select 1 from search_posting where shelf = ? and term >= ? and term < ? limit 1",
    )?;
    Ok(statement.exists(params![shelf, start, format!("{start}\u{10ffff}")])?)
}

/// Where the documents are that changed after they were merged, as far as it was read.
#[derive(Default)]
pub(crate) struct Moved {
    fill: i64,
    kinds: [Arc<Seqs>; Kind::ALL.len()],
}

/// The `seq` of each moved document, counted from [`MOVED_FROM`].
type Seqs = Vec<Option<u32>>;

impl Moved {
    fn read_on(&mut self, connection: &Connection, kind: Kind) -> Result<Arc<Seqs>> {
        let fill = crate::counter::fill(connection)?;
        if fill != self.fill {
            *self = Self { fill, ..Self::default() };
        }
        let seqs = &mut self.kinds[kind as usize];
        let known = MOVED_FROM + u32::try_from(seqs.len()).unwrap_or(0);
        let mut statement = connection.prepare_cached(
            "select doc, seq from search_moved where kind = ? and doc >= ? order by doc",
        )?;
        let mut rows = statement.query(params![kind as i64, known])?;
        while let Some(row) = rows.next()? {
            let at = (row.get::<_, u32>(0)? - MOVED_FROM) as usize;
            let seqs = Arc::make_mut(seqs);
            seqs.resize(at + 1, None);
            seqs[at] = Some(row.get(1)?);
        }
        Ok(Arc::clone(seqs))
    }
}

/// The shelves of one kind, ready to be asked.
pub(super) struct Shelves<'a> {
    connection: &'a Connection,
    kind: Kind,
    dead: RoaringBitmap,
    fresh: Vec<Document>,
    moved: Arc<Seqs>,
}

impl<'a> Shelves<'a> {
    pub(super) fn of(connection: &'a Connection, kind: Kind, moved: &mut Moved) -> Result<Self> {
        Ok(Self {
            connection,
            kind,
            dead: list(connection, shelf(kind, Part::Dead), "")?,
            fresh: fresh(connection, kind)?,
            moved: moved.read_on(connection, kind)?,
        })
    }

    /// The records in whose part all terms are found, each as the beginning of a word.
    pub(super) fn matching(&self, part: Part, terms: &[Term]) -> Result<RoaringBitmap> {
        let listed = self.all_of(terms, |word| {
            let shelf = shelf(self.kind, part);
            if word.chars().count() <= LISTED {
                list(self.connection, shelf, word)
            } else {
                beginning(self.connection, shelf, word)
            }
        })?;
        Ok(self.living(listed, |document| {
            document.has(part, terms, |word, typed| word.starts_with(typed))
        }))
    }

    /// The records in whose part all terms are whole words.
    pub(super) fn exactly(&self, part: Part, terms: &[Term]) -> Result<RoaringBitmap> {
        let listed = self.all_of(terms, |word| {
            list(self.connection, shelf(self.kind, part), &format!("{word}$"))
        })?;
        Ok(self.living(listed, |document| document.has(part, terms, |word, typed| word == typed)))
    }

    /// The records that bear a mark.
    pub(super) fn marked(&self, mark: &str) -> Result<RoaringBitmap> {
        let listed = list(self.connection, shelf(self.kind, Part::Marks), mark)?;
        Ok(self.living(listed, |document| document.marks.split(' ').any(|other| other == mark)))
    }

    /// The records that changed since they were merged.
    pub(super) fn fresh_ones(&self) -> RoaringBitmap {
        self.fresh.iter().map(|document| document.seq).collect()
    }

    fn all_of(
        &self,
        terms: &[Term],
        look_up: impl Fn(&str) -> Result<RoaringBitmap>,
    ) -> Result<RoaringBitmap> {
        let mut found: Option<RoaringBitmap> = None;
        for Term(ways) in terms {
            let mut any = RoaringBitmap::new();
            for way in ways {
                let mut all: Option<RoaringBitmap> = None;
                for word in way {
                    let list = look_up(word)?;
                    all = Some(match all {
                        Some(all) => all & list,
                        None => list,
                    });
                }
                any |= all.unwrap_or_default();
            }
            let both = match found {
                Some(found) => found & any,
                None => any,
            };
            if both.is_empty() {
                return Ok(both);
            }
            found = Some(both);
        }
        Ok(found.unwrap_or_default())
    }

    /// Documents as records: without the dead, with those that moved and those that are fresh.
    fn living(
        &self,
        mut listed: RoaringBitmap,
        is_found: impl Fn(&Document) -> bool,
    ) -> RoaringBitmap {
        listed -= &self.dead;
        let moved: Vec<u32> = listed.range(MOVED_FROM..).collect();
        listed.remove_range(MOVED_FROM..);
        let seq = |doc: &u32| *self.moved.get((doc - MOVED_FROM) as usize)?;
        listed.extend(moved.iter().filter_map(seq));
        listed
            .extend(self.fresh.iter().filter(|document| is_found(document)).map(|found| found.seq));
        listed
    }
}

impl Document {
    fn has(&self, part: Part, terms: &[Term], fits: impl Fn(&str, &str) -> bool) -> bool {
        let there = |typed: &String| match part {
            Part::Head => self.title_words().take(1).any(|word| fits(word, typed)),
            Part::Title => self.title_words().any(|word| fits(word, typed)),
            Part::All | Part::Marks | Part::Dead => self.all_words().any(|word| fits(word, typed)),
        };
        terms.iter().all(|Term(ways)| ways.iter().any(|way| way.iter().all(there)))
    }
}

/// The documents that are not merged yet.
pub(super) fn fresh(connection: &Connection, kind: Kind) -> Result<Vec<Document>> {
    let mut statement = connection.prepare_cached(
        "select seq, title, detail, marks from search_fresh where kind = ? order by seq",
    )?;
    let rows = statement.query_map([kind as i64], |row| {
        Ok(Document {
            seq: row.get(0)?,
            title: row.get(1)?,
            detail: row.get(2)?,
            marks: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
