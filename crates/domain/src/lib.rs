//! What a CRM is: records, value types, rules and operations. No I/O, no SQL, no HTTP, no
//! screen; it runs on the laptop, on the hub and in the browser alike.
#![deny(missing_docs)]

pub mod access;
mod activity;
pub mod amount;
mod article;
mod catalogue;
pub mod changeset;
mod company;
mod compose;
mod conflict;
mod context;
pub mod country;
mod customer;
mod email;
pub mod exchange;
mod fold;
pub mod format;
mod iban;
mod id;
pub mod merge;
pub mod number;
mod opportunity;
mod phone;
pub mod price;
pub mod quote;
mod record;
mod refusal;
mod settings;
#[cfg(feature = "simulation")]
pub mod simulation;
mod text;
mod time;
mod validate;
mod value;
mod vat_id;

pub use activity::{
    Appointment, AppointmentStatus, Communication, CommunicationKind, Direction, Priority, Taken,
    Task, TaskStatus, complete_task, import_appointments, log_communication, move_appointment,
    parse_follow_up, postpone_task, read_day, read_time, save_appointment, save_task,
};
pub use amount::{Money, Percent, Quantity, UnitPrice};
pub use article::{check_article, save_article};
pub use catalogue::{Article, PaymentTerms, Price, PriceList, Tax, TaxKind, Unit};
pub use changeset::{Change, ChangeKind, Changeset, FieldChange};
pub use company::{Document, DocumentKind, Setting, Territory, User};
pub use compose::compose;
pub use conflict::{Choice, Conflict, settle_conflict};
pub use context::Context;
pub use country::Country;
pub use customer::{
    Address, AddressKind, Category, Contact, ContactRole, Customer, CustomerKind, CustomerStatus,
    CustomerTag, Language, Salutation, Tag, add_tag, check_address, check_contact, check_customer,
    likeness, name_key, save_contact, save_customer,
};
pub use email::check_email;
pub use fold::{fold, fold_words};
pub use iban::check_iban;
pub use id::Id;
pub use opportunity::{
    Opportunity, OpportunityStatus, Stage, check_opportunity, close_opportunity, move_opportunity,
    save_opportunity,
};
pub use phone::{check_phone, dial};
pub use quote::{LineKind, Quote, QuoteLine, QuoteStatus};
pub use record::Record;
pub use refusal::{Refusal, Refused};
pub use settings::{Letterhead, Numbering, QuoteTexts, check_letterhead};
pub use time::{Day, Instant};
pub use validate::{ENTITIES, blank, reference, references, validate};
pub use value::{check_heading, check_state, check_values};
pub use vat_id::check_vat_id;
