//! The calendar in the real window: planning by a click, by dragging a customer in; moving and
//! stretching with the mouse; all of it taken back.

use std::{path::Path, sync::atomic::AtomicBool};

use app::{App, DemoOrder};
use commands::CreateWorkspace;
use domain::Language;
use fantoccini::key::Key;
use serde_json::json;

use crate::window::Window;

pub const PASSPHRASE: &str = "geheim-geheim";

/// A workspace with demo data, made without the window.
pub fn demo(folder: &Path, customers: u64) {
    let app = App::new(folder);
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: "Kontor Technik".into(),
        passphrase: Some(PASSPHRASE.into()),
        language: Language::De,
    })
    .unwrap();
    let order = DemoOrder { customers, seed: 1 };
    app.run_demo(order, &AtomicBool::new(false), &mut |_, _| {}).unwrap();
    app.close();
}

pub async fn unlock(window: &Window) {
    window.type_into("input[name=passphrase]", PASSPHRASE).await;
    window.click("#unlock").await;
    window.with_text("h1", "Maren Krüger").await;
}

/// The pixel at a time of a day's column, `across` of its width.
async fn at(window: &Window, column: &str, hour: f64, across: f64) -> (f64, f64) {
    let (left, top, width, _) = window.place(column).await;
    (left + width * across, top + hour * 48.0)
}

/// A file from another calendar.
async fn import(window: &Window, folder: &Path) {
    let path = folder.join("outlook.ics");
    let day = chrono::Local::now().format("%Y%m%d");
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:x1\r\nSUMMARY:Zahnarzt\r\nDTSTART:{day}T180000\r\nDTEND:{day}T200000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x2\r\nSUMMARY:Jour fixe\r\nDTSTART;TZID=Europe/Berlin:{day}T080000\r\nDTEND;TZID=Europe/Berlin:{day}T083000\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x4\r\nSUMMARY:Hausmesse\r\nDTSTART;VALUE=DATE:{day}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x3\r\nSUMMARY:Ohne Zeit\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    std::fs::write(&path, text).unwrap();
    window.chosen_file(&path).await;
    window.click_text(".head button", "Einlesen").await;
    window.with_text(".dialog", "Zahnarzt").await;
    window.picture("calendar-import").await;
    window.click("#import-calendar").await;
    window.with_text(".toast", "outlook.ics").await;
    window.picture("calendar-imported").await;
    window.find(".hours-day.now .block button[title*='18:00–20:00 Zahnarzt']").await;
    // All day long: above the hours.
    window.find(".hours-whole .whole[title='Hausmesse']").await;
}

#[tokio::test]
async fn visits_are_planned_moved_stretched_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("data");
    demo(&workspace, 300);
    let window = Window::open(&workspace).await;
    unlock(&window).await;
    window.click_text("nav button", "Kalender").await;
    window.find(".hours .block").await;
    window.picture("calendar-week").await;

    // A click on a free time.
    let today = ".hours-day.now";
    let script = "document.querySelector('.hours-scroll').scrollTop = 7 * 48 - 12";
    window.script(script, vec![]).await;
    let free = at(&window, today, 17.1, 0.5).await;
    window.drag(free, free).await;
    window.find(".dialog").await;
    window.picture("calendar-form").await;
    let from = "return document.querySelector('input[name=from]').value";
    assert_eq!(window.script(from, vec![]).await, json!("17:00"));
    window.replace("input[name=subject]", "Lager zählen").await;
    window.replace("input[name=day]", "heute").await;
    window.picture("calendar-form").await;
    window.click(".dialog button.primary").await;
    let block = |subject: &str| format!("{today} .block button[title*='{subject}']");
    window.find(&block("17:00–18:00 Lager")).await;

    // Dragged to 15:30, undone; its end dragged to 19:00.
    let (left, top, width, _) = window.place(&block("Lager")).await;
    let begin = (left + width / 2.0, top + 10.0);
    let to = at(&window, today, 15.5, 0.5).await;
    window.drag(begin, (to.0, to.1 + 10.0)).await;
    window.with_text(".toast", "15:30–16:30").await;
    window.find(&block("15:30–16:30 Lager")).await;
    window.picture("calendar-moved").await;
    window.click_text(".toast button", "Rückgängig").await;
    window.find(&block("17:00–18:00 Lager")).await;
    let (left, top, width, height) = window.place(&block("Lager")).await;
    let bottom = (left + width / 2.0, top + height - 3.0);
    window.drag(bottom, at(&window, today, 19.0, 0.5).await).await;
    window.find(&block("17:00–19:00 Lager")).await;

    // By key: a quarter of an hour up.
    window.press(&block("Lager"), &[Key::Alt, Key::Up]).await;
    window.find(&block("16:45–18:45 Lager")).await;

    // A customer from the side to the middle of the day.
    let (left, top, width, height) = window.place(".visits li button").await;
    let name = window.text(".visits li button span").await;
    let noon = at(&window, today, 13.1, 0.4).await;
    let from = (left + width / 3.0, top + height / 2.0);
    window.drag_with_picture(from, noon, "calendar-drag").await;
    window.with_text(".toast", &name).await;
    window.find(&block("13:00–14:00 Besuch bei")).await;
    window.picture("calendar-visit").await;

    // The calendar of the day field, by key: a week on.
    window.click("#plan-visit").await;
    window.press("input[name=day]", &[Key::Down]).await;
    window.find(".days-popup").await;
    window.picture("calendar-days").await;
    window.press(".days-popup [tabindex='0']", &[Key::Down]).await;
    window.press(".days-popup [tabindex='0']", &[Key::Enter]).await;
    let next_week = chrono::Local::now().date_naive() + chrono::Days::new(7);
    let day = "return document.querySelector('input[name=day]').value";
    let wanted = next_week.format("%d.%m.%Y").to_string();
    assert_eq!(window.script(day, vec![]).await, json!(wanted));
    window.press("input[name=day]", &[Key::Escape]).await;
    import(&window, folder.path()).await;

    window.key("d", false).await;
    window.with_text(".route h2", "Tour").await;
    window.with_text(".route li", &name).await;
    window.picture("calendar-day").await;
    window.key("m", false).await;
    window.find(".month .entry").await;
    window.picture("calendar-month").await;
    window.key("ArrowRight", false).await;
    window.with_text("h1", "Dezember 2026").await.text().await.unwrap();
    window.key("t", false).await;
    window.key("w", false).await;
    window.find(".hours .block").await;
    window.click_text("nav button", "Einstellungen").await;
    window.choose("select[name=theme]", "dark").await;
    window.choose("select[name=language]", "en").await;
    window.with_text("h1", "Settings").await;
    window.click_text("nav button", "Calendar").await;
    window.find(".hours .block").await;
    window.picture("calendar-dark-english").await;
    window.close().await;
}
