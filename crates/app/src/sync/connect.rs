//! Connecting a workspace to a hub, and parting from it.

use std::sync::{Arc, Mutex, PoisonError};

use commands::{
    Answer, ConnectHub, CreateConnected, DisconnectHub, Failure, SyncStatus, WorkspaceState,
};
use domain::{Id, User, access::Role};
use serde::{Deserialize, Serialize};
use store::{Presence, Store, StoreError};
use sync::{Device, Session, SyncError, http::Http};

use super::{DEVICE, EMPTY, HUB, Hub, UPLOAD, failure, json, kept, tokens::put_down};
use crate::{App, Open};

/// This device's setting with the laptop as which its user tried to sign in last.
const TRIED: &str = "sync.tried";

/// A laptop that somebody signed in on and that was not connected then. The hub knows it by now:
/// the next attempt is the same laptop's, and does not wait for approval as a further one.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Tried {
    id: Id,
    hub: Hub,
}

/// Those that this process tried.
static ALL_TRIED: Mutex<Vec<Tried>> = Mutex::new(Vec::new());

impl Tried {
    /// The laptop for this hub and this person: one that was tried before, or a new one.
    fn find(hub: Hub, store: Option<&Store>) -> Result<Self, Failure> {
        let mut all = ALL_TRIED.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match store {
            Some(store) => kept::<Self>(store, TRIED)?.filter(|tried| tried.hub == hub),
            None => None,
        };
        let before = before.or_else(|| all.iter().find(|tried| tried.hub == hub).cloned());
        let tried = before.unwrap_or_else(|| Self { id: Id::now(), hub });
        if !all.contains(&tried) {
            all.push(tried.clone());
        }
        // Kept before it is sent, whatever becomes of the answer.
        if let Some(store) = store {
            store.set_local(TRIED, &json(&tried)?)?;
        }
        Ok(tried)
    }

    /// It is connected: another workspace is another laptop.
    fn end(&self) {
        let mut all = ALL_TRIED.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|tried| tried != self);
    }
}

/// A hub and a person, as both are typed.
fn hub_of(address: &str, email: &str) -> Hub {
    let address = address.trim().trim_end_matches('/');
    Hub { address: address.into(), email: email.trim().into() }
}

/// What this laptop is called in the hub's list of devices.
fn device_name() -> String {
    std::env::var("HOSTNAME")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .map_or_else(|_| "Laptop".into(), |name| name.trim().to_owned())
}

fn other_user() -> Failure {
    let sentence = "This workspace belongs to somebody else at the hub. Sign in as them, or begin with a workspace of your own.";
    Failure::new("hub-other-user", sentence)
}

/// Signs in; with the way to the hub, so that who is refused is signed out again.
fn sign_in(hub: &Hub, password: &str, device_id: Id) -> Result<(Http, Session), Failure> {
    let mut http = Http::new(&hub.address, device_id, None).map_err(failure)?;
    match http.sign_in(&hub.email, password, &device_name()) {
        Ok(session) => Ok((http, session)),
        // The hub knows this laptop as another person's.
        Err(SyncError::Refused(refused)) if refused.code == "device-unknown" => Err(other_user()),
        Err(error) => Err(failure(error)),
    }
}

/// Tells the hub that a session is over, and waits for nobody: without it the tokens run out by
/// themselves. Whoever is held is not closed before it is told, or the hub too slow.
fn sign_out(mut http: Http, held: Option<Arc<Open>>) {
    std::thread::spawn(move || {
        let _ = http.sign_out();
        drop(held);
    });
}

impl App {
    /// Keeps who signed in where.
    fn keep_session(
        &self,
        open: &Open,
        hub: &Hub,
        device: &Device,
        session: &Session,
    ) -> Result<(), Failure> {
        let tokens =
            sync::Tokens { access: session.access.clone(), refresh: session.refresh.clone() };
        open.store.transact(|tx| {
            tx.set_local(DEVICE, &json(device)?)?;
            tx.set_local(HUB, &json(hub)?)?;
            tx.set_local(TRIED, "null")?;
            let (name, tokens) = put_down(&tokens)?;
            tx.set_local(name, &tokens)?;
            Ok::<_, Failure>(())
        })?;
        self.forget_remembered(open);
        if let Some(worker) = open.worker.get() {
            worker.begin_anew();
        }
        Ok(())
    }

    /// Why no workspace can be made here, before anybody signs in for it.
    fn check_place(&self, passphrase: Option<&str>) -> Result<(), Failure> {
        if self.0.workspace.presence()? != Presence::Missing {
            return Err(StoreError::Exists(self.0.workspace.folder().into()).into());
        }
        if passphrase.is_none() && !store::key::keyring_works() {
            let sentence = "it keeps nothing; protect the workspace by a passphrase".into();
            return Err(StoreError::KeyringUnavailable(sentence).into());
        }
        Ok(())
    }
}

impl Answer<ConnectHub> for App {
    fn answer(&self, request: ConnectHub) -> Result<SyncStatus, Failure> {
        let open = self.open()?;
        let hub = hub_of(&request.address, &request.email);
        let known: Option<Device> = kept(&open.store, DEVICE)?;
        let is_new = known.is_none();
        let is_empty = kept(&open.store, EMPTY)?.unwrap_or(false);
        let tried = match is_new {
            true => Some(Tried::find(hub.clone(), Some(&open.store))?),
            false => None,
        };
        let id = tried.as_ref().map(|tried| tried.id).unwrap_or_default();
        let mut device = known.unwrap_or_else(|| Device { id, next_push: 1, ..Device::default() });
        let (http, session) = sign_in(&hub, &request.password, device.id)?;
        if !is_new && device.user_id != session.user_id {
            sign_out(http, Some(open));
            return Err(other_user());
        }
        let goes_up = is_new && !is_empty;
        if goes_up && session.role != Role::Administrator {
            sign_out(http, Some(open));
            let sentence = "Only an administrator can send a workspace's data to the hub. Begin with a new workspace that comes from the hub.";
            return Err(Failure::new("hub-upload-forbidden", sentence));
        }
        device.user_id = session.user_id;
        device.role = session.role;
        if is_new {
            open.store.transact(|tx| {
                tx.become_user(open.user_id(), session.user_id)?;
                if goes_up {
                    tx.confirm_all()?;
                    tx.set_local(UPLOAD, &json(&(0_usize, 0_i64))?)?;
                }
                tx.set_local(crate::workspace::USER, &session.user_id.to_string())?;
                Ok::<_, Failure>(())
            })?;
            open.become_user(session.user_id);
            self.tell(&commands::Event::Workspace);
        }
        self.keep_session(&open, &hub, &device, &session)?;
        if let Some(tried) = tried {
            tried.end();
        }
        self.sync_status()
    }
}

impl Answer<CreateConnected> for App {
    fn answer(&self, request: CreateConnected) -> Result<WorkspaceState, Failure> {
        self.check_place(request.passphrase.as_deref())?;
        let hub = hub_of(&request.address, &request.email);
        let tried = Tried::find(hub.clone(), None)?;
        // First of all: without the right password nothing is made.
        let (http, session) = sign_in(&hub, &request.password, tried.id)?;
        let user = User { id: session.user_id, name: session.name.clone(), ..User::default() };
        let made = self.create_for(user, request.passphrase.as_deref(), request.language);
        let state = made.inspect_err(|_| sign_out(http, None))?;
        let device = Device {
            id: tried.id,
            next_push: 1,
            user_id: session.user_id,
            role: session.role,
            ..Device::default()
        };
        let open = self.open()?;
        self.keep_session(&open, &hub, &device, &session)?;
        tried.end();
        Ok(state)
    }
}

impl Answer<DisconnectHub> for App {
    fn answer(&self, _: DisconnectHub) -> Result<SyncStatus, Failure> {
        let open = self.open()?;
        let http = self.transport(&open, None);
        // Here at once, whatever the hub does.
        if let Some(device) = kept::<Device>(&open.store, DEVICE)? {
            self.drop_tokens(&open, device.id)?;
        }
        if let Some(worker) = open.worker.get() {
            worker.begin_anew();
        }
        if let Ok(Some(http)) = http {
            sign_out(http, Some(Arc::clone(&open)));
        }
        self.tell(&commands::Event::Sync);
        self.sync_status()
    }
}
