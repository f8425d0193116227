use domain::{
    Address, Category, CommunicationKind, Contact, Customer, CustomerKind, CustomerStatus, Id,
    Instant, Money, Opportunity, PaymentTerms, PriceList, Tag, Territory, User,
};
use serde::{Deserialize, Serialize};

use super::TaskRow;

/// A row of the customers' list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// The customer.
    pub id: Id,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Company or person.
    pub kind: CustomerKind,
    /// Whether we do business.
    pub status: CustomerStatus,
    /// Postal code of the default address.
    pub postal_code: String,
    /// Town of the default address.
    pub city: String,
    /// Phone.
    pub phone: String,
    /// Category's name, empty for none.
    pub category: String,
    /// Category's colour.
    pub category_colour: String,
    /// The owner's initials, empty for none.
    pub owner: String,
    /// The primary contact's full name, empty for none.
    pub contact: String,
    /// When we last talked.
    pub last_contact_at: Option<Instant>,
    /// Sum of the open opportunities.
    pub open_value: Money,
}

/// Which customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerFilter {
    /// Words that must be found (as in search: folded, prefixes).
    pub text: String,
    /// Only this status.
    pub status: Option<CustomerStatus>,
    /// Only this kind.
    pub kind: Option<CustomerKind>,
    /// Only this category.
    pub category_id: Option<Id>,
    /// Only this owner.
    pub owner_id: Option<Id>,
    /// Only this territory.
    pub territory_id: Option<Id>,
    /// Only with this tag.
    pub tag_id: Option<Id>,
    /// Deleted ones instead of living ones.
    pub deleted: bool,
}

/// By what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerSort {
    /// Name (folded).
    #[default]
    Name,
    /// Number.
    Number,
    /// Postal code, then town.
    City,
    /// Category's name.
    Category,
    /// Status.
    Status,
    /// When we last talked.
    LastContact,
    /// Sum of open opportunities.
    OpenValue,
    /// When it was last changed.
    Updated,
}

/// The key figures of a customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerFigures {
    /// Value of the opportunities won this calendar year.
    pub won_this_year: Money,
    /// Value of the opportunities won last calendar year.
    pub won_last_year: Money,
    /// How many opportunities are open.
    pub open_opportunities: u64,
    /// Their sum.
    pub open_value: Money,
    /// Their sum weighted by probability.
    pub weighted_value: Money,
    /// How many quotes are with the customer (sent, undecided).
    pub open_quotes: u64,
    /// Their gross sum.
    pub open_quotes_value: Money,
    /// When we last talked.
    pub last_contact_at: Option<Instant>,
    /// How.
    pub last_contact_kind: Option<CommunicationKind>,
    /// Who of us, full name.
    pub last_contact_by: String,
    /// Entries of the timeline.
    pub communications: u64,
    /// Contacts.
    pub contacts: u64,
    /// Addresses.
    pub addresses: u64,
    /// Opportunities, open or not.
    pub opportunities: u64,
    /// Quotes, all revisions.
    pub quotes: u64,
    /// Documents.
    pub documents: u64,
}

/// Everything that the 360° page shows at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerPage {
    /// The customer.
    pub customer: Customer,
    /// Its category.
    pub category: Option<Category>,
    /// Its owner.
    pub owner: Option<User>,
    /// Its territory.
    pub territory: Option<Territory>,
    /// Its price list.
    pub price_list: Option<PriceList>,
    /// Its payment terms.
    pub payment_terms: Option<PaymentTerms>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Its addresses, default first.
    pub addresses: Vec<Address>,
    /// Its contacts, primary first.
    pub contacts: Vec<Contact>,
    /// Its open opportunities.
    pub opportunities: Vec<Opportunity>,
    /// Its open tasks, next first.
    pub tasks: Vec<TaskRow>,
    /// The key figures.
    pub figures: CustomerFigures,
}

/// What a timeline entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// Phone call.
    Call,
    /// E-mail.
    Email,
    /// Meeting.
    Meeting,
    /// Visit.
    Visit,
    /// Note.
    Note,
    /// A quote was made, sent, decided.
    Quote,
    /// An opportunity was opened, won, lost.
    Opportunity,
    /// A task was done.
    Task,
    /// A document was added.
    Document,
}

/// One entry of a customer's timeline, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// What.
    pub kind: TimelineKind,
    /// The record to open.
    pub id: Id,
    /// When.
    pub at: Instant,
    /// In one line: the subject, or the number and name.
    pub subject: String,
    /// At length; may be long.
    pub body: String,
    /// The status text of a quote or opportunity (`sent`, `won` …), the outcome of a talk.
    pub status: String,
    /// Money, where it is about money.
    pub amount: Option<Money>,
    /// The contact's full name.
    pub contact: String,
    /// Who of us: initials.
    pub by: String,
    /// Minutes, where known.
    pub duration_minutes: Option<i64>,
    /// The follow-up's due time, while it is open.
    pub follow_up_at: Option<Instant>,
}

/// A customer or contact that may be the same as the one being typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The record.
    pub id: Id,
    /// Name, and company for a contact.
    pub name: String,
    /// Number or company, and town.
    pub detail: String,
    /// Which field agrees: `name`, `vat_id`, `phone`, `email`, `number`.
    pub field: String,
}
