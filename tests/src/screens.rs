//! Every page in both languages and both themes.

use std::process::Command;

use crate::window::{Window, kontor};

const PASSPHRASE: &str = "geheim-geheim";

/// The navigation's pages: German and English name.
const PAGES: [(&str, &str, &str); 8] = [
    ("today", "Heute", "Today"),
    ("customers", "Kunden", "Customers"),
    ("contacts", "Kontakte", "Contacts"),
    ("opportunities", "Verkaufschancen", "Opportunities"),
    ("quotes", "Angebote", "Quotes"),
    ("calendar", "Kalender", "Calendar"),
    ("articles", "Artikel", "Articles"),
    ("settings", "Einstellungen", "Settings"),
];

#[tokio::test]
async fn pages_in_both_languages_and_themes() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("data");
    let made = Command::new(kontor())
        .args(["demo", "--customers", "40", "--workspace"])
        .arg(&workspace)
        .env("KONTOR_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let window = Window::open(&workspace).await;
    window.type_into("input[name=passphrase]", PASSPHRASE).await;
    window.click("#unlock").await;
    window.with_text("h1", "Maren Krüger").await;
    window.click_text("nav button", "Einstellungen").await;
    for (theme, language) in [("dark", "en"), ("light", "de")] {
        window.choose("select[name=theme]", theme).await;
        window.choose("select[name=language]", language).await;
        for (name, german, english) in PAGES {
            let title = if language == "de" { german } else { english };
            window.click_text("nav button", title).await;
            window.with_text("nav button.current", title).await;
            window.find("h1").await;
            window.picture(&format!("{name}-{theme}-{language}")).await;
            if name == "opportunities" {
                let forecast = if language == "de" { "Prognose" } else { "Forecast" };
                window.click_text("button", forecast).await;
                window.find("svg").await;
                window.picture(&format!("forecast-{theme}-{language}")).await;
            }
        }
    }
    window.close().await;
}
