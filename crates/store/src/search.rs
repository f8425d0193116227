//! Full-text search: what is indexed, how words become a query, how hits are ranked.

mod find;
mod index;

use domain::fold_words;

pub(crate) use index::{index_all, reindex};

/// What people typed as a full-text query: every word must be the beginning of some word.
/// None when there is no word in it.
pub(crate) fn query(text: &str) -> Option<String> {
    let words = words(text);
    if words.is_empty() {
        return None;
    }
    let terms: Vec<String> = words.iter().map(|word| format!("\"{word}\" *")).collect();
    Some(terms.join(" AND "))
}

/// The folded words of what people typed. Digits that stand in groups, as phone numbers do, are
/// one word: `0171 / 23 45-678` is looked for as `01712345678`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let looks_like_phone = text.chars().all(|c| c.is_ascii_digit() || " +-/().".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if looks_like_phone && digits.len() > 2 {
        return vec![phone_key(&digits)];
    }
    fold_words(text).into_iter().map(|(word, _)| word).filter(|word| !word.is_empty()).collect()
}

/// A phone number's digits without what may be left out: `+49`, `0049` and the leading 0.
fn phone_key(digits: &str) -> String {
    let digits = digits.strip_prefix("00").unwrap_or(digits);
    let digits = match digits.strip_prefix("49") {
        Some(rest) if rest.len() > 5 => rest,
        _ => digits,
    };
    let key = digits.trim_start_matches('0');
    if key.is_empty() { digits.to_owned() } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_one_word_however_written() {
        for typed in ["0171 2345678", "+49 171 2345678", "0049-171/2345678", "01712345678"] {
            assert_eq!(words(typed), ["1712345678"], "{typed}");
        }
        assert_eq!(words("Müller 70565"), ["muller", "70565"]);
        assert_eq!(query(" , "), None);
        assert_eq!(query("Mü"), Some("\"mu\" *".into()));
    }
}
