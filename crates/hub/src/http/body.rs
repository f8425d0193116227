//! What calls bring: JSON, read up to what a call may bring. What is wrong with it is said as any
//! other refusal is.

use std::{future::poll_fn, pin::Pin, time::Duration};

use ::sync::BLOB_PART;
use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::{FromRequest, Request},
};
use futures_core::Stream;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{Bounds, Hub, bounds::Place};
use crate::{Error, Result};

const MIB: usize = 1024 * 1024;
/// A call without records is at most so long.
const SHORT: usize = MIB;
/// One with records may be so long at any time.
const USUAL: usize = 8 * MIB;
/// A changeset goes in one piece, and an import is one changeset. Few of these are read at once.
const LARGE: usize = 192 * MIB;
/// No body that is packed is longer.
pub(super) const LONGEST_PACKED: usize = 64 * MIB;

/// So long nothing may come.
const SILENCE: Duration = Duration::from_secs(60);
/// A whole body comes within this time.
const WHOLE: Duration = Duration::from_secs(15 * 60);
/// Who sends too much hears of it only once all is sent: so long it is listened to.
const FAREWELL: Duration = Duration::from_secs(60);

/// What a short call says.
pub(super) struct Call<T>(pub(super) T);

/// What a call says that brings records; if it is a large one, with its place among these.
pub(super) struct LargeCall<T>(pub(super) T, pub(super) Option<Place>);

/// A part of a document.
pub(super) struct DocumentPart(pub(super) Vec<u8>);

impl<T: DeserializeOwned> FromRequest<Hub> for Call<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Hub) -> Result<Self> {
        let (bytes, _) = read(request.into_body(), SHORT, None).await?;
        understand(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Hub> for LargeCall<T> {
    type Rejection = Error;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self> {
        let (bytes, place) = read(request.into_body(), LARGE, Some(&hub.bounds)).await?;
        Ok(Self(understand(&bytes)?, place))
    }
}

impl FromRequest<Hub> for DocumentPart {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Hub) -> Result<Self> {
        Ok(Self(read(request.into_body(), BLOB_PART, None).await?.0))
    }
}

pub(super) fn too_large() -> Error {
    Error::new("too-large", "This is more than the hub takes at once. It stays where it is.")
}

fn understand<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // What is wrong with it may be a part of it: it is not told.
    serde_json::from_slice(bytes)
        .map_err(|_| Error::new("call-wrong", "The hub does not understand this call."))
}

/// A body, unpacked, of at most so many bytes. Beyond the usual a place among the large ones is
/// waited for.
async fn read(body: Body, most: usize, large: Option<&Bounds>) -> Result<(Vec<u8>, Option<Place>)> {
    let mut coming = body.into_data_stream();
    let whole = timeout(WHOLE, async {
        let (mut bytes, mut place) = (Vec::new(), None);
        while let Some(part) = next(&mut coming).await? {
            let length = bytes.len() + part.len();
            if length > most {
                return Err(too_large());
            }
            if let (Some(bounds), None, true) = (large, &place, length > USUAL) {
                place = Some(bounds.for_large_call().await.ok_or_else(busy)?);
            }
            bytes.extend_from_slice(&part);
        }
        Ok((bytes, place))
    });
    let whole = whole.await.unwrap_or_else(|_| Err(late()));
    if whole.as_ref().is_err_and(|error| matches!(error.code, "too-large" | "unavailable")) {
        // However it ends: it hears why.
        let _ =
            timeout(FAREWELL, async { while let Ok(Some(_)) = next(&mut coming).await {} }).await;
    }
    whole
}

fn busy() -> Error {
    Error::new("unavailable", "Other large calls are being answered. It is tried again.")
}

fn late() -> Error {
    Error::new("unavailable", "What was to come did not come in time. It is tried again.")
}

/// What comes next; none behind the last.
async fn next(coming: &mut BodyDataStream) -> Result<Option<Bytes>> {
    let part = timeout(SILENCE, poll_fn(|context| Pin::new(&mut *coming).poll_next(context)));
    let cut_off =
        |_| Error::new("call-wrong", "What came was cut off, or is not packed as it says.");
    part.await.map_err(|_| late())?.transpose().map_err(cut_off)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn length(sent: usize, most: usize, large: Option<&Bounds>) -> Result<(usize, bool)> {
        let (bytes, place) = read(Body::from(vec![b' '; sent]), most, large).await?;
        Ok((bytes.len(), place.is_some()))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_bound_and_a_large_one_has_a_place() {
        let bounds = Bounds::default();
        assert_eq!(length(SHORT, SHORT, None).await.unwrap(), (SHORT, false));
        assert_eq!(length(SHORT + 1, SHORT, None).await.unwrap_err().code, "too-large");
        assert_eq!(length(USUAL, LARGE, Some(&bounds)).await.unwrap(), (USUAL, false));
        assert_eq!(length(USUAL + 1, LARGE, Some(&bounds)).await.unwrap(), (USUAL + 1, true));
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_places_are_taken_it_is_tried_again() {
        let bounds = Bounds::default();
        let mut held = Vec::new();
        while let Some(place) = bounds.for_large_call().await {
            held.push(place);
        }
        let sent = length(USUAL + 1, LARGE, Some(&bounds)).await;
        assert_eq!(sent.unwrap_err().code, "unavailable");
        assert!(length(USUAL, LARGE, Some(&bounds)).await.is_ok(), "smaller ones go on");
        held.pop();
        assert!(length(USUAL + 1, LARGE, Some(&bounds)).await.is_ok());
    }

    #[tokio::test]
    async fn what_is_not_understood_is_refused_without_its_words() {
        let error = understand::<u8>(b"\"geheim\"").unwrap_err();
        assert!(error.code == "call-wrong" && !error.sentence.contains("geheim"));
    }
}
