//! What goes in and out as tables: which fields a record has there, what people call them, and
//! how figures and cells are written. Bytes and files are the app's.

mod cell;
mod choice;
mod field;
mod figure;

pub use cell::{guard, unguard};
pub use choice::{choice_of, choice_word, choice_words};
pub use field::{Field, field, field_of_header, fields, header_key};
pub use figure::{Figures, Misread, Style};

use crate::record::text_enum;

text_enum! {
    /// What a table holds, a row each.
    TableKind { #[default] /// Customers with their addresses.
    Customer = "customer", /// Articles.
    Article = "article", /// Contacts with their company.
    Contact = "contact" }
}
