//! The table's columns: as wide as what stands in them, the description has the rest.

use domain::{LineKind, Money, format};

use super::{Flow, LEFT, RIGHT};
use crate::{PaperLine, measure::Type};

const GAP: f32 = 3.5;
/// The description's column is not narrower while other columns can give way: article numbers
/// are broken, units cut, amounts written smaller.
const DESCRIPTION: f32 = 42.0;

/// How much room a table gives to what is not the description.
#[derive(Clone, Copy)]
struct Room {
    /// Points of the amounts.
    size: u8,
    article: f32,
    unit: f32,
}

/// From what looks best to what takes the least room.
const ROOMS: [Room; 6] = [
    Room { size: 9, article: 28.0, unit: 20.0 },
    Room { size: 9, article: 18.0, unit: 11.0 },
    Room { size: 8, article: 18.0, unit: 11.0 },
    Room { size: 7, article: 18.0, unit: 11.0 },
    Room { size: 6, article: 18.0, unit: 11.0 },
    Room { size: 5, article: 14.0, unit: 9.0 },
];

/// A line's amounts as they are written; empty for texts.
#[derive(Default)]
pub(super) struct Amounts {
    pub(super) quantity: String,
    pub(super) price: String,
    pub(super) discount: String,
    pub(super) net: String,
}

impl Amounts {
    fn of(flow: &Flow<'_>, line: &PaperLine) -> Self {
        let language = flow.language();
        let net = || format::money_plain(line.net, language);
        match line.kind {
            LineKind::Text => Self::default(),
            LineKind::Subtotal => Self { net: net(), ..Self::default() },
            LineKind::Article | LineKind::Alternative | LineKind::Optional => Self {
                quantity: format::quantity(line.quantity, language),
                price: format::unit_price(line.unit_price, language),
                discount: match line.discount.0 {
                    0 => String::new(),
                    _ => format::percent(line.discount, language),
                },
                net: if line.counts { net() } else { format!("({})", net()) },
            },
        }
    }
}

/// Where the columns stand; numbers are aligned at their right.
pub(super) struct Columns {
    /// The type of the amounts.
    pub(super) kind: Type,
    pub(super) article: f32,
    pub(super) article_width: f32,
    pub(super) description: f32,
    pub(super) description_width: f32,
    pub(super) quantity: f32,
    pub(super) unit: f32,
    pub(super) unit_width: f32,
    pub(super) price: f32,
    pub(super) discount: f32,
    pub(super) net: f32,
    pub(super) with_articles: bool,
    pub(super) with_discounts: bool,
}

/// The header's words, in the columns' order.
pub(super) struct Headings {
    pub(super) position: String,
    pub(super) article: String,
    pub(super) description: String,
    pub(super) quantity: String,
    pub(super) price: String,
    pub(super) discount: String,
    pub(super) net: String,
}

impl Headings {
    pub(super) const KIND: Type = Type::bold(8);

    pub(super) fn of(flow: &Flow<'_>) -> Self {
        let sign = format::currency_sign(&flow.paper.currency);
        let said = |message: &str| flow.say(message, &[("sign", sign)]);
        Self {
            position: said("column-position"),
            article: said("column-article"),
            description: said("column-description"),
            quantity: said("column-quantity"),
            price: said("column-price"),
            discount: said("column-discount"),
            net: said("column-net"),
        }
    }
}

/// The amounts of all lines, and columns that hold them.
pub(super) fn columns(
    flow: &Flow<'_>,
    headings: &Headings,
    lines: &[PaperLine],
) -> (Vec<Amounts>, Columns) {
    let amounts: Vec<Amounts> = lines.iter().map(|line| Amounts::of(flow, line)).collect();
    let [best, others @ ..] = ROOMS;
    let mut columns = Columns::of(flow, headings, lines, &amounts, best);
    for room in others {
        if columns.description_width >= DESCRIPTION {
            break;
        }
        columns = Columns::of(flow, headings, lines, &amounts, room);
    }
    (amounts, columns)
}

impl Columns {
    fn of(
        flow: &Flow<'_>,
        headings: &Headings,
        lines: &[PaperLine],
        amounts: &[Amounts],
        room: Room,
    ) -> Self {
        let kind = Type::plain(room.size);
        let widest = |heading: &str, text: &dyn Fn(&Amounts) -> &str| {
            let width = amounts.iter().map(|amounts| kind.width(text(amounts))).fold(0.0, f32::max);
            width.max(Headings::KIND.width(heading))
        };
        let with_articles = lines.iter().any(|line| !line.article_number.is_empty());
        let with_discounts = lines.iter().any(|line| line.discount.0 != 0);
        // Sums carried forward are the widest and bold; they only grow while prices are positive.
        let sums = [
            lines.iter().filter(|line| line.counts).map(|line| line.net).sum(),
            lines.iter().filter(|l| l.counts && l.net > Money::ZERO).map(|line| line.net).sum(),
        ];
        let sum = sums.map(|sum: Money| {
            Type::bold(room.size).width(&format::money_plain(sum, flow.language()))
        });
        let net_width = widest(&headings.net, &|a| &a.net).max(sum[0]).max(sum[1]);
        let discount = RIGHT - net_width - GAP;
        let discount_width = widest(&headings.discount, &|a| &a.discount);
        let price = if with_discounts { discount - discount_width - GAP } else { discount };
        let units = lines.iter().map(|line| kind.width(&line.unit)).fold(0.0, f32::max);
        let unit_width = units.min(room.unit);
        let unit = price - widest(&headings.price, &|a| &a.price) - GAP - unit_width;
        let quantity = unit - 1.5;
        let quantity_width = widest(&headings.quantity, &|a| &a.quantity);
        let positions = lines.iter().map(|line| kind.width(&line.position)).fold(0.0, f32::max);
        let article = LEFT + (positions + 2.0).max(9.0);
        let numbers = lines.iter().map(|line| SMALL.width(&line.article_number));
        let article_width =
            numbers.fold(Headings::KIND.width(&headings.article), f32::max).min(room.article);
        let description = if with_articles { article + article_width + GAP } else { article };
        Self {
            kind,
            article,
            article_width,
            description,
            description_width: quantity - quantity_width - GAP - description,
            quantity,
            unit,
            unit_width,
            price,
            discount,
            net: RIGHT,
            with_articles,
            with_discounts,
        }
    }
}

/// The type of article numbers and of a description's further lines.
pub(super) const SMALL: Type = Type::plain(8);
