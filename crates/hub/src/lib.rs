//! Kontor's hub: the central ERP API that laptops sync with. What it decides (hello, push, pull)
//! stands over a narrow storage trait; PostgreSQL and HTTP are around it.
#![deny(missing_docs)]

mod apply;
pub mod backup;
pub mod config;
mod cursor;
mod digest;
mod duplicate;
mod error;
mod hello;
pub mod http;
mod insert;
mod keep;
mod offer;
pub mod password;
mod postgres;
mod pull;
mod push;
mod quote_unit;
mod scope;
mod serve;
mod sight;
mod snapshot;
pub mod storage;

pub use digest::{digest, refetch};
pub use error::{Error, Result};
pub use hello::hello;
pub use keep::keep;
pub use offer::offer;
pub use postgres::{
    Account, AccountChange, Approval, AuditEntry, ListedAccount, ListedDevice, NewAccount, Pair,
    PgTx, Postgres,
};
pub use pull::page;
pub use push::push;
pub use serve::serve;
pub use snapshot::snapshot;
