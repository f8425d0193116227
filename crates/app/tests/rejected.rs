//! What the hub did not take is made once more with other values, whatever kind of record it is.
#![allow(clippy::unwrap_used)]

use app::App;
use commands::{
    CorrectRejection, CreateQuote, CreateWorkspace, GetContact, GetQuote, ListRejections,
    MakeQuoteLine, Redo, SaveContact, SaveCustomer, SaveQuote, SaveQuoteTexts, SendRejection, Undo,
    view::Correction,
};
use domain::{
    Article, Contact, Customer, Id, Instant, Language, Money, Quantity, QuoteTexts, Refusal,
};
use serde_json::{Value, json};
use store::{Store, Workspace};
use tempfile::TempDir;

const PASSPHRASE: &str = "geheim-geheim";

/// An app with a customer, and the store beside it.
fn workspace() -> (TempDir, App, Store, Id) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(folder.path());
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: "Kontor Technik".into(),
        passphrase: Some(PASSPHRASE.into()),
        language: Language::De,
    })
    .unwrap();
    let customer = Customer { name: "Köhler".into(), ..Customer::default() };
    let id = app.ask(SaveCustomer { customer, addresses: None }).unwrap();
    let store = Workspace::new(folder.path()).open(Some(PASSPHRASE)).unwrap();
    (folder, app, store, id)
}

/// The hub does not take the last changeset; what it made goes, as its answer has it go.
fn reject(store: &Store, field: &str, made: &[(&str, Id)]) -> Id {
    let (last, _) = store.waiting(1).unwrap().remove(0);
    let refusal = Refusal::new("record-invalid", "").at(field);
    store
        .transact(|tx| {
            tx.reject(last.id, &refusal, Instant::now())?;
            made.iter().try_for_each(|(entity, id)| tx.leave(entity, *id).map(|_| ()))
        })
        .unwrap();
    last.id
}

fn correction(record_id: Id, field: &str, value: Value) -> Vec<Correction> {
    vec![Correction { record_id, field: field.into(), value }]
}

#[test]
fn a_new_contact_is_put_right_and_comes_back_when_that_is_taken_back() {
    let (_folder, app, store, customer_id) = workspace();
    let contact = Contact { customer_id, last_name: "Ohm".into(), ..Contact::default() };
    let id = app.ask(SaveContact { contact }).unwrap();
    let changeset_id = reject(&store, "email", &[("contact", id)]);
    let listed = || app.ask(ListRejections {}).unwrap();
    assert_eq!((listed().len(), listed()[0].count), (1, 1));
    assert!(app.ask(GetContact { id }).is_err(), "the hub does not have it");

    // What is wrong is told at its field, and nothing is done.
    let corrections = correction(id, "email", json!("keine Adresse"));
    let refused = app.ask(CorrectRejection { changeset_id, corrections }).unwrap_err();
    assert_eq!(refused.refusals[0].field.as_deref(), Some("email"));
    assert_eq!(listed().len(), 1);

    let corrections = correction(id, "email", json!("ohm@koehler.example"));
    assert!(app.ask(CorrectRejection { changeset_id, corrections }).unwrap());
    assert!(listed().is_empty());
    let saved = app.ask(GetContact { id }).unwrap();
    assert_eq!((&*saved.last_name, &*saved.email), ("Ohm", "ohm@koehler.example"));

    app.ask(Undo {}).unwrap();
    let changes = &listed()[0].changes;
    assert_eq!(changes[0].fields["last_name"].to, "Ohm", "it holds all that was typed");
    // Once more: the record is there, deleted.
    assert!(app.ask(SendRejection { changeset_id }).unwrap());
    assert!(listed().is_empty());
    assert_eq!(app.ask(GetContact { id }).unwrap().deleted_at, None);
    app.ask(Undo {}).unwrap();
    assert_eq!(listed().len(), 1);
    app.ask(Redo {}).unwrap();
    assert!(listed().is_empty());
}

#[test]
fn the_sums_of_a_quote_follow_its_corrected_lines() {
    let (_folder, app, store, customer_id) = workspace();
    let taxes: Vec<domain::Tax> = store.all().unwrap();
    let units: Vec<domain::Unit> = store.all().unwrap();
    let article = Article {
        number: "A-1".into(),
        name: "Draht".into(),
        unit_id: units[0].id,
        tax_id: taxes[0].id,
        list_price: domain::UnitPrice::whole(10),
        ..Article::default()
    };
    store.bulk(|loader| loader.insert(&article)).unwrap();
    let article: Article = store.all::<Article>().unwrap().remove(0);
    let id = app.ask(CreateQuote { customer_id, opportunity_id: None }).unwrap();
    let page = app.ask(GetQuote { id }).unwrap();
    let line = app
        .ask(MakeQuoteLine { quote_id: id, article_id: article.id, quantity: Quantity::whole(2) })
        .unwrap();
    app.ask(SaveQuote { quote: page.quote, lines: vec![line] }).unwrap();
    let line = app.ask(GetQuote { id }).unwrap().lines.remove(0);
    let changeset_id = reject(&store, "quantity", &[("quote_line", line.id)]);

    let corrections = correction(line.id, "quantity", json!(Quantity::whole(3).0));
    assert!(app.ask(CorrectRejection { changeset_id, corrections }).unwrap());
    let page = app.ask(GetQuote { id }).unwrap();
    assert_eq!(page.lines[0].net_total, Money::whole(30));
    assert_eq!(page.quote.net_total, Money::whole(30));
}

#[test]
fn what_a_role_does_not_allow_is_refused_before_it_is_kept() {
    let (_folder, app, store, customer_id) = workspace();
    // Without a hub all is the user's.
    app.ask(SaveQuoteTexts { texts: QuoteTexts::default() }).unwrap();
    let role = |role: &str| {
        let device = sync::Device::default();
        let mut device = serde_json::to_value(&device).unwrap();
        device["role"] = role.into();
        store.set_local("sync.device", &device.to_string()).unwrap();
    };
    let waits = || store.waiting(100).unwrap().len();
    let save = |name: &str| {
        let contact = Contact { customer_id, last_name: name.into(), ..Contact::default() };
        app.ask(SaveContact { contact })
    };
    role("sales_rep");
    let before = waits();
    let texts = QuoteTexts { validity_days: 7, ..QuoteTexts::default() };
    let refused = app.ask(SaveQuoteTexts { texts: texts.clone() }).unwrap_err();
    assert_eq!((&*refused.code, &*refused.refusals[0].code), ("refused", "forbidden"));
    assert_eq!(waits(), before, "nothing is collected that never goes");
    save("Ohm").unwrap();
    role("read_only");
    assert_eq!(save("Volt").unwrap_err().refusals[0].code, "forbidden");
    assert_eq!(app.ask(Undo {}).unwrap_err().refusals[0].code, "forbidden");
    role("administrator");
    app.ask(SaveQuoteTexts { texts }).unwrap();
    save("Volt").unwrap();
}
