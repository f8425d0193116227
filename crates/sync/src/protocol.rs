//! The messages between a laptop and the hub, JSON under `/api/v1/sync`.

use std::collections::BTreeMap;

pub use domain::merge::Versioned;
use domain::{Changeset, Id, Refusal, access::Role, merge::State};
use serde::{Deserialize, Serialize};

use crate::Schema;

/// The protocol's version; the hub tells older laptops to upgrade before they write.
pub const PROTOCOL: u32 = 1;

/// At most so many changes in one push.
pub const MOST_CHANGES: usize = 500;

/// At most so many records in one page.
pub const MOST_RECORDS: usize = 2_000;

/// A laptop comes in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The device.
    pub device_id: Id,
    /// The life of its database that the hub told it last; 0 before the first.
    pub incarnation: i64,
    /// Made for this hello and kept until it is answered: the same hello twice begins one life.
    pub nonce: Id,
    /// The hub's life that the laptop knows.
    pub epoch: Option<Id>,
    /// The number of its next push; 0 where it does not say.
    #[serde(default)]
    pub next_push: i64,
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// The blocks of numbers that run low.
    pub numbers: Vec<NumberRange>,
    /// The hash of what the hub took when it was asked last.
    #[serde(default)]
    pub schema: String,
}

/// A kind of numbers that a laptop counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NumberRange {
    /// `quote`, `opportunity`, `customer`.
    pub kind: String,
    /// The year; 0 where the pattern has none.
    pub year: i32,
    /// The last number that was given before there was a hub; 0 where it leased them all.
    pub used: i64,
}

/// A block of numbers that are this laptop's alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// What is counted.
    pub range: NumberRange,
    /// The first number.
    pub first: i64,
    /// The last number.
    pub last: i64,
}

/// What a hello leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Go on.
    Ok,
    /// The laptop is too old to write; it may still read.
    Upgrade,
    /// The hub was restored from a backup: send again what was acknowledged lately, fetch anew.
    Rebootstrap,
    /// This database is a copy of another: take a new device id, keep what is unsent.
    Fork,
}

/// The hub's answer to a hello.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// How the laptop goes on.
    pub standing: Standing,
    /// The life of its database from now on.
    pub incarnation: i64,
    /// The hub's present life.
    pub epoch: Id,
    /// The number of the next push that is taken.
    pub next_push: i64,
    /// The last version of the life of the hub that the laptop knows; what it has above it, the hub
    /// has not.
    pub restored_version: i64,
    /// The user that works here.
    pub user_id: Id,
    /// Their role.
    pub role: Role,
    /// Fresh blocks of numbers.
    pub leases: Vec<Lease>,
    /// What the hub takes, where the laptop does not know it.
    #[serde(default)]
    pub schema: Option<Schema>,
}

/// Changesets of one laptop, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// The device.
    pub device_id: Id,
    /// Its database's life.
    pub incarnation: i64,
    /// The hub's life that the laptop knows: what it sends is based on that one.
    #[serde(default)]
    pub epoch: Option<Id>,
    /// How far it has read: what it was not told yet it could not know.
    #[serde(default)]
    pub cursor: Option<String>,
    /// The number of the first changeset; the others follow without gaps.
    pub first: i64,
    /// The changesets.
    pub changesets: Vec<Sent>,
}

/// One changeset with what the laptop knew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// The changeset.
    pub changeset: Changeset,
    /// The versions of its records that the laptop had seen.
    pub seen: BTreeMap<Id, i64>,
    /// The hub took it in its life before: it is sent once more after a restore.
    #[serde(default)]
    pub again: bool,
    /// The quotes that it touches, whole, as the laptop has them.
    #[serde(default)]
    pub quotes: Vec<WholeQuote>,
}

/// A quote with its lines: one unit, never an interleave of two people's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WholeQuote {
    /// The quote.
    pub quote: State,
    /// Its living lines.
    pub lines: Vec<State>,
}

/// What became of a changeset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// As it was sent.
    Applied,
    /// Put together with what others changed.
    Merged,
    /// Fields that others changed too kept their value; the laptop's is in a conflict.
    Conflict {
        /// The fields, as `entity.field`.
        fields: Vec<String>,
    },
    /// Not taken; nothing of it.
    Rejected {
        /// Why.
        refusal: Refusal,
    },
    /// Another push must come first.
    Retry,
}

/// The outcome of one changeset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The changeset.
    pub changeset_id: Id,
    /// What became of it.
    pub outcome: Outcome,
    /// Its records as the hub holds them now; those in scope.
    pub records: Vec<Versioned>,
    /// Records that the hub made of it: entity and id.
    #[serde(default)]
    pub made: Vec<(String, Id)>,
}

/// The hub's answer to a push.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pushed {
    /// The hub's present life.
    pub epoch: Id,
    /// One for each changeset, as far as they were taken.
    pub answers: Vec<Answered>,
    /// The number of the next push that is taken.
    pub next_push: i64,
}

/// One entry of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Entry {
    /// A record's state; deleted ones carry `deleted_at`.
    State(Versioned),
    /// A record that is no longer for this user, with all that hangs on it.
    LeftScope {
        /// Its entity.
        entity: String,
        /// It.
        id: Id,
    },
}

impl Entry {
    /// Of which record.
    #[must_use]
    pub fn id(&self) -> Id {
        match self {
            Self::State(record) => record.id,
            Self::LeftScope { id, .. } => *id,
        }
    }
}

/// A page of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The hub's present life.
    pub epoch: Id,
    /// What changed.
    pub entries: Vec<Entry>,
    /// Where to go on; opaque, signed by the hub.
    pub cursor: String,
    /// Whether there is more to read at once.
    pub more: bool,
    /// Whether the user's grants changed, so that much may leave.
    pub grants_changed: bool,
}

/// Why the hub did not answer: a code to act on, a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Stable: `token-invalid`, `device-revoked`, `too-many`.
    pub code: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// Someone signs in on a device: `POST /api/v1/session`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// The device.
    pub device_id: Id,
    /// What its user calls it.
    pub device_name: String,
}

/// Somebody who signed in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// For the next 30 minutes.
    pub access: String,
    /// For the next pair of tokens, once.
    pub refresh: String,
    /// The user record that they work as.
    pub user_id: Id,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// Asks for the next pair: `POST /api/v1/session/refresh`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Renew {
    /// The refresh token.
    pub refresh: String,
}

/// A pair of tokens.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// For the next 30 minutes.
    pub access: String,
    /// For the next pair, once.
    pub refresh: String,
}

/// A copy of a database becomes a device of its own: `POST /api/v1/sync/fork`. Answered with
/// tokens for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The new device.
    pub new_id: Id,
}

/// A laptop that was revoked hands over what it could not send: `POST /api/v1/sync/keep`. An
/// administrator looks at it; it takes no effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keep {
    /// The device.
    pub device_id: Id,
    /// Made for this call, and answered with it.
    pub nonce: Id,
    /// Changesets; large ones in parts.
    pub parts: Vec<KeptPart>,
    /// Nothing else waits: with the answer the laptop empties itself.
    pub is_all: bool,
}

/// A changeset that could not be sent, or a part of its changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPart {
    /// The changeset with the part's changes.
    pub changeset: Changeset,
    /// Counts its parts.
    pub part: u32,
}

/// The hub's answer to [`Keep`]. For this answer alone, and only if everything in it is as it must
/// be, a laptop removes what it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The device that was revoked.
    pub device_id: Id,
    /// The call that is answered.
    pub nonce: Id,
    /// All lives of the hub, the present one first.
    pub epochs: Vec<Id>,
    /// The parts that are kept now: changeset and number.
    pub kept: Vec<(Id, u32)>,
}

/// Records that a laptop has and a restored hub lacks: `POST /api/v1/sync/offer`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The device.
    pub device_id: Id,
    /// Its database's life.
    pub incarnation: i64,
    /// The last version of the life of the hub that the laptop knew.
    pub above: i64,
    /// Records with the versions of the hub's life before.
    pub records: Vec<Versioned>,
}

/// What became of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// So many records were brought back.
    pub taken: usize,
    /// So many could not be: what they refer to is not there yet, or the laptop's user may not make
    /// them.
    #[serde(default)]
    pub refused: usize,
}

/// Content of documents goes in parts of this many bytes.
pub const BLOB_PART: usize = 4 * 1024 * 1024;

/// How much of a document's content the hub has: the answer to `PUT /api/v1/sync/blobs/{sha256}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobState {
    /// Bytes from its beginning.
    pub received: i64,
}
