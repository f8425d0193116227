//! What a CRM is: records, value types, rules and operations. No I/O, no SQL, no HTTP, no
//! screen; it runs on the laptop, on the hub and in the browser alike.
#![deny(missing_docs)]

mod activity;
pub mod amount;
mod catalogue;
pub mod changeset;
mod company;
mod context;
mod country;
mod customer;
mod fold;
mod id;
mod opportunity;
pub mod quote;
mod record;
mod refusal;
mod settings;
mod time;

pub use activity::{
    Appointment, AppointmentStatus, Communication, CommunicationKind, Direction, Priority, Task,
    TaskStatus,
};
pub use amount::{Money, Percent, Quantity, UnitPrice};
pub use catalogue::{Article, PaymentTerms, Price, PriceList, Tax, TaxKind, Unit};
pub use changeset::{Change, ChangeKind, Changeset, FieldChange};
pub use company::{Document, DocumentKind, Setting, Territory, User};
pub use context::Context;
pub use country::Country;
pub use customer::{
    Address, AddressKind, Category, Contact, ContactRole, Customer, CustomerKind, CustomerStatus,
    CustomerTag, Language, Salutation, Tag,
};
pub use fold::{fold, fold_words};
pub use id::Id;
pub use opportunity::{Opportunity, OpportunityStatus, Stage};
pub use quote::{LineKind, Quote, QuoteLine, QuoteStatus};
pub use record::Record;
pub use refusal::{Refusal, Refused};
pub use settings::{Letterhead, Numbering, QuoteTexts};
pub use time::{Day, Instant};
