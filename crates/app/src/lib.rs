//! Answers every command: loads through the store, decides through the domain, commits one
//! changeset. Window, command line, tests and benchmarks all come through here.
#![deny(missing_docs)]

mod activity;
mod article;
mod bulk;
mod calendar;
mod calendar_file;
mod contact;
mod customer;
mod demo;
mod device;
mod export;
mod idle;
mod import;
mod job;
mod opportunity;
mod quote;
mod quote_paper;
mod search;
mod settings;
#[cfg(feature = "simulation")]
mod simulation;
mod sync;
mod undo;
mod workspace;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use chrono::Local;
use commands::{Answer, Command, Event, Failure, ImportReport, Request};
use domain::{Context, Day, Id, Instant};
use store::{DaySpan, Store, Touched, Tx, Workspace};

pub use demo::{DemoOrder, fill as fill_demo};
pub use job::JobControl;

/// More changed records than these are not told one by one.
const MANY: usize = 1_000;

/// What is told to those who listen.
type Listener = Box<dyn Fn(&Event) + Send + Sync>;

/// The CRM of one workspace. Cheap to make; commands open the workspace. Usable from any thread.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    workspace: Workspace,
    open: RwLock<Option<Arc<Open>>>,
    /// Held while it is being opened, so that it is opened once.
    opening: Mutex<()>,
    listeners: RwLock<Vec<Listener>>,
    jobs: Mutex<Vec<JobControl>>,
    /// Whether it is synced in the background, as the window wants it.
    is_synced: AtomicBool,
    /// What the last import did.
    import: Mutex<Option<(Id, ImportReport)>>,
    /// The hub revoked this laptop, and it is being emptied.
    is_leaving: AtomicBool,
}

/// An open workspace.
struct Open {
    store: Store,
    /// Who works here; a hub may know them by another id.
    user_id: RwLock<Id>,
    notice: Option<String>,
    /// Hears of every write, and works when there were none for a while.
    idle: OnceLock<idle::Idle>,
    /// Syncs with the hub.
    worker: OnceLock<sync::Worker>,
    /// The hub's tokens, once they were asked for.
    tokens: sync::TokenMemory,
}

impl Open {
    fn new(store: Store, user_id: Id, notice: Option<String>) -> Self {
        let (idle, worker) = (OnceLock::new(), OnceLock::new());
        let tokens = sync::TokenMemory::default();
        Self { store, user_id: RwLock::new(user_id), notice, idle, worker, tokens }
    }

    fn user_id(&self) -> Id {
        *self.user_id.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn become_user(&self, user_id: Id) {
        *self.user_id.write().unwrap_or_else(PoisonError::into_inner) = user_id;
    }
}

impl App {
    /// The app over a data folder; nothing is opened or made yet.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            workspace: Workspace::new(folder),
            open: RwLock::new(None),
            opening: Mutex::new(()),
            listeners: RwLock::new(Vec::new()),
            jobs: Mutex::new(Vec::new()),
            is_synced: AtomicBool::new(false),
            import: Mutex::new(None),
            is_leaving: AtomicBool::new(false),
        }))
    }

    /// Answers any command, by the name that it has on every door.
    ///
    /// # Errors
    /// Why it was not answered; nothing was changed then.
    pub fn call(&self, command: Command) -> Result<serde_json::Value, Failure> {
        commands::dispatch(self, command)
    }

    /// Answers a request with its typed reply.
    ///
    /// # Errors
    /// Why it was not answered; nothing was changed then.
    pub fn ask<R: Request>(&self, request: R) -> Result<R::Reply, Failure>
    where
        Self: Answer<R>,
    {
        self.answer(request)
    }

    /// From now on an open workspace that has a hub is synced in the background.
    pub fn keep_synced(&self) {
        self.0.is_synced.store(true, Relaxed);
    }

    /// Tells someone of every event from now on.
    pub fn on_event(&self, listener: impl Fn(&Event) + Send + Sync + 'static) {
        self.0.listeners.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    fn tell(&self, event: &Event) {
        for listener in self.0.listeners.read().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(event);
        }
    }

    /// The open workspace.
    fn open(&self) -> Result<Arc<Open>, Failure> {
        let open = self.0.open.read().unwrap_or_else(PoisonError::into_inner);
        open.clone().ok_or_else(|| {
            Failure::new(
                "workspace-closed",
                "The workspace is not open. Unlock it, or make one first.",
            )
        })
    }

    fn set_open(&self, open: Option<Open>) {
        let open = open.map(Arc::new);
        if let Some(open) = &open {
            // It was made just now, so that it has none yet.
            let _ = open.idle.set(idle::Idle::of(open));
            let _ = open.worker.set(sync::Worker::of(self, open, self.0.is_synced.load(Relaxed)));
        }
        *self.0.open.write().unwrap_or_else(PoisonError::into_inner) = open;
        self.tell(&Event::Workspace);
    }

    /// Tells those who listen which records changed.
    fn tell_changed(&self, mut records: Touched) {
        if records.is_empty() {
            return;
        }
        if let Ok(open) = self.open()
            && let Some(idle) = open.idle.get()
        {
            idle.written();
        }
        // Of so many, everything may have changed.
        if records.len() > MANY {
            records.clear();
        }
        self.tell(&Event::Changed { records });
    }

    /// The one door for writes: begin, load, decide, commit; then those who listen are told
    /// which records changed.
    fn transact<T>(
        &self,
        act: impl FnOnce(&mut Tx<'_>, &mut Context<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let open = self.open()?;
        let mut ids = Id::now;
        let mut context =
            Context { now: Instant::now(), today: today(), user_id: open.user_id(), ids: &mut ids };
        let (answer, records) = open.store.transact(|tx| {
            let answer = act(tx, &mut context)?;
            sync::check_allowed(tx)?;
            Ok::<_, Failure>((answer, tx.touched()))
        })?;
        if !records.is_empty()
            && let Some(worker) = open.worker.get()
        {
            worker.poke();
        }
        self.tell_changed(records);
        Ok(answer)
    }
}

/// The calendar day where the user is.
fn today() -> Day {
    Instant::now().utc().with_timezone(&Local).date_naive()
}

/// A local time as a point in time; where the clock is put forward, the hour after.
fn local_instant(time: chrono::NaiveDateTime) -> Instant {
    let local = |time: chrono::NaiveDateTime| time.and_local_timezone(Local).earliest();
    let at = local(time).or_else(|| local(time + chrono::TimeDelta::hours(1)));
    at.map_or_else(|| Instant::from(time.and_utc()), |at| Instant::from(at.to_utc()))
}

/// A day's beginning and end where the user is.
fn day_span(day: Day) -> DaySpan {
    let midnight = |day: Day| local_instant(day.and_time(chrono::NaiveTime::MIN));
    DaySpan { day, from: midnight(day), to: midnight(day.succ_opt().unwrap_or(day)) }
}
