use commands::view::{AppointmentRow, Order, TaskFilter, TaskRow, Window, Windowed};
use domain::{Appointment, Id, Instant, Task};
use rusqlite::{Connection, named_params};

use super::{List, name, ordered};
use crate::{Result, Store, row};

impl Store {
    /// Tasks, next due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tasks(&self, filter: &TaskFilter, window: Window) -> Result<Windowed<TaskRow>> {
        let order = ordered(include_str!("task_order.sql"), &["due_at"], Order::Ascending);
        let list = List {
            name: name("task", filter, &(), Order::Ascending),
            order,
            parameters: &[
                (":closed", &filter.closed),
                (":owner_id", &filter.owner_id.map(|id| id.0)),
                (":customer_id", &filter.customer_id.map(|id| id.0)),
            ],
            shown: "select * from task where seq = :seq",
        };
        let found: Windowed<Task> = self.window(&list, window)?;
        let reader = self.reader()?;
        let rows = found.rows.into_iter().map(|task| task_row(&reader, task));
        Ok(Windowed { total: found.total, rows: rows.collect::<Result<_>>()? })
    }

    /// Appointments that touch a span of time, in order; of one customer, or all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn appointments(
        &self,
        from: Instant,
        to: Instant,
        customer: Option<Id>,
    ) -> Result<Vec<AppointmentRow>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("appointments.sql"))?;
        let mut rows = statement.query(named_params! {
            ":from": from.to_string(),
            ":to": to.to_string(),
            ":customer_id": customer.map(|id| id.0),
        })?;
        let mut found = Vec::new();
        while let Some(appointment) = rows.next()? {
            found.push(appointment_row(&reader, row::record(appointment)?)?);
        }
        Ok(found)
    }
}

pub(crate) fn task_row(reader: &Connection, task: Task) -> Result<TaskRow> {
    let mut statement = reader.prepare_cached(include_str!("task_names.sql"))?;
    let names = statement.query_row(
        named_params! {
            ":customer_id": task.customer_id.map(|id| id.0),
            ":opportunity_id": task.opportunity_id.map(|id| id.0),
            ":quote_id": task.quote_id.map(|id| id.0),
            ":owner_id": task.owner_id.0,
        },
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(TaskRow { task, customer: names.0, subject_of: names.1, owner: names.2 })
}

fn appointment_row(reader: &Connection, appointment: Appointment) -> Result<AppointmentRow> {
    let mut statement = reader.prepare_cached(include_str!("appointment_names.sql"))?;
    let (customer, contact, place, city) = statement.query_row(
        named_params! {
            ":customer_id": appointment.customer_id.map(|id| id.0),
            ":contact_id": appointment.contact_id.map(|id| id.0),
            ":address_id": appointment.address_id.map(|id| id.0),
        },
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?)),
    )?;
    let place = if place.is_empty() { appointment.place.clone() } else { place };
    Ok(AppointmentRow { appointment, customer, contact, place, city })
}
