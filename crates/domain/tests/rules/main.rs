//! Operations as whoever calls them sees them: every status with every action, what a changeset
//! touches, and what taking it back leaves.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod changes;
mod numbers;
mod opportunity_states;
mod prices;
mod quote_states;

use domain::{Context, Day, Id, Instant};

/// Runs something at a fixed time, with ids 1001, 1002, …
fn with_context<T>(action: impl FnOnce(&mut Context<'_>) -> T) -> T {
    at("2026-11-21T10:00:00.000Z", action)
}

fn at<T>(now: &str, action: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let mut last = 1_000;
    let mut ids = || {
        last += 1;
        id(last)
    };
    let now: Instant = now.parse().unwrap();
    let today: Day = now.utc().date_naive();
    action(&mut Context { now, today, user_id: id(1), ids: &mut ids })
}

fn id(number: u128) -> Id {
    Id(format!("00000000-0000-0000-0000-{number:012}").parse().unwrap())
}

/// The codes of what speaks against something.
fn codes<T>(outcome: Result<T, domain::Refused>) -> Vec<String> {
    outcome.err().map_or_else(Vec::new, |refused| refused.0.into_iter().map(|r| r.code).collect())
}
