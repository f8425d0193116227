//! The laptop's database: SQLite encrypted with SQLCipher. Rows and change log are written in
//! one transaction; search index and summaries follow in the same one.
#![deny(missing_docs)]

mod backup;
mod bind;
mod blob;
mod bulk;
mod connection;
mod counter;
mod device;
mod error;
pub mod key;
mod list;
mod log;
mod name;
mod number;
mod page;
mod read;
mod restore;
mod row;
mod search;
mod secret;
#[cfg(feature = "simulation")]
mod simulation;
mod store;
mod summary;
mod sync;
#[cfg(test)]
mod tests;
mod transact;
mod wipe;
mod workspace;

pub use backup::{BackupProgress, Stop};
pub use bulk::Loader;
pub use error::{Result, StoreError};
pub use key::{DataKey, Protection};
pub use number::Taken;
pub use page::today::DaySpan;
#[cfg(feature = "simulation")]
pub use simulation::{Death, ignore_versions};
pub use store::Store;
pub use sync::{Rejection, UPLOADED, Waiting, WholeQuote};
pub use transact::{Touched, Tx};
pub use workspace::{Presence, Workspace, write_whole as write_file};
