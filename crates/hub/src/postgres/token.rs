//! Tokens: only their hashes are kept.

use deadpool_postgres::Transaction;
use domain::Id;
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, database};
use crate::{Error, Result};

/// Tokens as they are handed out: only here, the database keeps their hashes.
#[derive(Clone, Debug)]
pub struct Pair {
    /// For 30 minutes.
    pub access: String,
    /// For the next pair, once.
    pub refresh: String,
}

/// A token that came in.
pub(crate) struct Known {
    pub(crate) family: Uuid,
    pub(crate) account_id: Id,
    pub(crate) device_id: Id,
    /// The laptop is kept out.
    pub(crate) is_revoked: bool,
    /// The laptop is not let in yet.
    is_waiting: bool,
}

impl Known {
    pub(super) fn of(row: &Row) -> Self {
        Self {
            family: row.get("family"),
            account_id: Id(row.get("account_id")),
            device_id: Id(row.get("device_id")),
            is_revoked: row.get("is_revoked"),
            is_waiting: row.get("is_waiting"),
        }
    }

    /// A laptop that is kept out is told so: signing in again would not help it.
    pub(crate) fn check(&self) -> Result<()> {
        match (self.is_revoked, self.is_waiting) {
            (true, _) => Err(Error::new("device-revoked", "This laptop may not sync any more.")),
            (_, true) => Err(Error::new(
                "device-waiting",
                "This laptop waits until an administrator lets it in.",
            )),
            _ => Ok(()),
        }
    }
}

pub(crate) fn invalid() -> Error {
    Error::new("token-invalid", "Please sign in again.")
}

pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A fresh pair of tokens of a family, for a refresh token where it is given for one. Its account is
/// held.
pub(super) async fn issue(
    tx: &Transaction<'_>,
    (family, account_id, device_id): (Uuid, Id, Id),
    given_for: Option<&[u8]>,
) -> Result<Pair> {
    let pair = Pair { access: secret()?, refresh: secret()? };
    let (access, refresh) = (hash(&pair.access), hash(&pair.refresh));
    tx.execute(
        include_str!("sql/issue.sql"),
        &[&access, &family, &account_id.0, &device_id.0, &refresh, &given_for],
    )
    .await
    .map_err(|error| database(&error))?;
    Ok(pair)
}

impl Postgres {
    /// What an access token stands for, while it is valid.
    pub(crate) async fn access(&self, token: &str) -> Result<Option<Known>> {
        let client = self.client().await?;
        let sql = include_str!("sql/access_token.sql");
        let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        let hash = hash(token);
        let rows = client.query(&statement, &[&hash]).await.map_err(|error| database(&error))?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.get("is_new") {
            // It arrived: what it was given for is not taken a second time from here on.
            let sql = "update token set used_at = now() where hash = $1 and used_at is null";
            client.execute(sql, &[&hash]).await.map_err(|error| database(&error))?;
        }
        Ok(Some(Known::of(row)))
    }
}

fn secret() -> Result<String> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(&error))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
