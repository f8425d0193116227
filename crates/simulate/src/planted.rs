//! Bugs that are planted on purpose: a simulation that does not find them proves nothing.

use clap::ValueEnum;

/// A bug in the hub or on the way, which the simulation must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Planted {
    /// A page's records are lost, and its cursor is kept.
    DropPage,
    /// An old page is applied once more, over what is newer.
    PageTwice,
    /// The feed is read by version alone, not by what is committed.
    PlainSequence,
    /// Deleted records are left out of pages.
    ForgetTombstone,
    /// A change writes its whole record as it was when it was read.
    WholeRecords,
    /// A push is answered, and its transaction does not hold.
    EarlyAnswer,
    /// Contacts are handed out whoever asks.
    Leak,
    /// The same numbers are leased again.
    ReuseNumber,
    /// A rejected changeset is answered as if it had been taken.
    LoseRejected,
    /// A restored hub goes on with its old life.
    IgnoreEpoch,
}
