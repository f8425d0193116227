use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifies a record: a UUIDv7, made where the record is made (a laptop offline as well as
/// the hub) and never reused. Sixteen bytes in SQLite, `uuid` in PostgreSQL, text in JSON.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// The id of no record; a form that makes a new record carries it.
    pub const NIL: Self = Self(Uuid::nil());

    /// A new id from the system's clock and random source.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn now() -> Self {
        #[cfg(feature = "simulation")]
        if let Some(id) = crate::simulation::id() {
            return id;
        }
        Self(Uuid::now_v7())
    }

    /// Whether this is [`Id::NIL`].
    #[must_use]
    pub fn is_nil(self) -> bool {
        self.0.is_nil()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}
