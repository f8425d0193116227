//! How laptops and the hub talk: the protocol's messages, and the laptop's side of it. It does no
//! I/O of its own: database, transport, clock and chance are handed in. The transport over HTTP
//! stands beside it, behind the feature `http`.
#![deny(missing_docs)]

#[cfg(feature = "http")]
mod ahead;
mod digest;
mod engine;
mod farewell;
#[cfg(feature = "http")]
pub mod http;
mod protocol;
mod renewal;
mod replica;
mod schema;
mod snapshot;
mod transport;

pub use digest::{
    BUCKETS, Compared, Digest, Digested, Hashes, Mended, Refetch, Refetched, bucket_of,
};
pub use engine::{Report, next_round, round};
pub use farewell::{Parts, hand_over, take_leave};
pub use protocol::*;
pub use renewal::TokenPlace;
pub use replica::{Device, Replica};
pub use schema::{Held, Schema};
pub use snapshot::{Fill, Part, PartHead, pack, unpack};
pub use transport::{SyncError, Transport};
