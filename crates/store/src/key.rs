//! The data key: 32 random bytes that encrypt the database. It is kept in the operating
//! system's keyring or, where there is none or the user wants it, beside the database wrapped
//! by a key that Argon2id derives from a passphrase.

use std::{path::Path, sync::mpsc, time::Duration};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit},
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::{Result, StoreError};

/// Argon2id with 64 MiB, three passes, one lane: above OWASP's recommendation, a third of a
/// second on a laptop.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A keyring that asks its user something may take a while; one that hangs must not stop us.
const KEYRING_PATIENCE: Duration = Duration::from_secs(8);
const SERVICE: &str = "Kontor";

/// The key of a database. Wiped from memory when dropped, never shown.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// How a data key is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Protection {
    /// In the operating system's keyring, under this account.
    Keyring {
        /// The account.
        account: String,
    },
    /// Wrapped by a passphrase.
    Passphrase(Wrapped),
}

impl Protection {
    /// What stands in the key file.
    pub(crate) fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|error| StoreError::Crypto(error.to_string()))
    }
}

/// A data key that a passphrase unwraps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    key: String,
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Crypto(error.to_string()))?;
    Ok(bytes)
}

fn derive(passphrase: &str, salt: &[u8], memory: u32, passes: u32) -> Result<Zeroizing<[u8; 32]>> {
    let failed = |error: argon2::Error| StoreError::Crypto(error.to_string());
    let params = Params::new(memory, passes, 1, Some(32)).map_err(failed)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *key)
        .map_err(failed)?;
    Ok(key)
}

impl DataKey {
    /// A new random key.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// Gives the key to a connection, as its first statement.
    pub(crate) fn apply(&self, connection: &Connection) -> Result<()> {
        let mut pragma = Zeroizing::new(String::from("pragma key = \"x'"));
        for byte in self.0.iter() {
            pragma.push_str(&format!("{byte:02x}"));
        }
        pragma.push_str("'\"");
        // The statement holds the key: its error must not be shown.
        connection
            .execute_batch(&pragma)
            .map_err(|_| StoreError::Crypto("the database did not take its key".into()))
    }

    /// Wraps the key by a passphrase.
    ///
    /// # Errors
    /// When the system gives no random numbers or memory.
    pub fn wrap(&self, passphrase: &str) -> Result<Wrapped> {
        let (salt, nonce) = (random::<16>()?, random::<24>()?);
        let wrapping = derive(passphrase, &salt, MEMORY_KIB, PASSES)?;
        let sealed = XChaCha20Poly1305::new((&*wrapping).into())
            .encrypt(XNonce::from_slice(&nonce), self.0.as_slice())
            .map_err(|error| StoreError::Crypto(error.to_string()))?;
        Ok(Wrapped {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: STANDARD.encode(salt),
            nonce: STANDARD.encode(nonce),
            key: STANDARD.encode(sealed),
        })
    }

    /// Puts the key into the keyring under a new account.
    ///
    /// # Errors
    /// When there is no keyring that works.
    pub fn store_in_keyring(&self) -> Result<Protection> {
        let account = uuid::Uuid::now_v7().to_string();
        let mut secret = Zeroizing::new(STANDARD.encode(self.0.as_slice()));
        let (entry_account, entry_secret) = (account.clone(), std::mem::take(&mut *secret));
        patiently(move || {
            let secret = Zeroizing::new(entry_secret);
            let entry = keyring::Entry::new(SERVICE, &entry_account)?;
            entry.set_password(&secret)?;
            // A keyring that forgets at once is none.
            entry.get_password().map(|mut read| read.zeroize())
        })?;
        Ok(Protection::Keyring { account })
    }
}

impl Wrapped {
    /// Unwraps the key.
    ///
    /// # Errors
    /// [`StoreError::PassphraseWrong`], or that the file is damaged.
    pub fn unwrap_key(&self, passphrase: &str, file: &Path) -> Result<DataKey> {
        let damaged = || StoreError::KeyDamaged(file.into());
        let bytes = |text: &str| STANDARD.decode(text).map_err(|_| damaged());
        let (salt, nonce, sealed) = (bytes(&self.salt)?, bytes(&self.nonce)?, bytes(&self.key)?);
        // A forged file must not make us take all memory.
        if nonce.len() != 24 || self.memory_kib > 1024 * 1024 || self.passes > 20 {
            return Err(damaged());
        }
        let wrapping = derive(passphrase, &salt, self.memory_kib, self.passes)?;
        let opened = XChaCha20Poly1305::new((&*wrapping).into())
            .decrypt(XNonce::from_slice(&nonce), sealed.as_slice())
            .map_err(|_| StoreError::PassphraseWrong)?;
        DataKey::from_bytes(&Zeroizing::new(opened)).ok_or_else(damaged)
    }
}

impl DataKey {
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// Takes the key from the keyring.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn from_keyring(account: &str) -> Result<Self> {
        let account = account.to_owned();
        let secret = Zeroizing::new(patiently(move || {
            keyring::Entry::new(SERVICE, &account)?.get_password()
        })?);
        STANDARD
            .decode(secret.as_bytes())
            .ok()
            .and_then(|bytes| Self::from_bytes(&Zeroizing::new(bytes)))
            .ok_or_else(|| StoreError::KeyringUnavailable("its entry is no key".into()))
    }
}

/// Keeps a secret in the keyring under an account.
pub(crate) fn keep(account: &str, secret: String) -> Result<()> {
    let (account, secret) = (account.to_owned(), Zeroizing::new(secret));
    patiently(move || keyring::Entry::new(SERVICE, &account)?.set_password(&secret))
}

/// A secret from the keyring; none where there is none under this account.
pub(crate) fn kept(account: &str) -> Result<Option<String>> {
    let account = account.to_owned();
    patiently(move || match keyring::Entry::new(SERVICE, &account)?.get_password() {
        Err(keyring::Error::NoEntry) => Ok(None),
        found => found.map(Some),
    })
}

/// Forgets a key in the keyring; one that is not there is fine.
pub(crate) fn forget(account: &str) {
    let account = account.to_owned();
    // The key is of no use without its database: when the keyring does not answer, it stays.
    let _ = patiently(move || keyring::Entry::new(SERVICE, &account)?.delete_credential());
}

/// Whether there is a keyring that keeps what it is given.
#[must_use]
pub fn keyring_works() -> bool {
    patiently(|| {
        let entry = keyring::Entry::new(SERVICE, "probe")?;
        entry.set_password("probe")?;
        entry.delete_credential()
    })
    .is_ok()
}

fn patiently<T: Send + 'static>(
    ask: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any more: fine.
        let _ = sender.send(ask());
    });
    match receiver.recv_timeout(KEYRING_PATIENCE) {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(StoreError::KeyringUnavailable(error.to_string())),
        Err(_) => Err(StoreError::KeyringUnavailable("no answer in time".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_wraps_and_only_it_unwraps() {
        let key = DataKey::generate().unwrap();
        let wrapped = key.wrap("Schweißdraht 1,2 mm").unwrap();
        let file = Path::new("key.json");
        assert_eq!(*wrapped.unwrap_key("Schweißdraht 1,2 mm", file).unwrap().0, *key.0);
        assert!(matches!(
            wrapped.unwrap_key("schweißdraht", file),
            Err(StoreError::PassphraseWrong)
        ));
        assert!(!format!("{key:?}").contains(&format!("{}", key.0[0])));
    }
}
