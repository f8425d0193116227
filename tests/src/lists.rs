//! Lists in the real window: rows are selected and changed together, views saved, columns hidden;
//! the forecast; quote lines that move.

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    calendar::{demo, unlock},
    window::Window,
};

async fn select_and_delete(window: &Window) {
    window.click_text("nav button", "Kunden").await;
    window.find(".row").await;
    let total = window.text(".beside .count").await;
    window.click(".row:nth-child(1) .tick-cell input").await;
    window.with_text(".bulk", "1 ausgewählt").await;
    // With Shift up to the fourth.
    let shift = "arguments[0].dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }))";
    let fourth = serde_json::to_value(window.find(".row:nth-child(4) .tick-cell input").await);
    window.script(shift, vec![fourth.unwrap()]).await;
    window.with_text(".bulk", "4 ausgewählt").await;
    window.picture("customers-selected").await;
    window.click("#bulk-delete").await;
    window.with_text(".toast", "4 Kunden gelöscht").await;
    let less = (total.parse::<u64>().unwrap() - 4).to_string();
    window.with_text(".beside .count", &less).await;
    window.click_text(".toast button", "Rückgängig").await;
    window.with_text(".beside .count", &total).await;
    // Everything that the filter lets through, loaded or not.
    window.replace("input[name=filter]", "stahlbau").await;
    window.script("document.activeElement.blur()", vec![]).await;
    window.all_with_text(".row strong", "Stahlbau").await;
    let control_a = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true, cancelable: true }))";
    window.script(control_a, vec![]).await;
    let count = window.text(".beside .count").await;
    window.with_text(".bulk", &format!("{count} ausgewählt")).await;
    window.type_into("input[name=bulk-tag]", "Messe").await;
    window.press("input[name=bulk-tag]", &[Key::Enter]).await;
    window.with_text(".toast", &format!("Schlagwort an {count} Kunden")).await;
    window.choose("select[name=bulk-status]", "inactive").await;
    window.with_text(".toast", &format!("{count} Kunden geändert")).await;
    window.with_text(".row .chip", "Inaktiv").await;
    window.picture("customers-all-changed").await;
    window.click_text(".bulk button", "Auswahl aufheben").await;
}

async fn view_and_columns(window: &Window) {
    window.click("#views").await;
    window.click("#save-view").await;
    window.type_into("input[name=view-name]", "Stahlbauer").await;
    window.picture("view-name").await;
    window.click(".dialog button.primary").await;
    window.with_text(".list-tools .filter.on", "Stahlbauer").await;
    window.click("#columns").await;
    window.click("input[name=column-category]").await;
    window.picture("columns").await;
    window.click(".popover-back").await;
    let heads =
        "return [...document.querySelectorAll('.table-head .cell')].map(e => e.textContent)";
    let shown = window.script(heads, vec![]).await;
    assert!(!shown.as_array().unwrap().contains(&json!("Kategorie")), "{shown}");
    window.replace("input[name=filter]", "").await;
    // The view brings its filter and columns back.
    window.click_text(".list-tools .filter", "Stahlbauer").await;
    window.with_text(".list-tools .filter.on", "Stahlbauer").await;
    let shown = window.script(heads, vec![]).await;
    assert!(shown.as_array().unwrap().contains(&json!("Kategorie")), "{shown}");
    window.click("#views").await;
    window.picture("views").await;
    window.click(".popover .close:last-child").await;
    window.with_text(".toast", "gelöscht").await;
    window.click_text(".toast button", "Rückgängig").await;
    window.with_text(".popover li", "Stahlbauer").await;
    window.click(".popover-back").await;
}

async fn board_and_forecast(window: &Window) {
    window.click_text("nav button", "Verkaufschancen").await;
    let card = "section[data-stage=first_meeting] article";
    let name = window.text(&format!("{card} strong")).await;
    let (left, top, ..) = window.place(card).await;
    let (to, under, ..) = window.place("section[data-stage=quote]").await;
    let (from, to) = ((left + 40.0, top + 20.0), (to + 60.0, under + 90.0));
    window.drag_with_picture(from, to, "board-drag").await;
    window.with_text(".toast", "Angebot").await;
    window.with_text("section[data-stage=quote] article", &name).await;
    window.click_text(".switch button", "Prognose").await;
    window.find(".chart .weighted").await;
    window.with_text(".forecast tfoot", "Gesamt").await;
    window.picture("forecast").await;
    window.click_text(".switch button", "Liste").await;
    window.find(".row").await;
    window.picture("opportunities-list").await;
    window.click_text(".switch button", "Tafel").await;
}

async fn lines_move(window: &Window) {
    window.click_text("nav button", "Angebote").await;
    window.click_text(".filters button", "Entwurf").await;
    window.with_text(".row .chip", "Entwurf").await;
    window.click(".row strong").await;
    window.find(".line textarea[name=description-2]").await;
    let said = async |index: u32| {
        let script =
            format!("return document.querySelector('textarea[name=description-{index}]').value");
        window.script(&script, vec![]).await
    };
    let before = (said(0).await, said(1).await, said(2).await);
    window.press("textarea[name=description-0]", &[Key::Alt, Key::Down]).await;
    assert_eq!((said(0).await, said(1).await), (before.1.clone(), before.0.clone()));
    let focus = "return document.activeElement.name";
    assert_eq!(window.script(focus, vec![]).await, json!("description-1"), "the focus goes along");
    window.press("textarea[name=description-1]", &[Key::Alt, Key::Up]).await;
    assert_eq!((said(0).await, said(1).await), (before.0.clone(), before.1.clone()));
    let handle = |row: u32| format!(".line:nth-child({}) .handle", row + 2);
    let (left, top, width, height) = window.place(&handle(0)).await;
    let (_, down, _, tall) = window.place(&handle(2)).await;
    let x = left + width / 2.0;
    window.drag((x, top + height / 2.0), (x, down + tall - 4.0)).await;
    assert_eq!((said(0).await, said(1).await, said(2).await), (before.1, before.2, before.0));
    window.picture("quote-line-moved").await;
}

#[tokio::test]
async fn many_rows_at_once_and_things_that_move() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("data");
    demo(&workspace, 300);
    let window = Window::open(&workspace).await;
    unlock(&window).await;
    select_and_delete(&window).await;
    view_and_columns(&window).await;
    board_and_forecast(&window).await;
    lines_move(&window).await;
    // Who starts Kontor again gets this window.
    assert!(window.start_again(&workspace).await.success());
    window.find(".line").await;
    window.close().await;
}
