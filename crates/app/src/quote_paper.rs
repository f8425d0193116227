//! A quote as paper prints it: its records gathered, its words chosen.

use chrono::Local;
use commands::Failure;
use domain::{
    Address, Contact, Customer, Instant, Language, Letterhead, LineKind, PaymentTerms, Quote,
    QuoteLine, Tax, User, format,
    quote::{recipient, salutation_line, skonto, subtotals, totals},
};
use paper::{PaperLine, PaperSignature, PaperTotals, QuotePaper, Sender, TaxRow};

use crate::{App, settings};

/// A signature drawn on the screen.
pub(crate) struct Signed {
    pub(crate) image: Vec<u8>,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) at: Instant,
}

/// The PDF's file name, as people would file it.
pub(crate) fn file_name(quote: &Quote) -> String {
    let safe: String = quote
        .number
        .chars()
        .map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' })
        .collect();
    let word = match quote.language {
        Language::De => "Angebot",
        Language::En => "Quote",
    };
    match quote.revision {
        ..=1 => format!("{word} {safe}.pdf"),
        revision => format!("{word} {safe} Rev. {revision}.pdf"),
    }
}

impl App {
    pub(crate) fn quote_paper(
        &self,
        quote: &Quote,
        lines: &[QuoteLine],
        is_draft: bool,
        signed: Option<Signed>,
    ) -> Result<QuotePaper, Failure> {
        let open = self.open()?;
        let store = &open.store;
        let letterhead: Letterhead = settings::get(store, settings::LETTERHEAD)?;
        let customer: Customer = store.get(quote.customer_id)?;
        let contact: Option<Contact> = quote.contact_id.map(|id| store.get(id)).transpose()?;
        let mut addresses: Vec<Address> = store.by("customer_id", customer.id)?;
        addresses.sort_by_key(|address| !address.is_default);
        let address = match quote.billing_address_id {
            Some(id) => addresses.iter().find(|address| address.id == id),
            None => addresses.first(),
        };
        let owner: Option<User> = quote.owner_id.map(|id| store.get(id)).transpose()?;
        let terms: Option<PaymentTerms> =
            quote.payment_terms_id.map(|id| store.get(id)).transpose()?;
        let taxes: Vec<Tax> = store.all()?;
        let logo = match letterhead.logo_document_id {
            Some(id) => Some(store.document(id)?.1),
            None => None,
        };
        let language = quote.language;
        let sums = totals(lines, quote.discount);
        let note = |tax: &Tax| match language {
            Language::De => tax.note_de.clone(),
            Language::En => tax.note_en.clone(),
        };
        let mut notes: Vec<String> = sums
            .taxes
            .iter()
            .filter_map(|share| taxes.iter().find(|tax| tax.kind == share.kind))
            .map(note)
            .filter(|note| !note.is_empty())
            .collect();
        notes.dedup();
        let owner_name = owner.as_ref().map_or_else(String::new, |owner| owner.name.clone());
        Ok(QuotePaper {
            language,
            sender: sender(&letterhead, logo),
            recipient: recipient(
                &customer,
                contact.as_ref(),
                address,
                &letterhead.country.0,
                language,
            ),
            number: quote.number.clone(),
            revision: quote.revision,
            subject: quote.subject.clone(),
            date: quote.date,
            valid_until: quote.valid_until,
            customer_number: customer.number.clone(),
            reference: quote.reference.clone(),
            our_contact: owner_name,
            our_phone: owner.as_ref().map_or_else(String::new, |owner| owner.phone.clone()),
            our_email: owner.as_ref().map_or_else(String::new, |owner| owner.email.clone()),
            salutation: salutation_line(contact.as_ref(), language),
            intro: quote.intro_text.clone(),
            lines: paper_lines(lines),
            currency: quote.currency.clone(),
            totals: PaperTotals {
                lines: sums.lines,
                discount_percent: quote.discount,
                discount: sums.discount,
                net: sums.net,
                taxes: sums
                    .taxes
                    .iter()
                    .map(|share| TaxRow {
                        rate: share.rate,
                        kind: share.kind,
                        base: share.base,
                        tax: share.tax,
                    })
                    .collect(),
                gross: sums.gross,
            },
            tax_notes: notes,
            due_days: terms.as_ref().map(|terms| terms.due_days),
            skonto: terms.as_ref().and_then(|terms| {
                let found = skonto(terms, quote.date, sums.gross)?;
                Some((terms.skonto, found.until, found.amount, found.pay))
            }),
            delivery: quote.delivery_terms.clone(),
            closing: quote.closing_text.clone(),
            signature: signed.map(|signed| PaperSignature {
                image: signed.image,
                name: signed.name,
                place: signed.place,
                at: signed_at(signed.at, language),
            }),
            is_draft,
            made_at: quote.updated_at,
        })
    }
}

fn signed_at(at: Instant, language: Language) -> String {
    let local = at.utc().with_timezone(&Local);
    let day = format::day(local.date_naive(), language);
    match language {
        Language::De => format!("{day}, {} Uhr", local.format("%H:%M")),
        Language::En => format!("{day}, {}", local.format("%H:%M")),
    }
}

fn sender(letterhead: &Letterhead, logo: Option<Vec<u8>>) -> Sender {
    Sender {
        company: letterhead.company.clone(),
        tagline: letterhead.tagline.clone(),
        logo,
        accent: letterhead.accent.clone(),
        street: letterhead.street.clone(),
        city: format!("{} {}", letterhead.postal_code, letterhead.city).trim().into(),
        phone: letterhead.phone.clone(),
        email: letterhead.email.clone(),
        website: letterhead.website.clone(),
        bank: letterhead.bank.clone(),
        iban: letterhead.iban.clone(),
        bic: letterhead.bic.clone(),
        register_court: letterhead.register_court.clone(),
        register_number: letterhead.register_number.clone(),
        seat: letterhead.seat.clone(),
        directors: letterhead.directors.clone(),
        vat_id: letterhead.vat_id.clone(),
        tax_number: letterhead.tax_number.clone(),
    }
}

/// Lines with the number that people count them by: texts and subtotals have none.
fn paper_lines(lines: &[QuoteLine]) -> Vec<PaperLine> {
    let mut counted = 0;
    lines
        .iter()
        .zip(subtotals(lines))
        .map(|(line, subtotal)| {
            let numbered = !matches!(line.kind, LineKind::Text | LineKind::Subtotal);
            counted += i64::from(numbered);
            PaperLine {
                kind: line.kind,
                position: if numbered { counted.to_string() } else { String::new() },
                article_number: line.article_number.clone(),
                description: line.description.clone(),
                quantity: line.quantity,
                unit: line.unit.clone(),
                unit_price: line.unit_price,
                discount: line.discount,
                net: subtotal.unwrap_or_else(|| line.net()),
                counts: line.counts(),
            }
        })
        .collect()
}
