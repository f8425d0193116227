//! The subcommands that look after people and laptops.

pub(crate) mod device;
pub(crate) mod user;

use hub::Postgres;

/// `kontor-hub audit`: a line an entry, its parts apart by tabs.
pub(crate) async fn audit(storage: &Postgres, days: i32) -> anyhow::Result<()> {
    for entry in storage.audited(days).await? {
        let at = entry.at.format("%Y-%m-%dT%H:%M:%SZ");
        let (event, email, detail) = (entry.event, entry.email, entry.detail);
        let (device_id, device) = (entry.device_id, entry.device);
        println!("{at}\t{event}\t{email}\t{device_id}\t{device}\t{detail}");
    }
    Ok(())
}
