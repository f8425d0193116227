use serde::{Deserialize, Serialize};

use super::{
    ContactFilter, ContactSort, CustomerFilter, CustomerSort, OpportunityFilter, OpportunitySort,
    QuoteFilter, QuoteSort,
};

/// Which rows of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// Rows before the first.
    pub offset: u64,
    /// How many at most.
    pub limit: u64,
}

impl Window {
    /// The window that the screens' lists begin with.
    pub const FIRST: Self = Self { offset: 0, limit: 60 };
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

/// A list by its filter and sort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "list", content = "by", rename_all = "snake_case")]
pub enum Listed {
    /// Customers.
    Customers(CustomerFilter, CustomerSort),
    /// Contacts.
    Contacts(ContactFilter, ContactSort),
    /// Opportunities.
    Opportunities(OpportunityFilter, OpportunitySort),
    /// Quotes.
    Quotes(QuoteFilter, QuoteSort),
}

impl Listed {
    /// The same records, whatever their sort.
    #[must_use]
    pub fn unsorted(&self) -> Self {
        match self.clone() {
            Self::Customers(filter, _) => Self::Customers(filter, CustomerSort::default()),
            Self::Contacts(filter, _) => Self::Contacts(filter, ContactSort::default()),
            Self::Opportunities(filter, _) => {
                Self::Opportunities(filter, OpportunitySort::default())
            }
            Self::Quotes(filter, _) => Self::Quotes(filter, QuoteSort::default()),
        }
    }
}
