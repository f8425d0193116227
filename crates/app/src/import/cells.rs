//! A row's cells by field, and what they hold.

use commands::{ColumnChoice, Failure, ImportColumn};
use domain::{
    Country, Day, Language, Percent, Refusal, country,
    exchange::{
        Misread, Style, TableKind, choice_of, choice_words, field, field_of_header, header_key,
        unguard,
    },
};

use super::{source::Row, words};

/// Which column holds which field.
pub(crate) struct Mapping {
    pub(crate) kind: TableKind,
    /// By column.
    pub(crate) columns: Vec<Option<&'static str>>,
}

impl Mapping {
    /// Finds fields by headings; what the user chose goes before.
    ///
    /// # Errors
    /// When a chosen column or field is not there.
    pub(crate) fn new(
        kind: TableKind,
        headers: &[String],
        chosen: &[ColumnChoice],
    ) -> Result<Self, Failure> {
        let mut columns: Vec<Option<&'static str>> = vec![None; headers.len()];
        let mut is_chosen = vec![false; headers.len()];
        for choice in chosen {
            let numbered = choice.column.strip_prefix('#').and_then(|n| n.parse::<usize>().ok());
            let wanted = header_key(&choice.column);
            let at = numbered.and_then(|n| n.checked_sub(1)).filter(|at| *at < headers.len());
            let at = at.or_else(|| headers.iter().position(|header| *header == choice.column));
            let at = at.or_else(|| headers.iter().position(|header| header_key(header) == wanted));
            let Some(at) = at else {
                let sentence = format!(
                    "The file has no column {}. Its columns are: {}.",
                    choice.column,
                    headers.join(", ")
                );
                return Err(Failure::new("column-unknown", sentence));
            };
            is_chosen[at] = true;
            if choice.field.is_empty() {
                continue;
            }
            let found = field(kind, &choice.field).or_else(|| field_of_header(kind, &choice.field));
            let Some(found) = found else {
                let known: Vec<&str> =
                    domain::exchange::fields(kind).iter().map(|field| field.name).collect();
                let sentence = format!(
                    "There is no field {}. Fields are: {}.",
                    choice.field,
                    known.join(", ")
                );
                return Err(Failure::new("field-unknown", sentence));
            };
            columns
                .iter_mut()
                .filter(|column| **column == Some(found.name))
                .for_each(|c| *c = None);
            columns[at] = Some(found.name);
        }
        for (at, header) in headers.iter().enumerate() {
            if is_chosen[at] || words::is_reason(header) {
                continue;
            }
            let found = field_of_header(kind, header).map(|field| field.name);
            // The first of two columns of one field is read.
            if found.is_some() && !columns.contains(&found) {
                columns[at] = found;
            }
        }
        Ok(Self { kind, columns })
    }

    /// The kind of table whose headings are known best.
    pub(crate) fn likeliest(headers: &[String]) -> TableKind {
        let known = |kind: &TableKind| {
            headers.iter().filter(|header| field_of_header(*kind, header).is_some()).count()
        };
        // Of equals the first is taken.
        TableKind::ALL.iter().rev().max_by_key(|kind| known(kind)).copied().unwrap_or_default()
    }

    pub(crate) fn column(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(field))
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.column(field).is_some()
    }

    /// The columns as they are shown.
    pub(crate) fn shown(&self, headers: &[String]) -> Vec<ImportColumn> {
        let columns = headers.iter().zip(&self.columns);
        columns
            .map(|(header, field)| ImportColumn {
                header: header.clone(),
                field: field.map(str::to_owned),
            })
            .collect()
    }
}

/// A row's cells, and what speaks against them.
pub(crate) struct Cells<'a> {
    mapping: &'a Mapping,
    cells: &'a [String],
    style: Style,
    pub(crate) refusals: Vec<Refusal>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(mapping: &'a Mapping, row: &'a Row, style: Style) -> Self {
        Self { mapping, cells: &row.cells, style, refusals: Vec::from_iter(row.broken.clone()) }
    }

    /// A cell's text; none when it is empty or not there.
    pub(crate) fn text(&self, field: &str) -> Option<&'a str> {
        let cell = self.cells.get(self.mapping.column(field)?)?;
        Some(unguard(cell.trim()).trim()).filter(|text| !text.is_empty())
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.mapping.has(field)
    }

    /// Puts a cell's text, if there is some, in its place.
    pub(crate) fn put(&self, field: &str, place: &mut String) {
        if let Some(text) = self.text(field) {
            text.clone_into(place);
        }
    }

    pub(crate) fn refuse(&mut self, field: &str, code: &str, sentence: String) {
        let text = self.text(field).unwrap_or_default().to_owned();
        self.refusals.push(Refusal::new(code, sentence).at(field).with("text", text));
    }

    /// A figure as a whole number of 1/10^`scale`.
    pub(crate) fn figure(&mut self, field: &str, scale: u32) -> Option<i64> {
        let text = self.text(field)?;
        match self.style.read(text, scale) {
            Ok(figure) => return Some(figure),
            Err(Misread::NoFigure) => {
                let sentence = format!("{text} is not a number, like 1.234,56.");
                self.refuse(field, "amount-invalid", sentence);
            }
            Err(Misread::Ambiguous) => {
                let sentence = format!(
                    "{text} can mean two things, and the file writes numbers both ways. Write it with decimals."
                );
                self.refuse(field, "figure-ambiguous", sentence);
            }
        }
        None
    }

    pub(crate) fn percent(&mut self, field: &str) -> Option<Percent> {
        self.figure(field, 2).map(Percent)
    }

    /// One of a few values.
    pub(crate) fn choice<T>(
        &mut self,
        field: &str,
        value: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(field)?;
        let found = choice_of(field, text).and_then(value);
        if found.is_none() {
            let known = choice_words(field, Language::En);
            let sentence = format!("{text} is not one of: {known}.");
            let refusal = Refusal::new("choice-unknown", sentence).at(field).with("text", text);
            let known = choice_words(field, Language::De);
            self.refusals.push(refusal.with("known", known));
        }
        found
    }

    /// Yes or no.
    pub(crate) fn truth(&mut self, field: &str) -> Option<bool> {
        self.choice(field, |value| Some(value == "1"))
    }

    pub(crate) fn day(&mut self, field: &str, today: Day) -> Option<Day> {
        let text = self.text(field)?;
        let day = domain::format::parse_day(text, today).filter(|_| text.len() > 6);
        if day.is_none() {
            self.refuse(field, "day-invalid", format!("{text} is not a day, like 21.11.2026."));
        }
        day
    }

    /// A country by its code or name in German or English.
    pub(crate) fn country(&mut self, field: &str) -> Option<Country> {
        let text = self.text(field)?;
        let found = find_country(text);
        if found.is_none() {
            let sentence = format!("{text} is not a country, like DE or Deutschland.");
            self.refuse(field, "country-unknown", sentence);
        }
        found
    }
}

/// What countries are called beside their code and name.
const COUNTRY_NAMES: [(&str, &str); 14] = [
    ("d", "DE"),
    ("brd", "DE"),
    ("bundesrepublikdeutschland", "DE"),
    ("a", "AT"),
    ("holland", "NL"),
    ("grossbritannien", "GB"),
    ("uk", "GB"),
    ("england", "GB"),
    ("tschechischerepublik", "CZ"),
    ("vereinigtestaaten", "US"),
    ("unitedstates", "US"),
    ("f", "FR"),
    ("i", "IT"),
    ("l", "LU"),
];

fn find_country(text: &str) -> Option<Country> {
    let key = header_key(text);
    let named = |(code, de, en): &&(&str, &str, &str)| {
        [code, de, en].iter().any(|name| header_key(name) == key)
    };
    if let Some((code, ..)) = country::COUNTRIES.iter().find(named) {
        return Some(Country((*code).into()));
    }
    if let Some((_, code)) = COUNTRY_NAMES.iter().find(|(name, _)| *name == key) {
        return Some(Country((*code).into()));
    }
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code.then(|| Country(text.into()))
}

/// `D-70173` as country and code.
pub(crate) fn split_postal_code(text: &str) -> (Option<Country>, &str) {
    match text.split_once('-') {
        Some((country, code)) if (1..=2).contains(&country.len()) => {
            let country =
                if country == "CH" { Some(Country("CH".into())) } else { find_country(country) };
            match country {
                Some(country) => (Some(country), code.trim()),
                None => (None, text),
            }
        }
        _ => (None, text),
    }
}

/// `Hauptstr. 12 a` as street and house number.
pub(crate) fn split_street(text: &str) -> (&str, &str) {
    let is_number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().filter(|c| c.is_alphabetic()).count() <= 2
            && text.chars().all(|c| c.is_alphanumeric() || " -/+".contains(c))
    };
    let found = text
        .match_indices(' ')
        .map(|(at, _)| text.split_at(at))
        .find(|(street, rest)| is_number(rest.trim()) && !street.trim().is_empty());
    match found {
        Some((street, number)) => (street.trim().trim_end_matches(','), number.trim()),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_and_codes_are_parted() {
        for (text, parted) in [
            ("Hauptstr. 12 a", ("Hauptstr.", "12 a")),
            ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
            ("Straße des 17. Juni", ("Straße des 17. Juni", "")),
            ("Q7, 24", ("Q7", "24")),
            ("Am Markt 3-5", ("Am Markt", "3-5")),
            ("Postfach", ("Postfach", "")),
            ("12", ("12", "")),
        ] {
            assert_eq!(split_street(text), parted, "{text}");
        }
        assert_eq!(split_postal_code("D-70173"), (Some(Country("DE".into())), "70173"));
        assert_eq!(split_postal_code("CH-8000").0, Some(Country("CH".into())));
        assert_eq!(split_postal_code("00-950"), (None, "00-950"));
    }

    #[test]
    fn countries_are_known_by_name() {
        for (text, code) in [
            ("Österreich", "AT"),
            ("germany", "DE"),
            ("D", "DE"),
            ("Oesterreich", "AT"),
            ("BR", "BR"),
        ] {
            assert_eq!(find_country(text), Some(Country(code.into())), "{text}");
        }
        assert_eq!(find_country("Atlantis"), None);
    }

    #[test]
    fn what_the_user_chose_goes_before_headings() {
        let headers = ["Firma", "Name", "Ort", "Firma"].map(str::to_owned);
        let choice =
            |column: &str, field: &str| ColumnChoice { column: column.into(), field: field.into() };
        let columns = |chosen: &[ColumnChoice]| {
            Mapping::new(TableKind::Customer, &headers, chosen).map(|mapping| mapping.columns)
        };
        assert_eq!(columns(&[]).unwrap(), [Some("name"), None, Some("city"), None]);
        assert_eq!(
            columns(&[choice("Name", "name"), choice("ort", "")]).unwrap(),
            [None, Some("name"), None, None]
        );
        assert_eq!(columns(&[choice("#4", "Notizen")]).unwrap()[3], Some("notes"));
        assert_eq!(columns(&[choice("Foo", "name")]).unwrap_err().code, "column-unknown");
        assert_eq!(columns(&[choice("Ort", "foo")]).unwrap_err().code, "field-unknown");
    }
}
