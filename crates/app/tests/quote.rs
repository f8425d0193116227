//! A quote from its draft to what the customer signed, over a real encrypted database.
#![allow(clippy::unwrap_used)]

use app::App;
use base64::{Engine, engine::general_purpose::STANDARD};
use commands::{
    CreateQuote, CreateWorkspace, GetQuote, GetUndo, ListArticles, ListQuotes, MakeQuoteLine,
    RenderQuote, ReviseQuote, SaveCustomer, SaveQuote, Search, SignQuote, Undo,
    view::{ArticleFilter, ArticleSort, Order, QuoteFilter, QuoteSort, SearchKind, Window},
};
use domain::{Address, Customer, Id, Language, Quantity, QuoteStatus};

/// The smallest PNG there is: one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn app() -> (tempfile::TempDir, App) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(folder.path());
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: "Krüger Schweißtechnik GmbH".into(),
        passphrase: Some("correct horse".into()),
        language: Language::De,
    })
    .unwrap();
    app.run_demo(
        app::DemoOrder { customers: 3, seed: 1 },
        &store::Stop::new(false),
        &mut |_, _| {},
    )
    .unwrap();
    (folder, app)
}

fn draft(app: &App) -> Id {
    let customer = Customer { name: "Jäger Anlagenbau GmbH".into(), ..Customer::default() };
    let address = Address { city: "Lübeck".into(), ..Address::default() };
    let customer_id = app.ask(SaveCustomer { customer, addresses: Some(vec![address]) }).unwrap();
    let quote_id = app.ask(CreateQuote { customer_id, opportunity_id: None }).unwrap();
    let window = Window { offset: 0, limit: 3 };
    let (filter, sort) = (ArticleFilter::default(), ArticleSort::Number);
    let articles = app.ask(ListArticles { filter, sort, order: Order::Ascending, window }).unwrap();
    let page = app.ask(GetQuote { id: quote_id }).unwrap();
    let mut lines = Vec::new();
    for article in &articles.rows {
        let quantity = Quantity::whole(2);
        let line = MakeQuoteLine { quote_id, article_id: article.id, quantity };
        lines.push(app.ask(line).unwrap());
    }
    app.ask(SaveQuote { quote: page.quote, lines }).unwrap();
    quote_id
}

fn sign(app: &App, id: Id) {
    let (name, place) = ("Anna Jäger".into(), "Lübeck".into());
    app.ask(SignQuote { id, image: PIXEL.into(), name, place }).unwrap();
}

fn pdf(app: &App, id: Id) -> Vec<u8> {
    STANDARD.decode(app.ask(RenderQuote { id }).unwrap().content).unwrap()
}

#[test]
fn a_signed_quote_is_accepted_frozen_and_found() {
    let (_folder, app) = app();
    let id = draft(&app);
    sign(&app, id);
    let page = app.ask(GetQuote { id }).unwrap();
    assert_eq!(page.quote.status, QuoteStatus::Accepted);
    assert_eq!(page.quote.signed_name, "Anna Jäger");
    let changed = SaveQuote { quote: page.quote.clone(), lines: Vec::new() };
    assert_eq!(app.ask(changed).unwrap_err().code, "refused");
    for text in [page.quote.number.as_str(), "Jäger Anlagenbau"] {
        let (text, kinds) = (text.to_owned(), vec![SearchKind::Quote]);
        let hits = app.ask(Search { text, kinds, limit: 5 }).unwrap();
        assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [id]);
    }
    let filter = QuoteFilter { text: page.quote.number.clone(), ..QuoteFilter::default() };
    let window = Window { offset: 0, limit: 5 };
    let (sort, order) = (QuoteSort::Date, Order::Descending);
    let listed = app.ask(ListQuotes { filter, sort, order, window }).unwrap();
    assert_eq!(listed.total, 1);
}

#[test]
fn a_revision_leaves_the_old_pdf_as_it_was() {
    let (_folder, app) = app();
    let id = draft(&app);
    sign(&app, id);
    let before = pdf(&app, id);
    let next = app.ask(ReviseQuote { id }).unwrap();
    let mut page = app.ask(GetQuote { id: next }).unwrap();
    assert_eq!((page.quote.revision, page.quote.status), (2, QuoteStatus::Draft));
    page.lines.truncate(1);
    app.ask(SaveQuote { quote: page.quote, lines: page.lines }).unwrap();
    assert_eq!(pdf(&app, id), before);
    // Back through the edit and the revision itself; the signature would be next.
    app.ask(Undo {}).unwrap();
    app.ask(Undo {}).unwrap();
    assert_eq!(app.ask(GetUndo {}).unwrap().undo.unwrap().operation, "quote.sign");
    assert_eq!(pdf(&app, id), before);
}
