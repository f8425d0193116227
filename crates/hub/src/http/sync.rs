//! The sync calls: thin, they only check whose device speaks.

use std::time::Instant as Clock;

use ::sync::{Fork, Hello, Offer, Offered, Page, Push, Pushed, Tokens, Welcome};
use axum::{
    Json,
    extract::{Query, State},
};
use domain::Instant;
use serde::Deserialize;

use super::{Caller, Hub};
use crate::Result;

pub(super) async fn hello(
    State(hub): State<Hub>,
    caller: Caller,
    Json(request): Json<Hello>,
) -> Result<Json<Welcome>> {
    caller.check(request.device_id)?;
    crate::hello(&hub.storage, &request).await.map(Json)
}

pub(super) async fn push(
    State(hub): State<Hub>,
    caller: Caller,
    Json(request): Json<Push>,
) -> Result<Json<Pushed>> {
    caller.check(request.device_id)?;
    let begin = Clock::now();
    let now = Instant::now();
    let pushed = crate::push(&hub.storage, request, now, now.utc().date_naive()).await?;
    hub.metrics.pushed(&pushed, begin.elapsed());
    hub.pulse.beat();
    Ok(Json(pushed))
}

pub(super) async fn offer(
    State(hub): State<Hub>,
    caller: Caller,
    Json(request): Json<Offer>,
) -> Result<Json<Offered>> {
    caller.check(request.device_id)?;
    let now = Instant::now();
    let offered = crate::offer(&hub.storage, &request, now, now.utc().date_naive()).await?;
    hub.pulse.beat();
    Ok(Json(offered))
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
    let page = crate::page(&hub.storage, caller.device_id, from.incarnation, cursor).await?;
    hub.metrics.pulled(&page, begin.elapsed());
    Ok(Json(page))
}

/// A copied database becomes a device of its own; the one that it was copied from goes on.
pub(super) async fn fork(
    State(hub): State<Hub>,
    caller: Caller,
    Json(request): Json<Fork>,
) -> Result<Json<Tokens>> {
    hub.storage.register(caller.account_id, request.new_id, "").await?;
    let pair = hub.storage.issue(caller.account_id, request.new_id, None).await?;
    hub.storage.audit(Some(caller.account_id), Some(request.new_id), "fork").await?;
    Ok(Json(Tokens { access: pair.access, refresh: pair.refresh }))
}
