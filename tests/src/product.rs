//! Whole-product tests: a rep's visit in the real window, and a crash at any moment.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod calendar;
mod crash;
mod hub;
mod inspect;
mod known;
mod lists;
mod rejected;
mod screens;
mod sync;
mod tour;
mod visit;
mod window;
