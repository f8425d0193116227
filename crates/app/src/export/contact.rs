//! Contacts as rows, and as vCards 4.0 (RFC 6350).

use std::io::Write;

use commands::Failure;
use domain::{
    Address, Contact, Customer, Id, Language, Salutation, country,
    exchange::{TableKind, choice_word, fields},
};
use store::Tx;

use super::{
    Pace,
    sheet::{Cell, Target},
};

/// A contact with its customer and where that is.
fn read(tx: &Tx<'_>, id: Id) -> Result<(Contact, Customer, Option<Address>), Failure> {
    let contact: Contact = tx.get(id)?;
    let customer: Customer = tx.get(contact.customer_id)?;
    let addresses: Vec<Address> = tx.by("customer_id", customer.id)?;
    Ok((contact, customer, addresses.into_iter().min_by_key(|address| !address.is_default)))
}

pub(crate) fn row(tx: &Tx<'_>, id: Id, language: Language) -> Result<Vec<Cell>, Failure> {
    let (contact, customer, address) = read(tx, id)?;
    let word = |field: &str, value: &str| Cell::from(choice_word(field, value, language));
    let of = |text: fn(&Address) -> &str| Cell::from(address.as_ref().map_or("", text));
    let cell = |name: &str| -> Cell {
        match name {
            "company" => customer.name.as_str().into(),
            "customer_number" => customer.number.as_str().into(),
            "salutation" => match contact.salutation {
                Salutation::Unknown => Cell::Empty,
                salutation => word("salutation", salutation.as_str()),
            },
            "title" => contact.title.as_str().into(),
            "first_name" => contact.first_name.as_str().into(),
            "last_name" => contact.last_name.as_str().into(),
            "full_name" => contact.full_name().as_str().into(),
            "position" => contact.position.as_str().into(),
            "department" => contact.department.as_str().into(),
            "role" => word("role", contact.role.as_str()),
            "responsibilities" => contact.responsibilities.as_str().into(),
            "phone" => contact.phone.as_str().into(),
            "mobile" => contact.mobile.as_str().into(),
            "email" => contact.email.as_str().into(),
            "birthday" => contact.birthday.map_or(Cell::Empty, Cell::Day),
            "street" => of(|address| &address.street),
            "house_number" => of(|address| &address.house_number),
            "postal_code" => of(|address| &address.postal_code),
            "city" => of(|address| &address.city),
            "state" => of(|address| &address.state),
            "country" => of(|address| &address.country.0),
            "website" => customer.website.as_str().into(),
            "is_primary" => word("is_primary", if contact.is_primary { "1" } else { "0" }),
            "consent" => {
                let day = contact.marketing_consent_at.map(|at| at.utc().date_naive());
                day.map_or(Cell::Empty, Cell::Day)
            }
            "notes" => contact.notes.as_str().into(),
            _ => Cell::Empty,
        }
    };
    Ok(fields(TableKind::Contact).iter().map(|field| cell(field.name)).collect())
}

/// Writes contacts as vCards.
pub(crate) fn cards(
    tx: &Tx<'_>,
    path: &str,
    ids: &[Id],
    pace: &mut Pace<'_>,
) -> Result<(), Failure> {
    let target = Target::new(path)?;
    let mut writer = target.writer()?;
    for id in ids {
        pace.step()?;
        let (contact, customer, address) = read(tx, *id)?;
        let card = card(&contact, &customer, address.as_ref());
        writer.write_all(card.as_bytes()).map_err(|error| target.failed(&error))?;
    }
    writer.flush().map_err(|error| target.failed(&error))?;
    drop(writer);
    target.finish()
}

fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace("\r\n", "\\n").replace('\n', "\\n")
}

/// A line of at most 75 bytes, gone on with on lines that begin with a blank.
fn fold_line(line: &str, card: &mut String) {
    let mut width = 0;
    for char in line.chars() {
        if width + char.len_utf8() > 75 {
            card.push_str("\r\n ");
            width = 1;
        }
        card.push(char);
        width += char.len_utf8();
    }
    card.push_str("\r\n");
}

fn card(contact: &Contact, customer: &Customer, address: Option<&Address>) -> String {
    let mut card = String::new();
    let mut line = |name: &str, parts: &[&str]| {
        if parts.iter().any(|part| !part.is_empty()) {
            let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
            fold_line(&format!("{name}:{}", parts.join(";")), &mut card);
        }
    };
    line("BEGIN", &["VCARD"]);
    line("VERSION", &["4.0"]);
    line("UID", &[&format!("urn:uuid:{}", contact.id)]);
    line("FN", &[&contact.full_name()]);
    line("N", &[&contact.last_name, &contact.first_name, "", &contact.title, ""]);
    line(
        "GENDER",
        &[match contact.salutation {
            Salutation::Ms => "F",
            Salutation::Mr => "M",
            Salutation::Diverse => "O",
            Salutation::Unknown => "",
        }],
    );
    match contact.department.as_str() {
        "" => line("ORG", &[&customer.name]),
        department => line("ORG", &[&customer.name, department]),
    }
    line("TITLE", &[&contact.position]);
    line("ROLE", &[&contact.responsibilities]);
    line("TEL;TYPE=work", &[&contact.phone]);
    line("TEL;TYPE=cell", &[&contact.mobile]);
    line("EMAIL;TYPE=work", &[&contact.email]);
    if let Some(address) = address {
        let country = country::country_name(&address.country.0, Language::En);
        let parts = [
            "",
            "",
            &address.street_line(),
            &address.city,
            &address.state,
            &address.postal_code,
            country,
        ];
        line("ADR;TYPE=work", &parts);
    }
    let birthday = contact.birthday.map(|day| day.format("%Y%m%d").to_string());
    line("BDAY", &[birthday.as_deref().unwrap_or_default()]);
    line("URL", &[&customer.website]);
    line("NOTE", &[&contact.notes]);
    line("END", &["VCARD"]);
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut card = String::new();
        fold_line(&format!("NOTE:{}", "ü".repeat(100)), &mut card);
        assert!(card.lines().all(|line| line.len() <= 75), "{card}");
        assert_eq!(card.replace("\r\n ", ""), format!("NOTE:{}\r\n", "ü".repeat(100)));
    }
}
