//! The way to the hub, and why a round on it may end early.

use crate::{
    Digest, Digested, Hello, Keep, Kept, Offer, Offered, Page, Part, Push, Pushed, Refetch,
    Refetched, Refused, Welcome,
};
use domain::Id;

/// The way to the hub.
pub trait Transport {
    /// `POST hello`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn hello(&mut self, hello: &Hello) -> Result<Welcome, SyncError>;

    /// `POST push`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's. Whether the push took effect is not known then.
    fn push(&mut self, push: &Push) -> Result<Pushed, SyncError>;

    /// `GET changes`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn changes(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Page, SyncError>;

    /// The page behind this cursor is asked for next, and those behind it: they may be on their
    /// way already while something else is done.
    fn expect_changes(&mut self, _incarnation: i64, _cursor: &str) {}

    /// `POST offer`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn offer(&mut self, offer: &Offer) -> Result<Offered, SyncError>;

    /// `POST digest`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn digest(&mut self, digest: &Digest) -> Result<Digested, SyncError>;

    /// `POST refetch`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn refetch(&mut self, refetch: &Refetch) -> Result<Refetched, SyncError>;

    /// `GET snapshot`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn snapshot(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Part, SyncError>;

    /// Registers this laptop anew, because its database is a copy of another one's.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn fork(&mut self, new_id: Id) -> Result<(), SyncError>;

    /// `POST keep`.
    ///
    /// # Errors
    /// No answer, or none that is the hub's.
    fn keep(&mut self, keep: &Keep) -> Result<Kept, SyncError>;
}

/// Why a round ended early. Nothing is lost: the next one goes on where this one was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// The hub was not reached, or what answered is not it.
    #[error("The hub cannot be reached ({0}). Your work is kept here and sent when it can.")]
    Unreachable(String),
    /// Something answered whose certificate nobody vouches for.
    #[error(
        "The hub's certificate is not trusted ({0}). Nothing was sent. A company's own authority is put into the system's store, or named by KONTOR_HUB_CA."
    )]
    Untrusted(String),
    /// The hub said no.
    #[error("{}", .0.sentence)]
    Refused(Refused),
    /// This version of Kontor is too old to send to this hub.
    #[error("The hub needs a newer Kontor. Your work is kept here until it is installed.")]
    TooOld,
    /// The hub removes so many records that somebody should have a look first.
    #[error("The hub wants to remove at least {0} records from this laptop. Kontor stopped there.")]
    Fuse(usize),
    /// The laptop's own database.
    #[error("{0}")]
    Replica(String),
}
