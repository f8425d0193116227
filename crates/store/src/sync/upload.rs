//! A workspace that had no hub goes up to one: every record as it is, table by table. What names a
//! record that goes up later (a parent that was made after its subsidiary, a quote its PDF) names it
//! at the end, when all are there.

use std::{cmp::Ordering, collections::BTreeMap};

use domain::{Change, ChangeKind, ENTITIES, FieldChange, Id, Instant, merge::State, reference};
use rusqlite::{Connection, named_params};
use serde_json::Value as Json;

use crate::{Result, Store, counter, row, sync::receive::columns, transact::Tx};

/// How far the upload came: the entity's place in [`ENTITIES`], behind these once more for what is
/// named at the end, and the last row's `seq`.
pub type Progress = (usize, i64);

/// The entity's place once all is up.
pub const UPLOADED: usize = 2 * ENTITIES.len();

impl Store {
    /// The columns of a record's table.
    ///
    /// # Errors
    /// When there is no such entity.
    pub fn columns(&self, entity: &str) -> Result<Vec<String>> {
        let reader = self.reader()?;
        let statement =
            reader.prepare_cached(&format!("select * from {} limit 0", row::table(entity)?))?;
        let names = statement.column_names().into_iter().filter(|name| *name != "seq");
        Ok(names.map(Into::into).collect())
    }

    /// A number that is another one once a table has other columns.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn shape(&self) -> Result<i64> {
        Ok(self.reader()?.pragma_query_value(None, "schema_version", |row| row.get(0))?)
    }

    /// The next records as changes that make them, behind a place; empty when all were read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn upload_part(&self, after: Progress, most: usize) -> Result<(Vec<Change>, Progress)> {
        let reader = self.reader()?;
        let (mut place, mut seq) = after;
        let mut changes = Vec::new();
        while place < UPLOADED {
            let (entity, is_end) = (place % ENTITIES.len(), place >= ENTITIES.len());
            let most_left = most - changes.len();
            let kind = if is_end { ChangeKind::Update } else { ChangeKind::Insert };
            seq = read(&reader, entity, seq, most_left, (kind, &mut changes))?;
            if changes.len() >= most {
                break;
            }
            (place, seq) = (place + 1, 0);
        }
        Ok((changes, (place, seq)))
    }

    /// Every record, field by field.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn records(&self) -> Result<BTreeMap<(String, Id), State>> {
        let mut records: BTreeMap<(String, Id), State> = BTreeMap::new();
        for change in self.upload_part((0, 0), usize::MAX)?.0 {
            let state = change.fields.into_iter().map(|(name, field)| (name, field.to));
            records.entry((change.entity, change.id)).or_default().extend(state);
        }
        Ok(records)
    }
}

/// An entity's records behind a row, as changes that make them or say what they name that went up
/// after them; the last one's row.
fn read(
    reader: &Connection,
    entity: usize,
    mut seq: i64,
    most: usize,
    (kind, changes): (ChangeKind, &mut Vec<Change>),
) -> Result<i64> {
    let name = ENTITIES[entity];
    let later = named_later(reader, entity)?;
    if kind == ChangeKind::Update && later.is_empty() {
        return Ok(seq);
    }
    let (wanted, rows) = match kind {
        ChangeKind::Insert => {
            let value = |column: String| match later.get(&column) {
                Some(is) => format!("case when {is} then null else {column} end as {column}"),
                None => format!("\"{column}\""),
            };
            (columns(reader, name)?.into_iter().map(value).collect(), "true".to_owned())
        }
        ChangeKind::Update => {
            let value = |(column, is)| format!("case when {is} then {column} end as {column}");
            let wanted: Vec<String> =
                ["id".to_owned()].into_iter().chain(later.iter().map(value)).collect();
            (wanted, later.values().cloned().collect::<Vec<_>>().join(" or "))
        }
    };
    let sql = format!(
        "select seq, {} from {name} as record where seq > :seq and ({rows}) order by seq limit :most",
        wanted.join(", ")
    );
    let mut statement = reader.prepare_cached(&sql)?;
    let mut rows = statement
        .query(named_params! { ":seq": seq, ":most": i64::try_from(most).unwrap_or(i64::MAX) })?;
    while let Some(found) = rows.next()? {
        seq = found.get("seq")?;
        let mut state = row::object(found)?;
        let id = state.get("id").and_then(Json::as_str).and_then(|id| id.parse().ok());
        if kind == ChangeKind::Update {
            state.retain(|column, value| column != "id" && !value.is_null());
        }
        let fields = state
            .into_iter()
            .map(|(column, to)| (column, FieldChange { from: Json::Null, to }))
            .collect();
        changes.push(Change { entity: name.into(), id: id.unwrap_or(Id::NIL), kind, fields });
    }
    Ok(seq)
}

/// The columns of an entity that can name what goes up later, each with the condition that it does.
fn named_later(reader: &Connection, entity: usize) -> Result<BTreeMap<String, String>> {
    let mut later = BTreeMap::new();
    for column in columns(reader, row::table(ENTITIES[entity])?)? {
        let Some(named) = reference(&column) else { continue };
        let place = ENTITIES.iter().position(|entity| *entity == named).unwrap_or_default();
        let is = match place.cmp(&entity) {
            Ordering::Less => continue,
            Ordering::Equal => format!(
                "exists (select 1 from {named} as named where named.id = record.{column} and named.seq > record.seq)"
            ),
            Ordering::Greater => format!("{column} is not null"),
        };
        later.insert(column, is);
    }
    Ok(later)
}

impl Store {
    /// About how many records went up until a place, and how many there are; answered at once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn upload_progress(&self, (entity, seq): Progress) -> Result<(u64, u64)> {
        let reader = self.reader()?;
        let (mut done, mut total) = (0, 0);
        for (at, name) in ENTITIES.iter().enumerate() {
            // Nothing is deleted, so that the last row's number says how many there are.
            let sql = format!("select coalesce(max(seq), 0) from {name}");
            let all: u64 = reader.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
            total += all;
            done += match at.cmp(&entity) {
                Ordering::Less => all,
                Ordering::Equal => u64::try_from(seq).unwrap_or(0).min(all),
                Ordering::Greater => 0,
            };
        }
        Ok((done, total))
    }
}

fn has_column(connection: &Connection, table: &str, column: &str) -> Result<bool> {
    let sql = "select 1 from pragma_table_info(?) where name = ?";
    Ok(connection.prepare_cached(sql)?.exists((table, column))?)
}

impl Tx<'_> {
    /// What was changed before there was a hub goes up with the records: the log keeps it for undo
    /// and history only.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn confirm_all(&mut self) -> Result<()> {
        let sql = "update changeset set push_state = 'confirmed' where push_state <> 'confirmed'";
        self.transaction.execute(sql, [])?;
        self.transaction.execute(include_str!("begin.sql"), [])?;
        Ok(())
    }

    /// What the hub confirmed since then is sent again: it was restored from a backup.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn send_again(&mut self, since: Instant) -> Result<()> {
        let since = since.to_string();
        self.transaction
            .prepare_cached(include_str!("send_again.sql"))?
            .execute(named_params! { ":since": since })?;
        // Content that came after the backup is not there either.
        self.transaction.execute("delete from blob_sent", [])?;
        Ok(())
    }

    /// The user of this workspace gets the id that they have at the hub, wherever it stands.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn become_user(&mut self, old: Id, new: Id) -> Result<()> {
        for table in ENTITIES {
            for column in ["created_by", "updated_by", "owner_id"] {
                if has_column(&self.transaction, table, column)? {
                    let sql = format!("update {table} set {column} = ? where {column} = ?");
                    self.transaction.execute(&sql, (new.0, old.0))?;
                }
            }
        }
        self.transaction
            .execute("update changeset set user_id = ? where user_id = ?", (new.0, old.0))?;
        self.transaction.execute("update user set id = ? where id = ?", (new.0, old.0))?;
        self.transaction
            .execute("update change set record_id = ? where record_id = ?", (new.0, old.0))?;
        counter::note_fill(&self.transaction)
    }
}
