//! Signing in and out.

use ::sync::{Renew, Session, SignIn, Tokens};
use axum::{Json, extract::State};

use super::{Bearer, Hub, body::Call, name::plain, source::Source};
use crate::{Account, Error, Result, password, postgres::too_many};

pub(super) async fn sign_in(
    State(hub): State<Hub>,
    Source(source): Source,
    Call(request): Call<SignIn>,
) -> Result<Json<Session>> {
    let email = request.email.trim().to_lowercase();
    let account = hub.storage.account(&email).await?;
    let account_id = account.as_ref().map(|account| account.id);
    // Counted before the password is looked at: of many that come at once no more are.
    let attempt = hub.storage.attempt((&email, account_id), source).await?;
    let Some(is_right) = check(&hub, request.password, account.as_ref()).await? else {
        hub.storage.forget(&attempt).await?;
        return Err(too_many());
    };
    let device = (request.device_id, &*plain(&request.device_name));
    let admitted = match account.filter(|account| is_right && !account.is_disabled) {
        Some(account) => {
            let pair = hub.storage.sign_in(&account, device, hub.approval).await?;
            pair.map(|pair| (pair, account))
        }
        None => None,
    };
    let Some((pair, account)) = admitted else {
        hub.storage.note_wrong(&email, account_id).await?;
        return Err(Error::new("sign-in-wrong", "The address or the password is wrong."));
    };
    hub.storage.forget(&attempt).await?;
    Ok(Json(Session {
        access: pair.access,
        refresh: pair.refresh,
        user_id: account.user_id,
        name: account.name,
        role: account.role,
    }))
}

/// Whether a password is right; none when too many are being looked at. Argon2 takes its time: beside
/// those who answer.
async fn check(hub: &Hub, password: String, account: Option<&Account>) -> Result<Option<bool>> {
    let Some(place) = hub.bounds.for_password().await else { return Ok(None) };
    let kept = account.map(|account| account.password.clone());
    let checked = tokio::task::spawn_blocking(move || {
        // Also when nobody waits for it any more.
        let _place = place;
        match kept {
            Some(kept) => password::is_right(&password, &kept),
            None => {
                password::take_as_long();
                false
            }
        }
    });
    checked.await.map(Some).map_err(|error| Error::internal(&error))
}

pub(super) async fn refresh(
    State(hub): State<Hub>,
    Call(request): Call<Renew>,
) -> Result<Json<Tokens>> {
    let pair = hub.storage.renew(&request.refresh).await?;
    Ok(Json(Tokens { access: pair.access, refresh: pair.refresh }))
}

pub(super) async fn sign_out(State(hub): State<Hub>, Bearer(known): Bearer) -> Result<()> {
    hub.storage.sign_out(&known).await
}
