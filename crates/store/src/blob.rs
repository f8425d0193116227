//! Content of documents, once per hash, in the encrypted database itself: no file lies beside
//! it, and rows and content are committed together.

use domain::Id;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{Result, Store, StoreError};

pub(crate) fn put(connection: &Connection, content: &[u8]) -> Result<String> {
    let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut statement = connection
        .prepare_cached("insert or ignore into blob (sha256, size, content) values (?, ?, ?)")?;
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    statement.execute((&hash, size, content))?;
    Ok(hash)
}

impl Store {
    /// The content with this hash.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is not on this device.
    pub fn blob(&self, sha256: &str) -> Result<Vec<u8>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached("select content from blob where sha256 = ?")?;
        statement.query_row([sha256], |row| row.get(0)).map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => {
                StoreError::NotFound { entity: "document".into() }
            }
            error => error.into(),
        })
    }

    /// A document and its content.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn document(&self, id: Id) -> Result<(domain::Document, Vec<u8>)> {
        let document: domain::Document = self.get(id)?;
        let content = self.blob(&document.sha256)?;
        Ok((document, content))
    }
}
