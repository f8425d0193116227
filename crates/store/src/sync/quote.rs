//! A quote with its lines is sent and received as one.

use std::collections::BTreeMap;

use domain::{
    Id,
    merge::{State, Versioned},
};
use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::Value as Json;

use crate::{Result, Store, row};

/// A quote with its living lines, and the hub's versions that were seen of them.
pub type WholeQuote = (State, Vec<State>, BTreeMap<Id, i64>);

fn id_in(state: &State, column: &str) -> Option<Id> {
    state.get(column)?.as_str()?.parse().ok()
}

/// Whether the record belongs to a quote that was changed here and waits for the hub: what came of
/// it is answered, as a whole, when that is sent.
pub(super) fn waits(connection: &Connection, record: &Versioned) -> Result<bool> {
    let quote = match record.entity.as_str() {
        "quote" => Some(record.id),
        "quote_line" => id_in(&record.state, "quote_id"),
        _ => None,
    };
    let Some(quote) = quote else { return Ok(false) };
    let mut statement = connection.prepare_cached(include_str!("waiting_quote.sql"))?;
    let found = statement.query_row(named_params! { ":quote": quote.0 }, |_| Ok(()));
    Ok(found.optional()?.is_some())
}

impl Store {
    /// The quote that a record belongs to: itself, or the one whose line it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn quote_of(&self, entity: &str, id: Id) -> Result<Option<Id>> {
        match entity {
            "quote" => Ok(Some(id)),
            "quote_line" => {
                let reader = self.reader()?;
                let sql = "select quote_id from quote_line where id = ?";
                let mut statement = reader.prepare_cached(sql)?;
                let found = statement.query_row([id.0], |row| row.get::<_, uuid::Uuid>(0));
                Ok(found.optional()?.map(Id))
            }
            _ => Ok(None),
        }
    }

    /// A quote as it is here, whole.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn whole_quote(&self, id: Id) -> Result<Option<WholeQuote>> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached("select * from quote where id = ?")?;
        let mut rows = statement.query([id.0])?;
        let Some(quote) = rows.next()?.map(row::object).transpose()? else { return Ok(None) };
        let mut statement = reader
            .prepare_cached("select * from quote_line where quote_id = ? order by position, seq")?;
        let mut rows = statement.query([id.0])?;
        let (mut lines, mut ids) = (Vec::new(), vec![id]);
        while let Some(found) = rows.next()? {
            let line = row::object(found)?;
            ids.extend(id_in(&line, "id"));
            if line.get("deleted_at").is_none_or(Json::is_null) {
                lines.push(line);
            }
        }
        let mut statement =
            reader.prepare_cached("select version from synced where record_id = ?")?;
        let mut seen = BTreeMap::new();
        for id in ids {
            let version = statement.query_row([id.0], |row| row.get(0)).optional()?;
            seen.extend(version.map(|version| (id, version)));
        }
        Ok(Some((quote, lines, seen)))
    }
}
