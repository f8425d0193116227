//! The footer of every page: address, ways to reach, bank, what § 35a GmbHG and § 14 UStG want,
//! and the page's number.

use super::{Flow, GREY, LEFT, RIGHT, RULE};
use crate::measure::{Type, wrap};

const KIND: Type = Type::plain(7);
const LEADING: f32 = 3.3;
const GAP: f32 = 4.0;
/// The footer's first row; it moves up where there are more than the usual rows.
const FIRST: f32 = 275.0;
const USUAL_ROWS: u8 = 6;
/// More is no letterhead any more.
const MOST_ROWS: u8 = 20;

/// The footer, the same on each page.
pub(super) struct Footer {
    columns: Vec<(f32, Vec<String>)>,
    /// How far it reaches above its usual place.
    raised: f32,
}

impl Footer {
    /// Works out the footer and where the text above it must end.
    pub(super) fn of(flow: &mut Flow<'_>) -> Self {
        let texts = texts(flow);
        let natural = texts
            .each_ref()
            .map(|lines| lines.iter().map(|line| KIND.width(line)).fold(0.0, f32::max));
        let widths = shared_out(natural, RIGHT - LEFT - 3.0 * GAP);
        let mut x = LEFT;
        let mut columns = Vec::new();
        let mut rows = USUAL_ROWS;
        for (lines, width) in texts.iter().zip(widths) {
            // Rounding must not break what is exactly as wide.
            let broken = lines.iter().flat_map(|line| wrap(line, KIND, width + 0.01));
            let broken: Vec<String> = broken.take(MOST_ROWS.into()).collect();
            rows = rows.max(u8::try_from(broken.len()).unwrap_or(MOST_ROWS));
            columns.push((x, broken));
            x += width + GAP;
        }
        let raised = f32::from(rows - USUAL_ROWS) * LEADING;
        flow.bottom -= raised;
        Self { columns, raised }
    }

    /// Puts it on all pages, with “Seite 1 von 3”.
    pub(super) fn put(&self, flow: &mut Flow<'_>) {
        let pages = flow.pages.len();
        let top = FIRST - self.raised;
        for index in 0..pages {
            let page = (index + 1).to_string();
            let number = flow.say("page", &[("page", &page), ("pages", &pages.to_string())]);
            let sheet = &mut flow.pages[index];
            sheet.text_right(RIGHT, top - 6.5, &number, Type::plain(8), GREY);
            sheet.line(LEFT, top - 4.0, RIGHT, top - 4.0, 0.15, RULE);
            for (x, lines) in &self.columns {
                for (place, line) in (0_u8..).zip(lines) {
                    sheet.text(*x, top + f32::from(place) * LEADING, line, KIND, GREY);
                }
            }
        }
    }
}

/// How wide each column is: as its text wants where all fit, the rest shared out evenly;
/// otherwise the widest give way.
fn shared_out(natural: [f32; 4], room: f32) -> [f32; 4] {
    let wanted: f32 = natural.iter().sum();
    if wanted <= room {
        let more = (room - wanted) / 4.0;
        return natural.map(|width| width + more);
    }
    let mut widths = natural;
    let mut sorted = natural;
    sorted.sort_by(f32::total_cmp);
    // Those below their fair share of what is left keep what they want.
    let (mut left, mut columns) = (room, 4.0);
    for width in sorted {
        let fair = left / columns;
        if width > fair {
            widths = natural.map(|width| width.min(fair));
            break;
        }
        left -= width;
        columns -= 1.0;
    }
    widths
}

fn texts(flow: &Flow<'_>) -> [Vec<String>; 4] {
    let sender = &flow.paper.sender;
    let said = |message: &str, name: &str, value: &str| match value {
        "" => String::new(),
        value => flow.say(message, &[(name, value)]),
    };
    let iban: Vec<char> = sender.iban.chars().filter(|char| !char.is_whitespace()).collect();
    let iban: Vec<String> = iban.chunks(4).map(|four| four.iter().collect()).collect();
    let columns = [
        vec![sender.company.clone(), sender.street.clone(), sender.city.clone()],
        vec![sender.phone.clone(), sender.email.clone(), sender.website.clone()],
        // Its groups belong together.
        vec![sender.bank.clone(), iban.join("\u{a0}"), sender.bic.clone()],
        vec![
            format!("{} {}", sender.register_court, sender.register_number).trim().to_owned(),
            said("footer-seat", "seat", &sender.seat),
            said("footer-directors", "names", &sender.directors),
            said("footer-vat-id", "id", &sender.vat_id),
            said("footer-tax-number", "number", &sender.tax_number),
        ],
    ];
    columns.map(|lines| lines.into_iter().filter(|line| !line.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::shared_out;

    #[test]
    fn the_widest_column_gives_way() {
        for (natural, expected) in [
            ([10.0, 20.0, 30.0, 20.0], [30.0, 40.0, 50.0, 40.0]),
            ([10.0, 20.0, 300.0, 20.0], [10.0, 20.0, 110.0, 20.0]),
            ([10.0, 200.0, 300.0, 20.0], [10.0, 65.0, 65.0, 20.0]),
            ([90.0, 200.0, 300.0, 90.0], [40.0, 40.0, 40.0, 40.0]),
        ] {
            assert_eq!(shared_out(natural, 160.0), expected);
        }
    }
}
