//! Folding text for search and comparing: Müller, Mueller and Muller are one word.

/// Folds text to lower-case ASCII words: umlauts in either spelling become the plain vowel, ß
/// becomes ss, accents go, everything but letters and digits becomes a blank.
///
/// Both sides of a comparison must be folded; the result is not for people.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for char in crate::compose(text).chars() {
        push_folded(&mut folded, char);
    }
    folded
}

/// The folded words of a text, each with its byte range in the text.
#[must_use]
pub fn fold_words(text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        // An accent of its own belongs to the letter before it.
        let in_word = char.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&char);
        match (in_word, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((fold(&text[from..at]), from..at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn push_folded(folded: &mut String, char: char) {
    match char {
        'a'..='z' | '0'..='9' => push_letter(folded, char),
        'A'..='Z' => push_letter(folded, char.to_ascii_lowercase()),
        'ß' | 'ẞ' => folded.push_str("ss"),
        _ if char.is_alphanumeric() => {
            for lower in char.to_lowercase() {
                match plain(lower) {
                    Some(letters) => folded.push_str(letters),
                    None => folded.push(lower),
                }
            }
        }
        _ => {
            if !folded.ends_with(' ') && !folded.is_empty() {
                folded.push(' ');
            }
        }
    }
}

/// `ae`, `oe`, `ue` are how people type ä, ö, ü: both become a, o, u.
fn push_letter(folded: &mut String, letter: char) {
    if letter == 'e' && folded.ends_with(['a', 'o', 'u']) {
        return;
    }
    folded.push(letter);
}

fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'æ' => "a",
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ĺ' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' | 'œ' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ț' => "t",
        'ü' | 'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ž' | 'ż' => "z",
        '\u{307}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_one_word() {
        for spelling in ["Müller", "MÜLLER", "Mueller", "Muller", "mÜllér", "Mu\u{308}ller"] {
            assert_eq!(fold(spelling), "muller", "{spelling}");
        }
        assert_eq!(fold("Großmann & Söhne"), "grossmann sohne");
        assert_eq!(fold("Özdemir İzmir"), "ozdemir izmir");
    }

    #[test]
    fn a_prefix_of_a_spelling_folds_to_a_prefix() {
        for word in ["Mueller", "Bauer", "Neue", "Schäfer", "Koehler"] {
            let whole = fold(word);
            for (end, _) in word.char_indices() {
                assert!(whole.starts_with(&fold(&word[..end])), "{word} {end}");
            }
        }
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "Müller & Söhne";
        let found: Vec<_> = fold_words(text).into_iter().map(|(w, r)| (w, &text[r])).collect();
        assert_eq!(found, [("muller".into(), "Müller"), ("sohne".into(), "Söhne")]);
    }
}
