//! People who may come in.

use domain::{Id, access::Role};

use super::{Postgres, audit::Event, database};
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

/// What is changed of an account; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Argon2id, PHC string. All their laptops sign in again.
    pub password: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// All their territories from now on.
    pub territories: Option<Vec<String>>,
    /// Whether they may come in no more.
    pub is_disabled: Option<bool>,
}

/// An account in a list.
#[derive(Clone, Debug)]
pub struct ListedAccount {
    /// E-mail address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Names of their territories.
    pub territories: String,
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
        give(&tx, account_id, user_id, &new.territories).await?;
        tx.commit().await.map_err(|error| database(&error))?;
        self.audit(Event::UserAdded, Some(account_id), None, new.role.as_str()).await?;
        Ok(account_id)
    }

    /// Changes an account.
    ///
    /// # Errors
    /// `account-unknown`, or when the database does not answer.
    pub async fn change_account(&self, email: &str, change: &AccountChange) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let email = email.trim().to_lowercase();
        let role = change.role.map(Role::as_str);
        let changed = tx
            .query_opt(
                include_str!("sql/change_account.sql"),
                &[&email, &change.password, &role, &change.is_disabled],
            )
            .await
            .map_err(|error| database(&error))?;
        let unknown = || Error::new("account-unknown", "There is no account with this address.");
        let row = changed.ok_or_else(unknown)?;
        let (account_id, user_id) = (Id(row.get("id")), Id(row.get("user_id")));
        if let Some(territories) = &change.territories {
            tx.execute("delete from account_territory where account_id = $1", &[&account_id.0])
                .await
                .map_err(|error| database(&error))?;
            give(&tx, account_id, user_id, territories).await?;
        }
        if change.password.is_some() {
            tx.execute(include_str!("sql/end_sessions.sql"), &[&account_id.0])
                .await
                .map_err(|error| database(&error))?;
        }
        tx.commit().await.map_err(|error| database(&error))?;
        let what = [
            change.password.as_ref().map(|_| "password".to_owned()),
            role.map(|role| format!("role {role}")),
            change.territories.as_ref().map(|_| "territories".to_owned()),
            change.is_disabled.map(|is| if is { "disabled" } else { "enabled" }.to_owned()),
        ];
        let what: Vec<String> = what.into_iter().flatten().collect();
        self.audit(Event::UserChanged, Some(account_id), None, &what.join(", ")).await
    }

    /// Everybody who has an account, by address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<ListedAccount>> {
        let client = self.client().await?;
        let sql = include_str!("sql/accounts.sql");
        let rows = client.query(sql, &[]).await.map_err(|error| database(&error))?;
        let listed = |row: &tokio_postgres::Row| ListedAccount {
            email: row.get("email"),
            name: row.get("name"),
            role: row.get("role"),
            territories: row.get("territories"),
            is_disabled: row.get("disabled"),
        };
        Ok(rows.iter().map(listed).collect())
    }
}

/// Gives territories by their names, and makes those that there are not.
async fn give(
    tx: &deadpool_postgres::Transaction<'_>,
    account_id: Id,
    user_id: Id,
    territories: &[String],
) -> Result<()> {
    for name in territories {
        tx.execute(include_str!("sql/add_territory.sql"), &[&Id::now().0, &user_id.0, name])
            .await
            .map_err(|error| database(&error))?;
        tx.execute(include_str!("sql/give_territory.sql"), &[&account_id.0, name])
            .await
            .map_err(|error| database(&error))?;
    }
    Ok(())
}
