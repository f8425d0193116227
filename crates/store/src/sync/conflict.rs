//! Fields that two people changed apart.

use commands::view::ConflictView;
use domain::{Id, merge::State};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde_json::Value as Json;

use super::receive::held;
use crate::{
    Result, Store, StoreError,
    log::{id, instant},
    row,
    transact::Tx,
};

impl Store {
    /// Conflicts that nobody settled, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn conflicts(&self) -> Result<Vec<ConflictView>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(include_str!("conflicts.sql"))?;
        let mut rows = statement.query([])?;
        let mut conflicts = Vec::new();
        while let Some(row) = rows.next()? {
            let (view, apart) = (view(row)?, id(row, 12)?);
            conflicts.push(as_it_stands(&reader, view, apart)?);
        }
        Ok(conflicts)
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_conflicts(&self) -> Result<u64> {
        let sql = "select count(*) from conflict where choice = 'open' and deleted_at is null";
        Ok(self.reader()?.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }
}

fn view(row: &Row<'_>) -> rusqlite::Result<ConflictView> {
    let json = |text: String| serde_json::from_str(&text).unwrap_or(Json::Null);
    Ok(ConflictView {
        id: id(row, 0)?,
        record_entity: row.get(1)?,
        record_id: id(row, 2)?,
        customer_id: row.get::<_, Option<uuid::Uuid>>(3)?.map(Id),
        subject: row.get(4)?,
        field: row.get(5)?,
        base: json(row.get(6)?),
        theirs: json(row.get(7)?),
        now: Json::Null,
        theirs_by_id: Id::NIL,
        theirs_by: String::new(),
        ours: json(row.get(8)?),
        ours_by_id: id(row, 9)?,
        ours_by: row.get(10)?,
        ours_at: instant(&row.get::<_, String>(11)?),
    })
}

/// With what the field holds now, and who made it so. `apart` is what changed it apart.
fn as_it_stands(connection: &Connection, view: ConflictView, apart: Id) -> Result<ConflictView> {
    // Of two records that should be one no field stands.
    if view.field == "id" {
        return Ok(view);
    }
    let now = match field(connection, &view.record_entity, view.record_id, &view.field) {
        Err(StoreError::NotFound { .. }) => view.theirs.clone(),
        found => found?,
    };
    // A record that came back: who deleted it is asked for.
    let made = if view.field == "deleted_at" { &view.theirs } else { &now };
    let mut statement = connection.prepare_cached(include_str!("made_by.sql"))?;
    let by = statement
        .query_row(
            named_params! {
                ":record": view.record_id.0,
                ":apart": apart.0,
                ":ours": view.ours_by_id.0,
                ":to": format!("$.{}.to", view.field),
                ":value": made.to_string(),
            },
            |row| Ok((id(row, 0)?, row.get(1)?)),
        )
        .optional()?;
    let (theirs_by_id, theirs_by) = by.unwrap_or_default();
    Ok(ConflictView { now, theirs_by_id, theirs_by, ..view })
}

/// A record's field as it is now.
fn field(connection: &Connection, entity: &str, id: Id, name: &str) -> Result<Json> {
    let (table, column) = (row::table(entity)?, row::column(name)?);
    let sql = format!("select {column} from {table} where id = ?");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id.0])?;
    let found = rows.next()?.map(row::object).transpose()?;
    found
        .and_then(|mut fields| fields.remove(name))
        .ok_or_else(|| StoreError::NotFound { entity: entity.into() })
}

impl Tx<'_> {
    /// A record's fields as they are now, if it is here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn state(&self, entity: &str, id: Id) -> Result<Option<State>> {
        held(&self.transaction, row::table(entity)?, id)
    }

    /// A record's field as it is now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn field(&self, entity: &str, id: Id, name: &str) -> Result<Json> {
        field(&self.transaction, entity, id, name)
    }
}
