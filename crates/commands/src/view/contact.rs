use domain::{ContactRole, Id, Salutation};
use serde::{Deserialize, Serialize};

/// A row of the contacts' list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactRow {
    /// The contact.
    pub id: Id,
    /// Their customer.
    pub customer_id: Id,
    /// Their customer's name.
    pub customer: String,
    /// The customer's town.
    pub city: String,
    /// How to address them.
    pub salutation: Salutation,
    /// Title.
    pub title: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Position.
    pub position: String,
    /// What they decide on.
    pub role: ContactRole,
    /// Desk phone.
    pub phone: String,
    /// Mobile phone.
    pub mobile: String,
    /// E-mail address.
    pub email: String,
    /// Whether they are the main contact.
    pub is_primary: bool,
}

/// Which contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactFilter {
    /// Words that must be found.
    pub text: String,
    /// Only this customer's.
    pub customer_id: Option<Id>,
    /// Only this role.
    pub role: Option<ContactRole>,
}

/// By what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactSort {
    /// Last name, first name (folded).
    #[default]
    Name,
    /// Customer's name (folded).
    Customer,
    /// Role.
    Role,
    /// Position.
    Position,
}
