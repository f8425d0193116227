//! Content of documents on its way.

use rusqlite::named_params;

use crate::{Result, Store, StoreError};

impl Store {
    fn hashes(&self, sql: &str, limit: usize) -> Result<Vec<String>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(sql)?;
        let rows =
            statement.query_map(named_params! { ":limit": limit as i64 }, |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Hashes of content that the hub does not have yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn blobs_to_send(&self, limit: usize) -> Result<Vec<String>> {
        self.hashes(include_str!("blobs_to_send.sql"), limit)
    }

    /// Hashes of content that is not here yet, of the newest documents first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn blobs_to_fetch(&self, limit: usize) -> Result<Vec<String>> {
        self.hashes(include_str!("blobs_to_fetch.sql"), limit)
    }

    /// The hub has the content.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn blob_sent(&self, sha256: &str) -> Result<()> {
        self.transact(|tx| {
            tx.note_sent(sha256)?;
            tx.drop_content()
        })
    }

    /// Keeps content that came from the hub, if its document is still here.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is not what its hash says.
    pub fn blob_came(&self, sha256: &str, content: &[u8]) -> Result<()> {
        self.transact(|tx| {
            if tx.put_blob(content)? != sha256 {
                return Err(StoreError::Damaged("a document that came from the hub".into()));
            }
            if !tx.drop_unnamed(sha256)? {
                tx.note_sent(sha256)?;
            }
            Ok(())
        })
    }
}
