use commands::view::{Order, QuoteFilter, QuoteRow, QuoteSort, Window, Windowed};

use super::{List, name, ordered, words};
use crate::{Result, Store};

impl Store {
    /// Quotes, any filter and sort.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn quotes(
        &self,
        filter: &QuoteFilter,
        sort: QuoteSort,
        order: Order,
        window: Window,
    ) -> Result<Windowed<QuoteRow>> {
        let terms: &[&str] = match sort {
            QuoteSort::Date => &["date", "number"],
            QuoteSort::Number => &["number", "revision"],
            QuoteSort::Customer => &["customer collate german"],
            QuoteSort::Status => &["status", "date"],
            QuoteSort::ValidUntil => &["valid_until"],
            QuoteSort::Gross => &["gross_total"],
        };
        let select = match sort {
            QuoteSort::Customer => include_str!("quote_order_customer.sql"),
            _ => include_str!("quote_order.sql"),
        };
        let list = List {
            name: name("quote", filter, &sort, order),
            order: ordered(select, terms, order),
            parameters: &[
                (":status", &filter.status.map(|status| status.as_str())),
                (":customer_id", &filter.customer_id.map(|id| id.0)),
                (":opportunity_id", &filter.opportunity_id.map(|id| id.0)),
                (":owner_id", &filter.owner_id.map(|id| id.0)),
                (":expires_by", &filter.expires_by.map(|day| day.to_string())),
                (":text", &words(&filter.text)),
            ],
            shown: include_str!("quote_row.sql"),
        };
        self.window(&list, window)
    }
}
