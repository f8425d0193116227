//! Content of documents. Who has a document with it in scope may bring it, and have it once
//! somebody who sees that document brought it: to know a hash is not to have the content.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Id, access::Grants};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Postgres, connection::Connection, database, feed};
use crate::{
    Error, Result,
    storage::{Storage, Tx},
};

/// No document is larger.
const LARGEST: i64 = 64 * 1024 * 1024;

fn missing() -> Error {
    Error::new("blob-missing", "The hub has no such document, or it is not yours to see.")
}

fn wrong(sentence: &str) -> Error {
    Error::new("blob-wrong", sentence)
}

impl Postgres {
    /// The documents with this content that the device's user sees; at least one.
    async fn seen_documents(&self, device_id: Id, sha256: &str) -> Result<Vec<Uuid>> {
        let client = self.client().await?;
        let sql = include_str!("sql/blob_documents.sql");
        let found = client.query(sql, &[&sha256]).await.map_err(|error| database(&error))?;
        drop(client);
        let ids: Vec<(String, Id)> =
            found.iter().map(|row| ("document".into(), Id(row.get("id")))).collect();
        let mut tx = self.begin().await?;
        let grants = tx.reader(device_id).await?.ok_or_else(missing)?.grants;
        let rows = tx.rows(&ids).await?;
        tx.commit().await?;
        let seen = rows.into_iter().filter(|row| grants.sees(row.place));
        let seen: Vec<Uuid> = seen.map(|row| row.id.0).collect();
        if seen.is_empty() { Err(missing()) } else { Ok(seen) }
    }

    /// The documents for which the device's user may bring this content: those that they see, and those
    /// that they made, whose customer is others' by now. A revoked laptop brings the content of what it
    /// handed over as well. At least one, but for that.
    async fn own_documents(
        &self,
        device_id: Id,
        is_revoked: bool,
        sha256: &str,
    ) -> Result<Vec<Uuid>> {
        let client = self.client().await?;
        let sql = include_str!("sql/made_documents.sql");
        let made = client.query(sql, &[&device_id.0, &sha256]).await;
        let made = made.map_err(|error| database(&error))?;
        drop(client);
        let mut own: Vec<Uuid> = made.iter().map(|row| row.get("id")).collect();
        if !is_revoked {
            match self.seen_documents(device_id, sha256).await {
                Ok(seen) => own.extend(seen),
                Err(_) if !own.is_empty() => {}
                Err(error) => return Err(error),
            }
        } else if own.is_empty() {
            self.check_kept(device_id, sha256).await?;
        }
        Ok(own)
    }

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
        let seen = self.seen_documents(device_id, sha256).await?;
        let client = self.client().await?;
        let shown = include_str!("sql/shown_blob.sql");
        let shown = client.query_opt(shown, &[&sha256, &seen]).await;
        shown.map_err(|error| database(&error))?.ok_or_else(missing)?;
        let sql =
            "select substring(content from $2 + 1 for $3) as part from blob where sha256 = $1";
        let (from, most) =
            (i32::try_from(from).unwrap_or(i32::MAX - 1), i32::try_from(most).unwrap_or(i32::MAX));
        let rows =
            client.query(sql, &[&sha256, &from, &most]).await.map_err(|error| database(&error))?;
        rows.first().map(|row| row.get("part")).ok_or_else(missing)
    }

    /// Takes the next part of a document's content; returns how much of it is there. Content that
    /// only others have counts as not there: it is brought as if nobody had it.
    ///
    /// # Errors
    /// `blob-missing` for a document that this device's user neither sees nor made (or, when it was
    /// revoked, neither made nor handed over), `blob-wrong` when the
    /// whole is not what its hash says: then all of it is to be sent again.
    pub async fn put_blob(
        &self,
        device_id: Id,
        is_revoked: bool,
        sha256: &str,
        (size, from): (i64, i64),
        part: &[u8],
    ) -> Result<i64> {
        let seen = self.own_documents(device_id, is_revoked, sha256).await?;
        let end = from.saturating_add(i64::try_from(part.len()).unwrap_or(i64::MAX));
        if size > LARGEST || from < 0 || end > size {
            return Err(wrong("A document is too large, or longer than it says."));
        }
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let sql = include_str!("sql/shown_blob.sql");
        let shown = tx.query_opt(sql, &[&sha256, &seen]).await;
        let show = include_str!("sql/show_documents.sql");
        if let Some(row) = shown.map_err(|error| database(&error))? {
            tx.execute(show, &[&sha256, &seen]).await.map_err(|error| database(&error))?;
            tx.commit().await.map_err(|error| database(&error))?;
            return Ok(row.get("size"));
        }
        let sql = include_str!("sql/put_blob_part.sql");
        let row = tx
            .query_one(sql, &[&device_id.0, &sha256, &size, &from, &part])
            .await
            .map_err(|error| database(&error))?;
        let received: i64 = row.get("received");
        let complete: Option<Vec<u8>> = row.get("complete");
        let is_over = complete.is_some() || received > size;
        if is_over {
            let sql = "delete from blob_part where device_id = $1 and sha256 = $2";
            tx.execute(sql, &[&device_id.0, &sha256]).await.map_err(|error| database(&error))?;
        }
        let whole = complete.filter(|whole| is_hash_of(sha256, whole));
        if let Some(whole) = &whole {
            let sql = include_str!("sql/put_blob.sql");
            tx.execute(sql, &[&sha256, &size, whole]).await.map_err(|error| database(&error))?;
            tx.execute(show, &[&sha256, &seen]).await.map_err(|error| database(&error))?;
        }
        tx.commit().await.map_err(|error| database(&error))?;
        match is_over && whole.is_none() {
            true => Err(wrong("The document is not what its hash says; it is sent again.")),
            false => Ok(received),
        }
    }
}

fn is_hash_of(sha256: &str, content: &[u8]) -> bool {
    let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    hash == sha256
}

/// Documents that a laptop pushed show their content at once where its user has it by another one:
/// it is not sent again.
pub(super) async fn show_known(
    client: &mut Connection,
    grants: &Grants,
    written: &[(Id, String)],
) -> Result<()> {
    let hashes: BTreeSet<&str> = written.iter().map(|(_, sha256)| sha256.as_str()).collect();
    let hashes: Vec<&str> = hashes.into_iter().collect();
    let sql = "select document_id, sha256 from shown_document where sha256 = any($1)";
    let shown = client.read(sql, &[&hashes]).await?;
    let shown: BTreeMap<Id, String> =
        shown.iter().map(|row| (Id(row.get("document_id")), row.get("sha256"))).collect();
    let ids: Vec<(String, Id)> = shown.keys().map(|id| ("document".into(), *id)).collect();
    let rows = feed::rows(client, &ids).await?;
    let seen = rows.into_iter().filter(|row| grants.sees(row.place));
    let seen: BTreeSet<&String> = seen.filter_map(|row| shown.get(&row.id)).collect();
    for sha256 in seen {
        let of = written.iter().filter(|(_, hash)| hash == sha256);
        let of: Vec<Uuid> = of.map(|(id, _)| id.0).collect();
        client.put(include_str!("sql/show_documents.sql"), &[sha256, &of]).await?;
    }
    Ok(())
}
