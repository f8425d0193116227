use serde::{Deserialize, Serialize};

/// Which rows of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// Rows before the first.
    pub offset: u64,
    /// How many at most.
    pub limit: u64,
}

/// Up or down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// A to Z, small to large, old to new.
    #[default]
    Ascending,
    /// Z to A, large to small, new to old.
    Descending,
}

/// Some rows of a list and how many there are in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Windowed<T> {
    /// All rows that the filter lets through.
    pub total: u64,
    /// The rows of the window.
    pub rows: Vec<T>,
}
