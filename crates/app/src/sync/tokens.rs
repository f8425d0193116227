//! The hub's tokens: in the system's keyring beside the workspace's key, else in the encrypted
//! database. A keyring may be slow: it is asked once, by the thread that syncs, and what it said is
//! kept in memory. Before they are renewed it is asked again: another process may have been faster,
//! and who renews with a token that was used is signed out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use commands::Failure;
use domain::Id;
use serde::{Deserialize, Serialize};
use store::Store;
use sync::{SyncError, TokenPlace, Tokens};

use super::{DEVICE, json, kept};
use crate::{App, Inner, Open};

/// This device's setting with the tokens, or with where they are. Backups are made without it.
const TOKENS: &str = "secret.tokens";

/// What the setting says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// In the keyring.
    Keyring,
    /// They are these.
    #[serde(untagged)]
    Here(Tokens),
}

/// What was read or renewed while the workspace is open.
#[derive(Default)]
pub(crate) struct TokenMemory(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    tokens: Option<Tokens>,
    /// The keyring did not take them: it is not asked again until the next start.
    is_refused: bool,
}

impl TokenMemory {
    fn hold(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broken(error: impl std::fmt::Display) -> SyncError {
    SyncError::Replica(error.to_string())
}

/// The name of a device's tokens in the keyring. A copy of the workspace becomes another device,
/// and must not take the first one's.
pub(super) fn secret_of(device_id: Id) -> String {
    format!("hub.{device_id}")
}

/// Whether somebody is signed in; answered at once.
pub(super) fn is_signed_in(store: &Store) -> Result<bool, Failure> {
    Ok(kept::<Place>(store, TOKENS)?.is_some())
}

/// What the setting holds for tokens that are put down for the time being; written together with
/// who signed in where. The next round brings them to the keyring.
pub(super) fn put_down(tokens: &Tokens) -> Result<(&'static str, String), Failure> {
    Ok((TOKENS, json(tokens)?))
}

/// Where an open workspace's tokens are, for the way to the hub.
struct Kept {
    app: Weak<Inner>,
    device_id: Id,
}

impl Kept {
    /// The workspace, while it is this device's.
    fn open(&self) -> Option<(App, Arc<Open>)> {
        let app = App(self.app.upgrade()?);
        let open = app.open().ok()?;
        let device: sync::Device = kept(&open.store, DEVICE).ok()??;
        (device.id == self.device_id).then_some((app, open))
    }
}

impl TokenPlace for Kept {
    fn tokens(&self) -> Option<Tokens> {
        let (app, open) = self.open()?;
        app.forget_remembered(&open);
        app.tokens(&open, self.device_id).ok()?
    }

    fn keep(&self, tokens: &Tokens) -> Result<(), SyncError> {
        let (app, open) = self.open().ok_or_else(|| broken("the workspace is closed"))?;
        app.keep_tokens(&open, self.device_id, tokens.clone())
    }
}

impl App {
    pub(super) fn token_place(&self, device_id: Id) -> Arc<dyn TokenPlace> {
        Arc::new(Kept { app: Arc::downgrade(&self.0), device_id })
    }

    /// The tokens of this device, if somebody is signed in.
    pub(super) fn tokens(&self, open: &Open, device_id: Id) -> Result<Option<Tokens>, SyncError> {
        let mut memory = open.tokens.hold();
        if memory.tokens.is_none() {
            memory.tokens = match kept::<Place>(&open.store, TOKENS).map_err(broken)? {
                None => None,
                Some(Place::Here(tokens)) => {
                    self.write_tokens(open, device_id, &tokens, &mut memory)?;
                    Some(tokens)
                }
                Some(Place::Keyring) => {
                    let secret = self.0.workspace.secret(&secret_of(device_id)).map_err(broken)?;
                    secret.and_then(|secret| serde_json::from_str(&secret).ok())
                }
            };
        }
        Ok(memory.tokens.clone())
    }

    /// Keeps renewed tokens at once: the former ones are worth nothing any more. Where the user
    /// signed out meanwhile, these go as well.
    pub(super) fn keep_tokens(
        &self,
        open: &Open,
        device_id: Id,
        tokens: Tokens,
    ) -> Result<(), SyncError> {
        let mut memory = open.tokens.hold();
        if !is_signed_in(&open.store).map_err(broken)? {
            return Ok(());
        }
        memory.tokens = Some(tokens.clone());
        self.write_tokens(open, device_id, &tokens, &mut memory)
    }

    fn write_tokens(
        &self,
        open: &Open,
        device_id: Id,
        tokens: &Tokens,
        memory: &mut Remembered,
    ) -> Result<(), SyncError> {
        let secret = json(tokens).map_err(broken)?;
        if !memory.is_refused {
            match self.0.workspace.keep_secret(&secret_of(device_id), secret.clone()) {
                Ok(true) => {
                    let place = json(&Place::Keyring).map_err(broken)?;
                    return open.store.set_local(TOKENS, &place).map_err(broken);
                }
                Ok(false) => {}
                Err(_) => memory.is_refused = true,
            }
        }
        open.store.set_local(TOKENS, &secret).map_err(broken)
    }

    /// Somebody else signed in, or nobody is signed in any more: what was remembered goes.
    pub(super) fn forget_remembered(&self, open: &Open) {
        open.tokens.hold().tokens = None;
    }

    /// Signed out: they go everywhere.
    pub(super) fn drop_tokens(&self, open: &Open, device_id: Id) -> Result<(), Failure> {
        let mut memory = open.tokens.hold();
        memory.tokens = None;
        open.store.set_local(TOKENS, "null")?;
        self.0.workspace.forget_secret(&secret_of(device_id));
        Ok(())
    }

    /// The workspace's key moves to another place, and the tokens after it: until the next start, or
    /// until they are renewed, they lie in the database.
    pub(crate) fn bring_tokens_home(&self, open: &Open) -> Result<(), Failure> {
        let device: Option<sync::Device> = kept(&open.store, DEVICE)?;
        let Some(device) = device.filter(|_| is_signed_in(&open.store).unwrap_or(false)) else {
            return Ok(());
        };
        let internal = |error: SyncError| Failure::new("keyring-unavailable", error.to_string());
        let tokens = self.tokens(open, device.id).map_err(internal)?;
        let Some(tokens) = tokens else { return Ok(()) };
        let (name, value) = put_down(&tokens)?;
        open.store.set_local(name, &value)?;
        self.0.workspace.forget_secret(&secret_of(device.id));
        // Remembered, so that no round brings them back to the place that they leave.
        *open.tokens.hold() = Remembered { tokens: Some(tokens), is_refused: false };
        Ok(())
    }
}
