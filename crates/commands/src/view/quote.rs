use domain::{
    Address, Contact, Customer, Day, Id, Instant, Money, Opportunity, Quote, QuoteLine, QuoteStatus,
};
use serde::{Deserialize, Serialize};

/// A row of the quotes' list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuoteRow {
    /// The quote.
    pub id: Id,
    /// Number.
    pub number: String,
    /// Revision.
    pub revision: i64,
    /// What it is about.
    pub subject: String,
    /// The customer.
    pub customer_id: Id,
    /// The customer's name.
    pub customer: String,
    /// Status.
    pub status: QuoteStatus,
    /// Date of the offer.
    pub date: Day,
    /// Last day on which it can be accepted.
    pub valid_until: Day,
    /// Net.
    pub net_total: Money,
    /// Gross.
    pub gross_total: Money,
    /// Owner's initials.
    pub owner: String,
    /// When it was signed.
    pub signed_at: Option<Instant>,
}

/// Which quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct QuoteFilter {
    /// Words that must be found.
    pub text: String,
    /// Only this status.
    pub status: Option<QuoteStatus>,
    /// Only this customer.
    pub customer_id: Option<Id>,
    /// Only this opportunity.
    pub opportunity_id: Option<Id>,
    /// Only this owner.
    pub owner_id: Option<Id>,
    /// Only sent ones whose validity ends by this day.
    pub expires_by: Option<Day>,
}

/// By what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteSort {
    /// Date of the offer.
    #[default]
    Date,
    /// Number and revision.
    Number,
    /// Customer's name.
    Customer,
    /// Status.
    Status,
    /// Validity.
    ValidUntil,
    /// Gross.
    Gross,
}

/// Everything that the quote editor shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotePage {
    /// The quote.
    pub quote: Quote,
    /// Its lines in order.
    pub lines: Vec<QuoteLine>,
    /// The customer.
    pub customer: Customer,
    /// The customer's contacts.
    pub contacts: Vec<Contact>,
    /// The customer's addresses.
    pub addresses: Vec<Address>,
    /// The customer's opportunities that are open, and the quote's own.
    pub opportunities: Vec<Opportunity>,
    /// All revisions of this quote, oldest first.
    pub revisions: Vec<QuoteRow>,
}
