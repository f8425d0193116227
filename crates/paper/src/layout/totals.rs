//! What it comes to: one block that is never torn apart.

use domain::{Money, TaxKind, format};

use super::{Flow, INK, LEFT, RIGHT};
use crate::measure::Type;

const ROW: f32 = 5.4;
/// Where the labels begin.
const LABELS: f32 = 112.0;
const GROSS: Type = Type::bold(11);

fn rows(flow: &Flow<'_>) -> Vec<(String, Money)> {
    let (totals, language) = (&flow.paper.totals, flow.language());
    let mut rows = Vec::new();
    if totals.discount != Money::ZERO {
        rows.push((flow.say("sum-lines", &[]), totals.lines));
        let percent = format::percent(totals.discount_percent, language);
        rows.push((flow.say("sum-discount", &[("percent", &percent)]), -totals.discount));
    }
    rows.push((flow.say("sum-net", &[]), totals.net));
    let several = totals.taxes.len() > 1;
    for tax in &totals.taxes {
        let rate = format::percent(tax.rate, language);
        let base = format::money(tax.base, &flow.paper.currency, language);
        let message = match (bears_tax(tax.kind), several) {
            (true, true) => "sum-tax",
            (true, false) => "sum-tax-one",
            (false, true) => "sum-untaxed",
            // Its note says why; “0 %” would name a rate that does not apply.
            (false, false) => continue,
        };
        rows.push((flow.say(message, &[("rate", &rate), ("base", &base)]), tax.tax));
    }
    rows
}

/// Whether a document names a rate (§ 14 (4) no. 8 UStG), be it 0 %, instead of a reason.
fn bears_tax(kind: TaxKind) -> bool {
    match kind {
        TaxKind::Standard | TaxKind::Reduced | TaxKind::Zero => true,
        TaxKind::Exempt
        | TaxKind::ReverseCharge
        | TaxKind::IntraCommunity
        | TaxKind::Export
        | TaxKind::SmallBusiness => false,
    }
}

/// How much room the block takes.
pub(super) fn height(flow: &Flow<'_>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let rows = rows(flow).len() as f32;
    rows * ROW + 16.0
}

pub(super) fn totals(flow: &mut Flow<'_>) {
    if !flow.fits(height(flow)) {
        flow.new_page();
    }
    flow.y += 2.5;
    let (language, currency) = (flow.language(), flow.paper.currency.as_str());
    let money = |amount| format::money(amount, currency, language);
    let kind = Type::plain(9);
    let rows: Vec<(String, String)> =
        rows(flow).into_iter().map(|(label, amount)| (label, money(amount))).collect();
    let gross = (flow.say("sum-gross", &[]), money(flow.paper.totals.gross));
    // Usually the labels stand in one place; huge amounts push them to the left.
    let width = |(label, amount): &(String, String), kind: Type| {
        kind.width(label) + kind.width(amount) + 5.0
    };
    let widest = rows.iter().map(|row| width(row, kind)).fold(0.0, f32::max);
    let labels = LABELS.min(RIGHT - widest.max(width(&gross, GROSS))).max(LEFT);
    for (label, amount) in rows {
        flow.y += ROW;
        flow.left(labels, &label, kind, INK);
        flow.right(RIGHT, &amount, kind, INK);
    }
    flow.y += 2.4;
    flow.rule(labels, RIGHT, flow.y, 0.35, flow.accent);
    flow.y += 5.8;
    flow.left(labels, &gross.0, GROSS, INK);
    flow.right(RIGHT, &gross.1, GROSS, INK);
    flow.y += 5.0;
}
