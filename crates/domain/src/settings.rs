//! The company's settings, each kept as one [`crate::Setting`] of JSON.

use serde::{Deserialize, Serialize};

use crate::{Country, Id};

/// The company as its paper shows it: what § 35a GmbHG wants on a business letter, and how to
/// reach and pay it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Letterhead {
    /// Name with legal form: “Krüger Schweißtechnik GmbH”.
    pub company: String,
    /// What it does, below the logo: “Schweißtechnik”.
    pub tagline: String,
    /// Street and house number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// Country.
    pub country: Country,
    /// Phone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Web site.
    pub website: String,
    /// Bank's name.
    pub bank: String,
    /// IBAN, without blanks.
    pub iban: String,
    /// BIC.
    pub bic: String,
    /// Register court: “Amtsgericht Hamburg”.
    pub register_court: String,
    /// Register number: “HRB 12345”.
    pub register_number: String,
    /// Seat.
    pub seat: String,
    /// All directors, with a full first name.
    pub directors: String,
    /// VAT identification number.
    pub vat_id: String,
    /// Tax number.
    pub tax_number: String,
    /// The logo's document.
    pub logo_document_id: Option<Id>,
    /// Accent colour, `#rrggbb`.
    pub accent: String,
    /// Whether the company charges no tax (§ 19 UStG).
    pub small_business: bool,
}

/// How numbers made on this device look; `{year}` and `{n}` stand for the year and the number,
/// `{n:4}` for the number with four digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbering {
    /// Customers: `K-{n:5}`.
    pub customer: String,
    /// Opportunities: `VC-{year}-{n:4}`.
    pub opportunity: String,
    /// Quotes: `AN-{year}-{n:4}`.
    pub quote: String,
}

impl Default for Numbering {
    fn default() -> Self {
        Self {
            customer: "K-{n:5}".into(),
            opportunity: "VC-{year}-{n:4}".into(),
            quote: "AN-{year}-{n:4}".into(),
        }
    }
}

/// The texts that a new quote begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuoteTexts {
    /// Before the lines, German.
    pub intro_de: String,
    /// Before the lines, English.
    pub intro_en: String,
    /// After the totals, German.
    pub closing_de: String,
    /// After the totals, English.
    pub closing_en: String,
    /// Delivery terms, German.
    pub delivery_de: String,
    /// Delivery terms, English.
    pub delivery_en: String,
    /// How many days a quote is valid.
    pub validity_days: i64,
}

impl Default for QuoteTexts {
    fn default() -> Self {
        Self {
            intro_de: "vielen Dank für Ihr Interesse. Gern bieten wir Ihnen an:".into(),
            intro_en: "Thank you for your interest. We are pleased to offer you:".into(),
            closing_de:
                "Wir freuen uns auf Ihren Auftrag. Für Fragen sind wir jederzeit für Sie da.".into(),
            closing_en: "We look forward to your order and are happy to answer any questions."
                .into(),
            delivery_de: "Lieferzeit etwa 2 Wochen ab Auftragseingang, frei Haus.".into(),
            delivery_en: "Delivery about 2 weeks after receipt of order, carriage paid.".into(),
            validity_days: 30,
        }
    }
}

/// What speaks against a letterhead as it is typed.
#[must_use]
pub fn check_letterhead(letterhead: &Letterhead) -> Vec<crate::Refusal> {
    use crate::text::{LINE, check_length, check_there};
    let mut refusals = Vec::new();
    check_there(&mut refusals, "company", &letterhead.company);
    check_length(&mut refusals, "company", &letterhead.company, LINE);
    check_length(&mut refusals, "directors", &letterhead.directors, LINE);
    if !letterhead.iban.is_empty() {
        refusals.extend(crate::check_iban(&letterhead.iban).err().map(|r| r.at("iban")));
    }
    if !letterhead.vat_id.is_empty() {
        refusals.extend(crate::check_vat_id(&letterhead.vat_id).err().map(|r| r.at("vat_id")));
    }
    if !letterhead.email.is_empty() {
        refusals.extend(crate::check_email(&letterhead.email).err().map(|r| r.at("email")));
    }
    refusals
}
