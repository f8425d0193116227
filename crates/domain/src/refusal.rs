use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// Why an operation said no, for whoever acts on it: the code chooses the translated sentence
/// in the screens (`refusal-<code>`), the field says where to put it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, kebab-case: `vat-id-invalid`.
    pub code: String,
    /// The record's field that it is about, where there is one (`lines.3.quantity` for a line's).
    pub field: Option<String>,
    /// What the translated sentence needs.
    pub args: BTreeMap<String, String>,
    /// An English sentence: what is wrong and what to do.
    pub sentence: String,
}

impl Refusal {
    /// A refusal that concerns no single field.
    #[must_use]
    pub fn new(code: &str, sentence: impl Into<String>) -> Self {
        Self { code: code.into(), field: None, args: BTreeMap::new(), sentence: sentence.into() }
    }

    /// The same, put at a field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same, with one more argument for the translated sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.args.insert(name.into(), value.to_string());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// Everything that speaks against an operation, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused(pub Vec<Refusal>);

impl Refused {
    /// `Ok` when nothing speaks against it.
    ///
    /// # Errors
    /// The refusals, if there are any.
    pub fn unless_empty(refusals: Vec<Refusal>) -> Result<(), Self> {
        if refusals.is_empty() { Ok(()) } else { Err(Self(refusals)) }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            refusal.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}
