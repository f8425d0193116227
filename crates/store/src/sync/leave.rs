//! Records that are no longer for this user: nothing of them stays.

use std::{collections::BTreeMap, sync::OnceLock};

use domain::{ENTITIES, Id};
use rusqlite::Connection;

use super::receive::is_there;
use crate::{Result, counter, row, search, transact::Tx};

impl Tx<'_> {
    /// Removes a record and what hangs on it, with its log, its place in the search and what the
    /// hub's version of it was: it left the scope of this laptop's user, or the hub did not take
    /// the changeset that made it. What its user did and the hub does not have yet stays in the
    /// log. Returns how many records went.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn leave(&mut self, entity: &str, id: Id) -> Result<usize> {
        if row::table(entity).is_err() {
            // Of a kind that only a newer version knows: it is kept aside at most.
            self.forget_aside(entity, id)?;
            return Ok(0);
        }
        let going = self.with_what_hangs_on(entity, id)?;
        self.remove(&going)
    }

    /// How many records are here, deleted ones too, counted no further than this.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_records(&self, most: usize) -> Result<usize> {
        let mut found = 0;
        for entity in ENTITIES {
            let table = row::table(entity)?;
            let sql = format!("select count(*) from (select 1 from {table} limit ?)");
            let mut statement = self.transaction.prepare_cached(&sql)?;
            found += statement.query_row([most - found], |row| row.get::<_, usize>(0))?;
            if found == most {
                break;
            }
        }
        Ok(found)
    }

    /// Removes a line of a quote that became part of a revision, where it is another one. Its log
    /// stays for as long as the quote does: after a restore of the hub its changeset goes up whole.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_line_away(&mut self, id: Id) -> Result<()> {
        self.forget("quote_line", id)
    }

    /// Forgets what a changeset that the hub answered, or that its user decided about, says of
    /// records that are not here any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_gone(&mut self, changeset_id: Id) -> Result<()> {
        let named: Vec<(String, Id)> = {
            let mut statement = self.transaction.prepare_cached(include_str!("named.sql"))?;
            let named = statement.query_map([changeset_id.0], |row| {
                Ok((row.get(0)?, row.get::<_, uuid::Uuid>(1).map(Id)?))
            })?;
            named.collect::<rusqlite::Result<_>>()?
        };
        let mut has_quote = false;
        for (entity, id) in &named {
            has_quote |= entity == "quote" && is_there(&self.transaction, entity, *id)?;
        }
        for (entity, id) in named {
            let goes_with_quote = has_quote && entity == "quote_line";
            if !goes_with_quote && !is_there(&self.transaction, &entity, id)? {
                self.forget_log(id)?;
            }
        }
        Ok(())
    }

    /// The log keeps of a record that is not here what waits for the hub, and what was rejected
    /// until its user decides: it is their work.
    fn forget_log(&self, id: Id) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(include_str!("forget_log.sql"))?;
        statement.execute([id.0])?;
        Ok(())
    }

    /// Forgets what the log says of a quote's lines that are not here any more.
    fn forget_former_lines(&self, quote: Id) -> Result<()> {
        let lines: Vec<Id> = {
            let sql = include_str!("former_lines.sql");
            let mut statement = self.transaction.prepare_cached(sql)?;
            let found = statement.query_map([quote.0], |row| row.get(0).map(Id))?;
            found.collect::<rusqlite::Result<_>>()?
        };
        lines.into_iter().try_for_each(|line| self.forget_log(line))
    }

    pub(super) fn with_what_hangs_on(
        &self,
        entity: &str,
        id: Id,
    ) -> Result<Vec<(&'static str, Id)>> {
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

    pub(super) fn remove(&mut self, going: &[(&'static str, Id)]) -> Result<usize> {
        for (entity, id) in going {
            search::forget(&self.transaction, entity, *id)?;
            if *entity == "quote" {
                self.forget_former_lines(*id)?;
            }
            self.forget_log(*id)?;
            self.forget(entity, *id)?;
        }
        if going.iter().any(|(entity, _)| *entity == "document") {
            self.drop_content()?;
        }
        if !going.is_empty() {
            counter::note_fill(&self.transaction)?;
        }
        Ok(going.len())
    }

    fn forget(&mut self, entity: &str, id: Id) -> Result<()> {
        let sql = "delete from synced where record_id = ?";
        self.transaction.prepare_cached(sql)?.execute([id.0])?;
        self.forget_aside(entity, id)?;
        // What names it and does not hang on it stays, and names it no more: a subsidiary its
        // parent, a talk the opportunity that the hub did not take.
        for (table, column) in namers(&self.transaction, entity)? {
            let sql = format!("update {table} set {column} = null where {column} = ?");
            self.transaction.prepare_cached(&sql)?.execute([id.0])?;
        }
        if entity == "document" {
            self.owe_content(id)?;
        }
        if entity == "customer" {
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
        "tag" => &[("customer_tag", "tag_id")],
        "article" => &[("price", "article_id")],
        _ => &[],
    };
    hangs.iter().flat_map(|(child, column)| {
        ENTITIES
            .iter()
            .filter(move |name| if *child == "*" { has_customer(name) } else { *name == child })
            .map(move |name| (*name, *column))
    })
}

/// Tables and columns, by the entity that they may name.
type Namers = BTreeMap<String, Vec<(String, String)>>;

/// Columns that may name a record of this entity, or none. Every database has the same.
fn namers(connection: &Connection, entity: &str) -> Result<&'static [(String, String)]> {
    static NAMERS: OnceLock<Namers> = OnceLock::new();
    let known = match NAMERS.get() {
        Some(known) => known,
        None => {
            let mut statement = connection.prepare(include_str!("namers.sql"))?;
            let mut rows = statement.query([])?;
            let mut found = Namers::new();
            while let Some(row) = rows.next()? {
                found.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
            }
            NAMERS.get_or_init(|| found)
        }
    };
    Ok(known.get(entity).map_or(&[], Vec::as_slice))
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
