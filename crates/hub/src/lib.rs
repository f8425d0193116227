//! Kontor's hub: the central ERP API that laptops sync with. What it decides (hello, push, pull)
//! stands over a narrow storage trait; PostgreSQL and HTTP are around it.
#![deny(missing_docs)]

pub mod backup;
mod cursor;
mod error;
mod hello;
pub mod http;
mod insert;
mod offer;
pub mod password;
mod postgres;
mod pull;
mod push;
mod quote_unit;
mod scope;
mod snapshot;
pub mod storage;

pub use error::{Error, Result};
pub use hello::hello;
pub use offer::offer;
pub use postgres::{Account, NewAccount, Pair, PgTx, Postgres};
pub use pull::page;
pub use push::push;
pub use snapshot::snapshot;
