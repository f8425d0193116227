use std::borrow::Cow;

/// For each combining accent the letters that it stands on, each before the letter with it.
const COMPOSED: [(char, &str); 14] = [
    ('\u{300}', "AÀEÈIÌNǸOÒUÙaàeèiìnǹoòuù"),
    ('\u{301}', "AÁCĆEÉIÍLĹNŃOÓRŔSŚUÚYÝZŹaácćeéiílĺnńoórŕsśuúyýzź"),
    ('\u{302}', "AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶaâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷ"),
    ('\u{303}', "AÃIĨNÑOÕUŨaãiĩnñoõuũ"),
    ('\u{304}', "AĀEĒIĪOŌUŪaāeēiīoōuū"),
    ('\u{306}', "AĂEĔGĞIĬOŎUŬaăeĕgğiĭoŏuŭ"),
    ('\u{307}', "CĊEĖGĠIİZŻcċeėgġzż"),
    ('\u{308}', "AÄEËIÏOÖUÜYŸaäeëiïoöuüyÿ"),
    ('\u{30a}', "AÅUŮaåuů"),
    ('\u{30b}', "OŐUŰoőuű"),
    ('\u{30c}', "CČDĎEĚLĽNŇRŘSŠTŤZŽcčdďeělľnňrřsštťzž"),
    ('\u{326}', "SȘTȚsștț"),
    ('\u{327}', "CÇGĢKĶLĻNŅRŖSŞTŢcçgģkķlļnņrŗsştţ"),
    ('\u{328}', "AĄEĘIĮUŲaąeęiįuų"),
];

/// Makes letters and the combining accents behind them one letter, as German keyboards type
/// them; file names and PDFs on a Mac come apart (“u” and “¨”), and would be neither found nor
/// printed. Other scripts stay as they are.
#[must_use]
pub fn compose(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|char| ('\u{300}'..='\u{328}').contains(&char)) {
        return Cow::Borrowed(text);
    }
    let mut composed = String::with_capacity(text.len());
    for char in text.chars() {
        match composed.chars().next_back().and_then(|letter| with_accent(letter, char)) {
            Some(letter) => {
                composed.pop();
                composed.push(letter);
            }
            None => composed.push(char),
        }
    }
    Cow::Owned(composed)
}

fn with_accent(letter: char, accent: char) -> Option<char> {
    let (_, letters) = COMPOSED.iter().find(|(known, _)| *known == accent)?;
    let mut letters = letters.chars();
    while let (Some(plain), Some(composed)) = (letters.next(), letters.next()) {
        if plain == letter {
            return Some(composed);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_accents_become_one() {
        for (apart, one) in [
            ("Mu\u{308}ller & So\u{308}hne", "Müller & Söhne"),
            ("Rene\u{301} Nun\u{303}ez, C\u{327}elik", "René Nuñez, Çelik"),
            ("Mu\u{308}\u{301}", "Mü\u{301}"),
            ("\u{308}x\u{308}", "\u{308}x\u{308}"),
            ("Müller", "Müller"),
            ("", ""),
        ] {
            assert_eq!(compose(apart), one);
        }
    }
}
