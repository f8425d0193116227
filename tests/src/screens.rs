//! Every page in both languages and themes, full and narrow, with data and without: each shows
//! what is in the database, and nothing is wrong with any.

use app::App;
use commands::CreateWorkspace;
use domain::Language;
use serde_json::json;

use crate::{
    calendar::{PASSPHRASE, demo, unlock},
    inspect::Inspection,
    known::Known,
    tour::{ARTICLES, CALENDAR, CONTACTS, CUSTOMERS, OPPORTUNITIES, QUOTES, Tour},
    window::Window,
};

/// The window as it begins, and on a small laptop.
const FULL: (u32, u32) = (1440, 900);
const SMALL: (u32, u32) = (1024, 700);

/// Changes language and theme where the user does.
async fn wear(window: &Window, theme: &str, language: Language) {
    window.click("nav hr + button").await;
    window.choose("select[name=theme]", theme).await;
    window.choose("select[name=language]", language.as_str()).await;
    let script = "return [document.documentElement.dataset.theme, document.documentElement.lang]";
    window.answers(script, &json!([theme, language.as_str()])).await;
}

#[tokio::test]
async fn every_page_shows_its_data_in_both_languages_and_themes() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("data");
    demo(&workspace, 60);
    let known = Known::of(&workspace);
    let mut look = Inspection::new();
    let window = Window::open(&workspace).await;
    window.find("#unlock").await;
    look.page(&window, "locked").await;
    unlock(&window).await;
    for (theme, language, size, suffix) in [
        ("dark", Language::En, FULL, "dark-en"),
        ("light", Language::De, FULL, "light-de"),
        ("light", Language::De, SMALL, "small"),
    ] {
        window.size(size).await;
        wear(&window, theme, language).await;
        let mut tour = Tour { window: &window, known: &known, look: &mut look, language, suffix };
        tour.today().await;
        tour.customers().await;
        tour.customer().await;
        tour.contacts().await;
        tour.opportunities().await;
        tour.quotes().await;
        tour.calendar().await;
        tour.articles().await;
        tour.settings().await;
        tour.import(folder.path()).await;
        tour.frame().await;
    }
    window.close().await;
    look.assert();
}

#[tokio::test]
async fn pages_say_what_to_do_first_where_there_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("data");
    let mut look = Inspection::new();
    let window = Window::open(&workspace).await;
    window.find("#begin-empty").await;
    look.page(&window, "welcome").await;
    window.click("#begin-empty").await;
    window.find("input[name=user_name]").await;
    look.page(&window, "welcome-empty").await;
    window.close().await;

    let app = App::new(&workspace);
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: "Kontor Technik".into(),
        passphrase: Some(PASSPHRASE.into()),
        language: Language::De,
    })
    .unwrap();
    app.close();
    let window = Window::open(&workspace).await;
    unlock(&window).await;
    look.page(&window, "empty-today").await;
    for (place, said) in [
        (CUSTOMERS, "Noch keine Kunden"),
        (CONTACTS, "Noch keine Kontakte"),
        (OPPORTUNITIES, "Keine offenen Verkaufschancen"),
        (QUOTES, "Noch keine Angebote"),
        (ARTICLES, "Noch keine Artikel"),
    ] {
        window.click_text("nav button", place.1).await;
        window.with_text(".empty", said).await;
        look.page(&window, &format!("empty-{}", place.0)).await;
    }
    window.click_text("nav button", OPPORTUNITIES.1).await;
    for (view, name, said) in [
        ("Liste", "list", "Noch keine Verkaufschancen"),
        ("Prognose", "forecast", "Keine offenen Verkaufschancen"),
    ] {
        window.click_text(".switch button", view).await;
        window.with_text(".empty", said).await;
        look.page(&window, &format!("empty-{name}")).await;
    }
    window.click_text("nav button", CALENDAR.1).await;
    window.with_text(".visits", "Noch keine Kunden").await;
    look.page(&window, "empty-calendar").await;
    // The first customer, whose page is still empty.
    window.click_text("nav button", CUSTOMERS.1).await;
    window.click_text(".empty button", "Neuer Kunde").await;
    window.find("input[name=name]").await;
    look.page(&window, "empty-customer-form").await;
    window.type_into("input[name=name]", "Erste GmbH").await;
    window.click("#save").await;
    window.says("h1", "Erste GmbH").await;
    window.with_text("main", "Noch kein Eintrag").await;
    look.page(&window, "empty-customer").await;
    for (tab, name, said) in [
        ("Kontakte", "contacts", "Noch keine Kontakte"),
        ("Chancen", "opportunities", "Keine offenen Chancen"),
        ("Angebote", "quotes", "Noch keine Angebote"),
        ("Dokumente", "documents", "Noch keine Dokumente"),
    ] {
        window.click_text(".tabs button", tab).await;
        window.with_text(".narrow-page", said).await;
        look.page(&window, &format!("empty-customer-{name}")).await;
    }
    window.close().await;
    look.assert();
}
