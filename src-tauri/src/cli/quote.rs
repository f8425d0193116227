use clap::Subcommand;
use commands::{
    Failure,
    view::{CustomerFilter, CustomerSort, Order, QuoteFilter, QuoteSort, SearchKind, Window},
};
use domain::{Id, Language, Quantity, format};

use super::Caller;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a draft for a customer, with articles.
    New {
        /// The customer's number.
        #[arg(long)]
        customer: String,
        /// An article's number and how many: `WIG-200-P=2`; again for each line.
        #[arg(long = "line", value_name = "ARTICLE[=QUANTITY]")]
        lines: Vec<String>,
    },
    /// Show a quote.
    Show {
        /// Its number.
        number: String,
    },
    /// Write a quote's PDF.
    Pdf {
        /// Its number.
        number: String,
        /// The file to write; `NUMBER.pdf` here when none.
        #[arg(long, short)]
        output: Option<String>,
    },
}

const FIRST: Window = Window { offset: 0, limit: 20 };

fn nothing(what: &str, number: &str) -> Failure {
    Failure::new("not-found", format!("There is no {what} with the number {number}."))
}

fn find_quote(caller: &Caller, number: &str) -> Result<Id, Failure> {
    let filter = QuoteFilter { text: number.into(), ..QuoteFilter::default() };
    let (sort, order) = (QuoteSort::Number, Order::Descending);
    let found = caller.app.ask(commands::ListQuotes { filter, sort, order, window: FIRST })?;
    // Of several revisions the last.
    let row = found.rows.into_iter().find(|row| row.number == number);
    row.map(|row| row.id).ok_or_else(|| nothing("quote", number))
}

impl Command {
    pub(super) fn run(self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        match self {
            Self::New { customer, lines } => new(caller, &customer, &lines),
            Self::Show { number } => show(caller, find_quote(caller, &number)?),
            Self::Pdf { number, output } => {
                let id = find_quote(caller, &number)?;
                let path = output.unwrap_or_else(|| format!("{number}.pdf"));
                caller.app.ask(commands::SaveQuotePdf { id, path: path.clone() })?;
                caller.print(&path, || format!("The quote is in {path}."));
                Ok(())
            }
        }
    }
}

fn new(caller: &Caller, customer: &str, lines: &[String]) -> Result<(), Failure> {
    let filter = CustomerFilter { text: customer.into(), ..CustomerFilter::default() };
    let (sort, order) = (CustomerSort::Number, Order::Ascending);
    let found = caller.app.ask(commands::ListCustomers { filter, sort, order, window: FIRST })?;
    let row = found.rows.into_iter().find(|row| row.number == customer);
    let customer_id = row.map(|row| row.id).ok_or_else(|| nothing("customer", customer))?;
    // Everything is looked up before anything is made.
    let mut wanted = Vec::new();
    for line in lines {
        let (number, quantity) = line.split_once('=').unwrap_or((line, "1"));
        let quantity = format::parse_quantity(quantity, Language::En).ok_or_else(|| {
            Failure::new("quantity-invalid", format!("{quantity} is not a quantity."))
        })?;
        wanted.push((find_article(caller, number)?, quantity));
    }
    let id = caller.app.ask(commands::CreateQuote { customer_id, opportunity_id: None })?;
    let mut lines = Vec::new();
    for (article_id, quantity) in wanted {
        let line = commands::MakeQuoteLine { quote_id: id, article_id, quantity };
        lines.push(caller.app.ask(line)?);
    }
    let quote = caller.app.ask(commands::GetQuote { id })?.quote;
    caller.app.ask(commands::SaveQuote { quote, lines })?;
    show(caller, id)
}

fn find_article(caller: &Caller, number: &str) -> Result<Id, Failure> {
    let kinds = vec![SearchKind::Article];
    let hits = caller.app.ask(commands::Search { text: number.into(), kinds, limit: 20 })?;
    for hit in hits {
        let article = caller.app.ask(commands::GetArticle { id: hit.id })?.article;
        if article.number == number {
            return Ok(article.id);
        }
    }
    Err(nothing("article", number))
}

fn show(caller: &Caller, id: Id) -> Result<(), Failure> {
    let page = caller.app.ask(commands::GetQuote { id })?;
    caller.print(&page, || {
        let (quote, language) = (&page.quote, Language::En);
        let mut text = format!(
            "{} rev. {}  {}  {}  {}\n",
            quote.number,
            quote.revision,
            quote.status,
            format::day(quote.date, language),
            page.customer.name
        );
        for line in &page.lines {
            let name = line.description.lines().next().unwrap_or_default();
            text.push_str(&format!(
                "{:>3}  {:12} {:44.44} {:>8} {:6} {:>12} {:>14}\n",
                line.position,
                line.article_number,
                name,
                format::quantity(Quantity(line.quantity.0), language),
                line.unit,
                format::unit_price(line.unit_price, language),
                format::money_plain(line.net_total, language)
            ));
        }
        text.push_str(&format!(
            "net {}  tax {}  gross {}",
            format::money(quote.net_total, &quote.currency, language),
            format::money(quote.tax_total, &quote.currency, language),
            format::money(quote.gross_total, &quote.currency, language)
        ));
        text
    });
    Ok(())
}
