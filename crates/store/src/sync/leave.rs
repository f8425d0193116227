//! Records that are no longer for this user: nothing of them stays.

use domain::{ENTITIES, Id};
use rusqlite::Connection;

use crate::{Result, counter, row, search, transact::Tx};

impl Tx<'_> {
    /// Removes a record and what hangs on it, with its log, its place in the search and what the
    /// hub's version of it was. Returns how many records went.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn leave(&mut self, entity: &str, id: Id) -> Result<usize> {
        let going = self.with_what_hangs_on(entity, id)?;
        for (_, id) in &going {
            let sql = "delete from change where record_id = ?";
            self.transaction.prepare_cached(sql)?.execute([id.0])?;
        }
        self.remove(&going)
    }

    /// Removes a record that a rejected changeset made, and what hangs on it. The log keeps it: its
    /// user may want it again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_away(&mut self, entity: &str, id: Id) -> Result<usize> {
        let going = self.with_what_hangs_on(entity, id)?;
        self.remove(&going)
    }

    fn with_what_hangs_on(&self, entity: &str, id: Id) -> Result<Vec<(&'static str, Id)>> {
        let mut going = vec![(row::table(entity)?, id)];
        let mut at = 0;
        while let Some((entity, id)) = going.get(at).copied() {
            for (child, column) in children(entity) {
                let found = ids(&self.transaction, child, column, id)?;
                for child_id in found {
                    if !going.contains(&(child, child_id)) {
                        going.push((child, child_id));
                    }
                }
            }
            at += 1;
        }
        Ok(going)
    }

    fn remove(&mut self, going: &[(&'static str, Id)]) -> Result<usize> {
        for (entity, id) in going {
            search::forget(&self.transaction, entity, *id)?;
            self.forget(entity, *id)?;
        }
        if !going.is_empty() {
            counter::note_fill(&self.transaction)?;
        }
        Ok(going.len())
    }

    fn forget(&mut self, entity: &str, id: Id) -> Result<()> {
        let sql = "delete from synced where record_id = ?";
        self.transaction.prepare_cached(sql)?.execute([id.0])?;
        let sql = "delete from kept_aside where record_id = ?";
        self.transaction.prepare_cached(sql)?.execute([id.0])?;
        if entity == "customer" {
            // Its subsidiaries stay, without a parent that may be seen.
            let sql = "update customer set parent_id = null where parent_id = ?";
            self.transaction.prepare_cached(sql)?.execute([id.0])?;
            let sql = "delete from customer_summary where customer_seq = (select seq from customer where id = ?)";
            self.transaction.prepare_cached(sql)?.execute([id.0])?;
        }
        let sql = format!("delete from {entity} where id = ?");
        self.transaction.prepare_cached(&sql)?.execute([id.0])?;
        self.touch(entity, id);
        Ok(())
    }
}

/// What hangs on a record of this entity: tables with the columns that name it.
fn children(entity: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let hangs: &[(&str, &str)] = match entity {
        "customer" => &[("*", "customer_id")],
        "quote" => &[("quote_line", "quote_id"), ("document", "quote_id")],
        _ => &[],
    };
    hangs.iter().flat_map(|(child, column)| {
        ENTITIES
            .iter()
            .filter(move |name| if *child == "*" { has_customer(name) } else { *name == child })
            .map(move |name| (*name, *column))
    })
}

fn has_customer(entity: &str) -> bool {
    matches!(
        entity,
        "address"
            | "contact"
            | "customer_tag"
            | "price"
            | "opportunity"
            | "quote"
            | "document"
            | "communication"
            | "task"
            | "appointment"
            | "conflict"
    )
}

fn ids(connection: &Connection, table: &str, column: &str, of: Id) -> Result<Vec<Id>> {
    let sql = format!("select id from {table} where {column} = ?");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([of.0], |row| row.get::<_, uuid::Uuid>(0).map(Id))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
