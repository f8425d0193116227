//! One transaction of the hub's.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use domain::{
    Changeset, Id,
    access::{Grants, Place, Role},
    merge::State,
};
use serde_json::Value;
use sync::{Answered, KeptPart, Lease, NumberRange};

use super::{
    database, digest, feed,
    record::{column, id, place, table},
};
use crate::{
    Error, Result,
    storage::{Brought, Device, Position, Row, Stored, Tx},
};

/// A transaction on a connection of its own. Dropped without a commit, the connection goes with
/// it, and PostgreSQL rolls back.
pub struct PgTx {
    client: Connection,
}

/// A connection out of the pool, which goes back only after a commit.
struct Connection {
    object: Option<Object>,
    is_committed: bool,
}

impl std::ops::Deref for Connection {
    type Target = Object;

    #[expect(clippy::expect_used, reason = "it is only taken when it is dropped")]
    fn deref(&self) -> &Object {
        self.object.as_ref().expect("a transaction has its connection")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let (false, Some(object)) = (self.is_committed, self.object.take()) {
            drop(Object::take(object));
        }
    }
}

impl PgTx {
    pub(super) async fn begin(client: Object) -> Result<Self> {
        let client = Connection { object: Some(client), is_committed: false };
        let tx = Self { client };
        tx.run("begin").await?;
        Ok(tx)
    }

    async fn run(&self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).await.map_err(|error| database(&error))
    }

    async fn execute(
        &self,
        sql: &str,
        parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<()> {
        let statement = self.client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        self.client.execute(&statement, parameters).await.map_err(|error| database(&error))?;
        Ok(())
    }

    async fn query(
        &self,
        sql: &str,
        parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>> {
        let statement = self.client.prepare_cached(sql).await.map_err(|error| database(&error))?;
        self.client.query(&statement, parameters).await.map_err(|error| database(&error))
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::internal(&error))
}

impl Tx for PgTx {
    async fn epoch(&mut self) -> Result<Id> {
        let rows = self.query("select epoch from hub", &[]).await?;
        let row = rows.first().ok_or_else(|| Error::internal(&"not migrated"))?;
        id(row, "epoch").ok_or_else(|| Error::internal(&"no epoch"))
    }

    async fn former_epochs(&mut self) -> Result<Vec<Id>> {
        let rows = self.query("select unnest(former_epochs) as epoch from hub", &[]).await?;
        Ok(rows.iter().map(|row| Id(row.get("epoch"))).collect())
    }

    async fn restored_version(&mut self) -> Result<i64> {
        let rows = self.query("select restored_version from hub", &[]).await?;
        rows.first().map(|row| row.get(0)).ok_or_else(|| Error::internal(&"not migrated"))
    }

    async fn brought(&mut self, entity: &str, id: Id) -> Result<Option<Brought>> {
        let sql = "select version, state from offered where entity = $1 and id = $2";
        let rows = self.query(sql, &[&entity, &id.0]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let state = match row.get("state") {
            Value::Object(state) => state,
            _ => State::new(),
        };
        Ok(Some(Brought { version: row.get("version"), state }))
    }

    async fn put_brought(&mut self, entity: &str, id: Id, brought: Brought) -> Result<()> {
        let sql = include_str!("sql/put_offered.sql");
        let state = Value::Object(brought.state);
        self.execute(sql, &[&entity, &id.0, &brought.version, &state]).await
    }

    async fn secret(&mut self) -> Result<Vec<u8>> {
        let rows = self.query("select secret from hub", &[]).await?;
        rows.first().map(|row| row.get(0)).ok_or_else(|| Error::internal(&"not migrated"))
    }

    async fn device(&mut self, device: Id) -> Result<Option<Device>> {
        let sql = include_str!("sql/device.sql");
        let rows = self.query(sql, &[&device.0]).await?;
        Ok(rows.first().map(|row| Device {
            id: device,
            user_id: id(row, "user_id").unwrap_or(Id::NIL),
            incarnation: row.get("incarnation"),
            hello: id(row, "hello"),
            next_push: row.get("next_push"),
            is_revoked: row.get("is_revoked"),
        }))
    }

    async fn put_device(&mut self, device: &Device) -> Result<()> {
        let sql = include_str!("sql/put_device.sql");
        let hello = device.hello.map(|id| id.0);
        self.execute(sql, &[&device.id.0, &device.incarnation, &hello, &device.next_push]).await?;
        let sql = "select set_config('kontor.device', $1, true)";
        self.query(sql, &[&device.id.to_string()]).await?;
        Ok(())
    }

    async fn grants(&mut self, user_id: Id) -> Result<Grants> {
        let sql = include_str!("sql/grants.sql");
        let rows = self.query(sql, &[&user_id.0]).await?;
        let row = rows
            .first()
            .ok_or_else(|| Error::new("account-unknown", "There is no such account."))?;
        let territories: Vec<uuid::Uuid> = row.get("territories");
        Ok(Grants {
            user_id,
            role: Role::from_text(row.get("role")).unwrap_or(Role::ReadOnly),
            territories: territories.into_iter().map(Id).collect(),
        })
    }

    async fn answer(&mut self, changeset_id: Id) -> Result<Option<Answered>> {
        let sql = "select outcome from outcome where changeset_id = $1";
        let rows = self.query(sql, &[&changeset_id.0]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        serde_json::from_value(row.get("outcome"))
            .map(Some)
            .map_err(|error| Error::internal(&error))
    }

    async fn put_answer(&mut self, device: &Device, no: i64, answer: &Answered) -> Result<()> {
        // The records are read again on a replay: they may have moved on, or out of scope.
        let kept = Answered { records: Vec::new(), ..answer.clone() };
        let sql = include_str!("sql/put_answer.sql");
        let kept = json(&kept)?;
        let id = answer.changeset_id.0;
        self.execute(sql, &[&id, &device.id.0, &device.incarnation, &no, &kept]).await
    }

    async fn put_changeset(&mut self, device: &Device, changeset: &Changeset) -> Result<()> {
        let sql = include_str!("sql/put_changeset.sql");
        self.execute(
            sql,
            &[
                &changeset.id.0,
                &changeset.at.utc(),
                &changeset.user_id.0,
                &device.id.0,
                &changeset.operation,
                &changeset.subject,
                &json(&changeset.changes)?,
            ],
        )
        .await
    }

    async fn put_kept(&mut self, device: &Device, part: &KeptPart) -> Result<()> {
        let sql = include_str!("sql/put_kept.sql");
        let (id, no) = (part.changeset.id.0, i64::from(part.part));
        self.execute(sql, &[&device.id.0, &id, &no, &json(&part.changeset)?]).await
    }

    async fn record(&mut self, entity: &str, id: Id) -> Result<Option<Stored>> {
        let Ok(table) = table(entity) else { return Ok(None) };
        // The row is held; what the feed says of it then stands still.
        let rows = self
            .query(&format!("select id from {table} where id = $1 for update"), &[&id.0])
            .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        Ok(feed::records(&self.client, &[(entity.to_owned(), id)]).await?.pop())
    }

    async fn records(&mut self, ids: &[(String, Id)]) -> Result<Vec<Stored>> {
        feed::records(&self.client, ids).await
    }

    async fn place(&mut self, entity: &str, state: &State) -> Result<Place> {
        let sql = include_str!("sql/place.sql");
        let fields = Value::Object(state.clone());
        let rows = self.query(sql, &[&entity, &fields]).await?;
        let row = rows.first().ok_or_else(|| Error::internal(&"no place"))?;
        let own = |name: &str| {
            state.get(name).and_then(Value::as_str).and_then(|id| id.parse::<Id>().ok())
        };
        Ok(match entity {
            // It is not there yet to be looked up.
            "customer" => {
                Place::Customer { territory_id: own("territory_id"), owner_id: own("owner_id") }
            }
            _ => place(
                id(row, "customer_id"),
                id(row, "territory_id"),
                id(row, "customer_owner_id"),
                own("owner_id"),
            ),
        })
    }

    async fn insert(&mut self, entity: &str, state: &State) -> Result<()> {
        let table = table(entity)?;
        let names =
            state.keys().map(|name| column(name)).collect::<Result<Vec<_>>>()?.join("\", \"");
        let sql = format!(
            "insert into {table} (\"{names}\")
             select \"{names}\" from jsonb_populate_record(null::{table}, $1)"
        );
        self.execute(&sql, &[&Value::Object(state.clone())]).await
    }

    async fn update(
        &mut self,
        entity: &str,
        id: Id,
        fields: &BTreeMap<String, Value>,
    ) -> Result<()> {
        let table = table(entity)?;
        let names =
            fields.keys().map(|name| column(name)).collect::<Result<Vec<_>>>()?.join("\", \"");
        let sql = format!(
            "update {table} set (\"{names}\") =
                (select \"{names}\" from jsonb_populate_record(null::{table}, $2))
             where id = $1"
        );
        self.execute(&sql, &[&id.0, &json(fields)?]).await
    }

    async fn naming(&mut self, entity: &str, column_name: &str, of: Id) -> Result<Vec<Stored>> {
        let (table, column) = (table(entity)?, column(column_name)?);
        let rows =
            self.query(&format!("select id from {table} where {column} = $1"), &[&of.0]).await?;
        let ids: Vec<(String, Id)> =
            rows.iter().map(|row| (entity.to_owned(), Id(row.get("id")))).collect();
        feed::records(&self.client, &ids).await
    }

    async fn taken(&mut self, entity: &str, field: &str, text: &str, but: Id) -> Result<bool> {
        let (table, field) = (table(entity)?, column(field)?);
        let sql = format!("select 1 from {table} where \"{field}\" = $1 and id <> $2 limit 1");
        Ok(!self.query(&sql, &[&text, &but.0]).await?.is_empty())
    }

    async fn having(&mut self, entity: &str, field: &str, text: &str) -> Result<Vec<Stored>> {
        let (table, field) = (table(entity)?, column(field)?);
        let sql = format!("select id from {table} where \"{field}\" = $1 and \"{field}\" <> ''");
        let rows = self.query(&sql, &[&text]).await?;
        let ids: Vec<(String, Id)> =
            rows.iter().map(|row| (entity.to_owned(), Id(row.get("id")))).collect();
        feed::records(&self.client, &ids).await
    }

    async fn administrator(&mut self) -> Result<Option<Id>> {
        let rows = self.query(include_str!("sql/administrator.sql"), &[]).await?;
        Ok(rows.first().and_then(|row| id(row, "user_id")))
    }

    async fn mark(&mut self) -> Result<()> {
        self.run("savepoint mark").await
    }

    async fn undo_to_mark(&mut self) -> Result<()> {
        self.run("rollback to savepoint mark").await
    }

    async fn references_hold(&mut self) -> Result<bool> {
        let checked = self.client.batch_execute("set constraints all immediate").await;
        match checked {
            Ok(()) => {
                self.run("set constraints all deferred").await?;
                Ok(true)
            }
            Err(error) if error.code().is_some_and(|code| code.code().starts_with("23")) => {
                Ok(false)
            }
            Err(error) => Err(database(&error)),
        }
    }

    async fn lease(&mut self, device: &Device, range: &NumberRange, count: i64) -> Result<Lease> {
        let sql = include_str!("sql/take_numbers.sql");
        let year = i64::from(range.year);
        let rows = self.query(sql, &[&range.kind, &year, &count, &range.used]).await?;
        let first: i64 =
            rows.first().map(|row| row.get("first")).ok_or_else(|| Error::internal(&"no lease"))?;
        let last = first + count - 1;
        let sql = include_str!("sql/put_lease.sql");
        self.execute(sql, &[&device.id.0, &device.incarnation, &range.kind, &year, &first, &last])
            .await?;
        Ok(Lease { range: range.clone(), first, last })
    }

    async fn horizon(&mut self) -> Result<Position> {
        feed::horizon(&self.client).await
    }

    async fn feed(&mut self, after: Position, limit: usize) -> Result<Vec<Row>> {
        feed::after(&self.client, after, limit).await
    }

    async fn moved(&mut self, after: Position, end: Position) -> Result<Vec<(Id, Place)>> {
        feed::moved(&self.client, after, end).await
    }

    async fn hanging(&mut self, customers: &[Id], until: Position) -> Result<Vec<Row>> {
        feed::hanging(&self.client, customers, until).await
    }

    async fn all(&mut self, entity: &str, after: Id, limit: usize) -> Result<Vec<Row>> {
        feed::all(&self.client, entity, after, limit).await
    }

    async fn written(&mut self, after: Position, limit: usize) -> Result<Vec<Row>> {
        digest::written(&self.client, after, limit).await
    }

    async fn shown(
        &mut self,
        grants: &Grants,
        entity: &str,
        after: Id,
        limit: usize,
    ) -> Result<Vec<Row>> {
        digest::shown(&self.client, grants, entity, after, limit).await
    }

    async fn commit(mut self) -> Result<()> {
        self.run("commit").await?;
        self.client.is_committed = true;
        Ok(())
    }
}
