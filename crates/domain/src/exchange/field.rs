//! The fields of tables and what people call them. As with countries, names in both languages
//! stand here: they are what files are read and written by.

use super::TableKind;
use crate::{Language, fold};

/// A field of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name: the record's own field, `delivery_…` for the second address, `company` for a
    /// contact's customer.
    pub name: &'static str,
    /// German heading.
    pub de: &'static str,
    /// English heading.
    pub en: &'static str,
    /// What else it is called in files, as [`header_key`] makes it, between blanks.
    others: &'static str,
}

const fn a(name: &'static str, de: &'static str, en: &'static str, others: &'static str) -> Field {
    Field { name, de, en, others }
}

static CUSTOMER: [Field; 36] = [
    a(
        "number",
        "Kundennummer",
        "Customer number",
        "kdnr kundennr kundenr nummer nr number no customerno debitor debitornummer debitorennummer kundenr customerid kundenid id",
    ),
    a(
        "name",
        "Firma",
        "Company",
        "name firmenname firmenbezeichnung kunde kundenname unternehmen companyname customer customername organisation organization name1 account accountname",
    ),
    a("kind", "Kundentyp", "Kind", "typ type kundenart customertype"),
    a("status", "Status", "Status", "kundenstatus"),
    a("category", "Kategorie", "Category", "kundengruppe klasse abcklasse segment customergroup"),
    a(
        "vat_id",
        "USt-IdNr.",
        "VAT ID",
        "ustid ustidentnr ustidnummer umsatzsteuerid umsatzsteueridentifikationsnummer umsatzsteueridnr uid uidnummer uidnr vatid vatnumber vatno vat taxid",
    ),
    a("tax_number", "Steuernummer", "Tax number", "steuernr stnr taxno"),
    a("industry", "Branche", "Industry", "wirtschaftszweig sector"),
    a("website", "Webseite", "Website", "web url homepage internet www website"),
    a("email", "E-Mail", "E-mail", "mail emailadresse mailadresse emailaddress"),
    a(
        "phone",
        "Telefon",
        "Phone",
        "tel telefonnummer telefonnr telnr rufnummer telephone phonenumber fon festnetz zentrale",
    ),
    a(
        "payment_terms",
        "Zahlungsbedingung",
        "Payment terms",
        "zahlungsbedingungen zahlungsziel zahlungskondition terms",
    ),
    a("price_list", "Preisliste", "Price list", "preisgruppe pricelist"),
    a(
        "discount",
        "Rabatt",
        "Discount",
        "rabatt% rabattinprozent rabattprozent discountpercent kundenrabatt",
    ),
    a("language", "Sprache", "Language", "korrespondenzsprache"),
    a(
        "owner",
        "Betreuer",
        "Owner",
        "verkaufer vertreter aussendienst verantwortlich zustandig salesrep accountmanager responsible",
    ),
    a("territory", "Gebiet", "Territory", "vertriebsgebiet region bezirk verkaufsgebiet"),
    a("tags", "Schlagworte", "Tags", "schlagworter tag labels stichworte"),
    a(
        "notes",
        "Notizen",
        "Notes",
        "notiz bemerkung bemerkungen kommentar anmerkung note comment comments remarks",
    ),
    a(
        "street",
        "Straße",
        "Street",
        "str strassehausnummer strasseundhausnummer strassehausnr strassenr strasseundnr anschrift adresse address address1 streetaddress street1",
    ),
    a("house_number", "Hausnummer", "House number", "hausnr hnr houseno"),
    a("postal_code", "PLZ", "Postal code", "postleitzahl zip zipcode postcode plz"),
    a("city", "Ort", "City", "stadt wohnort town sitz"),
    a("state", "Bundesland", "State", "kanton province land/provinz county"),
    a("country", "Land", "Country", "staat landercode landcode countrycode lkz laenderkennzeichen"),
    a("label", "Adressname", "Address label", "standort adressbezeichnung"),
    a("delivery_label", "Lieferung: Name", "Delivery: label", ""),
    a(
        "delivery_street",
        "Lieferung: Straße",
        "Delivery: street",
        "lieferstrasse lieferadresse deliverystreet",
    ),
    a(
        "delivery_house_number",
        "Lieferung: Hausnummer",
        "Delivery: house number",
        "lieferhausnummer",
    ),
    a("delivery_postal_code", "Lieferung: PLZ", "Delivery: postal code", "lieferplz deliveryzip"),
    a("delivery_city", "Lieferung: Ort", "Delivery: city", "lieferort"),
    a("delivery_state", "Lieferung: Bundesland", "Delivery: state", ""),
    a("delivery_country", "Lieferung: Land", "Delivery: country", "lieferland"),
    a("address_kind", "Adressart", "Address kind", ""),
    a("delivery_kind", "Lieferung: Adressart", "Delivery: address kind", ""),
    a("parent", "Konzernmutter", "Parent company", "muttergesellschaft konzern parent"),
];

static ARTICLE: [Field; 9] = [
    a(
        "number",
        "Artikelnummer",
        "Article number",
        "artikelnr artnr artnummer articleno itemno itemnumber sku nummer nr number no produktnummer materialnummer bestellnummer",
    ),
    a(
        "name",
        "Bezeichnung",
        "Name",
        "artikelbezeichnung artikel artikelname produkt produktname kurztext title article item product",
    ),
    a(
        "name_en",
        "Bezeichnung englisch",
        "Name in English",
        "bezeichnungen englishname nameen bezeichnungenglisch",
    ),
    a("description", "Beschreibung", "Description", "langtext artikelbeschreibung text details"),
    a(
        "article_group",
        "Gruppe",
        "Group",
        "artikelgruppe warengruppe produktgruppe kategorie category articlegroup",
    ),
    a("unit", "Einheit", "Unit", "mengeneinheit me verpackungseinheit ve uom"),
    a(
        "list_price",
        "Listenpreis",
        "List price",
        "preis price vk vkpreis verkaufspreis nettopreis preisnetto einzelpreis unitprice listprice preiseur nettovk",
    ),
    a(
        "tax",
        "Steuer",
        "Tax",
        "mwst ust mwstsatz ustsatz steuersatz mehrwertsteuer umsatzsteuer vat vatrate taxrate mwstprozent",
    ),
    a("is_active", "Aktiv", "Active", "verfugbar lieferbar aktiv isactive"),
];

static CONTACT: [Field; 25] = [
    a(
        "company",
        "Firma",
        "Company",
        "firmenname unternehmen kunde kundenname organisation organization companyname customer account",
    ),
    a("customer_number", "Kundennummer", "Customer number", "kdnr kundennr customerno"),
    a("salutation", "Anrede", "Salutation", "geschlecht gender"),
    a("title", "Titel", "Title", "akademischertitel prefix"),
    a("first_name", "Vorname", "First name", "firstname givenname rufname"),
    a("last_name", "Nachname", "Last name", "familienname lastname surname familyname zuname"),
    a(
        "full_name",
        "Name",
        "Full name",
        "ansprechpartner kontakt kontaktperson vollstandigername fullname displayname contact",
    ),
    a("position", "Position", "Position", "funktion stelle jobtitle berufsbezeichnung"),
    a("department", "Abteilung", "Department", "bereich dept"),
    a("role", "Rolle", "Role", "entscheiderrolle"),
    a("responsibilities", "Zuständigkeit", "Responsibilities", "aufgaben zustandigkeiten"),
    a(
        "phone",
        "Telefon",
        "Phone",
        "tel telefonnummer telefongeschaftlich durchwahl telephone businessphone workphone phonenumber festnetz",
    ),
    a(
        "mobile",
        "Mobil",
        "Mobile",
        "handy mobiltelefon mobilnummer handynummer mobilephone cell cellphone mobilfunk",
    ),
    a("email", "E-Mail", "E-mail", "mail emailadresse mailadresse emailaddress"),
    a("birthday", "Geburtstag", "Birthday", "geburtsdatum dateofbirth bday dob"),
    a(
        "street",
        "Straße",
        "Street",
        "str strassehausnummer anschrift adresse address businessstreet",
    ),
    a("house_number", "Hausnummer", "House number", "hausnr hnr"),
    a("postal_code", "PLZ", "Postal code", "postleitzahl zip zipcode postcode businesspostalcode"),
    a("city", "Ort", "City", "stadt town businesscity"),
    a("state", "Bundesland", "State", "kanton province"),
    a("country", "Land", "Country", "staat countrycode lkz businesscountry"),
    a("website", "Webseite", "Website", "web url homepage internet"),
    a("is_primary", "Hauptkontakt", "Main contact", "hauptansprechpartner primary isprimary"),
    a("consent", "Werbeeinwilligung", "Marketing consent", "einwilligung optin"),
    a("notes", "Notizen", "Notes", "notiz bemerkung bemerkungen kommentar note comment comments"),
];

/// The fields of a kind of table, in the order in which they are written.
#[must_use]
pub fn fields(kind: TableKind) -> &'static [Field] {
    match kind {
        TableKind::Customer => &CUSTOMER,
        TableKind::Article => &ARTICLE,
        TableKind::Contact => &CONTACT,
    }
}

/// The field of this name.
#[must_use]
pub fn field(kind: TableKind, name: &str) -> Option<&'static Field> {
    fields(kind).iter().find(|field| field.name == name)
}

/// A heading without case, blanks, dots and the spelling of umlauts.
#[must_use]
pub fn header_key(header: &str) -> String {
    fold(header).replace(' ', "")
}

/// The field that a heading names, in German, in English or as other programs call it.
#[must_use]
pub fn field_of_header(kind: TableKind, header: &str) -> Option<&'static Field> {
    let key = header_key(header);
    if key.is_empty() {
        return None;
    }
    let named = |field: &&Field| {
        [field.name, field.de, field.en].into_iter().any(|name| header_key(name) == key)
    };
    let called = |field: &&Field| field.others.split(' ').any(|other| header_key(other) == key);
    fields(kind).iter().find(named).or_else(|| fields(kind).iter().find(called))
}

impl Field {
    /// Its heading.
    #[must_use]
    pub fn title(&self, language: Language) -> &'static str {
        match language {
            Language::De => self.de,
            Language::En => self.en,
        }
    }

    /// Whether it holds figures.
    #[must_use]
    pub fn is_figure(&self) -> bool {
        matches!(self.name, "discount" | "list_price" | "tax")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_what_people_call_them() {
        let of = |kind, header| field_of_header(kind, header).map(|field| field.name);
        for (header, name) in [
            ("Firma", "name"),
            ("FIRMENNAME", "name"),
            ("company", "name"),
            ("Kd-Nr.", "number"),
            ("Kunden Nr.", "number"),
            ("Strasse", "street"),
            ("Straße / Hausnummer", "street"),
            ("USt-IdNr.", "vat_id"),
            ("Ust-ID", "vat_id"),
            ("e-mail", "email"),
            ("E-Mail-Adresse", "email"),
            ("Postleitzahl", "postal_code"),
            ("Rabatt %", "discount"),
            ("postal_code", "postal_code"),
        ] {
            assert_eq!(of(TableKind::Customer, header), Some(name), "{header}");
        }
        assert_eq!(of(TableKind::Customer, "Lieblingsfarbe"), None);
        assert_eq!(of(TableKind::Customer, " "), None);
        assert_eq!(of(TableKind::Article, "MwSt."), Some("tax"));
        assert_eq!(of(TableKind::Article, "Listenpreis €"), Some("list_price"));
        assert_eq!(of(TableKind::Contact, "Name"), Some("full_name"));
    }

    #[test]
    fn no_two_fields_have_the_same_heading() {
        for kind in TableKind::ALL {
            for field in fields(*kind) {
                for header in [field.name, field.de, field.en] {
                    assert_eq!(field_of_header(*kind, header), Some(field), "{kind} {header}");
                }
            }
        }
    }
}
