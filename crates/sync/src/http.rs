//! The way to the hub over HTTP: JSON, packed with zstd.

mod address;
mod listen;

use std::{io::Read, sync::Arc, time::Duration};

use domain::Id;
use serde::{Serialize, de::DeserializeOwned};
use ureq::{
    Agent, RequestBuilder,
    http::{Response, header::CONTENT_ENCODING},
    tls::{PemItem, RootCerts, TlsConfig, parse_pem},
    typestate::WithoutBody,
};

use crate::{
    BlobState, Digest, Digested, Hello, Keep, Kept, Offer, Offered, Page, Part, Push, Pushed,
    Refetch, Refetched, Refused, Renew, Session, SignIn, SyncError, TokenPlace, Tokens, Transport,
    Welcome, ahead::Ahead,
};
use address::{Kind, kind};

/// Unpacked, an answer is at most so long: that to an import has every record of it.
const LONGEST: u64 = 256 * 1024 * 1024;

/// A call ends after this time.
const PATIENCE: Duration = Duration::from_secs(120);
/// What is long and comes slowly may take so long, if it does not fall silent.
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);
const SILENCE: Duration = Duration::from_secs(90);
/// A long one has a second more for so many bytes of it: to be sent, and to be taken by the hub.
const A_SECOND: usize = 16 * 1024;

/// Signing out waits no longer: without it the tokens run out by themselves.
const FAREWELL: Duration = Duration::from_secs(3);

/// A hub by its address.
pub struct Http {
    agent: Agent,
    address: String,
    device_id: Id,
    tokens: Option<Tokens>,
    renewed: bool,
    ahead: Option<Ahead>,
    place: Option<Arc<dyn TokenPlace>>,
}

impl Clone for Http {
    /// What this one expects does not come to the other.
    fn clone(&self) -> Self {
        Self {
            agent: self.agent.clone(),
            address: self.address.clone(),
            device_id: self.device_id,
            tokens: self.tokens.clone(),
            renewed: self.renewed,
            ahead: None,
            place: self.place.clone(),
        }
    }
}

type Body = ureq::Body;

impl Http {
    /// A hub at an address like `https://hub.example.de`; nothing is sent yet. Without TLS only
    /// this machine itself is spoken to.
    ///
    /// # Errors
    /// [`SyncError::Refused`] with `address-invalid` or `address-open`; [`SyncError::Untrusted`] when
    /// the file that `KONTOR_HUB_CA` names cannot be used.
    pub fn new(address: &str, device_id: Id, tokens: Option<Tokens>) -> Result<Self, SyncError> {
        let address = address.trim().trim_end_matches('/');
        let refused = |code: &str, sentence: &str| {
            SyncError::Refused(Refused { code: code.into(), sentence: sentence.into() })
        };
        match kind(address) {
            Kind::Protected | Kind::Here => {}
            Kind::Open => {
                let sentence = "Without https everybody on the way could read along. Use https://.";
                return Err(refused("address-open", sentence));
            }
            Kind::None => {
                let sentence = "A hub's address begins with https:// and has no user's name in it.";
                return Err(refused("address-invalid", sentence));
            }
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .tls_config(TlsConfig::builder().root_certs(authorities()?).build())
            .build();
        let agent = Agent::new_with_config(config);
        let address = address.into();
        Ok(Self { agent, address, device_id, tokens, renewed: false, ahead: None, place: None })
    }

    /// The same hub over the connections that are open already; none where it is another hub or
    /// another laptop's.
    #[must_use]
    pub fn again(&self, address: &str, device_id: Id, tokens: Option<Tokens>) -> Option<Self> {
        let is_same =
            self.device_id == device_id && self.address == address.trim().trim_end_matches('/');
        is_same.then(|| Self { tokens, renewed: false, ..self.clone() })
    }

    /// Signs in.
    ///
    /// # Errors
    /// `sign-in-wrong`, `too-many`, or that the hub cannot be reached.
    pub fn sign_in(
        &mut self,
        email: &str,
        password: &str,
        device_name: &str,
    ) -> Result<Session, SyncError> {
        let request = SignIn {
            email: email.into(),
            password: password.into(),
            device_id: self.device_id,
            device_name: device_name.into(),
        };
        let session: Session = self.post("session", &request)?;
        self.tokens =
            Some(Tokens { access: session.access.clone(), refresh: session.refresh.clone() });
        Ok(session)
    }

    /// The same, with its tokens kept here as soon as they are renewed.
    #[must_use]
    pub fn kept_at(self, place: Arc<dyn TokenPlace>) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The tokens, when they were renewed since this was asked last and nobody keeps them yet.
    pub fn renewed(&mut self) -> Option<Tokens> {
        std::mem::take(&mut self.renewed).then(|| self.tokens.clone()).flatten()
    }

    /// Ends the session at the hub.
    ///
    /// # Errors
    /// That the hub cannot be reached.
    pub fn sign_out(&mut self) -> Result<(), SyncError> {
        let Some(tokens) = self.tokens.take() else { return Ok(()) };
        let url = format!("{}/api/v1/session", self.address);
        let sent = self
            .agent
            .delete(&url)
            .config()
            .timeout_global(Some(FAREWELL))
            .build()
            .header("authorization", &format!("Bearer {}", tokens.access))
            .call();
        sent.map(|_| ()).map_err(|error| unreachable_hub(&error))
    }

    /// The part of a document's content from here on; empty behind its end.
    ///
    /// # Errors
    /// `blob-missing`, or that the hub cannot be reached.
    pub fn blob(&mut self, sha256: &str, from: usize) -> Result<Vec<u8>, SyncError> {
        let url = format!("{}/api/v1/sync/blobs/{sha256}?from={from}", self.address);
        let answer = self
            .authorised(|agent, token| long(agent, &url).header("authorization", token).call())?;
        if !answer.status().is_success() {
            return read(answer);
        }
        let mut part = Vec::new();
        answer
            .into_body()
            .into_reader()
            .take(LONGEST)
            .read_to_end(&mut part)
            .map_err(|error| SyncError::Unreachable(error.to_string()))?;
        Ok(part)
    }

    /// Brings the next part of a document's content; how much of it the hub has then.
    ///
    /// # Errors
    /// `blob-missing`, `blob-wrong`, or that the hub cannot be reached.
    pub fn put_blob(
        &mut self,
        sha256: &str,
        size: usize,
        from: usize,
        part: &[u8],
    ) -> Result<usize, SyncError> {
        let url = format!("{}/api/v1/sync/blobs/{sha256}?from={from}&size={size}", self.address);
        let patience = patience(part.len());
        let answer = self.authorised(|agent, token| {
            let request = agent.put(&url).config().timeout_global(Some(patience)).build();
            request.header("authorization", token).send(part)
        })?;
        let state: BlobState = read(answer)?;
        Ok(usize::try_from(state.received).unwrap_or(0))
    }

    fn post<A: Serialize, T: DeserializeOwned>(
        &mut self,
        path: &str,
        request: &A,
    ) -> Result<T, SyncError> {
        let url = format!("{}/api/v1/{path}", self.address);
        let body = packed(request)?;
        let sent = self
            .agent
            .post(&url)
            .header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .header("accept-encoding", "zstd")
            .send(&body[..]);
        read(sent.map_err(|error| unreachable_hub(&error))?)
    }

    fn post_authorised<A: Serialize, T: DeserializeOwned>(
        &mut self,
        path: &str,
        request: &A,
    ) -> Result<T, SyncError> {
        let url = format!("{}/api/v1/{path}", self.address);
        let body = packed(request)?;
        let answer = self.authorised(|agent, token| {
            agent
                .post(&url)
                .config()
                .timeout_global(Some(patience(body.len())))
                .build()
                .header("authorization", token)
                .header("content-type", "application/json")
                .header("content-encoding", "zstd")
                .header("accept-encoding", "zstd")
                .send(&body[..])
        })?;
        read(answer)
    }

    /// Sends with the access token; with a fresh one when it is no longer taken.
    fn authorised(
        &mut self,
        send: impl Fn(&Agent, &str) -> Result<Response<Body>, ureq::Error>,
    ) -> Result<Response<Body>, SyncError> {
        let signed_out = || {
            let sentence = "Please sign in at the hub again.".into();
            SyncError::Refused(Refused { code: "token-invalid".into(), sentence })
        };
        let send = |agent: &Agent, tokens: &Tokens| {
            send(agent, &format!("Bearer {}", tokens.access))
                .map_err(|error| unreachable_hub(&error))
        };
        let mut tokens = self.tokens.clone().ok_or_else(signed_out)?;
        let mut answer = send(&self.agent, &tokens)?;
        let kept = || self.place.as_ref().and_then(|place| place.tokens());
        if answer.status().as_u16() == 401
            && let Some(others) = kept().filter(|kept| kept.refresh != tokens.refresh)
        {
            // Another process of this laptop renewed them.
            answer = send(&self.agent, &others)?;
            tokens = others.clone();
            self.tokens = Some(others);
        }
        if answer.status().as_u16() != 401 {
            return Ok(answer);
        }
        let fresh: Tokens = self.post("session/refresh", &Renew { refresh: tokens.refresh })?;
        self.tokens = Some(fresh.clone());
        self.renewed = self.place.as_ref().is_none_or(|place| place.keep(&fresh).is_err());
        send(&self.agent, &fresh)
    }
}

fn patience(length: usize) -> Duration {
    PATIENCE + Duration::from_secs((length / A_SECOND) as u64)
}

/// Who vouches for hubs: whom the operating system trusts, or else the company's own authority, by
/// the PEM file that `KONTOR_HUB_CA` names.
fn authorities() -> Result<RootCerts, SyncError> {
    let Some(file) = std::env::var_os("KONTOR_HUB_CA") else {
        return Ok(RootCerts::PlatformVerifier);
    };
    let unusable = |why: String| SyncError::Untrusted(format!("KONTOR_HUB_CA: {why}"));
    let pem = std::fs::read(&file).map_err(|error| unusable(error.to_string()))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    match certificates.is_empty() {
        true => Err(unusable("there is no certificate in it".into())),
        false => Ok(RootCerts::from(certificates)),
    }
}

fn unreachable_hub(error: &ureq::Error) -> SyncError {
    let of_tls = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref().and_then(|inner| inner.downcast_ref()),
        _ => None,
    };
    match of_tls {
        Some(rustls::Error::InvalidCertificate(why)) => SyncError::Untrusted(format!("{why:?}")),
        _ => SyncError::Unreachable(error.to_string()),
    }
}

fn packed(request: &impl Serialize) -> Result<Vec<u8>, SyncError> {
    let json =
        serde_json::to_vec(request).map_err(|error| SyncError::Replica(error.to_string()))?;
    zstd::bulk::compress(&json, 3).map_err(|error| SyncError::Replica(error.to_string()))
}

/// An answer of the hub's; whatever else answered (a hotel's sign-in page) is not the hub.
fn read<T: DeserializeOwned>(answer: Response<Body>) -> Result<T, SyncError> {
    let status = answer.status();
    let is_packed = answer.headers().get(CONTENT_ENCODING).is_some_and(|value| value == "zstd");
    let cut_off = |error: std::io::Error| SyncError::Unreachable(error.to_string());
    let reader = answer.into_body().into_reader();
    let mut json = Vec::new();
    if is_packed {
        let unpacked = zstd::stream::read::Decoder::new(reader).map_err(cut_off)?;
        unpacked.take(LONGEST).read_to_end(&mut json).map_err(cut_off)?;
    } else {
        reader.take(LONGEST).read_to_end(&mut json).map_err(cut_off)?;
    }
    let foreign = || {
        let what = format!("something else answered, with status {}", status.as_u16());
        SyncError::Unreachable(what)
    };
    if status.is_success() {
        return serde_json::from_slice(&json).map_err(|_| foreign());
    }
    let refused: Refused = serde_json::from_slice(&json).map_err(|_| foreign())?;
    match refused.code.as_str() {
        "unavailable" => Err(SyncError::Unreachable(refused.sentence)),
        _ => Err(SyncError::Refused(refused)),
    }
}

/// A call for what may be long: while something comes it is waited for.
fn long(agent: &Agent, url: &str) -> RequestBuilder<WithoutBody> {
    let request = agent.get(url).config();
    request.timeout_global(Some(LONGEST_WAIT)).timeout_per_read(Some(SILENCE)).build()
}

fn changes_url(address: &str, incarnation: i64, cursor: Option<&str>) -> String {
    // A cursor is letters, digits, - _ and a dot: it needs no escaping.
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    format!("{address}/api/v1/sync/changes?incarnation={incarnation}{cursor}")
}

fn changes(agent: &Agent, url: &str, token: &str) -> Result<Response<Body>, ureq::Error> {
    long(agent, url).header("authorization", token).header("accept-encoding", "zstd").call()
}

impl Transport for Http {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome, SyncError> {
        self.post_authorised("sync/hello", hello)
    }

    fn push(&mut self, push: &Push) -> Result<Pushed, SyncError> {
        self.post_authorised("sync/push", push)
    }

    fn changes(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Page, SyncError> {
        let expected = self.ahead.as_mut().filter(|ahead| cursor.is_some_and(|at| ahead.is_at(at)));
        if let Some(page) = expected.and_then(Ahead::next) {
            return Ok(page);
        }
        self.ahead = None;
        let url = changes_url(&self.address, incarnation, cursor);
        let answer = self.authorised(|agent, token| changes(agent, &url, token))?;
        read(answer)
    }

    fn expect_changes(&mut self, incarnation: i64, cursor: &str) {
        if self.ahead.as_ref().is_some_and(|ahead| ahead.is_at(cursor)) {
            return;
        }
        let Some(tokens) = &self.tokens else { return };
        // With a token that ran out nothing comes: whoever asks renews it, and nobody else does.
        let token = format!("Bearer {}", tokens.access);
        let (agent, address) = (self.agent.clone(), self.address.clone());
        self.ahead = Ahead::begin(cursor, move |cursor| {
            let url = changes_url(&address, incarnation, Some(cursor));
            let answer = changes(&agent, &url, &token).ok()?;
            answer.status().is_success().then(|| read(answer).ok())?
        });
    }

    fn offer(&mut self, offer: &Offer) -> Result<Offered, SyncError> {
        self.post_authorised("sync/offer", offer)
    }

    fn digest(&mut self, digest: &Digest) -> Result<Digested, SyncError> {
        self.post_authorised("sync/digest", digest)
    }

    fn refetch(&mut self, refetch: &Refetch) -> Result<Refetched, SyncError> {
        self.post_authorised("sync/refetch", refetch)
    }

    fn snapshot(&mut self, incarnation: i64, cursor: Option<&str>) -> Result<Part, SyncError> {
        let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let url =
            format!("{}/api/v1/sync/snapshot?incarnation={incarnation}{cursor}", self.address);
        let answer = self
            .authorised(|agent, token| long(agent, &url).header("authorization", token).call())?;
        if !answer.status().is_success() {
            return read(answer);
        }
        let mut bytes = Vec::new();
        answer
            .into_body()
            .into_reader()
            .take(LONGEST)
            .read_to_end(&mut bytes)
            .map_err(|error| SyncError::Unreachable(error.to_string()))?;
        let foreign = || SyncError::Unreachable("something else answered".into());
        Part::from_bytes(&bytes).ok_or_else(foreign)
    }

    fn fork(&mut self, new_id: Id) -> Result<(), SyncError> {
        let tokens: Tokens = self.post_authorised("sync/fork", &crate::Fork { new_id })?;
        self.tokens = Some(tokens);
        self.renewed = true;
        self.device_id = new_id;
        Ok(())
    }

    fn keep(&mut self, keep: &Keep) -> Result<Kept, SyncError> {
        self.post_authorised("sync/keep", keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_call_has_its_time() {
        assert_eq!(patience(100), PATIENCE);
        assert_eq!(patience(16 * 1024 * 1024), PATIENCE + Duration::from_secs(1024));
    }
}
