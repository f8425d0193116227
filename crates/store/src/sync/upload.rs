//! A workspace that had no hub goes up to one: every record as it is, table by table.

use domain::{Change, ChangeKind, ENTITIES, FieldChange, Id, Instant};
use rusqlite::{Connection, named_params};
use serde_json::Value as Json;

use crate::{Result, Store, counter, row, transact::Tx};

/// How far the upload came: the entity's place in [`ENTITIES`] and the last row's `seq`.
pub type Progress = (usize, i64);

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

    /// The next records as changes that make them, behind a place; empty when all were read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn upload_part(&self, after: Progress, most: usize) -> Result<(Vec<Change>, Progress)> {
        let reader = self.reader()?;
        let (mut entity, mut seq) = after;
        let mut changes = Vec::new();
        while let Some(name) = ENTITIES.get(entity) {
            let sql = format!("select * from {name} where seq > :seq order by seq limit :most");
            let mut statement = reader.prepare_cached(&sql)?;
            let most_left = (most - changes.len()) as i64;
            let mut rows = statement.query(named_params! { ":seq": seq, ":most": most_left })?;
            while let Some(found) = rows.next()? {
                seq = found.get("seq")?;
                let state = row::object(found)?;
                let id = state.get("id").and_then(Json::as_str).and_then(|id| id.parse().ok());
                let fields = state
                    .into_iter()
                    .map(|(column, to)| (column, FieldChange { from: Json::Null, to }))
                    .collect();
                let id = id.unwrap_or(Id::NIL);
                changes.push(Change {
                    entity: (*name).into(),
                    id,
                    kind: ChangeKind::Insert,
                    fields,
                });
            }
            if changes.len() >= most {
                break;
            }
            (entity, seq) = (entity + 1, 0);
        }
        Ok((changes, (entity, seq)))
    }
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
                std::cmp::Ordering::Less => all,
                std::cmp::Ordering::Equal => u64::try_from(seq).unwrap_or(0).min(all),
                std::cmp::Ordering::Greater => 0,
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
