use crate::Refusal;

/// Whether a text can be a phone number: 3 to 15 digits (ITU-T E.164) with the signs that
/// people group them by.
///
/// # Errors
/// `phone-invalid`.
pub fn check_phone(text: &str) -> Result<(), Refusal> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let grouped = text.chars().all(|c| c.is_ascii_digit() || " +-/().–".contains(c));
    if grouped && (3..=16).contains(&digits) && !text[1.min(text.len())..].contains('+') {
        return Ok(());
    }
    Err(Refusal::new("phone-invalid", "This is not a phone number, like 0711 12345-67."))
}

/// The digits to dial, as `tel:` links take them: `+49 (0)171/23 45` becomes `+491712345`.
#[must_use]
pub fn dial(text: &str) -> String {
    let mut dial: String =
        if text.trim_start().starts_with('+') { "+".into() } else { String::new() };
    // The 0 in brackets is only for those who call from inside the country.
    let text = if dial.is_empty() { text.to_owned() } else { text.replace("(0)", "") };
    dial.extend(text.chars().filter(char::is_ascii_digit));
    dial
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_people_write() {
        for good in ["0711 12345-67", "+49 (0)171 / 23 45 678", "0049 711 1234", "110"] {
            assert!(check_phone(good).is_ok(), "{good}");
        }
        for bad in ["", "12", "abc", "0711 x", "07+11", "12345678901234567"] {
            assert!(check_phone(bad).is_err(), "{bad}");
        }
        assert_eq!(dial("+49 (0)171 / 23 45"), "+491712345");
        assert_eq!(dial("0711 12-3"), "0711123");
    }
}
