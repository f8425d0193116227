//! A laptop that sends what no screen makes: the hub takes its own rules for it, not its word.

use std::collections::BTreeMap;

use domain::{
    Change, ChangeKind, Changeset, Conflict, Contact, Customer, Document, FieldChange, Id, Instant,
    Quote, QuoteLine, QuoteStatus, Record, changeset::object,
};
use serde_json::{Value, json};
use store::Workspace;
use sync::{Answered, Outcome, Push, Sent, Transport};

use crate::{
    doors::Caller,
    headquarters::{ADMIN, Headquarters, Hub},
    laptop::Laptop,
    papers::draft,
};

/// Somebody who speaks the protocol by hand.
pub struct Forger {
    pub caller: Caller,
    /// What is sent with each push.
    pub cursor: Option<String>,
    next: i64,
}

impl Forger {
    pub fn sign_in(hub: &Hub, email: &str) -> Self {
        Self { caller: Caller::sign_in(hub, email), cursor: None, next: 1 }
    }

    fn changeset(&self, changes: Vec<Change>) -> Changeset {
        Changeset {
            id: Id::now(),
            at: Instant::now(),
            user_id: self.caller.user_id,
            operation: "test".into(),
            subject: String::new(),
            changes,
        }
    }

    fn send(&mut self, changesets: Vec<Changeset>) -> Vec<Answered> {
        let sent =
            |changeset| Sent { changeset, seen: BTreeMap::new(), again: false, quotes: Vec::new() };
        let pushed = self.caller.http.push(&Push {
            device_id: self.caller.device_id,
            incarnation: self.caller.incarnation,
            epoch: None,
            cursor: self.cursor.clone(),
            first: self.next,
            changesets: changesets.into_iter().map(sent).collect(),
        });
        let pushed = pushed.unwrap();
        self.next = pushed.next_push;
        pushed.answers
    }

    /// What becomes of these changes; the code where they are refused.
    pub fn push(&mut self, changes: Vec<Change>) -> Result<Answered, String> {
        let changeset = self.changeset(changes);
        refused(self.send(vec![changeset]).remove(0))
    }
}

fn refused(answer: Answered) -> Result<Answered, String> {
    match answer.outcome {
        Outcome::Rejected { refusal } => Err(refusal.code),
        _ => Ok(answer),
    }
}

pub fn made<R: Record>(record: &R) -> Change {
    let field = |(name, to)| (name, FieldChange { from: Value::Null, to });
    let fields = object(record).into_iter().map(field).collect();
    Change { entity: R::ENTITY.into(), id: record.id(), kind: ChangeKind::Insert, fields }
}

pub fn edit(entity: &str, id: Id, fields: &[(&str, Value, Value)]) -> Change {
    let field = |(name, from, to): &(&str, Value, Value)| {
        ((*name).to_owned(), FieldChange { from: from.clone(), to: to.clone() })
    };
    let fields = fields.iter().map(field).collect();
    Change { entity: entity.into(), id, kind: ChangeKind::Update, fields }
}

/// A hub with a customer of the rep's and one of others.
pub struct Ground {
    pub headquarters: Headquarters,
    pub hub: Hub,
    pub admin: Laptop,
    pub own: Id,
    pub foreign: Id,
    _folder: tempfile::TempDir,
}

pub const REP: &str = "jonas@kontor.example";

impl Ground {
    pub fn open() -> Self {
        let headquarters = Headquarters::open();
        let hub = headquarters.hub();
        let folder = tempfile::tempdir().unwrap();
        let admin = Laptop::with_demo(&folder.path().join("a"), 4);
        admin.connect(&hub.address(), ADMIN);
        admin.sync();
        let south: Id =
            headquarters.sql("select id from territory where name = 'Südwest'").parse().unwrap();
        let ids: Vec<Id> = admin.customers().iter().map(|row| row.id).collect();
        for id in &ids {
            admin.change(*id, |customer| {
                customer.territory_id = (*id == ids[0]).then_some(south);
                customer.owner_id = None;
            });
        }
        admin.sync();
        Self { headquarters, hub, admin, own: ids[0], foreign: ids[1], _folder: folder }
    }
}

#[test]
fn what_cannot_be_stored_is_rejected_and_holds_up_nothing() {
    let ground = Ground::open();
    let folder = tempfile::tempdir().unwrap();
    let rep = Laptop::from_hub(folder.path(), &ground.hub.address(), REP);
    rep.sync();
    // As an import of an older version may have left it.
    let store = Workspace::new(&rep.folder).open(Some("geheim-geheim")).unwrap();
    let user_id =
        ground.headquarters.sql("select user_id from account where email = 'jonas@kontor.example'");
    for birthday in ["0000-05-12", "+20261-05-12"] {
        let contact = Contact {
            id: Id::now(),
            customer_id: ground.own,
            last_name: "Alt".into(),
            birthday: Some(birthday.parse().unwrap()),
            ..Contact::default()
        };
        let changeset = Changeset {
            id: Id::now(),
            at: Instant::now(),
            user_id: user_id.parse().unwrap(),
            operation: "contact.create".into(),
            subject: "Alt".into(),
            changes: vec![made(&contact)],
        };
        store.transact(|tx| tx.apply(&changeset)).unwrap();
    }
    drop(store);
    rep.change(ground.own, |customer| customer.industry = "Werkzeugbau".into());
    ground.admin.change(ground.own, |customer| customer.phone = "+49 711 1".into());
    ground.admin.sync();
    let report = rep.sync();
    assert_eq!((report.rejected, report.sent), (2, 1), "{report:?}");
    assert_eq!(rep.customer(ground.own).phone, "+49 711 1");
    ground.admin.sync();
    assert_eq!(ground.admin.customer(ground.own).industry, "Werkzeugbau");

    // Whatever else no database here holds, among what is good.
    let mut forger = Forger::sign_in(&ground.hub, REP);
    let held = object(&ground.admin.customer(ground.own));
    let change = |field: &str, to: Value| {
        let from = held.get(field).cloned().unwrap_or_default();
        edit("customer", ground.own, &[(field, from, to)])
    };
    let bad = [
        change("notes", json!("a\0b")),
        change("name\0", json!("a")),
        change("reference_of_nobody", json!("a")),
        edit("customer", ground.own, &[("notes", json!("\0"), json!("a"))]),
        edit("customer", ground.own, &[("notes", json!([["\0"]]), json!("a"))]),
        edit("no\0thing", ground.own, &[]),
        change("deleted_at", json!("0000-01-01T00:00:00.000Z")),
        change("discount", json!(9_223_372_036_854_775_808_u64)),
        change("website", json!("x".repeat(100_001))),
        // Longer than an index takes, and it is no use to pack it.
        change("number", json!((0..300).map(|_| Id::now().to_string()).collect::<String>())),
        edit("customer", ground.own, &[("created_at", Value::Null, json!("9"))]),
    ];
    let mut changesets: Vec<Changeset> =
        bad.into_iter().map(|change| forger.changeset(vec![change])).collect();
    let mut named = forger.changeset(vec![change("website", json!("a.example"))]);
    named.subject = "\0".into();
    changesets.push(named);
    // A quote that lacks its customer.
    let quote =
        Change { fields: BTreeMap::new(), ..made(&Quote { id: Id::now(), ..Quote::default() }) };
    changesets.push(forger.changeset(vec![quote]));
    changesets.push(forger.changeset(vec![change("website", json!("gut.example"))]));
    let count = changesets.len();
    let answers = forger.send(changesets);
    assert_eq!(answers.len(), count);
    let codes: Vec<Result<Answered, String>> = answers.into_iter().map(refused).collect();
    let taken: Vec<usize> = (0..count).filter(|at| codes[*at].is_ok()).collect();
    // A stamp is the hub's own; the last is as it should be.
    assert_eq!(taken, [count - 4, count - 1], "{codes:?}");
    forger.caller.everything();
    ground.admin.sync();
    assert_eq!(ground.admin.customer(ground.own).website, "gut.example");
}

#[test]
fn who_wrote_it_is_the_laptops_user() {
    let ground = Ground::open();
    let one = |sql: &str| ground.headquarters.sql(sql);
    let admin: Id =
        one("select user_id from account where email = 'maren@kontor.example'").parse().unwrap();
    let mut forger = Forger::sign_in(&ground.hub, REP);
    let rep = forger.caller.user_id;
    let at = Instant::now();
    let contact = Contact {
        id: Id::now(),
        customer_id: ground.own,
        last_name: "Neu".into(),
        created_at: at,
        created_by: admin,
        updated_at: at,
        updated_by: admin,
        ..Contact::default()
    };
    let stamps = [
        ("industry", json!(ground.admin.customer(ground.own).industry), json!("Handel")),
        ("updated_at", Value::Null, json!(at)),
        ("updated_by", Value::Null, json!(admin)),
    ];
    let mut changeset =
        forger.changeset(vec![made(&contact), edit("customer", ground.own, &stamps)]);
    changeset.user_id = admin;
    let changeset_id = changeset.id;
    let answer = forger.send(vec![changeset]).remove(0);
    assert_eq!(answer.outcome, Outcome::Applied);
    let by = |sql: &str| one(sql).parse::<Id>().unwrap();
    assert_eq!(by(&format!("select user_id from changeset where id = '{changeset_id}'")), rep);
    assert_eq!(by(&format!("select created_by from contact where id = '{}'", contact.id)), rep);
    assert_eq!(by(&format!("select updated_by from contact where id = '{}'", contact.id)), rep);
    assert_eq!(by(&format!("select updated_by from customer where id = '{}'", ground.own)), rep);
}

#[test]
fn conflicts_are_the_hubs_and_the_logo_is_the_companys() {
    let ground = Ground::open();
    let mut forger = Forger::sign_in(&ground.hub, REP);
    let forged = Conflict {
        id: Id::now(),
        owner_id: Some(Id::now()),
        record_entity: "customer".into(),
        record_id: ground.foreign,
        field: "name".into(),
        ..Conflict::default()
    };
    assert_eq!(forger.push(vec![made(&forged)]).unwrap_err(), "forbidden");
    // One that the hub makes.
    let clash = edit("customer", ground.own, &[("name", json!("früher"), json!("anders"))]);
    let answer = forger.push(vec![clash]).unwrap();
    assert!(matches!(answer.outcome, Outcome::Conflict { .. }));
    let id: Id = ground.headquarters.sql("select id from conflict").parse().unwrap();
    for (field, to) in [
        ("ours", json!("\"x\"")),
        ("record_id", json!(ground.foreign)),
        ("owner_id", Value::Null),
        ("deleted_at", json!(Instant::now())),
    ] {
        let change = edit(
            "conflict",
            id,
            &[("choice", json!("open"), json!("theirs")), (field, Value::Null, to)],
        );
        assert_eq!(forger.push(vec![change]).unwrap_err(), "forbidden", "{field}");
    }
    let settled = edit("conflict", id, &[("choice", json!("open"), json!("theirs"))]);
    assert_eq!(forger.push(vec![settled]).unwrap().outcome, Outcome::Applied);

    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    ground.admin.app.ask(commands::SetLogo { image: Some(pixel.into()) }).unwrap();
    ground.admin.sync();
    let logo: Id =
        ground.headquarters.sql("select id from document where kind = 'logo'").parse().unwrap();
    let gone = edit("document", logo, &[("deleted_at", Value::Null, json!(Instant::now()))]);
    assert_eq!(forger.push(vec![gone]).unwrap_err(), "forbidden");
    let own = Document { id: Id::now(), customer_id: Some(ground.own), ..Document::default() };
    let nobodys = Document { id: Id::now(), ..Document::default() };
    assert_eq!(forger.push(vec![made(&nobodys)]).unwrap_err(), "forbidden");
    forger.push(vec![made(&own)]).unwrap();
    let moved = edit("document", own.id, &[("customer_id", json!(ground.own), Value::Null)]);
    assert_eq!(forger.push(vec![moved]).unwrap_err(), "forbidden");
}

#[test]
fn a_quote_that_was_handed_over_takes_only_its_next_step() {
    let ground = Ground::open();
    let mut forger = Forger::sign_in(&ground.hub, REP);
    let status = |from: &str, to: &str| ("status", json!(from), json!(to));
    let begun = Quote {
        id: Id::now(),
        number: "A-1".into(),
        revision: 1,
        customer_id: ground.own,
        ..Quote::default()
    };
    let line = QuoteLine { id: Id::now(), quote_id: begun.id, position: 1, ..QuoteLine::default() };
    let decided = Quote { id: Id::now(), status: QuoteStatus::Accepted, ..begun.clone() };
    assert_eq!(forger.push(vec![made(&decided)]).unwrap_err(), "status-moved");
    forger.push(vec![made(&begun), made(&line)]).unwrap();
    let quote = |fields: &[(&str, Value, Value)]| vec![edit("quote", begun.id, fields)];
    assert_eq!(forger.push(quote(&[status("draft", "converted")])).unwrap_err(), "status-moved");
    forger.push(quote(&[status("draft", "sent")])).unwrap();

    // Sent: frozen but for the decision.
    let total = ("net_total", json!(0), json!(99));
    assert_eq!(forger.push(quote(std::slice::from_ref(&total))).unwrap_err(), "quote-frozen");
    let with_step = [status("sent", "accepted"), total.clone()];
    assert_eq!(forger.push(quote(&with_step)).unwrap_err(), "quote-frozen");
    let lined = edit("quote_line", line.id, &[("quantity", json!(0), json!(5_000))]);
    assert_eq!(forger.push(vec![lined]).unwrap_err(), "quote-frozen");
    let more = QuoteLine { id: Id::now(), ..line.clone() };
    assert_eq!(forger.push(vec![made(&more)]).unwrap_err(), "quote-frozen");
    let back = forger.push(quote(&[status("sent", "draft")]));
    assert_eq!(back.unwrap_err(), "status-moved");

    // Neither does a line come in from another quote.
    let other = Quote { id: Id::now(), number: "A-2".into(), ..begun.clone() };
    let own_line = QuoteLine { id: Id::now(), quote_id: other.id, ..line.clone() };
    forger.push(vec![made(&other), made(&own_line)]).unwrap();
    let moved = ("quote_id", json!(other.id), json!(begun.id));
    let moved = edit("quote_line", own_line.id, &[moved]);
    assert_eq!(forger.push(vec![moved.clone()]).unwrap_err(), "quote-frozen");

    let at = json!(Instant::now());
    forger.push(quote(&[status("sent", "accepted"), ("decided_at", Value::Null, at)])).unwrap();
    let converted = [status("accepted", "converted"), total];
    assert_eq!(forger.push(quote(&converted)).unwrap_err(), "quote-decided");
    assert_eq!(forger.push(vec![moved]).unwrap_err(), "quote-decided");
    forger.push(quote(&converted[..1])).unwrap();
}

/// As it always was: who sent a quote by mistake takes that back, unless the customer decided.
#[test]
fn sending_is_undone_on_the_laptop_that_sent() {
    let ground = Ground::open();
    let id = draft(&ground.admin, ground.own);
    ground.admin.app.ask(commands::SendQuote { id }).unwrap();
    ground.admin.sync();
    ground.admin.app.ask(commands::Undo {}).unwrap();
    assert_eq!(ground.admin.sync().rejected, 0);
    let status = || ground.headquarters.sql(&format!("select status from quote where id = '{id}'"));
    assert_eq!(status(), "draft");
    ground.admin.app.ask(commands::Redo {}).unwrap();
    assert_eq!(ground.admin.sync().rejected, 0);
    assert_eq!(status(), "sent");
}

#[test]
fn refusals_and_conflicts_tell_no_ids() {
    let ground = Ground::open();
    let mut forger = Forger::sign_in(&ground.hub, REP);
    let contact = |customer_id: Id| {
        let id = Id::now();
        made(&Contact { id, customer_id, last_name: "Neu".into(), ..Contact::default() })
    };
    // Others' customers and no customers are the same.
    let foreign = forger.push(vec![contact(ground.foreign)]).unwrap_err();
    assert_eq!(forger.push(vec![contact(Id::now())]).unwrap_err(), foreign);
    // A parent that is hidden is not told by the conflict about it.
    ground.admin.change(ground.own, |customer| customer.parent_id = Some(ground.foreign));
    ground.admin.sync();
    let parent = Customer {
        id: Id::now(),
        name: "Mutter AG".into(),
        owner_id: Some(forger.caller.user_id),
        ..Customer::default()
    };
    let named = ("parent_id", Value::Null, json!(parent.id));
    let answer = forger.push(vec![made(&parent), edit("customer", ground.own, &[named])]).unwrap();
    assert!(matches!(answer.outcome, Outcome::Conflict { .. }), "{answer:?}");
    let (entries, _) = forger.caller.everything();
    let text = serde_json::to_string(&entries).unwrap();
    assert!(text.contains("Mutter AG") && !text.contains(&ground.foreign.to_string()));
}

/// Thousands of customers with one number are a question or two, not one for each.
#[test]
fn a_number_that_many_have_is_told_apart_at_once() {
    let ground = Ground::open();
    let mut forger = Forger::sign_in(&ground.hub, ADMIN);
    let customer = |_| {
        let id = Id::now();
        made(&Customer { id, name: "Gleich".into(), number: "77".into(), ..Customer::default() })
    };
    for _ in 0..2 {
        let outcome = forger.push((0..2_000).map(customer).collect()).unwrap().outcome;
        assert_eq!(outcome, Outcome::Merged);
    }
    let numbers =
        "select count(distinct number), max(length(number)) from customer where number like '77%'";
    assert_eq!(ground.headquarters.sql(numbers), "4000|7");
}
