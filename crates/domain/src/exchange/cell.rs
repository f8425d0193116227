/// Whether a spreadsheet would take a text for a formula.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text as it may stand in a table that a spreadsheet opens: one that would be taken for a
/// formula gets an apostrophe before it. [`unguard`] takes it off again.
#[must_use]
pub fn guard(text: &str) -> std::borrow::Cow<'_, str> {
    if is_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// A cell's text without the apostrophe that [`guard`] put there.
#[must_use]
pub fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|_| is_formula(text)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("+49 711 1", "'+49 711 1"),
            ("-5", "'-5"),
            ("@sum", "'@sum"),
            ("'=a", "''=a"),
            ("O'Neill", "O'Neill"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("", ""),
        ] {
            assert_eq!(guard(text), guarded);
            assert_eq!(unguard(guarded), text);
        }
        assert_eq!(unguard("+49 711 1"), "+49 711 1");
    }
}
