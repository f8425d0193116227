use commands::view::{
    CustomerFigures, CustomerPage, TaskFilter, TimelineEntry, TimelineKind, Window, Windowed,
};
use domain::{Customer, Day, Id, Opportunity, Record, Tag};
use rusqlite::{Connection, named_params};

use super::ALL;
use crate::{
    Result, Store, StoreError, row,
    store::{self, Reader},
};

impl Store {
    /// Everything that the 360° page shows at once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn customer_page(&self, id: Id, today: Day) -> Result<CustomerPage> {
        let tasks = self.tasks(
            &TaskFilter { customer_id: Some(id), ..Default::default() },
            Window { offset: 0, limit: 20 },
        )?;
        let reader = self.reader()?;
        let customer: Customer = store::get(&reader, id)?;
        let mut addresses: Vec<domain::Address> = store::by(&reader, "customer_id", id)?;
        addresses.sort_by_key(|address| (!address.is_default, address.kind));
        let mut contacts: Vec<domain::Contact> = store::by(&reader, "customer_id", id)?;
        contacts.sort_by_key(|contact| !contact.is_primary);
        let opportunities: Vec<Opportunity> = store::by(&reader, "customer_id", id)?;
        Ok(CustomerPage {
            category: linked(&reader, customer.category_id)?,
            owner: linked(&reader, customer.owner_id)?,
            territory: linked(&reader, customer.territory_id)?,
            price_list: linked(&reader, customer.price_list_id)?,
            payment_terms: linked(&reader, customer.payment_terms_id)?,
            tags: tags(&reader, id)?,
            figures: figures(&reader, id, today)?,
            addresses,
            contacts,
            opportunities: opportunities
                .into_iter()
                .filter(|opportunity| opportunity.status == domain::OpportunityStatus::Open)
                .collect(),
            tasks: tasks.rows,
            customer,
        })
    }

    /// What happened with a customer, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn timeline(
        &self,
        customer: Id,
        kinds: &[TimelineKind],
        window: Window,
    ) -> Result<Windowed<TimelineEntry>> {
        let reader = self.reader()?;
        let wanted = serde_json::to_string(kinds).unwrap_or_default();
        let limit = i64::try_from(window.limit.min(ALL.limit / 2)).unwrap_or(i64::MAX);
        let offset = i64::try_from(window.offset).unwrap_or(i64::MAX);
        let parameters = named_params! { ":customer_id": customer.0, ":kinds": wanted };
        let total = reader
            .prepare_cached(include_str!("timeline_count.sql"))?
            .query_row(parameters, |row| row.get(0))?;
        let mut statement = reader.prepare_cached(include_str!("timeline.sql"))?;
        let mut found = statement.query(named_params! {
            ":customer_id": customer.0, ":kinds": wanted, ":limit": limit, ":offset": offset,
        })?;
        let mut rows = Vec::new();
        while let Some(entry) = found.next()? {
            rows.push(row::view(entry)?);
        }
        Ok(Windowed { total, rows })
    }

    /// The documents of a customer, newest first, without signatures and logos.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn documents(&self, customer: Id) -> Result<Vec<domain::Document>> {
        let mut documents: Vec<domain::Document> = self.by("customer_id", customer)?;
        documents.retain(|document| {
            matches!(document.kind, domain::DocumentKind::File | domain::DocumentKind::QuotePdf)
        });
        documents.reverse();
        Ok(documents)
    }
}

fn linked<R: Record>(reader: &Reader<'_>, id: Option<Id>) -> Result<Option<R>> {
    match id.map(|id| store::get(reader, id)) {
        Some(Ok(record)) => Ok(Some(record)),
        None | Some(Err(StoreError::NotFound { .. })) => Ok(None),
        Some(Err(error)) => Err(error),
    }
}

fn tags(reader: &Connection, customer: Id) -> Result<Vec<Tag>> {
    let mut statement = reader.prepare_cached(include_str!("customer_tags.sql"))?;
    let mut rows = statement.query([customer.0])?;
    store::collect(&mut rows)
}

fn figures(reader: &Connection, customer: Id, today: Day) -> Result<CustomerFigures> {
    use chrono::Datelike;
    let mut statement = reader.prepare_cached(include_str!("customer_figures.sql"))?;
    let mut rows = statement.query(named_params! {
        ":customer_id": customer.0,
        ":this_year": format!("{}-01-01", today.year()),
        ":last_year": format!("{}-01-01", today.year() - 1),
    })?;
    match rows.next()? {
        Some(found) => row::view(found),
        None => Ok(CustomerFigures::default()),
    }
}
