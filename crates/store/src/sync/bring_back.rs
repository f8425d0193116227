//! After the hub was restored: what this laptop has seen of it and it lacks.

use domain::{
    Id,
    merge::{State, Versioned},
};
use rusqlite::{Connection, named_params};

use crate::{
    Result, Store,
    log::{fields, id},
    row,
    sync::aside::aside,
    transact::Tx,
};

impl Store {
    /// Records that were seen with a version above this one, by id, behind this one: as the hub
    /// had them, without what was changed here since.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn seen_above(&self, version: i64, after: Id, limit: usize) -> Result<Vec<Versioned>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("seen_above.sql"))?;
        let mut rows = statement.query(named_params! {
            ":version": version,
            ":after": after.0,
            ":limit": limit as i64,
        })?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, entity): (Id, String) = (id(row, 0)?, row.get(1)?);
            if let Some(mut state) = as_the_hub_had_it(&reader, &entity, id)? {
                // With what only a newer version knows.
                state.extend(aside(&reader, id)?);
                found.push(Versioned { entity, id, version: row.get(2)?, state });
            }
        }
        Ok(found)
    }
}

fn as_the_hub_had_it(connection: &Connection, entity: &str, id: Id) -> Result<Option<State>> {
    let table = row::table(entity)?;
    let mut statement =
        connection.prepare_cached(&format!("select * from {table} where id = ?"))?;
    let mut rows = statement.query([id.0])?;
    let Some(mut state) = rows.next()?.map(row::object).transpose()? else { return Ok(None) };
    // The first edit that waits knows what it was based on.
    let mut pending = connection.prepare_cached(include_str!("pending.sql"))?;
    let mut rows = pending.query(named_params! { ":record": id.0 })?;
    let mut seen = std::collections::BTreeSet::new();
    while let Some(row) = rows.next()? {
        for (name, edit) in fields(&row.get::<_, String>(0)?)? {
            if seen.insert(name.clone()) {
                state.insert(name, edit.from);
            }
        }
    }
    Ok(Some(state))
}

impl Tx<'_> {
    /// Forgets versions above this one: the hub counts on from elsewhere. What they were is kept until
    /// [`Tx::all_read`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_above(&mut self, version: i64) -> Result<()> {
        let sql = "insert or replace into offered select * from synced where version > ?";
        self.transaction.prepare_cached(sql)?.execute([version])?;
        let sql = "delete from synced where version > ?";
        self.transaction.prepare_cached(sql)?.execute([version])?;
        // Whatever the hub says next is newer than what was kept aside before.
        let sql = "update kept_aside set version = 0 where version > ?";
        self.transaction.prepare_cached(sql)?.execute([version])?;
        Ok(())
    }

    /// The hub was restored once more: what was offered before and not read since is to be offered
    /// again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn offer_again(&mut self) -> Result<()> {
        self.transaction.execute("insert or ignore into synced select * from offered", [])?;
        self.all_read()
    }

    /// All was read since it was offered.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn all_read(&mut self) -> Result<()> {
        self.transaction.execute("delete from offered", [])?;
        Ok(())
    }
}
