//! vCard files (2.1, 3.0 and 4.0: RFC 2426, RFC 6350) as rows: a card each.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::source::Row;

/// The columns that cards become.
const COLUMNS: [&str; 20] = [
    "company",
    "department",
    "salutation",
    "title",
    "first_name",
    "last_name",
    "full_name",
    "position",
    "responsibilities",
    "phone",
    "mobile",
    "email",
    "birthday",
    "street",
    "postal_code",
    "city",
    "state",
    "country",
    "website",
    "notes",
];

/// The cards of a file.
pub(crate) struct Cards {
    text: String,
    pub(crate) headers: Vec<String>,
    /// Each card's first and last byte, and its line.
    places: Vec<(usize, usize, u64)>,
}

impl Cards {
    pub(crate) fn read(text: String) -> Self {
        let mut places = Vec::new();
        let (mut at, mut begin) = (0, None);
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let bare = line.trim().to_ascii_uppercase();
            match bare.as_str() {
                "BEGIN:VCARD" => begin = begin.or(Some((at, index as u64 + 1))),
                "END:VCARD" => {
                    if let Some((from, line_number)) = begin.take() {
                        places.push((from, at + line.len(), line_number));
                    }
                }
                _ => {}
            }
            at += line.len();
        }
        // A card that never ends is one all the same: its row says what is missing.
        if let Some((from, line)) = begin {
            places.push((from, text.len(), line));
        }
        Self { text, headers: COLUMNS.map(str::to_owned).to_vec(), places }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The card as it stands in the file.
    pub(crate) fn raw(&self, index: usize) -> &str {
        let (from, to, _) = self.places[index];
        &self.text[from..to]
    }

    pub(crate) fn row(&self, index: usize) -> Row {
        let found = cells(&properties(self.raw(index)));
        let cell = |name: &&str| found.get(*name).cloned().unwrap_or_default();
        Row {
            index,
            line: self.places[index].2,
            cells: COLUMNS.iter().map(cell).collect(),
            broken: None,
        }
    }
}

/// A line of a card: `item1.TEL;TYPE=work:0711 1`.
struct Property {
    group: String,
    name: String,
    /// Types and other parameters, in lower case; of 2.1 without a name.
    parameters: Vec<(String, String)>,
    value: String,
}

impl Property {
    fn has(&self, kind: &str) -> bool {
        self.parameters
            .iter()
            .any(|(name, value)| name == "type" && value.split(',').any(|one| one.contains(kind)))
    }

    fn parameter(&self, wanted: &str) -> Option<&str> {
        self.parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// How much its owner prefers it.
    fn weight(&self, kind: &str) -> i64 {
        let preferred = self.has("pref") || self.parameter("pref").is_some_and(|n| n == "1");
        i64::from(self.has(kind)) * 2 + i64::from(preferred)
    }
}

fn properties(card: &str) -> Vec<Property> {
    let mut lines: Vec<String> = Vec::new();
    for line in card.lines() {
        let soft = lines.last().is_some_and(|last| {
            last.ends_with('=') && last.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
        });
        match (lines.last_mut(), line.strip_prefix([' ', '\t'])) {
            (Some(last), _) if soft => {
                last.pop();
                last.push_str(line);
            }
            (Some(last), Some(more)) => last.push_str(more),
            _ => lines.push(line.trim_end_matches('\r').to_owned()),
        }
    }
    lines.iter().filter_map(|line| property(line)).collect()
}

fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let mut parts = head.split(';');
    let name = parts.next()?.trim();
    let (group, name) = name.split_once('.').unwrap_or(("", name));
    let parameters: Vec<(String, String)> = parts
        .map(|part| match part.split_once('=') {
            Some((name, value)) => {
                (name.to_ascii_lowercase(), value.trim_matches('"').to_ascii_lowercase())
            }
            None => match part.to_ascii_lowercase().as_str() {
                "quoted-printable" => ("encoding".into(), "quoted-printable".into()),
                kind => ("type".into(), kind.into()),
            },
        })
        .collect();
    let mut property = Property {
        group: group.to_ascii_lowercase(),
        name: name.to_ascii_uppercase(),
        parameters,
        value: value.to_owned(),
    };
    if property.parameter("encoding") == Some("quoted-printable") {
        property.value = quoted_printable(value, property.parameter("charset"));
    }
    Some(property)
}

fn quoted_printable(text: &str, charset: Option<&str>) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let hex = (*byte == b'=').then(|| after.get(..2)).flatten();
        let code = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => bytes.push(*byte),
        }
    }
    let encoding = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    encoding.unwrap_or(encoding_rs::UTF_8).decode(&bytes).0.into_owned()
}

/// A value's parts between semicolons, without escapes.
fn parts(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let last = parts.len() - 1;
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => parts[last].push('\n'),
                Some(other) => parts[last].push(other),
                None => {}
            },
            ';' => parts.push(String::new()),
            other => parts[last].push(other),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// A value that is one text: semicolons belong to it.
fn text(value: &str) -> String {
    parts(value).join(";")
}

/// What a card says, by column.
fn cells(properties: &[Property]) -> HashMap<&'static str, String> {
    let mut cells: HashMap<&'static str, String> = HashMap::new();
    let mut notes = Vec::new();
    let labels: HashMap<&str, &str> = properties
        .iter()
        .filter(|property| property.name == "X-ABLABEL")
        .map(|property| (property.group.as_str(), property.value.as_str()))
        .collect();
    let all = |name: &'static str| properties.iter().filter(move |one| one.name == name);
    let one =
        |name: &'static str| all(name).map(|one| text(&one.value)).find(|one| !one.is_empty());
    if let Some(name) = all("N").next() {
        let mut names = parts(&name.value).into_iter();
        let mut next = || names.next().unwrap_or_default();
        let (last, first, more, prefix, suffix) = (next(), next(), next(), next(), next());
        cells.insert("last_name", format!("{last} {suffix}").trim().into());
        cells.insert("first_name", format!("{first} {more}").trim().into());
        cells.insert("title", prefix);
    }
    cells.extend(one("FN").map(|name| ("full_name", name)));
    if let Some(organisation) = all("ORG").next() {
        let mut units = parts(&organisation.value).into_iter();
        cells.insert("company", units.next().unwrap_or_default());
        let units: Vec<String> = units.filter(|unit| !unit.is_empty()).collect();
        cells.insert("department", units.join(", "));
    }
    match (one("TITLE"), one("ROLE")) {
        (Some(title), role) => {
            cells.insert("position", title);
            cells.extend(role.map(|role| ("responsibilities", role)));
        }
        (None, role) => cells.extend(role.map(|role| ("position", role))),
    }
    let salutation = match all("GENDER").next().map(|one| one.value.trim().to_uppercase()) {
        Some(gender) if gender.starts_with('F') => "ms",
        Some(gender) if gender.starts_with('M') => "mr",
        _ => "",
    };
    cells.insert("salutation", salutation.into());
    phones(&all("TEL").collect::<Vec<_>>(), &labels, &mut cells, &mut notes);
    let mut mails: Vec<&Property> = all("EMAIL").collect();
    mails.sort_by_key(|one| -one.weight("work"));
    for (index, mail) in mails.iter().enumerate() {
        let address = text(mail.value.trim_start_matches("mailto:"));
        if index == 0 {
            cells.insert("email", address);
        } else {
            notes.push(format!("EMAIL: {address}"));
        }
    }
    match one("BDAY") {
        Some(day) if day.starts_with("--") => notes.push(format!("BDAY: {day}")),
        Some(day) => {
            cells.insert("birthday", birthday(&day));
        }
        None => {}
    }
    let address = all("ADR").max_by_key(|one| one.weight("work"));
    if let Some(address) = address {
        let mut found = parts(&address.value).into_iter();
        let mut next = || found.next().unwrap_or_default().replace('\n', " ");
        let (_box, more, street) = (next(), next(), next());
        let street = if street.is_empty() { more } else { street };
        cells.insert("street", street);
        for name in ["city", "state", "postal_code", "country"] {
            cells.insert(name, next());
        }
    }
    cells.extend(one("URL").map(|url| ("website", url)));
    let written = all("NOTE").map(|one| text(&one.value));
    let notes: Vec<String> = written.chain(notes).filter(|note| !note.is_empty()).collect();
    cells.insert("notes", notes.join("\n"));
    cells
}

/// The desk phone and the mobile; further numbers go into the notes, none is lost.
fn phones(
    numbers: &[&Property],
    labels: &HashMap<&str, &str>,
    cells: &mut HashMap<&'static str, String>,
    notes: &mut Vec<String>,
) {
    let label = |one: &Property| {
        let label = labels.get(one.group.as_str()).copied().unwrap_or_default();
        label.trim_start_matches("_$!<").trim_end_matches(">!$_").to_lowercase()
    };
    let is_mobile = |one: &Property| {
        one.has("cell")
            || one.has("mobil")
            || label(one).contains("mobil")
            || label(one).contains("iphone")
    };
    let is_fax = |one: &Property| one.has("fax") || one.has("pager") || label(one).contains("fax");
    let mut numbers: Vec<&&Property> = numbers.iter().collect();
    numbers.sort_by_key(|one| -one.weight("work"));
    for one in numbers {
        let number = text(one.value.trim_start_matches("tel:")).replace(";ext=", "-");
        let column = if is_mobile(one) { "mobile" } else { "phone" };
        if number.is_empty() {
            continue;
        }
        if !is_fax(one) && !cells.contains_key(column) {
            cells.insert(column, number);
            continue;
        }
        let kinds: Vec<&str> = one
            .parameters
            .iter()
            .filter(|(name, _)| name == "type")
            .map(|(_, kind)| kind.as_str())
            .collect();
        notes.push(format!("TEL {}: {number}", kinds.join(" ")).replace(" :", ":"));
    }
}

/// `19800105`, `1980-01-05` and either with a time, as `1980-01-05`.
fn birthday(text: &str) -> String {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
    }
    day.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(text: &str) -> HashMap<String, String> {
        let cards = Cards::read(text.into());
        let row = cards.row(0);
        cards.headers.iter().cloned().zip(row.cells).filter(|(_, cell)| !cell.is_empty()).collect()
    }

    #[test]
    fn version_3_with_folded_lines_and_groups() {
        let found = card(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Anna;Maria;Dr.;\r\nFN:Dr. Anna Müller\r\nORG:Müller \\; Söhne GmbH;Einkauf\r\nTITLE:Leiterin\r\n Einkauf\r\nitem1.TEL;type=VOICE:+49 711 1\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\nTEL;TYPE=work,voice:0711 22\r\nTEL;TYPE=FAX:0711 33\r\nEMAIL;TYPE=home:a@b.de\r\nEMAIL;TYPE=work,pref:anna@mueller.de\r\nADR;TYPE=work:;;Hauptstr. 12;Köln;;50667;Deutschland\r\nBDAY:1980-01-05T00:00:00Z\r\nNOTE:eins\\nzwei\\, drei\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD\r\n",
        );
        for (column, cell) in [
            ("last_name", "Müller"),
            ("first_name", "Anna Maria"),
            ("title", "Dr."),
            ("company", "Müller ; Söhne GmbH"),
            ("department", "Einkauf"),
            ("position", "LeiterinEinkauf"),
            ("mobile", "+49 711 1"),
            ("phone", "0711 22"),
            ("email", "anna@mueller.de"),
            ("street", "Hauptstr. 12"),
            ("city", "Köln"),
            ("postal_code", "50667"),
            ("birthday", "1980-01-05"),
            ("notes", "eins\nzwei, drei\nTEL fax: 0711 33\nEMAIL: a@b.de"),
        ] {
            assert_eq!(found.get(column).map(String::as_str), Some(cell), "{column}");
        }
    }

    #[test]
    fn version_4_with_uris() {
        let found = card(
            "BEGIN:VCARD\nVERSION:4.0\nFN:Jörg Weiß\nN:Weiß;Jörg;;;\nGENDER:M\nORG:Weiß AG\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+49-171-555\nTEL;VALUE=uri;PREF=1;TYPE=work:tel:+49-40-1;ext=12\nEMAIL:j@weiss.de\nBDAY:19791231\nROLE:Technik\nEND:VCARD\n",
        );
        assert_eq!(found["mobile"], "+49-171-555");
        assert_eq!(found["phone"], "+49-40-1-12");
        assert_eq!(found["birthday"], "1979-12-31");
        assert_eq!((&*found["salutation"], &*found["position"]), ("mr", "Technik"));
    }

    #[test]
    fn version_2_1_in_quoted_printable() {
        let found = card(
            "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=\n=F6rg\nORG:A\nTEL;CELL:0171 1\nBDAY:--0105\nEND:VCARD\n",
        );
        assert_eq!((&*found["last_name"], &*found["first_name"]), ("Müller", "Jörg"));
        assert_eq!((&*found["mobile"], &*found["notes"]), ("0171 1", "BDAY: --0105"));
    }

    #[test]
    fn cards_know_where_they_stand() {
        let cards =
            Cards::read("BEGIN:VCARD\nN:A;B\nEND:VCARD\n\nbegin:vcard\nN:C;D\nend:vcard".into());
        assert_eq!(cards.len(), 2);
        assert_eq!((cards.row(1).line, cards.raw(1)), (5, "begin:vcard\nN:C;D\nend:vcard"));
    }
}
