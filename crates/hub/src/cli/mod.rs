//! The subcommands that look after people and laptops.

pub(crate) mod device;
pub(crate) mod user;

use std::fmt::Write as _;

use hub::{Postgres, http::is_hidden};

/// `kontor-hub audit`: a line an entry, its parts apart by tabs.
pub(crate) async fn audit(storage: &Postgres, days: i32) -> anyhow::Result<()> {
    for entry in storage.audited(days).await? {
        let at = entry.at.format("%Y-%m-%dT%H:%M:%SZ");
        let (event, email, detail) = (entry.event, entry.email, entry.detail);
        let (device_id, device) = (entry.device_id, entry.device);
        let (email, device, detail) = (shown(&email), shown(&device), shown(&detail));
        println!("{at}\t{event}\t{email}\t{device_id}\t{device}\t{detail}");
    }
    Ok(())
}

/// A text on one line of a terminal's, whoever wrote it.
pub(crate) fn shown(text: &str) -> String {
    let mut line = String::new();
    for letter in text.chars() {
        match is_hidden(letter) {
            // A string takes everything.
            true => drop(write!(line, "{}", letter.escape_unicode())),
            false => line.push(letter),
        }
    }
    line
}
