//! What the hub needs of its database: changesets, devices, scope, feed. Narrow on purpose: never
//! a method for one entity.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use domain::{
    Changeset, Id,
    access::{Grants, Place},
    merge::State,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sync::{Answered, KeptPart, Lease, NumberRange};

use crate::Result;

/// A place in the feed: the transaction that wrote, and the number that it gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The transaction.
    pub xid: u64,
    /// The version.
    pub version: i64,
}

/// A record with what the feed says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its entity.
    pub entity: String,
    /// It.
    pub id: Id,
    /// Where it stands in the feed.
    pub at: Position,
    /// Who sees it.
    pub place: Place,
    /// The device that wrote it last; none for the ERP.
    pub device_id: Option<Id>,
    /// Its fields.
    pub state: State,
}

/// A record's entry in the feed, without its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its entity.
    pub entity: String,
    /// It.
    pub id: Id,
    /// Where it stands in the feed.
    pub at: Position,
    /// Who sees it.
    pub place: Place,
    /// Wherever it was before. Not only since the position that was asked from: what moved away
    /// and was written again later stands in the feed behind the place where it moved.
    pub former: Vec<Place>,
}

/// A registered laptop.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// It.
    pub id: Id,
    /// The user that works on it.
    pub user_id: Id,
    /// The present life of its database.
    pub incarnation: i64,
    /// The hello that began it.
    pub hello: Option<Id>,
    /// The number of the next push that is taken.
    pub next_push: i64,
    /// Whether it may come in no more.
    pub is_revoked: bool,
}

/// The latest state of a record in the life before that any laptop has offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Brought {
    /// Its version in that life.
    pub version: i64,
    /// Its fields.
    pub state: State,
    /// Fields that somebody changed since the restore, or that laptops disagree on: these are
    /// listed, and a person decides.
    pub contested: BTreeSet<String>,
}

/// A record as a line of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// It.
    pub id: Id,
    /// Who sees it.
    pub place: Place,
    /// What it names by [`Lines::named`].
    pub names: Vec<Option<Id>>,
    /// Its values as JSON with commas between, in the order of [`Lines::columns`].
    pub json: String,
}

/// The entity of what a column names, where that may be another customer's: a group's parent, a
/// contact that changed sides in the ERP. It is told only to who sees it. What a record hangs on is
/// its own.
#[must_use]
pub fn names_others(column: &str) -> Option<&'static str> {
    let entity = domain::reference(column)?;
    let hangs = matches!(column, "customer_id" | "quote_id");
    let is_customers = matches!(
        entity,
        "customer" | "contact" | "address" | "opportunity" | "quote" | "communication" | "document"
    );
    (!hangs && is_customers).then_some(entity)
}

/// Records of one entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// `version`, `id`, then the record's own.
    pub columns: Vec<String>,
    /// Those that name what may be others': see [`names_others`].
    pub named: Vec<String>,
    /// The records.
    pub lines: Vec<Line>,
}

/// Which records of an entity are read.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// So many behind an id, by id.
    After(Id, usize),
    /// Those that are meant.
    These(&'a [Id]),
}

/// A part of the feed.
#[derive(Debug)]
pub struct Feed {
    /// The end of what could be read safely just before.
    pub horizon: Position,
    /// The entries.
    pub rows: Vec<Row>,
    /// Whether any customer changed hands behind the position, in the scope or out of it.
    pub has_moves: bool,
}

/// Versions of a new life begin so far above all before: no laptop has seen them.
pub const LEAP: i64 = 1_000_000_000;

/// A life of the hub's database that a restore ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Its name.
    pub epoch: Id,
    /// What is not newer, the backup had.
    pub end: i64,
}

/// Who reads, and what the hub says of itself to everyone.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    /// The laptop.
    pub device: Device,
    /// What its user may see.
    pub grants: Grants,
    /// The hub's present life.
    pub epoch: Id,
    /// What signs cursors.
    pub secret: Vec<u8>,
}

/// A database that the hub works on.
pub trait Storage: Sync {
    /// Its transaction.
    type Tx: Tx;

    /// Begins one.
    fn begin(&self) -> impl Future<Output = Result<Self::Tx>> + Send;

    /// A page has at most so many records.
    fn page_size(&self) -> usize {
        sync::MOST_RECORDS
    }

    /// A page ends with the record that makes it longer than about so many bytes, before it is packed:
    /// slow networks carry it in time.
    fn page_bytes(&self) -> usize {
        4 * 1024 * 1024
    }
}

/// One transaction. Dropped without [`Tx::commit`], nothing of it holds.
pub trait Tx: Send {
    /// The hub's present life.
    fn epoch(&mut self) -> impl Future<Output = Result<Id>> + Send;

    /// The hub's lives before the present one.
    fn lives(&mut self) -> impl Future<Output = Result<Vec<Life>>> + Send;

    /// The last version of the life before the present one; 0 in the first.
    fn restored_version(&mut self) -> impl Future<Output = Result<i64>> + Send;

    /// The versions of the present life are above this one; 0 in the first.
    fn life_begin(&mut self) -> impl Future<Output = Result<i64>> + Send;

    /// The version that the backup had of a record, where the hub was restored; 0 where it had none.
    fn version_of_backup(
        &mut self,
        entity: &str,
        id: Id,
    ) -> impl Future<Output = Result<i64>> + Send;

    /// What a laptop brought a record of the life before back with.
    fn brought(
        &mut self,
        entity: &str,
        id: Id,
    ) -> impl Future<Output = Result<Option<Brought>>> + Send;

    /// Keeps it.
    fn put_brought(
        &mut self,
        entity: &str,
        id: Id,
        brought: Brought,
    ) -> impl Future<Output = Result<()>> + Send;

    /// What signs cursors.
    fn secret(&mut self) -> impl Future<Output = Result<Vec<u8>>> + Send;

    /// A device, held until the transaction ends.
    fn device(&mut self, id: Id) -> impl Future<Output = Result<Option<Device>>> + Send;

    /// A device with what it may read; nobody is held up by it.
    fn reader(&mut self, device_id: Id) -> impl Future<Output = Result<Option<Reader>>> + Send;

    /// As [`Tx::reader`], with the device held until the transaction ends, and what became of those
    /// of these changesets that came before. What is written from now on is its work.
    fn sender(
        &mut self,
        device_id: Id,
        changesets: &[Id],
    ) -> impl Future<Output = Result<Option<(Reader, Vec<Answered>)>>> + Send;

    /// Keeps a device's life and push number.
    fn put_device(&mut self, device: &Device) -> impl Future<Output = Result<()>> + Send;

    /// What a user may see.
    fn grants(&mut self, user_id: Id) -> impl Future<Output = Result<Grants>> + Send;

    /// Keeps what became of a changeset, and the changeset where it took effect.
    fn put_answer(
        &mut self,
        device: &Device,
        push_no: i64,
        answer: &Answered,
        changeset: Option<&Changeset>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Keeps what a revoked device could not send; it takes no effect.
    fn put_kept(
        &mut self,
        device: &Device,
        part: &KeptPart,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Records, held until the transaction ends.
    fn hold(&mut self, ids: &[(String, Id)]) -> impl Future<Output = Result<Vec<Stored>>> + Send;

    /// A record, held until the transaction ends.
    fn record(
        &mut self,
        entity: &str,
        id: Id,
    ) -> impl Future<Output = Result<Option<Stored>>> + Send {
        let wanted = [(entity.to_owned(), id)];
        async move { Ok(self.hold(&wanted).await?.pop()) }
    }

    /// Records by entity and id.
    fn records(&mut self, ids: &[(String, Id)])
    -> impl Future<Output = Result<Vec<Stored>>> + Send;

    /// What the feed says of records, without their fields and former places.
    fn rows(&mut self, ids: &[(String, Id)]) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// Where these records stand, and wherever they stood before the transactions behind this one. The
    /// end of a page may be in the middle of a transaction: what it moved counts as told.
    fn places_since(
        &mut self,
        ids: &[(String, Id)],
        after: u64,
    ) -> impl Future<Output = Result<Vec<(Id, Place)>>> + Send;

    /// Writes new records of an entity, which all have the same fields.
    fn insert(
        &mut self,
        entity: &str,
        states: &[&State],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Writes fields of a record.
    fn update(
        &mut self,
        entity: &str,
        id: Id,
        fields: &BTreeMap<String, Value>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Records of an entity whose column names one of these ids.
    fn naming(
        &mut self,
        entity: &str,
        column: &str,
        ids: &[Id],
    ) -> impl Future<Output = Result<Vec<Stored>>> + Send;

    /// Whether another living record of the entity has this text in this field.
    fn taken(
        &mut self,
        entity: &str,
        field: &str,
        text: &str,
        but: Id,
    ) -> impl Future<Output = Result<bool>> + Send;

    /// Records of the entity that have this text in this field.
    fn having(
        &mut self,
        entity: &str,
        field: &str,
        text: &str,
    ) -> impl Future<Output = Result<Vec<Stored>>> + Send;

    /// Somebody who sees everything: the first administrator.
    fn administrator(&mut self) -> impl Future<Output = Result<Option<Id>>> + Send;

    /// Those of these texts that a living record of the entity has in this field.
    fn known(
        &mut self,
        entity: &str,
        field: &str,
        texts: &[String],
    ) -> impl Future<Output = Result<Vec<String>>> + Send;

    /// A point to which [`Tx::undo_to_mark`] goes back; it takes the place of the one before.
    fn mark(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// Takes back what was written since [`Tx::mark`].
    fn undo_to_mark(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// Whether all references hold that were written since [`Tx::mark`].
    fn references_hold(&mut self) -> impl Future<Output = Result<bool>> + Send;

    /// A fresh block of numbers.
    fn lease(
        &mut self,
        device: &Device,
        range: &NumberRange,
        count: i64,
    ) -> impl Future<Output = Result<Lease>> + Send;

    /// The end of what can be read safely now.
    fn horizon(&mut self) -> impl Future<Output = Result<Position>> + Send;

    /// The feed behind a position, up to the horizon of that moment. What these grants neither see nor can have
    /// seen elsewhere may be left out already.
    fn feed(
        &mut self,
        after: Position,
        limit: usize,
        grants: &Grants,
    ) -> impl Future<Output = Result<Feed>> + Send;

    /// Customers that changed hands behind a position, up to another one's transaction, each with
    /// where it was before.
    fn moved(
        &mut self,
        after: Position,
        end: Position,
    ) -> impl Future<Output = Result<Vec<(Id, Place)>>> + Send;

    /// What hangs on these customers and stands in the feed up to a position.
    fn hanging(
        &mut self,
        customers: &[Id],
        until: Position,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// Subsidiaries of these customers that stand in the feed up to a position.
    fn subsidiaries(
        &mut self,
        customers: &[Id],
        until: Position,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// An entity's records behind an id, by id.
    fn all(
        &mut self,
        entity: &str,
        after: Id,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// Entries of the feed behind a position, whether or not they can be read safely yet.
    fn written(
        &mut self,
        after: Position,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// An entity's records behind an id, by id, without where they were before. What these grants
    /// cannot show may be left out.
    fn shown(
        &mut self,
        grants: &Grants,
        entity: &str,
        after: Id,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// From here on all is read as of one moment, and nothing is written; to be called first.
    fn one_moment(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// What was written behind a position, as far as it is seen now: also beyond the horizon.
    fn written_since(
        &mut self,
        since: Position,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<(String, Id)>>> + Send;

    /// Records of an entity as lines. What these grants do not see may be left out already.
    fn lines(
        &mut self,
        entity: &str,
        which: Which<'_>,
        grants: &Grants,
    ) -> impl Future<Output = Result<Lines>> + Send;

    /// Makes it hold.
    fn commit(self) -> impl Future<Output = Result<()>> + Send;
}
