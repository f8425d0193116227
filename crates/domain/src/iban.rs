use crate::Refusal;

/// Checks an IBAN (ISO 13616: length by form, MOD 97-10) and returns it without blanks.
///
/// # Errors
/// `iban-invalid`.
pub fn check_iban(text: &str) -> Result<String, Refusal> {
    let iban: String =
        text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let invalid =
        || Refusal::new("iban-invalid", "This IBAN is not valid; a digit may be mistyped.");
    let well_formed = (15..=34).contains(&iban.len())
        && iban.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (!iban.starts_with("DE") || iban.len() == 22);
    if !well_formed {
        return Err(invalid());
    }
    let (head, body) = iban.split_at(4);
    let rest = body.bytes().chain(head.bytes()).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    if rest == 1 { Ok(iban) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_the_check_digits() {
        assert_eq!(
            check_iban("DE89 3704 0044 0532 0130 00").as_deref(),
            Ok("DE89370400440532013000")
        );
        assert!(check_iban("DE88 3704 0044 0532 0130 00").is_err());
        assert!(check_iban("DE89").is_err());
    }
}
