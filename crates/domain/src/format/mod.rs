//! Amounts and days as people write them, and back.

use crate::{Day, Language, Money, Percent, Quantity, UnitPrice, value::is_usual};

/// A thin space that does not break, between thousands of a quantity.
const THIN: char = '\u{202f}';

/// A whole number of 1/10^`scale` with between `least` and `scale` decimals.
fn decimal(
    value: i64,
    scale: usize,
    least: usize,
    language: Language,
    group: Option<char>,
) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let mut fraction = fraction.to_owned();
    while fraction.len() > least && fraction.ends_with('0') {
        fraction.pop();
    }
    let mut text = String::new();
    if value < 0 {
        text.push('\u{2212}');
    }
    for (place, digit) in whole.char_indices() {
        if let Some(separator) = group
            && place > 0
            && (whole.len() - place).is_multiple_of(3)
        {
            text.push(separator);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(if language == Language::De { ',' } else { '.' });
        text.push_str(&fraction);
    }
    text
}

fn thousands(language: Language) -> Option<char> {
    Some(if language == Language::De { '.' } else { ',' })
}

/// The currency's sign: “€” for EUR, else its code.
#[must_use]
pub fn currency_sign(currency: &str) -> &str {
    match currency {
        "" | "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        other => other,
    }
}

/// `4.599,99`, `4,599.99`.
#[must_use]
pub fn money_plain(money: Money, language: Language) -> String {
    decimal(money.0, 2, 2, language, thousands(language))
}

/// `4.599,99 €`, `€4,599.99`.
#[must_use]
pub fn money(money: Money, currency: &str, language: Language) -> String {
    let (plain, sign) = (money_plain(money, language), currency_sign(currency));
    match language {
        Language::De => format!("{plain}\u{a0}{sign}"),
        Language::En => match plain.strip_prefix('\u{2212}') {
            Some(plain) => format!("\u{2212}{sign}{plain}"),
            None => format!("{sign}{plain}"),
        },
    }
}

/// Money without cents, for figures at a glance: `96.400 €`.
#[must_use]
pub fn money_round(money: Money, language: Language) -> String {
    let whole = crate::amount::divide_rounded(money.0.into(), 100);
    let plain =
        decimal(i64::try_from(whole).unwrap_or(i64::MAX), 0, 0, language, thousands(language));
    match language {
        Language::De => format!("{plain}\u{a0}€"),
        Language::En => format!("€{plain}"),
    }
}

/// `74,90`, with up to four decimals where it has them: `0,0349`.
#[must_use]
pub fn unit_price(price: UnitPrice, language: Language) -> String {
    decimal(price.0, 4, 2, language, thousands(language))
}

/// `2 000`, `1,5`.
#[must_use]
pub fn quantity(quantity: Quantity, language: Language) -> String {
    decimal(quantity.0, 3, 0, language, Some(THIN))
}

/// `19`, `2,5`: without the sign.
#[must_use]
pub fn percent(percent: Percent, language: Language) -> String {
    decimal(percent.0, 2, 0, language, None)
}

/// `21.11.2026`, `21 Nov 2026`.
#[must_use]
pub fn day(day: Day, language: Language) -> String {
    match language {
        Language::De => day.format("%d.%m.%Y").to_string(),
        Language::En => day.format("%-d %b %Y").to_string(),
    }
}

/// `21.11.`, `21 Nov`.
#[must_use]
pub fn day_short(day: Day, language: Language) -> String {
    match language {
        Language::De => day.format("%d.%m.").to_string(),
        Language::En => day.format("%-d %b").to_string(),
    }
}

/// A number as people type it in either convention, as a whole number of 1/10^`scale`. The last
/// of comma and dot is the decimal sign, unless it stands alone before exactly three digits and
/// is the language's thousands sign. Rounds nothing: too many decimals are no number.
///
/// `100,55` is 100.55 in either language; it never becomes 10 055.
#[must_use]
pub fn parse_decimal(text: &str, scale: u32, language: Language) -> Option<i64> {
    let around = |c: char| c.is_whitespace() || "€$£%".contains(c);
    let text = text.trim_matches(around);
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    // “−€4,599.99”, “- 5”
    let text: String = text
        .trim_matches(around)
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    if !text.contains(|c: char| c.is_ascii_digit())
        || !text.chars().all(|c| c.is_ascii_digit() || ",. '".contains(c))
    {
        return None;
    }
    let thousands = if language == Language::De { '.' } else { ',' };
    let signs = text.chars().filter(|c| !c.is_ascii_digit()).count();
    let decimal_at = text.rfind([',', '.']).filter(|at| {
        let sign = text[*at..].chars().next().unwrap_or(',');
        let same = text.matches(sign).count();
        let digits_after = text.len() - at - 1;
        // “1.234.567”: only thousands. “1.234”: thousands in German, “1,234” in English; but
        // nobody writes thousands in “0.500”.
        let grouped = !text.starts_with([sign, '0']);
        same == 1 && !(signs == 1 && sign == thousands && digits_after == 3 && grouped)
    });
    let (whole, fraction) = match decimal_at {
        Some(at) => (&text[..at], text[at + 1..].trim_end_matches('0')),
        None => (&*text, ""),
    };
    if fraction.len() > scale as usize || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match whole_digits(whole)?.as_str() {
        "" => 0,
        digits => digits.parse::<i64>().ok()?,
    };
    let fraction = match format!("{fraction:0<width$}", width = scale as usize).as_str() {
        "" => 0,
        digits => digits.parse::<i64>().ok()?,
    };
    let value = whole.checked_mul(10_i64.checked_pow(scale)?)?.checked_add(fraction)?;
    Some(if negative { -value } else { value })
}

/// The digits of a whole number that may be grouped in threes by one kind of sign.
fn whole_digits(text: &str) -> Option<String> {
    let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(text.to_owned());
    };
    let mut groups = text.split(sign);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

/// Money as people type it, with the currency's sign or code or without.
#[must_use]
pub fn parse_money(text: &str, language: Language) -> Option<Money> {
    let code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let text = text.trim();
    let text = match (text.split_at_checked(3), text.len().checked_sub(3)) {
        (Some((before, rest)), _) if code(before) => rest,
        (_, Some(at)) if text.get(at..).is_some_and(code) => &text[..at],
        _ => text,
    };
    // English writes the minus before the code: “−CHF4,599.99”.
    match text.strip_prefix(['-', '\u{2212}']).and_then(|rest| rest.trim().split_at_checked(3)) {
        Some((before, rest)) if code(before) => {
            parse_decimal(rest, 2, language).map(|cents| Money(-cents))
        }
        _ => parse_decimal(text, 2, language).map(Money),
    }
}

/// A unit price as people type it.
#[must_use]
pub fn parse_unit_price(text: &str, language: Language) -> Option<UnitPrice> {
    parse_decimal(text, 4, language).map(UnitPrice)
}

/// A quantity as people type it.
#[must_use]
pub fn parse_quantity(text: &str, language: Language) -> Option<Quantity> {
    parse_decimal(text, 3, language).map(Quantity)
}

/// A percentage as people type it.
#[must_use]
pub fn parse_percent(text: &str, language: Language) -> Option<Percent> {
    parse_decimal(text, 2, language).map(Percent)
}

/// A day as people type it: `21.11.2026`, `21.11.26`, `21.11.`, `2026-11-21`. A day without a
/// year is the next one from today on, a year of five digits none.
#[must_use]
pub fn parse_day(text: &str, today: Day) -> Option<Day> {
    use chrono::Datelike;
    any_day(text, today).filter(|day| is_usual(day.year()))
}

fn any_day(text: &str, today: Day) -> Option<Day> {
    use chrono::Datelike;
    let text = text.trim();
    if let Ok(day) = text.parse::<Day>() {
        return Some(day);
    }
    let parts: Vec<&str> = text.split(['.', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
    let (day, month) = (number(0)?, number(1)?);
    match parts.len() {
        // The 29th of February may be eight years away.
        2 => (0..=8)
            .filter_map(|years| Day::from_ymd_opt(today.year() + years, month, day))
            .find(|day| *day >= today),
        3 => {
            let year = i32::try_from(number(2)?).ok()?;
            Day::from_ymd_opt(if year < 100 { 2000 + year } else { year }, month, day)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
