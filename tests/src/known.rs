//! What is in a workspace, asked for without the window.

use std::path::Path;

use app::App;
use commands::{
    GetBoard, GetCustomer, GetForecast, GetQuote, GetToday, ListArticles, ListContacts,
    ListCustomers, ListOpportunities, ListQuotes, Unlock,
    view::{
        ArticleFilter, ArticleRow, ArticleSort, Board, ContactFilter, ContactRow, ContactSort,
        CustomerFilter, CustomerPage, CustomerRow, CustomerSort, ForecastMonth, OpportunityFilter,
        OpportunityRow, OpportunitySort, Order, QuoteFilter, QuotePage, QuoteRow, QuoteSort, Today,
        Windowed,
    },
};
use domain::QuoteStatus;

use crate::calendar::PASSPHRASE;

/// The beginnings of all lists, and of some records everything.
pub struct Known {
    pub today: Today,
    pub customers: Windowed<CustomerRow>,
    pub customer: CustomerPage,
    pub contacts: Windowed<ContactRow>,
    pub board: Board,
    pub opportunities: Windowed<OpportunityRow>,
    pub forecast: Vec<ForecastMonth>,
    pub quotes: Windowed<QuoteRow>,
    pub quote: QuotePage,
    pub articles: Windowed<ArticleRow>,
}

impl Known {
    /// Opens the workspace, asks, and closes it again.
    pub fn of(folder: &Path) -> Self {
        let app = App::new(folder);
        app.ask(Unlock { passphrase: PASSPHRASE.into() }).unwrap();
        let window = commands::view::Window { offset: 0, limit: 60 };
        let order = Order::Ascending;
        let (filter, sort) = (CustomerFilter::default(), CustomerSort::Name);
        let customers = app.ask(ListCustomers { filter, sort, order, window }).unwrap();
        let (filter, sort) = (ContactFilter::default(), ContactSort::Name);
        let contacts = app.ask(ListContacts { filter, sort, order, window }).unwrap();
        let (filter, sort) = (OpportunityFilter::default(), OpportunitySort::ExpectedClose);
        let opportunities = app.ask(ListOpportunities { filter, sort, order, window }).unwrap();
        let (filter, sort) = (ArticleFilter::default(), ArticleSort::Number);
        let articles = app.ask(ListArticles { filter, sort, order, window }).unwrap();
        let newest = Order::Descending;
        let draft = QuoteFilter { status: Some(QuoteStatus::Draft), ..QuoteFilter::default() };
        let sort = QuoteSort::Date;
        let drafts = ListQuotes { filter: draft, sort, order: newest, window };
        let draft = app.ask(drafts).unwrap().rows.remove(0);
        let filter = QuoteFilter::default();
        let quotes = app.ask(ListQuotes { filter, sort, order: newest, window }).unwrap();
        let known = Self {
            today: app.ask(GetToday {}).unwrap(),
            customer: app.ask(GetCustomer { id: draft.customer_id }).unwrap(),
            customers,
            contacts,
            board: app.ask(GetBoard { filter: OpportunityFilter::default(), cards: 50 }).unwrap(),
            opportunities,
            forecast: app.ask(GetForecast { filter: OpportunityFilter::default() }).unwrap(),
            quotes,
            quote: app.ask(GetQuote { id: draft.id }).unwrap(),
            articles,
        };
        app.close();
        known
    }
}
