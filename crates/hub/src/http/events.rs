//! Server-sent events: an online laptop hears that there is something for it to read.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use domain::{
    Id,
    access::{Grants, Place},
};
use tokio::{
    sync::{Notify, broadcast, watch},
    time::{Instant, timeout},
};

use super::{Caller, Hub};
use crate::{
    Error, Postgres, Result,
    storage::{Position, Storage, Tx},
};

/// How often a hub looks what other hubs and the ERP wrote.
const LOOK: Duration = Duration::from_millis(250);
/// So many changed records are looked at one by one; more are everyone's business.
const MANY: usize = 500;
/// How often a listener's grants are read anew, and whether it may listen at all.
const GRANTS: Duration = Duration::from_secs(30);

/// Records that can be read from now on.
#[derive(Clone)]
enum Beat {
    /// Where each stands and stood, and the device that wrote it.
    Records(Arc<Vec<Written>>),
    /// So many that all had better look.
    Many,
}

/// A record that was written.
pub(crate) struct Written {
    pub(crate) places: Vec<Place>,
    pub(crate) device_id: Option<Id>,
}

/// Beats when records can be read that were not there before, and ends with the hub.
#[derive(Clone)]
pub struct Pulse {
    beats: broadcast::Sender<Beat>,
    look: Arc<Notify>,
    is_stopping: watch::Sender<bool>,
}

impl Default for Pulse {
    fn default() -> Self {
        let (look, is_stopping) = (Arc::default(), watch::channel(false).0);
        Self { beats: broadcast::channel(64).0, look, is_stopping }
    }
}

impl Pulse {
    /// Something was written here: it is looked for at once.
    pub(super) fn look(&self) {
        self.look.notify_one();
    }

    /// Ends all streams: the hub stops.
    pub(crate) fn stop(&self) {
        self.is_stopping.send_replace(true);
    }

    /// Looks for what became readable behind a position, whoever wrote it, until the hub stops.
    pub(crate) async fn watch(self, storage: Postgres, mut after: Position) {
        loop {
            // Whether somebody called or it is simply time does not matter.
            let _ = timeout(LOOK, self.look.notified()).await;
            // A database that does not answer now is asked again.
            let Ok(beat) = next(&storage, &mut after).await else { continue };
            if let Some(beat) = beat {
                // Nobody listens: fine.
                let _ = self.beats.send(beat);
            }
        }
    }
}

/// What became readable behind a position, which moves on.
async fn next(storage: &Postgres, after: &mut Position) -> Result<Option<Beat>> {
    let (written, last) = storage.written(*after, MANY).await?;
    let Some(last) = last else { return Ok(None) };
    if written.len() < MANY {
        *after = last;
        return Ok(Some(Beat::Records(Arc::new(written))));
    }
    *after = storage.horizon().await?.max(last);
    Ok(Some(Beat::Many))
}

/// What a listening laptop's user sees; an error once it may not listen any more.
async fn grants(storage: &Postgres, device_id: Id) -> Result<Grants> {
    let revoked = || Error::new("device-revoked", "This laptop may not sync any more.");
    let mut tx = storage.begin().await?;
    // Nothing is held: as many as listen ask this, again and again.
    let reader = tx.reader(device_id).await?.filter(|reader| !reader.device.is_revoked);
    tx.commit().await?;
    Ok(reader.ok_or_else(revoked)?.grants)
}

/// Whether a laptop has something to read after a beat.
fn concerns(beat: &Beat, grants: &Grants, device_id: Id) -> bool {
    match beat {
        Beat::Many => true,
        Beat::Records(written) => written.iter().any(|one| {
            one.device_id != Some(device_id) && one.places.iter().any(|place| grants.sees(*place))
        }),
    }
}

pub(super) async fn events(
    State(hub): State<Hub>,
    caller: Caller,
) -> Result<Sse<impl futures_core::Stream<Item = std::result::Result<Event, Infallible>>>> {
    let device_id = caller.device_id;
    let mut beats = hub.pulse.beats.subscribe();
    let mut stopping = hub.pulse.is_stopping.subscribe();
    let mut known = grants(&hub.storage, device_id).await?;
    let stream = async_stream::stream! {
        // What it is told with is not kept.
        let mut ended = std::pin::pin!(async move {
            let _ = stopping.wait_for(|is_stopping| *is_stopping).await.map(|_| ());
        });
        let _connected = hub.metrics.clone().connected();
        let changed = || Ok(Event::default().event("changed"));
        yield changed();
        let mut look_again = Instant::now() + GRANTS;
        loop {
            tokio::select! {
                () = &mut ended => return,
                () = tokio::time::sleep_until(look_again) => {
                    look_again = Instant::now() + GRANTS;
                    match grants(&hub.storage, device_id).await {
                        Ok(now) if now == known => {}
                        Ok(now) => {
                            known = now;
                            yield changed();
                        }
                        // Cut off, the laptop comes back and is told why.
                        Err(_) => return,
                    }
                }
                beat = beats.recv() => match beat {
                    Ok(beat) => if concerns(&beat, &known, device_id) {
                        yield changed();
                    },
                    // It was too slow to hear each: something was among them.
                    Err(broadcast::error::RecvError::Lagged(_)) => yield changed(),
                    Err(broadcast::error::RecvError::Closed) => return,
                },
            }
        }
    };
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

#[cfg(test)]
mod tests {
    use domain::access::Role;

    use super::*;

    #[test]
    fn only_those_who_see_a_record_hear_of_it_and_not_who_wrote_it() {
        let (south, north, me) = (Id::now(), Id::now(), Id::now());
        let grants =
            Grants { user_id: Id::now(), role: Role::SalesRep, territories: [south].into() };
        let at =
            |territory_id| Place::Customer { territory_id: Some(territory_id), owner_id: None };
        let beat = |places: &[Place], device_id| {
            Beat::Records(Arc::new(vec![Written { places: places.into(), device_id }]))
        };
        assert!(concerns(&beat(&[at(south)], Some(Id::now())), &grants, me));
        assert!(concerns(&beat(&[at(south)], None), &grants, me), "written by the ERP");
        assert!(!concerns(&beat(&[at(north)], None), &grants, me));
        assert!(concerns(&beat(&[at(north), at(south)], None), &grants, me), "it moved away");
        assert!(!concerns(&beat(&[at(south)], Some(me)), &grants, me));
        assert!(concerns(&Beat::Many, &grants, me));
    }
}
