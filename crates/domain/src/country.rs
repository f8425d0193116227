use std::fmt;

use serde::{Deserialize, Serialize};

/// A country, ISO 3166-1 alpha-2: two capital letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Country(pub String);

impl Default for Country {
    fn default() -> Self {
        Self("DE".into())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
