//! Content of documents, in parts, in a queue of its own.

use ::sync::{BLOB_PART, BlobState};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;

use super::{Bearer, Caller, Hub, body::DocumentPart};
use crate::{Error, Result};

#[derive(Deserialize)]
pub(super) struct At {
    from: i64,
    #[serde(default)]
    size: i64,
}

fn check(sha256: &str, at: &At) -> Result<()> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash && at.from >= 0 && at.size >= 0 {
        return Ok(());
    }
    Err(Error::new("blob-wrong", "A document is called by its SHA-256."))
}

pub(super) async fn get(
    State(hub): State<Hub>,
    caller: Caller,
    Path(sha256): Path<String>,
    Query(at): Query<At>,
) -> Result<Vec<u8>> {
    check(&sha256, &at)?;
    hub.storage.blob(caller.device_id, &sha256, at.from, BLOB_PART as i64).await
}

pub(super) async fn put(
    State(hub): State<Hub>,
    Bearer(known): Bearer,
    Path(sha256): Path<String>,
    Query(at): Query<At>,
    DocumentPart(part): DocumentPart,
) -> Result<Json<BlobState>> {
    check(&sha256, &at)?;
    if !known.is_revoked {
        known.check()?;
    }
    let (device_id, is_revoked) = (known.device_id, known.is_revoked);
    let place = (at.size, at.from);
    let received = hub.storage.put_blob(device_id, is_revoked, &sha256, place, &part).await?;
    Ok(Json(BlobState { received }))
}
