//! Why the hub does not answer. The sentence is for people; what is behind it goes to the log.

use std::fmt;

/// What was sent cannot be stored, and it is no use to try again.
pub(crate) const VALUE_INVALID: &str = "value-invalid";

/// Why a call was not answered; nothing was changed then.
#[derive(Debug)]
pub struct Error {
    /// Stable, for whoever acts on it.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// A result of the hub's.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with its code.
    pub fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }

    /// Something inside failed; the caller may try again.
    pub fn internal(error: &dyn fmt::Display) -> Self {
        tracing::error!(%error, "internal");
        Self::new(
            "unavailable",
            "The hub cannot answer now. Nothing was changed; it is tried again.",
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Error {}
