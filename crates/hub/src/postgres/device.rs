//! Laptops: registered, let in, kept out, and what those that are kept out had not sent.

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use domain::Id;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Postgres,
    audit::{self, Event},
    database,
};
use crate::{Error, Result};

/// Which laptops are let in without an administrator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// A user's first one; further ones wait for an administrator.
    #[default]
    FirstAutomatic,
    /// All of them.
    Automatic,
    /// None: every laptop waits for an administrator.
    ByAdministrator,
}

/// A laptop in a list.
#[derive(Clone, Debug)]
pub struct ListedDevice {
    /// It.
    pub id: Id,
    /// Whose it is.
    pub email: String,
    /// What its user calls it.
    pub name: String,
    /// When it spoke last.
    pub seen_at: DateTime<Utc>,
    /// `waiting`, `approved`, `revoked`, or `revoked, emptied`.
    pub standing: String,
    /// So many changes are kept that it could not send.
    pub kept: i64,
}

/// Registers an account's device, or finds it. `is_copy_of_one` that may sync, so may it. The account
/// is held: of two that come at once only one is the first.
///
/// # Errors
/// `device-unknown` when it is another account's, or when the database does not answer.
pub(super) async fn register(
    tx: &Transaction<'_>,
    account_id: Id,
    (device_id, name): (Id, &str),
    approval: Approval,
    is_copy_of_one: bool,
) -> Result<()> {
    let others = tx
        .query("select from device where account_id = $1 limit 1", &[&account_id.0])
        .await
        .map_err(|error| database(&error))?;
    let is_let_in = match approval {
        _ if is_copy_of_one => true,
        Approval::Automatic => true,
        Approval::FirstAutomatic => others.is_empty(),
        Approval::ByAdministrator => false,
    };
    let found = tx
        .query_opt(
            include_str!("sql/register.sql"),
            &[&device_id.0, &account_id.0, &name, &is_let_in],
        )
        .await
        .map_err(|error| database(&error))?;
    let row = found.ok_or_else(|| {
        Error::new("device-unknown", "This laptop is registered for somebody else.")
    })?;
    let (is_new, is_approved): (bool, bool) = (row.get("is_new"), row.get("is_approved"));
    if is_new {
        let event = if is_copy_of_one { Event::DeviceForked } else { Event::DeviceRegistered };
        let standing = if is_approved { "approved" } else { "waiting" };
        audit::note(tx, event, Some(account_id), Some(device_id), standing).await?;
    }
    Ok(())
}

impl Postgres {
    /// All laptops, by their users.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn devices(&self) -> Result<Vec<ListedDevice>> {
        let client = self.client().await?;
        let sql = include_str!("sql/devices.sql");
        let rows = client.query(sql, &[]).await.map_err(|error| database(&error))?;
        let listed = |row: &tokio_postgres::Row| ListedDevice {
            id: Id(row.get("id")),
            email: row.get("email"),
            name: row.get("name"),
            seen_at: row.get("seen_at"),
            standing: row.get("standing"),
            kept: row.get("kept"),
        };
        Ok(rows.iter().map(listed).collect())
    }

    async fn set_standing(&self, device_id: Id, sql: &str, event: Event) -> Result<()> {
        let client = self.client().await?;
        let changed =
            client.query_opt(sql, &[&device_id.0]).await.map_err(|error| database(&error))?;
        drop(client);
        let Some(row) = changed else {
            let sentence = "There is no such laptop, or it stands so already.";
            return Err(Error::new("device-unknown", sentence));
        };
        self.audit(event, Some(Id(row.get("account_id"))), Some(device_id), "").await
    }

    /// Lets a laptop in that waits.
    ///
    /// # Errors
    /// `device-unknown` when none with this id waits, or when the database does not answer.
    pub async fn approve(&self, device_id: Id) -> Result<()> {
        let sql = "update device set approved_at = now() where id = $1 and approved_at is null and revoked_at is null returning account_id";
        self.set_standing(device_id, sql, Event::DeviceApproved).await
    }

    /// Keeps a laptop out for good: it hands over what it has not sent, and empties itself.
    ///
    /// # Errors
    /// `device-unknown` when there is none, or when the database does not answer.
    pub async fn revoke(&self, device_id: Id) -> Result<()> {
        let sql = "update device set revoked_at = now() where id = $1 and revoked_at is null returning account_id";
        self.set_standing(device_id, sql, Event::DeviceRevoked).await
    }

    /// A revoked laptop handed over all that it had.
    pub(crate) async fn note_emptied(&self, device_id: Id) -> Result<()> {
        let sql = "update device set emptied_at = now() where id = $1 and emptied_at is null returning account_id";
        match self.set_standing(device_id, sql, Event::DeviceEmptied).await {
            // It says so again when it did not hear the answer.
            Err(error) if error.code == "device-unknown" => Ok(()),
            done => done,
        }
    }

    /// What a revoked laptop could not send, oldest first, as it logged it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept(&self, device_id: Id) -> Result<Vec<Value>> {
        let client = self.client().await?;
        let sql = include_str!("sql/kept.sql");
        let rows = client.query(sql, &[&device_id.0]).await.map_err(|error| database(&error))?;
        Ok(rows.iter().map(|row| row.get("changeset")).collect())
    }
}
