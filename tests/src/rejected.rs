//! What the hub does not take: it is listed with its field, put right where it is listed, comes back
//! when that is taken back, and is given up. And what a role does not allow is not even begun.

use commands::{ConnectHub, DisconnectHub, GetCustomer, GetSync, SaveCustomer, SaveOpportunity};
use domain::{Address, Country, Id, Opportunity};

use crate::{
    hub::{Hub, PASSWORD},
    sync::{PETRA, stands},
    window::{Window, until},
};

/// The customer's address as this laptop has it.
async fn address(window: &Window, id: Id) -> Address {
    until("the address", || async {
        let page = window.ask(GetCustomer { id }).await.ok()?;
        page.addresses.into_iter().next()
    })
    .await
}

async fn save(window: &Window, id: Id, address: Address) {
    let customer = window.ask(GetCustomer { id }).await.unwrap().customer;
    window.ask(SaveCustomer { customer, addresses: Some(vec![address]) }).await.unwrap();
}

async fn has_code(window: &Window, id: Id, code: &str) {
    until("the postal code", || async {
        (address(window, id).await.postal_code == code).then_some(())
    })
    .await;
}

/// Each of both edits is right by itself; together they are not, and only the hub can see that.
/// Petra is signed out meanwhile: sync goes by itself, and hers must be the second one.
async fn disagree(hub: &Hub, [maren, petra]: [&Window; 2], id: Id) {
    let new = Address { country: Country("AT".into()), city: "Wien".into(), ..Address::default() };
    save(maren, id, new).await;
    let code = Address { postal_code: "1010".into(), ..address(petra, id).await };
    petra.ask(DisconnectHub {}).await.unwrap();
    let german = Address { country: Country("DE".into()), ..address(maren, id).await };
    save(maren, id, german).await;
    until("the hub has Maren's", || async {
        maren.ask(GetSync {}).await.ok().filter(|stands| stands.waiting == 0)
    })
    .await;
    save(petra, id, code).await;
    let [address, email, password] = [&hub.address(), PETRA, PASSWORD].map(String::from);
    petra.ask(ConnectHub { address, email, password }).await.unwrap();
}

/// What the hub does not take is taken back, kept with its reason, put right, and given up.
pub async fn put_right(hub: &Hub, [maren, petra]: [&Window; 2], id: Id) {
    disagree(hub, [maren, petra], id).await;
    stands(petra, "1 zu klären").await;
    petra.click("#sync").await;
    petra.with_text(".waiting .why", "PLZ: Eine deutsche Postleitzahl").await;
    petra.picture("sync-rejected").await;
    petra.click(".correct").await;
    petra.holds("input[name=postal_code]", "1010").await;
    petra.picture("sync-correct").await;
    petra.replace("input[name=postal_code]", "123").await;
    petra.click(".send-corrected").await;
    petra.with_text(".correct-form em", "fünf Ziffern").await;
    petra.replace("input[name=postal_code]", "10115").await;
    petra.click(".send-corrected").await;
    petra.with_text(".toast", "Berichtigt").await;
    petra.gone(".correct-form").await;
    has_code(maren, id, "10115").await;
    stands(petra, "Aktuell um").await;
    petra.click_text(".toast button", "Rückgängig").await;
    petra.with_text(".waiting .why", "PLZ").await;
    has_code(maren, id, "").await;
    petra.click(".give-up").await;
    petra.find("#given-up").await;
    petra.picture("sync-give-up").await;
    petra.click("#given-up").await;
    petra.with_text("h2", "Alles ist abgeglichen").await;
    petra.with_text(".rounds", "1 nicht angenommen").await;
    petra.picture("sync-calm").await;
}

/// Marketing looks at opportunities and settings; nothing of theirs is collected that never goes.
pub async fn roles(petra: &Window, id: Id) {
    let opportunity =
        Opportunity { customer_id: id, name: "Nicht ihre Sache".into(), ..Opportunity::default() };
    let refused = petra.ask(SaveOpportunity { opportunity }).await.unwrap_err();
    assert!(refused.contains("forbidden"), "{refused}");
    petra.click_text("nav button", "Verkaufschancen").await;
    petra.with_text("h1", "Verkaufschancen").await;
    petra.gone(".head button.primary").await;
    petra.picture("role-opportunities").await;
    petra.click_text("nav button", "Einstellungen").await;
    petra.find("fieldset.allowed:disabled #save-letterhead").await;
    petra.script("document.querySelector('.hint.role').scrollIntoView()", vec![]).await;
    petra.picture("role-settings").await;
    petra.click_text("nav button", "Kunden").await;
    petra.find("#new-customer").await;
}
