//! Parting a workspace from a hub that never let it in: nothing there, nothing from there.

use commands::{Answer, DisconnectHub, Failure, ForgetHub, SyncStatus};
use sync::Device;

use super::{DEVICE, EMPTY, HUB, Hub, SYNCED_AT, UPLOAD, failure, json, kept, turn::Turn};
use crate::App;

impl Answer<ForgetHub> for App {
    fn answer(&self, _: ForgetHub) -> Result<SyncStatus, Failure> {
        let open = self.open()?;
        if kept::<Hub>(&open.store, HUB)?.is_none() {
            return Err(Failure::new("hub-none", "This workspace is not connected to a hub."));
        }
        // A round that is under way might let it in.
        let _turn = Turn::wait(self.0.workspace.folder()).map_err(failure)?;
        let device: Option<Device> = kept(&open.store, DEVICE)?;
        if device.is_some_and(|device| device.epoch.is_some()) {
            let sentence = "The hub let this workspace in, and both hold the same records since then. Nothing was changed. Sign out instead; for another hub begin with a new workspace.";
            return Err(Failure::new("hub-keeps", sentence));
        }
        self.ask(DisconnectHub {})?;
        // One that was to be filled goes on waiting for that; it has nothing to send up.
        let is_empty = open.store.local(UPLOAD)?.is_none();
        open.store.transact(|tx| {
            tx.set_local(EMPTY, &json(&is_empty)?)?;
            for name in [HUB, DEVICE, UPLOAD, SYNCED_AT] {
                tx.set_local(name, "null")?;
            }
            Ok::<_, Failure>(())
        })?;
        if let Some(worker) = open.worker.get() {
            worker.begin_anew();
        }
        self.tell(&commands::Event::Sync);
        self.sync_status()
    }
}
