//! What people typed, as what must be found.

use domain::fold_words;

/// As many words as are looked at; more would only make it slower.
const MOST_WORDS: usize = 10;
/// Words are indexed up to here.
pub(super) const LONGEST_WORD: usize = 32;

/// One thing that must be found: any of these, each of which is words that must all be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term(pub(super) Vec<Vec<String>>);

/// What must be found for this text: every word must begin some word. Digits in groups, as phone
/// numbers are written, may also be one number: `0171 / 23 45-678` is found as `1712345678`.
/// Nothing when there is no word in it.
pub(crate) fn terms(text: &str) -> Vec<Term> {
    let words = fold_words(text);
    let mut terms = Vec::new();
    let mut at = 0;
    while at < words.len() && terms.len() < MOST_WORDS {
        let mut end = at + 1;
        if is_digits(&words[at].0) {
            while end < words.len()
                && is_digits(&words[end].0)
                && text[words[end - 1].1.end..words[end].1.start]
                    .chars()
                    .all(|c| " +-/().–".contains(c))
            {
                end += 1;
            }
        }
        let group = &words[at..end];
        let mut ways = vec![group.iter().map(|(word, _)| shortened(word)).collect::<Vec<_>>()];
        if is_digits(&words[at].0) {
            let joined: String = group.iter().map(|(word, _)| word.as_str()).collect();
            let plus = text[..words[at].1.start].trim_end().ends_with('+');
            for number in phone_keys(&joined, plus) {
                let way = vec![shortened(&number)];
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
        if !ways[0].iter().all(String::is_empty) {
            terms.push(Term(ways));
        }
        at = end;
    }
    terms
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn shortened(word: &str) -> String {
    word.chars().take(LONGEST_WORD).collect()
}

/// How a phone number that is being typed may stand in the index: without what may be left out,
/// the country code and the leading 0.
fn phone_keys(digits: &str, plus: bool) -> Vec<String> {
    let without_zeros = |digits: &str| digits.trim_start_matches('0').to_owned();
    let mut keys = Vec::new();
    let abroad = digits.strip_prefix("00").or(plus.then_some(digits));
    if let Some(domestic) = abroad.and_then(|digits| digits.strip_prefix("49")) {
        keys.push(without_zeros(domestic));
    }
    keys.push(without_zeros(digits));
    keys.retain(|key| key.len() > 1);
    keys
}

/// What a phone number is found by: its digits without leading zeros, from each group on, so
/// with and without country and area code. A number written in one piece by its last digits.
pub(super) fn phone_words(phone: &str) -> Vec<String> {
    let groups: Vec<(String, _)> =
        fold_words(phone).into_iter().filter(|(word, _)| is_digits(word)).collect();
    let digits: String = groups.iter().map(|(word, _)| word.as_str()).collect();
    let mut starts: Vec<usize> = groups
        .iter()
        .scan(0, |at, (word, _)| {
            let start = *at;
            *at += word.len();
            Some(start)
        })
        .collect();
    if groups.len() == 1 && digits.len() > 6 {
        starts.extend(1..=digits.len() - 6);
    }
    let mut words: Vec<String> = starts
        .into_iter()
        .map(|start| digits[start..].trim_start_matches('0').to_owned())
        .filter(|word| word.len() > 2)
        .collect();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, phone: &str) -> bool {
        let words = phone_words(phone);
        let begins = |way: &Vec<String>| {
            way.iter().all(|typed| words.iter().any(|word| word.starts_with(typed.as_str())))
        };
        terms(typed).iter().all(|Term(ways)| ways.iter().any(begins))
    }

    #[test]
    fn phone_numbers_are_found_however_written() {
        let written =
            ["0171 2345678", "+49 171 2345678", "0049-171/2345678", "+49 (0)171 / 23 45 678"];
        let typed = [
            "0171 2345678",
            "+49 171 2345678",
            "0049-171/2345678",
            "01712345678",
            "2345678",
            "171 23",
            "0171/23",
            "+49 17",
        ];
        for phone in written {
            for text in typed {
                let local_alone = text == "2345678" && phone.contains("23 45");
                assert!(local_alone || found(text, phone), "{text} in {phone}");
            }
        }
        assert!(found("2345678", "01712345678"), "local part of a number in one piece");
        assert!(!found("0172", "0171 2345678"));
    }

    #[test]
    fn words_and_numbers_are_told_apart() {
        assert_eq!(
            terms("Müller 04109"),
            [
                Term(vec![vec!["muller".into()]]),
                Term(vec![vec!["04109".into()], vec!["4109".into()]])
            ]
        );
        assert_eq!(terms(" , "), []);
        assert_eq!(terms("K-1").len(), 2);
        assert_eq!(terms("a b c d e f g h i j k l m").len(), MOST_WORDS);
    }
}
