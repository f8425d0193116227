use anyhow::Context;
use clap::{Args, Subcommand};
use domain::access::Role;
use hub::{AccountChange, NewAccount, Postgres, password};

use super::shown;

/// `kontor-hub user`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print all accounts: address, name, role, territories.
    List,
    /// Add someone; the password comes from KONTOR_HUB_PASSWORD.
    Add {
        /// E-mail address.
        email: String,
        /// Full name.
        name: String,
        /// sales_rep, sales_manager, marketing, service, administrator, read_only.
        #[arg(long, default_value = "sales_rep", value_parser = role)]
        role: Role,
        /// A territory's name; may be given more than once.
        #[arg(long)]
        territory: Vec<String>,
    },
    /// Change an account. What is not given stays.
    Change(Change),
}

/// `kontor-hub user change`.
#[derive(Args)]
pub(crate) struct Change {
    /// E-mail address.
    email: String,
    /// Another role.
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// All their territories from now on; may be given more than once.
    #[arg(long)]
    territory: Vec<String>,
    /// They have no territory any more.
    #[arg(long, conflicts_with = "territory")]
    no_territory: bool,
    /// The password from KONTOR_HUB_PASSWORD; all their laptops sign in again.
    #[arg(long)]
    password: bool,
    /// They may not come in. Their laptops keep what they have: revoke those that should not.
    #[arg(long)]
    disable: bool,
    /// They may come in again.
    #[arg(long, conflicts_with = "disable")]
    enable: bool,
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_text(text).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("one of {}", known.join(", "))
    })
}

fn new_password() -> anyhow::Result<String> {
    let password = std::env::var("KONTOR_HUB_PASSWORD")
        .context("Set KONTOR_HUB_PASSWORD to the password of the account.")?;
    Ok(password::hash(&password)?)
}

impl Command {
    pub(crate) async fn run(self, storage: &Postgres) -> anyhow::Result<()> {
        match self {
            Self::List => {
                for account in storage.accounts().await? {
                    let standing = if account.is_disabled { "disabled" } else { "enabled" };
                    let (email, name) = (shown(&account.email), shown(&account.name));
                    let (role, territories) = (account.role, shown(&account.territories));
                    println!("{email}\t{name}\t{role}\t{territories}\t{standing}");
                }
                Ok(())
            }
            Self::Add { email, name, role, territory } => {
                let password = new_password()?;
                let new = NewAccount { email, name, password, role, territories: territory };
                storage.add_account(&new).await?;
                Ok(())
            }
            Self::Change(change) => change.run(storage).await,
        }
    }
}

impl Change {
    async fn run(self, storage: &Postgres) -> anyhow::Result<()> {
        let keeps_territories = self.territory.is_empty() && !self.no_territory;
        let change = AccountChange {
            password: self.password.then(new_password).transpose()?,
            role: self.role,
            territories: (!keeps_territories).then_some(self.territory),
            is_disabled: (self.disable || self.enable).then_some(self.disable),
        };
        Ok(storage.change_account(&self.email, &change).await?)
    }
}
