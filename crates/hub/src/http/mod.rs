//! The hub over HTTP: `/api/v1`, `/health`, `/metrics`.

mod blobs;
mod body;
mod bounds;
mod events;
mod metrics;
mod name;
mod session;
mod snapshot;
mod source;
mod sync;

use std::{net::IpAddr, sync::Arc};

use ::sync::Refused;
use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::{
        StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
        request::Parts,
    },
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use domain::Id;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate, SizeAbove},
    },
    decompression::RequestDecompressionLayer,
    limit::RequestBodyLimitLayer,
};

use crate::{
    Approval, Error, Postgres,
    postgres::{Known, invalid},
};
pub use bounds::Bounds;
pub use events::Pulse;
pub(crate) use events::Written;
pub use metrics::Metrics;
pub use name::is_hidden;

/// Shorter answers take longer to pack than to send.
const WORTHWHILE: u16 = 1024;

/// What every handler works with.
#[derive(Clone)]
pub struct Hub {
    /// The database.
    pub storage: Postgres,
    /// Counts what happens.
    pub metrics: Arc<Metrics>,
    /// Tells those who listen that there is something to read.
    pub pulse: Pulse,
    /// Which laptops are let in without an administrator.
    pub approval: Approval,
    /// What it does at once at most.
    pub bounds: Bounds,
    /// Proxies before it, which are believed whom they speak for.
    pub proxies: Arc<[IpAddr]>,
}

/// All routes; those for whoever watches over the hub apart where they are asked for elsewhere.
pub fn router(hub: Hub, metrics_apart: bool) -> Router {
    let watched = if metrics_apart { Router::new() } else { metrics_route() };
    let api = Router::new()
        .route("/session", post(session::sign_in))
        .route("/session", delete(session::sign_out))
        .route("/session/refresh", post(session::refresh))
        .route("/sync/hello", post(sync::hello))
        .route("/sync/push", post(sync::push))
        .route("/sync/offer", post(sync::offer))
        .route("/sync/digest", post(sync::digest))
        .route("/sync/refetch", post(sync::refetch))
        .route("/sync/fork", post(sync::fork))
        .route("/sync/keep", post(sync::keep))
        .route("/sync/changes", get(sync::changes))
        .route("/sync/snapshot", get(snapshot::snapshot))
        .route("/sync/blobs/{sha256}", get(blobs::get).put(blobs::put))
        .route("/sync/events", get(events::events));
    Router::new()
        .nest("/api/v1", api)
        .route("/health", get(health))
        .merge(watched)
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(body::LONGEST_PACKED))
        .layer(map_response(in_own_words))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(DefaultPredicate::new().and(SizeAbove::new(WORTHWHILE))),
        )
        .with_state(hub)
}

fn metrics_route() -> Router<Hub> {
    Router::new().route("/metrics", get(metrics::metrics))
}

/// What the hub counts, and no more.
pub fn metrics_router(hub: Hub) -> Router {
    metrics_route().with_state(hub)
}

/// A layer that sends a body away says so in a word of its own; laptops listen to ours only.
async fn in_own_words(answer: Response) -> Response {
    let is_ours =
        answer.headers().get(CONTENT_TYPE).is_some_and(|of| of.as_bytes().ends_with(b"json"));
    match answer.status() {
        StatusCode::PAYLOAD_TOO_LARGE if !is_ours => body::too_large().into_response(),
        _ => answer,
    }
}

async fn health(State(hub): State<Hub>) -> Result<&'static str, Error> {
    hub.storage.check().await?;
    Ok("ok\n")
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match self.code {
            "token-invalid" | "sign-in-wrong" => StatusCode::UNAUTHORIZED,
            "device-revoked" | "device-waiting" | "device-unknown" | "account-unknown" => {
                StatusCode::FORBIDDEN
            }
            "device-forked" | "device-not-revoked" | "epoch-ended" | "snapshot-ended" => {
                StatusCode::CONFLICT
            }
            "blob-missing" => StatusCode::NOT_FOUND,
            "too-many" => StatusCode::TOO_MANY_REQUESTS,
            "too-large" => StatusCode::PAYLOAD_TOO_LARGE,
            "unavailable" | "database-untrusted" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        // Laptops come again; what is behind it is no business of theirs.
        let code =
            if status == StatusCode::SERVICE_UNAVAILABLE { "unavailable" } else { self.code };
        (status, Json(Refused { code: code.into(), sentence: self.sentence })).into_response()
    }
}

/// A valid access token, whether or not its laptop is let in.
pub(crate) struct Bearer(pub(crate) Known);

impl FromRequestParts<Hub> for Bearer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Error> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(invalid)?;
        hub.storage.access(token).await?.map(Self).ok_or_else(invalid)
    }
}

/// Who calls, by a valid access token of a laptop that is let in.
pub(crate) struct Caller {
    pub(crate) device_id: Id,
}

impl FromRequestParts<Hub> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Error> {
        let Bearer(known) = Bearer::from_request_parts(parts, hub).await?;
        known.check()?;
        Ok(Self { device_id: known.device_id })
    }
}

impl Caller {
    pub(crate) fn check(&self, device_id: Id) -> Result<(), Error> {
        device_of(self.device_id, device_id)
    }
}

/// A token speaks for its own device only.
fn device_of(own: Id, named: Id) -> Result<(), Error> {
    match named == own {
        true => Ok(()),
        false => Err(Error::new("device-unknown", "This token is another laptop's.")),
    }
}
