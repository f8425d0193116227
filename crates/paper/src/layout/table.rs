//! The table of lines: its header on each page, sums carried forward, short lines never torn
//! apart.

use domain::{LineKind, Money, format};

use super::{
    Flow, GREY, INK, LEFT, RIGHT, RULE,
    columns::{Amounts, Columns, Headings, SMALL, columns},
    totals,
};
use crate::{
    PaperLine,
    measure::{Type, cut, wrap},
};

const KIND: Type = Type::plain(9);
/// Above and below a line's text.
const PAD: f32 = 1.3;
/// Only lines higher than this (a third of a page) are torn apart …
const TEARABLE: f32 = 75.0;
/// … and where this many rows of it fit above the break.
const ROWS_ABOVE: usize = 4;

/// A row of a line: the article number's and the description's part.
struct Row {
    article: String,
    text: String,
    kind: Type,
    grey: bool,
}

/// One line, broken to its columns.
struct Broken<'a> {
    line: &'a PaperLine,
    amounts: &'a Amounts,
    rows: Vec<Row>,
}

impl Broken<'_> {
    fn height(&self) -> f32 {
        self.rows.iter().map(|row| row.kind.leading()).sum::<f32>() + 2.0 * PAD
    }

    /// What must stand above the first page break.
    fn height_above(&self) -> f32 {
        if self.height() <= TEARABLE {
            return self.height();
        }
        let rows = self.rows.iter().take(ROWS_ABOVE);
        rows.map(|row| row.kind.leading()).sum::<f32>() + 2.0 * PAD
    }
}

/// The table being laid out.
struct Table {
    headings: Headings,
    columns: Columns,
    /// The sum of the amounts above.
    sum: Money,
}

fn broken<'a>(
    flow: &Flow<'_>,
    columns: &Columns,
    line: &'a PaperLine,
    amounts: &'a Amounts,
) -> Broken<'a> {
    let width = match line.kind {
        LineKind::Text => RIGHT - columns.description,
        LineKind::Subtotal => columns.price - columns.description,
        LineKind::Article | LineKind::Alternative | LineKind::Optional => columns.description_width,
    };
    let (first, rest) = line.description.split_once('\n').unwrap_or((&line.description, ""));
    let first = match (line.kind, first.trim()) {
        (LineKind::Subtotal, "") => flow.say("subtotal", &[]),
        (_, first) => first.to_owned(),
    };
    let head = if line.kind == LineKind::Subtotal { Type::bold(9) } else { KIND };
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |text: &str, kind: Type, grey: bool| {
        let row = |text| Row { article: String::new(), text, kind, grey };
        rows.extend(wrap(text, kind, width).into_iter().map(row));
    };
    add(&first, head, false);
    if line.kind == LineKind::Text {
        add(rest, KIND, false);
    } else {
        add(rest, SMALL, true);
    }
    match line.kind {
        LineKind::Alternative => add(&flow.say("alternative", &[]), SMALL, true),
        LineKind::Optional => add(&flow.say("optional", &[]), SMALL, true),
        LineKind::Article | LineKind::Text | LineKind::Subtotal => {}
    }
    let empty = || Row { article: String::new(), text: String::new(), kind: KIND, grey: false };
    if rows.is_empty() {
        rows.push(empty());
    }
    if columns.with_articles && !matches!(line.kind, LineKind::Text | LineKind::Subtotal) {
        for (at, part) in
            wrap(&line.article_number, SMALL, columns.article_width + 0.01).into_iter().enumerate()
        {
            if at == rows.len() {
                rows.push(empty());
            }
            rows[at].article = part;
        }
    }
    Broken { line, amounts, rows }
}

pub(super) fn lines(flow: &mut Flow<'_>) {
    let lines = &flow.paper.lines;
    if lines.is_empty() {
        return;
    }
    let headings = Headings::of(flow);
    let (amounts, columns) = columns(flow, &headings, lines);
    let mut table = Table { headings, columns, sum: Money::ZERO };
    for (index, (line, amounts)) in lines.iter().zip(&amounts).enumerate() {
        let broken = broken(flow, &table.columns, line, amounts);
        let is_last = index + 1 == lines.len();
        // The totals never stand on a page without a line above them.
        let after = if is_last && broken.height() <= TEARABLE {
            totals::height(flow).max(CARRIED)
        } else {
            CARRIED
        };
        if index == 0 {
            // The header never stands without a line below it.
            if !flow.fits(HEADER + broken.height_above() + after) {
                flow.new_page();
            }
            table.header(flow);
        } else if !flow.fits(broken.height_above() + after) {
            table.next_page(flow);
        }
        table.put(flow, &broken);
    }
}

/// How much room the header takes, and a sum carried forward.
const HEADER: f32 = 6.0;
const CARRIED: f32 = 7.0;

impl Table {
    fn next_page(&self, flow: &mut Flow<'_>) {
        self.carried(flow);
        flow.new_page();
        self.header(flow);
        self.carried(flow);
    }

    fn carried(&self, flow: &mut Flow<'_>) {
        let said = flow.say("carried", &[]);
        let amount = format::money_plain(self.sum, flow.language());
        let bold = Type::bold(self.columns.kind.size);
        flow.y += PAD + KIND.leading();
        flow.left(self.columns.description, &said, Type::bold(9), GREY);
        flow.right(self.columns.net, &amount, bold, GREY);
        flow.y += PAD;
        flow.rule(LEFT, RIGHT, flow.y + 0.6, 0.12, RULE);
    }

    fn header(&self, flow: &mut Flow<'_>) {
        let (kind, columns, words) = (Headings::KIND, &self.columns, &self.headings);
        flow.y += kind.leading();
        flow.left(LEFT, &words.position, kind, GREY);
        if columns.with_articles {
            flow.left(columns.article, &words.article, kind, GREY);
        }
        flow.left(columns.description, &words.description, kind, GREY);
        flow.right(columns.quantity, &words.quantity, kind, GREY);
        flow.right(columns.price, &words.price, kind, GREY);
        if columns.with_discounts {
            flow.right(columns.discount, &words.discount, kind, GREY);
        }
        flow.right(columns.net, &words.net, kind, GREY);
        flow.y += 1.4;
        flow.rule(LEFT, RIGHT, flow.y + 0.2, 0.35, flow.accent);
    }

    fn put(&mut self, flow: &mut Flow<'_>, broken: &Broken<'_>) {
        flow.y += PAD;
        let colour = if broken.line.counts { INK } else { GREY };
        let rows = broken.rows.len();
        for (index, row) in broken.rows.iter().enumerate() {
            // One row alone never goes over to the next page.
            let together = if rows - index == 2 { 2.0 } else { 1.0 };
            let is_torn = broken.height() > TEARABLE;
            if index > 0
                && is_torn
                && !flow.fits(together * row.kind.leading() + PAD + CARRIED)
                && rows - index > 1
            {
                flow.y += PAD;
                self.next_page(flow);
                flow.y += PAD;
            }
            flow.y += row.kind.leading();
            let text_colour = if row.grey { GREY } else { INK };
            flow.left(self.columns.article, &row.article, SMALL, colour);
            flow.left(self.columns.description, &row.text, row.kind, text_colour);
            if index == 0 {
                self.amounts(flow, broken);
                // From here on the amount stands above whatever follows.
                if broken.line.counts {
                    self.sum += broken.line.net;
                }
            }
        }
        flow.y += PAD;
        flow.rule(LEFT, RIGHT, flow.y + 0.6, 0.12, RULE);
    }

    fn amounts(&self, flow: &mut Flow<'_>, broken: &Broken<'_>) {
        let (columns, line, amounts) = (&self.columns, broken.line, broken.amounts);
        if line.kind == LineKind::Subtotal {
            flow.right(columns.net, &amounts.net, Type::bold(columns.kind.size), INK);
            return;
        }
        let (kind, colour) = (columns.kind, if line.counts { INK } else { GREY });
        flow.left(LEFT, &line.position, kind, GREY);
        flow.right(columns.quantity, &amounts.quantity, kind, colour);
        if line.kind != LineKind::Text {
            let unit = cut(&line.unit, kind, columns.unit_width + 0.01);
            flow.left(columns.unit, &unit, kind, colour);
        }
        flow.right(columns.price, &amounts.price, kind, colour);
        flow.right(columns.discount, &amounts.discount, kind, colour);
        flow.right(columns.net, &amounts.net, kind, colour);
    }
}
