use crate::fold;

/// Words that say what kind of company it is, not which.
const LEGAL_FORMS: [&str; 22] = [
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "ohg",
    "gbr",
    "ug",
    "se",
    "ek",
    "e",
    "k",
    "co",
    "kgaa",
    "und",
    "and",
    "ltd",
    "inc",
    "haftungsbeschrankt",
    "gesellschaft",
    "the",
    "sarl",
    "bv",
];

/// A company's name without its legal form, folded: what two spellings of it share.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> =
        folded.split(' ').filter(|word| !word.is_empty() && !LEGAL_FORMS.contains(word)).collect();
    if words.is_empty() { folded.trim().to_owned() } else { words.join(" ") }
}

/// How alike two names are, 0 to 100: the share of letters that need no change
/// (Levenshtein over [`name_key`]).
#[must_use]
pub fn likeness(a: &str, b: &str) -> u32 {
    let (a, b): (Vec<char>, Vec<char>) =
        (name_key(a).chars().collect(), name_key(b).chars().collect());
    let longest = a.len().max(b.len());
    if longest == 0 {
        return 0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    u32::try_from((longest - row[b.len()]) * 100 / longest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_company_are_alike() {
        assert_eq!(name_key("Müller & Söhne Metallbau GmbH"), "muller sohne metallbau");
        assert_eq!(likeness("Müller & Söhne GmbH", "Mueller und Soehne"), 100);
        assert!(likeness("Köhler Apparatebau GmbH", "Koehler Aparatebau") > 90);
        assert!(likeness("Köhler Apparatebau", "Brandt Stahlbau") < 60);
        assert_eq!(name_key("AG"), "ag");
    }
}
