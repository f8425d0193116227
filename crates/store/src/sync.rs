//! The laptop's side of sync in the database: what is to be sent, and what came.

mod aside;
mod blobs;
mod bring_back;
mod conflict;
mod digest;
mod leave;
mod outbox;
mod owed;
mod quote;
mod receive;
mod rounds;
mod snapshot;
mod tables;
mod upload;

pub use outbox::{Rejection, Waiting};
pub use quote::WholeQuote;
pub use upload::UPLOADED;
