//! Measures the store over a large database: `measure <folder> <customers>`. Makes the database
//! when the folder is empty. Prints the times that people wait, not averages alone.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::cast_possible_truncation)]

mod fill;

use std::time::{Duration, Instant as Clock};

use commands::view::{
    ArticleFilter, ArticleSort, ContactFilter, ContactSort, CustomerFilter, CustomerSort,
    OpportunityFilter, OpportunitySort, Order, QuoteFilter, QuoteSort, Window,
};
use domain::{Changeset, Context, Customer, CustomerStatus, Id, Instant};
use store::{Presence, Store, Workspace};

struct Times(Vec<(Duration, String)>);

impl Times {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn take<T>(&mut self, what: impl Into<String>, act: impl FnOnce() -> T) -> T {
        let start = Clock::now();
        let answer = act();
        self.0.push((start.elapsed(), what.into()));
        answer
    }

    fn show(mut self, name: &str) {
        self.0.sort();
        let at = |share: f64| {
            let index = ((self.0.len() - 1) as f64 * share) as usize;
            self.0[index].0.as_secs_f64() * 1e3
        };
        println!(
            "{name:32} n {:5}  p50 {:8.3} ms  p90 {:8.3}  p99 {:8.3}  max {:8.3}",
            self.0.len(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
        for (time, what) in self.0.iter().rev().take(4) {
            println!("      {:8.3} ms  {what}", time.as_secs_f64() * 1e3);
        }
    }
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0) / 1024
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let workspace = Workspace::new(&arguments[1]);
    let customers: u64 = arguments[2].parse().unwrap();
    if workspace.presence().unwrap() == Presence::Missing {
        let store = workspace.create(Some("measure")).unwrap();
        let start = Clock::now();
        let (records, _) = fill::fill(&store, customers).unwrap();
        let took = start.elapsed().as_secs_f64();
        println!("fill: {records} records in {took:.1} s, {:.0} a second", records as f64 / took);
    }
    let mut times = Times::new();
    let store = times.take("", || workspace.open(Some("measure")).unwrap());
    times.show("open (with Argon2)");
    println!("resident after open {} MB", resident());
    lists(&store, "lists, first time");
    println!("resident after lists {} MB", resident());
    lists(&store, "lists, again");
    search(&store);
    println!("resident after search {} MB", resident());
    pages(&store);
    edits(&store);
    println!("resident at the end {} MB", resident());
}

fn lists(store: &Store, name: &str) {
    let owners: Vec<Id> = store.all::<domain::User>().unwrap().iter().map(|u| u.id).collect();
    let mut times = Times::new();
    let mut texts = vec![String::new()];
    texts.extend(["m", "mü", "schmidt", "GmbH", "köln metall", "711", "k-1"].map(String::from));
    let mut total = 0;
    for text in &texts {
        for order in [Order::Ascending, Order::Descending] {
            for (owner, status) in [
                (None, None),
                (Some(owners[1]), None),
                (Some(owners[0]), Some(CustomerStatus::Active)),
            ] {
                for offset in [0, 30, 5_000] {
                    let window = Window { offset, limit: 60 };
                    for sort in [
                        CustomerSort::Name,
                        CustomerSort::Number,
                        CustomerSort::City,
                        CustomerSort::Category,
                        CustomerSort::Status,
                        CustomerSort::LastContact,
                        CustomerSort::OpenValue,
                        CustomerSort::Updated,
                    ] {
                        let filter = CustomerFilter {
                            text: text.clone(),
                            owner_id: owner,
                            status,
                            ..Default::default()
                        };
                        total += times
                            .take(format!("customers {filter:?} {sort:?} {offset}"), || {
                                store.customers(&filter, sort, order, window).unwrap().total
                            });
                    }
                    for sort in [
                        ContactSort::Name,
                        ContactSort::Customer,
                        ContactSort::Role,
                        ContactSort::Position,
                    ] {
                        let filter = ContactFilter { text: text.clone(), ..Default::default() };
                        total += times
                            .take(format!("contacts {filter:?} {sort:?} {offset}"), || {
                                store.contacts(&filter, sort, order, window).unwrap().total
                            });
                    }
                    for sort in [
                        OpportunitySort::ExpectedClose,
                        OpportunitySort::Name,
                        OpportunitySort::Customer,
                        OpportunitySort::Value,
                        OpportunitySort::Stage,
                        OpportunitySort::Number,
                        OpportunitySort::Status,
                    ] {
                        let filter = OpportunityFilter {
                            text: text.clone(),
                            owner_id: owner,
                            ..Default::default()
                        };
                        total += times.take(format!("opportunities {filter:?} {sort:?}"), || {
                            store.opportunities(&filter, sort, order, window).unwrap().total
                        });
                    }
                    for sort in [
                        QuoteSort::Date,
                        QuoteSort::Number,
                        QuoteSort::Customer,
                        QuoteSort::Status,
                        QuoteSort::ValidUntil,
                        QuoteSort::Gross,
                    ] {
                        let filter = QuoteFilter {
                            text: text.clone(),
                            owner_id: owner,
                            ..Default::default()
                        };
                        total += times.take(format!("quotes {filter:?} {sort:?}"), || {
                            store.quotes(&filter, sort, order, window).unwrap().total
                        });
                    }
                    let filter = ArticleFilter { text: text.clone(), ..Default::default() };
                    total += times.take(format!("articles {filter:?}"), || {
                        store.articles(&filter, ArticleSort::Group, order, window).unwrap().total
                    });
                }
            }
        }
    }
    times.show(name);
    assert!(total > 0);
    let mut times = Times::new();
    for owner in [None, Some(owners[0])] {
        let filter = OpportunityFilter { owner_id: owner, ..Default::default() };
        times.take(format!("board {owner:?}"), || store.board(&filter, 50).unwrap());
    }
    times.show("board");
}

fn search(store: &Store) {
    let typed = [
        "Müller Metallbau Köln",
        "mueller",
        "Schmidt",
        "angebot bestellung",
        "und der",
        "Rückruf wegen",
        "0711 123456",
        "+49 711 5432",
        "70565",
        "K-10482",
        "AN-2026-0431",
        "gmbh",
        "Bestellung Termin Preis",
        "technik",
        "weber stuttgart",
        "info@",
        "DE1234",
        "zimmermann",
        "verkunlie",
        "stellungmaschin",
        "der die und",
        "q",
        "x",
        "y",
        "e",
        "schweißdraht",
        "ART-00",
        "geplan wartmon",
        "offen noch zusage",
        "gebaube anver",
        "Müler",
        "Schmitd",
        "Hofman Stal",
    ];
    for round in ["search, cold cache", "search, warm"] {
        let mut times = Times::new();
        for text in typed {
            for (end, _) in text.char_indices().skip(1).chain([(text.len(), ' ')]) {
                let part = &text[..end];
                times.take(part, || store.search(part, &[], 30).unwrap());
            }
        }
        for letter in ('a'..='z').chain('0'..='9') {
            times.take(letter.to_string(), || store.search(&letter.to_string(), &[], 30).unwrap());
            for second in 'a'..='z' {
                let text = format!("{letter}{second}");
                times.take(text.clone(), || store.search(&text, &[], 30).unwrap());
                let text = format!("{letter} {second}");
                times.take(text.clone(), || store.search(&text, &[], 30).unwrap());
            }
        }
        times.show(round);
    }
    for text in ["Müler", "Schmitd", "01715", "711 2", "müller köln", "angebot"] {
        let hits = store.search(text, &[], 3).unwrap();
        println!(
            "      {text:14} {:?}",
            hits.iter()
                .map(|hit| (hit.kind, &*hit.title.text, &*hit.detail.text))
                .collect::<Vec<_>>()
        );
    }
}

fn pages(store: &Store) {
    let window = Window { offset: 0, limit: 300 };
    let filter = CustomerFilter::default();
    let list = store.customers(&filter, CustomerSort::Updated, Order::Ascending, window).unwrap();
    let (mut page, mut timeline) = (Times::new(), Times::new());
    for row in &list.rows {
        page.take("", || store.customer_page(row.id, Default::default()).unwrap());
        let window = Window { offset: 0, limit: 50 };
        timeline.take("", || store.timeline(row.id, &[], window).unwrap());
    }
    page.show("customer page");
    timeline.show("timeline");
    let users = store.all::<domain::User>().unwrap();
    let day = "2026-06-01".parse().unwrap();
    let span = store::DaySpan {
        day,
        from: "2026-06-01T00:00:00.000Z".parse().unwrap(),
        to: "2026-06-02T00:00:00.000Z".parse().unwrap(),
    };
    let mut times = Times::new();
    for user in users.iter().cycle().take(12) {
        times.take("", || store.today(user.id, &span, span.from).unwrap());
    }
    times.show("today");
}

fn edits(store: &Store) {
    let window = Window { offset: 0, limit: 60 };
    let filter = CustomerFilter::default();
    let list = store.customers(&filter, CustomerSort::Name, Order::Ascending, window).unwrap();
    let (mut edit, mut after) = (Times::new(), Times::new());
    for (nth, row) in list.rows.iter().cycle().take(120).enumerate() {
        let mut ids = Id::now;
        let mut context = Context {
            now: Instant::now(),
            today: Default::default(),
            user_id: Id::now(),
            ids: &mut ids,
        };
        edit.take("", || {
            store
                .transact(|tx| {
                    let old: Customer = tx.get(row.id)?;
                    let mut changeset = Changeset::new("customer.save", "", &mut context);
                    let name = format!("{} {nth}", row.name);
                    changeset.update(&old, Customer { name, ..old.clone() }, &context);
                    tx.apply(&changeset)
                })
                .unwrap();
        });
        let sort = [CustomerSort::Name, CustomerSort::City, CustomerSort::OpenValue][nth % 3];
        after.take(format!("{sort:?}"), || {
            store.customers(&filter, sort, Order::Ascending, window).unwrap().total
        });
    }
    edit.show("edit of one customer");
    after.show("list after an edit");
}
