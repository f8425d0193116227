use commands::view::{AppointmentRow, Order, TaskFilter, TaskRow, Window, Windowed};
use domain::{Appointment, Id, Instant, Task, TaskStatus};
use rusqlite::{Connection, named_params};

use super::{
    List, Sort, Wanted, seqs_of,
    sheet::{OrderPlan, Plan},
};
use crate::{Result, Store, row};

pub(super) const TASKS: Plan = Plan {
    table: "task",
    facets: include_str!("task_facets.sql"),
    changed: include_str!("task_changed.sql"),
    link: "",
    orders: &[OrderPlan { from: ("task", "seq"), by: "due_at" }],
};

const STATUS: usize = 1;
const OWNER: usize = 2;

impl Store {
    /// Tasks, next due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tasks(&self, filter: &TaskFilter, window: Window) -> Result<Windowed<TaskRow>> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let mut is = Vec::new();
        if !filter.closed {
            is.push((STATUS, Wanted::Coded(TaskStatus::Open.as_str().as_bytes())));
        }
        is.extend(filter.owner_id.as_ref().map(|id| (OWNER, Wanted::Coded(id.0.as_bytes()))));
        let mut within = Vec::new();
        if let Some(customer) = filter.customer_id {
            let sql = "select seq from task where customer_id = ?";
            within.push(seqs_of(&snapshot, sql, &customer.0)?);
        }
        let list = List {
            sheet: &self.sheets.tasks,
            deleted: false,
            is,
            within,
            sort: Sort::Plain(0),
            order: Order::Ascending,
            shown: "select * from task where seq = :seq",
        };
        let found: Windowed<Task> = self.window(&snapshot, &list, window)?;
        let rows = found.rows.into_iter().map(|task| task_row(&snapshot, task));
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
    let (customer, contact, place, city, phone) = statement.query_row(
        named_params! {
            ":customer_id": appointment.customer_id.map(|id| id.0),
            ":contact_id": appointment.contact_id.map(|id| id.0),
            ":address_id": appointment.address_id.map(|id| id.0),
        },
        |row| {
            let place: String = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, place, row.get(3)?, row.get(4)?))
        },
    )?;
    // Words win over the customer's default address, an address that was chosen over words.
    let place = if appointment.address_id.is_none() && !appointment.place.is_empty() {
        appointment.place.clone()
    } else {
        place
    };
    Ok(AppointmentRow { appointment, customer, contact, place, city, phone })
}
