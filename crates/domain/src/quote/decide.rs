use super::{Quote, QuoteLine, QuoteStatus, edit::check_draft};
use crate::{Changeset, Context, Document, Refusal, Refused, text::tidy_line};

impl QuoteStatus {
    /// Whether a quote may go from this status to that. Nothing goes back to draft: the next
    /// revision does.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Draft => matches!(next, Self::Sent | Self::Accepted),
            Self::Sent => matches!(next, Self::Accepted | Self::Rejected | Self::Expired),
            Self::Expired => matches!(next, Self::Accepted | Self::Rejected),
            Self::Accepted => matches!(next, Self::Converted),
            Self::Rejected | Self::Converted => false,
        }
    }
}

/// A quote's PDF and signature, to be kept as documents beside it.
pub struct Papers {
    /// The PDF as it is handed over.
    pub pdf: Document,
    /// The signature's picture with who signed and where.
    pub signature: Option<(Document, String, String)>,
}

fn check_not_empty(lines: &[QuoteLine]) -> Result<(), Refused> {
    if lines.iter().any(QuoteLine::counts) {
        return Ok(());
    }
    Err(Refusal::new("quote-empty", "The quote has no line with an article yet.").into())
}

/// Freezes a draft with its PDF: handed over, or accepted at once when it was signed.
///
/// # Errors
/// When it is no draft, or has nothing in it.
pub fn hand_over(
    quote: &Quote,
    lines: &[QuoteLine],
    papers: Papers,
    context: &mut Context<'_>,
) -> Result<(Changeset, Quote), Refused> {
    check_draft(quote)?;
    check_not_empty(lines)?;
    let operation = if papers.signature.is_some() { "quote.sign" } else { "quote.send" };
    let mut changeset = Changeset::new(operation, &*quote.number, context);
    let mut handed = Quote {
        status: QuoteStatus::Sent,
        sent_at: Some(context.now),
        pdf_document_id: Some(changeset.insert(papers.pdf, context).id),
        ..quote.clone()
    };
    if let Some((document, mut name, mut place)) = papers.signature {
        tidy_line(&mut name);
        tidy_line(&mut place);
        if name.is_empty() {
            return Err(Refusal::new("needed", "Please fill this in.").at("name").into());
        }
        handed = Quote {
            status: QuoteStatus::Accepted,
            decided_at: Some(context.now),
            signature_document_id: Some(changeset.insert(document, context).id),
            signed_name: name,
            signed_place: place,
            signed_at: Some(context.now),
            ..handed
        };
    }
    let handed = changeset.update(quote, handed, context);
    Ok((changeset, handed))
}

/// The customer said yes or no, or the validity ended.
///
/// # Errors
/// When the quote's status does not allow it.
pub fn decide_quote(
    quote: &Quote,
    status: QuoteStatus,
    reason: &str,
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    let operation = match status {
        QuoteStatus::Accepted => "quote.accept",
        QuoteStatus::Rejected => "quote.reject",
        QuoteStatus::Expired => "quote.expire",
        QuoteStatus::Draft | QuoteStatus::Sent | QuoteStatus::Converted => "",
    };
    // A draft is handed over or signed, never just decided.
    let may = quote.status != QuoteStatus::Draft && quote.status.may_become(status);
    if operation.is_empty() || !may {
        return Err(Refusal::new("status-change", "Its status does not allow this any more.")
            .with("from", quote.status)
            .with("to", status)
            .into());
    }
    let mut reason = reason.to_owned();
    tidy_line(&mut reason);
    let mut changeset = Changeset::new(operation, &*quote.number, context);
    let decided = Quote {
        status,
        decided_at: Some(context.now),
        rejected_reason: if status == QuoteStatus::Rejected { reason } else { String::new() },
        ..quote.clone()
    };
    changeset.update(quote, decided, context);
    Ok(changeset)
}

/// Makes the next revision as a draft; the quote itself and its PDF stay as they are.
///
/// # Errors
/// When the quote is a draft itself.
pub fn revise_quote(
    quote: &Quote,
    lines: &[QuoteLine],
    last_revision: i64,
    context: &mut Context<'_>,
) -> Result<(Changeset, Quote), Refused> {
    if quote.status == QuoteStatus::Draft {
        return Err(Refusal::new("quote-draft", "A draft can be changed as it is.").into());
    }
    let mut changeset = Changeset::new("quote.revise", &*quote.number, context);
    let revision = Quote {
        revision: last_revision + 1,
        revises_id: Some(quote.id),
        ..as_draft(quote, context)
    };
    let made = copy_into(&mut changeset, revision, lines, context);
    Ok((changeset, made))
}

/// Makes a new draft with the same lines, under a number of its own.
pub fn copy_quote(
    quote: &Quote,
    lines: &[QuoteLine],
    number: String,
    context: &mut Context<'_>,
) -> (Changeset, Quote) {
    let mut changeset = Changeset::new("quote.copy", &*number, context);
    let copy = Quote { number, revision: 1, revises_id: None, ..as_draft(quote, context) };
    let made = copy_into(&mut changeset, copy, lines, context);
    (changeset, made)
}

fn as_draft(quote: &Quote, context: &Context<'_>) -> Quote {
    let validity = quote.valid_until - quote.date;
    Quote {
        id: crate::Id::NIL,
        status: QuoteStatus::Draft,
        date: context.today,
        valid_until: context.today + validity,
        signature_document_id: None,
        signed_name: String::new(),
        signed_place: String::new(),
        signed_at: None,
        pdf_document_id: None,
        sent_at: None,
        decided_at: None,
        rejected_reason: String::new(),
        ..quote.clone()
    }
}

fn copy_into(
    changeset: &mut Changeset,
    quote: Quote,
    lines: &[QuoteLine],
    context: &mut Context<'_>,
) -> Quote {
    let quote = changeset.insert(quote, context);
    for line in lines {
        let copy = QuoteLine { id: crate::Id::NIL, quote_id: quote.id, ..line.clone() };
        changeset.insert(copy, context);
    }
    quote
}

/// Deletes a draft with its lines.
///
/// # Errors
/// When it was handed over.
pub fn delete_quote(
    quote: &Quote,
    lines: &[QuoteLine],
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    check_draft(quote)?;
    let mut changeset = Changeset::new("quote.delete", &*quote.number, context);
    for line in lines {
        changeset.delete(line, context);
    }
    changeset.delete(quote, context);
    Ok(changeset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_status_is_decided() {
        use QuoteStatus::{Accepted, Converted, Draft, Expired, Rejected, Sent};
        let allowed = [
            (Draft, Sent),
            (Draft, Accepted),
            (Sent, Accepted),
            (Sent, Rejected),
            (Sent, Expired),
            (Expired, Accepted),
            (Expired, Rejected),
            (Accepted, Converted),
        ];
        for from in QuoteStatus::ALL {
            for to in QuoteStatus::ALL {
                assert_eq!(from.may_become(*to), allowed.contains(&(*from, *to)), "{from} {to}");
            }
        }
    }
}
