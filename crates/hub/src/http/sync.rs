//! The sync calls: thin, they only check whose device speaks.

use std::time::Instant as Clock;

use ::sync::{
    Digest, Digested, Fork, Hello, Keep, Kept, Offer, Offered, Page, Push, Pushed, Refetch,
    Refetched, Tokens, Welcome,
};
use axum::{
    Json,
    extract::{Query, State},
};
use domain::Instant;
use serde::Deserialize;

use super::{
    Bearer, Caller, Hub,
    body::{Call, LargeCall},
    device_of,
};
use crate::Result;

pub(super) async fn hello(
    State(hub): State<Hub>,
    caller: Caller,
    Call(request): Call<Hello>,
) -> Result<Json<Welcome>> {
    caller.check(request.device_id)?;
    crate::hello(&hub.storage, &request).await.map(Json)
}

pub(super) async fn push(
    State(hub): State<Hub>,
    caller: Caller,
    LargeCall(request, _place): LargeCall<Push>,
) -> Result<Json<Pushed>> {
    caller.check(request.device_id)?;
    let begin = Clock::now();
    let now = Instant::now();
    let pushed = crate::push(&hub.storage, request, now, now.utc().date_naive()).await?;
    hub.metrics.pushed(&pushed, begin.elapsed());
    hub.pulse.look();
    Ok(Json(pushed))
}

pub(super) async fn offer(
    State(hub): State<Hub>,
    caller: Caller,
    LargeCall(request, _place): LargeCall<Offer>,
) -> Result<Json<Offered>> {
    caller.check(request.device_id)?;
    let now = Instant::now();
    let offered = crate::offer(&hub.storage, &request, now, now.utc().date_naive()).await?;
    hub.pulse.look();
    Ok(Json(offered))
}

pub(super) async fn digest(
    State(hub): State<Hub>,
    caller: Caller,
    Call(request): Call<Digest>,
) -> Result<Json<Digested>> {
    caller.check(request.device_id)?;
    crate::digest(&hub.storage, &request).await.map(Json)
}

pub(super) async fn refetch(
    State(hub): State<Hub>,
    caller: Caller,
    Call(request): Call<Refetch>,
) -> Result<Json<Refetched>> {
    caller.check(request.device_id)?;
    crate::refetch(&hub.storage, &request).await.map(Json)
}

#[derive(Deserialize)]
pub(super) struct From {
    pub(super) incarnation: i64,
    pub(super) cursor: Option<String>,
}

pub(super) async fn changes(
    State(hub): State<Hub>,
    caller: Caller,
    Query(from): Query<From>,
) -> Result<Json<Page>> {
    let begin = Clock::now();
    let cursor = from.cursor.as_deref();
    let (device, now) = (caller.device_id, Instant::now());
    let page = crate::page(&hub.storage, device, from.incarnation, cursor, now).await?;
    hub.metrics.pulled(&page, begin.elapsed());
    Ok(Json(page))
}

/// A copied database becomes a device of its own; the one that it was copied from goes on.
pub(super) async fn fork(
    State(hub): State<Hub>,
    Bearer(known): Bearer,
    Call(request): Call<Fork>,
) -> Result<Json<Tokens>> {
    known.check()?;
    let pair = hub.storage.fork(&known, request.new_id, hub.approval).await?;
    Ok(Json(Tokens { access: pair.access, refresh: pair.refresh }))
}

/// The one call of a laptop that was revoked.
pub(super) async fn keep(
    State(hub): State<Hub>,
    Bearer(known): Bearer,
    LargeCall(request, _place): LargeCall<Keep>,
) -> Result<Json<Kept>> {
    device_of(known.device_id, request.device_id)?;
    let kept = crate::keep(&hub.storage, &request).await?;
    if request.is_all {
        hub.storage.note_emptied(known.device_id).await?;
    }
    Ok(Json(kept))
}
