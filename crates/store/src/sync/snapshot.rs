//! A hub's snapshot: its parts are kept as they come, and loaded at once when all are there. The
//! workspace is empty until then, or whole.

use domain::Id;
use rusqlite::{Connection, TransactionBehavior, named_params};

use super::tables::Tables;
use crate::{Result, Store, bulk, transact::Tx};

/// A workspace that knows more of the hub's records than these is not filled by a snapshot.
const FEW: i64 = 1_000;

impl Store {
    /// Whether next to nothing is here that came from a hub.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn knows_few(&self) -> Result<bool> {
        let sql = "select count(*) < ?1 from (select 1 from synced limit ?1)";
        Ok(self.reader()?.prepare_cached(sql)?.query_row([FEW], |row| row.get(0))?)
    }

    /// Fills the workspace with the parts that were kept, in one transaction: all of it or nothing.
    /// What is here already (its user, what they did meanwhile) is put together with what came, as
    /// from a page. `unpack` unpacks a part; `settle` writes what belongs to it. There is no log of
    /// what came: records say themselves who made them and when, and nothing of it is sent.
    ///
    /// Returns whether it was loaded: parts that do not fit each other, or are not as many rows as
    /// were told, are not.
    ///
    /// # Errors
    /// Those of `unpack` and `settle`, and when the database does not take it; nothing was changed
    /// then.
    pub fn load_snapshot(
        &self,
        records: u64,
        new_id: &mut dyn FnMut() -> Id,
        unpack: &dyn Fn(&[u8]) -> Result<Vec<u8>>,
        settle: &dyn Fn(&mut Tx<'_>) -> Result<()>,
    ) -> Result<bool> {
        let mut writer = self.writer();
        bulk::set_cache(&writer, bulk::CACHE)?;
        // Looked at for all rows together, below: records name some that come behind them, and
        // SQLite would look for those who name it at each of them.
        writer.pragma_update(None, "foreign_keys", false)?;
        let loaded = load(&mut writer, records, new_id, unpack, settle);
        #[cfg(feature = "simulation")]
        let loaded = loaded.and_then(|loaded| self.fate.passes().map(|()| loaded));
        writer.pragma_update(None, "foreign_keys", true)?;
        bulk::set_cache(&writer, crate::connection::CACHE)?;
        loaded
    }
}

fn load(
    writer: &mut Connection,
    records: u64,
    new_id: &mut dyn FnMut() -> Id,
    unpack: &dyn Fn(&[u8]) -> Result<Vec<u8>>,
    settle: &dyn Fn(&mut Tx<'_>) -> Result<()>,
) -> Result<bool> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut tx = Tx::new(transaction);
    let firsts = bulk::firsts(&tx.transaction)?;
    let indexes = bulk::drop_indexes_if_empty(&tx.transaction, &firsts)?;
    let mut tables = Tables::new(&tx.transaction)?;
    {
        let sql = "select content from snapshot_part order by no";
        let mut statement = tx.transaction.prepare(sql)?;
        let mut parts = statement.query([])?;
        while let Some(part) = parts.next()? {
            let packed = part.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            tables.load(&unpack(packed)?)?;
        }
    }
    let (rows, here_before) = tables.end()?;
    if rows != records {
        return Ok(false);
    }
    bulk::finish(&tx.transaction, &firsts, indexes)?;
    tx.receive(&here_before, false, new_id)?;
    if !references_hold(&tx.transaction)? {
        return Ok(false);
    }
    tx.drop_parts()?;
    settle(&mut tx)?;
    tx.commit()?;
    Ok(true)
}

impl Tx<'_> {
    /// Keeps a part of a snapshot, packed as it came.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_part(&mut self, packed: &[u8]) -> Result<()> {
        let sql = "insert into snapshot_part (content) values (:content)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        statement.execute(named_params! { ":content": packed })?;
        Ok(())
    }

    /// Forgets all parts: the snapshot begins anew.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_parts(&mut self) -> Result<()> {
        self.transaction.execute("delete from snapshot_part", [])?;
        Ok(())
    }
}

fn references_hold(connection: &Connection) -> Result<bool> {
    let mut statement = connection.prepare("pragma foreign_key_check")?;
    Ok(statement.query([])?.next()?.is_none())
}
