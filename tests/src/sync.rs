//! Two laptops and a hub, in real windows: one goes up, one comes down; both work on without the
//! hub; what both changed is shown and settled with one click.

use commands::{
    GetCustomer, ListConflicts, ListCustomers, RunSync, SaveCustomer,
    view::{CustomerFilter, CustomerSort, Order, Window as Part},
};
use domain::{Customer, Id};
use serde_json::json;

use crate::{
    calendar::{demo, unlock},
    hub::{Hub, PASSWORD},
    rejected,
    window::{Window, until},
};

const MAREN: &str = "maren@kontor.example";
pub const PETRA: &str = "petra@kontor.example";
const CUSTOMER: &str = "Aal Probebau";

async fn sign_in(window: &Window, address: &str, email: &str, password: &str) {
    window.replace("input[name=address]", address).await;
    window.replace(".hub-form input[name=email]", email).await;
    window.replace("input[name=password]", password).await;
    window.click("#connect").await;
}

/// The chip in the masthead says this.
pub async fn stands(window: &Window, text: &str) {
    window.with_text("#sync", text).await;
}

async fn go_up(window: &Window, hub: &Hub) {
    stands(window, "Nur auf diesem Gerät").await;
    window.click("#sync").await;
    window.with_text("h1", "Abgleich").await;
    window.picture("sync-local").await;
    window.click_text(".empty button", "Mit der Zentrale verbinden").await;
    let show = "document.getElementById('hub').scrollIntoView()";
    window.find("#hub").await;
    window.script(show, vec![]).await;
    sign_in(window, "http://hub.example.de", MAREN, PASSWORD).await;
    window.with_text(".hub-form em", "https").await;
    sign_in(window, &hub.address(), MAREN, "falsch").await;
    window.with_text(".hub-form em", "Passwort stimmt nicht").await;
    window.picture("sync-connect-wrong").await;
    sign_in(window, &hub.address(), MAREN, PASSWORD).await;
    stands(window, "Wartet auf Freigabe").await;
    window.with_text("#hub .hint", "Arbeiten Sie einfach weiter").await;
    window.picture("sync-approval").await;
    hub.device("approve", MAREN);
    sync(window).await;
    stands(window, "Aktuell um").await;
    window.with_text("#hub", MAREN).await;
    window.picture("sync-connected").await;
}

async fn come_down(window: &Window, hub: &Hub) {
    window.find("#begin-hub").await;
    window.picture("first-start-choices").await;
    window.click("#begin-hub").await;
    window.find("input[name=address]").await;
    // With a keyring the passphrase is a choice; then it is chosen.
    let boxes = "return document.querySelectorAll('.start input[type=checkbox]').length";
    if window.script(boxes, vec![]).await == json!(1) {
        window.click(".start input[type=checkbox]").await;
    }
    window.type_into("input[name=passphrase]", "geheim-geheim").await;
    window.picture("first-start-hub").await;
    sign_in(window, &hub.address(), PETRA, PASSWORD).await;
    window.with_text("h1", "Petra Brandt").await;
    window.with_text(".first-sync", "Danach kommen Ihre Daten von selbst").await;
    window.picture("first-approval").await;
    hub.device("approve", PETRA);
    stands(window, "Aktuell um").await;
    window.picture("today-of-the-hub").await;
}

async fn customer(window: &Window, id: Id) -> Customer {
    until("the customer", || async { window.ask(GetCustomer { id }).await.ok() }).await.customer
}

async fn change(window: &Window, id: Id, edit: impl FnOnce(&mut Customer)) {
    let mut customer = customer(window, id).await;
    edit(&mut customer);
    window.ask(SaveCustomer { customer, addresses: None }).await.unwrap();
}

async fn sync(window: &Window) {
    until("a sync", || async {
        window.ask(RunSync { may_remove_much: false, check: false }).await.ok()
    })
    .await;
}

/// Every customer as this laptop has it, with addresses and contacts.
async fn held(window: &Window) -> serde_json::Value {
    let part = Part { offset: 0, limit: 200 };
    let (sort, order) = (CustomerSort::Name, Order::Ascending);
    let filter = CustomerFilter::default();
    let list = ListCustomers { filter, sort, order, window: part };
    let read = "const ask = (name, body) => window.__TAURI__.core.invoke('call', { name, body }); \
                return ask('ListCustomers', arguments[0]) \
                .then((list) => Promise.all(list.rows.map((row) => ask('GetCustomer', { id: row.id })))) \
                .then((pages) => pages.map((page) => [page.customer, page.addresses, page.contacts]));";
    window.script(read, vec![serde_json::to_value(list).unwrap()]).await
}

/// Both hold the same.
async fn agree([one, other]: [&Window; 2]) {
    until("that both agree", || async {
        let (here, there) = (held(one).await, held(other).await);
        (here.as_array().is_some_and(|all| all.len() > 40) && here == there).then_some(())
    })
    .await;
}

async fn work_together(maren: &Window, petra: &Window) -> Id {
    let new = Customer { name: CUSTOMER.into(), phone: "0711 100".into(), ..Customer::default() };
    let id = maren.ask(SaveCustomer { customer: new, addresses: None }).await.unwrap();
    petra.click_text("nav button", "Kunden").await;
    petra.click_text(".row strong", CUSTOMER).await;
    petra.with_text("h1", CUSTOMER).await;
    petra.click("#edit-customer").await;
    petra.replace("input[name=name]", "Aal Probebau KG").await;
    petra.click("#save").await;
    petra.with_text("h1", "Aal Probebau KG").await;
    maren.click_text("nav button", "Kunden").await;
    maren.with_text(".row strong", "Aal Probebau KG").await;
    id
}

/// Without the hub both work on, at different fields and at the same one.
async fn work_apart(maren: &Window, petra: &Window, id: Id) {
    change(maren, id, |customer| customer.website = "https://probebau.example".into()).await;
    change(maren, id, |customer| customer.phone = "0711 4711-1".into()).await;
    change(petra, id, |customer| {
        customer.notes = "Petra war da.\nWill einen Rahmenvertrag.".into()
    })
    .await;
    change(petra, id, |customer| customer.phone = "0711 4711-2".into()).await;
    stands(maren, "2 Änderungen warten").await;
    stands(maren, "Offline seit").await;
    stands(petra, "2 Änderungen warten").await;
    maren.click("#sync").await;
    maren.click(".waiting li:first-child summary").await;
    maren.with_text(".edits", "0711 4711-1").await;
    maren.picture("sync-offline").await;
}

async fn in_english_and_dark(window: &Window, picture: &str) {
    window.click_text("nav button", "Einstellungen").await;
    window.choose("select[name=theme]", "dark").await;
    window.choose("select[name=language]", "en").await;
    window.with_text("h1", "Settings").await;
    window.click("#sync").await;
    window.with_text("h1", "Sync").await;
    window.picture(picture).await;
    window.click_text("nav button", "Settings").await;
    window.choose("select[name=theme]", "light").await;
    window.choose("select[name=language]", "de").await;
    window.with_text("h1", "Einstellungen").await;
    window.click("#sync").await;
}

/// What both changed is shown; one click settles it, and can be taken back.
async fn settle(maren: &Window, petra: &Window, id: Id) {
    stands(maren, "1 zu klären").await;
    stands(petra, "1 zu klären").await;
    maren.with_text(".conflict", "0711 100").await;
    maren.picture("sync-conflict").await;
    in_english_and_dark(maren, "sync-conflict-dark-english").await;
    let conflicts = maren.ask(ListConflicts {}).await.unwrap();
    let [stood, apart] = [&conflicts[0].theirs, &conflicts[0].ours];
    assert_eq!(json!(customer(petra, id).await.phone), *stood);
    maren.click(".conflict .ours").await;
    maren.with_text(".toast", "Geklärt").await;
    maren.gone(".conflict").await;
    maren.picture("sync-settled").await;
    let has = async |phone: &serde_json::Value| {
        until("the settled phone", || async {
            let [here, there] = [customer(maren, id).await, customer(petra, id).await];
            (json!(here.phone) == *phone && json!(there.phone) == *phone).then_some(())
        })
        .await;
    };
    has(apart).await;
    stands(petra, "Aktuell um").await;
    maren.click_text(".toast button", "Rückgängig").await;
    maren.find(".conflict").await;
    has(stood).await;
    maren.click(".conflict .theirs").await;
    maren.gone(".conflict").await;
    has(stood).await;
    stands(petra, "Aktuell um").await;
    let both = [customer(maren, id).await, customer(petra, id).await];
    for one in both {
        assert_eq!(one.website, "https://probebau.example");
        assert!(one.notes.starts_with("Petra war da."));
    }
}

async fn sign_out_and_in(petra: &Window, hub: &Hub, id: Id) {
    petra.click_text("nav button", "Einstellungen").await;
    petra.click("#sign-out").await;
    stands(petra, "Abgemeldet").await;
    change(petra, id, |customer| customer.industry = "Anlagenbau".into()).await;
    petra.click("#sync").await;
    petra.with_text(".hint", "abgemeldet").await;
    petra.picture("sync-signed-out").await;
    sign_in(petra, &hub.address(), PETRA, PASSWORD).await;
    stands(petra, "Aktuell um").await;
}

#[tokio::test]
async fn two_laptops_and_a_hub() {
    let folder = tempfile::tempdir().unwrap();
    let people = [(MAREN, "Maren Krüger", "administrator"), (PETRA, "Petra Brandt", "marketing")];
    let mut hub = Hub::new(&folder.path().join("hub"), &people);
    hub.start().await;
    let first = folder.path().join("maren");
    demo(&first, 40);
    let maren = Window::open(&first).await;
    unlock(&maren).await;
    go_up(&maren, &hub).await;
    let petra = Window::open(&folder.path().join("petra")).await;
    come_down(&petra, &hub).await;
    let id = work_together(&maren, &petra).await;
    agree([&maren, &petra]).await;

    hub.stop();
    work_apart(&maren, &petra, id).await;
    hub.start().await;
    sync(&maren).await;
    sync(&petra).await;
    sync(&maren).await;
    settle(&maren, &petra, id).await;
    agree([&maren, &petra]).await;

    rejected::put_right(&hub, [&maren, &petra], id).await;
    rejected::roles(&petra, id).await;
    sign_out_and_in(&petra, &hub, id).await;
    agree([&maren, &petra]).await;
    hub.device("revoke", PETRA);
    change(&petra, id, |customer| customer.email = "info@probebau.example".into()).await;
    petra.with_text("#emptied", "1 Änderung, die noch nicht gesendet war").await;
    petra.picture("first-start-emptied").await;
    petra.click_text("button.link", "English").await;
    petra.with_text("#emptied", "1 change that had not been sent").await;
    petra.close().await;
    maren.close().await;
}
