//! Files in and out, with real encrypted workspaces.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod exchange;
