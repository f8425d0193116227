//! What the hub counts, for Prometheus.

use std::{
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use ::sync::{Outcome, Page, Pushed};
use axum::extract::State;

use super::Hub;
use crate::Result;

/// Counters of one hub.
#[derive(Default)]
pub struct Metrics {
    pushes: AtomicU64,
    push_micros: AtomicU64,
    changesets: AtomicU64,
    conflicts: AtomicU64,
    rejected: AtomicU64,
    pulls: AtomicU64,
    pull_micros: AtomicU64,
    entries: AtomicU64,
    connected: AtomicI64,
}

/// A laptop that listens, for as long as it does.
pub(super) struct Connected(Arc<Metrics>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.connected.fetch_sub(1, Ordering::Relaxed);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Metrics {
    pub(super) fn connected(self: Arc<Self>) -> Connected {
        self.connected.fetch_add(1, Ordering::Relaxed);
        Connected(self)
    }

    pub(super) fn pushed(&self, pushed: &Pushed, took: Duration) {
        self.pushes.fetch_add(1, Ordering::Relaxed);
        self.push_micros.fetch_add(micros(took), Ordering::Relaxed);
        for answer in &pushed.answers {
            self.changesets.fetch_add(1, Ordering::Relaxed);
            match answer.outcome {
                Outcome::Conflict { .. } => self.conflicts.fetch_add(1, Ordering::Relaxed),
                Outcome::Rejected { .. } => self.rejected.fetch_add(1, Ordering::Relaxed),
                Outcome::Applied | Outcome::Merged | Outcome::Retry => 0,
            };
        }
    }

    pub(super) fn pulled(&self, page: &Page, took: Duration) {
        self.pulls.fetch_add(1, Ordering::Relaxed);
        self.pull_micros.fetch_add(micros(took), Ordering::Relaxed);
        self.entries.fetch_add(page.entries.len() as u64, Ordering::Relaxed);
    }
}

pub(super) async fn metrics(State(hub): State<Hub>) -> Result<String> {
    let counted = &hub.metrics;
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let age = hub.storage.horizon_age().await?;
    let rows = [
        ("kontor_pushes_total", "counter", of(&counted.pushes)),
        ("kontor_push_microseconds_total", "counter", of(&counted.push_micros)),
        ("kontor_changesets_total", "counter", of(&counted.changesets)),
        ("kontor_conflicts_total", "counter", of(&counted.conflicts)),
        ("kontor_rejected_total", "counter", of(&counted.rejected)),
        ("kontor_pulls_total", "counter", of(&counted.pulls)),
        ("kontor_pull_microseconds_total", "counter", of(&counted.pull_micros)),
        ("kontor_entries_total", "counter", of(&counted.entries)),
        (
            "kontor_connected_devices",
            "gauge",
            counted.connected.load(Ordering::Relaxed).unsigned_abs(),
        ),
        ("kontor_horizon_age_milliseconds", "gauge", age),
    ];
    let mut text = String::new();
    for (name, kind, value) in rows {
        // A string takes everything.
        let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {value}");
    }
    Ok(text)
}
