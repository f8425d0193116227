//! Reading what is compared.

use deadpool_postgres::Object;
use domain::{Id, access::Grants};

use super::{
    database,
    feed::{entry, with_former},
};
use crate::{
    Result,
    storage::{Position, Row},
};

pub(super) async fn written(client: &Object, after: Position, limit: usize) -> Result<Vec<Row>> {
    let sql = include_str!("sql/written.sql");
    let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = client
        .query(&statement, &[&after.xid.to_string(), &after.version, &limit])
        .await
        .map_err(|error| database(&error))?;
    with_former(client, found.iter().map(entry).collect::<Result<_>>()?).await
}

pub(super) async fn shown(
    client: &Object,
    grants: &Grants,
    entity: &str,
    after: Id,
    limit: usize,
) -> Result<Vec<Row>> {
    let sql = include_str!("sql/shown.sql");
    let statement = client.prepare_cached(sql).await.map_err(|error| database(&error))?;
    let territories: Vec<uuid::Uuid> = grants.territories.iter().map(|id| id.0).collect();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = client
        .query(
            &statement,
            &[&entity, &after.0, &limit, &grants.role.sees_all(), &grants.user_id.0, &territories],
        )
        .await
        .map_err(|error| database(&error))?;
    found.iter().map(entry).collect()
}
