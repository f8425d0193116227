//! What happened around signing in and devices. No passwords, tokens or customer data.

use chrono::{DateTime, Utc};
use deadpool_postgres::GenericClient;
use domain::Id;
use sha2::{Digest, Sha256};

use super::{Postgres, database};
use crate::Result;

/// What is worth an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Somebody signed in.
    SignIn,
    /// Somebody gave a wrong password, or an unknown address.
    SignInWrong,
    /// Somebody signed out.
    SignOut,
    /// A refresh token came twice: somebody has a copy of it.
    RefreshReused,
    /// A laptop signed in for the first time.
    DeviceRegistered,
    /// A laptop that waited may sync.
    DeviceApproved,
    /// A laptop may sync no more.
    DeviceRevoked,
    /// A copied database became a device of its own.
    DeviceForked,
    /// A revoked laptop handed over all, and empties itself.
    DeviceEmptied,
    /// An account was made.
    UserAdded,
    /// An account was changed.
    UserChanged,
}

impl Event {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignInWrong => "sign-in-wrong",
            Self::SignOut => "sign-out",
            Self::RefreshReused => "refresh-reused",
            Self::DeviceRegistered => "device-registered",
            Self::DeviceApproved => "device-approved",
            Self::DeviceRevoked => "device-revoked",
            Self::DeviceForked => "device-forked",
            Self::DeviceEmptied => "device-emptied",
            Self::UserAdded => "user-added",
            Self::UserChanged => "user-changed",
        }
    }
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: String,
    /// The account's address; empty where it is none's.
    pub email: String,
    /// The device's id; empty where it is about none.
    pub device_id: String,
    /// What its user calls it.
    pub device: String,
    /// More.
    pub detail: String,
}

/// Addresses that nobody has are kept as a hash: somebody may have typed a password there.
pub(super) fn unknown(email: &str) -> String {
    let hash = Sha256::digest(email.as_bytes());
    let start: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("unknown {start}")
}

/// Keeps what happened, together with what a transaction does of it.
pub(super) async fn note(
    on: &impl GenericClient,
    event: Event,
    account_id: Option<Id>,
    device_id: Option<Id>,
    detail: &str,
) -> Result<()> {
    let sql = "insert into audit (event, account_id, device_id, detail) values ($1, $2, $3, $4)";
    let (account_id, device_id) = (account_id.map(|id| id.0), device_id.map(|id| id.0));
    on.execute(sql, &[&event.as_str(), &account_id, &device_id, &detail])
        .await
        .map_err(|error| database(&error))?;
    Ok(())
}

impl Postgres {
    /// Keeps what happened.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn audit(
        &self,
        event: Event,
        account_id: Option<Id>,
        device_id: Option<Id>,
        detail: &str,
    ) -> Result<()> {
        note(&self.client().await?, event, account_id, device_id, detail).await
    }

    /// The entries of so many days, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audited(&self, days: i32) -> Result<Vec<Entry>> {
        let client = self.client().await?;
        let sql = include_str!("sql/audit.sql");
        let rows = client.query(sql, &[&days]).await.map_err(|error| database(&error))?;
        let entry = |row: &tokio_postgres::Row| Entry {
            at: row.get("at"),
            event: row.get("event"),
            email: row.get("email"),
            device_id: row.get("device_id"),
            device: row.get("device"),
            detail: row.get("detail"),
        };
        Ok(rows.iter().map(entry).collect())
    }
}
