//! What lists sort customers by beside their own columns, written after every changeset.

use std::collections::BTreeSet;

use domain::{Change, ChangeKind, Id};
use rusqlite::{Connection, named_params};

use crate::{Result, search};

/// Sums up the customers that a changeset touched.
pub(crate) fn refresh(connection: &Connection, changes: &[Change]) -> Result<()> {
    let mut customers: BTreeSet<Id> = BTreeSet::new();
    for change in changes {
        match change.entity.as_str() {
            // What is summed up hangs on the customer: changing the customer itself changes none.
            "customer" if change.kind == ChangeKind::Insert => {
                customers.insert(change.id);
            }
            "address" | "communication" | "opportunity" => {
                customers.extend(search::owners(connection, change, "customer_id")?);
            }
            _ => {}
        }
    }
    let sql = format!("{} where customer.id = :id", include_str!("summary/summarise.sql"));
    let mut statement = connection.prepare_cached(&sql)?;
    for customer in customers {
        statement.execute(named_params! { ":id": customer.0 })?;
    }
    Ok(())
}

/// Sums up the customers from this `seq` on, after a load.
pub(crate) fn from(connection: &Connection, seq: i64) -> Result<()> {
    let sql = format!("{} where customer.seq >= :seq", include_str!("summary/summarise.sql"));
    connection.execute(&sql, named_params! { ":seq": seq })?;
    Ok(())
}
