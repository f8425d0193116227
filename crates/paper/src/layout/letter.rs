//! Above the table: letterhead, address window, information, opening.

use domain::format;

use super::{Flow, GREY, INK, LEFT, RIGHT, RULE, sheet::Corner};
use crate::{
    PaperError,
    measure::{Type, cut, wrap},
    picture::decode,
};

/// DIN 5008 form B: the address zone begins at 45 mm, its recipient at 62.7 mm.
const WINDOW_TOP: f32 = 45.0;
const RECIPIENT: f32 = 64.5;
/// Rows of the address window: its recipient's 27.3 mm hold six of ten points …
const ROWS: usize = 6;
/// … or eight of eight points.
const SMALL_ROWS: usize = 8;
/// The information block begins here, its values this much farther.
const INFO: f32 = 125.0;
const VALUES: f32 = 29.0;
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
            sheet.picture(pixels, (RIGHT - 70.0, 12.0), (70.0, 22.0), Corner::UpperRight);
        }
        None => {
            let room = RIGHT - LEFT;
            let kind = Type::bold(18).fitted(&sender.company, 120.0, 10);
            let company = cut(&sender.company, kind, room);
            sheet.text_right(RIGHT, 24.0, &company, kind, accent);
            let tagline = cut(&sender.tagline, Type::plain(9), room);
            sheet.text_right(RIGHT, 30.0, &tagline, Type::plain(9), GREY);
        }
    }
    let parts = [&sender.company, &sender.street, &sender.city];
    let parts: Vec<&str> =
        parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let line = parts.join(" · ");
    let kind = Type::plain(7).fitted(&line, 83.0, 5);
    let line = cut(&line, kind, 83.0);
    sheet.text(LEFT, WINDOW_TOP + 13.2, &line, kind, GREY);
    if !line.is_empty() {
        let end = LEFT + kind.width(&line);
        sheet.line(LEFT, WINDOW_TOP + 14.2, end, WINDOW_TOP + 14.2, 0.1, GREY);
    }
    let (rows, leading) = window(&paper.recipient);
    let mut y = RECIPIENT;
    for (row, kind) in rows {
        sheet.text(LEFT, y, &row, kind, INK);
        y += leading;
    }
    fold_marks(flow);
    Ok(())
}

/// The rows of the address window and how far apart they stand: smaller where there are many.
/// Where there are more than fit, the middle ones go: post needs the name, the street, the town.
fn window(recipient: &[String]) -> (Vec<(String, Type)>, f32) {
    let rows_of = |size: u8| -> Vec<(String, Type)> {
        let broken = |(index, line): (usize, &String)| {
            let kind = if index == 0 { Type::bold(size) } else { Type::plain(size) };
            wrap(line, kind, 80.0).into_iter().map(move |row| (row, kind)).collect::<Vec<_>>()
        };
        recipient.iter().enumerate().flat_map(broken).collect()
    };
    let rows = rows_of(10);
    if rows.len() <= ROWS {
        return (rows, 4.8);
    }
    let mut rows = rows_of(8);
    if rows.len() > SMALL_ROWS {
        rows.drain(SMALL_ROWS / 2..rows.len() - SMALL_ROWS / 2);
    }
    (rows, 3.5)
}

/// Fold marks at 105 and 210 mm, the hole mark at 148.5 mm.
fn fold_marks(flow: &mut Flow<'_>) {
    for (y, length) in [(105.0, 4.0), (148.5, 6.0), (210.0, 4.0)] {
        flow.sheet().line(4.0, y, 4.0 + length, y, 0.15, RULE);
    }
}

/// Who asks whom about what, at the right; returns where it ends.
fn information(flow: &mut Flow<'_>) -> f32 {
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
        let room = RIGHT - INFO - VALUES;
        let kind = Type::plain(9).fitted(&value, room, 8);
        for part in wrap(&value, kind, room) {
            sheet.text(INFO + VALUES, y, &part, kind, INK);
            y += 4.8;
        }
    }
    y
}

fn title(flow: &Flow<'_>) -> String {
    let (paper, revision) = (flow.paper, flow.paper.revision.to_string());
    match paper.revision {
        ..=1 => flow.say("quote", &[("number", &paper.number)]),
        _ => flow.say("quote-revision", &[("number", &paper.number), ("revision", &revision)]),
    }
}

pub(super) fn opening(flow: &mut Flow<'_>) {
    // A long information block pushes the letter down.
    flow.y = (information(flow) + 4.0).max(SUBJECT);
    let title = title(flow);
    let draft = flow.say("draft", &[]);
    let room = RIGHT - LEFT - Type::bold(9).width(&draft) - 6.0;
    let kind = Type::bold(14).fitted(&title, room, 9);
    let title = cut(&title, kind, room);
    flow.left(LEFT, &title, kind, flow.accent);
    if flow.paper.is_draft {
        flow.left(LEFT + kind.width(&title) + 4.0, &draft, Type::bold(9), GREY);
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
    let title = cut(&title, Type::plain(9), 80.0);
    let room = RIGHT - LEFT - Type::plain(9).width(&title) - 5.0;
    let company = cut(company, Type::bold(9), room);
    let sheet = flow.sheet();
    sheet.text(LEFT, 18.0, &company, Type::bold(9), accent);
    sheet.text_right(RIGHT, 18.0, &title, Type::plain(9), GREY);
    sheet.line(LEFT, 20.5, RIGHT, 20.5, 0.15, RULE);
}
