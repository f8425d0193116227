//! Laptops and a real hub on a real PostgreSQL: two agree, scope, faults of the network, kills.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod agree;
mod connecting;
mod database;
mod demo;
mod digests;
mod doors;
mod duplicates;
mod events;
mod farewell;
mod faults;
mod forged;
mod grants;
mod headquarters;
mod keyring;
mod kills;
mod laptop;
mod large;
mod others;
mod papers;
mod quotes;
mod restore;
mod schema;
mod scope;
mod service;
mod sessions;
mod set_back;
mod silence;
mod versions;
