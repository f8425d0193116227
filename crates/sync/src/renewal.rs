//! Tokens of one laptop, for all its processes.

use crate::{SyncError, Tokens};

/// Where a laptop's tokens are kept.
pub trait TokenPlace: Send + Sync {
    /// Those that are kept by now: another process may have renewed them.
    fn tokens(&self) -> Option<Tokens>;

    /// Keeps renewed ones before they are used: the former ones are worth nothing any more.
    ///
    /// # Errors
    /// When they could not be written.
    fn keep(&self, tokens: &Tokens) -> Result<(), SyncError>;
}
