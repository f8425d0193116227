//! One of them: what it says to the hub on a morning.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use domain::{Change, ChangeKind, Changeset, Communication, FieldChange, Id, changeset::object};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, body::Bytes};
use hyper_util::{
    client::legacy::{Client as Http, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sync::{Hello, Outcome, PROTOCOL, Page, Part, Push, Pushed, Sent, Welcome};
use tokio::sync::Semaphore;

/// Nobody waits longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the hub; connections are kept and shared, as a proxy before the hub does.
#[derive(Clone)]
pub(crate) struct Client {
    http: Http<HttpConnector, Full<Bytes>>,
    address: Arc<str>,
}

/// What a laptop saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) times: Vec<(&'static str, Duration)>,
    pub(crate) errors: Vec<String>,
    pub(crate) confirmed: Vec<(Id, Id)>,
}

/// A laptop.
pub(crate) struct Laptop {
    pub(crate) client: Client,
    pub(crate) no: u64,
    pub(crate) user: u64,
    /// How far it had read yesterday.
    pub(crate) cursor: String,
    /// The customer that its user talks with.
    pub(crate) customer: Option<Id>,
    /// Whether it stays connected for a while.
    pub(crate) listens: bool,
    pub(crate) turns: Arc<Semaphore>,
}

/// The ids that the set-up gives.
fn numbered(kind: u32, no: u64) -> Id {
    Id(uuid::Uuid::from_u64_pair((u64::from(kind) << 32) | 0x4000, (0x8000 << 48) | no))
}

fn device(no: u64) -> Id {
    numbered(4, no)
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let http = Http::builder(TokioExecutor::new()).build_http();
        Self { http, address: address.into() }
    }

    async fn bytes(&self, no: u64, method: Method, path: &str, body: Vec<u8>) -> Result<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v1/sync/{path}", self.address))
            .header("authorization", format!("Bearer load-{no}"))
            .header("content-type", "application/json")
            .header("accept-encoding", "zstd")
            .body(Full::new(body.into()))?;
        let answer = tokio::time::timeout(PATIENCE, self.http.request(request)).await??;
        let status = answer.status();
        let is_packed = answer.headers().get("content-encoding").is_some_and(|how| how == "zstd");
        let bytes = answer.into_body().collect().await?.to_bytes();
        let bytes = if is_packed { zstd::stream::decode_all(&bytes[..])?.into() } else { bytes };
        if !status.is_success() {
            bail!("{status}: {}", String::from_utf8_lossy(&bytes));
        }
        Ok(bytes)
    }

    async fn get<T: DeserializeOwned>(&self, no: u64, path: &str) -> Result<T> {
        Ok(serde_json::from_slice(&self.bytes(no, Method::GET, path, Vec::new()).await?)?)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        no: u64,
        path: &str,
        what: &impl Serialize,
    ) -> Result<T> {
        let body = serde_json::to_vec(what)?;
        Ok(serde_json::from_slice(&self.bytes(no, Method::POST, path, body).await?)?)
    }

    /// Fetches a whole snapshot with a laptop's token; the cursor behind it.
    pub(crate) async fn filled(&self, no: u64) -> Result<String> {
        let mut cursor = String::new();
        loop {
            let path = format!("snapshot?incarnation=0{cursor}");
            let bytes = self.bytes(no, Method::GET, &path, Vec::new()).await?;
            let Some(part) = Part::from_bytes(&bytes) else { bail!("a part that is none") };
            if !part.head.more {
                return Ok(part.head.cursor);
            }
            cursor = format!("&cursor={}", part.head.cursor);
        }
    }
}

impl Laptop {
    /// Comes in, reads, sends what its user writes, reads again, comes back once more.
    pub(crate) async fn morning(self, edits: u64) -> Seen {
        let mut seen = Seen::default();
        if let Err(error) = self.work(edits, &mut seen).await {
            seen.errors.push(format!("{error:#}"));
        }
        seen
    }

    async fn timed<T>(
        &self,
        seen: &mut Seen,
        call: &'static str,
        act: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let begin = Instant::now();
        let turn = self.turns.acquire().await?;
        let answer = act.await;
        drop(turn);
        seen.times.push((call, begin.elapsed()));
        answer
    }

    async fn work(&self, edits: u64, seen: &mut Seen) -> Result<()> {
        let hello = Hello {
            device_id: device(self.no),
            incarnation: 0,
            nonce: Id::now(),
            epoch: None,
            next_push: 0,
            protocol: PROTOCOL,
            numbers: Vec::new(),
            schema: String::new(),
        };
        let welcome = self.client.post(self.no, "hello", &hello);
        let welcome: Welcome = self.timed(seen, "hello", welcome).await?;
        let mut cursor = self.read(seen, "changes of the night", &welcome, &self.cursor).await?;
        if let Some(customer) = self.customer {
            let changesets = (0..edits).map(|nth| self.edit(customer, nth)).collect();
            self.push(seen, &welcome, changesets).await?;
        }
        cursor = self.read(seen, "changes after a push", &welcome, &cursor).await?;
        if self.listens {
            // Two minutes at the desk: it hears of what others do.
            let events = self.client.bytes(self.no, Method::GET, "events", Vec::new());
            let _ = tokio::time::timeout(Duration::from_secs(20), events).await;
        }
        self.read(seen, "changes later", &welcome, &cursor).await?;
        Ok(())
    }

    async fn read(
        &self,
        seen: &mut Seen,
        call: &'static str,
        welcome: &Welcome,
        cursor: &str,
    ) -> Result<String> {
        let mut cursor = cursor.to_owned();
        loop {
            let path = format!("changes?incarnation={}&cursor={cursor}", welcome.incarnation);
            let page = self.client.get(self.no, &path);
            let page: Page = self.timed(seen, call, page).await?;
            cursor = page.cursor;
            if !page.more {
                return Ok(cursor);
            }
        }
    }

    /// A talk that was written down, as a changeset of its own.
    fn edit(&self, customer_id: Id, nth: u64) -> Sent {
        let now = domain::Instant::now();
        let user_id = numbered(1, self.user);
        let talk = Communication {
            id: Id::now(),
            created_at: now,
            created_by: user_id,
            updated_at: now,
            updated_by: user_id,
            customer_id,
            occurred_at: now,
            subject: format!("Talk {nth} of laptop {}", self.no),
            ..Communication::default()
        };
        let fields = object(&talk)
            .into_iter()
            .map(|(name, to)| (name, FieldChange { from: Value::Null, to }))
            .collect();
        let change = Change {
            entity: "communication".into(),
            id: talk.id,
            kind: ChangeKind::Insert,
            fields,
        };
        let changeset = Changeset {
            id: Id::now(),
            at: now,
            user_id,
            operation: "communication.save".into(),
            subject: talk.subject,
            changes: vec![change],
        };
        Sent { changeset, seen: BTreeMap::new(), again: false, quotes: Vec::new() }
    }

    async fn push(&self, seen: &mut Seen, welcome: &Welcome, changesets: Vec<Sent>) -> Result<()> {
        let records: Vec<(Id, Id)> = changesets
            .iter()
            .flat_map(|sent| sent.changeset.changes.iter().map(|one| (sent.changeset.id, one.id)))
            .collect();
        let push = Push {
            device_id: device(self.no),
            incarnation: welcome.incarnation,
            epoch: Some(welcome.epoch),
            cursor: Some(self.cursor.clone()),
            first: welcome.next_push,
            changesets,
        };
        let pushed = self.client.post(self.no, "push", &push);
        let pushed: Pushed = self.timed(seen, "push of three edits", pushed).await?;
        ensure!(pushed.answers.len() == records.len(), "not every changeset was answered");
        for (answer, record) in pushed.answers.iter().zip(records) {
            match &answer.outcome {
                Outcome::Applied => seen.confirmed.push(record),
                other => bail!("an edit was answered {other:?}"),
            }
        }
        Ok(())
    }
}
