use commands::view::{CustomerFilter, CustomerRow, CustomerSort, Order, Window, Windowed};

use super::{List, name, ordered, words};
use crate::{Result, Store};

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
        let terms: &[&str] = match sort {
            CustomerSort::Name => &["name collate german"],
            CustomerSort::Number => &["number"],
            CustomerSort::City => &["postal_code", "city collate german"],
            CustomerSort::Category => &["category", "name collate german"],
            CustomerSort::Status => &["status", "name collate german"],
            CustomerSort::LastContact => &["last_contact_at"],
            CustomerSort::OpenValue => &["open_value"],
            CustomerSort::Updated => &["updated_at"],
        };
        // Only what the filter and sort need is joined: most lists read one narrow index.
        let select = match sort {
            CustomerSort::City => include_str!("customer_order_city.sql"),
            CustomerSort::Category => include_str!("customer_order_category.sql"),
            CustomerSort::LastContact | CustomerSort::OpenValue => {
                include_str!("customer_order_summary.sql")
            }
            _ => include_str!("customer_order.sql"),
        };
        let list = List {
            name: name("customer", filter, &sort, order),
            order: ordered(select, terms, order),
            parameters: &[
                (":deleted", &filter.deleted),
                (":status", &filter.status.map(|status| status.as_str())),
                (":kind", &filter.kind.map(|kind| kind.as_str())),
                (":category_id", &filter.category_id.map(|id| id.0)),
                (":owner_id", &filter.owner_id.map(|id| id.0)),
                (":territory_id", &filter.territory_id.map(|id| id.0)),
                (":tag_id", &filter.tag_id.map(|id| id.0)),
                (":text", &words(&filter.text)),
            ],
            shown: include_str!("customer_row.sql"),
        };
        self.window(&list, window)
    }
}
