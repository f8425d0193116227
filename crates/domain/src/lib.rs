//! What a CRM is: records, value types, rules and operations. No I/O, no SQL, no HTTP, no
//! screen; it runs on the laptop, on the hub and in the browser alike.
#![deny(missing_docs)]

pub mod amount;
mod id;
mod refusal;
mod time;

pub use amount::{Money, Percent, Quantity, UnitPrice};
pub use id::Id;
pub use refusal::{Refusal, Refused};
pub use time::{Day, Instant};
