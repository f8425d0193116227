//! Keeps the shelves up to date.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Change, ChangeKind, Id};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{
    Kind,
    builder::Builder,
    document::{self, Document},
    postings::{self, MOVED_FROM, Part, decode, encode, shelf},
};
use crate::{Result, Store, counter};

/// So many fresh documents are quick to look through; more are merged.
const MOST_FRESH: i64 = 512;
/// So many are merged in one transaction while nobody works.
const MERGED_AT_ONCE: usize = 32;

/// Indexes all records from these `seq` on, after a load.
pub(crate) fn index_from(connection: &Connection, from: &[(Kind, i64)]) -> Result<()> {
    for (kind, from) in from {
        let mut builder: Option<Builder> = None;
        // Blocks that this load began hold nothing else.
        let first_own = u32::try_from(*from).unwrap_or(0).div_ceil(1 << 16);
        let dead = postings::list(connection, shelf(*kind, Part::Dead), "")?;
        document::each(connection, *kind, *from, |document| {
            // The number was another record's that left; it gets a document of its own later.
            if dead.contains(document.seq) {
                return put_fresh(connection, *kind, &document);
            }
            let block = document.seq >> 16;
            if let Some(whole) = builder.take_if(|builder| builder.block() != block) {
                let merging = whole.block() < first_own;
                whole.write(connection, merging)?;
            }
            builder.get_or_insert_with(|| Builder::new(*kind, block)).add(document.seq, &document);
            Ok(())
        })?;
        if let Some(last) = builder {
            let merging = last.block() < first_own;
            last.write(connection, merging)?;
        }
    }
    Ok(())
}

/// Indexes everything anew.
pub(crate) fn rebuild(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "delete from search_posting; delete from search_fresh; delete from search_moved;",
    )?;
    index_from(connection, &Kind::ALL.map(|kind| (kind, 0)))?;
    counter::note_fill(connection)
}

/// Notes what a changeset touched and what shows its names, so that the next query finds it.
pub(crate) fn reindex(connection: &Connection, changes: &[Change]) -> Result<()> {
    let mut dirty: BTreeSet<(Kind, Id)> = BTreeSet::new();
    let mut new: BTreeSet<Id> = BTreeSet::new();
    for change in changes {
        if change.kind == ChangeKind::Insert {
            new.insert(change.id);
        }
        touched(connection, change, &mut dirty)?;
    }
    let mut dead: BTreeMap<(Kind, u32), Vec<u32>> = BTreeMap::new();
    for (kind, id) in dirty {
        if let Some(doc) = put(connection, kind, id, new.contains(&id))? {
            dead.entry((kind, doc >> 16)).or_default().push(doc);
        }
    }
    for ((kind, block), docs) in dead {
        bury(connection, kind, block, &docs)?;
    }
    Ok(())
}

/// Merges the short list when it has grown long; once a transaction.
pub(crate) fn settle(connection: &Connection) -> Result<()> {
    let fresh: i64 = connection
        .prepare_cached("select count(*) from search_fresh")?
        .query_row([], |row| row.get(0))?;
    if fresh > MOST_FRESH { merge(connection) } else { Ok(()) }
}

fn touched(
    connection: &Connection,
    change: &Change,
    dirty: &mut BTreeSet<(Kind, Id)>,
) -> Result<()> {
    match change.entity.as_str() {
        "address" | "customer_tag" => {
            for owner in owners(connection, change, "customer_id")? {
                dirty.insert((Kind::Customer, owner));
                if change.entity == "address" {
                    // Contacts are found by their customer's town.
                    let sql = "select id from contact where customer_id = ?";
                    dirty.extend(ids(connection, sql, owner)?.map(|id| (Kind::Contact, id)));
                }
            }
        }
        "quote_line" => {
            let owners = owners(connection, change, "quote_id")?;
            dirty.extend(owners.into_iter().map(|id| (Kind::Quote, id)));
        }
        "customer" => {
            dirty.insert((Kind::Customer, change.id));
            if change.kind == ChangeKind::Update {
                // What is found by its customer's name, and what goes with its customer.
                let kinds: &[Kind] = if change.fields.contains_key("deleted_at") {
                    &[Kind::Contact, Kind::Opportunity, Kind::Quote, Kind::Communication]
                } else if change.fields.contains_key("name") {
                    &[Kind::Contact, Kind::Opportunity, Kind::Quote]
                } else {
                    &[]
                };
                for kind in kinds {
                    let sql = format!("select id from {} where customer_id = ?", kind.table());
                    dirty.extend(ids(connection, &sql, change.id)?.map(|id| (*kind, id)));
                }
            }
        }
        "tag" if change.kind == ChangeKind::Update => {
            let sql = "select customer_id from customer_tag where tag_id = ?";
            dirty.extend(ids(connection, sql, change.id)?.map(|id| (Kind::Customer, id)));
        }
        table => dirty.extend(Kind::of_table(table).map(|kind| (kind, change.id))),
    }
    Ok(())
}

/// Whose a changed record is now, and whose it was before.
pub(crate) fn owners(connection: &Connection, change: &Change, column: &str) -> Result<Vec<Id>> {
    let sql = format!("select {column} from {} where id = ?", crate::row::table(&change.entity)?);
    let mut owners: Vec<Id> = ids(connection, &sql, change.id)?.collect();
    let before = change.fields.get(column).and_then(|field| field.from.as_str());
    owners.extend(before.and_then(|id| id.parse::<Id>().ok()));
    Ok(owners)
}

fn ids(connection: &Connection, sql: &str, of: Id) -> Result<impl Iterator<Item = Id> + use<>> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([of.0], |row| row.get::<_, Option<uuid::Uuid>>(0))?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found.into_iter().flatten().map(Id))
}

/// Puts a record's present words on the short list; returns the document of its former ones,
/// which is to be buried.
fn put(connection: &Connection, kind: Kind, id: Id, is_new: bool) -> Result<Option<u32>> {
    let seq: Option<u32> = connection
        .prepare_cached(&format!("select seq from {} where id = ?", kind.table()))?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let Some(seq) = seq else { return Ok(None) };
    let was_fresh = connection
        .prepare_cached("delete from search_fresh where kind = ? and seq = ?")?
        .execute(params![kind as i64, seq])?
        > 0;
    let mut former = None;
    if !was_fresh && !is_new {
        former = Some(former_document(connection, kind, seq)?);
    }
    if let Some(document) = document::one(connection, kind, id)? {
        put_fresh(connection, kind, &document)?;
    }
    Ok(former)
}

fn put_fresh(connection: &Connection, kind: Kind, document: &Document) -> Result<()> {
    let sql = "insert into search_fresh (kind, seq, title, detail, marks) values (?, ?, ?, ?, ?)";
    let Document { seq, title, detail, marks, .. } = document;
    connection.prepare_cached(sql)?.execute(params![kind as i64, seq, title, detail, marks])?;
    Ok(())
}

/// Takes a record that is about to be removed out of the index.
pub(crate) fn forget(connection: &Connection, table: &str, id: Id) -> Result<()> {
    let Some(kind) = Kind::of_table(table) else { return Ok(()) };
    let seq: Option<u32> = connection
        .prepare_cached(&format!("select seq from {table} where id = ?"))?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let Some(seq) = seq else { return Ok(()) };
    connection
        .prepare_cached("delete from search_fresh where kind = ? and seq = ?")?
        .execute(params![kind as i64, seq])?;
    let doc = former_document(connection, kind, seq)?;
    bury(connection, kind, doc >> 16, &[doc])
}

/// The document that the lists know a record by.
fn former_document(connection: &Connection, kind: Kind, seq: u32) -> Result<u32> {
    let moved: Option<u32> = connection
        .prepare_cached("delete from search_moved where kind = ? and seq = ? returning doc")?
        .query_row(params![kind as i64, seq], |row| row.get(0))
        .optional()?;
    Ok(moved.unwrap_or(seq))
}

/// Whatever the lists say of these documents of a block from now on is not so.
fn bury(connection: &Connection, kind: Kind, block: u32, docs: &[u32]) -> Result<()> {
    let shelf = shelf(kind, Part::Dead);
    let before: Option<Vec<u8>> = connection
        .prepare_cached(
            "select docs from search_posting where shelf = ? and term = '' and block = ?",
        )?
        .query_row(params![shelf, block], |row| row.get(0))
        .optional()?;
    let mut dead = roaring::RoaringBitmap::new();
    decode(0, &before.unwrap_or_default(), &mut dead);
    dead.extend(docs.iter().map(|doc| doc & 0xffff));
    let docs: Vec<u16> = dead.iter().map(|doc| (doc & 0xffff) as u16).collect();
    connection
        .prepare_cached(
            "insert into search_posting (shelf, term, block, docs) values (?, '', ?, ?)
             on conflict do update set docs = excluded.docs",
        )?
        .execute(params![shelf, block, encode(&docs)])?;
    Ok(())
}

/// Writes all fresh documents onto the shelves.
fn merge(connection: &Connection) -> Result<()> {
    for kind in Kind::ALL {
        merge_first(connection, kind, usize::MAX)?;
    }
    Ok(())
}

/// Writes the first fresh documents of a kind onto the shelves; returns how many.
fn merge_first(connection: &Connection, kind: Kind, most: usize) -> Result<usize> {
    let mut documents = postings::fresh(connection, kind)?;
    documents.truncate(most);
    let Some(last) = documents.last().map(|document| document.seq) else { return Ok(0) };
    let dead = postings::list(connection, shelf(kind, Part::Dead), "")?;
    let mut numbered = Vec::new();
    for document in documents {
        let doc = if dead.contains(document.seq) {
            moved(connection, kind, &document)?
        } else {
            document.seq
        };
        numbered.push((doc, document));
    }
    numbered.sort_unstable_by_key(|(doc, _)| *doc);
    let mut builder: Option<Builder> = None;
    for (doc, document) in &numbered {
        if let Some(whole) = builder.take_if(|builder| builder.block() != doc >> 16) {
            whole.write(connection, true)?;
        }
        builder.get_or_insert_with(|| Builder::new(kind, doc >> 16)).add(*doc, document);
    }
    if let Some(last) = builder {
        last.write(connection, true)?;
    }
    connection
        .prepare_cached("delete from search_fresh where kind = ? and seq <= ?")?
        .execute(params![kind as i64, last])?;
    Ok(numbered.len())
}

fn moved(connection: &Connection, kind: Kind, document: &Document) -> Result<u32> {
    let doc = counter::next(connection, "search_moved", MOVED_FROM)?;
    connection
        .prepare_cached("insert into search_moved (kind, doc, seq) values (?, ?, ?)")?
        .execute(params![kind as i64, doc, document.seq])?;
    Ok(doc)
}

impl Store {
    /// Makes the search index anew from the records. Takes about as long as loading them did.
    ///
    /// # Errors
    /// When the database cannot be written; the index is as it was then.
    pub fn rebuild_search(&self) -> Result<()> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rebuild(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// What need not happen while someone waits: writes what was changed lately into the search
    /// index, in parts that take some hundredths of a second, for as long as `go_on` says so.
    /// Best called when nobody works.
    ///
    /// # Errors
    /// When the database cannot be written; nothing is lost then.
    pub fn tend(&self, go_on: impl Fn() -> bool) -> Result<()> {
        for kind in Kind::ALL {
            while go_on() {
                let mut writer = self.writer();
                let transaction =
                    writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let merged = merge_first(&transaction, kind, MERGED_AT_ONCE)?;
                transaction.commit()?;
                if merged < MERGED_AT_ONCE {
                    break;
                }
            }
        }
        Ok(())
    }
}
