//! After the totals: terms, closing words, greeting, signature.

use domain::format;

use super::{Flow, GREY, INK, LEFT, RIGHT, sheet::Corner};
use crate::{
    PaperError, PaperSignature,
    measure::{Type, cut, wrap},
    picture::decode,
};

/// Terms in two columns: what, and the words.
pub(super) fn terms(flow: &mut Flow<'_>) {
    let (paper, language) = (flow.paper, flow.language());
    let money = |amount| format::money(amount, &paper.currency, language);
    let mut payment = Vec::new();
    match paper.due_days {
        Some(0) => payment.push(flow.say("payment-now", &[])),
        Some(1) => payment.push(flow.say("payment-one", &[])),
        Some(days) => payment.push(flow.say("payment", &[("days", &days.to_string())])),
        None => {}
    }
    if let Some((percent, day, amount, pay)) = paper.skonto {
        payment.push(flow.say(
            "skonto",
            &[
                ("day", &format::day(day, language)),
                ("percent", &format::percent(percent, language)),
                ("amount", &money(amount)),
                ("pay", &money(pay)),
            ],
        ));
    }
    let validity = flow.say("validity", &[("day", &format::day(paper.valid_until, language))]);
    let rows = [
        ("label-payment", payment.join(" ")),
        ("label-delivery", paper.delivery.clone()),
        ("label-tax", paper.tax_notes.join(" ")),
        ("label-validity", validity),
    ];
    let kind = Type::plain(9);
    for (label, text) in rows.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        for (index, line) in wrap(&text, kind, RIGHT - LEFT - 26.0).into_iter().enumerate() {
            if !flow.fits(kind.leading()) {
                flow.new_page();
            }
            flow.y += kind.leading();
            if index == 0 {
                let label = flow.say(label, &[]);
                flow.left(LEFT, &label, Type::bold(9), INK);
            }
            flow.left(LEFT + 26.0, &line, kind, INK);
        }
        flow.y += 1.2;
    }
    flow.y += 2.0;
}

/// The closing words, the greeting, and the signature: the last two stay together.
pub(super) fn closing(flow: &mut Flow<'_>) -> Result<(), PaperError> {
    let kind = Type::plain(10);
    let paper = flow.paper;
    let signed = paper.signature.as_ref();
    let pixels = signed
        .map(|signed| decode(&signed.image).ok_or(PaperError::Image("signature")))
        .transpose()?;
    let signed_height = if pixels.is_some() { SIGNED } else { 0.0 };
    let below = 5.0 + 3.0 * kind.leading() + signed_height;
    let words = wrap(&paper.closing, kind, RIGHT - LEFT);
    // The greeting never stands alone at a page's top: short closing words go with it.
    let rows = u8::try_from(words.len()).unwrap_or(u8::MAX);
    if rows <= SHORT && !flow.fits(f32::from(rows) * kind.leading() + below) {
        flow.new_page();
    }
    flow.paragraph(&paper.closing, kind);
    if !flow.fits(below) {
        flow.new_page();
    }
    flow.y += 4.0;
    let greeting = flow.say("greeting", &[]);
    flow.paragraph(&greeting, kind);
    flow.y += 1.0;
    for name in [&paper.our_contact, &paper.sender.company] {
        flow.paragraph(&cut(name, kind, RIGHT - LEFT), kind);
        if paper.our_contact == paper.sender.company {
            break;
        }
    }
    if let Some((signed, pixels)) = signed.zip(pixels) {
        signature(flow, signed, pixels);
    }
    Ok(())
}

/// Closing words of at most this many rows stay with the greeting.
const SHORT: u8 = 8;
/// How much room the signature takes.
const SIGNED: f32 = 43.0;

fn signature(flow: &mut Flow<'_>, signed: &PaperSignature, pixels: image::DynamicImage) {
    let top = flow.y + 9.0;
    let accepted = flow.say("accepted", &[]);
    let at = match signed.place.as_str() {
        "" => flow.say("accepted-at-only", &[("at", &signed.at)]),
        place => flow.say("accepted-at", &[("place", place), ("at", &signed.at)]),
    };
    let accent = flow.accent;
    let (name, at) = (cut(&signed.name, Type::plain(9), 160.0), cut(&at, Type::plain(8), 160.0));
    let sheet = flow.sheet();
    sheet.text(LEFT, top, &accepted, Type::bold(9), accent);
    // It stands on its line, however flat it is.
    sheet.picture(pixels, (LEFT, top + 2.0), (70.0, 22.0), Corner::LowerLeft);
    sheet.line(LEFT, top + 25.0, LEFT + 80.0, top + 25.0, 0.2, INK);
    sheet.text(LEFT, top + 29.5, &name, Type::plain(9), INK);
    sheet.text(LEFT, top + 33.5, &at, Type::plain(8), GREY);
    flow.y = top + 34.0;
}
