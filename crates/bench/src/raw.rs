//! The peer of most figures: SQLite itself, encrypted alike and set alike, without Kontor.

mod rows;

use std::path::Path;

use anyhow::Result;
use domain::{Customer, Id};
use rusqlite::{Connection, functions::FunctionFlags, params};

use crate::figure::Times;
pub(crate) use rows::{Loopback, Rows, download};

/// A database with the customer's table and the change log as the migrations describe them.
pub(crate) struct Raw {
    pub(crate) connection: Connection,
    pub(crate) ids: Vec<Id>,
}

impl Raw {
    /// Fills a database with so many customers.
    pub(crate) fn fill(path: &Path, customers: u64) -> Result<Self> {
        let connection = open(path)?;
        connection.execute_batch(include_str!("../../../migrations/laptop/V1__customers.sql"))?;
        connection.execute_batch(include_str!("../../../migrations/laptop/V4__device.sql"))?;
        let mut ids = Vec::new();
        let columns: Vec<String> = domain::changeset::object(&Customer::default())
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("insert into customer ({}) values ({marks})", columns.join(", "));
        connection.execute_batch("begin")?;
        {
            let mut insert = connection.prepare(&sql)?;
            let mut rng = fastrand::Rng::with_seed(1);
            for number in 0..customers {
                let id = Id::now();
                let customer = Customer {
                    id,
                    number: format!("K-{number:06}"),
                    name: format!("{:x} Maschinenbau GmbH", rng.u64(..)),
                    ..Customer::default()
                };
                for (at, (name, value)) in
                    domain::changeset::object(&customer).into_iter().enumerate()
                {
                    bind(&mut insert, at + 1, &name, &value)?;
                }
                insert.raw_execute()?;
                ids.push(id);
            }
        }
        connection.execute_batch("commit; pragma wal_checkpoint(truncate)")?;
        Ok(Self { connection, ids })
    }

    /// Looks at a customer, as whoever edits it has.
    pub(crate) fn look(&self, id: Id) -> Result<String> {
        let sql = "select * from customer where id = ?";
        Ok(self.connection.prepare_cached(sql)?.query_row([id.0], |row| row.get("name"))?)
    }

    /// One edit and its log, written by hand in one transaction.
    pub(crate) fn edit(&mut self, id: Id, phone: &str) -> Result<()> {
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let at = domain::Instant::now().to_string();
        let by = Id::now();
        transaction
            .prepare_cached(
                "update customer set phone = ?, updated_at = ?, updated_by = ? where id = ?",
            )?
            .execute(params![phone, at, by.0, id.0])?;
        transaction
            .prepare_cached(
                "insert into changeset (id, at, user_id, operation, subject) values (?, ?, ?, ?, ?)",
            )?
            .execute(params![Id::now().0, at, by.0, "customer.save", "Maschinenbau GmbH"])?;
        let fields = format!(
            "{{\"phone\":{{\"from\":\"\",\"to\":\"{phone}\"}},\"updated_at\":{{\"from\":\"{at}\",\"to\":\"{at}\"}}}}"
        );
        transaction
            .prepare_cached(
                "insert into change (changeset_seq, entity, record_id, kind, fields) values (?, ?, ?, ?, ?)",
            )?
            .execute(params![transaction.last_insert_rowid(), "customer", id.0, "update", fields])?;
        Ok(transaction.commit()?)
    }

    /// Reads so many whole rows by their ids: the least that a page of a list costs.
    pub(crate) fn read_rows(&self, rows: usize, rounds: usize) -> Result<f64> {
        let mut times = Times::default();
        let mut rng = fastrand::Rng::with_seed(2);
        let mut statement = self
            .connection
            .prepare("select number, name, phone, updated_at from customer where id = ?")?;
        for _ in 0..rounds {
            let wanted: Vec<Id> =
                (0..rows).map(|_| self.ids[rng.usize(..self.ids.len())]).collect();
            times.take("", || -> Result<usize> {
                let mut letters = 0;
                for id in &wanted {
                    letters += statement.query_row([id.0], |row| {
                        Ok(row.get::<_, String>(0)?.len() + row.get::<_, String>(1)?.len())
                    })?;
                }
                Ok(letters)
            })?;
        }
        Ok(times.at(0.99))
    }
}

/// A database that is encrypted and set as Kontor's.
fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "pragma key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\";
         pragma journal_mode = wal;
         pragma synchronous = full;
         pragma foreign_keys = on;
         pragma temp_store = memory;
         pragma cache_size = -16000;",
    )?;
    connection.create_scalar_function(
        "fold",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(domain::fold(context.get_raw(0).as_str().unwrap_or_default())),
    )?;
    Ok(connection)
}

fn bind(
    statement: &mut rusqlite::Statement<'_>,
    at: usize,
    name: &str,
    value: &serde_json::Value,
) -> Result<()> {
    use serde_json::Value;
    let is_id =
        name == "id" || name.ends_with("_by") || (name.ends_with("_id") && name != "vat_id");
    match value {
        Value::Null => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
        Value::Bool(yes) => statement.raw_bind_parameter(at, i64::from(*yes))?,
        Value::Number(number) => statement.raw_bind_parameter(at, number.as_i64().unwrap_or(0))?,
        Value::String(text) if is_id => {
            let id: Id = text.parse().map_err(|_| anyhow::anyhow!("{name} is no id"))?;
            statement.raw_bind_parameter(at, id.0)?;
        }
        Value::String(text) => statement.raw_bind_parameter(at, text)?,
        other => statement.raw_bind_parameter(at, other.to_string())?,
    }
    Ok(())
}
