//! Content of documents goes and comes after the records, and never holds them up.

use store::Store;
use sync::{BLOB_PART, SyncError, http::Http};

/// So many documents at a time; the next round goes on.
const AT_ONCE: usize = 20;

fn broken(error: store::StoreError) -> SyncError {
    SyncError::Replica(error.to_string())
}

/// What the hub does not know, or will not give, is left for another round.
fn is_passing(error: &SyncError) -> bool {
    matches!(error, SyncError::Refused(refused) if refused.code.starts_with("blob-"))
}

/// Sends content that the hub lacks and fetches what is missing here; whether something came.
pub(super) fn carry(store: &Store, hub: &mut Http) -> Result<bool, SyncError> {
    for sha256 in store.blobs_to_send(AT_ONCE).map_err(broken)? {
        match send(store, hub, &sha256) {
            Err(error) if is_passing(&error) => {}
            done => done?,
        }
    }
    let mut came = false;
    for sha256 in store.blobs_to_fetch(AT_ONCE).map_err(broken)? {
        match fetch(store, hub, &sha256) {
            Err(error) if is_passing(&error) => {}
            done => {
                done?;
                came = true;
            }
        }
    }
    Ok(came)
}

/// Brings the content of a document that a revoked laptop could not send. What is not here, or the
/// hub does not take, holds up nothing.
pub(super) fn hand_over(store: &Store, hub: &mut Http, sha256: &str) -> Result<(), SyncError> {
    if store.blob(sha256).is_err() {
        return Ok(());
    }
    match send(store, hub, sha256) {
        Err(error) if is_passing(&error) => Ok(()),
        done => done,
    }
}

fn send(store: &Store, hub: &mut Http, sha256: &str) -> Result<(), SyncError> {
    let content = store.blob(sha256).map_err(broken)?;
    // An empty part asks how much is there.
    let mut from = hub.put_blob(sha256, content.len(), 0, &[])?;
    while from < content.len() {
        let part = &content[from..content.len().min(from + BLOB_PART)];
        let received = hub.put_blob(sha256, content.len(), from, part)?;
        if received <= from {
            return Err(SyncError::Unreachable("the hub does not take a document".into()));
        }
        from = received;
    }
    store.blob_sent(sha256).map_err(broken)
}

fn fetch(store: &Store, hub: &mut Http, sha256: &str) -> Result<(), SyncError> {
    let mut content = Vec::new();
    loop {
        let part = hub.blob(sha256, content.len())?;
        if part.is_empty() {
            break;
        }
        let is_last = part.len() < BLOB_PART;
        content.extend(part);
        if is_last {
            break;
        }
    }
    store.blob_came(sha256, &content).map_err(broken)
}
