//! What a page shows at once.

mod customer;
pub(crate) mod today;

use commands::view::{Order, QuoteFilter, QuoteRow, QuoteSort, Window};
use domain::{Id, Quote, QuoteLine};

use crate::{Result, Store, store};

/// As many as there are.
pub(crate) const ALL: Window = Window { offset: 0, limit: u64::MAX };

impl Store {
    /// A quote and its lines in order.
    ///
    /// # Errors
    /// [`crate::StoreError::NotFound`].
    pub fn quote(&self, id: Id) -> Result<(Quote, Vec<QuoteLine>)> {
        let reader = self.reader()?;
        let quote = store::get(&reader, id)?;
        let mut lines: Vec<QuoteLine> = store::by(&reader, "quote_id", id)?;
        lines.sort_by_key(|line| line.position);
        Ok((quote, lines))
    }

    /// All revisions of a quote, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revisions(&self, quote: &Quote) -> Result<Vec<QuoteRow>> {
        let filter = QuoteFilter { customer_id: Some(quote.customer_id), ..Default::default() };
        let all = self.quotes(&filter, QuoteSort::Number, Order::Ascending, ALL)?;
        Ok(all.rows.into_iter().filter(|row| row.number == quote.number).collect())
    }
}
