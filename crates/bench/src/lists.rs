//! A page of every list by every sort and filter, and the same right after an edit.

use anyhow::Result;
use commands::{
    GetBoard, GetChoices, ListArticles, ListContacts, ListCustomers, ListOpportunities, ListQuotes,
    Request,
    view::{
        ArticleFilter, ArticleSort, ContactFilter, ContactSort, CustomerFilter, CustomerSort,
        OpportunityFilter, OpportunitySort, Order, QuoteFilter, QuoteSort, Window,
    },
};
use domain::{ContactRole, CustomerKind, CustomerStatus, OpportunityStatus, QuoteStatus, Stage};

use crate::{
    Bench,
    commit::edit,
    figure::{Figure, Times},
    raw::Raw,
    reference::told,
};

/// Rows that a screen asks for at once.
const ROWS: u64 = 60;

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Figure>> {
    let (_folder, copy) = bench.reference.copy()?;
    let app = copy.open()?;
    let (mut first, mut times, mut after) = (Times::default(), Times::default(), Times::default());
    // The first look at each list reads what it sorts and filters by into memory.
    every(&app, &mut |_, _| true, &mut first)?;
    every(&app, &mut |_, _| true, &mut times)?;
    let mut nth = 0;
    every(
        &app,
        &mut |_, _| {
            nth += 1;
            // Each seventh is asked right after an edit.
            nth % 7 == 0 && edit(&app, nth).is_ok()
        },
        &mut after,
    )?;
    let mut board = Times::default();
    for _ in 0..300 {
        let get = GetBoard { filter: OpportunityFilter::default(), cards: 50 };
        board.take("board", || app.ask(get)).map_err(told)?;
    }
    app.close();
    for (times, name) in
        [(&mut first, "list, first time"), (&mut times, "list"), (&mut after, "list after an edit")]
    {
        times.tell(name);
    }
    let folder = tempfile::tempdir_in(&bench.reference.folder)?;
    let raw = Raw::fill(&folder.path().join("raw.db"), bench.reference.customers)?;
    let peer = raw.read_rows(usize::try_from(ROWS)?, 500)?;
    let name = "raw SQLite: 60 rows by id, p99";
    Ok(vec![
        Figure::new("list page, any filter and sort, p99", times.at(0.99), "ms")
            .beside(name, peer)
            .at_most(10.0),
        Figure::new("list page right after an edit, p99", after.at(0.99), "ms")
            .beside(name, peer)
            .at_most(10.0),
        Figure::new("list page, the very first ones, p99", first.at(0.99), "ms").beside(name, peer),
        Figure::new("board, p99", board.at(0.99), "ms").beside(name, peer).at_most(10.0),
    ])
}

/// Asks for a page of each list by every sort, in both orders, by every filter, at its
/// beginning, middle and end.
fn every(
    app: &app::App,
    wanted: &mut dyn FnMut(&str, u64) -> bool,
    times: &mut Times,
) -> Result<()> {
    let choices = app.ask(GetChoices {}).map_err(told)?;
    let text = |text: &str| text.to_owned();
    let mut customers = vec![
        CustomerFilter::default(),
        CustomerFilter { text: text("gmbh"), ..Default::default() },
        CustomerFilter { text: text("müll"), ..Default::default() },
        CustomerFilter { text: text("s"), ..Default::default() },
        CustomerFilter { status: Some(CustomerStatus::Inactive), ..Default::default() },
        CustomerFilter { kind: Some(CustomerKind::B2b), ..Default::default() },
        CustomerFilter { deleted: true, ..Default::default() },
    ];
    for owner in choices.users.iter().take(3) {
        customers.push(CustomerFilter { owner_id: Some(owner.id), ..Default::default() });
        customers.push(CustomerFilter {
            owner_id: Some(owner.id),
            status: Some(CustomerStatus::Active),
            text: text("schw"),
            ..Default::default()
        });
    }
    for category in choices.categories.iter().take(2) {
        customers.push(CustomerFilter { category_id: Some(category.id), ..Default::default() });
    }
    for territory in choices.territories.iter().take(2) {
        customers.push(CustomerFilter { territory_id: Some(territory.id), ..Default::default() });
    }
    for tag in choices.tags.iter().take(2) {
        customers.push(CustomerFilter { tag_id: Some(tag.id), ..Default::default() });
    }
    let mut page = Page { app, wanted, times };
    for filter in &customers {
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
            page.every(
                &format!("customers {sort:?} {filter:?}"),
                |order, window| ListCustomers { filter: filter.clone(), sort, order, window },
                |list| list.total,
            )?;
        }
    }
    for filter in [
        ContactFilter::default(),
        ContactFilter { text: text("sch"), ..Default::default() },
        ContactFilter { role: Some(ContactRole::Buyer), ..Default::default() },
    ] {
        for sort in
            [ContactSort::Name, ContactSort::Customer, ContactSort::Role, ContactSort::Position]
        {
            page.every(
                &format!("contacts {sort:?} {filter:?}"),
                |order, window| ListContacts { filter: filter.clone(), sort, order, window },
                |list| list.total,
            )?;
        }
    }
    for filter in [
        OpportunityFilter::default(),
        OpportunityFilter { text: text("erw"), ..Default::default() },
        OpportunityFilter { status: Some(OpportunityStatus::Open), ..Default::default() },
        OpportunityFilter { stage: Some(Stage::Negotiation), ..Default::default() },
    ] {
        for sort in [
            OpportunitySort::ExpectedClose,
            OpportunitySort::Name,
            OpportunitySort::Customer,
            OpportunitySort::Value,
            OpportunitySort::Stage,
            OpportunitySort::Number,
            OpportunitySort::Status,
        ] {
            page.every(
                &format!("opportunities {sort:?} {filter:?}"),
                |order, window| ListOpportunities { filter: filter.clone(), sort, order, window },
                |list| list.total,
            )?;
        }
    }
    for filter in [
        QuoteFilter::default(),
        QuoteFilter { text: text("an-20"), ..Default::default() },
        QuoteFilter { status: Some(QuoteStatus::Sent), ..Default::default() },
    ] {
        for sort in [
            QuoteSort::Date,
            QuoteSort::Number,
            QuoteSort::Customer,
            QuoteSort::Status,
            QuoteSort::ValidUntil,
            QuoteSort::Gross,
        ] {
            page.every(
                &format!("quotes {sort:?} {filter:?}"),
                |order, window| ListQuotes { filter: filter.clone(), sort, order, window },
                |list| list.total,
            )?;
        }
    }
    for sort in [ArticleSort::Number, ArticleSort::Name, ArticleSort::Group, ArticleSort::Price] {
        page.every(
            &format!("articles {sort:?}"),
            |order, window| ListArticles { filter: ArticleFilter::default(), sort, order, window },
            |list| list.total,
        )?;
    }
    Ok(())
}

struct Page<'a> {
    app: &'a app::App,
    wanted: &'a mut dyn FnMut(&str, u64) -> bool,
    times: &'a mut Times,
}

impl Page<'_> {
    fn every<R: Request>(
        &mut self,
        name: &str,
        list: impl Fn(Order, Window) -> R,
        total: impl Fn(&R::Reply) -> u64,
    ) -> Result<()>
    where
        app::App: commands::Answer<R>,
    {
        let mut rows = 0;
        for order in [Order::Ascending, Order::Descending] {
            for place in 0..3 {
                if !(self.wanted)(name, place) {
                    continue;
                }
                let offset = (rows / 2 * place).min(rows.saturating_sub(ROWS));
                let list = list(order, Window { offset, limit: ROWS });
                let what = format!("{name} {order:?} from {offset}");
                let reply = self.times.take(what, || self.app.ask(list)).map_err(told)?;
                rows = total(&reply);
            }
        }
        Ok(())
    }
}
