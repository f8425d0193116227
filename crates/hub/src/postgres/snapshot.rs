//! Records as lines of a snapshot: columns are read as PostgreSQL sends them and written as JSON
//! at once, the way a page's states are written.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use deadpool_postgres::Object;
use domain::{Id, Instant, access::Grants};
use tokio_postgres::{Row, Statement, types::Type};

use super::{
    database,
    feed::{ENTRY, FROM, entry},
    record::{id, table},
};
use crate::{
    Error, Result,
    storage::{Line, Lines, Position, Which, names_others},
};

/// How many columns [`ENTRY`] has; the record's own follow.
const ENTRY_COLUMNS: usize = 9;

/// Entities and ids of what was written behind a position, as far as it is visible now: also what a
/// page would leave for later.
pub(super) async fn written_since(
    client: &Object,
    since: Position,
    limit: usize,
) -> Result<Vec<(String, Id)>> {
    let sql = include_str!("sql/written_since.sql");
    let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = client
        .query(&statement, &[&since.xid.to_string(), &since.version, &limit])
        .await
        .map_err(|error| database(&error))?;
    Ok(rows.iter().filter_map(|row| Some((row.get("entity"), id(row, "id")?))).collect())
}

pub(super) async fn lines(
    client: &Object,
    entity: &str,
    which: Which<'_>,
    grants: &Grants,
) -> Result<Lines> {
    let table = table(entity)?;
    // Narrower than the table for somebody who sees little of it; who sees what is decided by
    // `Grants::sees`, row by row.
    let narrow = "($2 or feed.customer_id is null or customer.owner_id = $3
        or customer.territory_id = any($4))";
    let (filter, order) = match which {
        Which::After(..) => ("feed.id > $5", "order by feed.id limit $6"),
        Which::These(_) => ("feed.id = any($5)", "order by feed.id"),
    };
    let sql = format!(
        "{ENTRY}, record.* {FROM} join {table} as record on record.id = feed.id
         where feed.entity = $1 and {narrow} and {filter} {order}"
    );
    let statement = client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
    let territories: Vec<uuid::Uuid> = grants.territories.iter().map(|id| id.0).collect();
    let (sees_all, user) = (grants.role.sees_all(), grants.user_id.0);
    let rows = match which {
        Which::After(after, limit) => {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
                [&entity, &sees_all, &user, &territories, &after.0, &limit];
            client.query(&statement, &parameters).await
        }
        Which::These(ids) => {
            let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
            let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
                [&entity, &sees_all, &user, &territories, &ids];
            client.query(&statement, &parameters).await
        }
    };
    let rows = rows.map_err(|error| database(&error))?;
    let own = columns(&statement)?;
    let mut columns = vec!["version".to_owned(), "id".to_owned()];
    columns.extend(own.iter().map(|column| column.name.clone()));
    let named = statement.columns().iter().enumerate().skip(ENTRY_COLUMNS);
    let named: Vec<(usize, String)> = named
        .filter(|(_, column)| names_others(column.name()).is_some())
        .map(|(at, column)| (at, column.name().to_owned()))
        .collect();
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let found = entry(row)?;
        let mut json = String::with_capacity(512);
        // A string takes everything.
        let _ = write!(json, "{},\"{}\"", found.at.version, found.id);
        for column in &own {
            json.push(',');
            column.write(row, &mut json)?;
        }
        let name = |at: usize| row.get::<_, Option<uuid::Uuid>>(at).map(Id);
        let names = named.iter().map(|(at, _)| name(*at)).collect();
        lines.push(Line { id: found.id, place: found.place, names, json });
    }
    Ok(Lines { columns, named: named.into_iter().map(|(_, name)| name).collect(), lines })
}

/// How a column is written.
#[derive(Clone, Copy)]
enum Kind {
    Id,
    Text,
    At,
    Date,
    Whole,
    Truth,
}

struct Column {
    at: usize,
    name: String,
    kind: Kind,
}

/// The record's columns but its id, which stands in front, and those that name what not everybody may
/// know.
fn columns(statement: &Statement) -> Result<Vec<Column>> {
    let own = statement.columns().iter().enumerate().skip(ENTRY_COLUMNS);
    own.filter(|(_, column)| column.name() != "id" && names_others(column.name()).is_none())
        .map(|(at, column)| {
            let kind = match *column.type_() {
                Type::UUID => Kind::Id,
                Type::TEXT => Kind::Text,
                Type::TIMESTAMPTZ => Kind::At,
                Type::DATE => Kind::Date,
                Type::INT8 => Kind::Whole,
                Type::BOOL => Kind::Truth,
                _ => return Err(Error::internal(&"a column of a kind that is not sent")),
            };
            Ok(Column { at, name: column.name().to_owned(), kind })
        })
        .collect()
}

impl Column {
    fn write(&self, row: &Row, json: &mut String) -> Result<()> {
        let at = self.at;
        // A string takes everything.
        let done = match self.kind {
            Kind::Id => row.get::<_, Option<uuid::Uuid>>(at).map(|id| write!(json, "\"{id}\"")),
            Kind::Text => match row.get::<_, Option<&str>>(at) {
                Some(text) => {
                    let text = serde_json::to_string(text);
                    json.push_str(&text.map_err(|error| Error::internal(&error))?);
                    Some(Ok(()))
                }
                None => None,
            },
            Kind::At => row
                .get::<_, Option<DateTime<Utc>>>(at)
                .map(|at| write!(json, "\"{}\"", Instant::from(at))),
            Kind::Date => row.get::<_, Option<NaiveDate>>(at).map(|day| write!(json, "\"{day}\"")),
            Kind::Whole => row.get::<_, Option<i64>>(at).map(|number| write!(json, "{number}")),
            Kind::Truth => row.get::<_, Option<bool>>(at).map(|truth| write!(json, "{truth}")),
        };
        if done.is_none() {
            json.push_str("null");
        }
        Ok(())
    }
}
