//! What rows become is collected here and written part by part, all as one changeset.

use std::collections::{BTreeMap, HashMap, HashSet};

use commands::{Failure, ImportDuplicate, ImportHint};
use domain::{Change, Changeset, Context, Id, Record, Refusal, Refused, fold};
use store::Tx;

use super::cells::Cells;

/// So many changes are written at a time.
const PART: usize = 2_000;

/// Shows the cells of an earlier row.
pub(crate) type Earlier<'e> = dyn FnMut(usize, &mut dyn FnMut(&mut Cells<'_>)) + 'e;

/// What becomes of a row.
pub(crate) enum Decided {
    Created,
    Updated,
    Unchanged,
    Duplicate(ImportDuplicate),
    Failed(Vec<Refusal>),
}

/// A record that a key leads to: there before, or from an earlier row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: Id,
    /// The row that it is from.
    pub(crate) row: Option<usize>,
}

/// The transaction, and what is to be written in it.
pub(crate) struct Desk<'a, 'tx, 'c> {
    pub(crate) tx: &'a mut Tx<'tx>,
    pub(crate) context: &'a mut Context<'c>,
    changeset: Changeset,
    /// The records with changes that are not written yet, and whose those are.
    waiting: HashSet<Id>,
    /// Nothing is written where an import is only planned.
    writes: bool,
    hints: BTreeMap<(&'static str, String), u64>,
}

impl<'a, 'tx, 'c> Desk<'a, 'tx, 'c> {
    pub(crate) fn new(
        tx: &'a mut Tx<'tx>,
        context: &'a mut Context<'c>,
        changeset: Changeset,
        writes: bool,
    ) -> Self {
        let waiting = HashSet::new();
        Self { tx, context, changeset, waiting, writes, hints: BTreeMap::new() }
    }

    pub(crate) fn writes(&self) -> bool {
        self.writes
    }

    /// Adds changes; `of` is the record that others may look for them under.
    pub(crate) fn add(&mut self, changes: Vec<Change>, of: Id) {
        if self.writes {
            self.waiting.extend(changes.iter().map(|change| change.id));
            self.waiting.insert(of);
            self.changeset.changes.extend(changes);
        }
    }

    /// Writes what waits when it is much.
    pub(crate) fn breathe(&mut self) -> Result<(), Failure> {
        if self.changeset.changes.len() >= PART { self.flush() } else { Ok(()) }
    }

    /// Writes what waits.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.tx.apply(&self.changeset)?;
        self.changeset.changes.clear();
        self.waiting.clear();
        Ok(())
    }

    /// Writes what waits if something of this record does.
    pub(crate) fn settle(&mut self, id: Id) -> Result<(), Failure> {
        if self.waiting.contains(&id) { self.flush() } else { Ok(()) }
    }

    /// Notes something about a row.
    pub(crate) fn hint(&mut self, code: &'static str, about: &str) {
        // Thousands of different names are no hints any more.
        if self.hints.len() < 200 || self.hints.contains_key(&(code, about.to_owned())) {
            *self.hints.entry((code, about.to_owned())).or_default() += 1;
        }
    }

    pub(crate) fn hints(self) -> Vec<ImportHint> {
        let hints = self.hints.into_iter();
        hints.map(|((code, about), rows)| ImportHint { code: code.into(), about, rows }).collect()
    }

    /// Makes a record of a small set and adds it.
    pub(crate) fn make<R: Record>(&mut self, record: R) -> Id {
        let mut changeset = Changeset::new("", "", self.context);
        let id = changeset.insert(record, self.context).id();
        self.add(changeset.changes, id);
        id
    }
}

/// A small set's records by what people call them.
pub(crate) struct Names(HashMap<String, Id>);

impl Names {
    pub(crate) fn read<R: Record>(
        tx: &Tx<'_>,
        names: impl Fn(&R) -> Vec<&str>,
    ) -> Result<Self, Failure> {
        let mut known = HashMap::new();
        tx.each::<R, Failure>(|record| {
            for name in names(&record) {
                known.entry(key(name)).or_insert(record.id());
            }
            Ok(())
        })?;
        Ok(Self(known))
    }

    /// Takes in other names; those that are known stay.
    pub(crate) fn and(&mut self, others: Self) {
        for (name, id) in others.0 {
            self.0.entry(name).or_insert(id);
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Id> {
        self.0.get(&key(name)).copied()
    }

    /// The record of this name, made where there is none.
    pub(crate) fn find_or_make<R: Record>(
        &mut self,
        name: &str,
        desk: &mut Desk<'_, '_, '_>,
        make: impl FnOnce() -> R,
    ) -> Id {
        if let Some(id) = self.find(name) {
            return id;
        }
        let id = desk.make(make());
        self.0.insert(key(name), id);
        id
    }
}

fn key(name: &str) -> String {
    fold(name).trim().to_owned()
}

/// What speaks against a record, with the fields that tables have.
pub(crate) fn refused(refused: Refused) -> Vec<Refusal> {
    refused.0
}
