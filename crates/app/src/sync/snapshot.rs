//! The first fill: parts are kept as they come, and loaded when all are there.

use std::cell::Cell;

use domain::Id;
use store::StoreError;
use sync::{Device, Fill, Part, SyncError};

use super::{
    DEVICE, json, kept as setting,
    replica::{Local, broken, elsewhere},
};

/// This device's setting with how much of a snapshot was kept; none when there is none under way.
const SNAPSHOT: &str = "sync.snapshot";

impl Local<'_> {
    /// What was kept, where this workspace is to be filled by a snapshot at all: records that are
    /// here already are put together one by one, and that takes long.
    pub(super) fn kept_snapshot(&self) -> Result<Option<Fill>, SyncError> {
        let kept = setting(self.store, SNAPSHOT).map_err(broken)?;
        let is_empty = self.store.knows_few().map_err(broken)?;
        Ok(is_empty.then(|| kept.unwrap_or_default()))
    }

    pub(super) fn keep(&self, part: &Part, before: &Fill, kept: &Fill) -> Result<bool, SyncError> {
        let (before, kept) = (json(before).map_err(broken)?, json(kept).map_err(broken)?);
        self.store
            .transact(|tx| {
                // A second process may have gone on with it, or may have loaded it.
                if tx.local(SNAPSHOT)?.as_deref() != Some(&*before) {
                    return Ok(false);
                }
                tx.keep_part(&part.packed)?;
                tx.set_local(SNAPSHOT, &kept)?;
                Ok::<_, StoreError>(true)
            })
            .map_err(broken)
    }

    pub(super) fn drop_parts(&self, kept: &Fill) -> Result<(), SyncError> {
        let kept = json(kept).map_err(broken)?;
        self.store
            .transact(|tx| {
                tx.drop_parts()?;
                tx.set_local(SNAPSHOT, &kept)
            })
            .map_err(broken)
    }

    pub(super) fn load(&self, kept: &Fill, filled: &Device) -> Result<bool, SyncError> {
        let device = json(filled).map_err(broken)?;
        let unpack = |packed: &[u8]| {
            sync::unpack(packed).map_err(|error| StoreError::Damaged(error.to_string()))
        };
        let is_overtaken = Cell::new(false);
        let settle = |tx: &mut store::Tx<'_>| {
            if !self.is_own_round(tx)? {
                is_overtaken.set(true);
                return Err(StoreError::Constraint("it syncs elsewhere".into()));
            }
            tx.set_local(SNAPSHOT, "null")?;
            tx.set_local(DEVICE, &device)
        };
        let loaded = self.store.load_snapshot(kept.records, &mut Id::now, &unpack, &settle);
        if is_overtaken.get() {
            return Err(elsewhere());
        }
        let loaded = match loaded {
            // It will not go otherwise the next time; pages bring it record by record.
            Err(StoreError::Constraint(_) | StoreError::Damaged(_)) => false,
            loaded => loaded.map_err(broken)?,
        };
        if loaded {
            self.known.replace(Some(filled.clone()));
            // Every screen asks again.
            self.app.tell(&commands::Event::Changed { records: Vec::new() });
            return Ok(true);
        }
        self.drop_parts(&kept.anew())?;
        Ok(false)
    }
}
