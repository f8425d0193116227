//! What sync did lately, kept for people to look at.

use commands::{Answer, Failure, ListRounds, view::RoundView};
use domain::Instant;
use store::Store;
use sync::{Report, SyncError};

use super::failure;
use crate::App;

/// Keeps how a round ended, and what it did until then.
pub(super) fn note(store: &Store, did: &Report, done: Result<(), SyncError>) {
    let round = RoundView {
        at: Instant::now(),
        sent: did.sent as u64,
        received: did.received as u64,
        conflicts: did.conflicts as u64,
        rejected: did.rejected as u64,
        mended: did.mended as u64,
        failure: done.err().map(failure),
    };
    // What cannot be written down is not worth a failure: the round itself holds.
    let _ = store.note_round(&round);
}

impl Answer<ListRounds> for App {
    fn answer(&self, _: ListRounds) -> Result<Vec<RoundView>, Failure> {
        Ok(self.open()?.store.rounds()?)
    }
}
