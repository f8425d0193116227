//! Records as JSON and back, the way the laptop writes them.

use chrono::{DateTime, Utc};
use domain::{ENTITIES, Id, Instant, access::Place, merge::State};
use serde_json::Value;
use tokio_postgres::Row;

use crate::{
    Error, Result,
    storage::{Position, Stored},
};

/// The entity's table, as it stands in SQL.
pub(super) fn table(entity: &str) -> Result<String> {
    match ENTITIES.iter().find(|known| **known == entity) {
        Some(known) => Ok(format!("\"{known}\"")),
        None => Err(Error::new("entity-unknown", "The hub does not know this kind of record.")),
    }
}

/// A column's name as it stands in SQL.
pub(super) fn column(name: &str) -> Result<&str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match name.bytes().all(plain) {
        true => Ok(name),
        false => Err(Error::new("field-unknown", "The hub does not know this field.")),
    }
}

/// PostgreSQL writes points in time with an offset; everybody else here with a Z and milliseconds.
pub(super) fn state(json: Value) -> State {
    let Value::Object(mut state) = json else { return State::new() };
    for (name, value) in &mut state {
        if let (true, Value::String(text)) = (name.ends_with("_at"), &value)
            && let Ok(at) = text.parse::<DateTime<Utc>>()
        {
            *value = Instant::from(at).to_string().into();
        }
    }
    state
}

pub(super) fn id(row: &Row, name: &str) -> Option<Id> {
    row.get::<_, Option<uuid::Uuid>>(name).map(Id)
}

/// Where a record stands: at its customer, with its owner, or it is everyone's.
pub(super) fn place(
    customer: Option<Id>,
    territory_id: Option<Id>,
    customer_owner: Option<Id>,
    owner: Option<Id>,
) -> Place {
    match (customer, owner) {
        (Some(_), _) => Place::Customer { territory_id, owner_id: customer_owner },
        (None, Some(owner_id)) => Place::Personal { owner_id },
        (None, None) => Place::Common,
    }
}

pub(super) fn position(row: &Row) -> Position {
    let xid: i64 = row.get("xid");
    Position { xid: xid.unsigned_abs(), version: row.get("version") }
}

/// From a row with the feed's columns and `state`.
pub(super) fn stored(row: &Row) -> Result<Stored> {
    let id_of = |name| id(row, name);
    Ok(Stored {
        entity: row.get("entity"),
        id: id_of("id").ok_or_else(|| Error::internal(&"a record without an id"))?,
        at: position(row),
        place: place(
            id_of("customer_id"),
            id_of("territory_id"),
            id_of("customer_owner_id"),
            id_of("owner_id"),
        ),
        device_id: id_of("device_id"),
        state: state(row.get("state")),
    })
}
