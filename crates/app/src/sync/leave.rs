//! The hub says that this laptop was revoked: what it has not sent is handed over, then the
//! workspace goes.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, atomic::Ordering},
    time::{Duration, Instant as Clock},
};

use commands::{Emptied, Event, Failure};
use domain::{Id, Instant};
use store::{Store, StoreError};
use sync::{Report, SyncError, hand_over, http::Http, take_leave};

use super::{
    DEVICE, HUB, Hub, blobs, kept, replica::Local, tokens::secret_of, turn::Turn, worker::Asked,
};
use crate::{App, Open};

/// What is under way in the workspace has so long to end; then it is tried another time.
const PATIENCE: Duration = Duration::from_secs(30);

fn broken(error: impl std::fmt::Display) -> SyncError {
    SyncError::Replica(error.to_string())
}

/// What the hub keeps by now.
#[derive(Default)]
struct HandedOver {
    parts: sync::Parts,
    documents: BTreeSet<String>,
}

impl HandedOver {
    fn changesets(&self) -> u64 {
        let ids: BTreeSet<Id> = self.parts.iter().map(|(id, _)| *id).collect();
        ids.len() as u64
    }
}

/// Whether the hub said that this laptop may not sync any more.
pub(super) fn is_revoked<T>(done: &Result<T, SyncError>) -> bool {
    matches!(done, Err(SyncError::Refused(refused)) if refused.code == "device-revoked")
}

impl App {
    /// One round with the hub; none where there is no hub. If the hub revoked this laptop, nothing
    /// of the workspace is left behind it.
    pub(crate) fn sync(&self, open: Arc<Open>, asked: Asked) -> Result<Option<Report>, SyncError> {
        if kept::<Hub>(&open.store, HUB).map_err(broken)?.is_none() {
            return Ok(None);
        }
        let _turn = Turn::wait(self.0.workspace.folder())?;
        let done = self.sync_round(&open, asked);
        if is_revoked(&done) && !self.0.is_leaving.swap(true, Ordering::Relaxed) {
            let left = self.leave(open);
            self.0.is_leaving.store(false, Ordering::Relaxed);
            left?;
        }
        done
    }

    fn leave(&self, open: Arc<Open>) -> Result<(), SyncError> {
        let device: sync::Device =
            kept(&open.store, DEVICE).map_err(broken)?.ok_or_else(|| broken("not connected"))?;
        if device.epoch.is_none() {
            // Nothing here ever came from the hub: it stays.
            let sentence = "The hub does not let this laptop in. What is here stays here.";
            let rejected = Failure::new("device-rejected", sentence);
            if let Some(worker) = open.worker.get() {
                worker.set(|progress| progress.failure = Some(rejected));
            }
            self.tell(&Event::Sync);
            return Ok(());
        }
        let mut handed_over = HandedOver::default();
        // First while others still work: it may take long.
        self.hand_over_unsent(&open, device.id, &mut handed_over)?;
        if !open.store.hold_alone() {
            return Err(broken(StoreError::Busy));
        }
        // Whoever asks for the workspace meanwhile is answered when it is gone.
        let opening = self.0.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let open = self.alone(open)?;
        let (user_id, notice) = (open.user_id(), open.notice.clone());
        // What was written meanwhile; from here on nobody writes.
        let done = self
            .hand_over_unsent(&open, device.id, &mut handed_over)
            .and_then(|()| self.say_goodbye(&open, device.id));
        if let Err(error) = done {
            open.store.share_again();
            drop(opening);
            self.set_open(Some(Open::new(open.store, user_id, notice)));
            return Err(error);
        }
        let emptied = Emptied { at: Instant::now(), handed_over: handed_over.changesets() };
        let wiped = self.0.workspace.wipe(open.store, emptied, vec![secret_of(device.id)]);
        Turn::forget(self.0.workspace.folder());
        drop(opening);
        self.tell(&Event::Emptied);
        wiped.map_err(broken)
    }

    /// Takes the workspace from everybody, and waits until those who are at it are done.
    fn alone(&self, mut open: Arc<Open>) -> Result<Open, SyncError> {
        self.stop_jobs();
        *self.0.open.write().unwrap_or_else(PoisonError::into_inner) = None;
        let begin = Clock::now();
        loop {
            match Arc::try_unwrap(open) {
                Ok(alone) => return Ok(alone),
                Err(shared) => open = shared,
            }
            if begin.elapsed() > PATIENCE {
                open.store.share_again();
                *self.0.open.write().unwrap_or_else(PoisonError::into_inner) = Some(open);
                return Err(broken(StoreError::Busy));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn with_transport<T>(
        &self,
        open: &Open,
        device_id: Id,
        act: impl FnOnce(&mut Http) -> Result<T, SyncError>,
    ) -> Result<T, SyncError> {
        let signed_out = || SyncError::Unreachable("nobody is signed in".into());
        let mut transport = self.transport(open, None)?.ok_or_else(signed_out)?;
        let done = act(&mut transport);
        if let Some(renewed) = transport.renewed() {
            self.keep_tokens(open, device_id, renewed)?;
        }
        done
    }

    fn hand_over_unsent(
        &self,
        open: &Open,
        device_id: Id,
        handed_over: &mut HandedOver,
    ) -> Result<(), SyncError> {
        self.with_transport(open, device_id, |transport| {
            let local = Local::new(self, &open.store);
            hand_over(&local, transport, &mut Id::now, &mut handed_over.parts)?;
            let mut documents = unsent_documents(&open.store).map_err(broken)?;
            documents.extend(open.store.blobs_to_send(usize::MAX / 2).map_err(broken)?);
            for sha256 in documents.difference(&handed_over.documents.clone()) {
                blobs::hand_over(&open.store, transport, sha256)?;
                handed_over.documents.insert(sha256.clone());
            }
            Ok(())
        })
    }

    fn say_goodbye(&self, open: &Open, device_id: Id) -> Result<(), SyncError> {
        self.with_transport(open, device_id, |transport| {
            let local = Local::new(self, &open.store);
            take_leave(&local, transport, &mut Id::now)
        })
    }
}

/// Content that unsent changes speak of.
fn unsent_documents(store: &Store) -> Result<BTreeSet<String>, Failure> {
    let unsent = store.unsent()?;
    let changes = unsent.iter().flat_map(|changeset| &changeset.changes);
    let documents = changes.filter(|change| change.entity == "document");
    let sha256 = documents.filter_map(|change| change.fields.get("sha256")?.to.as_str());
    Ok(sha256.map(str::to_owned).collect())
}
