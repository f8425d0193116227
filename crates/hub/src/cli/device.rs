use anyhow::Context;
use clap::Subcommand;
use domain::Id;
use hub::Postgres;

use super::shown;

/// `kontor-hub device`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print all laptops: id, user, name, last seen, standing, changes that it could not send.
    List,
    /// Let a laptop in that waits.
    Approve {
        /// Its id.
        id: String,
    },
    /// Keep a laptop out from now on. When it comes next, it hands over what it has not sent, and
    /// empties itself.
    Revoke {
        /// Its id.
        id: String,
    },
    /// Print what a revoked laptop could not send, as JSON.
    Kept {
        /// Its id.
        id: String,
    },
}

fn id(text: &str) -> anyhow::Result<Id> {
    text.parse().context("A device's id looks like 0198…-….")
}

impl Command {
    pub(crate) async fn run(&self, storage: &Postgres) -> anyhow::Result<()> {
        match self {
            Self::List => {
                for device in storage.devices().await? {
                    let seen = device.seen_at.format("%Y-%m-%dT%H:%M:%SZ");
                    let (id, email, name) = (device.id, shown(&device.email), shown(&device.name));
                    let (standing, kept) = (device.standing, device.kept);
                    println!("{id}\t{email}\t{name}\t{seen}\t{standing}\t{kept} kept");
                }
            }
            Self::Approve { id: text } => storage.approve(id(text)?).await?,
            Self::Revoke { id: text } => storage.revoke(id(text)?).await?,
            Self::Kept { id: text } => {
                let kept = storage.kept(id(text)?).await?;
                println!("{}", serde_json::to_string_pretty(&kept)?);
            }
        }
        Ok(())
    }
}
