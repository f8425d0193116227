//! Figures whose convention the file itself shows: 1.234 is a thousand or a little over one.

use crate::{Language, format::parse_decimal};

/// Which convention a file's unmistakable figures show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// None is unmistakable, or all with a comma before the decimals: read as German.
    #[default]
    German,
    /// All with a dot before the decimals.
    English,
    /// Both are there: an ambiguous figure cannot be told.
    Mixed,
}

/// Looks at figures one by one and says which convention they show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    german: bool,
    english: bool,
}

/// Why a text is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misread {
    /// No figure at all, or with more decimals than there may be.
    NoFigure,
    /// It can mean two things, and the file writes figures both ways.
    Ambiguous,
}

/// What a figure's own form says.
enum Form {
    /// Nothing to tell apart, or no figure.
    Plain,
    /// One sign before exactly three digits: this one.
    Ambiguous,
    /// The decimals stand behind a comma, or dots part the thousands.
    German,
    /// The other way round.
    English,
}

/// Without the currency and blanks around it.
fn bare(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_suffix("EUR").or_else(|| text.strip_prefix("EUR")).unwrap_or(text);
    text.chars().filter(|c| !c.is_whitespace() && !"€%'\u{2019}".contains(*c)).collect()
}

fn form(bare: &str) -> Form {
    let digits = bare.trim_start_matches(['-', '+', '\u{2212}']);
    let commas = digits.matches(',').count();
    let dots = digits.matches('.').count();
    match (commas, dots) {
        (0, 0) => Form::Plain,
        (1, 0) | (0, 1) => {
            let (whole, after) = digits.split_once([',', '.']).unwrap_or((digits, ""));
            // A whole part that begins with 0 or is longer than a group parts no thousands.
            let may_group = (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            match (after.len() == 3 && may_group, commas == 1) {
                (true, _) => Form::Ambiguous,
                (false, true) => Form::German,
                (false, false) => Form::English,
            }
        }
        (_, 0) => Form::English,
        (0, _) => Form::German,
        _ if digits.rfind(',') > digits.rfind('.') => Form::German,
        _ => Form::English,
    }
}

impl Figures {
    /// Looks at one more figure.
    pub fn look(&mut self, text: &str) {
        match form(&bare(text)) {
            Form::German => self.german = true,
            Form::English => self.english = true,
            Form::Plain | Form::Ambiguous => {}
        }
    }

    /// What they show.
    #[must_use]
    pub fn style(self) -> Style {
        match (self.german, self.english) {
            (true, true) => Style::Mixed,
            (false, true) => Style::English,
            (_, false) => Style::German,
        }
    }
}

impl Style {
    /// A figure as a whole number of 1/10^`scale`; nothing is rounded.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(self, text: &str, scale: u32) -> Result<i64, Misread> {
        let bare = bare(text);
        let language = match (form(&bare), self) {
            (Form::German, _) | (Form::Ambiguous, Self::German) => Language::De,
            (Form::English, _) | (Form::Ambiguous, Self::English) => Language::En,
            (Form::Plain, _) => Language::De,
            (Form::Ambiguous, Self::Mixed) => return Err(Misread::Ambiguous),
        };
        // A sign that parts decimals must not be taken for one that parts thousands: `0.125`.
        let text = match form(&bare) {
            Form::German if bare.matches(',').count() == 1 && !bare.contains('.') => {
                return parse_decimal(&bare, scale, Language::De).ok_or(Misread::NoFigure);
            }
            Form::English if bare.matches('.').count() == 1 && !bare.contains(',') => {
                bare.replace('.', ",")
            }
            _ => return parse_decimal(&bare, scale, language).ok_or(Misread::NoFigure),
        };
        parse_decimal(&text, scale, Language::De).ok_or(Misread::NoFigure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_right_to_the_cent() {
        use Misread::{Ambiguous, NoFigure};
        for (text, style, expected) in [
            ("100,55", Style::German, Ok(10_055)),
            ("100,55", Style::English, Ok(10_055)),
            ("100.55", Style::German, Ok(10_055)),
            ("32.000,00", Style::German, Ok(3_200_000)),
            ("32.000,00 €", Style::English, Ok(3_200_000)),
            ("1,234.56", Style::German, Ok(123_456)),
            ("1.234", Style::German, Ok(123_400)),
            ("1.23", Style::Mixed, Ok(123)),
            ("1,234", Style::English, Ok(123_400)),
            ("1.234", Style::Mixed, Err(Ambiguous)),
            ("0.12", Style::German, Ok(12)),
            ("1.234.567", Style::English, Ok(123_456_700)),
            ("1'234.50", Style::German, Ok(123_450)),
            ("-12,5", Style::German, Ok(-1_250)),
            ("EUR 12", Style::German, Ok(1_200)),
            ("19 %", Style::German, Ok(1_900)),
            ("1.23.4", Style::German, Err(NoFigure)),
            ("zwölf", Style::German, Err(NoFigure)),
            ("", Style::German, Err(NoFigure)),
            ("12,345", Style::English, Ok(1_234_500)),
            ("12,345", Style::German, Err(NoFigure)),
        ] {
            assert_eq!(style.read(text, 2), expected, "{text} {style:?}");
        }
        assert_eq!(Style::German.read("0.125", 4), Ok(1_250));
        assert_eq!(Style::German.read("0,0349", 4), Ok(349));
        assert_eq!(Style::German.read("1234.500", 4), Ok(12_345_000));
    }

    #[test]
    fn other_figures_tell_the_convention() {
        let style = |figures: &[&str]| {
            let mut looked = Figures::default();
            figures.iter().for_each(|figure| looked.look(figure));
            looked.style()
        };
        assert_eq!(style(&["1.234", "12"]), Style::German);
        assert_eq!(style(&["1.234", "12.50"]), Style::English);
        assert_eq!(style(&["1.234", "12,50"]), Style::German);
        assert_eq!(style(&["12.50", "12,50"]), Style::Mixed);
        assert_eq!(style(&["1.234.567"]), Style::German);
    }
}
