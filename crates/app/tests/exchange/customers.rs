use commands::{
    ColumnChoice, DuplicatePolicy, GetUndo, ImportOrder, MendedCell, RowOutcome, SaveCustomer, Undo,
};
use domain::{Customer, CustomerStatus, Percent};
use store::Stop;

use super::{counts, desk};

const SKIP: DuplicatePolicy = DuplicatePolicy::Skip;
const UPDATE: DuplicatePolicy = DuplicatePolicy::Update;

#[test]
fn german_headings_and_figures_become_customers() {
    let desk = desk();
    let report = desk.import(
        "Kd-Nr.;Firmenname;Straße;PLZ;Ort;Land;USt-IdNr.;Telefon;E-Mail;Rabatt;Status;Kategorie;Notizen;Farbe\n\
         4711;\"Müller \"\"Metall\"\" GmbH\";Hauptstr. 12 a;50667;Köln;Deutschland;DE 136 695 976;'+49 221 1;info@mueller.de;2,5 %;gesperrt;A-Kunde;\"eins\nzwei\";rot\n\
         ;Huber KG;Ring 3;1010;Wien;Österreich;;;;;;;;\n",
        SKIP,
    );
    assert_eq!(counts(&report), [2, 0, 0, 0, 0]);
    assert_eq!(report.columns[13].field, None);
    let found = desk.customers();
    let (mueller, huber) = (&found[0], &found[1]);
    assert_eq!(mueller.customer.name, "Müller \"Metall\" GmbH");
    assert_eq!(mueller.customer.vat_id, "DE136695976");
    assert_eq!(mueller.customer.discount, Percent(250));
    assert_eq!(mueller.customer.status, CustomerStatus::Blocked);
    assert_eq!(mueller.customer.phone, "+49 221 1");
    assert_eq!(mueller.customer.notes, "eins\nzwei");
    assert_eq!(mueller.category.as_ref().unwrap().name, "A-Kunde");
    let address = &mueller.addresses[0];
    assert_eq!((&*address.street, &*address.house_number), ("Hauptstr.", "12 a"));
    assert_eq!(huber.customer.number, "K-10001");
    assert_eq!(huber.addresses[0].country.0, "AT");
    assert_eq!(huber.customer.owner_id, huber.owner.as_ref().map(|owner| owner.id));
}

#[test]
fn encodings_and_separators() {
    for (name, text, encoding, separator) in [
        (
            "1252",
            encoding_rs::WINDOWS_1252.encode("Firma;Ort\nMüller;Köln\n").0.into_owned(),
            "windows-1252",
            ';',
        ),
        ("utf8", "company,city\nMüller,Köln\n".as_bytes().to_vec(), "UTF-8", ','),
        ("bom", "\u{feff}Firma\tOrt\nMüller\tKöln\n".as_bytes().to_vec(), "UTF-8", '\t'),
        (
            "utf16",
            "\u{feff}Firma;Ort\nMüller;Köln\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "UTF-16LE",
            ';',
        ),
    ] {
        let desk = desk();
        let report = desk.run(&desk.file("in.csv", text)).unwrap();
        assert_eq!((&*report.encoding, report.separator), (encoding, Some(separator)), "{name}");
        let found = desk.customers();
        assert_eq!(
            (&*found[0].customer.name, &*found[0].addresses[0].city),
            ("Müller", "Köln"),
            "{name}"
        );
    }
}

#[test]
fn failed_rows_come_back_as_a_file_that_can_be_mended() {
    let desk = desk();
    let text = "Firma,PLZ,E-Mail,USt-IdNr.\n\
                Gut GmbH,70173,a@b.de,\n\
                Böse GmbH,7017,kaputt,DE136695977\n\
                \"Zu, viel\",1,x,y,z\n";
    let report = desk.import(text, SKIP);
    assert_eq!(counts(&report), [1, 0, 0, 0, 2]);
    let bad = &report.rows[1];
    assert_eq!((bad.line, bad.outcome), (3, RowOutcome::Failed));
    let fields: Vec<_> =
        bad.refusals.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
    assert_eq!(fields, ["vat_id", "email", "postal_code"]);
    let file = report.failed_file.unwrap();
    assert!(file.ends_with("in-failed.csv"), "{file}");
    let failed = std::fs::read_to_string(&file).unwrap();
    assert!(
        failed.starts_with("\u{feff}Firma,PLZ,E-Mail,USt-IdNr.,Kontor: Fehler\r\n"),
        "{failed}"
    );
    assert!(failed.contains("E-Mail: Das ist keine E-Mail-Adresse"), "{failed}");
    let mended = failed
        .replace("7017,", "70174,")
        .replace("kaputt", "c@d.de")
        .replace("DE136695977", "DE136695976");
    let mended: String = mended.lines().take(2).map(|line| format!("{line}\n")).collect();
    let report = desk.run(&desk.file("mended.csv", mended)).unwrap();
    assert_eq!((counts(&report), report.failed_file), ([1, 0, 0, 0, 0], None));
    assert_eq!(desk.customers().len(), 2);
    // The file of the first import is not written over.
    let report = desk.run(&desk.file("in.csv", text)).unwrap();
    assert!(report.failed_file.unwrap().ends_with("in-failed-2.csv"));
}

#[test]
fn cells_mended_before_the_import() {
    let desk = desk();
    let mended = vec![MendedCell { line: 2, column: 1, text: "a@b.de".into() }];
    let order = ImportOrder { mended, ..desk.file("in.csv", "Firma;E-Mail\nA;kaputt\n") };
    assert_eq!(counts(&desk.run(&order).unwrap()), [1, 0, 0, 0, 0]);
    assert_eq!(desk.customers()[0].customer.email, "a@b.de");
}

#[test]
fn duplicates_are_found_by_number_vat_id_and_name() {
    let desk = desk();
    desk.import(
        "Nummer;Firma;USt-IdNr.;PLZ\n1;Alpha GmbH;DE136695976;70173\n2;Beta AG;;10115\n",
        SKIP,
    );
    let again = "Nummer;Firma;USt-IdNr.;PLZ\n\
                 1;Anders;;1\n\
                 ;Alpha Neu;DE136695976;70173\n\
                 ;Beta Aktiengesellschaft;;10115\n\
                 ;BETA;;10115\n\
                 ;Beta;;10117\n\
                 9;Gamma;;20095\n\
                 9;Gamma zwei;;20096\n";
    let report = desk.import(again, SKIP);
    assert_eq!(counts(&report), [3, 0, 0, 4, 0]);
    let of = |line: u64| {
        let row = report.rows.iter().find(|row| row.line == line).unwrap();
        row.duplicate.clone().map(|of| (of.field, of.name, of.line))
    };
    assert_eq!(of(2), Some(("number".into(), "1 Alpha GmbH".into(), None)));
    assert_eq!(of(3), Some(("vat_id".into(), "1 Alpha GmbH".into(), None)));
    assert_eq!(of(5), Some(("name".into(), "2 Beta AG".into(), None)));
    assert_eq!(of(8), Some(("number".into(), String::new(), Some(7))));
    let report = desk.import("Firma;PLZ\nBeta AG;10115\n", DuplicatePolicy::Create);
    assert_eq!(counts(&report), [1, 0, 0, 0, 0]);
    let report = desk.import("Nummer;Firma\n1;Neu\n", DuplicatePolicy::Create);
    assert_eq!(counts(&report), [0, 0, 0, 0, 1]);
}

#[test]
fn one_undo_takes_everything_back_updates_included() {
    let desk = desk();
    desk.import(
        "Nummer;Firma;PLZ;Ort;Telefon;Rabatt;Schlagworte\n1;Alpha GmbH;70173;Stuttgart;0711 1;2;VIP\n2;Beta;10115;Berlin;;;\n",
        SKIP,
    );
    let before = desk.customers();
    let report = desk.import(
        "Nummer;Firma;PLZ;Ort;Telefon;Rabatt;Schlagworte;Kategorie\n\
         1;Alpha AG;70174;;0711 2;3,5;VIP, Messe;A\n\
         2;Beta;10115;Berlin;;;;\n\
         3;Neu;20095;Hamburg;;;;\n\
         1;;;Fellbach;;;;\n",
        UPDATE,
    );
    assert_eq!(counts(&report), [1, 2, 1, 0, 0]);
    let after = desk.customers();
    let alpha = &after[0];
    assert_eq!((&*alpha.customer.name, &*alpha.customer.phone), ("Alpha AG", "0711 2"));
    assert_eq!(
        (&*alpha.addresses[0].postal_code, &*alpha.addresses[0].city),
        ("70174", "Fellbach")
    );
    assert_eq!((alpha.tags.len(), after.len()), (2, 3));
    let step = desk.app.ask(Undo {}).unwrap();
    assert_eq!((&*step.operation, &*step.subject), ("customer.import", "in.csv"));
    let back = desk.customers();
    assert_eq!(back.len(), before.len());
    for (now, then) in back.iter().zip(&before) {
        let plain = |page: &commands::view::CustomerPage| {
            let mut customer = page.customer.clone();
            let mut addresses = page.addresses.clone();
            customer.updated_at = customer.created_at;
            addresses.iter_mut().for_each(|address| address.updated_at = address.created_at);
            (customer, addresses, page.tags.clone())
        };
        assert_eq!(plain(now), plain(then));
    }
}

#[test]
fn numbers_of_the_file_are_kept_and_others_given_around_them() {
    let desk = desk();
    let report = desk.import("Nummer;Firma\n;A\nK-10001;B\nK-10002;C\n;D\n", SKIP);
    assert_eq!(counts(&report), [4, 0, 0, 0, 0]);
    let names: Vec<_> = desk
        .customers()
        .iter()
        .map(|page| format!("{} {}", page.customer.number, page.customer.name))
        .collect();
    assert_eq!(names, ["K-10001 B", "K-10002 C", "K-10003 A", "K-10004 D"]);
    desk.import("Nummer;Firma\nK-10005;E\n", SKIP);
    let customer = Customer { name: "F".into(), ..Customer::default() };
    desk.app.ask(SaveCustomer { customer, addresses: None }).unwrap();
    assert_eq!(desk.customers().last().unwrap().customer.number, "K-10006");
}

#[test]
fn what_is_stopped_leaves_nothing() {
    let desk = desk();
    let rows: String = (0..5_000).map(|n| format!("{n};Firma {n};70173\n")).collect();
    let order = desk.file("in.csv", format!("Nummer;Firma;PLZ\n{rows}"));
    let stop = Stop::new(false);
    let stopped = desk.app.run_import(&order, &stop, &mut |done, _| {
        stop.store(done > 4_000, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(stopped.unwrap_err().code, "stopped");
    assert_eq!(desk.customers().len(), 0);
    assert_eq!(desk.app.ask(GetUndo {}).unwrap().undo, None);
    assert_eq!(counts(&desk.run(&order).unwrap()), [5_000, 0, 0, 0, 0]);
    desk.app.ask(Undo {}).unwrap();
    assert_eq!(desk.customers().len(), 0);
}

#[test]
fn files_that_are_none_say_so() {
    let desk = desk();
    let code = |name: &str, content: &[u8]| {
        let order = desk.file(name, content);
        desk.run(&order).map(|report| counts(&report)).map_err(|failure| failure.code)
    };
    assert_eq!(code("empty.csv", b""), Err("file-empty".into()));
    assert_eq!(code("blank.csv", b"\n\n \n"), Err("file-empty".into()));
    assert_eq!(
        code("binary.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
        Err("file-no-text".into())
    );
    assert_eq!(code("book.xlsx", b"PK\x03\x04\x14\0"), Err("file-workbook".into()));
    assert_eq!(code("header.csv", b"Firma;Ort\n"), Ok([0; 5]));
    assert_eq!(code("nameless.csv", b"PLZ;Ort\n70173;Stuttgart\n"), Err("columns-missing".into()));
    assert_eq!(code("short.csv", b"Firma;PLZ;Ort\nA;70173\nB\n"), Ok([2, 0, 0, 0, 0]));
    let missing = ImportOrder { path: "/nowhere/x.csv".into(), ..ImportOrder::default() };
    assert_eq!(desk.run(&missing).unwrap_err().code, "file-unreadable");
    let plan = desk.plan(&desk.file("nameless.csv", "PLZ;Ort\n70173;Stuttgart\n")).unwrap();
    assert_eq!((plan.missing, plan.rows.len()), (vec!["name".to_owned()], 1));
    let choice = ColumnChoice { column: "Ort".into(), field: "name".into() };
    let order =
        ImportOrder { columns: vec![choice], ..desk.file("mapped.csv", "PLZ;Ort\n70174;Stadt\n") };
    assert_eq!(counts(&desk.run(&order).unwrap()), [1, 0, 0, 0, 0]);
}

#[test]
fn failed_rows_that_cannot_be_written_stop_the_import() {
    let desk = desk();
    let order = ImportOrder {
        failed: Some("/nowhere/failed.csv".into()),
        ..desk.file("in.csv", "Firma;E-Mail\nA;a@b.de\nB;kaputt\n")
    };
    assert_eq!(desk.run(&order).unwrap_err().code, "failed-rows-unwritten");
    assert_eq!(desk.customers().len(), 0);
}
