//! Puts documents on their shelves, block by block.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Kind,
    document::{Document, indexed},
    postings::{LISTED, Part, decode, encode, shelf},
};
use crate::Result;

/// Collects the lists of one block of documents (65,536 numbers).
pub(super) struct Builder {
    kind: Kind,
    block: u32,
    parts: [Words; 4],
    lists: Vec<Vec<u16>>,
}

/// The lists of a part: of each term, and for each word those of its beginnings and itself.
#[derive(Default)]
struct Words {
    terms: HashMap<String, usize>,
    words: HashMap<String, Vec<usize>>,
}

const PARTS: [Part; 4] = [Part::All, Part::Title, Part::Head, Part::Marks];

impl Builder {
    pub(super) fn new(kind: Kind, block: u32) -> Self {
        Self { kind, block, parts: Default::default(), lists: Vec::new() }
    }

    pub(super) fn block(&self) -> u32 {
        self.block
    }

    /// Adds a document of this block; their numbers must rise.
    pub(super) fn add(&mut self, doc: u32, document: &Document) {
        let low = (doc & 0xffff) as u16;
        for word in document.all_words() {
            self.parts[0].put(&mut self.lists, word, low);
        }
        if self.kind.has_title() {
            for (nth, word) in document.title_words().enumerate() {
                self.parts[1].put(&mut self.lists, word, low);
                if nth == 0 {
                    self.parts[2].put(&mut self.lists, word, low);
                }
            }
        }
        for mark in document.marks.split(' ').filter(|mark| !mark.is_empty()) {
            let list = self.parts[3].list(&mut self.lists, mark.to_owned());
            push(&mut self.lists[list], low);
        }
    }

    /// Writes the lists, put together with those that are there if `merging`.
    pub(super) fn write(self, connection: &Connection, merging: bool) -> Result<()> {
        let mut found = connection.prepare_cached(
            "select docs from search_posting where shelf = ? and term = ? and block = ?",
        )?;
        let mut write = connection.prepare_cached(
            "insert into search_posting (shelf, term, block, docs) values (?, ?, ?, ?)
             on conflict do update set docs = excluded.docs",
        )?;
        for (part, words) in PARTS.into_iter().zip(self.parts) {
            let shelf = shelf(self.kind, part);
            let mut terms: Vec<(String, usize)> = words.terms.into_iter().collect();
            terms.sort_unstable();
            for (term, list) in terms {
                let mut docs = encode(&self.lists[list]);
                if merging {
                    let before: Option<Vec<u8>> = found
                        .query_row(params![shelf, term, self.block], |row| row.get(0))
                        .optional()?;
                    if let Some(before) = before {
                        let mut both = roaring::RoaringBitmap::new();
                        decode(0, &before, &mut both);
                        decode(0, &docs, &mut both);
                        let both: Vec<u16> = both.iter().map(|doc| (doc & 0xffff) as u16).collect();
                        docs = encode(&both);
                    }
                }
                write.execute(params![shelf, term, self.block, docs])?;
            }
        }
        Ok(())
    }
}

impl Words {
    fn put(&mut self, lists: &mut Vec<Vec<u16>>, word: &str, low: u16) {
        if let Some(of_word) = self.words.get(word) {
            for list in of_word {
                push(&mut lists[*list], low);
            }
            return;
        }
        let indexed = indexed(word);
        let mut terms: Vec<String> = indexed
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8())
            .take(LISTED)
            .map(|end| indexed[..end].to_owned())
            .collect();
        terms.push(format!("{indexed}$"));
        let of_word: Vec<usize> = terms.into_iter().map(|term| self.list(lists, term)).collect();
        for list in &of_word {
            push(&mut lists[*list], low);
        }
        self.words.insert(word.to_owned(), of_word);
    }

    fn list(&mut self, lists: &mut Vec<Vec<u16>>, term: String) -> usize {
        *self.terms.entry(term).or_insert_with(|| {
            lists.push(Vec::new());
            lists.len() - 1
        })
    }
}

fn push(list: &mut Vec<u16>, low: u16) {
    if list.last() != Some(&low) {
        list.push(low);
    }
}
