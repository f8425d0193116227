//! What is printed: plain words and amounts, no records.

use domain::{Day, Instant, Language, LineKind, Money, Percent, Quantity, TaxKind, UnitPrice};

/// A quote as it is printed. Empty texts leave no hole.
#[derive(Clone, Debug, Default)]
pub struct QuotePaper {
    /// Language of the document.
    pub language: Language,
    /// Who writes.
    pub sender: Sender,
    /// The lines of the address window, at most six are shown.
    pub recipient: Vec<String>,
    /// The quote's number.
    pub number: String,
    /// Its revision; 1 is not shown.
    pub revision: i64,
    /// What it is about.
    pub subject: String,
    /// Date of the offer.
    pub date: Day,
    /// Last day on which it can be accepted.
    pub valid_until: Day,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's reference.
    pub reference: String,
    /// Whom to ask.
    pub our_contact: String,
    /// Their phone number.
    pub our_phone: String,
    /// Their e-mail address.
    pub our_email: String,
    /// “Sehr geehrte Frau Dr. Jäger,”
    pub salutation: String,
    /// Text before the lines.
    pub intro: String,
    /// The lines.
    pub lines: Vec<PaperLine>,
    /// ISO 4217.
    pub currency: String,
    /// What it comes to.
    pub totals: PaperTotals,
    /// Notes that the law wants (§ 14, § 14a, § 19 UStG).
    pub tax_notes: Vec<String>,
    /// Days until the full amount is due; none: not mentioned.
    pub due_days: Option<i64>,
    /// Skonto: percent, last day, what it takes off, what is paid then.
    pub skonto: Option<(Percent, Day, Money, Money)>,
    /// Delivery terms.
    pub delivery: String,
    /// Text after the totals.
    pub closing: String,
    /// The customer's signature.
    pub signature: Option<PaperSignature>,
    /// Whether it is marked as a draft.
    pub is_draft: bool,
    /// When it was made; the PDF's own date.
    pub made_at: Instant,
}

/// Who writes: letterhead and footer.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    /// Name with legal form.
    pub company: String,
    /// What it does.
    pub tagline: String,
    /// Logo, PNG or JPEG.
    pub logo: Option<Vec<u8>>,
    /// Accent colour, `#rrggbb`.
    pub accent: String,
    /// Street and house number.
    pub street: String,
    /// Postal code and town.
    pub city: String,
    /// Phone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Web site.
    pub website: String,
    /// Bank.
    pub bank: String,
    /// IBAN.
    pub iban: String,
    /// BIC.
    pub bic: String,
    /// Register court.
    pub register_court: String,
    /// Register number.
    pub register_number: String,
    /// Seat.
    pub seat: String,
    /// Directors.
    pub directors: String,
    /// VAT id.
    pub vat_id: String,
    /// Tax number.
    pub tax_number: String,
}

/// A line.
#[derive(Clone, Debug, Default)]
pub struct PaperLine {
    /// What it is.
    pub kind: LineKind,
    /// The number that people count it by; empty for texts and subtotals.
    pub position: String,
    /// Article number.
    pub article_number: String,
    /// What the customer reads; the first line stands out.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// Unit.
    pub unit: String,
    /// Price per unit.
    pub unit_price: UnitPrice,
    /// Discount.
    pub discount: Percent,
    /// The line's net; a subtotal's sum.
    pub net: Money,
    /// Whether it is part of the sum.
    pub counts: bool,
}

/// What it comes to.
#[derive(Clone, Debug, Default)]
pub struct PaperTotals {
    /// Sum of the lines.
    pub lines: Money,
    /// Discount on the whole.
    pub discount_percent: Percent,
    /// What that takes off.
    pub discount: Money,
    /// Net.
    pub net: Money,
    /// Tax of each rate.
    pub taxes: Vec<TaxRow>,
    /// Gross.
    pub gross: Money,
}

/// The tax of a rate.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaxRow {
    /// The rate.
    pub rate: Percent,
    /// Why it is that rate.
    pub kind: TaxKind,
    /// What it is taken of.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

/// The customer's signature.
#[derive(Clone, Debug, Default)]
pub struct PaperSignature {
    /// PNG.
    pub image: Vec<u8>,
    /// Who signed.
    pub name: String,
    /// Where.
    pub place: String,
    /// When, as it is printed.
    pub at: String,
}
