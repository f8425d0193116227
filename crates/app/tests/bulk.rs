//! What is done to many records at once: one action, taken back at once.
#![allow(clippy::unwrap_used)]

use std::{sync::atomic::AtomicBool, time::Instant};

use app::{App, DemoOrder};
use commands::{
    ChangeCustomers, CreateWorkspace, CustomerChange, DeleteContacts, DeleteCustomers,
    DeleteOpportunities, DeleteQuotes, GetChoices, ListCustomers, ListQuotes, PickRecords, Undo,
    view::{
        ContactFilter, ContactSort, CustomerFilter, CustomerSort, Listed, OpportunityFilter,
        OpportunitySort, Order, QuoteFilter, QuoteSort, Window,
    },
};
use domain::{CustomerStatus, Id, Language, QuoteStatus};

const ALL: Window = Window { offset: 0, limit: u64::MAX };

/// A workspace with demo data; more of it with `BULK=10000`, to see how long it takes.
fn desk() -> (tempfile::TempDir, App) {
    let customers = std::env::var("BULK").ok().and_then(|text| text.parse().ok()).unwrap_or(120);
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(folder.path().join("data"));
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: String::new(),
        passphrase: Some("correct horse".into()),
        language: Language::De,
    })
    .unwrap();
    let order = DemoOrder { customers, seed: 7 };
    app.run_demo(order, &AtomicBool::new(false), &mut |_, _| {}).unwrap();
    (folder, app)
}

fn pick(app: &App, listed: Listed) -> Vec<Id> {
    app.ask(PickRecords { listed, order: Order::Ascending, window: ALL }).unwrap()
}

fn customers(filter: CustomerFilter) -> Listed {
    Listed::Customers(filter, CustomerSort::Name)
}

fn said<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let answer = act();
    println!("{what}: {:?}", begin.elapsed());
    answer
}

#[test]
fn a_selection_is_what_the_filter_lets_through_in_the_lists_order() {
    let (_folder, app) = desk();
    let filter = CustomerFilter { text: "gmbh".into(), ..CustomerFilter::default() };
    let all = said("pick", || pick(&app, customers(filter.clone())));
    let list = app
        .ask(ListCustomers {
            filter: filter.clone(),
            sort: CustomerSort::Name,
            order: Order::Ascending,
            window: Window { offset: 0, limit: 1_000_000 },
        })
        .unwrap();
    assert_eq!(all, list.rows.iter().map(|row| row.id).collect::<Vec<_>>());
    let part = PickRecords {
        listed: customers(filter),
        order: Order::Descending,
        window: Window { offset: 2, limit: 3 },
    };
    let expected: Vec<Id> = all.iter().rev().skip(2).take(3).copied().collect();
    assert_eq!(app.ask(part).unwrap(), expected);
}

#[test]
fn customers_are_changed_tagged_and_deleted_together_and_come_back_together() {
    let (_folder, app) = desk();
    let ids = pick(&app, customers(CustomerFilter::default()));
    let count = ids.len() as u64;
    let blocked =
        CustomerFilter { status: Some(CustomerStatus::Blocked), ..CustomerFilter::default() };
    let before = pick(&app, customers(blocked.clone()));
    let change = CustomerChange::Status(CustomerStatus::Blocked);
    assert_eq!(said("change", || app.ask(ChangeCustomers { ids: ids.clone(), change })), Ok(count));
    assert_eq!(pick(&app, customers(blocked.clone())).len(), ids.len());
    said("undo the change", || app.ask(Undo {})).unwrap();
    assert_eq!(pick(&app, customers(blocked)), before);

    let tags = app.ask(GetChoices {}).unwrap().tags.len();
    let change = CustomerChange::AddTag("Messe 2027".into());
    said("tag", || app.ask(ChangeCustomers { ids: ids.clone(), change })).unwrap();
    let now = app.ask(GetChoices {}).unwrap().tags;
    assert_eq!(now.len(), tags + 1, "one tag for all of them");
    let tag_id = now.iter().find(|tag| tag.name == "Messe 2027").map(|tag| tag.id);
    let tagged = CustomerFilter { tag_id, ..CustomerFilter::default() };
    assert_eq!(pick(&app, customers(tagged)).len(), ids.len());

    assert_eq!(said("delete", || app.ask(DeleteCustomers { ids: ids.clone() })), Ok(count));
    assert!(pick(&app, customers(CustomerFilter::default())).is_empty());
    let step = said("undo the deletion", || app.ask(Undo {})).unwrap();
    assert_eq!(step.operation, "customer.delete");
    assert!(step.subject.ends_with(&format!(" + {}", count - 1)), "{}", step.subject);
    assert_eq!(pick(&app, customers(CustomerFilter::default())), ids);
}

#[test]
fn opportunities_contacts_and_drafts_are_deleted_together() {
    let (_folder, app) = desk();
    let opportunities =
        || pick(&app, Listed::Opportunities(OpportunityFilter::default(), OpportunitySort::Name));
    let ids = opportunities();
    assert_eq!(app.ask(DeleteOpportunities { ids: ids.clone() }), Ok(ids.len() as u64));
    assert!(opportunities().is_empty());
    app.ask(Undo {}).unwrap();
    assert_eq!(opportunities(), ids);

    let contacts = || pick(&app, Listed::Contacts(ContactFilter::default(), ContactSort::Name));
    let ids = contacts();
    assert_eq!(app.ask(DeleteContacts { ids: ids.clone() }), Ok(ids.len() as u64));
    assert!(contacts().is_empty());
    app.ask(Undo {}).unwrap();
    assert_eq!(contacts(), ids);

    let quotes = || pick(&app, Listed::Quotes(QuoteFilter::default(), QuoteSort::Number));
    let ids = quotes();
    let drafts = ListQuotes {
        filter: QuoteFilter { status: Some(QuoteStatus::Draft), ..QuoteFilter::default() },
        sort: QuoteSort::Number,
        order: Order::Ascending,
        window: Window { offset: 0, limit: 1 },
    };
    let count = app.ask(drafts).unwrap().total;
    assert_eq!(app.ask(DeleteQuotes { ids: ids.clone() }), Ok(count), "only drafts");
    assert_eq!(quotes().len() as u64, ids.len() as u64 - count);
    app.ask(Undo {}).unwrap();
    assert_eq!(quotes(), ids);
}
