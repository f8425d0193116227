use crate::Refusal;

/// Whether a text can be an e-mail address: one @, a local part, and a domain with a dot. What
/// else is allowed (RFC 5321, RFC 6531) only the receiving server knows.
///
/// # Errors
/// `email-invalid`.
pub fn check_email(text: &str) -> Result<(), Refusal> {
    let valid = text.split_once('@').is_some_and(|(local, domain)| {
        let label = |label: &str| {
            !label.is_empty()
                && label.len() < 64
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let local_char = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        (1..=64).contains(&local.len())
            && local.chars().all(local_char)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && domain.contains('.')
            && domain.split('.').all(label)
            && text.len() <= 254
    });
    if valid {
        return Ok(());
    }
    Err(Refusal::new("email-invalid", "This is not an e-mail address, like name@company.de."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_addresses_from_others() {
        for good in ["a@b.de", "anna.jäger@müller-söhne.de", "o'neill+quote@sub.example.com"] {
            assert!(check_email(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "a@b", "a@@b.de", ".a@b.de", "a..b@c.de", "a b@c.de", "a@-b.de", "a@b."]
        {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }
}
