//! A clock and ids that a simulation hands to its thread. Only in the simulation's build, and
//! nothing is changed there until it asks for it.

use std::cell::Cell;

use chrono::DateTime;

use crate::{Id, Instant};

thread_local! {
    static CLOCK: Cell<Option<i64>> = const { Cell::new(None) };
    static IDS: Cell<Option<u64>> = const { Cell::new(None) };
}

/// From now on this thread's clock shows this, in milliseconds since 1970; none: the system's.
pub fn set_clock(milliseconds: Option<i64>) {
    CLOCK.set(milliseconds);
}

/// From now on this thread's ids follow from this seed.
pub fn seed_ids(seed: u64) {
    IDS.set(Some(seed));
}

pub(crate) fn now() -> Option<Instant> {
    CLOCK.get().and_then(DateTime::from_timestamp_millis).map(Instant::from)
}

pub(crate) fn id() -> Option<Id> {
    let mut state = IDS.get()?;
    let mut random = [0; 16];
    for half in random.chunks_mut(8) {
        half.copy_from_slice(&next(&mut state).to_le_bytes());
    }
    IDS.set(Some(state));
    let at = CLOCK.get().and_then(|at| u64::try_from(at).ok()).unwrap_or(0);
    let mut tail = [0; 10];
    tail.copy_from_slice(&random[..10]);
    Some(Id(uuid::Builder::from_unix_timestamp_millis(at, &tail).into_uuid()))
}

/// SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
