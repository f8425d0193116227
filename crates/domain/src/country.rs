//! Countries: their codes, their names, and whether they are in the EU.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A country, ISO 3166-1 alpha-2: two capital letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Country(pub String);

impl Default for Country {
    fn default() -> Self {
        Self("DE".into())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The member states of the European Union.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether a country (ISO 3166-1 alpha-2) is a member state of the European Union.
#[must_use]
pub fn in_eu(country: &str) -> bool {
    EU.contains(&country)
}

/// The countries that addresses are chosen from, home first, with German and English name.
pub const COUNTRIES: [(&str, &str, &str); 46] = [
    ("DE", "Deutschland", "Germany"),
    ("AT", "Österreich", "Austria"),
    ("CH", "Schweiz", "Switzerland"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LU", "Luxemburg", "Luxembourg"),
    ("BE", "Belgien", "Belgium"),
    ("NL", "Niederlande", "Netherlands"),
    ("FR", "Frankreich", "France"),
    ("DK", "Dänemark", "Denmark"),
    ("PL", "Polen", "Poland"),
    ("CZ", "Tschechien", "Czechia"),
    ("IT", "Italien", "Italy"),
    ("AL", "Albanien", "Albania"),
    ("BA", "Bosnien und Herzegowina", "Bosnia and Herzegovina"),
    ("BG", "Bulgarien", "Bulgaria"),
    ("CA", "Kanada", "Canada"),
    ("CN", "China", "China"),
    ("CY", "Zypern", "Cyprus"),
    ("EE", "Estland", "Estonia"),
    ("ES", "Spanien", "Spain"),
    ("FI", "Finnland", "Finland"),
    ("GB", "Vereinigtes Königreich", "United Kingdom"),
    ("GR", "Griechenland", "Greece"),
    ("HR", "Kroatien", "Croatia"),
    ("HU", "Ungarn", "Hungary"),
    ("IE", "Irland", "Ireland"),
    ("IN", "Indien", "India"),
    ("IS", "Island", "Iceland"),
    ("JP", "Japan", "Japan"),
    ("KR", "Südkorea", "South Korea"),
    ("LT", "Litauen", "Lithuania"),
    ("LV", "Lettland", "Latvia"),
    ("ME", "Montenegro", "Montenegro"),
    ("MK", "Nordmazedonien", "North Macedonia"),
    ("MT", "Malta", "Malta"),
    ("NO", "Norwegen", "Norway"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Rumänien", "Romania"),
    ("RS", "Serbien", "Serbia"),
    ("SE", "Schweden", "Sweden"),
    ("SI", "Slowenien", "Slovenia"),
    ("SK", "Slowakei", "Slovakia"),
    ("TR", "Türkei", "Türkiye"),
    ("UA", "Ukraine", "Ukraine"),
    ("US", "USA", "USA"),
    ("ZA", "Südafrika", "South Africa"),
];

/// A country's name; its code where it is not in [`COUNTRIES`].
#[must_use]
pub fn country_name(code: &str, language: crate::Language) -> &str {
    COUNTRIES.iter().find(|(known, ..)| *known == code).map_or(code, |(_, de, en)| match language {
        crate::Language::De => de,
        crate::Language::En => en,
    })
}
