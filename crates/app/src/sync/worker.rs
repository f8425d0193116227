//! The thread that syncs: after an edit, when the hub says so, and now and then.

use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::Duration,
};

use commands::Failure;
use domain::{Id, Instant};
use sync::{Report, SyncError, Transport, http::Http, next_round, round};

use super::{
    DEVICE, HUB, Hub, SYNCED_AT,
    blobs::Documents,
    failure, json, kept,
    replica::Local,
    turn::{is_elsewhere, told},
};
use crate::{App, Inner, Open};

/// Edits that follow each other closely go up together.
const TOGETHER: Duration = Duration::from_millis(150);
/// Without any sign the hub is asked after this time.
const NOW_AND_THEN: Duration = Duration::from_secs(60);
/// One that waits to be let in asks after this time.
const WAITING: Duration = Duration::from_secs(20);
/// After a failure it is tried again after this time, then twice as long, up to the longest.
const AFTER_FAILURE: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(300);
/// A laptop that came in says hello again after this time: other roles are told by it.
const HELLO: Duration = Duration::from_secs(600);
/// A hub that says nothing for so long is not there any more, though nobody closed the connection: it
/// says at least every 20 seconds that it is.
const SILENCE: Duration = Duration::from_secs(90);
/// When all was sent and read last is written down so often; in between memory knows it.
const WRITTEN: Duration = Duration::from_secs(60);

/// Where sync stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// A round is under way.
    pub(crate) is_busy: bool,
    /// A round ended since the workspace was opened, or since somebody signed in.
    pub(crate) is_settled: bool,
    /// What the present one has read so far.
    pub(crate) received: usize,
    /// All of the first fill is here and is being written down.
    pub(crate) is_loading: bool,
    /// Why the last one did not end well.
    pub(crate) failure: Option<Failure>,
    /// Since when none did.
    pub(crate) failed_at: Option<Instant>,
    /// When all was sent and read last, as far as this process did it.
    pub(crate) synced_at: Option<Instant>,
}

/// What one round leaves to the next.
#[derive(Default)]
struct Warm {
    /// The way to the hub, with its open connections.
    transport: Option<Http>,
    /// When the hub let this laptop in last.
    came_in: Option<std::time::Instant>,
    /// When the end of a round was written down last.
    written: Option<std::time::Instant>,
    /// Which documents had their turn.
    documents: Documents,
}

/// Syncs an open workspace in the background for as long as it is open.
pub(crate) struct Worker {
    poke: Sender<()>,
    /// One round at a time, whoever asks.
    round: Mutex<Warm>,
    progress: Mutex<Progress>,
    is_listening: AtomicBool,
    /// What the last round left is somebody else's.
    is_stale: AtomicBool,
}

impl Worker {
    /// For an open workspace; with a thread of its own, or only when it is asked.
    pub(crate) fn of(app: &App, open: &Arc<Open>, in_background: bool) -> Self {
        let (poke, poked) = channel();
        if in_background {
            let (inner, open) = (Arc::downgrade(&app.0), Arc::downgrade(open));
            std::thread::spawn(move || work(&inner, &open, &poked));
        }
        Self {
            poke,
            round: Mutex::default(),
            progress: Mutex::default(),
            is_listening: AtomicBool::new(false),
            is_stale: AtomicBool::new(false),
        }
    }

    /// There is something to do.
    pub(crate) fn poke(&self) {
        // Without the thread `kontor sync` still syncs.
        let _ = self.poke.send(());
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Somebody signed in or out: what was before says nothing any more.
    pub(crate) fn begin_anew(&self) {
        self.is_stale.store(true, Ordering::Relaxed);
        self.set(|progress| *progress = Progress::default());
        self.poke();
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// What somebody wants of a round beside sending and reading.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked {
    /// It may remove much.
    pub(crate) may_remove_much: bool,
    /// Everything is compared with the hub.
    pub(crate) check: bool,
}

/// Keeps what is wanted until it is done. No other round is under way, which would forget it.
pub(crate) fn note(open: &Open, asked: Asked) -> Result<(), Failure> {
    let Some(device) = kept::<sync::Device>(&open.store, DEVICE)? else { return Ok(()) };
    let wanted = sync::Device {
        may_remove_much: device.may_remove_much || asked.may_remove_much,
        is_check_due: device.is_check_due || asked.check,
        ..device.clone()
    };
    if wanted != device {
        open.store.set_local(DEVICE, &json(&wanted)?)?;
    }
    Ok(())
}

fn upgraded(inner: &Weak<Inner>, open: &Weak<Open>) -> Option<(App, Arc<Open>)> {
    Some((App(inner.upgrade()?), open.upgrade()?))
}

fn work(inner: &Weak<Inner>, open: &Weak<Open>, poked: &Receiver<()>) {
    let mut pause = Duration::ZERO;
    let mut after_failure = AFTER_FAILURE;
    loop {
        match poked.recv_timeout(pause) {
            Err(RecvTimeoutError::Disconnected) => return,
            Ok(()) => while poked.recv_timeout(TOGETHER).is_ok() {},
            Err(RecvTimeoutError::Timeout) => {}
        }
        let Some((app, open)) = upgraded(inner, open) else { return };
        pause = NOW_AND_THEN;
        let weak = Arc::downgrade(&open);
        match app.sync(open, Asked::default()) {
            Ok(Some(_)) => {
                after_failure = AFTER_FAILURE;
                if let Some(open) = weak.upgrade() {
                    listen(&app, &open);
                }
            }
            Ok(None) => {}
            // An administrator may let it in at any time.
            Err(SyncError::Refused(refused)) if refused.code == "device-waiting" => pause = WAITING,
            Err(SyncError::Refused(refused)) if refused.code == "sync-elsewhere" => {
                pause = AFTER_FAILURE;
            }
            Err(SyncError::Unreachable(_) | SyncError::Untrusted(_)) => {
                // Not all laptops at once after the hub was away.
                pause = after_failure.mul_f64(0.75 + fastrand::f64() / 2.0);
                after_failure = (after_failure * 2).min(LONGEST);
            }
            Err(_) => pause = LONGEST,
        }
    }
}

/// Hears from the hub that there is something to read, on a thread of its own, until it is cut off.
fn listen(app: &App, open: &Arc<Open>) {
    let Some(worker) = open.worker.get() else { return };
    if worker.is_listening.swap(true, Ordering::Relaxed) {
        return;
    }
    let (inner, open) = (Arc::downgrade(&app.0), Arc::downgrade(open));
    let Some((app, opened)) = upgraded(&inner, &open) else { return };
    let transport = app.transport(&opened, None);
    drop((app, opened));
    std::thread::spawn(move || {
        let begin = std::time::Instant::now();
        if let Ok(Some(mut transport)) = transport {
            let poke = || {
                open.upgrade()
                    .is_some_and(|open| open.worker.get().inspect(|worker| worker.poke()).is_some())
            };
            // Cut off, it listens again after the next round.
            let _ = transport.listen(SILENCE, poke);
        }
        if let Some(open) = open.upgrade()
            && let Some(worker) = open.worker.get()
        {
            worker.is_listening.store(false, Ordering::Relaxed);
            // What held for a while and was cut off: see whether the hub is still there.
            if begin.elapsed() > AFTER_FAILURE {
                worker.poke();
            }
        }
        drop(inner);
    });
}

impl App {
    /// The way to the hub, if the workspace is connected.
    pub(super) fn transport(
        &self,
        open: &Open,
        warm: Option<&Http>,
    ) -> Result<Option<Http>, SyncError> {
        let broken = |failure: Failure| SyncError::Replica(failure.sentence);
        let Some(hub) = kept::<Hub>(&open.store, HUB).map_err(broken)? else { return Ok(None) };
        let Some(device) = kept::<sync::Device>(&open.store, DEVICE).map_err(broken)? else {
            return Ok(None);
        };
        let tokens = self.tokens(open, device.id)?;
        let known = warm.and_then(|known| known.again(&hub.address, device.id, tokens.clone()));
        let transport = known.map_or_else(|| Http::new(&hub.address, device.id, tokens), Ok)?;
        Ok(Some(transport.kept_at(self.token_place(device.id))))
    }

    /// One round of the open workspace over any way to a hub; `ids` makes ids of its own devices.
    /// Without a hello where it came in before.
    pub(crate) fn round_over(
        &self,
        open: &Open,
        transport: &mut impl Transport,
        is_in: bool,
        ids: &mut dyn FnMut() -> Id,
        told: &mut dyn FnMut(&Report),
    ) -> Result<Report, SyncError> {
        let replica = Local::new(self, &open.store);
        let report = match is_in {
            true => next_round(&replica, transport, ids, told),
            false => round(&replica, transport, ids, told),
        }?;
        replica.all_is_read()?;
        Ok(report)
    }

    /// One round with the hub; none where there is no hub. However it ends, who asks where sync
    /// stands is told so.
    pub(super) fn sync_round(
        &self,
        open: &Open,
        asked: Asked,
    ) -> Result<Option<Report>, SyncError> {
        let Some(worker) = open.worker.get() else { return Ok(None) };
        let mut warm = worker.round.lock().unwrap_or_else(PoisonError::into_inner);
        if worker.is_stale.swap(false, Ordering::Relaxed) {
            *warm = Warm::default();
        }
        let mut did = Report::default();
        let done = self.warm_round(open, worker, &mut warm, asked, &mut did).map_err(told);
        if let Ok(None) = done {
            return done;
        }
        if is_elsewhere(&done) {
            // It stands as it stood: somebody else is at it.
            worker.set(|progress| (progress.is_busy, progress.is_loading) = (false, false));
            self.tell(&commands::Event::Sync);
            return done;
        }
        super::rounds::note(&open.store, &did, done.clone().map(|_| ()));
        let synced_at = done.is_ok().then(Instant::now);
        if synced_at.is_some() && warm.written.is_none_or(|when| when.elapsed() > WRITTEN) {
            // What cannot be written now is written with the next round; memory knows it.
            let written = json(&synced_at).map(|at| open.store.set_local(SYNCED_AT, &at));
            warm.written = written.is_ok_and(|done| done.is_ok()).then(std::time::Instant::now);
        }
        worker.set(|progress| {
            let failed_at = progress.failed_at.unwrap_or_else(Instant::now);
            let synced_at = synced_at.or(progress.synced_at);
            *progress = match &done {
                Ok(_) => Progress { is_settled: true, synced_at, ..Progress::default() },
                Err(error) => Progress {
                    is_settled: true,
                    failure: Some(failure(error.clone())),
                    failed_at: Some(failed_at),
                    synced_at,
                    ..Progress::default()
                },
            };
        });
        self.tell(&commands::Event::Sync);
        done
    }

    /// A round over the connections that are open already; what it did is there also when it ends
    /// early.
    fn warm_round(
        &self,
        open: &Open,
        worker: &Worker,
        warm: &mut Warm,
        asked: Asked,
        did: &mut Report,
    ) -> Result<Option<Report>, SyncError> {
        let Some(mut transport) = self.transport(open, warm.transport.as_ref())? else {
            return Ok(None);
        };
        note(open, asked).map_err(|failure| SyncError::Replica(failure.to_string()))?;
        let is_in = warm.came_in.is_some_and(|when| when.elapsed() < HELLO);
        worker.set(|progress| (progress.is_busy, progress.is_loading) = (true, false));
        self.tell(&commands::Event::Sync);
        let mut told = |report: &Report| {
            did.clone_from(report);
            worker.set(|progress| {
                progress.received = report.received;
                progress.is_loading = report.is_loading;
            });
            self.tell(&commands::Event::Sync);
        };
        let done = self.round_over(open, &mut transport, is_in, &mut Id::now, &mut told);
        if let Ok(report) = &done {
            did.clone_from(report);
            // Documents that did not get through wait for the next round; the records did.
            if let Ok(true) = warm.documents.carry(&open.store, &mut transport) {
                // Open pages ask again for what they could not show.
                self.tell(&commands::Event::Changed { records: Vec::new() });
            }
        }
        if let (Some(renewed), Some(device)) =
            (transport.renewed(), kept::<sync::Device>(&open.store, DEVICE).ok().flatten())
        {
            // If it is lost, the user signs in again.
            let _ = self.keep_tokens(open, device.id, renewed);
        }
        warm.transport = Some(transport);
        match done.is_ok() {
            true if !is_in => warm.came_in = Some(std::time::Instant::now()),
            true => {}
            false => warm.came_in = None,
        }
        done.map(Some)
    }
}
