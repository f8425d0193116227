//! Values that are one of a few, as tables write them.

use super::header_key;
use crate::Language;

/// Field, value, German and English word, and what else it is written as.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const CHOICES: [Row; 29] = [
    ("kind", "b2b", "Firma", "Company", &["unternehmen", "geschaft", "business", "gewerblich"]),
    ("kind", "b2c", "Privat", "Private", &["person", "privatkunde", "endkunde"]),
    ("status", "active", "Aktiv", "Active", &["ja", "1"]),
    ("status", "inactive", "Inaktiv", "Inactive", &["nein", "0", "ehemalig"]),
    ("status", "blocked", "Gesperrt", "Blocked", &["liefersperre"]),
    ("language", "de", "Deutsch", "German", &["d", "ger", "dede"]),
    ("language", "en", "Englisch", "English", &["e", "eng", "engb", "enus"]),
    ("address_kind", "billing", "Rechnung", "Billing", &["rechnungsadresse"]),
    ("address_kind", "delivery", "Lieferung", "Delivery", &["lieferadresse"]),
    ("address_kind", "site", "Standort", "Site", &["werk", "filiale"]),
    ("salutation", "unknown", "Unbekannt", "Unknown", &["-"]),
    ("salutation", "ms", "Frau", "Ms", &["mrs", "f", "w", "weiblich", "female", "fr"]),
    ("salutation", "mr", "Herr", "Mr", &["herrn", "m", "mannlich", "male", "hr"]),
    ("salutation", "diverse", "Divers", "Diverse", &["d", "x", "o"]),
    ("role", "other", "Sonstige", "Other", &["-"]),
    ("role", "decision_maker", "Entscheidet", "Decides", &["entscheider", "decisionmaker"]),
    ("role", "buyer", "Einkauf", "Buys", &["einkaufer", "buyer"]),
    ("role", "user", "Anwendung", "Uses", &["anwender", "user"]),
    ("role", "technical", "Technik", "Technical", &["techniker"]),
    ("is_active", "1", "Ja", "Yes", &["j", "y", "true", "wahr", "x", "aktiv", "active"]),
    ("is_active", "0", "Nein", "No", &["n", "false", "falsch", "inaktiv", "inactive"]),
    ("is_primary", "1", "Ja", "Yes", &["j", "y", "true", "wahr", "x"]),
    ("is_primary", "0", "Nein", "No", &["n", "false", "falsch"]),
    ("quote_status", "draft", "Entwurf", "Draft", &[]),
    ("quote_status", "sent", "Gesendet", "Sent", &[]),
    ("quote_status", "accepted", "Akzeptiert", "Accepted", &[]),
    ("quote_status", "rejected", "Abgelehnt", "Rejected", &[]),
    ("quote_status", "expired", "Abgelaufen", "Expired", &[]),
    ("quote_status", "converted", "Umgewandelt", "Converted", &[]),
];

/// The second address has the same kinds as the first.
fn list(field: &str) -> &str {
    if field == "delivery_kind" { "address_kind" } else { field }
}

/// The value that a word in a table stands for, in either language.
#[must_use]
pub fn choice_of(field: &str, word: &str) -> Option<&'static str> {
    let key = header_key(word);
    let found = CHOICES
        .iter()
        .filter(|row| row.0 == list(field))
        .find(|row| [row.1, row.2, row.3].iter().chain(row.4).any(|word| header_key(word) == key));
    found.map(|row| row.1)
}

/// The word that a table has for a value.
#[must_use]
pub fn choice_word(field: &str, value: &str, language: Language) -> &'static str {
    let found = CHOICES.iter().find(|row| row.0 == list(field) && row.1 == value);
    found.map_or("", |row| if language == Language::De { row.2 } else { row.3 })
}

/// The words that a field may hold, to say them to people.
#[must_use]
pub fn choice_words(field: &str, language: Language) -> String {
    let words: Vec<&str> = CHOICES
        .iter()
        .filter(|row| row.0 == list(field))
        .map(|row| if language == Language::De { row.2 } else { row.3 })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContactRole, CustomerStatus, Salutation};

    #[test]
    fn words_of_both_languages_are_known() {
        assert_eq!(choice_of("status", "GESPERRT"), Some("blocked"));
        assert_eq!(choice_of("salutation", "Frau"), Some("ms"));
        assert_eq!(choice_of("status", "vielleicht"), None);
        assert_eq!(choice_of("delivery_kind", "Standort"), Some("site"));
    }

    #[test]
    fn every_value_comes_back() {
        for language in [Language::De, Language::En] {
            let back = |field: &str, value: &'static str| {
                assert_eq!(choice_of(field, choice_word(field, value, language)), Some(value));
            };
            CustomerStatus::ALL.iter().for_each(|value| back("status", value.as_str()));
            Salutation::ALL.iter().for_each(|value| back("salutation", value.as_str()));
            ContactRole::ALL.iter().for_each(|value| back("role", value.as_str()));
        }
    }
}
