//! What the screens and the command line may ask: one typed request per question or order,
//! with its reply. The list in [`request`] is the only place where a request is named; it
//! expands to [`Command`], the replies and an exhaustive [`dispatch`].
#![deny(missing_docs)]

mod door;
mod event;
mod exchange;
mod failure;
mod reply;
mod request;
mod sync;
pub mod view;

pub use door::{Answer, Request};
pub use event::{Event, Job, JobState};
pub use exchange::*;
pub use failure::Failure;
pub use reply::*;
pub use request::*;
pub use sync::*;
