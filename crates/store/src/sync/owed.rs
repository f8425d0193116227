//! Content of documents that left this laptop: what the hub does not have yet is still brought to it.
//! Then nothing of it stays.

use domain::Id;
use rusqlite::Params;

use crate::{Result, Store, transact::Tx};

impl Tx<'_> {
    /// A document is about to go: its content is owed to the hub until the hub has it.
    pub(super) fn owe_content(&self, document_id: Id) -> Result<()> {
        let sql = include_str!("owe_content.sql");
        self.transaction.prepare_cached(sql)?.execute([document_id.0])?;
        Ok(())
    }

    /// Removes what the hub has and no document here names any more.
    pub(super) fn drop_content(&self) -> Result<()> {
        self.settle_owed(include_str!("owed_and_sent.sql"), [])
    }

    fn settle_owed(&self, sql: &str, of: impl Params) -> Result<()> {
        let settled: Vec<String> = {
            let mut statement = self.transaction.prepare_cached(sql)?;
            let settled = statement.query_map(of, |row| row.get(0))?;
            settled.collect::<rusqlite::Result<_>>()?
        };
        for sha256 in settled {
            self.drop_unnamed(&sha256)?;
        }
        Ok(())
    }

    /// Removes content that no document here has; whether it did.
    pub(super) fn drop_unnamed(&self, sha256: &str) -> Result<bool> {
        let mut is_unnamed =
            self.transaction.prepare_cached(include_str!("content_unnamed.sql"))?;
        if !is_unnamed.query_row([sha256], |row| row.get::<_, bool>(0))? {
            return Ok(false);
        }
        for table in ["blob_sent", "blob"] {
            let sql = format!("delete from {table} where sha256 = ?");
            self.transaction.prepare_cached(&sql)?.execute([sha256])?;
        }
        Ok(true)
    }

    /// The hub has the content.
    pub(super) fn note_sent(&self, sha256: &str) -> Result<()> {
        let sql = "insert or ignore into blob_sent values (?)";
        self.transaction.prepare_cached(sql)?.execute([sha256])?;
        Ok(())
    }
}

impl Store {
    /// The hub does not take the content: it has no document of this user's with it. Where none is
    /// here either, it goes.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn content_refused(&self, sha256: &str) -> Result<()> {
        self.transact(|tx| tx.settle_owed(include_str!("owed_and_refused.sql"), [sha256]))
    }
}
