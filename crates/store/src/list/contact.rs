use commands::view::{ContactFilter, ContactRow, ContactSort, Order, Window, Windowed};

use super::{List, name, ordered, words};
use crate::{Result, Store};

impl Store {
    /// Contacts, any filter and sort.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn contacts(
        &self,
        filter: &ContactFilter,
        sort: ContactSort,
        order: Order,
        window: Window,
    ) -> Result<Windowed<ContactRow>> {
        let (select, terms): (_, &[&str]) = match sort {
            ContactSort::Name => (
                include_str!("contact_order.sql"),
                &["last_name collate german", "first_name collate german"],
            ),
            ContactSort::Role => (include_str!("contact_order.sql"), &["role"]),
            ContactSort::Position => {
                (include_str!("contact_order.sql"), &["position collate german"])
            }
            ContactSort::Customer => {
                (include_str!("contact_order_customer.sql"), &["customer collate german"])
            }
        };
        let list = List {
            name: name("contact", filter, &sort, order),
            order: ordered(select, terms, order),
            parameters: &[
                (":customer_id", &filter.customer_id.map(|id| id.0)),
                (":role", &filter.role.map(|role| role.as_str())),
                (":text", &words(&filter.text)),
            ],
            shown: include_str!("contact_row.sql"),
        };
        self.window(&list, window)
    }
}
