//! A quote as it is typed: texts that may not be read yet, and what they mean.

use commands::view::QuotePage;
use domain::{LineKind, Percent, Quantity, Quote, QuoteLine, Refusal, format};
use serde::{Deserialize, Serialize};

use crate::say::language;

/// The quote as it is typed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Input {
    pub(crate) quote: Quote,
    pub(crate) lines: Vec<LineInput>,
    pub(crate) discount: String,
}

impl Input {
    pub(crate) fn of(page: &QuotePage) -> Self {
        Self {
            discount: if page.quote.discount == Percent::ZERO {
                String::new()
            } else {
                format::percent(page.quote.discount, language())
            },
            lines: page.lines.iter().map(LineInput::of).collect(),
            quote: page.quote.clone(),
        }
    }

    /// The quote and lines that are meant, and what cannot be read.
    pub(crate) fn meant(&self) -> (Quote, Vec<QuoteLine>, Vec<Refusal>) {
        let mut wrong = Vec::new();
        let mut quote = self.quote.clone();
        match self.discount.trim() {
            "" => quote.discount = Percent::ZERO,
            text => match format::parse_percent(text, language()) {
                Some(discount) => quote.discount = discount,
                None => wrong.push(Refusal::new("percent-range", "").at("discount")),
            },
        }
        let lines = self
            .lines
            .iter()
            .enumerate()
            .map(|(index, line)| line.meant(index, &mut wrong))
            .collect();
        (quote, lines, wrong)
    }
}

/// A line as it is typed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LineInput {
    pub(crate) line: QuoteLine,
    pub(crate) quantity: String,
    pub(crate) price: String,
    pub(crate) discount: String,
}

impl LineInput {
    pub(crate) fn of(line: &QuoteLine) -> Self {
        let discount = if line.discount.0 == 0 {
            String::new()
        } else {
            format::percent(line.discount, language())
        };
        Self {
            quantity: format::quantity(line.quantity, language()),
            price: format::unit_price(line.unit_price, language()),
            discount,
            line: line.clone(),
        }
    }

    /// The line that is meant; what cannot be read is added to what is wrong.
    pub(crate) fn meant(&self, index: usize, wrong: &mut Vec<Refusal>) -> QuoteLine {
        let mut line = self.line.clone();
        if matches!(line.kind, LineKind::Text | LineKind::Subtotal) {
            return line;
        }
        let mut refuse = |field: &str| {
            wrong.push(Refusal::new("amount-invalid", "").at(format!("lines.{index}.{field}")))
        };
        match format::parse_quantity(&self.quantity, language()) {
            Some(quantity) => line.quantity = quantity,
            None => refuse("quantity"),
        }
        match format::parse_unit_price(&self.price, language()) {
            Some(price) => line.unit_price = price,
            None => refuse("unit_price"),
        }
        match self.discount.trim() {
            "" => line.discount = Percent::ZERO,
            text => match format::parse_percent(text, language()) {
                Some(discount) => line.discount = discount,
                None => refuse("discount"),
            },
        }
        line.net_total = line.net();
        line
    }

    /// A line without an article: a text, a subtotal, something that is typed by hand.
    pub(crate) fn plain(kind: LineKind, description: String) -> Self {
        Self::of(&QuoteLine {
            kind,
            description,
            quantity: Quantity::whole(1),
            ..QuoteLine::default()
        })
    }
}

/// The lines with one of them at another place.
pub(crate) fn moved(lines: &[LineInput], from: usize, to: usize) -> Vec<LineInput> {
    let mut lines = lines.to_vec();
    if from < lines.len() && to < lines.len() {
        let line = lines.remove(from);
        lines.insert(to, line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use domain::{Language, Money, UnitPrice};

    use super::*;
    use crate::say::speak;

    fn line(quantity: &str, price: &str, discount: &str) -> LineInput {
        LineInput {
            quantity: quantity.into(),
            price: price.into(),
            discount: discount.into(),
            ..LineInput::plain(LineKind::Article, "Draht".into())
        }
    }

    fn input(lines: Vec<LineInput>, discount: &str) -> Input {
        Input { quote: Quote::default(), lines, discount: discount.into() }
    }

    #[test]
    fn amounts_are_read_in_the_language_of_the_screens() {
        speak(Language::De);
        let meant = line("2,5", "1.234,56", "10").meant(0, &mut Vec::new());
        assert_eq!(meant.net_total, Money(277_776));
        speak(Language::En);
        let meant = line("2.5", "1,234.56", "10").meant(0, &mut Vec::new());
        assert_eq!(meant.net_total, Money(277_776));
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        for language in Language::ALL {
            speak(*language);
            let meant = line("12", "89,90", "").meant(0, &mut Vec::new());
            let written = LineInput::of(&meant);
            let mut wrong = Vec::new();
            assert_eq!(written.meant(0, &mut wrong), meant, "{language}");
            assert!(wrong.is_empty());
            assert_eq!(written.discount, "", "no discount is an empty field");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field_and_what_was_there_stays() {
        speak(Language::De);
        let mut before = line("3", "20,00", "");
        before.line = before.meant(0, &mut Vec::new());
        before.price = "zwanzig".into();
        before.discount = "viel".into();
        let (_, lines, wrong) = input(vec![line("1", "1,00", ""), before], "halb").meant();
        let fields: Vec<&str> = wrong.iter().filter_map(|one| one.field.as_deref()).collect();
        assert_eq!(fields, ["discount", "lines.1.unit_price", "lines.1.discount"]);
        assert_eq!(lines[1].unit_price, UnitPrice(200_000), "the last price that could be read");
    }

    #[test]
    fn a_text_and_a_subtotal_have_no_amounts_to_be_wrong() {
        for kind in [LineKind::Text, LineKind::Subtotal] {
            let mut text = LineInput::plain(kind, "Hinweis".into());
            text.price = "–".into();
            let mut wrong = Vec::new();
            assert_eq!(text.meant(0, &mut wrong).description, "Hinweis");
            assert!(wrong.is_empty());
        }
    }

    #[test]
    fn an_empty_discount_is_none() {
        let (quote, _, wrong) = input(vec![], "  ").meant();
        assert_eq!(quote.discount, Percent::ZERO);
        assert!(wrong.is_empty());
    }

    #[test]
    fn a_line_that_moves_leaves_the_others_in_order() {
        let lines: Vec<LineInput> =
            ["a", "b", "c", "d"].map(|name| LineInput::plain(LineKind::Text, name.into())).to_vec();
        let names = |lines: Vec<LineInput>| -> String {
            lines.into_iter().map(|line| line.line.description).collect()
        };
        assert_eq!(names(moved(&lines, 0, 2)), "bcad");
        assert_eq!(names(moved(&lines, 3, 0)), "dabc");
        assert_eq!(names(moved(&lines, 1, 1)), "abcd");
        assert_eq!(names(moved(&lines, 9, 0)), "abcd", "a line that is not there");
    }
}
