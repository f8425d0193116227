//! Content of documents. Only who sees a document with it may have or bring it.

use domain::{Id, access::Grants};
use sha2::{Digest, Sha256};

use super::{Postgres, database};
use crate::{
    Error, Result,
    storage::{Storage, Tx},
};

/// No document is larger.
const LARGEST: i64 = 64 * 1024 * 1024;

fn missing() -> Error {
    Error::new("blob-missing", "The hub has no such document, or it is not yours to see.")
}

impl Postgres {
    async fn check_scope(&self, device_id: Id, sha256: &str) -> Result<()> {
        let client = self.client().await?;
        let sql = include_str!("sql/blob_documents.sql");
        let found = client.query(sql, &[&sha256]).await.map_err(|error| database(&error))?;
        drop(client);
        let ids: Vec<(String, Id)> =
            found.iter().map(|row| ("document".into(), Id(row.get("id")))).collect();
        let mut tx = self.begin().await?;
        let device = tx.device(device_id).await?.ok_or_else(missing)?;
        let grants: Grants = tx.grants(device.user_id).await?;
        let seen = tx.records(&ids).await?.iter().any(|stored| grants.sees(stored.place));
        tx.commit().await?;
        if seen { Ok(()) } else { Err(missing()) }
    }

    /// A revoked laptop brings the content of what it handed over, and no other.
    async fn check_kept(&self, device_id: Id, sha256: &str) -> Result<()> {
        let client = self.client().await?;
        let sql = include_str!("sql/kept_document.sql");
        let found = client
            .query_opt(sql, &[&device_id.0, &sha256])
            .await
            .map_err(|error| database(&error))?;
        found.map(|_| ()).ok_or_else(missing)
    }

    /// A part of a document's content, from here on; empty behind its end.
    ///
    /// # Errors
    /// `blob-missing` when it is not whole, or not for this device's user.
    pub async fn blob(&self, device_id: Id, sha256: &str, from: i64, most: i64) -> Result<Vec<u8>> {
        self.check_scope(device_id, sha256).await?;
        let client = self.client().await?;
        let sql = "select substring(content from $2 + 1 for $3) as part from blob where sha256 = $1 and is_whole";
        let (from, most) =
            (i32::try_from(from).unwrap_or(i32::MAX - 1), i32::try_from(most).unwrap_or(i32::MAX));
        let rows =
            client.query(sql, &[&sha256, &from, &most]).await.map_err(|error| database(&error))?;
        rows.first().map(|row| row.get("part")).ok_or_else(missing)
    }

    /// Takes the next part of a document's content; returns how much of it is there.
    ///
    /// # Errors
    /// `blob-missing` for a document that this device's user does not see (or, when it was revoked,
    /// that it did not hand over), `blob-wrong` when the
    /// whole is not what its hash says: then all of it is to be sent again.
    pub async fn put_blob(
        &self,
        device_id: Id,
        is_revoked: bool,
        sha256: &str,
        (size, from): (i64, i64),
        part: &[u8],
    ) -> Result<i64> {
        match is_revoked {
            true => self.check_kept(device_id, sha256).await?,
            false => self.check_scope(device_id, sha256).await?,
        }
        if size > LARGEST || from + part.len() as i64 > size {
            let sentence = "A document is too large, or longer than it says.";
            return Err(Error::new("blob-wrong", sentence));
        }
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let sql = include_str!("sql/put_blob.sql");
        let row = tx
            .query_one(sql, &[&sha256, &size, &from, &part])
            .await
            .map_err(|error| database(&error))?;
        let received: i64 = row.get("received");
        if let Some(whole) = row.get::<_, Option<Vec<u8>>>("complete") {
            let hash: String =
                Sha256::digest(&whole).iter().map(|byte| format!("{byte:02x}")).collect();
            let (sql, is_right) = match hash == sha256 {
                true => ("update blob set is_whole = true where sha256 = $1", true),
                false => ("delete from blob where sha256 = $1", false),
            };
            tx.execute(sql, &[&sha256]).await.map_err(|error| database(&error))?;
            if !is_right {
                tx.commit().await.map_err(|error| database(&error))?;
                let sentence = "The document is not what its hash says; it is sent again.";
                return Err(Error::new("blob-wrong", sentence));
            }
        }
        tx.commit().await.map_err(|error| database(&error))?;
        Ok(received)
    }
}
