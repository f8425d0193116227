//! How far a laptop has read; opaque to it, signed so that nobody makes one up.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Id, Instant, access::Grants};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::{Error, Result, storage::Position};

/// Where a laptop stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// The life of the hub that it counts in.
    pub(crate) epoch: Id,
    /// The user that it was given to. A copy of a laptop's database goes on with it as a device of
    /// its own: what it has is what the cursor says.
    pub(crate) user_id: Id,
    /// Read up to here.
    pub(crate) after: Position,
    /// With these grants; none before the first fill.
    pub(crate) grants: Option<Grants>,
    /// The grants that the fill under way is for.
    #[serde(default)]
    pub(crate) toward: Option<Grants>,
    /// Grants that a fill was for which did not come to its end.
    #[serde(default)]
    pub(crate) partly: Vec<Grants>,
    /// When it was given, by the hub's clock.
    #[serde(default)]
    pub(crate) read_at: Option<Instant>,
    /// A fill with what the grants brought, as far as it came: entity's number and last id.
    pub(crate) fill: Option<(usize, Id)>,
}

impl Cursor {
    pub(crate) fn sign(&self, secret: &[u8]) -> Result<String> {
        sign(self, secret)
    }

    /// A cursor that was given to this user in this life of the hub.
    pub(crate) fn of(text: &str, secret: &[u8], epoch: Id, user_id: Id) -> Result<Self> {
        let cursor = Self::read(text, secret)?;
        if cursor.epoch != epoch {
            return Err(Error::new("epoch-ended", "The hub was restored; say hello again."));
        }
        if cursor.user_id != user_id {
            return Err(Error::new("cursor-invalid", "The cursor is somebody else's."));
        }
        Ok(cursor)
    }

    fn read(text: &str, secret: &[u8]) -> Result<Self> {
        read(text, secret)
    }
}

/// Anything that a laptop keeps for the hub and must not change.
pub(crate) fn sign(what: &impl Serialize, secret: &[u8]) -> Result<String> {
    let body = serde_json::to_vec(what).map_err(|error| Error::internal(&error))?;
    let tag = mac(secret, &body)?.finalize().into_bytes();
    Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(tag)))
}

pub(crate) fn read<T: DeserializeOwned>(text: &str, secret: &[u8]) -> Result<T> {
    let invalid = || Error::new("cursor-invalid", "The cursor is not one of this hub's.");
    let (body, tag) = text.split_once('.').ok_or_else(invalid)?;
    let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| invalid())?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| invalid())?;
    mac(secret, &body)?.verify_slice(&tag).map_err(|_| invalid())?;
    serde_json::from_slice(&body).map_err(|_| invalid())
}

fn mac(secret: &[u8], body: &[u8]) -> Result<Hmac<Sha256>> {
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(secret).map_err(|error| Error::internal(&error))?;
    mac.update(body);
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_cursors_are_read() {
        let cursor = Cursor {
            epoch: Id::NIL,
            user_id: Id::NIL,
            after: Position { xid: 7, version: 9 },
            grants: None,
            toward: None,
            partly: Vec::new(),
            read_at: None,
            fill: Some((3, Id::NIL)),
        };
        let signed = cursor.sign(b"one").unwrap();
        assert_eq!(Cursor::read(&signed, b"one").unwrap(), cursor);
        for wrong in [
            Cursor::read(&signed, b"other"),
            Cursor::read("x", b"one"),
            Cursor::read("eyJ9.AA", b"one"),
        ] {
            assert_eq!(wrong.unwrap_err().code, "cursor-invalid");
        }
    }
}
