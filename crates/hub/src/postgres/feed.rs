//! Reading the feed.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use domain::{
    Id,
    access::{Grants, Place},
};

use tokio::join;
use tokio_postgres::types::ToSql;

use super::{
    database,
    record::{id, place, position, stored, table},
};
use crate::{
    Error, Result,
    http::Written,
    storage::{Feed, Position, Row, Stored},
};

/// An entry with where its customer stands now.
pub(super) const ENTRY: &str =
    "select feed.entity, feed.id, feed.version, feed.xid::text::bigint as xid,
        feed.customer_id, feed.owner_id, feed.device_id,
        customer.territory_id, customer.owner_id as customer_owner_id";
pub(super) const FROM: &str = "from feed left join customer on customer.id = feed.customer_id";
/// The entries of these records ($2) of an entity ($1), each looked up by itself: however little is
/// known of the tables, no plan reads one of them whole.
const WANTED: &str = "from unnest($2::uuid[]) as wanted (id)
    join feed on feed.entity = $1 and feed.id = wanted.id
    left join customer on customer.id = feed.customer_id";

pub(super) async fn horizon(client: &Object) -> Result<Position> {
    let sql = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid";
    let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
    let row = client.query_one(&statement, &[]).await.map_err(|error| database(&error))?;
    let xid: i64 = row.get("xid");
    // Everything below it is committed or never will be.
    Ok(Position { xid: xid.unsigned_abs().saturating_sub(1), version: i64::MAX })
}

/// So many entries behind a cursor are walked one by one; who sees few customers and finds more
/// asks by customer.
const WALKED: usize = 200;

pub(super) async fn after(
    client: &Object,
    after: Position,
    limit: usize,
    grants: &Grants,
) -> Result<Feed> {
    let territories: Vec<uuid::Uuid> = grants.territories.iter().map(|id| id.0).collect();
    let (sees_all, user) = (grants.role.sees_all(), grants.user_id.0);
    let most = if sees_all { limit } else { WALKED };
    let [limit, most] = [limit, most].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let from = after.xid.to_string();
    let walked = include_str!("sql/feed_walked.sql");
    let walked = client.prepare_cached(walked).await.map_err(|error| database(&error))?;
    let parameters: [&(dyn ToSql + Sync); 7] =
        [&from, &after.version, &limit, &sees_all, &user, &territories, &most];
    // Asked before the feed: whatever is below it, the feed shows.
    let (horizon, found) = join!(biased; horizon(client), client.query(&walked, &parameters));
    let (horizon, mut found) = (horizon?, found.map_err(|error| database(&error))?);
    let is_cut = found.first().is_some_and(|row| row.get::<_, i64>("walked") == most);
    if is_cut && !sees_all {
        let sql = include_str!("sql/feed_by_customer.sql");
        let by_customer = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        let parameters: [&(dyn ToSql + Sync); 5] =
            [&from, &after.version, &limit, &user, &territories];
        found = client.query(&by_customer, &parameters).await.map_err(|error| database(&error))?;
    } else {
        found.retain(|row| id(row, "id").is_some());
    }
    let has_moves = found.first().is_some_and(|row| row.get("has_moves"));
    let (mut rows, mut elsewhere) = (Vec::new(), Vec::new());
    for row in &found {
        match row.get("has_former") {
            true => elsewhere.push(entry(row)?),
            false => rows.push(entry(row)?),
        }
    }
    rows.extend(with_former(client, elsewhere).await?);
    rows.sort_by_key(|row| row.at);
    Ok(Feed { horizon, rows, has_moves })
}

async fn behind(
    client: &Object,
    after: Position,
    limit: usize,
) -> Result<Vec<tokio_postgres::Row>> {
    let sql = format!(
        "{ENTRY} {FROM}
         where (feed.xid, feed.version) > ($1::text::xid8, $2)
            and feed.xid < pg_snapshot_xmin(pg_current_snapshot())
         order by feed.xid, feed.version
         limit $3"
    );
    let statement = client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    client
        .query(&statement, &[&after.xid.to_string(), &after.version, &limit])
        .await
        .map_err(|error| database(&error))
}

/// Who has to do with what stands behind a position, and where that ends.
pub(super) async fn written(
    client: &Object,
    after: Position,
    limit: usize,
) -> Result<(Vec<Written>, Option<Position>)> {
    let found = behind(client, after, limit).await?;
    let last = found.last().map(position);
    let rows = with_former(client, found.iter().map(entry).collect::<Result<_>>()?).await?;
    let written = rows.into_iter().zip(&found).map(|(row, found)| Written {
        places: row.former.into_iter().chain([row.place]).collect(),
        device_id: id(found, "device_id"),
    });
    Ok((written.collect(), last))
}

pub(super) async fn with_former(client: &Object, mut rows: Vec<Row>) -> Result<Vec<Row>> {
    let former = former(client, &rows).await?;
    for row in &mut rows {
        row.former = former.get(&row.id).cloned().unwrap_or_default();
    }
    Ok(rows)
}

pub(super) async fn all(
    client: &Object,
    entity: &str,
    after: Id,
    limit: usize,
) -> Result<Vec<Row>> {
    let sql =
        format!("{ENTRY} {FROM} where feed.entity = $1 and feed.id > $2 order by feed.id limit $3");
    let statement = client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = client
        .query(&statement, &[&entity, &after.0, &limit])
        .await
        .map_err(|error| database(&error))?;
    let rows = found.iter().map(entry).collect::<Result<_>>()?;
    with_former(client, rows).await
}

/// Customers that changed hands, with where they were before.
pub(super) async fn moved(
    client: &Object,
    after: Position,
    end: Position,
) -> Result<Vec<(Id, Place)>> {
    let sql = include_str!("sql/moved.sql");
    let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
    let found = client
        .query(&statement, &[&after.xid.to_string(), &after.version, &end.xid.to_string()])
        .await
        .map_err(|error| database(&error))?;
    let was = |row: &tokio_postgres::Row| {
        place(id(row, "customer_id"), id(row, "territory_id"), id(row, "customer_owner_id"), None)
    };
    Ok(found.iter().filter_map(|row| Some((id(row, "id")?, was(row)))).collect())
}

/// Where records stand, and wherever they stood after a transaction.
pub(super) async fn places_since(
    client: &Object,
    ids: &[(String, Id)],
    after: u64,
) -> Result<Vec<(Id, Place)>> {
    let mut places = Vec::new();
    for (entity, ids) in by_entity(ids) {
        let sql = include_str!("sql/places_since.sql");
        let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        let found = client
            .query(&statement, &[&entity, &ids, &after.to_string()])
            .await
            .map_err(|error| database(&error))?;
        places.extend(found.iter().filter_map(|row| Some((id(row, "id")?, stands(row)))));
    }
    Ok(places)
}

/// What hangs on customers, up to a position.
pub(super) async fn hanging(
    client: &Object,
    customers: &[Id],
    until: Position,
) -> Result<Vec<Row>> {
    up_to(client, "feed.customer_id = any($1) and feed.entity <> 'customer'", customers, until)
        .await
}

/// Customers that name these as their parents, up to a position.
pub(super) async fn subsidiaries(
    client: &Object,
    customers: &[Id],
    until: Position,
) -> Result<Vec<Row>> {
    up_to(client, "feed.entity = 'customer' and customer.parent_id = any($1)", customers, until)
        .await
}

async fn up_to(
    client: &Object,
    which: &str,
    customers: &[Id],
    until: Position,
) -> Result<Vec<Row>> {
    let sql = format!(
        "{ENTRY} {FROM} where {which} and (feed.xid, feed.version) <= ($2::text::xid8, $3)"
    );
    let statement = client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
    let customers: Vec<uuid::Uuid> = customers.iter().map(|customer| customer.0).collect();
    let found = client
        .query(&statement, &[&customers, &until.xid.to_string(), &until.version])
        .await
        .map_err(|error| database(&error))?;
    found.iter().map(entry).collect()
}

fn stands(row: &tokio_postgres::Row) -> Place {
    place(
        id(row, "customer_id"),
        id(row, "territory_id"),
        id(row, "customer_owner_id"),
        id(row, "owner_id"),
    )
}

pub(super) fn entry(row: &tokio_postgres::Row) -> Result<Row> {
    Ok(Row {
        entity: row.get("entity"),
        id: id(row, "id").ok_or_else(|| Error::internal(&"an entry without an id"))?,
        at: position(row),
        place: stands(row),
        former: Vec::new(),
    })
}

/// Where these records were before.
async fn former(client: &Object, rows: &[Row]) -> Result<BTreeMap<Id, Vec<Place>>> {
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<uuid::Uuid> = rows.iter().map(|row| row.id.0).collect();
    let sql = include_str!("sql/former.sql");
    let mut entities: Vec<&str> = rows.iter().map(|row| row.entity.as_str()).collect();
    entities.dedup();
    let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
    let found =
        client.query(&statement, &[&ids, &entities]).await.map_err(|error| database(&error))?;
    let mut places: BTreeMap<Id, Vec<Place>> = BTreeMap::new();
    for row in &found {
        let Some(record) = id(row, "id") else { continue };
        places.entry(record).or_default().push(stands(row));
    }
    Ok(places)
}

pub(super) fn by_entity(ids: &[(String, Id)]) -> BTreeMap<&str, Vec<uuid::Uuid>> {
    let mut by_entity: BTreeMap<&str, Vec<uuid::Uuid>> = BTreeMap::new();
    for (entity, id) in ids {
        by_entity.entry(entity).or_default().push(id.0);
    }
    for ids in by_entity.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    by_entity
}

/// What the feed says of these records, without where they were before.
pub(super) async fn rows(client: &Object, ids: &[(String, Id)]) -> Result<Vec<Row>> {
    let mut found = Vec::new();
    for (entity, ids) in by_entity(ids) {
        let sql = format!("{ENTRY} {WANTED}");
        let statement = client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
        let rows =
            client.query(&statement, &[&entity, &ids]).await.map_err(|error| database(&error))?;
        for row in &rows {
            found.push(entry(row)?);
        }
    }
    Ok(found)
}

/// Records by entity and id, in the feed's order.
pub(super) async fn records(client: &Object, ids: &[(String, Id)]) -> Result<Vec<Stored>> {
    let mut found = Vec::new();
    for (entity, ids) in by_entity(ids) {
        let table = table(entity)?;
        let sql = format!(
            "{ENTRY}, row_to_json(record) as state {WANTED}
             join {table} as record on record.id = feed.id"
        );
        let statement = client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
        let rows =
            client.query(&statement, &[&entity, &ids]).await.map_err(|error| database(&error))?;
        for row in &rows {
            found.push(stored(row)?);
        }
    }
    found.sort_by_key(|record| record.at);
    Ok(found)
}
