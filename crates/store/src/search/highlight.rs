//! Shows where the words were found.

use std::ops::Range;

use commands::view::Snippet;
use domain::fold_words;

use super::query::Term;

/// Marks what begins with what was typed; long text is cut around the first of it.
pub(super) fn highlighted(text: String, terms: &[Term], most: Option<usize>) -> Snippet {
    let words: Vec<&str> =
        terms.iter().flat_map(|Term(ways)| ways.iter().flatten()).map(String::as_str).collect();
    let mut matches: Vec<(usize, usize)> = fold_words(&text)
        .into_iter()
        .filter(|(folded, _)| words.iter().any(|word| folded.starts_with(word)))
        .map(|(_, range)| (range.start, range.end))
        .collect();
    if matches.is_empty() {
        matches.extend(digits(&text, &words).map(|range| (range.start, range.end)));
    }
    match most {
        Some(most) if text.len() > most => cut(&text, &matches, most),
        _ => Snippet { text, matches },
    }
}

/// Where digits stand that are grouped in another way than they were typed.
fn digits(text: &str, words: &[&str]) -> Option<Range<usize>> {
    let places: Vec<(usize, u8)> =
        text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).collect();
    let digits: String = places.iter().map(|(_, byte)| char::from(*byte)).collect();
    // The longest one: a whole number rather than one group of it.
    words
        .iter()
        .filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .filter_map(|word| Some((word.len(), digits.find(word)?)))
        .max()
        .and_then(|(length, at)| Some(places.get(at)?.0..places.get(at + length - 1)?.0 + 1))
}

fn cut(text: &str, matches: &[(usize, usize)], most: usize) -> Snippet {
    let boundary = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at));
    let first = matches.first().map_or(0, |(from, _)| from.saturating_sub(most / 3));
    let from = boundary(first).unwrap_or(0);
    let to = boundary((from + most).min(text.len())).unwrap_or(text.len());
    let before = if from > 0 { "…" } else { "" };
    let after = if to < text.len() { "…" } else { "" };
    let shift = |at: usize| at - from + before.len();
    Snippet {
        text: format!("{before}{}{after}", &text[from..to]),
        matches: matches
            .iter()
            .filter(|(start, end)| *start >= from && *end <= to)
            .map(|(start, end)| (shift(*start), shift(*end)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::terms;

    fn marked(text: &str, typed: &str) -> Vec<String> {
        let snippet = highlighted(text.into(), &terms(typed), None);
        snippet.matches.iter().map(|(from, to)| snippet.text[*from..*to].to_owned()).collect()
    }

    #[test]
    fn the_words_that_were_typed_are_marked() {
        assert_eq!(marked("Müller & Söhne", "mueller s"), ["Müller", "Söhne"]);
        assert_eq!(marked("K-10482 · +49 711 22-29", "0711 222"), ["711 22-2"]);
        assert_eq!(marked("Straße", "weg"), Vec::<String>::new());
    }

    #[test]
    fn long_text_is_cut_between_letters() {
        let text = format!("{}Schweißdraht{}", "ä ".repeat(300), " ö".repeat(300));
        let snippet = highlighted(text, &terms("schweiss"), Some(120));
        assert!(snippet.text.len() < 140 && snippet.text.contains("Schweißdraht"));
        let (from, to) = snippet.matches[0];
        assert_eq!(&snippet.text[from..to], "Schweißdraht");
    }
}
