//! VAT identification numbers: each EU country's form and, where its rule is public, its check
//! digit.

mod rules;

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
    let Some((form, check)) = rules::rule(country) else {
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

/// Whether a text has a form, as [`rules::Rule`] writes it.
fn fits(form: &str, text: &str) -> bool {
    form.len() == text.len()
        && form.bytes().zip(text.bytes()).all(|(form, byte)| match form {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'*' => byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'*',
            other => byte == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by each country's rule, or published as examples by its tax office.
    const VALID: [&str; 42] = [
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ46505334",
        "DE136695976",
        "DE811907980",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "ESA13585625",
        "ESB58378431",
        "ES54362315K",
        "ESX2482300W",
        "FI20774740",
        "FR40303265045",
        "HR33392005961",
        "HU12892312",
        "IE6388047V",
        "IE8D79739I",
        "IE3628739UA",
        "IT00743110157",
        "LT119511515",
        "LT100001919017",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "NL000099998B57",
        "PL8567346215",
        "PT501964843",
        "RO11198699",
        "SE123456789701",
        "SI50223054",
        "SK2022749619",
        "XI980780684",
        "XIGD001",
        "FRK7399859412",
        "CZ7103192745",
        "BG7523169263",
        "LV16117519997",
        "ESP2816003D",
    ];

    #[test]
    fn takes_valid_ones_however_written() {
        let wrong: Vec<_> = VALID.iter().filter(|id| check_vat_id(id).is_err()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        for spelling in ["de 811 907 980", "DE811.907.980", "DE-811907980", "De 811907980 "] {
            assert_eq!(check_vat_id(spelling).as_deref(), Ok("DE811907980"));
        }
    }

    #[test]
    fn every_member_state_has_a_rule_and_an_example() {
        for country in crate::country::COUNTRIES.iter().map(|(code, ..)| *code) {
            // Greece writes EL on its numbers.
            let code = if country == "GR" { "EL" } else { country };
            let known = rules::rule(code).is_some();
            assert_eq!(known, crate::country::in_eu(country), "{country}");
            assert_eq!(known, VALID.iter().any(|id| id.starts_with(code)), "{country}");
        }
    }

    /// Numbers of people and of other kinds of which only the form is checked.
    const FORM_ONLY: [&str; 5] =
        ["XIGD001", "FRK7399859412", "CZ7103192745", "BG7523169263", "LV16117519997"];

    fn checked() -> impl Iterator<Item = &'static str> {
        VALID.into_iter().filter(|id| !FORM_ONLY.contains(id))
    }

    /// What a country's own rule cannot notice.
    fn beyond_its_rule(id: &str, at: usize, wrong: &str) -> bool {
        // The old Dutch check digit does not cover the company's suffix.
        if id == "NL004495445B01" && at > 10 {
            return true;
        }
        match &id[..2] {
            // The last digit weighs as much as the check digit behind it.
            "AT" => at == 9,
            // A number that is wrong by one of their two rules may be right by the other.
            "BG" | "LT" | "NL" | "XI" => TWO_RULES.contains(&wrong),
            // Other first digits are birth numbers, of which only the form is checked.
            "LV" => wrong.as_bytes()[2] < b'4',
            _ => false,
        }
    }

    const TWO_RULES: [&str; 11] = [
        "BG105074752",
        "LT100051919017",
        "NL004095445B01",
        "NL400099998B57",
        "NL002099998B57",
        "NL000699998B57",
        "NL000039998B57",
        "NL000097998B57",
        "NL000099958B57",
        "NL000099995B57",
        "XI987780684",
    ];

    #[test]
    fn a_mistyped_digit_is_noticed() {
        let mut missed = Vec::new();
        for id in checked() {
            for at in 2..id.len() {
                let byte = id.as_bytes()[at];
                if !byte.is_ascii_digit() {
                    continue;
                }
                for other in (b'0'..=b'9').filter(|other| *other != byte) {
                    let mut wrong = id.as_bytes().to_vec();
                    wrong[at] = other;
                    let wrong = String::from_utf8(wrong).unwrap();
                    if !beyond_its_rule(id, at, &wrong) && check_vat_id(&wrong).is_ok() {
                        missed.push((id, wrong));
                    }
                }
            }
        }
        assert_eq!(missed, []);
    }

    #[test]
    fn transposed_digits_are_noticed() {
        let mut missed = Vec::new();
        for id in checked() {
            for at in 2..id.len() - 1 {
                let (one, two) = (id.as_bytes()[at], id.as_bytes()[at + 1]);
                if one == two || !one.is_ascii_digit() || !two.is_ascii_digit() {
                    continue;
                }
                let mut wrong = id.as_bytes().to_vec();
                wrong.swap(at, at + 1);
                let wrong = String::from_utf8(wrong).unwrap();
                if !beyond_its_rule(id, at, &wrong) && check_vat_id(&wrong).is_ok() {
                    missed.push((id, wrong));
                }
            }
        }
        assert_eq!(missed, []);
    }

    #[test]
    fn what_is_no_number_of_a_country_is_refused() {
        for id in [
            "",
            "D",
            "DE",
            "DE12345678",
            "DEABCDEFGHI",
            "XX123456789",
            "DE1234567890",
            "ÄÖ123456789",
            "DE１２３４５６７８９",
            "GB980780684",
            "ATU1358562",
            "AT13585627",
            "U13585627",
            "NL004495445A01",
            "SE123456789702",
            "IE63880471",
            "ES123456789",
            "RO1",
            "FR4030326504",
            "811907980",
            "DE81190798O",
            "CY10259033",
            "BE2428759497",
        ] {
            assert!(check_vat_id(id).is_err(), "{id}");
        }
    }
}
