//! A grant ends, or a customer changes hands, while a laptop is away: what its user did before it
//! could know is taken. What comes later is refused, and kept for an administrator to look at.

use std::collections::BTreeSet;

use commands::{GetQuote, ListConflicts, LogQuick, RenderQuote, SaveContact, SaveQuote};
use domain::{CommunicationKind, Contact, Id, Language, QuoteStatus, merge::State};
use serde_json::json;
use store::Workspace;
use sync::{Entry, Transport};

use crate::{
    forged::{Forger, Ground, REP, edit, made},
    headquarters::ADMIN,
    laptop::{Laptop, PASSPHRASE},
    papers::{draft, sign},
};

/// What a rep does at a customer's without a network.
struct Visit {
    contact: Id,
    talk: Id,
    signed: Id,
    draft: Id,
}

fn visit(rep: &Laptop, customer_id: Id) -> Visit {
    rep.change(customer_id, |customer| {
        customer.industry = "Werkzeugbau".into();
        customer.phone = "+49 711 4711".into();
    });
    let contact = Contact { customer_id, last_name: "Jäger".into(), ..Contact::default() };
    let contact = rep.app.ask(SaveContact { contact }).unwrap();
    let text = "Linie 3 besichtigt".to_owned();
    let (kind, language) = (CommunicationKind::Visit, Language::De);
    let talk = rep.app.ask(LogQuick { customer_id, kind, text, language }).unwrap();
    let signed = draft(rep, customer_id);
    sign(rep, signed);
    Visit { contact, talk: talk.communication_id, signed, draft: draft(rep, customer_id) }
}

/// Every record of a laptop that is the customer, or says that it is theirs.
fn held_of(laptop: &Laptop, customer_id: Id) -> Vec<(String, Id)> {
    let is_its = |(key, state): &(&(String, Id), &State)| {
        key.1 == customer_id
            || state.values().any(|value| value.as_str() == Some(&*customer_id.to_string()))
    };
    let records = laptop.records();
    records.iter().filter(is_its).map(|(key, _)| key.clone()).collect()
}

/// Content of documents that a laptop holds, by hash.
fn contents(laptop: &Laptop, of: &BTreeSet<String>) -> usize {
    let store = Workspace::new(&laptop.folder).open(Some(PASSPHRASE)).unwrap();
    of.iter().filter(|sha256| store.blob(sha256).is_ok()).count()
}

#[test]
fn what_was_done_before_a_customer_changed_hands_is_taken() {
    let ground = Ground::open();
    let (admin, own) = (&ground.admin, ground.own);
    let folder = tempfile::tempdir().unwrap();
    let rep = Laptop::from_hub(folder.path(), &ground.hub.address(), REP);
    rep.sync();
    let done = visit(&rep, own);
    let pdf = rep.app.ask(RenderQuote { id: done.signed }).unwrap().content;
    // Meanwhile it goes to others, who change the same field.
    admin.change(own, |customer| {
        customer.territory_id = None;
        customer.phone = "+49 711 1".into();
    });
    admin.sync();
    let report = rep.sync();
    assert_eq!((report.rejected, report.conflicts), (0, 0), "{report:?}");
    assert_eq!(held_of(&rep, own), []);
    let hashes: BTreeSet<String> = ground
        .headquarters
        .sql(&format!("select sha256 from document where quote_id = '{}'", done.signed))
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!((hashes.len(), contents(&rep, &hashes)), (2, 0));
    assert_eq!(rep.sync().sent, 0);

    admin.sync();
    let customer = admin.customer(own);
    assert_eq!((&*customer.industry, &*customer.phone), ("Werkzeugbau", "+49 711 1"));
    let there: BTreeSet<Id> = admin.records().into_keys().map(|(_, id)| id).collect();
    for id in [done.contact, done.talk, done.signed, done.draft] {
        assert!(there.contains(&id));
    }
    let signed = admin.app.ask(GetQuote { id: done.signed }).unwrap();
    assert_eq!(signed.quote.status, QuoteStatus::Accepted);
    assert_eq!(admin.app.ask(RenderQuote { id: done.signed }).unwrap().content, pdf);
    // Both phone numbers are listed for those whose customer it is now, and for nobody else.
    let conflicts = admin.app.ask(ListConflicts {}).unwrap();
    let phones: Vec<_> = conflicts.iter().map(|one| (&*one.field, one.ours.clone())).collect();
    assert_eq!(phones, [("phone", json!("+49 711 4711"))]);
    assert_eq!(rep.app.ask(ListConflicts {}).unwrap().len(), 0);
}

#[test]
fn what_was_done_before_a_territory_was_taken_away_is_taken() {
    let ground = Ground::open();
    let (admin, own) = (&ground.admin, ground.own);
    let folder = tempfile::tempdir().unwrap();
    let rep = Laptop::from_hub(folder.path(), &ground.hub.address(), REP);
    let quote_id = draft(admin, own);
    admin.sync();
    rep.sync();
    // Two who change a quote apart get two revisions, whoever's it is by then.
    for (laptop, text) in [(&rep, "Vom Vertreter"), (admin, "Aus der Zentrale")] {
        let page = laptop.app.ask(GetQuote { id: quote_id }).unwrap();
        let mut quote = page.quote;
        quote.intro_text = text.into();
        laptop.app.ask(SaveQuote { quote, lines: page.lines }).unwrap();
    }
    let done = visit(&rep, own);
    admin.sync();
    ground.headquarters.sql(
        "delete from account_territory
         where account_id = (select id from account where email = 'jonas@kontor.example')",
    );
    let report = rep.sync();
    assert_eq!(report.rejected, 0, "{report:?}");
    assert_eq!(held_of(&rep, own), []);
    admin.sync();
    let count = |sql: &str| ground.headquarters.sql(sql);
    assert_eq!(count(&format!("select count(*) from contact where id = '{}'", done.contact)), "1");
    let intros = count(&format!(
        "select intro_text from quote where id = '{quote_id}' or revises_id = '{quote_id}'
         order by revision"
    ));
    assert_eq!(intros, "Aus der Zentrale\nVom Vertreter");
    assert_eq!(count("select count(*) from kept_changeset"), "0");
}

#[test]
fn what_comes_after_a_laptop_was_told_is_kept_apart() {
    let ground = Ground::open();
    let (admin, own) = (&ground.admin, ground.own);
    let quote_id = draft(admin, own);
    admin.sync();
    let mut rep = Forger::sign_in(&ground.hub, REP);
    let before = rep.caller.everything().1.pop();
    let foreign = Forger::sign_in(&ground.hub, ADMIN).caller.everything().1.pop();
    admin.change(own, |customer| customer.territory_id = None);
    sign(admin, quote_id);
    admin.sync();
    let was = json!(admin.customer(own).website);
    let website = |to: &str| edit("customer", own, &[("website", was.clone(), json!(to))]);
    let kept = || ground.headquarters.sql("select count(*) from kept_changeset");

    rep.cursor.clone_from(&before);
    let taken = rep.push(vec![website("a.example")]).unwrap();
    assert_eq!(taken.records, [], "nothing of it is answered");
    assert_eq!(kept(), "0");
    // The rules of its quotes hold, but what became of them is not said.
    let late = edit("quote", quote_id, &[("intro_text", json!(""), json!("Zu spät"))]);
    assert_eq!(rep.push(vec![late]).unwrap_err(), "record-missing");
    assert_eq!(kept(), "1");

    let told = rep.caller.http.changes(rep.caller.incarnation, before.as_deref()).unwrap();
    let is_told = |entry: &Entry| matches!(entry, Entry::LeftScope { id, .. } if *id == own);
    assert!(told.entries.iter().any(is_told));
    for cursor in [Some(told.cursor), None, foreign, Some("x.y".into())] {
        rep.cursor = cursor;
        assert_eq!(rep.push(vec![website("b.example")]).unwrap_err(), "record-missing");
        let contact = Contact { id: Id::now(), customer_id: own, ..Contact::default() };
        let contact = Contact { last_name: "Neu".into(), ..contact };
        assert_eq!(rep.push(vec![made(&contact)]).unwrap_err(), "reference-missing");
    }
    assert_eq!(kept(), "9");
    // What was never there is nobody's.
    let nowhere = edit("customer", Id::now(), &[("website", json!(""), json!("c.example"))]);
    assert_eq!(rep.push(vec![nowhere]).unwrap_err(), "record-missing");
    assert_eq!(kept(), "9");
    let says = ground.headquarters.says(&["device", "kept", &rep.caller.device_id.to_string()]);
    assert!(says.contains("b.example") && !says.contains("c.example"), "{says}");
    admin.sync();
    assert_eq!(admin.customer(own).website, "a.example");
}
