//! What a hub does at once at most: whoever comes then waits a while, or is sent away.

use std::{sync::Arc, thread::available_parallelism, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::config::Silence;

/// So many large calls are in memory at once: an import of 20,000 customers takes a gigabyte.
const LARGE_CALLS: usize = 2;

/// One of so many places, until it is dropped.
pub(super) type Place = OwnedSemaphorePermit;

/// What a hub does at once at most.
#[derive(Clone)]
pub struct Bounds {
    large_calls: Arc<Semaphore>,
    passwords: Arc<Semaphore>,
    /// So long nothing may come of a call.
    pub(super) silence: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self::new(Silence::default())
    }
}

impl Bounds {
    /// With connections that may be silent for so long.
    #[must_use]
    pub fn new(silence: Silence) -> Self {
        // A password takes 19 MiB and a core for some time.
        let cores = available_parallelism().map_or(2, usize::from);
        Self {
            large_calls: Arc::new(Semaphore::new(LARGE_CALLS)),
            passwords: Arc::new(Semaphore::new(cores)),
            silence: silence.call(),
        }
    }
}

async fn place(among: &Arc<Semaphore>, patience: Duration) -> Option<Place> {
    timeout(patience, Arc::clone(among).acquire_owned()).await.ok()?.ok()
}

impl Bounds {
    /// A place for a large call; none when those before it take too long.
    pub(super) async fn for_large_call(&self) -> Option<Place> {
        place(&self.large_calls, Duration::from_secs(60)).await
    }

    /// A place to check a password; none when too many wait for one.
    pub(super) async fn for_password(&self) -> Option<Place> {
        place(&self.passwords, Duration::from_secs(10)).await
    }
}
