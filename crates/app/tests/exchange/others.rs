use commands::{
    DuplicatePolicy, GetContact, ListArticles, ListContacts, Undo,
    view::{ArticleFilter, ArticleRow, ArticleSort, ContactFilter, ContactSort, Order},
};
use domain::{Contact, Salutation, UnitPrice};

use super::{ALL, Desk, counts, desk};

const SKIP: DuplicatePolicy = DuplicatePolicy::Skip;
const UPDATE: DuplicatePolicy = DuplicatePolicy::Update;

pub(super) fn articles(desk: &Desk) -> Vec<ArticleRow> {
    let filter = ArticleFilter { inactive: true, ..ArticleFilter::default() };
    let (sort, order) = (ArticleSort::Number, Order::Ascending);
    desk.app.ask(ListArticles { filter, sort, order, window: ALL }).unwrap().rows
}

pub(super) fn contacts(desk: &Desk) -> Vec<Contact> {
    let (filter, sort, order) = (ContactFilter::default(), ContactSort::Name, Order::Ascending);
    let list = desk.app.ask(ListContacts { filter, sort, order, window: ALL }).unwrap();
    list.rows.iter().map(|row| desk.app.ask(GetContact { id: row.id }).unwrap()).collect()
}

#[test]
fn prices_are_right_to_the_cent() {
    let prices = |text: &str| {
        let desk = desk();
        let report = desk.import(&format!("Artikelnummer;Bezeichnung;Preis\n{text}"), SKIP);
        let prices: Vec<i64> = articles(&desk).iter().map(|row| row.list_price.0).collect();
        (counts(&report)[4], prices)
    };
    assert_eq!(
        prices("a;A;100,55\nb;B;32.000,00\nc;C;1.234\n"),
        (0, vec![1_005_500, 320_000_000, 12_340_000])
    );
    assert_eq!(
        prices("a;A;100.55\nb;B;1,234.56\nc;C;1.234\n"),
        (0, vec![1_005_500, 12_345_600, 12_340])
    );
    assert_eq!(prices("a;A;100.55\nb;B;100,55\nc;C;1.234\n"), (1, vec![1_005_500, 1_005_500]));
    assert_eq!(prices("a;A;1.234\n"), (0, vec![12_340_000]));
    assert_eq!(prices("a;A;-5\nb;B;abc\n"), (2, vec![]));
}

#[test]
fn articles_with_units_and_taxes() {
    let desk = desk();
    let report = desk.import(
        "Artikelnr.;Bezeichnung;Beschreibung;Einheit;Warengruppe;Preis;MwSt\n\
         A-1;Brenner;\"lang\nund breit\";Stück;Schweißen;74,90;19\n\
         A-2;Draht;;kg;Schweißen;3,20;7 %\n\
         A-3;Kiste;;Kiste;;10;0 %\n\
         A-4;Falsch;;Stk;;10;16\n\
         A-1;Noch einmal;;;;1;19\n",
        SKIP,
    );
    assert_eq!(counts(&report), [3, 0, 0, 1, 1]);
    assert_eq!(report.hints[0].code, "unit-new");
    let found = articles(&desk);
    let units: Vec<&str> = found.iter().map(|row| row.unit_de.as_str()).collect();
    let rates: Vec<i64> = found.iter().map(|row| row.tax_rate.0).collect();
    assert_eq!((units, rates), (vec!["Stk", "kg", "Kiste"], vec![1_900, 700, 0]));
    let report = desk.import("Artikelnummer;Preis\nA-1;80\nA-2;3,20\n", UPDATE);
    assert_eq!(counts(&report), [0, 1, 1, 0, 0]);
    assert_eq!(articles(&desk)[0].list_price, UnitPrice(800_000));
    desk.app.ask(Undo {}).unwrap();
    assert_eq!(articles(&desk)[0].list_price, UnitPrice(749_000));
}

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Anna;;Dr.;\r\nFN:Dr. Anna Müller\r\nORG:Alpha GmbH;Einkauf\r\nTEL;TYPE=work:0711 1\r\nTEL;TYPE=cell:0171 2\r\nEMAIL:anna@alpha.de\r\nBDAY:1980-01-05\r\nEND:VCARD\r\n\
BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jörg Weiß\r\nN:Weiß;Jörg;;;\r\nGENDER:M\r\nORG:Neue Firma AG\r\nADR;TYPE=work:;;Ring 5;Wien;;1010;Österreich\r\nEMAIL:j@weiss.at\r\nEND:VCARD\r\n\
BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Eva Weiß\r\nN:Weiß;Eva;;;\r\nORG:Neue Firma AG\r\nEND:VCARD\r\n\
BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Privat Person\r\nN:Person;Privat;;;\r\nEND:VCARD\r\n";

#[test]
fn cards_become_contacts_at_their_customers() {
    let desk = desk();
    desk.import("Nummer;Firma;PLZ\n1;Alpha;70173\n", SKIP);
    let order = desk.file("in.vcf", CARDS);
    assert_eq!(desk.plan(&order).unwrap().counts, desk.run(&order).unwrap().counts);
    let found = contacts(&desk);
    let names: Vec<String> = found.iter().map(Contact::full_name).collect();
    assert_eq!(names, ["Dr. Anna Müller", "Eva Weiß", "Jörg Weiß"]);
    let anna = &found[0];
    assert_eq!((&*anna.phone, &*anna.mobile, &*anna.department), ("0711 1", "0171 2", "Einkauf"));
    assert_eq!(anna.birthday, "1980-01-05".parse().ok());
    assert_eq!(found[2].salutation, Salutation::Mr);
    assert_eq!((found[1].is_primary, found[2].is_primary), (false, true));
    let customers = desk.customers();
    assert_eq!(customers.len(), 2);
    assert_eq!(customers[0].customer.id, anna.customer_id);
    assert_eq!(customers[1].addresses[0].country.0, "AT");
    let failed = std::fs::read_to_string(desk.path("in-failed.vcf")).unwrap();
    assert!(failed.contains("X-KONTOR-ERROR:Keine Firma"), "{failed}");
    // With a company it can be imported again; those that are there are duplicates.
    let mended = failed.replace("FN:Privat Person", "FN:Privat Person\r\nORG:Alpha");
    let report = desk.run(&desk.file("mended.vcf", mended)).unwrap();
    assert_eq!(counts(&report), [1, 0, 0, 0, 0]);
    let report = desk.run(&desk.file("again.vcf", CARDS)).unwrap();
    assert_eq!(counts(&report), [0, 0, 0, 3, 1]);
    for _ in 0..2 {
        desk.app.ask(Undo {}).unwrap();
    }
    assert_eq!((contacts(&desk).len(), desk.customers().len()), (0, 1));
}

#[test]
fn a_customer_name_that_two_have_needs_a_postal_code() {
    let desk = desk();
    desk.import("Nummer;Firma;PLZ\n1;Alpha;70173\n2;Alpha;10115\n", SKIP);
    let report = desk.import(
        "Vorname;Nachname;Firma;PLZ\nAnna;Müller;Alpha GmbH;10115\nEva;Weiß;Alpha;\n",
        SKIP,
    );
    assert_eq!(counts(&report), [1, 0, 0, 0, 1]);
    assert_eq!(contacts(&desk)[0].customer_id, desk.customers()[1].customer.id);
}
