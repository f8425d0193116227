//! A quote's PDF, from the stored records to the bytes of the file.

use anyhow::Result;
use app::App;
use commands::{
    CreateQuote, GetQuote, ListArticles, ListCustomers, MakeQuoteLine, RenderQuote, SaveQuote,
    view::{ArticleFilter, ArticleSort, CustomerFilter, CustomerSort, Order, Window},
};
use domain::{Id, Quantity};

use crate::{
    Bench,
    figure::{Figure, Times},
    reference::told,
};

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Figure>> {
    let (_folder, copy) = bench.reference.copy()?;
    let app = copy.open()?;
    let (short, long) = (draft(&app, 10)?, draft(&app, 500)?);
    let mut figures = Vec::new();
    for (id, lines, rounds, target) in [(short, 10, 200, 5.0), (long, 500, 20, 60.0)] {
        let mut times = Times::default();
        let file = app.ask(RenderQuote { id }).map_err(told)?;
        for _ in 0..rounds {
            times.take("", || app.ask(RenderQuote { id })).map_err(told)?;
        }
        times.tell(&format!("quote of {lines} lines"));
        let what = format!("quote of {lines} lines to PDF, {} pages, p50", file.pages);
        figures.push(Figure::new(what, times.at(0.5), "ms").at_most(target));
        if lines == 10 {
            #[expect(clippy::cast_precision_loss, reason = "a file of some kilobytes")]
            let size = (file.content.len() / 4 * 3) as f64 / 1e3;
            figures.push(Figure::new("quote of 10 lines, size", size, "KB").at_most(60.0));
        }
    }
    app.close();
    Ok(figures)
}

/// A draft with so many different articles.
fn draft(app: &App, lines: usize) -> Result<Id> {
    let window = Window { offset: 0, limit: 1 };
    let (sort, order) = (CustomerSort::Number, Order::Ascending);
    let customers = ListCustomers { filter: CustomerFilter::default(), sort, order, window };
    let customer = app.ask(customers).map_err(told)?.rows.remove(0);
    let quote_id =
        app.ask(CreateQuote { customer_id: customer.id, opportunity_id: None }).map_err(told)?;
    let window = Window { offset: 0, limit: 500 };
    let sort = ArticleSort::Number;
    let articles = ListArticles { filter: ArticleFilter::default(), sort, order, window };
    let articles = app.ask(articles).map_err(told)?.rows;
    let mut page = app.ask(GetQuote { id: quote_id }).map_err(told)?;
    for article in articles.iter().cycle().take(lines) {
        let quantity = Quantity(2_000);
        let line = MakeQuoteLine { quote_id, article_id: article.id, quantity };
        page.lines.push(app.ask(line).map_err(told)?);
    }
    app.ask(SaveQuote { quote: page.quote, lines: page.lines }).map_err(told)?;
    Ok(quote_id)
}
