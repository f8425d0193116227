//! Records to rows and back, by the convention that field names are the columns: `id`, `…_id`
//! and `…_by` are ids (16 bytes in SQL, text in JSON), truth values are 0 and 1.

use domain::{ENTITIES, Id, Record};
use rusqlite::{
    Row,
    types::{Value as Sql, ValueRef},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::{Result, StoreError, read};

/// A VAT id is the one id that is people's, not ours.
pub(crate) fn is_id(column: &str) -> bool {
    (column == "id" || column.ends_with("_id") || column.ends_with("_by")) && column != "vat_id"
}

/// The entity as its table's name, if it is one.
pub(crate) fn table(entity: &str) -> Result<&'static str> {
    ENTITIES
        .into_iter()
        .find(|known| *known == entity)
        .ok_or_else(|| StoreError::NotFound { entity: entity.into() })
}

/// A column's name that can stand in SQL as it is.
pub(crate) fn column(name: &str) -> Result<&str> {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        Ok(name)
    } else {
        Err(StoreError::Constraint(format!("no column {name}")))
    }
}

/// A field's JSON as the value of its column.
pub(crate) fn to_sql(column: &str, value: &Json) -> Result<Sql> {
    let wrong = || StoreError::Constraint(format!("{column}: {value}"));
    Ok(match value {
        Json::Null => Sql::Null,
        Json::Bool(truth) => Sql::Integer(i64::from(*truth)),
        Json::Number(number) => Sql::Integer(number.as_i64().ok_or_else(wrong)?),
        Json::String(text) if is_id(column) => {
            let id: Id = text.parse().map_err(|_| wrong())?;
            Sql::Blob(id.0.as_bytes().to_vec())
        }
        Json::String(text) => Sql::Text(text.clone()),
        Json::Array(_) | Json::Object(_) => return Err(wrong()),
    })
}

/// A column's value as its field's JSON.
fn to_json(column: &str, value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null | ValueRef::Real(_) => Json::Null,
        ValueRef::Integer(number) if column.starts_with("is_") => Json::Bool(number != 0),
        ValueRef::Integer(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => {
            uuid::Uuid::from_slice(bytes).map_or(Json::Null, |id| id.to_string().into())
        }
    }
}

/// A whole row (`select *`) as JSON.
pub(crate) fn object(row: &Row<'_>) -> Result<Map<String, Json>> {
    let names = row.as_ref().column_names();
    let mut fields = Map::new();
    for (index, name) in names.iter().enumerate() {
        if *name != "seq" {
            fields.insert((*name).into(), to_json(name, row.get_ref(index)?));
        }
    }
    Ok(fields)
}

/// A whole row (`select *`) as its record.
pub(crate) fn record<R: Record>(row: &Row<'_>) -> Result<R> {
    read::row(row)
}

/// A row whose columns are named as the fields of what it becomes.
pub(crate) fn view<T: DeserializeOwned>(row: &Row<'_>) -> Result<T> {
    read::row(row)
}
