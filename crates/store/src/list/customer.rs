use commands::view::{CustomerFilter, CustomerRow, CustomerSort, Order, Window, Windowed};
use domain::CustomerStatus;
use rusqlite::Connection;

use super::{
    List, Sort, Wanted,
    sheet::{OrderPlan, Plan},
    texts,
};
use crate::{
    Result, Store,
    search::{self, Kind},
};

const CUSTOMER: (&str, &str) = ("customer", "seq");
const SUMMARY: (&str, &str) = ("customer_summary", "customer_seq");

pub(super) const PLAN: Plan = Plan {
    table: "customer",
    facets: include_str!("customer_facets.sql"),
    changed: include_str!("customer_changed.sql"),
    link: "",
    orders: &[
        OrderPlan { from: CUSTOMER, by: "fold(name)" },
        OrderPlan { from: CUSTOMER, by: "number" },
        OrderPlan { from: CUSTOMER, by: "updated_at" },
        OrderPlan { from: SUMMARY, by: "postal_code, fold(city)" },
        OrderPlan { from: SUMMARY, by: "last_contact_at" },
        OrderPlan { from: SUMMARY, by: "open_value" },
    ],
};

/// The order by name.
pub(super) const BY_NAME: usize = 0;
const STATUS: usize = 1;
const KIND: usize = 2;
const CATEGORY: usize = 3;
const OWNER: usize = 4;
const TERRITORY: usize = 5;

impl Store {
    /// Customers, any filter and sort.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn customers(
        &self,
        filter: &CustomerFilter,
        sort: CustomerSort,
        order: Order,
        window: Window,
    ) -> Result<Windowed<CustomerRow>> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let list = self.customer_list(&snapshot, filter, sort, order)?;
        self.window(&snapshot, &list, window)
    }

    pub(super) fn customer_list<'a>(
        &'a self,
        reader: &Connection,
        filter: &'a CustomerFilter,
        sort: CustomerSort,
        order: Order,
    ) -> Result<List<'a>> {
        let mut within = Vec::new();
        within.extend(self.text_filter(reader, Kind::Customer, &filter.text)?);
        if let Some(tag) = filter.tag_id {
            let mark = format!("tag:{}", tag.0.simple().to_string().to_uppercase());
            within.push(search::marked(reader, &self.search_memory, Kind::Customer, &mark)?);
        }
        let mut is = Vec::new();
        is.extend(filter.status.map(|status| (STATUS, Wanted::Coded(status.as_str().as_bytes()))));
        is.extend(filter.kind.map(|kind| (KIND, Wanted::Coded(kind.as_str().as_bytes()))));
        for (facet, id) in [
            (CATEGORY, &filter.category_id),
            (OWNER, &filter.owner_id),
            (TERRITORY, &filter.territory_id),
        ] {
            is.extend(id.as_ref().map(|id| (facet, Wanted::Coded(id.0.as_bytes()))));
        }
        let sort = match sort {
            CustomerSort::Name => Sort::Plain(BY_NAME),
            CustomerSort::Number => Sort::Plain(1),
            CustomerSort::Updated => Sort::Plain(2),
            CustomerSort::City => Sort::Plain(3),
            CustomerSort::LastContact => Sort::Plain(4),
            CustomerSort::OpenValue => Sort::Plain(5),
            CustomerSort::Category => {
                let mut statement =
                    reader.prepare_cached("select id from category order by fold(name)")?;
                let values = statement.query_map([], |row| row.get(0))?;
                let values = values.collect::<rusqlite::Result<_>>()?;
                Sort::Facet { facet: CATEGORY, values, then: BY_NAME }
            }
            CustomerSort::Status => {
                let values = texts(CustomerStatus::ALL, |status| status.as_str());
                Sort::Facet { facet: STATUS, values, then: BY_NAME }
            }
        };
        Ok(List {
            sheet: &self.sheets.customers,
            deleted: filter.deleted,
            is,
            within,
            sort,
            order,
            shown: include_str!("customer_row.sql"),
        })
    }
}
