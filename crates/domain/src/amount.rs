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
    let half = divisor / 2;
    if dividend < 0 { -((-dividend + half) / divisor) } else { (dividend + half) / divisor }
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
    /// Quantity times price less the discount, rounded once to the cent.
    #[must_use]
    pub fn times(self, quantity: Quantity, discount: Percent) -> Money {
        // 1/10 000 € × 1/1 000 × 1/10 000 (share) to 1/100 €: divide by 10^9.
        let share = i128::from(10_000 - discount.0);
        let product = i128::from(self.0) * i128::from(quantity.0) * share;
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
            (3, 2, 2),
        ] {
            assert_eq!(divide_rounded(dividend, divisor), expected, "{dividend} / {divisor}");
        }
    }

    #[test]
    fn a_line_is_rounded_once() {
        // 12 × 74,90 € less 8 % = 826,896 € → 826,90 €
        let net = UnitPrice(749_000).times(Quantity::whole(12), Percent::whole(8));
        assert_eq!(net, Money(82_690));
        // 2.489,00 € less 5 % = 2.364,55 €
        assert_eq!(
            UnitPrice::from(Money(248_900)).times(Quantity::whole(1), Percent::whole(5)),
            Money(236_455)
        );
        assert_eq!(Money(424_745).percent(Percent::whole(19)), Money(80_702));
    }
}
