use commands::view::{ContactFilter, ContactRow, ContactSort, Order, Window, Windowed};
use domain::ContactRole;
use rusqlite::Connection;

use super::{
    List, Sort, Wanted, seqs_of,
    sheet::{OrderPlan, Plan},
    texts,
};
use crate::{Result, Store, search::Kind};

pub(super) const PLAN: Plan = Plan {
    table: "contact",
    facets: include_str!("contact_facets.sql"),
    changed: include_str!("contact_changed.sql"),
    link: include_str!("contact_link.sql"),
    orders: &[
        OrderPlan { from: ("contact", "seq"), by: "fold(last_name), fold(first_name)" },
        OrderPlan { from: ("contact", "seq"), by: "fold(position)" },
    ],
};

const BY_NAME: usize = 0;
const ROLE: usize = 1;

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
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let list = self.contact_list(&snapshot, filter, sort, order)?;
        self.window(&snapshot, &list, window)
    }

    pub(super) fn contact_list<'a>(
        &'a self,
        reader: &Connection,
        filter: &'a ContactFilter,
        sort: ContactSort,
        order: Order,
    ) -> Result<List<'a>> {
        let mut within = Vec::new();
        within.extend(self.text_filter(reader, Kind::Contact, &filter.text)?);
        if let Some(customer) = filter.customer_id {
            let sql = "select seq from contact where customer_id = ?";
            within.push(seqs_of(reader, sql, &customer.0)?);
        }
        let role = filter.role.map(|role| (ROLE, Wanted::Coded(role.as_str().as_bytes())));
        Ok(List {
            sheet: &self.sheets.contacts,
            deleted: false,
            is: role.into_iter().collect(),
            within,
            sort: match sort {
                ContactSort::Name => Sort::Plain(BY_NAME),
                ContactSort::Position => Sort::Plain(1),
                ContactSort::Customer => Sort::Customer { then: BY_NAME },
                ContactSort::Role => {
                    let values = texts(ContactRole::ALL, |role| role.as_str());
                    Sort::Facet { facet: ROLE, values, then: BY_NAME }
                }
            },
            order,
            shown: include_str!("contact_row.sql"),
        })
    }
}
