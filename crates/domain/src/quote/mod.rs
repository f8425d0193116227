//! Quotes and their lines.

mod decide;
mod edit;
mod letter;
mod totals;

pub use decide::{Papers, copy_quote, decide_quote, delete_quote, hand_over, revise_quote};
pub use edit::{check_quote, create_quote, line_for, save_quote};
pub use letter::{Skonto, recipient, salutation_line, skonto};
pub use totals::{QuoteTotals, TaxShare, subtotals, totals};

use crate::{
    Day, Id, Instant, Money, Percent, Quantity, UnitPrice,
    record::{record, text_enum},
};

text_enum! {
    /// Where a quote stands.
    QuoteStatus { #[default] /// Entwurf.
    Draft = "draft", /// Gesendet.
    Sent = "sent", /// Akzeptiert.
    Accepted = "accepted", /// Abgelehnt.
    Rejected = "rejected", /// Abgelaufen.
    Expired = "expired", /// Umgewandelt.
    Converted = "converted" }
}

record! {
    /// An offer to a customer [Angebot].
    Quote, "quote" {
        /// The number that people read.
        number: String,
        /// 1, 2, 3 …: a sent quote is never changed, its next revision is.
        revision: i64,
        /// The quote that this is the next revision of.
        revises_id: Option<Id>,
        /// The opportunity that it belongs to.
        opportunity_id: Option<Id>,
        /// To whom.
        customer_id: Id,
        /// For whose attention.
        contact_id: Option<Id>,
        /// The address in the window; the customer's default where there is none.
        billing_address_id: Option<Id>,
        /// Where the goods go, if elsewhere.
        delivery_address_id: Option<Id>,
        /// What it is about, in one line; printed behind the number.
        subject: String,
        /// The customer's own reference.
        reference: String,
        /// Date of the offer.
        date: Day,
        /// Last day on which it can be accepted.
        valid_until: Day,
        /// Where it stands.
        status: QuoteStatus,
        /// ISO 4217 currency.
        currency: String,
        /// Language of the document.
        language: crate::Language,
        /// The text before the lines.
        intro_text: String,
        /// The text after the totals.
        closing_text: String,
        /// The payment terms.
        payment_terms_id: Option<Id>,
        /// When and how we deliver, in words.
        delivery_terms: String,
        /// The price list that new lines take their prices from.
        price_list_id: Option<Id>,
        /// Discount on the whole quote.
        discount: Percent,
        /// Sum of the lines that count, less the quote's discount.
        net_total: Money,
        /// Tax over all rates.
        tax_total: Money,
        /// What the customer pays.
        gross_total: Money,
        /// Notes that are not printed.
        notes: String,
        /// The responsible user.
        owner_id: Option<Id>,
        /// The territory.
        territory_id: Option<Id>,
        /// The picture of the customer's signature.
        signature_document_id: Option<Id>,
        /// Who signed.
        signed_name: String,
        /// Where.
        signed_place: String,
        /// When.
        signed_at: Option<Instant>,
        /// The PDF as it was handed over; never made anew.
        pdf_document_id: Option<Id>,
        /// When it was handed over.
        sent_at: Option<Instant>,
        /// When the customer decided.
        decided_at: Option<Instant>,
        /// Why the customer said no.
        rejected_reason: String,
    }
}

text_enum! {
    /// What a line is.
    LineKind { #[default] /// Sells something and counts.
    Article = "article", /// Says something.
    Text = "text", /// Sums up the lines above, back to the last subtotal.
    Subtotal = "subtotal", /// Could replace another line; does not count.
    Alternative = "alternative", /// Could be added; does not count.
    Optional = "optional" }
}

record! {
    /// A line of a quote [Angebotsposition].
    QuoteLine, "quote_line" {
        /// The quote.
        quote_id: Id,
        /// Its place, 1, 2, 3 …
        position: i64,
        /// What it is.
        kind: LineKind,
        /// The article that it was made from.
        article_id: Option<Id>,
        /// The article's number when it was made.
        article_number: String,
        /// What the customer reads; the first line is the name.
        description: String,
        /// How many.
        quantity: Quantity,
        /// The unit as printed.
        unit: String,
        /// Price per unit.
        unit_price: UnitPrice,
        /// Discount on this line.
        discount: Percent,
        /// The tax.
        tax_id: Option<Id>,
        /// The tax's rate when the line was made.
        tax_rate: Percent,
        /// The tax's kind when the line was made.
        tax_kind: crate::TaxKind,
        /// Quantity × price less discount, rounded once.
        net_total: Money,
    }
}
