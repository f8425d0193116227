//! Who we sell to.

mod duplicate;
mod save;

pub use duplicate::{likeness, name_key};
pub use save::{
    add_tag, check_address, check_contact, check_customer, save_contact, save_customer,
};
pub(crate) use save::{check_fresh, percent_refusal};

use crate::{
    Id, Percent,
    record::{record, text_enum},
};

text_enum! {
    /// A company or a person.
    CustomerKind { #[default] /// A company.
    B2b = "b2b", /// A private person.
    B2c = "b2c" }
}

text_enum! {
    /// Whether we do business with a customer.
    CustomerStatus { #[default] /// We do.
    Active = "active", /// We used to.
    Inactive = "inactive", /// We must not: no new quotes.
    Blocked = "blocked" }
}

text_enum! {
    /// The language of what we send to someone, and of the screens.
    Language { #[default] /// German.
    De = "de", /// English.
    En = "en" }
}

record! {
    /// A company or person that we sell to [Kunde].
    Customer, "customer" {
        /// The number that people read [Kundennummer].
        number: String,
        /// The company's or person's name [Firmenname].
        name: String,
        /// Company or person [Kundentyp].
        kind: CustomerKind,
        /// The category, as A-customer [Kategorie].
        category_id: Option<Id>,
        /// Whether we do business with it.
        status: CustomerStatus,
        /// The VAT identification number, without blanks [USt-IdNr.].
        vat_id: String,
        /// The tax number of the local tax office [Steuernummer].
        tax_number: String,
        /// The branch of industry.
        industry: String,
        /// The web site.
        website: String,
        /// The general e-mail address.
        email: String,
        /// The switchboard's phone number.
        phone: String,
        /// The payment terms agreed on.
        payment_terms_id: Option<Id>,
        /// The price list agreed on.
        price_list_id: Option<Id>,
        /// The standing discount on whole quotes.
        discount: Percent,
        /// The language of what we send.
        language: Language,
        /// The responsible user.
        owner_id: Option<Id>,
        /// The territory.
        territory_id: Option<Id>,
        /// The company of the same group above this one.
        parent_id: Option<Id>,
        /// Free notes.
        notes: String,
    }
}

text_enum! {
    /// What an address is for.
    AddressKind { #[default] /// Invoices and quotes [Rechnungsadresse].
    Billing = "billing", /// Goods [Lieferadresse].
    Delivery = "delivery", /// Visits [Standort].
    Site = "site" }
}

record! {
    /// Where a customer is [Adresse, Standort].
    Address, "address" {
        /// Whose.
        customer_id: Id,
        /// What for.
        kind: AddressKind,
        /// What people call it: “Werk 2”.
        label: String,
        /// Street without the house number.
        street: String,
        /// House number.
        house_number: String,
        /// Postal code.
        postal_code: String,
        /// Town.
        city: String,
        /// State or province, where the country's addresses need it.
        state: String,
        /// Country, ISO 3166-1 alpha-2.
        country: crate::Country,
        /// Degrees north × 10⁷.
        latitude: Option<i64>,
        /// Degrees east × 10⁷.
        longitude: Option<i64>,
        /// Whether it is the first choice of its kind.
        is_default: bool,
    }
}

text_enum! {
    /// How to address a person.
    Salutation { #[default] /// Not known.
    Unknown = "unknown", /// Frau.
    Ms = "ms", /// Herr.
    Mr = "mr", /// Divers: a neutral form.
    Diverse = "diverse" }
}

text_enum! {
    /// What a person decides on.
    ContactRole { #[default] /// Anything else.
    Other = "other", /// Decides.
    DecisionMaker = "decision_maker", /// Buys.
    Buyer = "buyer", /// Works with it.
    User = "user", /// Judges the technology.
    Technical = "technical" }
}

record! {
    /// A person at a customer [Kontaktperson].
    Contact, "contact" {
        /// Whose.
        customer_id: Id,
        /// How to address them.
        salutation: Salutation,
        /// Academic title: “Dr.”
        title: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Position: “Leitung Fertigung”.
        position: String,
        /// Department.
        department: String,
        /// What they decide on.
        role: ContactRole,
        /// What they are responsible for.
        responsibilities: String,
        /// Desk phone.
        phone: String,
        /// Mobile phone.
        mobile: String,
        /// E-mail address.
        email: String,
        /// Birthday.
        birthday: Option<crate::Day>,
        /// Free notes.
        notes: String,
        /// Whether they are the customer's main contact.
        is_primary: bool,
        /// When they agreed to marketing.
        marketing_consent_at: Option<crate::Instant>,
    }
}

record! {
    /// A class of customers [Kategorie].
    Category, "category" {
        /// Name.
        name: String,
        /// Colour, `#rrggbb`.
        colour: String,
    }
}

record! {
    /// A free label [Schlagwort].
    Tag, "tag" {
        /// Name.
        name: String,
        /// Colour, `#rrggbb`.
        colour: String,
    }
}

record! {
    /// A tag on a customer.
    CustomerTag, "customer_tag" {
        /// The customer.
        customer_id: Id,
        /// The tag.
        tag_id: Id,
    }
}
