use domain::Id;
use serde::{Deserialize, Serialize};

/// What a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A customer.
    Customer,
    /// A contact.
    Contact,
    /// An opportunity.
    Opportunity,
    /// A quote.
    Quote,
    /// An article.
    Article,
    /// A talk.
    Communication,
}

/// Text with the parts that the words matched, as byte ranges into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// Matched ranges, from (inclusive) to (exclusive), in order, not overlapping.
    pub matches: Vec<(usize, usize)>,
}

/// A record that search found, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// What.
    pub kind: SearchKind,
    /// The record.
    pub id: Id,
    /// The customer that it belongs to (itself for a customer; none for an article).
    pub customer_id: Option<Id>,
    /// Name, number or subject.
    pub title: Snippet,
    /// Where or whose: town, company, part of the body.
    pub detail: Snippet,
}
