//! How laptops and the hub talk: the protocol's messages, and the laptop's side of it. It does no
//! I/O of its own: database, transport, clock and chance are handed in. The transport over HTTP
//! stands beside it, behind the feature `http`.
#![deny(missing_docs)]

mod engine;
#[cfg(feature = "http")]
pub mod http;
mod protocol;
mod snapshot;

pub use engine::{Device, Replica, Report, SyncError, Transport, next_round, round};
pub use protocol::*;
pub use snapshot::{Kept, Part, PartHead, pack, unpack};
