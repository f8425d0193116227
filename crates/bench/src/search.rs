//! Search as you type: every key stroke of many searches over all kinds of records.

use anyhow::Result;
use commands::{
    ListContacts, ListCustomers, ListQuotes, ListTimeline, Search,
    view::{
        ContactFilter, ContactSort, CustomerFilter, CustomerSort, Order, QuoteFilter, QuoteSort,
        Window,
    },
};

use crate::{
    Bench,
    figure::{Figure, Times},
    raw::Raw,
    reference::told,
};

/// As many as the palette shows.
const LIMIT: u32 = 30;

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Figure>> {
    let app = bench.reference.open()?;
    let typed = searches(&app, bench.reference.customers)?;
    let mut times = Times::default();
    let mut found = 0;
    for text in &typed {
        let ends = text.char_indices().skip(1).map(|(end, _)| end).chain([text.len()]);
        for end in ends {
            let part = &text[..end];
            let search = Search { text: part.into(), kinds: Vec::new(), limit: LIMIT };
            found += times.take(part, || app.ask(search)).map_err(told)?.len();
        }
    }
    app.close();
    times.tell("search");
    anyhow::ensure!(found > typed.len(), "the searches find next to nothing");
    let folder = tempfile::tempdir_in(&bench.reference.folder)?;
    let raw = Raw::fill(&folder.path().join("raw.db"), bench.reference.customers)?;
    let peer = raw.read_rows(LIMIT as usize, 500)?;
    Ok(vec![
        Figure::new("search, a key stroke, p99", times.at(0.99), "ms")
            .beside("raw SQLite: 30 rows by id, p99", peer)
            .at_most(10.0),
    ])
}

/// What people type: names with and without umlauts, mistyped, towns, phone numbers, words of
/// talks, numbers of quotes.
fn searches(app: &app::App, customers: u64) -> Result<Vec<String>> {
    let mut typed = Vec::new();
    let mut rng = fastrand::Rng::with_seed(3);
    for _ in 0..60 {
        let window = Window { offset: rng.u64(..customers), limit: 1 };
        let list = ListCustomers {
            filter: CustomerFilter::default(),
            sort: CustomerSort::Number,
            order: Order::Ascending,
            window,
        };
        let Some(customer) = app.ask(list).map_err(told)?.rows.into_iter().next() else { continue };
        let plain = customer.name.replace('ü', "ue").replace('ö', "o").replace('ä', "a");
        let mut mistyped: Vec<char> = customer.name.chars().collect();
        if mistyped.len() > 4 {
            mistyped.swap(2, 3);
        }
        typed.push(format!("{} {}", customer.name, customer.city));
        typed.push(plain);
        typed.push(mistyped.into_iter().collect());
        typed.push(customer.city.clone());
        typed.push(customer.postal_code.clone());
        typed.push(customer.phone.clone());
        typed.push(customer.number.clone());
        let window = Window { offset: 0, limit: 1 };
        let timeline = ListTimeline { customer_id: customer.id, kinds: Vec::new(), window };
        for entry in app.ask(timeline).map_err(told)?.rows {
            typed.push(entry.subject.clone());
            let words: Vec<&str> = entry.body.split_whitespace().take(3).collect();
            typed.push(words.join(" "));
        }
        let window = Window { offset: rng.u64(..customers), limit: 1 };
        let list = ListContacts {
            filter: ContactFilter::default(),
            sort: ContactSort::Name,
            order: Order::Ascending,
            window,
        };
        for contact in app.ask(list).map_err(told)?.rows {
            typed.push(format!("{} {}", contact.first_name, contact.last_name));
            typed.push(contact.email);
        }
        let window = Window { offset: rng.u64(..1_000), limit: 1 };
        let list = ListQuotes {
            filter: QuoteFilter::default(),
            sort: QuoteSort::Date,
            order: Order::Descending,
            window,
        };
        typed.extend(app.ask(list).map_err(told)?.rows.into_iter().map(|quote| quote.number));
    }
    // The worst that can be typed: single letters, and the most common beginnings.
    typed.extend(('a'..='z').chain('0'..='9').map(String::from));
    typed.extend(["gmbh", "angebot", "der die das", "st", "sch", "k-1"].map(String::from));
    typed.retain(|text| !text.is_empty());
    Ok(typed)
}
