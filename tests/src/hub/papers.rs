//! A quote that was signed on one laptop is on the other, with its PDF byte for byte.

use commands::{
    AddTag, CopyQuote, CreateQuote, DecideQuote, DeleteCustomers, DeleteQuote, GetQuote,
    GetSettings, ListArticles, MakeQuoteLine, RenderQuote, RestoreCustomer, ReviseQuote,
    SaveNumbering, SaveQuote, SendQuote, SetLogo, SignQuote,
    view::{ArticleFilter, ArticleSort, Order, Window},
};
use domain::{Document, DocumentKind, Id, Quantity, QuoteStatus};

use crate::{
    forged::{Forger, Ground, REP, made},
    headquarters::{ADMIN, Headquarters, until},
    laptop::{Laptop, difference},
};

/// The smallest PNG there is: one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A draft with two articles.
pub fn draft(laptop: &Laptop, customer_id: Id) -> Id {
    let app = &laptop.app;
    let quote_id = app.ask(CreateQuote { customer_id, opportunity_id: None }).unwrap();
    let (filter, sort) = (ArticleFilter::default(), ArticleSort::Number);
    let window = Window { offset: 0, limit: 2 };
    let articles = app.ask(ListArticles { filter, sort, order: Order::Ascending, window }).unwrap();
    let quantity = Quantity::whole(3);
    let line = |article_id| app.ask(MakeQuoteLine { quote_id, article_id, quantity }).unwrap();
    let lines = articles.rows.iter().map(|row| line(row.id)).collect();
    let quote = app.ask(GetQuote { id: quote_id }).unwrap().quote;
    app.ask(SaveQuote { quote, lines }).unwrap();
    quote_id
}

pub fn sign(laptop: &Laptop, quote_id: Id) {
    let (name, place) = ("Anna Jäger".into(), "Lübeck".into());
    laptop.app.ask(SignQuote { id: quote_id, image: PIXEL.into(), name, place }).unwrap();
}

/// Of each that people do with quotes and customers, one.
fn work_on(laptop: &Laptop, signed: Id) {
    let app = &laptop.app;
    let ids: Vec<Id> = laptop.customers().iter().map(|row| row.id).collect();
    let revision = app.ask(ReviseQuote { id: signed }).unwrap();
    app.ask(SendQuote { id: revision }).unwrap();
    let reason = "Zu teuer".to_owned();
    let status = QuoteStatus::Rejected;
    app.ask(DecideQuote { id: revision, status, reason }).unwrap();
    app.ask(ReviseQuote { id: revision }).unwrap();
    let copy = app.ask(CopyQuote { id: signed, customer_id: Some(ids[3]) }).unwrap();
    app.ask(DeleteQuote { id: copy }).unwrap();
    app.ask(SendQuote { id: draft(laptop, ids[4]) }).unwrap();
    app.ask(DeleteCustomers { ids: vec![ids[5], ids[6]] }).unwrap();
    app.ask(RestoreCustomer { id: ids[6] }).unwrap();
    app.ask(SetLogo { image: Some(PIXEL.into()) }).unwrap();
    app.ask(SetLogo { image: None }).unwrap();
    app.ask(SetLogo { image: Some(PIXEL.into()) }).unwrap();
    app.ask(AddTag { customer_id: ids[7], name: "Messe".into() }).unwrap();
    app.ask(AddTag { customer_id: ids[8], name: "Messe".into() }).unwrap();
    let mut numbering = app.ask(GetSettings {}).unwrap().numbering;
    numbering.customer = "KD-{n:4}".into();
    app.ask(SaveNumbering { numbering }).unwrap();
    laptop.add("Neue Nummer GmbH");
}

/// Records go up in parts, and some name others that go up in a later one.
#[test]
fn a_workspace_with_groups_and_signed_quotes_goes_up() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 60);
    let subsidiary = first.customers().into_iter().next_back().unwrap();
    let parent = first.add("Mutter AG");
    first.change(subsidiary.id, |customer| customer.parent_id = Some(parent));
    first.change(parent, |customer| customer.parent_id = Some(subsidiary.id));
    let quote_id = draft(&first, subsidiary.id);
    sign(&first, quote_id);
    work_on(&first, quote_id);
    first.connect(&hub.address(), ADMIN);
    let report = first.sync();
    assert!(
        report.sent > 2 && report.received > 1_000 && report.rejected + report.conflicts == 0,
        "{report:?}"
    );
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(second.customer(subsidiary.id).parent_id, Some(parent));
    let there = second.app.ask(GetQuote { id: quote_id }).unwrap().quote;
    assert!(there.pdf_document_id.is_some() && there.signature_document_id.is_some());
    // Nothing of it is sent again.
    assert_eq!(first.sync().sent, 0);
}

#[test]
fn a_signed_quote_comes_with_its_papers() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 3);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    let customer_id = first.customers()[0].id;
    let quote_id = draft(&first, customer_id);
    sign(&first, quote_id);
    assert_eq!(first.sync().rejected, 0);
    second.sync();
    assert_eq!(difference(&first, &second), None);
    let there = second.app.ask(GetQuote { id: quote_id }).unwrap();
    assert_eq!((there.quote.status, there.lines.len()), (QuoteStatus::Accepted, 2));
    let pdf = |laptop: &Laptop| laptop.app.ask(RenderQuote { id: quote_id }).unwrap().content;
    assert_eq!(pdf(&first), pdf(&second));
    // A rep who does not see the customer gets neither the quote nor its papers.
    let rep = Laptop::from_hub(&folder.path().join("c"), &hub.address(), "aylin@kontor.example");
    rep.sync();
    let hash = headquarters.sql(&format!(
        "select sha256 from document where quote_id = '{quote_id}' and kind = 'quote_pdf'"
    ));
    assert_eq!(
        headquarters.sql(&format!("select is_whole from blob where sha256 = '{hash}'")),
        "t"
    );
    let device_id = Id::now();
    let mut aylin = sync::http::Http::new(&hub.address(), device_id, None).unwrap();
    aylin.sign_in("aylin@kontor.example", crate::headquarters::PASSWORD, "test").unwrap();
    let refused = |answer: Result<Vec<u8>, sync::SyncError>| match answer {
        Err(sync::SyncError::Refused(refused)) => refused.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(aylin.blob(&hash, 0)), "blob-missing");
    let forged = aylin.put_blob(&hash, 3, 0, b"abc").map(|_| Vec::new());
    assert_eq!(refused(forged), "blob-missing");
}

/// To know a hash is not to have the content: a document of one's own with it shows nothing.
#[test]
fn a_hash_alone_gives_no_content() {
    let ground = Ground::open();
    let quote_id = draft(&ground.admin, ground.foreign);
    sign(&ground.admin, quote_id);
    ground.admin.sync();
    let one = |sql: &str| ground.headquarters.sql(sql);
    let hash = one(&format!(
        "select sha256 from document where quote_id = '{quote_id}' and kind = 'quote_pdf'"
    ));
    let mut admin = Forger::sign_in(&ground.hub, ADMIN);
    let content = admin.caller.http.blob(&hash, 0).unwrap();
    let size = content.len();
    let mut forger = Forger::sign_in(&ground.hub, REP);
    let document = |customer_id: Id, sha256: &str| Document {
        id: Id::now(),
        kind: DocumentKind::File,
        customer_id: Some(customer_id),
        sha256: sha256.into(),
        ..Document::default()
    };
    forger.push(vec![made(&document(ground.own, &hash))]).unwrap();
    let missing = |http: &mut sync::http::Http| {
        assert_eq!(crate::doors::code(http.blob(&hash, 0)), "blob-missing");
    };
    missing(&mut forger.caller.http);
    // Neither does the hub say that it is there; and what is wrong disturbs nobody.
    assert_eq!(forger.caller.http.put_blob(&hash, size, 0, &[]).unwrap(), 0);
    let unknown = "0".repeat(64);
    forger.push(vec![made(&document(ground.own, &unknown))]).unwrap();
    assert_eq!(forger.caller.http.put_blob(&unknown, size, 0, &[]).unwrap(), 0);
    let forged = forger.caller.http.put_blob(&hash, 3, 0, b"abc");
    assert_eq!(crate::doors::code(forged), "blob-wrong");
    missing(&mut forger.caller.http);
    assert_eq!(admin.caller.http.blob(&hash, 0).unwrap(), content);

    // Who has the content brings it, and has it then.
    let half = size / 2;
    let received = forger.caller.http.put_blob(&hash, size, 0, &content[..half]).unwrap();
    assert_eq!(received, half);
    missing(&mut forger.caller.http);
    let received = forger.caller.http.put_blob(&hash, size, half, &content[half..]).unwrap();
    assert_eq!(received, size);
    assert_eq!(forger.caller.http.blob(&hash, 0).unwrap(), content);
    // For a second document it is not asked for again.
    let shown = || one(&format!("select count(*) from shown_document where sha256 = '{hash}'"));
    let before = shown();
    forger.push(vec![made(&document(ground.own, &hash))]).unwrap();
    assert_ne!(shown(), before);
    assert_eq!(forger.caller.http.put_blob(&hash, size, 0, &[]).unwrap(), size);
    // What the ERP writes needs nobody who brings it.
    let written = include_str!("erp_document.sql").replace("CUSTOMER", &ground.own.to_string());
    one(&written);
    assert_eq!(one("select count(*) from shown_document where sha256 = 'e0'"), "1");
}

/// What came of a document is kept for a week: then whoever brings it begins anew.
#[test]
fn content_that_nobody_goes_on_bringing_is_not_kept() {
    let ground = Ground::open();
    let one = |sql: &str| ground.headquarters.sql(sql);
    let mut rep = Forger::sign_in(&ground.hub, REP);
    let [given_up, going_on, new] = ["a", "b", "c"].map(|letter| letter.repeat(64));
    for sha256 in [&given_up, &going_on, &new] {
        let (customer_id, sha256) = (Some(ground.own), sha256.clone());
        let document = Document { id: Id::now(), customer_id, sha256, ..Document::default() };
        rep.push(vec![made(&Document { kind: DocumentKind::File, ..document })]).unwrap();
    }
    let mut put =
        |sha256: &str, from: usize| rep.caller.http.put_blob(sha256, 10, from, b"abc").unwrap();
    assert_eq!([&given_up, &going_on, &new].map(|sha256| put(sha256, 0)), [3, 3, 3]);
    let age = |sha256: &str, days: u8| {
        one(&format!(
            "update blob_part set came_at = now() - interval '{days} days' where sha256 = '{sha256}'"
        ));
    };
    age(&given_up, 8);
    age(&going_on, 8);
    age(&new, 6);
    assert_eq!(put(&going_on, 3), 6);
    // Each hub looks when it starts.
    let _another = ground.headquarters.hub();
    until("what was given up to go", || {
        let sql = format!("select count(*) from blob_part where sha256 = '{given_up}'");
        (one(&sql) == "0").then_some(())
    });
    assert_eq!((put(&going_on, 6), put(&new, 3)), (9, 6));
    assert_eq!((put(&given_up, 3), put(&given_up, 0)), (0, 3));
}
