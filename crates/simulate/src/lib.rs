//! Several laptops and a hub, a network and clocks that fail, people who work, all from one seed;
//! and a look after each step and at rest whether what sync promises holds.
//!
//! The laptops are the app as it is shipped, over real databases. The hub is the hub's own push,
//! pull, hello, merging and scope over a storage in memory. Ids and clocks come from the seed as
//! well, so that a seed that failed fails again in the same way.
#![deny(missing_docs)]

mod actions;
mod basis;
mod damage;
mod events;
mod laptop;
mod memory;
mod model;
mod planted;
mod promises;
mod run;
mod wire;
mod world;

pub use planted::Planted;
pub use run::{Bench, Order, Ran};
pub use world::Finding;
