//! Comparing this laptop with the hub: when it is due, and what came of it.

use std::collections::BTreeMap;

use domain::{Changeset, ENTITIES, Id, Instant};
use serde::{Deserialize, Serialize};
use sync::{Compared, Device, Hashes, Mended, Refetched, SyncError};

use super::{
    DEVICE,
    fuse::MUCH,
    held, json, kept,
    replica::{Local, broken},
};

/// This device's setting with its [`Checked`].
const CHECKED: &str = "sync.checked";

/// When the laptop was compared with the hub last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Checked {
    /// When.
    pub(super) at: Instant,
    /// So many records were put right then.
    pub(super) mended: usize,
    /// The entity whose values are compared next time, by its place in [`ENTITIES`].
    next: usize,
}

/// When it was done last.
pub(super) fn last(store: &store::Store) -> Result<Option<Checked>, commands::Failure> {
    kept(store, CHECKED)
}

impl Local<'_> {
    /// Once a day ids and versions of all, and one entity's values; after something odd, and when
    /// somebody asks for it, every value.
    pub(super) fn compared(&self, device: &Device) -> Result<Option<Compared>, SyncError> {
        let last = last(self.store).map_err(broken)?;
        let passed = last.as_ref().map(|last| Instant::now().utc() - last.at.utc());
        // A clock that was put back does not put it off.
        let is_today = passed.is_some_and(|passed| (0..24).contains(&passed.num_hours()));
        if is_today && !device.is_check_due {
            return Ok(None);
        }
        // A hub that does not say what it knows does not compare either.
        let Some(schema) = held::schema(self.store).map_err(broken)? else { return Ok(None) };
        let turn = last.map(|last| last.next % ENTITIES.len());
        let mut compared = Compared::new();
        for (place, entity) in ENTITIES.iter().enumerate() {
            let mut fields = match device.is_check_due || turn == Some(place) {
                true => self.store.columns(entity).map_err(broken)?,
                false => Vec::new(),
            };
            fields.retain(|name| schema.knows(entity, name));
            compared.push(((*entity).to_owned(), fields));
        }
        Ok(Some(compared))
    }

    pub(super) fn hashes(&self, entity: &str, fields: &[String]) -> Result<Vec<u64>, SyncError> {
        let mut hashes = Hashes::default();
        self.store
            .each_version(entity, !fields.is_empty(), &mut |id, version, state| {
                hashes.add(id, version, fields, state);
            })
            .map_err(broken)?;
        Ok(hashes.buckets())
    }

    pub(super) fn put_right(
        &self,
        entity: &str,
        fetched: &Refetched,
        device: &Device,
    ) -> Result<Option<Mended>, SyncError> {
        let mut mended = None;
        self.write(device, |tx| {
            let text = tx.local(DEVICE).map_err(broken)?.unwrap_or_default();
            let now: Device = serde_json::from_str(&text).map_err(broken)?;
            if now.cursor != device.cursor {
                return Ok(());
            }
            let (written, strangers) = tx
                .mend(entity, &fetched.buckets, &fetched.records, &mut Id::now)
                .map_err(broken)?;
            mended = Some(Mended { written, strangers });
            Ok(())
        })?;
        Ok(mended)
    }

    pub(super) fn remove(
        &self,
        strangers: &BTreeMap<String, Vec<Id>>,
        device: &Device,
    ) -> Result<usize, SyncError> {
        let mut removed = 0;
        if strangers.values().all(Vec::is_empty) {
            return Ok(removed);
        }
        self.write(device, |tx| {
            for (entity, ids) in strangers {
                for id in ids {
                    let changeset = Changeset {
                        id: Id::now(),
                        at: Instant::now(),
                        user_id: device.user_id,
                        operation: "sync.gone".into(),
                        subject: String::new(),
                        changes: Vec::new(),
                    };
                    removed += tx.remove_stranger(entity, *id, changeset).map_err(broken)?;
                }
            }
            match removed > MUCH && !device.may_remove_much {
                true => Err(SyncError::Fuse(removed)),
                false => Ok(()),
            }
        })?;
        Ok(removed)
    }

    pub(super) fn keep_checked(&self, mended: usize, device: &Device) -> Result<(), SyncError> {
        let next = last(self.store).map_err(broken)?.map_or(0, |last| last.next + 1);
        let checked = Checked { at: Instant::now(), mended, next };
        let checked = json(&checked).map_err(broken)?;
        let device = Device { may_remove_much: false, ..device.clone() };
        self.write(&device, |tx| tx.set_local(CHECKED, &checked).map_err(broken))
    }
}
