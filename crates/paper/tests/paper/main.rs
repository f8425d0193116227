//! Quotes as their readers see them: by poppler's text, fonts and pictures of the pages, and by
//! qpdf's word that the files are sound. Both are Debian packages (`cargo xtask setup`).

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

mod file;
mod golden;
mod letter;
mod odd;
mod pictures;
mod property;
mod reader;
mod sample;
mod sums;
mod variants;
