//! VAT identification numbers: each EU country's form and, where its rule is public, its check
//! digit. Sources: the European Commission's VIES page on the structure of VAT numbers, and the
//! countries' own published check-digit rules (DE: ISO 7064 MOD 11,10).

use crate::Refusal;

/// Checks a VAT id and returns it as it is stored: capitals and digits, no blanks.
///
/// # Errors
/// `vat-id-invalid` with what is wrong.
pub fn check_vat_id(text: &str) -> Result<String, Refusal> {
    let id: String =
        text.chars().filter(|c| !" .-/".contains(*c)).flat_map(char::to_uppercase).collect();
    let invalid = |sentence: &str| Refusal::new("vat-id-invalid", sentence).with("id", &id);
    if !id.is_ascii() || id.len() < 4 {
        return Err(invalid("A VAT id begins with the country's two letters, like DE123456789."));
    }
    let (country, rest) = id.split_at(2);
    let Some((form, check)) = rule(country) else {
        return Err(invalid("A VAT id begins with the letters of an EU country, like DE or AT."));
    };
    if !form.iter().any(|form| fits(form, rest)) {
        return Err(invalid(
            "This VAT id is too long, too short, or has a letter at a wrong place.",
        ));
    }
    if !check(rest) {
        return Err(invalid("The check digit of this VAT id is wrong; a digit may be mistyped."));
    }
    Ok(id)
}

/// `9` a digit, `A` a letter, `*` either, `+`/`.` as the Irish and Dutch use; else itself.
fn fits(form: &str, text: &str) -> bool {
    form.len() == text.len()
        && form.bytes().zip(text.bytes()).all(|(form, byte)| match form {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'*' => byte.is_ascii_alphanumeric(),
            other => byte == other,
        })
}

type Rule = (&'static [&'static str], fn(&str) -> bool);

fn rule(country: &str) -> Option<Rule> {
    Some(match country {
        "AT" => (&["U99999999"], austria),
        "BE" => (&["0999999999", "1999999999"], |t| 97 - number(&t[..8]) % 97 == number(&t[8..])),
        "BG" => (&["999999999", "9999999999"], any),
        "CY" => (&["99999999A"], any),
        "CZ" => (&["99999999", "999999999", "9999999999"], any),
        "DE" => (&["999999999"], iso7064_11_10),
        "DK" => (&["99999999"], |t| sum(t, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)),
        "EE" => (&["999999999"], |t| sum(t, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)),
        "EL" => (&["999999999"], |t| {
            sum(&t[..8], &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == number(&t[8..])
        }),
        "ES" => (&["A9999999*", "9999999*A", "*9999999A"], any),
        "FI" => (&["99999999"], |t| sum(t, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)),
        "FR" => (&["**999999999"], france),
        "HR" => (&["99999999999"], iso7064_11_10),
        "HU" => (&["99999999"], |t| sum(t, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)),
        "IE" => (&["9999999A", "9999999AA", "9*99999A"], any),
        "IT" => (&["99999999999"], luhn),
        "LT" => (&["999999999", "999999999999"], any),
        "LU" => (&["99999999"], |t| number(&t[..6]) % 89 == number(&t[6..])),
        "LV" => (&["99999999999"], any),
        "MT" => (&["99999999"], |t| sum(t, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37)),
        "NL" => (&["*********B99"], any),
        "PL" => (&["9999999999"], |t| {
            sum(&t[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == number(&t[9..])
        }),
        "PT" => (&["999999999"], |t| {
            let rest = sum(&t[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            number(&t[8..]) == if rest < 2 { 0 } else { 11 - rest }
        }),
        "RO" => (
            &[
                "99",
                "999",
                "9999",
                "99999",
                "999999",
                "9999999",
                "99999999",
                "999999999",
                "9999999999",
            ],
            |t| {
                let padded = format!("{t:0>10}");
                sum(&padded[..9], &[7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10 % 11 % 10
                    == number(&padded[9..])
            },
        ),
        "SE" => (&["999999999901"], |t| luhn(&t[..10])),
        "SI" => (&["99999999"], |t| {
            let check = 11 - sum(&t[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11;
            check != 11 && check % 10 == number(&t[7..])
        }),
        "SK" => (&["9999999999"], |t| number(t).is_multiple_of(11)),
        "XI" => (&["999999999", "999999999999", "GD999", "HA999"], any),
        _ => return None,
    })
}

/// Where the form is all that is public, or the country knows several kinds of holders.
fn any(_: &str) -> bool {
    true
}

fn number(digits: &str) -> u64 {
    digits.bytes().fold(0, |sum, byte| sum * 10 + u64::from(byte.wrapping_sub(b'0') % 10))
}

fn sum(digits: &str, weights: &[u64]) -> u64 {
    digits.bytes().zip(weights).map(|(byte, weight)| u64::from(byte - b'0') * weight).sum()
}

/// ISO 7064 MOD 11,10: Germany and Croatia.
fn iso7064_11_10(text: &str) -> bool {
    let (body, check) = text.split_at(text.len() - 1);
    let product = body.bytes().fold(10, |product, byte| {
        let sum = (u64::from(byte - b'0') + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == number(check)
}

fn luhn(text: &str) -> bool {
    let total: u64 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u64::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    total.is_multiple_of(10)
}

fn austria(text: &str) -> bool {
    let total: u64 = text[1..8]
        .bytes()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u64::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    (96 - total) % 10 == number(&text[8..])
}

/// The old French key is (12 + 3 × (SIREN mod 97)) mod 97; the new one has letters.
fn france(text: &str) -> bool {
    let (key, siren) = text.split_at(2);
    !key.bytes().all(|byte| byte.is_ascii_digit())
        || (12 + 3 * (number(siren) % 97)) % 97 == number(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers made by each country's rule, or published as examples by its tax office.
    const VALID: [&str; 14] = [
        "DE136695976",
        "DE811907980",
        "ATU13585627",
        "BE0428759497",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "FI20774740",
        "FR40303265045",
        "HR33392005961",
        "HU12892312",
        "IT00743110157",
        "PL8567346215",
        "SE123456789701",
    ];

    #[test]
    fn takes_valid_ones_however_written() {
        for id in VALID {
            assert_eq!(check_vat_id(id).as_deref(), Ok(id));
        }
        assert_eq!(check_vat_id("de 811 907 980").as_deref(), Ok("DE811907980"));
        for id in
            ["LU15027442", "PT501964843", "RO18547290", "SI50223054", "SK2022749619", "MT11679112"]
        {
            assert_eq!(check_vat_id(id).as_deref(), Ok(id));
        }
    }

    #[test]
    fn a_mistyped_digit_is_noticed() {
        for id in VALID {
            let mut wrong = id.to_owned();
            // The last digit that the check digit covers, one up.
            let at = if id.starts_with("SE") { id.len() - 3 } else { id.len() - 1 };
            let digit = (id.as_bytes()[at] - b'0' + 1) % 10;
            wrong.replace_range(at..=at, &digit.to_string());
            assert!(check_vat_id(&wrong).is_err(), "{wrong}");
        }
        for id in
            ["", "DE", "DE12345678", "DEABCDEFGHI", "XX123456789", "DE1234567890", "ÄÖ123456789"]
        {
            assert!(check_vat_id(id).is_err(), "{id}");
        }
    }
}
