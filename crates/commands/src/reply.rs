//! What is answered to requests, where it is no record and no view.

use domain::{
    Category, Contact, Customer, Id, Instant, Language, Letterhead, Numbering, Opportunity,
    PaymentTerms, PriceList, QuoteTexts, Tag, Tax, Territory, Unit, User,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Failure,
    view::{ArticleRow, QuoteRow, TaskRow, UndoStep},
};

/// The hub revoked this laptop: it was emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emptied {
    /// When.
    pub at: Instant,
    /// So many changes that it had not sent were handed over before.
    pub handed_over: u64,
}

/// Where the workspace stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WorkspaceState {
    /// There is none yet: first start.
    Missing {
        /// Whether this computer has a keyring that works.
        keyring: bool,
        /// The one that was here was emptied by its hub.
        emptied: Option<Emptied>,
    },
    /// A passphrase opens it.
    Locked,
    /// It is open.
    Open {
        /// The user.
        user: User,
        /// Whether a passphrase protects it, so that it can be locked.
        passphrase: bool,
        /// The data folder.
        path: String,
        /// Something that the user should know: it was checked after a crash …
        notice: Option<String>,
    },
    /// It cannot be opened.
    Broken {
        /// Why and what to do.
        failure: Failure,
    },
}

/// What this device's user likes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Of the screens.
    pub language: Language,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// Lock after so many idle minutes; 0 for never.
    pub lock_after_minutes: u32,
    /// What screens remember: columns, sorts, views; the screens' own JSON by name.
    pub screens: std::collections::BTreeMap<String, Value>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: Language::De,
            theme: "system".into(),
            lock_after_minutes: 0,
            screens: std::collections::BTreeMap::new(),
        }
    }
}

/// A form's unsaved input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The form and record.
    pub key: String,
    /// The form's input.
    pub input: Value,
    /// When it was kept.
    pub updated_at: Instant,
}

/// What could be undone and redone now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UndoState {
    /// By Ctrl+Z.
    pub undo: Option<UndoStep>,
    /// By Ctrl+Shift+Z.
    pub redo: Option<UndoStep>,
}

/// The small sets that forms choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// Categories.
    pub categories: Vec<Category>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Users.
    pub users: Vec<User>,
    /// Territories.
    pub territories: Vec<Territory>,
    /// Price lists.
    pub price_lists: Vec<PriceList>,
    /// Payment terms.
    pub payment_terms: Vec<PaymentTerms>,
    /// Taxes.
    pub taxes: Vec<Tax>,
    /// Units.
    pub units: Vec<Unit>,
    /// The user who works here.
    pub user_id: Id,
}

/// One thing to change in many customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum CustomerChange {
    /// The status.
    Status(domain::CustomerStatus),
    /// The owner.
    Owner(Option<Id>),
    /// The category.
    Category(Option<Id>),
    /// The territory.
    Territory(Option<Id>),
    /// One more tag, by name.
    AddTag(String),
}

/// What a quick entry made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// The communication.
    pub communication_id: Id,
    /// The follow-up's due time, if the line named one.
    pub follow_up_at: Option<Instant>,
}

/// All about an opportunity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpportunityPage {
    /// The opportunity.
    pub opportunity: Opportunity,
    /// Its customer.
    pub customer: Customer,
    /// The customer's contacts.
    pub contacts: Vec<Contact>,
    /// Its quotes, newest first.
    pub quotes: Vec<QuoteRow>,
    /// Its open tasks.
    pub tasks: Vec<TaskRow>,
}

/// An article with its prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArticlePage {
    /// The row.
    pub article: ArticleRow,
    /// Its prices: price list's or customer's name, price.
    pub prices: Vec<(String, domain::Price)>,
}

/// The company's settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The letterhead.
    pub letterhead: Letterhead,
    /// The logo as a data URL, empty for none.
    pub logo: String,
    /// The numbering.
    pub numbering: Numbering,
    /// The quote's texts.
    pub texts: QuoteTexts,
}

/// A file's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RenderedFile {
    /// File name as people would call it.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Content, base64.
    pub content: String,
    /// Pages, for a PDF; 0 otherwise.
    pub pages: u32,
}
