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

    async fn from_request(request: Request, hub: &Hub) -> Result<Self> {
        let (bytes, _) = read(request.into_body(), Most::Bytes(SHORT), &hub.bounds).await?;
        understand(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Hub> for LargeCall<T> {
    type Rejection = Error;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self> {
        let (bytes, place) = read(request.into_body(), Most::Large, &hub.bounds).await?;
        Ok(Self(understand(&bytes)?, place))
    }
}

impl FromRequest<Hub> for DocumentPart {
    type Rejection = Error;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self> {
        Ok(Self(read(request.into_body(), Most::Bytes(BLOB_PART), &hub.bounds).await?.0))
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

/// How much a call brings at most.
#[derive(Clone, Copy)]
enum Most {
    /// So many bytes.
    Bytes(usize),
    /// As much as there is: beyond the usual it takes a place among the large ones.
    Large,
}

/// A body, unpacked; if it is a large one, with its place among these.
async fn read(body: Body, most: Most, bounds: &Bounds) -> Result<(Vec<u8>, Option<Place>)> {
    let mut coming = body.into_data_stream();
    let (longest, usual) = match most {
        Most::Bytes(longest) => (longest, longest),
        Most::Large => (LARGE, USUAL),
    };
    let whole = timeout(WHOLE, async {
        let (mut bytes, mut place) = (Vec::new(), None);
        while let Some(part) = next(&mut coming, bounds.silence).await? {
            let length = bytes.len() + part.len();
            if length > longest {
                return Err(told_behind(&mut coming, bounds.silence, too_large()).await);
            }
            if place.is_none() && length > usual {
                place = bounds.for_large_call().await;
                if place.is_none() {
                    return Err(told_behind(&mut coming, bounds.silence, busy()).await);
                }
            }
            bytes.extend_from_slice(&part);
        }
        Ok((bytes, place))
    });
    whole.await.unwrap_or_else(|_| Err(late()))
}

/// Listens to the rest, so that whoever sends it hears why it was not taken.
async fn told_behind(coming: &mut BodyDataStream, silence: Duration, why: Error) -> Error {
    let rest = async { while let Ok(Some(_)) = next(coming, silence).await {} };
    let _ = timeout(FAREWELL, rest).await;
    why
}

fn busy() -> Error {
    Error::new("unavailable", "Other large calls are being answered. It is tried again.")
}

fn late() -> Error {
    Error::new("unavailable", "What was to come did not come in time. It is tried again.")
}

/// What comes next; none behind the last.
async fn next(coming: &mut BodyDataStream, silence: Duration) -> Result<Option<Bytes>> {
    let part = timeout(silence, poll_fn(|context| Pin::new(&mut *coming).poll_next(context)));
    let cut_off =
        |_| Error::new("call-wrong", "What came was cut off, or is not packed as it says.");
    part.await.map_err(|_| late())?.transpose().map_err(cut_off)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn length(sent: usize, most: Most, bounds: &Bounds) -> Result<(usize, bool)> {
        let (bytes, place) = read(Body::from(vec![b' '; sent]), most, bounds).await?;
        Ok((bytes.len(), place.is_some()))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_bound_and_a_large_one_has_a_place() {
        let (bounds, short) = (Bounds::default(), Most::Bytes(SHORT));
        assert_eq!(length(SHORT, short, &bounds).await.unwrap(), (SHORT, false));
        assert_eq!(length(SHORT + 1, short, &bounds).await.unwrap_err().code, "too-large");
        assert_eq!(length(USUAL, Most::Large, &bounds).await.unwrap(), (USUAL, false));
        assert_eq!(length(USUAL + 1, Most::Large, &bounds).await.unwrap(), (USUAL + 1, true));
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_places_are_taken_it_is_tried_again() {
        let bounds = Bounds::default();
        let mut held = Vec::new();
        while let Some(place) = bounds.for_large_call().await {
            held.push(place);
        }
        let sent = length(USUAL + 1, Most::Large, &bounds).await;
        assert_eq!(sent.unwrap_err().code, "unavailable");
        assert!(length(USUAL, Most::Large, &bounds).await.is_ok(), "smaller ones go on");
        held.pop();
        assert!(length(USUAL + 1, Most::Large, &bounds).await.is_ok());
    }

    #[tokio::test]
    async fn what_is_not_understood_is_refused_without_its_words() {
        let error = understand::<u8>(b"\"geheim\"").unwrap_err();
        assert!(error.code == "call-wrong" && !error.sentence.contains("geheim"));
    }
}
