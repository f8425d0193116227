//! The table of lines: its header on each page, sums carried forward, no line torn apart.

use domain::{LineKind, Money, format};

use super::{BOTTOM, Flow, GREY, INK, LEFT, RIGHT, RULE, totals};
use crate::{
    PaperLine,
    measure::{Type, wrap},
};

const KIND: Type = Type::plain(9);
const SMALL: Type = Type::plain(8);
/// Above and below a line's text.
const PAD: f32 = 1.3;

/// Where the columns stand; numbers are aligned at their right.
pub(super) struct Columns {
    article: f32,
    description: f32,
    description_width: f32,
    quantity: f32,
    unit: f32,
    price: f32,
    discount: f32,
    net: f32,
    with_articles: bool,
    with_discounts: bool,
}

impl Columns {
    fn of(lines: &[PaperLine]) -> Self {
        let with_articles = lines.iter().any(|line| !line.article_number.is_empty());
        let with_discounts = lines.iter().any(|line| line.discount.0 != 0);
        let price = if with_discounts { 157.0 } else { 166.0 };
        let quantity = price - 28.0;
        let numbers = lines.iter().map(|line| SMALL.width(&line.article_number));
        let article_width = numbers.fold(0.0, f32::max).clamp(14.0, 28.0);
        let article = LEFT + 9.0;
        let description = if with_articles { article + article_width + 3.0 } else { article };
        Self {
            article,
            description,
            description_width: quantity - 13.0 - description,
            quantity,
            unit: quantity + 1.5,
            price,
            discount: 168.0,
            net: RIGHT,
            with_articles,
            with_discounts,
        }
    }
}

/// One line's text, broken to its column.
struct Broken {
    texts: Vec<(String, Type, bool)>,
    height: f32,
}

fn broken(flow: &Flow<'_>, columns: &Columns, line: &PaperLine) -> Broken {
    let width = match line.kind {
        LineKind::Text => RIGHT - columns.description,
        LineKind::Subtotal => columns.price - columns.description,
        _ => columns.description_width,
    };
    let bold = line.kind == LineKind::Subtotal;
    let mut texts: Vec<(String, Type, bool)> = Vec::new();
    let (first, rest) = line.description.split_once('\n').unwrap_or((&line.description, ""));
    let first = match (line.kind, first.trim()) {
        (LineKind::Subtotal, "") => flow.say("subtotal", &[]),
        (_, first) => first.to_owned(),
    };
    let head = if bold { Type::bold(9) } else { KIND };
    texts.extend(wrap(&first, head, width).into_iter().map(|text| (text, head, false)));
    if !rest.trim().is_empty() {
        let kind = if line.kind == LineKind::Text { KIND } else { SMALL };
        let grey = line.kind != LineKind::Text;
        texts.extend(wrap(rest, kind, width).into_iter().map(|text| (text, kind, grey)));
    }
    let offered = match line.kind {
        LineKind::Alternative => Some("alternative"),
        LineKind::Optional => Some("optional"),
        LineKind::Article | LineKind::Text | LineKind::Subtotal => None,
    };
    if let Some(message) = offered {
        let said = flow.say(message, &[]);
        texts.extend(wrap(&said, SMALL, width).into_iter().map(|text| (text, SMALL, true)));
    }
    if texts.is_empty() {
        texts.push((String::new(), KIND, false));
    }
    let height = texts.iter().map(|(_, kind, _)| kind.leading()).sum::<f32>() + 2.0 * PAD;
    Broken { texts, height }
}

pub(super) fn lines(flow: &mut Flow<'_>) {
    let lines = &flow.paper.lines;
    if lines.is_empty() {
        return;
    }
    let columns = Columns::of(lines);
    let carry_height = KIND.leading() + 2.0 * PAD;
    if !flow.fits(30.0) {
        flow.new_page();
    }
    header(flow, &columns);
    let mut sum = Money::ZERO;
    for (index, line) in lines.iter().enumerate() {
        let broken = broken(flow, &columns, line);
        let is_last = index + 1 == lines.len();
        // The totals never stand on a page without a line above them.
        let after = if is_last { totals::height(flow) } else { carry_height };
        let page = BOTTOM - super::TOP - 2.0 * carry_height - 10.0;
        if !flow.fits(broken.height + after) && broken.height + after < page {
            next_page(flow, &columns, sum);
        }
        put(flow, &columns, line, &broken, sum);
        if line.counts {
            sum += line.net;
        }
    }
}

fn next_page(flow: &mut Flow<'_>, columns: &Columns, sum: Money) {
    carried(flow, columns, sum);
    flow.new_page();
    header(flow, columns);
    carried(flow, columns, sum);
}

fn carried(flow: &mut Flow<'_>, columns: &Columns, sum: Money) {
    let said = flow.say("carried", &[]);
    let amount = format::money_plain(sum, flow.language());
    flow.y += PAD + KIND.leading();
    flow.left(columns.description, &said, Type::bold(9), GREY);
    flow.right(columns.net, &amount, Type::bold(9), GREY);
    flow.y += PAD;
    flow.rule(LEFT, RIGHT, flow.y + 0.6, 0.12, RULE);
}

fn header(flow: &mut Flow<'_>, columns: &Columns) {
    let kind = Type::bold(8);
    let sign = format::currency_sign(&flow.paper.currency).to_owned();
    flow.y += kind.leading();
    let said = |flow: &Flow<'_>, message: &str| flow.say(message, &[("sign", &sign)]);
    let position = said(flow, "column-position");
    flow.left(LEFT, &position, kind, GREY);
    if columns.with_articles {
        let article = said(flow, "column-article");
        flow.left(columns.article, &article, kind, GREY);
    }
    let description = said(flow, "column-description");
    flow.left(columns.description, &description, kind, GREY);
    for (x, message) in [
        (columns.quantity, "column-quantity"),
        (columns.price, "column-price"),
        (columns.net, "column-net"),
    ] {
        let text = said(flow, message);
        flow.right(x, &text, kind, GREY);
    }
    if columns.with_discounts {
        let discount = said(flow, "column-discount");
        flow.right(columns.discount, &discount, kind, GREY);
    }
    flow.y += 1.4;
    flow.rule(LEFT, RIGHT, flow.y + 0.2, 0.35, flow.accent);
}

fn put(flow: &mut Flow<'_>, columns: &Columns, line: &PaperLine, broken: &Broken, sum: Money) {
    flow.y += PAD;
    let mut is_first = true;
    for (text, kind, grey) in &broken.texts {
        // Only a line longer than a page is torn apart.
        if !flow.fits(kind.leading() + KIND.leading() + 4.0 * PAD) {
            next_page(flow, columns, sum);
            flow.y += PAD;
        }
        flow.y += kind.leading();
        flow.left(columns.description, text, *kind, if *grey { GREY } else { INK });
        if is_first {
            amounts(flow, columns, line);
            is_first = false;
        }
    }
    flow.y += PAD;
    flow.rule(LEFT, RIGHT, flow.y + 0.6, 0.12, RULE);
}

fn amounts(flow: &mut Flow<'_>, columns: &Columns, line: &PaperLine) {
    let language = flow.language();
    let net = format::money_plain(line.net, language);
    match line.kind {
        LineKind::Text => return,
        LineKind::Subtotal => {
            flow.right(columns.net, &net, Type::bold(9), INK);
            return;
        }
        LineKind::Article | LineKind::Alternative | LineKind::Optional => {}
    }
    let colour = if line.counts { INK } else { GREY };
    flow.left(LEFT, &line.position, KIND, GREY);
    if columns.with_articles {
        let room = columns.description - columns.article - 1.5;
        let number = wrap(&line.article_number, SMALL, room);
        flow.left(columns.article, number.first().map_or("", String::as_str), SMALL, colour);
    }
    flow.right(columns.quantity, &format::quantity(line.quantity, language), KIND, colour);
    let unit = wrap(&line.unit, KIND, columns.price - columns.unit - 15.0);
    flow.left(columns.unit, unit.first().map_or("", String::as_str), KIND, colour);
    flow.right(columns.price, &format::unit_price(line.unit_price, language), KIND, colour);
    if columns.with_discounts && line.discount.0 != 0 {
        flow.right(columns.discount, &format::percent(line.discount, language), KIND, colour);
    }
    let net = if line.counts { net } else { format!("({net})") };
    flow.right(columns.net, &net, KIND, colour);
}
