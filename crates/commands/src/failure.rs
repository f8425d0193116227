use std::fmt;

use domain::{Refusal, Refused};
use serde::{Deserialize, Serialize};

/// Why a request was not answered: what happened, what was kept, what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable, kebab-case; the screens translate it (`failure-<code>`): `workspace-locked`,
    /// `passphrase-wrong`, `refused`, `stale`, `not-found`, `disk-full` …
    pub code: String,
    /// The English sentence.
    pub sentence: String,
    /// With code `refused`: every rule that spoke against it, with its field.
    pub refusals: Vec<Refusal>,
}

impl Failure {
    /// A failure with no field.
    pub fn new(code: &str, sentence: impl Into<String>) -> Self {
        Self { code: code.into(), sentence: sentence.into(), refusals: Vec::new() }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self { code: "refused".into(), sentence: refused.to_string(), refusals: refused.0 }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Refused::from(refusal).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}
