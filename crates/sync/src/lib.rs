//! How laptops and the hub talk: the protocol's messages, and the laptop's side of it. It does no
//! I/O of its own: database, transport, clock and chance are handed in.
#![deny(missing_docs)]

mod engine;
mod protocol;


pub use protocol::*;
