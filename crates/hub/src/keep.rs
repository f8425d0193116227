//! A laptop that was revoked comes a last time: what it could not send is kept apart.

use std::borrow::Cow;

use sync::{Keep, Kept, KeptPart};

use crate::{
    Error, Result,
    storage::{Storage, Tx},
};

/// A part without null characters, which PostgreSQL does not hold: it takes no effect, and a laptop
/// that cannot hand over never ends.
pub(crate) fn storable(part: &KeptPart) -> Result<Cow<'_, KeptPart>> {
    let json = serde_json::to_string(part).map_err(|error| Error::internal(&error))?;
    // An escaped backslash before it is one more character that is shown otherwise, no more.
    match json.contains("\\u0000") {
        false => Ok(Cow::Borrowed(part)),
        true => serde_json::from_str(&json.replace("\\u0000", "\\ufffd"))
            .map(Cow::Owned)
            .map_err(|error| Error::internal(&error)),
    }
}

/// Keeps what a revoked laptop could not send. Asked again, it is answered as before.
///
/// # Errors
/// `device-unknown`, `device-not-revoked`, or when the database does not answer.
pub async fn keep(storage: &impl Storage, keep: &Keep) -> Result<Kept> {
    let mut tx = storage.begin().await?;
    let unknown = || Error::new("device-unknown", "This laptop is not registered at the hub.");
    let device = tx.device(keep.device_id).await?.ok_or_else(unknown)?;
    if !device.is_revoked {
        let sentence = "This laptop may sync: it has nothing to hand over.";
        return Err(Error::new("device-not-revoked", sentence));
    }
    for part in &keep.parts {
        tx.put_kept(&device, storable(part)?.as_ref()).await?;
    }
    let mut epochs = vec![tx.epoch().await?];
    epochs.extend(tx.lives().await?.into_iter().map(|life| life.epoch));
    tx.commit().await?;
    Ok(Kept {
        device_id: device.id,
        nonce: keep.nonce,
        epochs,
        kept: keep.parts.iter().map(|part| (part.changeset.id, part.part)).collect(),
    })
}
