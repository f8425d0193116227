//! Connecting a workspace to a hub, and parting from it.

use commands::{
    Answer, ConnectHub, CreateConnected, DisconnectHub, Failure, SyncStatus, WorkspaceState,
};
use domain::{Id, User, access::Role};
use sync::{Device, Session, http::Http};

use super::{DEVICE, HUB, Hub, UPLOAD, failure, json, kept, tokens::put_down};
use crate::{App, Open};

/// What this laptop is called in the hub's list of devices.
fn device_name() -> String {
    std::env::var("HOSTNAME")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .map_or_else(|_| "Laptop".into(), |name| name.trim().to_owned())
}

fn sign_in(address: &str, email: &str, password: &str, device_id: Id) -> Result<Session, Failure> {
    let mut hub = Http::new(address, device_id, None).map_err(failure)?;
    hub.sign_in(email, password, &device_name()).map_err(failure)
}

impl App {
    /// Keeps who signed in where.
    fn keep_session(
        &self,
        open: &Open,
        address: &str,
        email: &str,
        device: &Device,
        session: &Session,
    ) -> Result<(), Failure> {
        let hub = Hub { address: address.trim().into(), email: email.trim().into() };
        let tokens =
            sync::Tokens { access: session.access.clone(), refresh: session.refresh.clone() };
        open.store.transact(|tx| {
            tx.set_local(DEVICE, &json(device)?)?;
            tx.set_local(HUB, &json(&hub)?)?;
            let (name, tokens) = put_down(&tokens)?;
            tx.set_local(name, &tokens)?;
            Ok::<_, Failure>(())
        })?;
        self.forget_remembered(open);
        Ok(())
    }
}

impl Answer<ConnectHub> for App {
    fn answer(&self, request: ConnectHub) -> Result<SyncStatus, Failure> {
        let open = self.open()?;
        let known: Option<Device> = kept(&open.store, DEVICE)?;
        let is_new = known.is_none();
        let mut device =
            known.unwrap_or_else(|| Device { id: Id::now(), next_push: 1, ..Device::default() });
        let session = sign_in(&request.address, &request.email, &request.password, device.id)?;
        if !is_new && device.user_id != session.user_id {
            let sentence = "This workspace belongs to somebody else at the hub. Sign in as them, or begin with a workspace of your own.";
            return Err(Failure::new("hub-other-user", sentence));
        }
        if is_new && session.role != Role::Administrator {
            let sentence = "Only an administrator can send a workspace's data to the hub. Begin with a new workspace that comes from the hub.";
            return Err(Failure::new("hub-upload-forbidden", sentence));
        }
        device.user_id = session.user_id;
        device.role = session.role;
        if is_new {
            open.store.transact(|tx| {
                tx.become_user(open.user_id(), session.user_id)?;
                tx.confirm_all()?;
                tx.set_local(UPLOAD, &json(&(0_usize, 0_i64))?)?;
                tx.set_local(crate::workspace::USER, &session.user_id.to_string())?;
                Ok::<_, Failure>(())
            })?;
            open.become_user(session.user_id);
            self.tell(&commands::Event::Workspace);
        }
        self.keep_session(&open, &request.address, &request.email, &device, &session)?;
        if let Some(worker) = open.worker.get() {
            worker.begin_anew();
        }
        self.sync_status()
    }
}

impl Answer<CreateConnected> for App {
    fn answer(&self, request: CreateConnected) -> Result<WorkspaceState, Failure> {
        let device_id = Id::now();
        // First of all: without the right password nothing is made.
        let session = sign_in(&request.address, &request.email, &request.password, device_id)?;
        let user = User { id: session.user_id, name: session.name.clone(), ..User::default() };
        let state = self.create_for(user, request.passphrase.as_deref(), request.language)?;
        let device = Device {
            id: device_id,
            next_push: 1,
            user_id: session.user_id,
            role: session.role,
            ..Device::default()
        };
        let open = self.open()?;
        self.keep_session(&open, &request.address, &request.email, &device, &session)?;
        if let Some(worker) = open.worker.get() {
            worker.begin_anew();
        }
        Ok(state)
    }
}

impl Answer<DisconnectHub> for App {
    fn answer(&self, _: DisconnectHub) -> Result<SyncStatus, Failure> {
        let open = self.open()?;
        if let Ok(Some(mut hub)) = self.transport(&open, None) {
            // Signed out here in any case; there the tokens run out by themselves.
            let _ = hub.sign_out();
        }
        if let Some(device) = kept::<Device>(&open.store, DEVICE)? {
            self.drop_tokens(&open, device.id)?;
        }
        if let Some(worker) = open.worker.get() {
            worker.begin_anew();
        }
        self.tell(&commands::Event::Sync);
        self.sync_status()
    }
}
