use commands::view::{OpportunityFilter, OpportunityRow, OpportunitySort, Order, Window, Windowed};
use domain::{OpportunityStatus, Stage};
use rusqlite::Connection;

use super::{
    List, Sort, Wanted, day_number, seqs_of,
    sheet::{OrderPlan, Plan},
    texts,
};
use crate::{Result, Store, search::Kind};

const TABLE: (&str, &str) = ("opportunity", "seq");

pub(super) const PLAN: Plan = Plan {
    table: "opportunity",
    facets: include_str!("opportunity_facets.sql"),
    changed: include_str!("opportunity_changed.sql"),
    link: include_str!("opportunity_link.sql"),
    orders: &[
        OrderPlan { from: TABLE, by: "expected_close is null, expected_close" },
        OrderPlan { from: TABLE, by: "fold(name)" },
        OrderPlan { from: TABLE, by: "value" },
        OrderPlan { from: TABLE, by: "number" },
    ],
};

const BY_CLOSE: usize = 0;
const STATUS: usize = 1;
const STAGE: usize = 2;
const OWNER: usize = 3;
const CLOSE: usize = 4;

impl Store {
    /// Opportunities, any filter and sort.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn opportunities(
        &self,
        filter: &OpportunityFilter,
        sort: OpportunitySort,
        order: Order,
        window: Window,
    ) -> Result<Windowed<OpportunityRow>> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let list = self.sorted_opportunities(&snapshot, filter, sort, order)?;
        self.window(&snapshot, &list, window)
    }

    pub(super) fn sorted_opportunities<'a>(
        &'a self,
        reader: &Connection,
        filter: &'a OpportunityFilter,
        sort: OpportunitySort,
        order: Order,
    ) -> Result<List<'a>> {
        let mut list = self.opportunity_list(reader, filter)?;
        list.order = order;
        list.sort = match sort {
            OpportunitySort::ExpectedClose => Sort::Plain(BY_CLOSE),
            OpportunitySort::Name => Sort::Plain(1),
            OpportunitySort::Value => Sort::Plain(2),
            OpportunitySort::Number => Sort::Plain(3),
            OpportunitySort::Customer => Sort::Customer { then: BY_CLOSE },
            OpportunitySort::Stage => {
                let values = texts(Stage::ALL, |stage| stage.as_str());
                Sort::Facet { facet: STAGE, values, then: BY_CLOSE }
            }
            OpportunitySort::Status => {
                let values = texts(OpportunityStatus::ALL, |status| status.as_str());
                Sort::Facet { facet: STATUS, values, then: BY_CLOSE }
            }
        };
        Ok(list)
    }

    /// The opportunities that a filter leaves, by when they should be decided.
    pub(super) fn opportunity_list<'a>(
        &'a self,
        reader: &Connection,
        filter: &'a OpportunityFilter,
    ) -> Result<List<'a>> {
        let mut within = Vec::new();
        within.extend(self.text_filter(reader, Kind::Opportunity, &filter.text)?);
        if let Some(customer) = filter.customer_id {
            let sql = "select seq from opportunity where customer_id = ?";
            within.push(seqs_of(reader, sql, &customer.0)?);
        }
        let mut is = Vec::new();
        is.extend(filter.status.map(|status| (STATUS, Wanted::Coded(status.as_str().as_bytes()))));
        is.extend(filter.stage.map(|stage| (STAGE, Wanted::Coded(stage.as_str().as_bytes()))));
        is.extend(filter.owner_id.as_ref().map(|id| (OWNER, Wanted::Coded(id.0.as_bytes()))));
        is.extend(filter.closes_by.map(|day| (CLOSE, Wanted::AtMost(day_number(day)))));
        Ok(List {
            sheet: &self.sheets.opportunities,
            deleted: false,
            is,
            within,
            sort: Sort::Plain(BY_CLOSE),
            order: Order::Ascending,
            shown: include_str!("opportunity_row.sql"),
        })
    }
}
