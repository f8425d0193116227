//! A customer's 360° page with the first part of its timeline.

use anyhow::Result;
use commands::{
    GetCustomer, GetToday, ListCustomers, ListTimeline,
    view::{CustomerFilter, CustomerSort, Order, Window},
};

use crate::{
    Bench,
    figure::{Figure, Times},
    raw::Raw,
    reference::told,
};

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Figure>> {
    let app = bench.reference.open()?;
    let mut rng = fastrand::Rng::with_seed(4);
    let (mut times, mut today) = (Times::default(), Times::default());
    for _ in 0..1_000 {
        let list = ListCustomers {
            filter: CustomerFilter::default(),
            sort: CustomerSort::LastContact,
            order: Order::Descending,
            window: Window { offset: rng.u64(..bench.reference.customers), limit: 1 },
        };
        for row in app.ask(list).map_err(told)?.rows {
            let window = Window { offset: 0, limit: 50 };
            times
                .take(&*row.name, || {
                    app.ask(GetCustomer { id: row.id })?;
                    let kinds = Vec::new();
                    app.ask(ListTimeline { customer_id: row.id, kinds, window })
                })
                .map_err(told)?;
        }
    }
    for _ in 0..300 {
        today.take("today", || app.ask(GetToday {})).map_err(told)?;
    }
    app.close();
    times.tell("360° page");
    today.tell("today");
    let folder = tempfile::tempdir_in(&bench.reference.folder)?;
    let raw = Raw::fill(&folder.path().join("raw.db"), bench.reference.customers)?;
    let peer = raw.read_rows(60, 500)?;
    let name = "raw SQLite: 60 rows by id, p99";
    Ok(vec![
        Figure::new("360° page with timeline, p99", times.at(0.99), "ms")
            .beside(name, peer)
            .at_most(10.0),
        Figure::new("today, p99", today.at(0.99), "ms").beside(name, peer).at_most(10.0),
    ])
}
