//! The first fill over HTTP: parts that are packed already.

use axum::{
    extract::{Query, State},
    http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName},
};
use domain::Instant;

use super::{Caller, Hub, sync::From};
use crate::{Error, Result};

/// Bytes that no layer packs again.
type Packed = ([(HeaderName, &'static str); 2], Vec<u8>);

pub(super) async fn snapshot(
    State(hub): State<Hub>,
    caller: Caller,
    Query(from): Query<From>,
) -> Result<Packed> {
    let cursor = from.cursor.as_deref();
    let (device, now) = (caller.device_id, Instant::now());
    let part = crate::snapshot(&hub.storage, device, from.incarnation, cursor, now).await?;
    let bytes = part.to_bytes().map_err(|error| Error::internal(&error))?;
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (CONTENT_ENCODING, "identity")];
    Ok((headers, bytes))
}
