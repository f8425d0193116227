//! Numbers that people read, made offline: once each, from a block that a hub leased or, while
//! there is no hub, from a range without end.

use crate::{Refusal, Refused};

/// Whether a pattern like `AN-{year}-{n:4}` makes a different number each time.
///
/// # Errors
/// `pattern-invalid`.
pub fn check_pattern(pattern: &str) -> Result<(), Refused> {
    let counts =
        pattern.matches("{n").count() == 1 && render(pattern, 2026, 1) != render(pattern, 2026, 2);
    let braces = render(pattern, 2026, 1).contains(['{', '}']);
    if counts && !braces && pattern.len() <= 40 {
        return Ok(());
    }
    Err(Refusal::new(
        "pattern-invalid",
        "A number needs {n} (or {n:4} for four digits) exactly once, and may have {year}.",
    )
    .into())
}

/// The year that a pattern counts in: its own for each year where it shows the year, else 0.
#[must_use]
pub fn counting_year(pattern: &str, year: i32) -> i32 {
    if pattern.contains("{year}") { year } else { 0 }
}

/// The number as people read it.
#[must_use]
pub fn render(pattern: &str, year: i32, number: i64) -> String {
    let text = pattern.replace("{year}", &year.to_string());
    let Some((before, rest)) = text.split_once("{n") else { return text };
    let Some((width, after)) = rest.split_once('}') else { return text };
    match width.strip_prefix(':').map(str::parse::<usize>) {
        Some(Ok(width)) if width <= 12 => format!("{before}{number:0width$}{after}"),
        None if width.is_empty() => format!("{before}{number}{after}"),
        _ => text,
    }
}

/// A number that this device counts alone, the leased block being used up: its code stands before
/// the count, `AN-2026-7K3F-0001`.
#[must_use]
pub fn render_own(pattern: &str, year: i32, device: &str, number: i64) -> String {
    render(&pattern.replacen("{n", &format!("{device}-{{n"), 1), year, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_make_numbers() {
        assert_eq!(render("AN-{year}-{n:4}", 2026, 431), "AN-2026-0431");
        assert_eq!(render("K-{n:5}", 2026, 10_482), "K-10482");
        assert_eq!(render("{n}", 2026, 7), "7");
        assert_eq!(render_own("AN-{year}-{n:4}", 2026, "7K3F", 1), "AN-2026-7K3F-0001");
        assert!(check_pattern("AN-{year}-{n:4}").is_ok());
        for bad in ["", "AN", "{n}{n}", "{n", "{n:x}", "{m}-{n}"] {
            assert!(check_pattern(bad).is_err(), "{bad}");
        }
        assert_eq!(counting_year("K-{n}", 2026), 0);
    }
}
