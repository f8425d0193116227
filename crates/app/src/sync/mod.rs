//! Sync with the hub: who is connected, what waits, and the thread that does it.

mod again;
mod blobs;
mod check;
mod connect;
mod forget;
mod fuse;
mod held;
mod leave;
mod replica;
mod rounds;
mod settle;
mod snapshot;
mod status;
mod tokens;
mod turn;
mod worker;

pub(crate) use tokens::TokenMemory;
pub(crate) use worker::Worker;
#[cfg(feature = "simulation")]
pub(crate) use worker::{Asked, note};

use commands::Failure;
use domain::{Refusal, access::Grants};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::Store;
use sync::SyncError;

/// This device's setting with its [`sync::Device`].
pub(crate) const DEVICE: &str = "sync.device";
/// This device's setting with its [`Hub`].
const HUB: &str = "sync.hub";
/// This device's setting with how far the first upload came, while there is one.
const UPLOAD: &str = "sync.upload";
/// This device's setting that says that it was to be filled by a hub and never was.
const EMPTY: &str = "sync.empty";

/// This device's setting with when all was sent and read last.
const SYNCED_AT: &str = "sync.synced_at";

/// The hub that the workspace is connected to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hub {
    /// Its address.
    pub(crate) address: String,
    /// Who signed in.
    pub(crate) email: String,
}

pub(crate) fn kept<T: DeserializeOwned>(store: &Store, name: &str) -> Result<Option<T>, Failure> {
    let text = store.local(name)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new("internal", error.to_string()))
}

/// What the user's role does not allow is refused here already: the hub would never take it.
pub(crate) fn check_allowed(tx: &store::Tx<'_>) -> Result<(), Failure> {
    if tx.written().is_empty() {
        return Ok(());
    }
    // Without a hub everything is the user's own.
    let Some(device) = tx.local(DEVICE)? else { return Ok(()) };
    let Ok(device) = serde_json::from_str::<sync::Device>(&device) else { return Ok(()) };
    let grants = Grants { user_id: device.user_id, role: device.role, ..Grants::default() };
    match tx.written().iter().find(|entity| !grants.may_write(entity)) {
        Some(entity) => {
            let sentence = "Your role does not allow changing this. Nothing was changed.";
            Err(Refusal::new("forbidden", sentence).with("entity", entity).into())
        }
        None => Ok(()),
    }
}

/// A sync error as a failure of the app's, by the code that the screens translate.
fn failure(error: SyncError) -> Failure {
    let sentence = error.to_string();
    let code = match &error {
        SyncError::Unreachable(_) => "hub-unreachable",
        SyncError::Untrusted(_) => "hub-untrusted",
        SyncError::Refused(refused) => match refused.code.as_str() {
            "sign-in-wrong" => "sign-in-wrong",
            "too-many" => "sign-in-too-many",
            "device-revoked" => "device-revoked",
            "device-waiting" => "device-waiting",
            "token-invalid" => "signed-out",
            "sync-elsewhere" => "sync-elsewhere",
            "address-invalid" => "hub-address-invalid",
            "address-open" => "hub-address-open",
            "too-large" => "too-large",
            "hub-set-back" => "hub-set-back",
            _ => "hub-refused",
        },
        SyncError::TooOld => "hub-newer",
        SyncError::Fuse(count) => {
            let refusal = Refusal::new("hub-removes-much", &*sentence).with("count", count);
            return Failure {
                refusals: vec![refusal],
                ..Failure::new("hub-removes-much", sentence)
            };
        }
        SyncError::Replica(_) => "internal",
    };
    Failure::new(code, sentence)
}
