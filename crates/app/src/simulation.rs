//! What a simulation needs of the app and nobody else. Only in the simulation's build.

use commands::Failure;
use domain::{Id, User};
use store::{DataKey, Store};
use sync::{Device, Report, SyncError, Transport};

use crate::{App, Open, sync::DEVICE, workspace::USER};

impl App {
    /// Makes an empty workspace for somebody whose records come from a hub. It is not open then.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn make_simulated(&self, key: &DataKey, user: &User) -> Result<(), Failure> {
        let store = self.0.workspace.create_with(key)?;
        store.bulk(|loader| loader.insert(user).map_err(Failure::from))?;
        Ok(store.set_local(USER, &user.id.to_string())?)
    }

    /// Opens a workspace, without the threads that work beside the screens.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_simulated(&self, key: &DataKey) -> Result<(), Failure> {
        let store = self.0.workspace.open_with(key)?;
        store.replay_kept_aside(&mut Id::now)?;
        let user = store.local(USER)?.and_then(|id| id.parse::<Id>().ok()).unwrap_or(Id::NIL);
        let open = Open::new(store, user, None);
        *self.0.open.write().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some(std::sync::Arc::new(open));
        Ok(())
    }

    /// Connects it to a hub as this device.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn connect_simulated(&self, device: &Device) -> Result<(), Failure> {
        let device = crate::sync::json(device)?;
        Ok(self.open()?.store.set_local(DEVICE, &device)?)
    }

    /// What it keeps about itself and its hub.
    ///
    /// # Errors
    /// When the workspace is closed.
    pub fn simulated_device(&self) -> Result<Option<Device>, Failure> {
        crate::sync::kept(&self.open()?.store, DEVICE)
    }

    /// One round of sync over any way to a hub; without a hello where it came in before.
    ///
    /// # Errors
    /// Why it ended early.
    pub fn sync_over(
        &self,
        transport: &mut impl Transport,
        is_in: bool,
        ids: &mut dyn FnMut() -> Id,
    ) -> Result<Report, SyncError> {
        let open = self.open().map_err(|failure| SyncError::Replica(failure.sentence))?;
        self.round_over(&open, transport, is_in, ids, &mut |_| {})
    }

    /// Everything is compared with the hub in the next round.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn order_check(&self) -> Result<(), Failure> {
        let asked = crate::sync::Asked { check: true, ..Default::default() };
        crate::sync::note(&*self.open()?, asked)
    }

    /// A look at the database.
    ///
    /// # Errors
    /// When the workspace is closed.
    pub fn with_store<T>(&self, look: impl FnOnce(&Store) -> T) -> Result<T, Failure> {
        Ok(look(&self.open()?.store))
    }
}
