//! Where sync stands, for people.

use std::sync::Arc;

use commands::{Answer, Failure, FirstSync, GetSync, RunSync, SyncReport, SyncState, SyncStatus};
use sync::SyncError;

use super::{
    DEVICE, EMPTY, HUB, Hub, SYNCED_AT, UPLOAD, failure, kept,
    tokens::is_signed_in,
    worker::{Asked, Progress},
};
use crate::{App, Open};

impl App {
    pub(super) fn sync_status(&self) -> Result<SyncStatus, Failure> {
        let open = self.open()?;
        let hub: Option<Hub> = kept(&open.store, HUB)?;
        let device: Option<sync::Device> = kept(&open.store, DEVICE)?;
        let progress = open.worker.get().map(|worker| worker.progress()).unwrap_or_default();
        let is_connected = hub.is_some();
        let synced_at = match progress.synced_at {
            Some(at) => Some(at),
            None => kept(&open.store, SYNCED_AT)?,
        };
        let checked = super::check::last(&open.store)?.unwrap_or_default();
        let first = match &hub {
            Some(_) if synced_at.is_none() => Some(first(&open, &progress)?),
            _ => None,
        };
        let state = match (&hub, is_signed_in(&open.store)?, &progress.failure) {
            (None, ..) => SyncState::Local,
            (Some(_), false, _) => SyncState::SignedOut,
            // Being tried again, it stands as it stood.
            (_, _, Some(failure)) => match failure.code.as_str() {
                "hub-unreachable" | "hub-untrusted" => SyncState::Offline,
                "device-waiting" => SyncState::Waiting,
                "signed-out" => SyncState::SignedOut,
                _ => SyncState::Stopped,
            },
            _ if progress.is_busy || !progress.is_settled => SyncState::Busy,
            _ => SyncState::Synced,
        };
        let (address, email) = hub.map(|hub| (hub.address, hub.email)).unwrap_or_default();
        let is_to_be_filled = !is_connected && kept(&open.store, EMPTY)?.unwrap_or(false);
        Ok(SyncStatus {
            state,
            is_to_be_filled,
            address,
            email,
            role: device.map(|device| device.role).unwrap_or_default(),
            synced_at,
            checked_at: (checked != Default::default()).then_some(checked.at),
            mended: checked.mended as u64,
            first,
            failure: progress.failure,
            failed_at: progress.failed_at,
            waiting: if is_connected { open.store.count_waiting()? } else { 0 },
            held: if is_connected { super::held::held(&open.store)?.len() as u64 } else { 0 },
            conflicts: open.store.count_conflicts()?,
            rejected: open.store.rejections()?.len() as u64,
        })
    }
}

/// How far the first exchange with the hub is.
fn first(open: &Open, progress: &Progress) -> Result<FirstSync, Failure> {
    let (done, total) = match kept(&open.store, UPLOAD)? {
        Some(progress) => open.store.upload_progress(progress)?,
        None => (progress.received as u64, 0),
    };
    Ok(FirstSync { is_upload: total > 0, is_loading: progress.is_loading, done, total })
}

impl Answer<GetSync> for App {
    fn answer(&self, _: GetSync) -> Result<SyncStatus, Failure> {
        self.sync_status()
    }
}

impl Answer<RunSync> for App {
    fn answer(&self, request: RunSync) -> Result<SyncReport, Failure> {
        let open = self.open()?;
        let asked = Asked { may_remove_much: request.may_remove_much, check: request.check };
        let worker = Arc::downgrade(&open);
        match self.sync(open, asked) {
            Ok(Some(report)) => {
                // It may be waiting long after failures; now it hears from the hub again.
                if let Some(open) = worker.upgrade()
                    && let Some(worker) = open.worker.get()
                {
                    worker.poke();
                }
                Ok(SyncReport {
                    sent: report.sent as u64,
                    received: report.received as u64,
                    conflicts: report.conflicts as u64,
                    rejected: report.rejected as u64,
                    mended: report.mended as u64,
                    is_checked: report.is_checked,
                })
            }
            Ok(None) => Err(Failure::new(
                "hub-none",
                "This workspace is not connected to a hub. Connect it in the settings.",
            )),
            Err(_) if self.open().is_err() && self.0.workspace.emptied().is_some() => {
                let sentence = "The hub revoked this laptop. What it had not sent was handed over, and its data was removed.";
                Err(Failure::new("device-emptied", sentence))
            }
            Err(error @ SyncError::Replica(_)) => Err(Failure::new("internal", error.to_string())),
            Err(error) => Err(failure(error)),
        }
    }
}
