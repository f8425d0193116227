//! Laptops and a real hub on a real PostgreSQL: two agree, scope, faults of the network, kills.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod agree;
mod digests;
mod doors;
mod duplicates;
mod faults;
mod headquarters;
mod kills;
mod laptop;
mod papers;
mod quotes;
mod restore;
mod schema;
mod scope;
mod versions;
