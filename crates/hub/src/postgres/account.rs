//! People, their devices and their tokens.

use domain::{Id, access::Role};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Postgres, database};
use crate::{Error, Result};

/// Someone who may come in.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account.
    pub id: Id,
    /// The user record that they work as.
    pub user_id: Id,
    /// Argon2id, PHC string.
    pub password: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Whether they may come in no more.
    pub is_disabled: bool,
}

/// Someone new.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// E-mail address, by which they sign in.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Argon2id, PHC string.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Names of their territories; made where there is none of that name.
    pub territories: Vec<String>,
}

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
}

impl Known {
    /// A laptop that is kept out is told so: signing in again would not help it.
    pub(crate) fn check(&self) -> Result<()> {
        match self.is_revoked {
            true => Err(Error::new("device-revoked", "This laptop may not sync any more.")),
            false => Ok(()),
        }
    }
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Postgres {
    /// The account with this address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account(&self, email: &str) -> Result<Option<Account>> {
        let sql = include_str!("sql/account.sql");
        let client = self.client().await?;
        let rows = client
            .query(sql, &[&email.trim().to_lowercase()])
            .await
            .map_err(|error| database(&error))?;
        Ok(rows.first().map(|row| Account {
            id: Id(row.get("id")),
            user_id: Id(row.get("user_id")),
            password: row.get("password"),
            name: row.get("name"),
            role: Role::from_text(row.get("role")).unwrap_or(Role::ReadOnly),
            is_disabled: row.get("disabled"),
        }))
    }

    /// Makes an account with its user record and territories.
    ///
    /// # Errors
    /// `account-exists`, or when the database does not answer.
    pub async fn add_account(&self, new: &NewAccount) -> Result<Id> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let (account_id, user_id) = (Id::now(), Id::now());
        let email = new.email.trim().to_lowercase();
        let initials: String =
            new.name.split_whitespace().filter_map(|part| part.chars().next()).take(3).collect();
        tx.execute(
            include_str!("sql/add_user.sql"),
            &[&user_id.0, &new.name, &initials.to_uppercase(), &email],
        )
        .await
        .map_err(|error| database(&error))?;
        let made = tx
            .execute(
                include_str!("sql/add_account.sql"),
                &[&account_id.0, &email, &new.password, &new.name, &new.role.as_str(), &user_id.0],
            )
            .await
            .map_err(|error| database(&error))?;
        if made == 0 {
            return Err(Error::new("account-exists", "There is an account with this address."));
        }
        for name in &new.territories {
            tx.execute(include_str!("sql/add_territory.sql"), &[&Id::now().0, &user_id.0, name])
                .await
                .map_err(|error| database(&error))?;
            tx.execute(include_str!("sql/give_territory.sql"), &[&account_id.0, name])
                .await
                .map_err(|error| database(&error))?;
        }
        tx.commit().await.map_err(|error| database(&error))?;
        Ok(account_id)
    }

    /// Registers an account's device, or finds it.
    ///
    /// # Errors
    /// `device-revoked`, or when it is another account's.
    pub async fn register(&self, account_id: Id, device_id: Id, name: &str) -> Result<()> {
        let client = self.client().await?;
        let sql = include_str!("sql/register.sql");
        let done = client
            .execute(sql, &[&device_id.0, &account_id.0, &name])
            .await
            .map_err(|error| database(&error))?;
        match done {
            0 => Err(Error::new("device-revoked", "This laptop may not sync with this account.")),
            _ => Ok(()),
        }
    }

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
        let (sql, kind) = match is_refresh {
            true => (include_str!("sql/token.sql"), "refresh"),
            false => (include_str!("sql/access_token.sql"), "access"),
        };
        let sql = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        let rows =
            client.query(&sql, &[&hash(token), &kind]).await.map_err(|error| database(&error))?;
        Ok(rows.first().map(|row| Known {
            family: row.get("family"),
            account_id: Id(row.get("account_id")),
            device_id: Id(row.get("device_id")),
            is_used: row.get("used"),
            is_revoked: row.get("is_revoked"),
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

    /// An account's devices may come in no more; all of them, or one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke(&self, device_id: Id) -> Result<bool> {
        let client = self.client().await?;
        let done = client
            .execute("update device set revoked_at = now() where id = $1", &[&device_id.0])
            .await
            .map_err(|error| database(&error))?;
        Ok(done > 0)
    }

    /// Keeps that somebody gave a wrong password for an address.
    pub(crate) async fn note_wrong(&self, email: &str) -> Result<()> {
        let client = self.client().await?;
        client
            .execute("insert into audit (event, detail) values ('sign-in-wrong', $1)", &[&email])
            .await
            .map_err(|error| database(&error))?;
        Ok(())
    }

    /// How often that was in the last quarter of an hour.
    pub(crate) async fn lately_wrong(&self, email: &str) -> Result<i64> {
        let client = self.client().await?;
        let sql = include_str!("sql/lately_wrong.sql");
        let row = client.query_one(sql, &[&email]).await.map_err(|error| database(&error))?;
        Ok(row.get(0))
    }

    /// Keeps what happened around signing in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit(
        &self,
        account_id: Option<Id>,
        device_id: Option<Id>,
        event: &str,
    ) -> Result<()> {
        let client = self.client().await?;
        client
            .execute(
                "insert into audit (account_id, device_id, event) values ($1, $2, $3)",
                &[&account_id.map(|id| id.0), &device_id.map(|id| id.0), &event],
            )
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
