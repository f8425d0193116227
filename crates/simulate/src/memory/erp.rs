//! The ERP's own writers: they take versions when they write, and commit later. A cursor that
//! counts versions alone would lose their rows.

use domain::{Id, blank, merge::State};
use serde_json::Value;

use super::{Data, Held, Key, Memory, entity, touch::Undo};

/// What the ERP does to a record.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Makes it.
    Make(State),
    /// Sets fields of it.
    Set(Vec<(&'static str, Value)>),
}

/// A transaction that wrote and did not commit yet: its rows as they will be.
#[derive(Clone)]
pub(super) struct Writing {
    pub(super) xid: u64,
    rows: Vec<(Key, Held)>,
    former: Vec<super::Former>,
}

impl Data {
    /// Whether a writer holds the record.
    pub(super) fn is_held(&self, key: Key) -> bool {
        self.writing.iter().any(|writing| writing.rows.iter().any(|(held, _)| *held == key))
    }

    /// Everything below this transaction is committed or never will be.
    pub(super) fn oldest(&self) -> u64 {
        self.writing.iter().map(|writing| writing.xid).min().unwrap_or(self.xid)
    }
}

impl Memory {
    /// Writes records in one transaction, which stays open. False where somebody else holds one of
    /// them, or they are not there.
    pub(crate) fn erp_write(&self, edits: &[(&'static str, Id, Edit)]) -> bool {
        let mut data = self.data();
        let data = &mut *data;
        let is_free = edits.iter().all(|(name, id, edit)| {
            let key = (entity(name), *id);
            let along = if *name == "customer" { data.hangs_on(*id) } else { Vec::new() };
            !data.is_held(key)
                && along.into_iter().all(|key| !data.is_held(key))
                && (matches!(edit, Edit::Make(_)) || data.records.contains_key(&key))
        });
        if !is_free {
            return false;
        }
        let xid = data.xid;
        data.xid += 1;
        let (mut undo, firsts) = (Vec::new(), data.former.len());
        for (name, id, edit) in edits {
            let key = (entity(name), *id);
            let state = match edit {
                Edit::Make(fields) => {
                    let mut state = blank(name);
                    state.extend(fields.clone());
                    state.insert("id".into(), id.to_string().into());
                    state
                }
                Edit::Set(fields) => {
                    let Some(held) = data.records.get(&key) else { continue };
                    let mut state = State::clone(&held.state);
                    state.extend(fields.iter().map(|(name, to)| ((*name).into(), to.clone())));
                    state
                }
            };
            data.write(key, state, xid, None, &mut undo);
        }
        // It is written, and nobody sees it until it commits.
        let former = data.former[firsts..].to_vec();
        let mut rows: Vec<(Key, Held)> = Vec::new();
        for step in undo.into_iter().rev() {
            if let Undo::Record(key, _) = &step
                && rows.iter().all(|(seen, _)| seen != key)
                && let Some(held) = data.records.get(key)
            {
                rows.push((*key, held.clone()));
            }
            data.undo(step);
        }
        data.writing.push(Writing { xid, rows, former });
        true
    }

    /// How many of the ERP's transactions are open.
    pub(crate) fn erp_open(&self) -> usize {
        self.data().writing.len()
    }

    /// Commits one of them; says which records it wrote.
    pub(crate) fn erp_commit(&self, which: usize) -> Vec<Key> {
        let mut data = self.data();
        if which >= data.writing.len() {
            return Vec::new();
        }
        let writing = data.writing.remove(which);
        let keys = writing.rows.iter().map(|(key, _)| *key).collect();
        for (key, held) in writing.rows {
            data.records.insert(key, held);
        }
        data.former.extend(writing.former);
        keys
    }
}
