use commands::{
    ExportFormat, ExportList, ExportOrder, ImportOrder,
    view::{
        ArticleFilter, ArticleSort, ContactFilter, ContactSort, CustomerFilter, CustomerPage,
        CustomerSort, Order, QuoteFilter, QuoteSort,
    },
};
use domain::{Contact, Id};
use store::Stop;

use super::{
    Desk, counts, desk,
    others::{articles, contacts},
};

const UP: Order = Order::Ascending;

fn customers_list(text: &str) -> ExportList {
    let filter = CustomerFilter { text: text.into(), ..CustomerFilter::default() };
    ExportList::Customers { filter, sort: CustomerSort::Number, order: UP }
}

fn contacts_list() -> ExportList {
    ExportList::Contacts { filter: ContactFilter::default(), sort: ContactSort::Name, order: UP }
}

fn articles_list() -> ExportList {
    ExportList::Articles { filter: ArticleFilter::default(), sort: ArticleSort::Number, order: UP }
}

impl Desk {
    fn export(&self, list: ExportList, name: &str, format: ExportFormat) -> Vec<u8> {
        let path = self.path(name).display().to_string();
        let order = ExportOrder { list, path: path.clone(), format };
        self.app.run_export(&order, &Stop::new(false), &mut |_, _| {}).unwrap();
        std::fs::read(path).unwrap()
    }

    fn demo(&self, customers: u64) {
        let order = app::DemoOrder { customers, seed: 7 };
        self.app.run_demo(order, &Stop::new(false), &mut |_, _| {}).unwrap();
    }
}

/// All that a table says about a customer.
fn said(page: &CustomerPage) -> serde_json::Value {
    let mut addresses = page.addresses.clone();
    for address in &mut addresses {
        (address.id, address.customer_id) = (Id::NIL, Id::NIL);
        (address.created_at, address.updated_at) = Default::default();
        (address.created_by, address.updated_by) = (Id::NIL, Id::NIL);
    }
    let customer = &page.customer;
    let mut tags: Vec<&String> = page.tags.iter().map(|tag| &tag.name).collect();
    tags.sort();
    serde_json::json!([
        [customer.number, customer.name, customer.kind, customer.status, customer.vat_id],
        [customer.tax_number, customer.industry, customer.website, customer.email],
        [customer.phone, customer.discount, customer.language, customer.notes],
        page.category.as_ref().map(|category| &category.name),
        page.territory.as_ref().map(|territory| &territory.name),
        page.price_list.as_ref().map(|list| &list.name),
        page.payment_terms.as_ref().map(|terms| &terms.name),
        tags,
        addresses,
    ])
}

#[test]
fn exported_customers_are_the_same_in_another_workspace() {
    let (here, there) = (desk(), desk());
    here.demo(60);
    let odd = "Nummer;Firma;Telefon;Notizen;Straße;Hausnummer;Ort;Rabatt;Schlagworte;Kundentyp\n\
               X-1;'=Summe GmbH;'+49 1234;\"a\n\"\"b\"\"; c\";Straße des 17. Juni;135;Köln;12,34;VIP, Messe;Privat\n";
    assert_eq!(counts(&here.import(odd, Default::default())), [1, 0, 0, 0, 0]);
    let csv = here.export(customers_list(""), "out.csv", ExportFormat::Csv);
    let report = there.run(&there.file("in.csv", csv)).unwrap();
    assert_eq!(
        counts(&report),
        [61, 0, 0, 0, 0],
        "{:?}",
        report.rows.iter().find(|r| !r.refusals.is_empty())
    );
    let (before, after) = (here.customers(), there.customers());
    assert_eq!(before.len(), after.len());
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(said(one), said(other));
    }
    let odd = &after.last().unwrap().customer;
    assert_eq!((&*odd.name, &*odd.phone, &*odd.notes), ("=Summe GmbH", "+49 1234", "a\n\"b\"; c"));
    // Once more changes nothing.
    let csv = std::fs::read(here.path("out.csv")).unwrap();
    let duplicates = commands::DuplicatePolicy::Update;
    let order = ImportOrder { duplicates, ..there.file("again.csv", csv) };
    assert_eq!(counts(&there.run(&order).unwrap()), [0, 0, 61, 0, 0]);
}

#[test]
fn articles_and_contacts_come_back() {
    let (here, there) = (desk(), desk());
    here.demo(20);
    let csv = here.export(articles_list(), "articles.csv", ExportFormat::Csv);
    let report = there.run(&there.file("articles.csv", csv)).unwrap();
    assert_eq!(report.counts.failed, 0);
    let plain = |desk: &Desk| {
        let rows = articles(desk).into_iter();
        rows.map(|row| {
            (row.number, row.name, row.description, row.unit_de, row.list_price, row.tax_rate)
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(plain(&here), plain(&there));
    let customers = here.export(customers_list(""), "customers.csv", ExportFormat::Csv);
    there.run(&there.file("customers.csv", customers)).unwrap();
    for (name, format) in [("contacts.vcf", ExportFormat::Vcf), ("contacts.csv", ExportFormat::Csv)]
    {
        let file = here.export(contacts_list(), name, format);
        let report = there.run(&there.file(name, file)).unwrap();
        assert_eq!((report.counts.failed, report.hints.len()), (0, 0), "{name}");
    }
    let plain = |desk: &Desk| {
        let all = contacts(desk);
        let mut all: Vec<_> = all
            .into_iter()
            .map(
                |Contact {
                     title,
                     first_name,
                     last_name,
                     phone,
                     mobile,
                     email,
                     salutation,
                     position,
                     department,
                     ..
                 }| {
                    (
                        last_name,
                        first_name,
                        title,
                        phone,
                        mobile,
                        email,
                        (salutation, position, department),
                    )
                },
            )
            .collect();
        all.sort();
        // Two of one name with one address are one person to the import.
        let mut seen = std::collections::HashSet::new();
        all.retain(|one| seen.insert((one.0.clone(), one.5.clone())));
        all
    };
    assert_eq!(plain(&here), plain(&there));
}

#[test]
fn an_export_has_what_is_seen_and_takes_its_place_whole() {
    let desk = desk();
    desk.demo(30);
    let first = desk.customers()[3].customer.clone();
    let csv = desk.export(customers_list(&first.number), "out.csv", ExportFormat::Csv);
    let text = String::from_utf8(csv).unwrap();
    assert!(text.starts_with("\u{feff}Kundennummer;Firma;"), "{text}");
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains(&first.name));
    let xlsx = desk.export(customers_list(""), "out.xlsx", ExportFormat::Xlsx);
    assert!(xlsx.starts_with(b"PK"));
    let quotes =
        ExportList::Quotes { filter: QuoteFilter::default(), sort: QuoteSort::Number, order: UP };
    let csv = desk.export(quotes.clone(), "quotes.csv", ExportFormat::Csv);
    assert!(String::from_utf8(csv).unwrap().contains(";Netto;Steuer;Brutto;"));
    let run = |order: &ExportOrder, stop: bool| {
        let failed = desk.app.run_export(order, &Stop::new(stop), &mut |_, _| {});
        failed.map_err(|failure| failure.code)
    };
    let path = desk.path("out.csv").display().to_string();
    let order = ExportOrder { list: quotes, path: path.clone(), format: ExportFormat::Vcf };
    assert_eq!(run(&order, false), Err("export-format".into()));
    let order = ExportOrder { list: customers_list(""), format: ExportFormat::Csv, ..order };
    assert_eq!(run(&order, true), Err("stopped".into()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "the older file is as it was");
    let nowhere = ExportOrder { path: "/nowhere/out.csv".into(), ..order };
    assert_eq!(run(&nowhere, false), Err("export-unwritten".into()));
    let left = std::fs::read_dir(desk.path("")).unwrap().flatten();
    assert!(
        left.map(|entry| entry.file_name()).all(|name| !name.to_string_lossy().starts_with(".tmp"))
    );
}
