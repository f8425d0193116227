//! Amounts as whole numbers: no floating point ever touches money, a price, a quantity or a
//! percentage. Rounding is commercial (half away from zero).

use std::{
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub},
};

use serde::{Deserialize, Serialize};

/// Divides, rounding half away from zero (kaufmännisches Runden, DIN 1333).
/// The divisor must be positive.
#[must_use]
pub fn divide_rounded(dividend: i128, divisor: i128) -> i128 {
    // Not `dividend + half`: that overflows at the end of the range.
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    let away = if rest.abs() * 2 >= divisor { rest.signum() } else { 0 };
    quotient + away
}

fn saturate(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

macro_rules! amount {
    ($(#[$doc:meta])* $name:ident, scale $scale:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// How many units make one whole.
            pub const SCALE: i64 = $scale;

            /// From a whole number.
            #[must_use]
            pub const fn whole(value: i64) -> Self {
                Self(value * $scale)
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(self.0.saturating_neg())
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, Add::add)
            }
        }
    };
}

amount!(
    /// Money in the currency's minor unit: `Money(459_999)` is 4.599,99 €.
    Money, scale 100
);
amount!(
    /// A price per unit with four decimals: `UnitPrice(749_000)` is 74,9000 €.
    UnitPrice, scale 10_000
);
amount!(
    /// A quantity with three decimals: `Quantity(1_500)` is 1,5.
    Quantity, scale 1_000
);
amount!(
    /// A percentage with two decimals: `Percent(1_900)` is 19 %.
    Percent, scale 100
);

impl Money {
    /// This share of the amount, rounded to the cent.
    #[must_use]
    pub fn percent(self, share: Percent) -> Self {
        Self(saturate(divide_rounded(i128::from(self.0) * i128::from(share.0), 10_000)))
    }
}

impl UnitPrice {
    /// Quantity times price less the discount, rounded once to the cent. What no `Money` can
    /// hold becomes the largest: forms show it before it is refused.
    #[must_use]
    pub fn times(self, quantity: Quantity, discount: Percent) -> Money {
        // 1/10 000 € × 1/1 000 × 1/10 000 (share) to 1/100 €: divide by 10^9.
        let share = 10_000 - i128::from(discount.0);
        let product = i128::from(self.0) * i128::from(quantity.0);
        let limit = if (product < 0) == (share < 0) { i128::MAX } else { i128::MIN + 1 };
        let product = product.checked_mul(share).unwrap_or(limit);
        Money(saturate(divide_rounded(product, 1_000_000_000)))
    }
}

impl From<Money> for UnitPrice {
    fn from(money: Money) -> Self {
        Self(money.0.saturating_mul(100))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rounds_half_away_from_zero() {
        for (dividend, divisor, expected) in [
            (5, 10, 1),
            (4, 10, 0),
            (-5, 10, -1),
            (-4, 10, 0),
            (15, 10, 2),
            (-15, 10, -2),
            (25, 10, 3),
            (-25, 10, -3),
            (3, 2, 2),
            (-3, 2, -2),
            (1, 3, 0),
            (2, 3, 1),
            (-2, 3, -1),
            (0, 7, 0),
            (7, 1, 7),
        ] {
            assert_eq!(divide_rounded(dividend, divisor), expected, "{dividend} / {divisor}");
        }
    }

    #[test]
    fn shares_are_rounded_to_the_cent() {
        for (cents, percent, expected) in [
            (424_745, 1_900, 80_702),
            (50, 100, 1),
            (49, 100, 0),
            (-50, 100, -1),
            (-49, 100, 0),
            (150, 100, 2),
            (-150, 100, -2),
            (10, 500, 1),
            (1, 10_000, 1),
            (1, 0, 0),
        ] {
            assert_eq!(
                Money(cents).percent(Percent(percent)),
                Money(expected),
                "{percent} of {cents}"
            );
        }
    }

    #[test]
    fn a_line_is_rounded_once() {
        for (price, quantity, discount, cents) in [
            // 12 × 74,90 € less 8 % = 826,896 €
            (749_000, 12_000, 800, 82_690),
            (24_890_000, 1_000, 500, 236_455),
            // 0,005 € each way.
            (50, 1_000, 0, 1),
            (49, 1_000, 0, 0),
            (-50, 1_000, 0, -1),
            (50, -1_000, 0, -1),
            (-50, -1_000, 0, 1),
            // 3 × 0,0033 € = 0,0099 €: rounded before it would be nothing.
            (33, 3_000, 0, 1),
            // Half of 0,01 €, not half of a rounded amount.
            (100, 1_000, 5_000, 1),
            (10_000, 1_000, 10_000, 0),
        ] {
            let net = UnitPrice(price).times(Quantity(quantity), Percent(discount));
            assert_eq!(net, Money(cents), "{quantity} × {price} less {discount}");
        }
    }

    proptest! {
        /// The nearest, and of two as near the one farther from nothing.
        #[test]
        fn rounding_is_commercial(dividend in any::<i64>(), divisor in 1..2_000_000_000_i64) {
            let (dividend, divisor) = (i128::from(dividend), i128::from(divisor));
            let rounded = divide_rounded(dividend, divisor);
            let off = (rounded * divisor - dividend).abs() * 2;
            prop_assert!(off <= divisor);
            prop_assert!(off < divisor || rounded.abs() * divisor > dividend.abs());
            prop_assert_eq!(divide_rounded(-dividend, divisor), -rounded);
        }

        #[test]
        fn no_amount_overflows(price in any::<i64>(), quantity in any::<i64>(), share in any::<i64>()) {
            let net = UnitPrice(price).times(Quantity(quantity), Percent(share));
            let turned = UnitPrice(quantity).times(Quantity(price), Percent(share));
            prop_assert_eq!(net, turned);
            let _ = (net.percent(Percent(share)), net + net, net - -net, -net, UnitPrice::from(net));
        }
    }

    #[test]
    fn what_no_money_can_hold_becomes_the_largest() {
        let (most, least) = (i64::MAX, i64::MIN);
        for (price, quantity, discount, expected) in [
            (most, most, 0, most),
            (most, least, 0, least),
            (least, least, 0, most),
            (most, most, most, least),
            (most, most, least, most),
            (least, most, least, least),
        ] {
            let net = UnitPrice(price).times(Quantity(quantity), Percent(discount));
            assert_eq!(net, Money(expected), "{price} {quantity} {discount}");
        }
        assert_eq!(Money(most).percent(Percent(10_001)), Money(most));
        assert_eq!(Money(most) + Money(1), Money(most));
        assert_eq!(-Money(least), Money(most));
    }
}
