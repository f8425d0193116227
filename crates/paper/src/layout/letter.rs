//! Around the table: letterhead, address window, opening, terms, signature, footer.

use domain::format;

use super::{Flow, GREY, INK, LEFT, RIGHT, RULE};
use crate::{
    PaperError,
    draw::decode,
    measure::{Type, wrap},
};

/// DIN 5008 form B: the address zone begins at 45 mm, its recipient at 62.7 mm.
const WINDOW_TOP: f32 = 45.0;
const RECIPIENT: f32 = 64.5;
/// The information block begins here.
const INFO: f32 = 125.0;
/// The first line of the letter, below the window's end at 90 mm.
const SUBJECT: f32 = 103.0;

pub(super) fn head(flow: &mut Flow<'_>) -> Result<(), PaperError> {
    let paper = flow.paper;
    let sender = &paper.sender;
    let accent = flow.accent;
    let sheet = flow.sheet();
    match &sender.logo {
        Some(logo) => {
            let pixels = decode(logo).ok_or(PaperError::Image("logo"))?;
            sheet.picture(pixels, (RIGHT - 70.0, 12.0), (70.0, 22.0), true);
        }
        None => {
            let kind = if Type::bold(18).width(&sender.company) > 120.0 { 12 } else { 18 };
            sheet.text_right(RIGHT, 24.0, &sender.company, Type::bold(kind), accent);
            sheet.text_right(RIGHT, 30.0, &sender.tagline, Type::plain(9), GREY);
        }
    }
    let parts = [&sender.company, &sender.street, &sender.city];
    let parts: Vec<&str> =
        parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let line = parts.join(" · ");
    let kind = if Type::plain(7).width(&line) > 83.0 { Type::plain(6) } else { Type::plain(7) };
    sheet.text(LEFT, WINDOW_TOP + 13.2, &line, kind, GREY);
    if !line.is_empty() {
        let end = LEFT + kind.width(&line).min(83.0);
        sheet.line(LEFT, WINDOW_TOP + 14.2, end, WINDOW_TOP + 14.2, 0.1, GREY);
    }
    let mut y = RECIPIENT;
    for (index, line) in paper.recipient.iter().take(6).enumerate() {
        let kind = if index == 0 { Type::bold(10) } else { Type::plain(10) };
        for part in wrap(line, kind, 80.0).into_iter().take(2) {
            sheet.text(LEFT, y, &part, kind, INK);
            y += 4.8;
        }
    }
    fold_marks(flow);
    information(flow);
    Ok(())
}

/// Fold marks at 105 and 210 mm, the hole mark at 148.5 mm.
fn fold_marks(flow: &mut Flow<'_>) {
    for (y, length) in [(105.0, 4.0), (148.5, 6.0), (210.0, 4.0)] {
        flow.sheet().line(4.0, y, 4.0 + length, y, 0.15, RULE);
    }
}

fn information(flow: &mut Flow<'_>) {
    let (paper, language) = (flow.paper, flow.language());
    let rows = [
        ("date", format::day(paper.date, language)),
        ("valid-until", format::day(paper.valid_until, language)),
        ("customer-number", paper.customer_number.clone()),
        ("reference", paper.reference.clone()),
        ("our-contact", paper.our_contact.clone()),
        ("phone", paper.our_phone.clone()),
        ("email", paper.our_email.clone()),
    ];
    let mut y = WINDOW_TOP + 13.2;
    for (label, value) in rows.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        let label = flow.say(label, &[]);
        let sheet = flow.sheet();
        sheet.text(INFO, y, &label, Type::plain(8), GREY);
        let room = RIGHT - INFO - 28.0;
        let kind =
            if Type::plain(9).width(&value) > room { Type::plain(8) } else { Type::plain(9) };
        for part in wrap(&value, kind, room).into_iter().take(2) {
            sheet.text(INFO + 28.0, y, &part, kind, INK);
            y += 4.8;
        }
    }
}

fn title(flow: &Flow<'_>) -> String {
    let (paper, revision) = (flow.paper, flow.paper.revision.to_string());
    match paper.revision {
        ..=1 => flow.say("quote", &[("number", &paper.number)]),
        _ => flow.say("quote-revision", &[("number", &paper.number), ("revision", &revision)]),
    }
}

pub(super) fn opening(flow: &mut Flow<'_>) {
    flow.y = SUBJECT;
    let title = title(flow);
    flow.left(LEFT, &title, Type::bold(14), flow.accent);
    if flow.paper.is_draft {
        let draft = flow.say("draft", &[]);
        let x = LEFT + Type::bold(14).width(&title) + 4.0;
        flow.left(x, &draft, Type::bold(9), GREY);
    }
    if !flow.paper.subject.is_empty() {
        flow.y += 1.0;
        flow.paragraph(&flow.paper.subject, Type::bold(10));
    }
    flow.y += 4.5;
    flow.paragraph(&flow.paper.salutation, Type::plain(10));
    if !flow.paper.intro.is_empty() {
        flow.y += 2.0;
        flow.paragraph(&flow.paper.intro, Type::plain(10));
    }
    flow.y += 5.0;
}

/// The compact head of following pages.
pub(super) fn following_head(flow: &mut Flow<'_>) {
    let title = title(flow);
    let (company, accent) = (&flow.paper.sender.company, flow.accent);
    let sheet = flow.sheet();
    sheet.text(LEFT, 18.0, company, Type::bold(9), accent);
    sheet.text_right(RIGHT, 18.0, &title, Type::plain(9), GREY);
    sheet.line(LEFT, 20.5, RIGHT, 20.5, 0.15, RULE);
}

/// Terms in two columns: what, and the words.
pub(super) fn terms(flow: &mut Flow<'_>) {
    let (paper, language) = (flow.paper, flow.language());
    let money = |amount| format::money(amount, &paper.currency, language);
    let mut payment = Vec::new();
    match paper.due_days {
        Some(0) => payment.push(flow.say("payment-now", &[])),
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

/// The closing words, the greeting, and the signature: the last two never stand alone.
pub(super) fn closing(flow: &mut Flow<'_>) -> Result<(), PaperError> {
    let kind = Type::plain(10);
    flow.paragraph(&flow.paper.closing, kind);
    if !flow.fits(4.0 + 3.0 * kind.leading()) {
        flow.new_page();
    }
    flow.y += 4.0;
    let greeting = flow.say("greeting", &[]);
    flow.paragraph(&greeting, kind);
    flow.y += 1.0;
    flow.paragraph(&flow.paper.our_contact, kind);
    if flow.paper.our_contact != flow.paper.sender.company {
        flow.paragraph(&flow.paper.sender.company, kind);
    }
    let Some(signature) = &flow.paper.signature else { return Ok(()) };
    let pixels = decode(&signature.image).ok_or(PaperError::Image("signature"))?;
    if !flow.fits(44.0) {
        flow.new_page();
    }
    let top = flow.y + 8.0;
    let accepted = flow.say("accepted", &[]);
    let at = match signature.place.as_str() {
        "" => flow.say("accepted-at-only", &[("at", &signature.at)]),
        place => flow.say("accepted-at", &[("place", place), ("at", &signature.at)]),
    };
    let accent = flow.accent;
    let sheet = flow.sheet();
    sheet.text(LEFT, top, &accepted, Type::bold(9), accent);
    sheet.picture(pixels, (LEFT, top + 2.0), (70.0, 22.0), false);
    sheet.line(LEFT, top + 25.0, LEFT + 80.0, top + 25.0, 0.2, INK);
    sheet.text(LEFT, top + 29.5, &signature.name, Type::plain(9), INK);
    sheet.text(LEFT, top + 33.5, &at, Type::plain(8), GREY);
    flow.y = top + 34.0;
    Ok(())
}

/// The footer of every page, with its number.
pub(super) fn feet(flow: &mut Flow<'_>) {
    let columns = columns(flow);
    let pages = flow.pages.len();
    for index in 0..pages {
        let number =
            flow.say("page", &[("page", &(index + 1).to_string()), ("pages", &pages.to_string())]);
        let sheet = &mut flow.pages[index];
        sheet.text_right(RIGHT, 268.5, &number, Type::plain(8), GREY);
        sheet.line(LEFT, 271.0, RIGHT, 271.0, 0.15, RULE);
        for (x, lines) in &columns {
            for (place, line) in (0_u8..).zip(lines) {
                sheet.text(*x, 275.0 + f32::from(place) * 3.3, line, Type::plain(7), GREY);
            }
        }
    }
}

/// The footer's columns: address, ways to reach, bank, and what § 35a GmbHG and § 14 UStG want.
fn columns(flow: &Flow<'_>) -> Vec<(f32, Vec<String>)> {
    let sender = &flow.paper.sender;
    let said = |message: &str, name: &str, value: &str| match value {
        "" => String::new(),
        value => flow.say(message, &[(name, value)]),
    };
    let iban = sender.iban.as_bytes().chunks(4).map(String::from_utf8_lossy);
    let iban: Vec<_> = iban.collect();
    let columns = [
        vec![sender.company.clone(), sender.street.clone(), sender.city.clone()],
        vec![sender.phone.clone(), sender.email.clone(), sender.website.clone()],
        vec![sender.bank.clone(), iban.join(" "), sender.bic.clone()],
        vec![
            format!("{} {}", sender.register_court, sender.register_number).trim().to_owned(),
            said("footer-seat", "seat", &sender.seat),
            said("footer-directors", "names", &sender.directors),
            said("footer-vat-id", "id", &sender.vat_id),
            said("footer-tax-number", "number", &sender.tax_number),
        ],
    ];
    // Four columns whatever they hold; a line that is too long goes on below itself.
    let places = [(LEFT, 38.0), (65.0, 46.0), (113.0, 34.0), (149.0, RIGHT - 149.0)];
    let wrapped = |lines: Vec<String>, width: f32| -> Vec<String> {
        let lines = lines.iter().filter(|line| !line.is_empty());
        lines.flat_map(|line| wrap(line, Type::plain(7), width)).take(6).collect()
    };
    places.into_iter().zip(columns).map(|((x, width), lines)| (x, wrapped(lines, width))).collect()
}
