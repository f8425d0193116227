//! Signing in and out.

use ::sync::{Renew, Session, SignIn};
use axum::{Json, extract::State};

use super::{Bearer, Hub};
use crate::{Error, Result, password, postgres::Event};

/// After so many wrong passwords for an address in a quarter of an hour, it has to wait.
const MOST_WRONG: i64 = 10;

pub(super) async fn sign_in(
    State(hub): State<Hub>,
    Json(request): Json<SignIn>,
) -> Result<Json<Session>> {
    let wrong = || Error::new("sign-in-wrong", "The address or the password is wrong.");
    let email = request.email.trim().to_lowercase();
    if hub.storage.lately_wrong(&email).await? >= MOST_WRONG {
        let sentence = "Too many wrong passwords. Please try again in a quarter of an hour.";
        return Err(Error::new("too-many", sentence));
    }
    let account = hub.storage.account(&email).await?;
    let kept = account.as_ref().map(|account| account.password.clone());
    let known_id = account.as_ref().map(|account| account.id);
    let is_right = blocking(move || match kept {
        Some(kept) => password::is_right(&request.password, &kept),
        None => {
            password::take_as_long();
            false
        }
    })
    .await?;
    let account = match account.filter(|account| is_right && !account.is_disabled) {
        Some(account) => account,
        None => {
            hub.storage.note_wrong(&email, known_id).await?;
            return Err(wrong());
        }
    };
    let (id, device_id) = (account.id, request.device_id);
    // One that waits or was revoked signs in all the same: it is told so by every other call.
    hub.storage.register(id, device_id, &request.device_name, hub.approval, false).await?;
    let pair = hub.storage.issue(id, device_id, None).await?;
    hub.storage.audit(Event::SignIn, Some(id), Some(device_id), "").await?;
    Ok(Json(Session {
        access: pair.access,
        refresh: pair.refresh,
        user_id: account.user_id,
        name: account.name,
        role: account.role,
    }))
}

pub(super) async fn refresh(
    State(hub): State<Hub>,
    Json(request): Json<Renew>,
) -> Result<Json<::sync::Tokens>> {
    let invalid = || Error::new("token-invalid", "Please sign in again.");
    let known = hub.storage.token(&request.refresh, true).await?.ok_or_else(invalid)?;
    // What a revoked laptop may still do harms nobody, whoever has its token.
    if known.is_used && !known.is_revoked {
        // Somebody copied it: neither of the two may go on.
        hub.storage.end_family(known.family).await?;
        let (id, device_id) = (Some(known.account_id), Some(known.device_id));
        hub.storage.audit(Event::RefreshReused, id, device_id, "").await?;
        return Err(invalid());
    }
    let pair = hub.storage.issue(known.account_id, known.device_id, Some(known.family)).await?;
    Ok(Json(::sync::Tokens { access: pair.access, refresh: pair.refresh }))
}

pub(super) async fn sign_out(State(hub): State<Hub>, Bearer(known): Bearer) -> Result<()> {
    hub.storage.end_family(known.family).await?;
    let (id, device_id) = (Some(known.account_id), Some(known.device_id));
    hub.storage.audit(Event::SignOut, id, device_id, "").await
}

/// Argon2 takes its time: beside those who answer.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(&error))
}
