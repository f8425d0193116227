use super::{LineKind, Quote, QuoteLine, QuoteStatus, totals};
use crate::{
    Article, Changeset, Context, Customer, Id, Language, Percent, Quantity, QuoteTexts, Refusal,
    Refused, Tax, Unit, UnitPrice,
    customer::{check_fresh, percent_refusal},
    text::{BODY, LINE, check_length, tidy_body, tidy_line},
    value::check_day,
};

/// What speaks against a quote and its lines as they are typed; a line's field is named
/// `lines.<index>.<field>`.
#[must_use]
pub fn check_quote(quote: &Quote, lines: &[QuoteLine]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    check_length(&mut refusals, "subject", &quote.subject, LINE);
    check_length(&mut refusals, "intro_text", &quote.intro_text, BODY);
    check_length(&mut refusals, "closing_text", &quote.closing_text, BODY);
    check_day(&mut refusals, "date", Some(quote.date));
    check_day(&mut refusals, "valid_until", Some(quote.valid_until));
    if quote.valid_until < quote.date {
        refusals.push(
            Refusal::new("valid-before-date", "The validity ends before the quote's date.")
                .at("valid_until"),
        );
    }
    let in_range = |share: Percent| (Percent::ZERO..=Percent::whole(100)).contains(&share);
    if !in_range(quote.discount) {
        refusals.push(percent_refusal("discount"));
    }
    for (index, line) in lines.iter().enumerate() {
        let field = |name: &str| format!("lines.{index}.{name}");
        check_length(&mut refusals, &field("description"), &line.description, BODY);
        if !in_range(line.discount) {
            refusals.push(percent_refusal(&field("discount")));
        }
        // 1,000 million: far above any quote, far below what overflows.
        for (name, is_too_large) in [
            ("quantity", line.quantity.0.unsigned_abs() > 1_000_000_000_000),
            ("unit_price", line.unit_price.0.unsigned_abs() > 10_000_000_000_000),
        ] {
            if is_too_large {
                let refusal = Refusal::new("too-large", "This number is too large.");
                refusals.push(refusal.at(field(name)));
            }
        }
    }
    refusals
}

/// Makes a draft with the customer's terms and the company's texts.
///
/// # Errors
/// When the customer is blocked.
pub fn create_quote(
    customer: &Customer,
    number: String,
    opportunity_id: Option<Id>,
    contact_id: Option<Id>,
    texts: &QuoteTexts,
    context: &mut Context<'_>,
) -> Result<(Changeset, Quote), Refused> {
    if customer.status == crate::CustomerStatus::Blocked {
        return Err(Refusal::new(
            "customer-blocked",
            "This customer is blocked: no new quotes until that is lifted.",
        )
        .into());
    }
    let (intro, closing, delivery) = match customer.language {
        Language::De => (&texts.intro_de, &texts.closing_de, &texts.delivery_de),
        Language::En => (&texts.intro_en, &texts.closing_en, &texts.delivery_en),
    };
    let validity = chrono::Days::new(u64::try_from(texts.validity_days).unwrap_or(30));
    let quote = Quote {
        number,
        revision: 1,
        opportunity_id,
        customer_id: customer.id,
        contact_id,
        date: context.today,
        valid_until: context.today.checked_add_days(validity).unwrap_or(context.today),
        currency: "EUR".into(),
        language: customer.language,
        intro_text: intro.clone(),
        closing_text: closing.clone(),
        payment_terms_id: customer.payment_terms_id,
        delivery_terms: delivery.clone(),
        price_list_id: customer.price_list_id,
        discount: customer.discount,
        owner_id: Some(context.user_id),
        territory_id: customer.territory_id,
        ..Quote::default()
    };
    let mut changeset = Changeset::new("quote.create", &*quote.number, context);
    let quote = changeset.insert(quote, context);
    Ok((changeset, quote))
}

/// A line for an article in the quote's language.
#[must_use]
pub fn line_for(
    quote: &Quote,
    article: &Article,
    unit: &Unit,
    tax: &Tax,
    unit_price: UnitPrice,
    quantity: Quantity,
) -> QuoteLine {
    let (name, unit) = match quote.language {
        Language::En if !article.name_en.is_empty() => (&article.name_en, &unit.name_en),
        Language::En => (&article.name, &unit.name_en),
        Language::De => (&article.name, &unit.name_de),
    };
    let description = match (quote.language, article.description.as_str()) {
        (Language::De, description) if !description.is_empty() => format!("{name}\n{description}"),
        _ => name.clone(),
    };
    let mut line = QuoteLine {
        quote_id: quote.id,
        kind: LineKind::Article,
        article_id: Some(article.id),
        article_number: article.number.clone(),
        description,
        quantity,
        unit: unit.clone(),
        unit_price,
        tax_id: Some(tax.id),
        tax_rate: tax.rate,
        tax_kind: tax.kind,
        ..QuoteLine::default()
    };
    line.net_total = line.net();
    line
}

/// Saves a draft with its lines as they shall be; missing ones are deleted, totals computed.
///
/// # Errors
/// Everything that speaks against it; a quote that was sent is never changed.
pub fn save_quote(
    (old, old_lines): (&Quote, &[QuoteLine]),
    mut new: Quote,
    lines: Vec<QuoteLine>,
    context: &mut Context<'_>,
) -> Result<(Changeset, Quote, Vec<QuoteLine>), Refused> {
    check_draft(old)?;
    tidy_line(&mut new.subject);
    tidy_line(&mut new.reference);
    for text in
        [&mut new.intro_text, &mut new.closing_text, &mut new.delivery_terms, &mut new.notes]
    {
        tidy_body(text);
    }
    let mut refusals = check_fresh(Some(old), &new);
    refusals.extend(check_quote(&new, &lines));
    Refused::unless_empty(refusals)?;
    // What has operations of its own stays as it was.
    new = Quote {
        id: old.id,
        number: old.number.clone(),
        revision: old.revision,
        revises_id: old.revises_id,
        customer_id: old.customer_id,
        status: old.status,
        signature_document_id: old.signature_document_id,
        pdf_document_id: old.pdf_document_id,
        signed_name: old.signed_name.clone(),
        signed_place: old.signed_place.clone(),
        signed_at: old.signed_at,
        rejected_reason: old.rejected_reason.clone(),
        sent_at: old.sent_at,
        decided_at: old.decided_at,
        ..new
    };
    let sums = totals(&lines, new.discount);
    (new.net_total, new.tax_total, new.gross_total) = (sums.net, sums.tax, sums.gross);
    let mut changeset = Changeset::new("quote.save", &*old.number, context);
    for gone in old_lines.iter().filter(|old| lines.iter().all(|new| new.id != old.id)) {
        changeset.delete(gone, context);
    }
    let mut saved_lines = Vec::with_capacity(lines.len());
    for (position, mut line) in (1..).zip(lines) {
        tidy_body(&mut line.description);
        tidy_line(&mut line.unit);
        line.quote_id = old.id;
        line.position = position;
        line.net_total = line.net();
        saved_lines.push(match old_lines.iter().find(|old| old.id == line.id) {
            Some(before) => changeset.update(before, line, context),
            None => changeset.insert(line, context),
        });
    }
    let saved = changeset.update(old, new, context);
    Ok((changeset, saved, saved_lines))
}

pub(super) fn check_draft(quote: &Quote) -> Result<(), Refused> {
    if quote.status == QuoteStatus::Draft {
        return Ok(());
    }
    Err(Refusal::new(
        "quote-frozen",
        "This quote was handed over and is not changed any more. Make its next revision.",
    )
    .into())
}
