//! The main job, in the real window and without a network: from a customer to a signed quote.

use std::{path::Path, process::Command};

use fantoccini::key::Key;
use serde_json::json;

use crate::window::Window;

const PASSPHRASE: &str = "geheim-geheim";
const CUSTOMER: &str = "Müller Automotive";

/// A line of the quote: article, quantity, price in cents, discount in percent, whether it counts.
const LINES: [(&str, i64, i64, i64, bool); 9] = [
    ("WIG-200-P", 2, 248_900, 5, true),
    ("BR-26-8", 2, 31_800, 0, true),
    ("DR-12-15", 12, 7_490, 8, true),
    ("KA-5", 1, 68_900, 0, false),
    ("SH-AUTO", 3, 12_955, 0, true),
    ("AR-46-20", 7, 5_650, 0, true),
    ("MK-50-4", 2, 6_400, 0, true),
    ("WE-24", 5, 3_290, 3, true),
    ("DL-EIN", 1, 42_000, 0, true),
];

/// What the quote comes to, by its own arithmetic: net, tax of 19 %, gross, in cents.
fn amounts() -> (i64, i64, i64) {
    let round = |dividend: i64, divisor: i64| (dividend + divisor / 2) / divisor;
    let lines = LINES.iter().filter(|line| line.4);
    let net: i64 = lines.map(|line| round(line.1 * line.2 * (100 - line.3), 100)).sum();
    let tax = round(net * 19, 100);
    (net, tax, net + tax)
}

/// 459999 as `4.599,99`.
fn written(cents: i64) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:02}", cents % 100)
}

async fn open_customer(window: &Window) {
    window.click("button.search").await;
    window.type_into("input[name=palette]", "Mülle Auto").await;
    window.click_text(".palette li", CUSTOMER).await;
    window.with_text("h1", CUSTOMER).await;
}

async fn first_start(window: &Window) {
    window.click("#begin-demo").await;
    // With a keyring the passphrase is a choice; then it is chosen.
    let boxes = "return document.querySelectorAll('.start input[type=checkbox]').length";
    if window.script(boxes, vec![]).await == json!(1) {
        window.click(".start input[type=checkbox]").await;
    }
    window.type_into("input[name=passphrase]", PASSPHRASE).await;
    window.picture("first-start").await;
    window.click("#start").await;
    window.with_text("h1", "Maren Krüger").await;
    window.with_text(".toast", "fertig").await;
    window.with_text(".agenda", "Besuch:").await;
    window.picture("today").await;
}

async fn log_visit(window: &Window) {
    open_customer(window).await;
    window.type_into("input[name=quick]", "Linie 4 besichtigt. Wiedervorlage Freitag 10 Uhr").await;
    window.click("#log").await;
    window.with_text(".timeline li", "Linie 4 besichtigt").await;
    window.with_text(".timeline li .chip", "Wiedervorlage").await;
    window.picture("customer").await;
}

async fn move_opportunity(window: &Window) -> String {
    window.click_text("nav button", "Verkaufschancen").await;
    let card = "section[data-stage=first_meeting] article";
    let name = window.text(&format!("{card} .quiet")).await;
    window.press(card, &[Key::Alt, Key::Right]).await;
    window.with_text(".toast", "Bedarfsanalyse").await;
    window.with_text("section[data-stage=needs_analysis] article", &name).await;
    window.picture("board").await;
    name
}

async fn write_quote(window: &Window) -> String {
    open_customer(window).await;
    window.click("#new-quote").await;
    window.picture("quote-begun").await;
    window.find("input[name=add-line]").await;
    let number = window.text("h1").await;
    let number = number.split_whitespace().next().unwrap().to_owned();
    for (index, (article, quantity, price, discount, counts)) in LINES.into_iter().enumerate() {
        window.type_into("input[name=add-line]", article).await;
        window.with_text(".add-line .suggestions li", article).await;
        window.press("input[name=add-line]", &[Key::Enter]).await;
        window.find(&format!("input[name=quantity-{index}]")).await;
        window.replace(&format!("input[name=quantity-{index}]"), &quantity.to_string()).await;
        window.replace(&format!("input[name=unit_price-{index}]"), &written(price)).await;
        window.replace(&format!("input[name=discount-{index}]"), &discount.to_string()).await;
        if !counts {
            window
                .choose(&format!(".line:nth-child({}) .line-tools select", index + 2), "optional")
                .await;
        }
    }
    window.type_into("input[name=add-line]", "Alle Geräte werden eingestellt geliefert.").await;
    window.click_text(".add-line > button", "Text").await;
    window.find("textarea[name=description-9]").await;
    let (net, _, gross) = amounts();
    window.says("#net", &format!("{} €", written(net))).await;
    window.says("#gross", &format!("{} €", written(gross))).await;
    window.with_text(".preview", "Gesamtbetrag").await;
    window.picture("quote").await;
    number
}

async fn sign(window: &Window) {
    window.click("#sign").await;
    window.find("#signature").await;
    let draw = "const canvas = document.getElementById('signature'); \
                const box = canvas.getBoundingClientRect(); \
                const at = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, \
                { bubbles: true, clientX: box.left + x, clientY: box.top + y })); \
                at('pointerdown', 60, 120); \
                for (let i = 0; i < 60; i++) at('pointermove', 60 + i * 6, 120 + 50 * Math.sin(i / 4)); \
                at('pointerup', 420, 120);";
    window.script(draw, vec![]).await;
    window.type_into("input[name=signed_name]", "Anna Jäger").await;
    window.type_into("input[name=signed_place]", "Stuttgart").await;
    window.picture("signature").await;
    window.click("#signed").await;
    window.with_text(".beside .chip", "Akzeptiert").await;
    window.with_text(".preview", "Anna Jäger").await;
    window.picture("quote-signed").await;
}

/// Through the window's own door: the dialog that asks for a file is the system's.
async fn pdf(window: &Window, number: &str, path: &Path) -> String {
    let call = "return (async () => { const invoke = window.__TAURI__.core.invoke; \
                const found = await invoke('call', { name: 'Search', body: { text: arguments[0], kinds: ['quote'], limit: 5 } }); \
                await invoke('call', { name: 'SaveQuotePdf', body: { id: found[0].id, path: arguments[1] } }); return found[0].id; })()";
    let call = call.replace("arguments[0]", &json!(number).to_string());
    let call = call.replace("arguments[1]", &json!(path.display().to_string()).to_string());
    window.script(&call, vec![]).await;
    let text = Command::new("pdftotext").arg("-layout").arg(path).arg("-").output().unwrap();
    String::from_utf8(text.stdout).unwrap()
}

fn check_pdf(text: &str, number: &str, path: &Path) {
    let (net, tax, gross) = amounts();
    for wanted in [
        format!("Angebot {number}"),
        CUSTOMER.into(),
        "Alle Geräte werden eingestellt geliefert.".into(),
        "(689,00)".into(),
        "Anna Jäger".into(),
        "Stuttgart".into(),
        "Auftrag erteilt".into(),
        written(net),
        written(tax),
        written(gross),
    ] {
        assert!(text.contains(&wanted), "{wanted} is not in the PDF:\n{text}");
    }
    assert!(!text.contains("Entwurf"));
    let checked = Command::new("qpdf").arg("--check").arg(path).output().unwrap();
    assert!(checked.status.success());
    let pictures = crate::window::root().join("target/pictures/quote-pdf");
    let drawn =
        Command::new("pdftoppm").args(["-r", "80", "-png"]).arg(path).arg(pictures).status();
    assert!(drawn.unwrap().success());
}

#[tokio::test]
async fn a_visit_from_the_customer_to_the_signed_quote() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("data");
    let window = Window::open(&workspace).await;
    first_start(&window).await;
    log_visit(&window).await;
    let moved = move_opportunity(&window).await;
    let number = write_quote(&window).await;
    sign(&window).await;
    let path = folder.path().join("quote.pdf");
    let text = pdf(&window, &number, &path).await;
    check_pdf(&text, &number, &path);
    window.close().await;

    let window = Window::open(&workspace).await;
    window.type_into("input[name=passphrase]", PASSPHRASE).await;
    window.click("#unlock").await;
    window.with_text("h1", "Maren Krüger").await;
    open_customer(&window).await;
    window.with_text(".timeline li", "Linie 4 besichtigt").await;
    window.with_text(".timeline li", &number).await;
    window.click_text("nav button", "Angebote").await;
    window.with_text(".row", &number).await;
    window.picture("quotes").await;
    window.click_text("nav button", "Verkaufschancen").await;
    window.with_text("section[data-stage=needs_analysis] article", &moved).await;
    for (page, name) in [
        ("Kunden", "customers"),
        ("Kontakte", "contacts"),
        ("Kalender", "calendar"),
        ("Artikel", "articles"),
        ("Einstellungen", "settings"),
    ] {
        window.click_text("nav button", page).await;
        window.with_text("nav button.current", page).await;
        window.find("h1").await;
        window.picture(name).await;
    }
    // The same again in English and dark.
    window.choose("select[name=theme]", "dark").await;
    window.choose("select[name=language]", "en").await;
    window.with_text("h1", "Settings").await;
    window.click_text("nav button", "Today").await;
    window.with_text("h1", "Good").await;
    window.picture("today-dark-english").await;
    let again = folder.path().join("again.pdf");
    pdf(&window, &number, &again).await;
    assert_eq!(
        std::fs::read(&path).unwrap(),
        std::fs::read(&again).unwrap(),
        "a PDF stays byte for byte"
    );
    window.close().await;
}
