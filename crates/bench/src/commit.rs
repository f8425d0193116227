//! One edit of a customer: rows, change log, search index and summaries in one transaction.

use anyhow::Result;
use app::App;
use commands::{
    GetCustomer, ListCustomers, SaveCustomer,
    view::{CustomerFilter, CustomerSort, Order, Window},
};

use crate::{
    Bench,
    figure::{Figure, Times},
    raw::Raw,
    reference::told,
};

const EDITS: u64 = 400;

/// A new phone number for the customer at this place of the list.
pub(crate) fn edit(app: &App, nth: u64) -> Result<()> {
    let list = ListCustomers {
        filter: CustomerFilter::default(),
        sort: CustomerSort::Number,
        order: Order::Ascending,
        window: Window { offset: nth, limit: 1 },
    };
    for row in app.ask(list).map_err(told)?.rows {
        let mut customer = app.ask(GetCustomer { id: row.id }).map_err(told)?.customer;
        customer.phone = format!("+49 711 {}", 100_000 + nth);
        app.ask(SaveCustomer { customer, addresses: None }).map_err(told)?;
    }
    Ok(())
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Figure>> {
    let (folder, copy) = bench.reference.copy()?;
    let app = copy.open()?;
    let mut raw = Raw::fill(&folder.path().join("raw.db"), bench.reference.customers)?;
    let (mut times, mut peer) = (Times::default(), Times::default());
    let mut rng = fastrand::Rng::with_seed(5);
    // In turns, so that whatever else the disk does falls on both alike.
    for nth in 0..EDITS {
        let list = ListCustomers {
            filter: CustomerFilter::default(),
            sort: CustomerSort::Number,
            order: Order::Ascending,
            window: Window { offset: rng.u64(..bench.reference.customers), limit: 1 },
        };
        for row in app.ask(list).map_err(told)?.rows {
            let mut customer = app.ask(GetCustomer { id: row.id }).map_err(told)?.customer;
            customer.phone = format!("+49 711 {}", 100_000 + nth);
            let save = SaveCustomer { customer, addresses: None };
            times.take(row.name, || app.ask(save)).map_err(told)?;
        }
        let id = raw.ids[rng.usize(..raw.ids.len())];
        let phone = format!("+49 711 {}", 100_000 + nth);
        raw.look(id)?;
        peer.take("raw", || raw.edit(id, &phone))?;
    }
    app.close();
    times.tell("commit");
    peer.tell("raw commit");
    Ok(vec![
        Figure::new("commit of one edit with its change log, p50", times.at(0.5), "ms")
            .beside("raw SQLite: the same rows by hand, p50", peer.at(0.5))
            .at_most_times(1.5),
        Figure::new("commit of one edit with its change log, p99", times.at(0.99), "ms")
            .beside("raw SQLite: the same rows by hand, p99", peer.at(0.99)),
    ])
}
