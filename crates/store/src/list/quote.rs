use commands::view::{Order, QuoteFilter, QuoteRow, QuoteSort, Window, Windowed};
use domain::QuoteStatus;
use rusqlite::Connection;

use super::{
    List, Sort, Wanted, day_number, seqs_of,
    sheet::{OrderPlan, Plan},
    texts,
};
use crate::{Result, Store, search::Kind};

const TABLE: (&str, &str) = ("quote", "seq");

pub(super) const PLAN: Plan = Plan {
    table: "quote",
    facets: include_str!("quote_facets.sql"),
    changed: include_str!("quote_changed.sql"),
    link: include_str!("quote_link.sql"),
    orders: &[
        OrderPlan { from: TABLE, by: "date, number" },
        OrderPlan { from: TABLE, by: "number, revision" },
        OrderPlan { from: TABLE, by: "valid_until" },
        OrderPlan { from: TABLE, by: "gross_total" },
    ],
};

const BY_DATE: usize = 0;
const STATUS: usize = 1;
const OWNER: usize = 2;
const VALID_UNTIL: usize = 3;

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
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let list = self.quote_list(&snapshot, filter, sort, order)?;
        self.window(&snapshot, &list, window)
    }

    pub(super) fn quote_list<'a>(
        &'a self,
        reader: &Connection,
        filter: &'a QuoteFilter,
        sort: QuoteSort,
        order: Order,
    ) -> Result<List<'a>> {
        let mut within = Vec::new();
        within.extend(self.text_filter(reader, Kind::Quote, &filter.text)?);
        if let Some(customer) = filter.customer_id {
            let sql = "select seq from quote where customer_id = ?";
            within.push(seqs_of(reader, sql, &customer.0)?);
        }
        if let Some(opportunity) = filter.opportunity_id {
            let sql = "select seq from quote where opportunity_id = ?";
            within.push(seqs_of(reader, sql, &opportunity.0)?);
        }
        let mut is = Vec::new();
        is.extend(filter.status.map(|status| (STATUS, Wanted::Coded(status.as_str().as_bytes()))));
        is.extend(filter.owner_id.as_ref().map(|id| (OWNER, Wanted::Coded(id.0.as_bytes()))));
        if let Some(day) = filter.expires_by {
            // Only what is with the customer can run out.
            is.push((STATUS, Wanted::Coded(QuoteStatus::Sent.as_str().as_bytes())));
            is.push((VALID_UNTIL, Wanted::AtMost(day_number(day))));
        }
        Ok(List {
            sheet: &self.sheets.quotes,
            deleted: false,
            is,
            within,
            sort: match sort {
                QuoteSort::Date => Sort::Plain(BY_DATE),
                QuoteSort::Number => Sort::Plain(1),
                QuoteSort::ValidUntil => Sort::Plain(2),
                QuoteSort::Gross => Sort::Plain(3),
                QuoteSort::Customer => Sort::Customer { then: BY_DATE },
                QuoteSort::Status => {
                    let values = texts(QuoteStatus::ALL, |status| status.as_str());
                    Sort::Facet { facet: STATUS, values, then: BY_DATE }
                }
            },
            order,
            shown: include_str!("quote_row.sql"),
        })
    }
}
