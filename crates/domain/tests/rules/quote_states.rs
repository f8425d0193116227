use domain::{
    ChangeKind, Changeset, Document, LineKind, Percent, Quantity, Quote, QuoteLine, QuoteStatus,
    UnitPrice,
    quote::{
        Papers, check_quote, copy_quote, decide_quote, delete_quote, hand_over, revise_quote,
        save_quote, totals,
    },
};

use crate::{codes, id, with_context};

fn quote(status: QuoteStatus) -> Quote {
    Quote {
        id: id(10),
        number: "AN-2026-0431".into(),
        revision: 1,
        customer_id: id(20),
        status,
        date: "2026-11-01".parse().unwrap(),
        valid_until: "2026-12-01".parse().unwrap(),
        ..Quote::default()
    }
}

fn lines() -> Vec<QuoteLine> {
    let line = |number: u128, kind| QuoteLine {
        id: id(number),
        quote_id: id(10),
        kind,
        quantity: Quantity::whole(2),
        unit_price: UnitPrice::whole(50),
        tax_rate: Percent::whole(19),
        ..QuoteLine::default()
    };
    vec![line(11, LineKind::Article), line(12, LineKind::Optional)]
}

fn papers(signed: bool) -> Papers {
    let document = || (Document::default(), " Anna Jäger ".to_owned(), "Stuttgart".to_owned());
    Papers { pdf: Document::default(), signature: signed.then(document) }
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Save,
    Send,
    Sign,
    Decide(QuoteStatus),
    Revise,
    Copy,
    Delete,
}

/// What an action does to a quote in some status: its changeset and the status after it.
fn act(action: Action, status: QuoteStatus) -> Result<Changeset, domain::Refused> {
    let (quote, lines) = (quote(status), lines());
    with_context(|context| match action {
        Action::Save => {
            let new = Quote { subject: "Neu".into(), ..quote.clone() };
            save_quote((&quote, &lines), new, lines.clone(), context).map(|done| done.0)
        }
        Action::Send => hand_over(&quote, &lines, papers(false), context).map(|done| done.0),
        Action::Sign => hand_over(&quote, &lines, papers(true), context).map(|done| done.0),
        Action::Decide(status) => decide_quote(&quote, status, "zu teuer", context),
        Action::Revise => revise_quote(&quote, &lines, 1, context).map(|done| done.0),
        Action::Copy => Ok(copy_quote(&quote, &lines, "AN-2026-0500".into(), context).0),
        Action::Delete => delete_quote(&quote, &lines, context),
    })
}

#[test]
fn every_action_in_every_status_is_decided() {
    use QuoteStatus::{Accepted, Converted, Draft, Expired, Rejected, Sent};
    let all = [Draft, Sent, Accepted, Rejected, Expired, Converted];
    assert_eq!(all, QuoteStatus::ALL);
    let (frozen, no) = (Some("quote-frozen"), Some("status-change"));
    // Refusals in the order of `all`; none where the action is done.
    for (action, refusals) in [
        (Action::Save, [None, frozen, frozen, frozen, frozen, frozen]),
        (Action::Send, [None, frozen, frozen, frozen, frozen, frozen]),
        (Action::Sign, [None, frozen, frozen, frozen, frozen, frozen]),
        (Action::Delete, [None, frozen, frozen, frozen, frozen, frozen]),
        (Action::Decide(Draft), [no, no, no, no, no, no]),
        (Action::Decide(Sent), [no, no, no, no, no, no]),
        (Action::Decide(Accepted), [no, None, no, no, None, no]),
        (Action::Decide(Rejected), [no, None, no, no, None, no]),
        (Action::Decide(Expired), [no, None, no, no, no, no]),
        (Action::Decide(Converted), [no, no, no, no, no, no]),
        (Action::Revise, [Some("quote-draft"), None, None, None, None, None]),
        (Action::Copy, [None; 6]),
    ] {
        for (status, refusal) in all.into_iter().zip(refusals) {
            let expected: Vec<String> = refusal.into_iter().map(String::from).collect();
            assert_eq!(codes(act(action, status)), expected, "{action:?} when {status}");
        }
    }
}

/// Whatever is done to a quote that was handed over: its lines stay, and of itself only what
/// says how it was decided changes.
#[test]
fn what_was_handed_over_never_changes() {
    let decided = ["decided_at", "rejected_reason", "status", "updated_at", "updated_by"];
    let mut actions = vec![
        Action::Save,
        Action::Send,
        Action::Sign,
        Action::Revise,
        Action::Copy,
        Action::Delete,
    ];
    actions.extend(QuoteStatus::ALL.iter().map(|status| Action::Decide(*status)));
    for status in QuoteStatus::ALL.iter().filter(|status| **status != QuoteStatus::Draft) {
        for action in &actions {
            let Ok(changeset) = act(*action, *status) else { continue };
            for change in &changeset.changes {
                match change.kind {
                    // A new revision or copy: records of their own.
                    ChangeKind::Insert => assert!(change.id >= id(1_000)),
                    ChangeKind::Update => {
                        assert_eq!(change.id, id(10), "{action:?} when {status}");
                        let fields: Vec<_> = change.fields.keys().map(String::as_str).collect();
                        assert!(fields.iter().all(|name| decided.contains(name)), "{fields:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn handing_over_keeps_the_paper_and_signing_accepts() {
    let (draft, lines) = (quote(QuoteStatus::Draft), lines());
    let (changeset, sent) =
        with_context(|context| hand_over(&draft, &lines, papers(false), context)).unwrap();
    assert_eq!(changeset.operation, "quote.send");
    assert_eq!(sent.status, QuoteStatus::Sent);
    assert!(sent.pdf_document_id.is_some() && sent.sent_at.is_some() && sent.decided_at.is_none());
    let (changeset, signed) =
        with_context(|context| hand_over(&draft, &lines, papers(true), context)).unwrap();
    assert_eq!(changeset.operation, "quote.sign");
    assert_eq!(signed.status, QuoteStatus::Accepted);
    assert_eq!(
        (signed.signed_name.as_str(), signed.signed_place.as_str()),
        ("Anna Jäger", "Stuttgart")
    );
    assert!(signed.signature_document_id.is_some() && signed.signed_at == signed.decided_at);
    // Nobody signs without a name, nothing is handed over without an article.
    let mut nameless = papers(true);
    nameless.signature = Some((Document::default(), " \n".into(), String::new()));
    assert_eq!(
        codes(with_context(|context| hand_over(&draft, &lines, nameless, context))),
        ["needed"]
    );
    for lines in [&[][..], &lines[1..]] {
        let refused = with_context(|context| hand_over(&draft, lines, papers(false), context));
        assert_eq!(codes(refused), ["quote-empty"]);
    }
}

#[test]
fn revisions_are_numbered_on_and_begin_as_drafts() {
    let mut of = Quote { sent_at: Some(domain::Instant::default()), ..quote(QuoteStatus::Sent) };
    of.signed_name = "Anna Jäger".into();
    of.pdf_document_id = Some(id(30));
    let lines = lines();
    for last in 1..5 {
        let (changeset, next) =
            with_context(|context| revise_quote(&of, &lines, last, context)).unwrap();
        assert_eq!((next.revision, next.revises_id), (last + 1, Some(of.id)));
        assert_eq!((next.status, next.number.as_str()), (QuoteStatus::Draft, "AN-2026-0431"));
        // As long valid as before, from today on.
        assert_eq!(next.date.to_string(), "2026-11-21");
        assert_eq!(next.valid_until.to_string(), "2026-12-21");
        assert_eq!((next.pdf_document_id, next.sent_at), (None, None));
        assert!(next.signed_name.is_empty());
        assert_eq!(changeset.changes.len(), 1 + lines.len());
        of = Quote { status: QuoteStatus::Rejected, ..next };
    }
    let (_, copy) = with_context(|context| copy_quote(&of, &lines, "AN-2026-0500".into(), context));
    assert_eq!((copy.revision, copy.revises_id, copy.number.as_str()), (1, None, "AN-2026-0500"));
}

/// A form may send anything; what has operations of its own stays, sums are computed.
#[test]
fn saving_takes_only_what_a_form_may_say() {
    let (draft, lines) = (quote(QuoteStatus::Draft), lines());
    let sly = Quote {
        id: id(99),
        number: "AN-1".into(),
        revision: 7,
        customer_id: id(98),
        status: QuoteStatus::Accepted,
        signed_name: "Niemand".into(),
        signed_place: "Nirgends".into(),
        rejected_reason: "x".into(),
        pdf_document_id: Some(id(97)),
        sent_at: Some(domain::Instant::default()),
        net_total: domain::Money(1),
        discount: Percent::whole(10),
        subject: "  Neu\u{7} ".into(),
        ..draft.clone()
    };
    let mut kept = lines.clone();
    kept.remove(1);
    kept[0].net_total = domain::Money(1);
    kept.push(QuoteLine { quote_id: id(96), id: domain::Id::NIL, ..lines[0].clone() });
    let (changeset, saved, saved_lines) =
        with_context(|context| save_quote((&draft, &lines), sly, kept, context)).unwrap();
    let expected = Quote {
        subject: "Neu".into(),
        discount: Percent::whole(10),
        net_total: domain::Money(18_000),
        tax_total: domain::Money(3_420),
        gross_total: domain::Money(21_420),
        updated_at: saved.updated_at,
        updated_by: saved.updated_by,
        ..draft
    };
    assert_eq!(saved, expected);
    assert_eq!(totals(&saved_lines, saved.discount).gross, saved.gross_total);
    let places: Vec<_> = saved_lines.iter().map(|line| (line.position, line.quote_id)).collect();
    assert_eq!(places, [(1, id(10)), (2, id(10))]);
    let deleted = changeset.changes.iter().find(|change| change.id == id(12)).unwrap();
    assert!(deleted.fields.contains_key("deleted_at"));
}

#[test]
fn what_cannot_be_is_refused_at_its_field() {
    let good = quote(QuoteStatus::Draft);
    let lines = lines();
    assert_eq!(check_quote(&good, &lines), []);
    let field = |quote: &Quote, lines: &[QuoteLine]| -> Vec<(String, String)> {
        let refusals = check_quote(quote, lines).into_iter();
        refusals.map(|r| (r.code, r.field.unwrap_or_default())).collect()
    };
    let one = |code: &str, at: &str| vec![(code.to_owned(), at.to_owned())];
    let early = Quote { valid_until: "2026-10-31".parse().unwrap(), ..good.clone() };
    assert_eq!(field(&early, &lines), one("valid-before-date", "valid_until"));
    for discount in [-1, 10_001] {
        let quote = Quote { discount: Percent(discount), ..good.clone() };
        assert_eq!(field(&quote, &lines), one("percent-range", "discount"));
        let mut lines = lines.clone();
        lines[1].discount = Percent(discount);
        assert_eq!(field(&good, &lines), one("percent-range", "lines.1.discount"));
    }
    for (quantity, price, at) in [
        (i64::MIN, 1, "lines.0.quantity"),
        (1_000_000_000_001, 1, "lines.0.quantity"),
        (1, i64::MIN, "lines.0.unit_price"),
        (1, 10_000_000_000_001, "lines.0.unit_price"),
    ] {
        let mut lines = lines.clone();
        (lines[0].quantity, lines[0].unit_price) = (Quantity(quantity), UnitPrice(price));
        assert_eq!(field(&good, &lines), one("too-large", at));
    }
}
