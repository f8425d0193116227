//! Secrets of this device beside the workspace's key, in the operating system's keyring.

use crate::{Protection, Result, Workspace, key};

/// Settings of this device whose names begin so are left out of backups.
pub(crate) const SECRET: &str = "secret.";

impl Workspace {
    fn secret_account(&self, name: &str) -> Result<Option<String>> {
        Ok(match self.protection()? {
            Protection::Keyring { account } => Some(format!("{account}.{name}")),
            Protection::Passphrase(_) => None,
        })
    }

    /// Keeps a secret in the keyring; `false` where the workspace's key is not there either.
    ///
    /// # Errors
    /// [`crate::StoreError::KeyringUnavailable`].
    pub fn keep_secret(&self, name: &str, secret: String) -> Result<bool> {
        let Some(account) = self.secret_account(name)? else { return Ok(false) };
        key::keep(&account, secret)?;
        Ok(true)
    }

    /// A secret from the keyring; none where it has none.
    ///
    /// # Errors
    /// [`crate::StoreError::KeyringUnavailable`].
    pub fn secret(&self, name: &str) -> Result<Option<String>> {
        match self.secret_account(name)? {
            Some(account) => key::kept(&account),
            None => Ok(None),
        }
    }

    /// Forgets a secret; one that is not there is fine.
    pub fn forget_secret(&self, name: &str) {
        if let Ok(Some(account)) = self.secret_account(name) {
            key::forget(&account);
        }
    }
}
