//! The hub over HTTP: `/api/v1`, `/health`, `/metrics`.

mod blobs;
mod events;
mod metrics;
mod session;
mod snapshot;
mod sync;

use std::sync::Arc;

use ::sync::Refused;
use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
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

use crate::{Approval, Error, Postgres, postgres::Known};
pub use events::Pulse;
pub(crate) use events::Written;
pub use metrics::Metrics;

/// A request's body is at most so long, unpacked or not.
const LONGEST: usize = 8 * 1024 * 1024;

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
}

/// All routes.
pub fn router(hub: Hub) -> Router {
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
        .route("/metrics", get(metrics::metrics))
        .layer(RequestBodyLimitLayer::new(LONGEST))
        .layer(RequestDecompressionLayer::new())
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(DefaultPredicate::new().and(SizeAbove::new(WORTHWHILE))),
        )
        .with_state(hub)
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
            "unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, Json(Refused { code: self.code.into(), sentence: self.sentence })).into_response()
    }
}

/// A valid access token, whether or not its laptop is let in.
pub(crate) struct Bearer(pub(crate) Known);

impl FromRequestParts<Hub> for Bearer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Error> {
        let invalid = || Error::new("token-invalid", "Please sign in again.");
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(invalid)?;
        hub.storage.token(token, false).await?.map(Self).ok_or_else(invalid)
    }
}

/// Who calls, by a valid access token of a laptop that is let in.
pub(crate) struct Caller {
    pub(crate) device_id: Id,
    pub(crate) account_id: Id,
}

impl FromRequestParts<Hub> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Error> {
        let Bearer(known) = Bearer::from_request_parts(parts, hub).await?;
        known.check()?;
        Ok(Self { device_id: known.device_id, account_id: known.account_id })
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
