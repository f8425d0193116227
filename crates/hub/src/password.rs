//! Passwords, by Argon2id.

use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{PasswordHash, SaltString},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use crate::{Error, Result};

/// At least so many characters.
const SHORTEST: usize = 10;

/// A password as it is kept.
///
/// # Errors
/// `password-short`.
pub fn hash(password: &str) -> Result<String> {
    if password.chars().count() < SHORTEST {
        let sentence = format!("A password has at least {SHORTEST} characters.");
        return Err(Error::new("password-short", sentence));
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(&error))?;
    let salt = SaltString::from_b64(&STANDARD_NO_PAD.encode(salt))
        .map_err(|error| Error::internal(&error))?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| Error::internal(&error))?;
    Ok(hash.to_string())
}

/// Whether it is the password that was kept.
#[must_use]
pub fn is_right(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
}

/// Takes as long as a wrong password does, so that nobody learns which addresses are known.
pub fn take_as_long() {
    let kept = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let _ = is_right("nobody", kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash() {
        let kept = hash("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(is_right("correct horse", &kept));
        assert!(!is_right("correct horsf", &kept));
        assert_eq!(hash("short").unwrap_err().code, "password-short");
    }
}
