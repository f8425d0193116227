//! Server-sent events: an online laptop hears that there is something to read.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use tokio::sync::watch;

use super::{Caller, Hub};
use crate::Postgres;

/// How often a hub looks what other hubs and the ERP wrote.
const LOOK: Duration = Duration::from_millis(250);

/// Beats when records changed.
#[derive(Clone)]
pub struct Pulse {
    beats: watch::Sender<i64>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { beats: watch::channel(0).0 }
    }
}

impl Pulse {
    /// Something was written here.
    pub(super) fn beat(&self) {
        self.beats.send_modify(|beats| *beats += 1);
    }

    /// Looks for what others wrote, until the hub stops.
    pub async fn watch(self, storage: Postgres) {
        let mut last = 0;
        loop {
            tokio::time::sleep(LOOK).await;
            // A database that does not answer now is asked again.
            let Ok(now) = storage.last_version().await else { continue };
            if now != last {
                last = now;
                self.beat();
            }
        }
    }
}

pub(super) async fn events(
    State(hub): State<Hub>,
    _caller: Caller,
) -> Sse<impl futures_core::Stream<Item = Result<Event, Infallible>>> {
    let mut beats = hub.pulse.beats.subscribe();
    let metrics = hub.metrics.clone();
    let stream = async_stream::stream! {
        let _connected = metrics.connected();
        yield Ok(Event::default().event("changed"));
        while beats.changed().await.is_ok() {
            yield Ok(Event::default().event("changed"));
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}
