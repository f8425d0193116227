use crate::{LineKind, Money, Percent, QuoteLine, TaxKind};

/// What a quote comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteTotals {
    /// Sum of the lines that count.
    pub lines: Money,
    /// What the quote's discount takes off.
    pub discount: Money,
    /// `lines` less `discount`.
    pub net: Money,
    /// The tax of each rate and kind, highest rate first.
    pub taxes: Vec<TaxShare>,
    /// Sum of the taxes.
    pub tax: Money,
    /// `net` plus `tax`.
    pub gross: Money,
}

/// One tax rate's part of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxShare {
    /// The rate.
    pub rate: Percent,
    /// Why it is that rate.
    pub kind: TaxKind,
    /// The net that it is taken of, after the quote's discount.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

impl QuoteLine {
    /// Whether the line is part of the sum: articles are, text and subtotals have no amount,
    /// alternative and optional lines are only offered.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.kind == LineKind::Article
    }

    /// Quantity × price less the line's discount, rounded once to the cent; nothing for text
    /// and subtotals.
    #[must_use]
    pub fn net(&self) -> Money {
        match self.kind {
            LineKind::Article | LineKind::Alternative | LineKind::Optional => {
                self.unit_price.times(self.quantity, self.discount)
            }
            LineKind::Text | LineKind::Subtotal => Money::ZERO,
        }
    }
}

/// What the lines come to. Tax is taken once per rate over the summed net of that rate (each
/// line rounded once). The quote's discount is rounded once over all and shared out over the
/// rates so that the parts are the whole.
#[must_use]
pub fn totals(lines: &[QuoteLine], discount: Percent) -> QuoteTotals {
    let mut shares: Vec<TaxShare> = Vec::new();
    for line in lines.iter().filter(|line| line.counts()) {
        let share = shares.iter_mut().find(|s| s.rate == line.tax_rate && s.kind == line.tax_kind);
        match share {
            Some(share) => share.base += line.net(),
            None => shares.push(TaxShare {
                rate: line.tax_rate,
                kind: line.tax_kind,
                base: line.net(),
                tax: Money::ZERO,
            }),
        }
    }
    shares.sort_by_key(|share| (std::cmp::Reverse(share.rate), share.kind));
    let sum: Money = shares.iter().map(|share| share.base).sum();
    let whole = sum.percent(discount);
    let parts: Money = shares.iter().map(|share| share.base.percent(discount)).sum();
    // The cents that rounding each part left over go to the largest parts, one each.
    let mut cents_left = whole - parts;
    let mut largest: Vec<usize> = (0..shares.len()).collect();
    largest.sort_by_key(|at| std::cmp::Reverse(shares[*at].base.0.unsigned_abs()));
    for at in largest {
        let (cent, share) = (Money(cents_left.0.signum()), &mut shares[at]);
        cents_left = cents_left - cent;
        share.base = share.base - share.base.percent(discount) - cent;
        share.tax = share.base.percent(share.rate);
    }
    let tax = shares.iter().map(|share| share.tax).sum();
    let net = sum - whole;
    QuoteTotals { lines: sum, discount: whole, net, taxes: shares, tax, gross: net + tax }
}

/// What each subtotal line comes to: the counting lines above it, back to the last subtotal.
/// One value a line; none for lines that are no subtotals.
#[must_use]
pub fn subtotals(lines: &[QuoteLine]) -> Vec<Option<Money>> {
    let mut since = Money::ZERO;
    lines
        .iter()
        .map(|line| {
            if line.kind == LineKind::Subtotal {
                return Some(std::mem::take(&mut since));
            }
            if line.counts() {
                since += line.net();
            }
            None
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Quantity, UnitPrice};

    fn line(kind: LineKind, quantity: i64, price: i64, discount: i64, rate: i64) -> QuoteLine {
        QuoteLine {
            kind,
            quantity: Quantity(quantity),
            unit_price: UnitPrice(price),
            discount: Percent(discount),
            tax_rate: Percent(rate),
            ..Default::default()
        }
    }

    /// The quote of the design's picture.
    #[test]
    fn the_example_is_right_to_the_cent() {
        let lines = [
            line(LineKind::Article, 1_000, 24_890_000, 500, 1_900),
            line(LineKind::Article, 2_000, 3_180_000, 0, 1_900),
            line(LineKind::Article, 1_000, 4_200_000, 0, 1_900),
            line(LineKind::Subtotal, 0, 0, 0, 0),
            line(LineKind::Optional, 1_000, 6_890_000, 0, 1_900),
            line(LineKind::Article, 12_000, 749_000, 800, 1_900),
        ];
        let totals = totals(&lines, Percent::ZERO);
        assert_eq!(totals.net, Money(424_745));
        assert_eq!(totals.tax, Money(80_702));
        assert_eq!(totals.gross, Money(505_447));
        assert_eq!(subtotals(&lines)[3], Some(Money(342_055)));
    }

    #[test]
    fn several_rates_and_a_discount_on_the_whole() {
        let lines = [
            line(LineKind::Article, 3_000, 333_300, 0, 1_900),
            line(LineKind::Article, 1_000, 100_500, 0, 700),
            line(LineKind::Alternative, 1_000, 900_000, 0, 1_900),
            line(LineKind::Text, 0, 0, 0, 0),
        ];
        // 99,99 + 10,05 = 110,04; 3 % = 3,30 (of 99,99: 3,00; of 10,05: 0,30)
        let totals = totals(&lines, Percent::whole(3));
        assert_eq!(
            (totals.lines, totals.discount, totals.net),
            (Money(11_004), Money(330), Money(10_674))
        );
        let shares: Vec<_> = totals.taxes.iter().map(|s| (s.rate.0, s.base.0, s.tax.0)).collect();
        assert_eq!(shares, [(1_900, 9_699, 1_843), (700, 975, 68)]);
        assert_eq!(totals.gross, Money(10_674 + 1_843 + 68));
    }

    /// Discounts of 0,3 cents each would be nothing; together they are a cent, and it goes to
    /// the largest part, not to a rate that comes to nothing.
    #[test]
    fn left_over_cents_go_where_there_is_something() {
        let lines = [
            line(LineKind::Article, 1_000, 50_000, 0, 1_900),
            line(LineKind::Article, -1_000, 50_000, 0, 1_900),
            line(LineKind::Article, 1_000, 1_000, 0, 700),
            line(LineKind::Article, 1_000, 1_100, 0, 0),
        ];
        let totals = totals(&lines, Percent::whole(3));
        assert_eq!((totals.discount, totals.net), (Money(1), Money(20)));
        let bases: Vec<_> = totals.taxes.iter().map(|share| share.base.0).collect();
        assert_eq!(bases, [0, 10, 10]);
    }

    #[test]
    fn only_articles_count() {
        for kind in LineKind::ALL {
            let line = line(*kind, 1_000, 10_000, 0, 1_900);
            let counts = *kind == LineKind::Article;
            assert_eq!(line.counts(), counts, "{kind}");
            let gross = totals(&[line], Percent::ZERO).gross;
            assert_eq!(gross, if counts { Money(119) } else { Money::ZERO }, "{kind}");
        }
        assert_eq!(totals(&[], Percent::whole(5)), QuoteTotals::default());
    }

    /// 3 × 0,03 € at 19 %: 0,09 € × 19 % = 0,0171 € = 0,02 €; a line at a time 0,01 € each.
    #[test]
    fn tax_is_taken_once_a_rate() {
        let lines = vec![line(LineKind::Article, 1_000, 300, 0, 1_900); 3];
        assert_eq!(totals(&lines, Percent::ZERO).tax, Money(2));
        // The same rate for two reasons is shown twice, and taken of each.
        let mut lines = lines;
        lines[2].tax_kind = TaxKind::Reduced;
        assert_eq!(totals(&lines, Percent::ZERO).taxes.len(), 2);
    }

    #[test]
    fn subtotals_reach_back_to_the_last_one() {
        use LineKind::{Alternative, Article, Optional, Subtotal, Text};
        let kinds =
            [Subtotal, Article, Text, Article, Subtotal, Optional, Alternative, Subtotal, Article];
        let lines: Vec<_> = kinds.iter().map(|kind| line(*kind, 1_000, 10_000, 0, 1_900)).collect();
        let found: Vec<_> = subtotals(&lines).into_iter().map(|s| s.map(|s| s.0)).collect();
        let none = None;
        assert_eq!(found, [Some(0), none, none, none, Some(200), none, none, Some(0), none]);
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole(
            rows in proptest::collection::vec(
                (0..5_usize, -9_000_000..9_000_000_i64, 0..90_000_000_i64, 0..10_000_i64, 0..3_usize), 0..30),
            discount in 0..=10_000_i64,
            seed in any::<u64>(),
        ) {
            let lines: Vec<_> = rows.iter().map(|(kind, quantity, price, off, rate)| {
                line(LineKind::ALL[*kind], *quantity, *price, *off, [1_900, 700, 0][*rate])
            }).collect();
            let mut order = lines.clone();
            order.sort_by_key(|line| {
                // Any order whatever, told by the seed.
                (line.unit_price.0 as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            });
            let whole = totals(&lines, Percent(discount));
            prop_assert_eq!(whole.taxes.iter().map(|s| s.base).sum::<Money>(), whole.net);
            prop_assert_eq!(whole.taxes.iter().map(|s| s.tax).sum::<Money>(), whole.tax);
            prop_assert_eq!(whole.lines - whole.discount, whole.net);
            prop_assert_eq!(whole.net + whole.tax, whole.gross);
            // Each rate once, its tax of its own base; a part is off by a cent at most.
            for share in &whole.taxes {
                prop_assert_eq!(share.tax, share.base.percent(share.rate));
                prop_assert_eq!(whole.taxes.iter().filter(|s| s.rate == share.rate).count(), 1);
                let alone: Money = lines.iter()
                    .filter(|line| line.counts() && line.tax_rate == share.rate)
                    .map(QuoteLine::net)
                    .sum();
                let off = alone - alone.percent(Percent(discount)) - share.base;
                prop_assert!(off.0.abs() <= 1, "{:?}", off);
            }
            // What does not count may as well not be there; subtotals add up to what does.
            let counting: Vec<_> = lines.iter().filter(|line| line.counts()).cloned().collect();
            prop_assert_eq!(&totals(&counting, Percent(discount)), &whole);
            let mut closed = lines.clone();
            closed.push(line(LineKind::Subtotal, 0, 0, 0, 0));
            prop_assert_eq!(subtotals(&closed).into_iter().flatten().sum::<Money>(), whole.lines);
            prop_assert_eq!(totals(&order, Percent(discount)), whole);
        }
    }
}
