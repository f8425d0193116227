//! Tokens: only their hashes are kept.

use domain::Id;
use sha2::{Digest, Sha256};
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
    pub(crate) is_used: bool,
    /// The laptop is kept out.
    pub(crate) is_revoked: bool,
    /// The laptop is not let in yet.
    is_waiting: bool,
}

impl Known {
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

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Postgres {
    /// A fresh pair of tokens; of a new family where none is given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn issue(&self, account_id: Id, device_id: Id, family: Option<Uuid>) -> Result<Pair> {
        let pair = Pair { access: secret()?, refresh: secret()? };
        let family = family.unwrap_or_else(Uuid::now_v7);
        let client = self.client().await?;
        let sql = include_str!("sql/issue.sql");
        client
            .execute(
                sql,
                &[&hash(&pair.access), &family, &account_id.0, &device_id.0, &hash(&pair.refresh)],
            )
            .await
            .map_err(|error| database(&error))?;
        Ok(pair)
    }

    /// What a token stands for, while it is valid. A refresh token is used up by it.
    pub(crate) async fn token(&self, token: &str, is_refresh: bool) -> Result<Option<Known>> {
        let client = self.client().await?;
        let sql = match is_refresh {
            true => include_str!("sql/refresh_token.sql"),
            false => include_str!("sql/access_token.sql"),
        };
        let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        let rows = client.query(&statement, &[&hash(token)]).await;
        let rows = rows.map_err(|error| database(&error))?;
        Ok(rows.first().map(|row| Known {
            family: row.get("family"),
            account_id: Id(row.get("account_id")),
            device_id: Id(row.get("device_id")),
            is_used: row.get("used"),
            is_revoked: row.get("is_revoked"),
            is_waiting: row.get("is_waiting"),
        }))
    }

    /// Ends a family of tokens.
    pub(crate) async fn end_family(&self, family: Uuid) -> Result<()> {
        let client = self.client().await?;
        client
            .execute("delete from token where family = $1", &[&family])
            .await
            .map_err(|error| database(&error))?;
        Ok(())
    }
}

fn secret() -> Result<String> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(&error))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
