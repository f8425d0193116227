//! The footer of every page: address, ways to reach, bank, what § 35a GmbHG and § 14 UStG want,
//! and the page's number.

use super::{Flow, GREY, LEFT, RIGHT, RULE};
use crate::measure::{Type, wrap};

const KIND: Type = Type::plain(7);
const LEADING: f32 = 3.3;
const GAP: f32 = 3.0;
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
        let widest = |lines: &Vec<String>, parts: fn(&str) -> std::str::Split<'_, char>| {
            let parts = lines.iter().flat_map(|line| parts(line));
            parts.map(|part| KIND.width(part)).fold(0.0, f32::max)
        };
        let natural = texts.each_ref().map(|lines| widest(lines, |line| line.split('\n')));
        let least = texts.each_ref().map(|lines| widest(lines, |line| line.split(' ')));
        let widths = widths(least, natural, RIGHT - LEFT - 3.0 * GAP);
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

/// How wide each column is: its longest word at least, all its lines where there is room.
fn widths(least: [f32; 4], natural: [f32; 4], room: f32) -> [f32; 4] {
    let taken: f32 = least.iter().sum();
    if taken > room {
        return shared_out(least, room);
    }
    let wanted = std::array::from_fn(|column| natural[column] - least[column]);
    let more = shared_out(wanted, room - taken);
    std::array::from_fn(|column| least[column] + more[column])
}

/// Shares room out: to each what it wants where there is enough, and the rest evenly; otherwise
/// those that want most give way.
fn shared_out(wanted: [f32; 4], room: f32) -> [f32; 4] {
    let all: f32 = wanted.iter().sum();
    if all <= room {
        let more = (room - all) / 4.0;
        return wanted.map(|width| width + more);
    }
    let mut sorted = wanted;
    sorted.sort_by(f32::total_cmp);
    // Those below their fair share of what is left have what they want.
    let (mut left, mut columns) = (room, 4.0);
    for width in sorted {
        let fair = left / columns;
        if width > fair {
            return wanted.map(|width| width.min(fair));
        }
        left -= width;
        columns -= 1.0;
    }
    wanted
}

fn texts(flow: &Flow<'_>) -> [Vec<String>; 4] {
    let sender = &flow.paper.sender;
    let said = |message: &str, name: &str, value: &str| match value {
        "" => String::new(),
        value => flow.say(message, &[(name, value)]),
    };
    // Numbers are not torn apart.
    let whole = |number: &str| number.replace(' ', "\u{a0}");
    let iban: Vec<char> = sender.iban.chars().filter(|char| !char.is_whitespace()).collect();
    let iban: Vec<String> = iban.chunks(4).map(|four| four.iter().collect()).collect();
    let columns = [
        vec![sender.company.clone(), sender.street.clone(), sender.city.clone()],
        vec![sender.phone.clone(), sender.email.clone(), sender.website.clone()],
        vec![sender.bank.clone(), whole(&iban.join(" ")), sender.bic.clone()],
        vec![
            format!("{} {}", sender.register_court, whole(&sender.register_number))
                .trim()
                .to_owned(),
            said("footer-seat", "seat", &sender.seat),
            said("footer-directors", "names", &sender.directors),
            said("footer-vat-id", "id", &whole(&sender.vat_id)),
            said("footer-tax-number", "number", &whole(&sender.tax_number)),
        ],
    ];
    columns.map(|lines| lines.into_iter().filter(|line| !line.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::{shared_out, widths};

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
    #[test]
    fn words_stay_whole_where_they_can() {
        let (least, natural) = ([10.0, 45.0, 36.0, 20.0], [35.0, 45.0, 36.0, 60.0]);
        assert_eq!(widths(least, natural, 151.0), [30.0, 45.0, 36.0, 40.0]);
    }
}
