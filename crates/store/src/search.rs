//! Full-text search. For every word, and every beginning of one to five letters, the database
//! keeps the documents that it is in as bitmaps; a query is a few look-ups and their
//! intersection, however common its words are and however many records there are.
//!
//! A changed document is first put on a short list that every query looks through word by word
//! (`search_fresh`), so that an edit writes one row and not a hundred; see [`index::merge`].

mod builder;
mod document;
mod find;
mod highlight;
mod index;
mod near;
mod postings;
mod query;

pub(crate) use document::Kind;
pub(crate) use index::{forget, index_from, owners, reindex, settle};
pub(crate) use postings::Moved;
pub(crate) use query::{Term, terms};

use roaring::RoaringBitmap;
use rusqlite::Connection;

use crate::{Result, store::lock};

/// What is kept in memory between queries: where the documents went that changed.
#[derive(Default)]
pub(crate) struct Memory(std::sync::Mutex<Moved>);

/// The records (by `seq`) in which all of these are found.
pub(crate) fn matching(
    connection: &Connection,
    memory: &Memory,
    kind: Kind,
    terms: &[Term],
) -> Result<RoaringBitmap> {
    let shelf = postings::Shelves::of(connection, kind, &mut lock(&memory.0))?;
    shelf.matching(postings::Part::All, terms)
}

/// The records (by `seq`) that bear a mark: a customer's tag, a talk's day.
pub(crate) fn marked(
    connection: &Connection,
    memory: &Memory,
    kind: Kind,
    mark: &str,
) -> Result<RoaringBitmap> {
    let shelf = postings::Shelves::of(connection, kind, &mut lock(&memory.0))?;
    shelf.marked(mark)
}
