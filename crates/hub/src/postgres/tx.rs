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
use tokio::join;
use tokio_postgres::types::ToSql;

use super::{
    blob,
    connection::Connection,
    database, digest, feed,
    record::{column, id, table},
    snapshot,
    taken::Taken,
};
use crate::{
    Error, Result,
    storage::{Brought, Device, Feed, Life, Lines, Position, Reader, Row, Stored, Tx, Which},
};

/// Tables that grow by so many rows at once are planned for anew.
const MANY: usize = 100;

/// A transaction on a connection of its own. Dropped without a commit, the connection goes with
/// it, and PostgreSQL rolls back.
pub struct PgTx {
    client: Connection,
    has_mark: bool,
    /// Whether references were written that nobody looked at yet.
    has_references: bool,
    /// Goes with the commit.
    device: Option<Device>,
    /// As well.
    taken: Taken,
    /// Of whoever writes.
    grants: Option<Grants>,
}

impl PgTx {
    pub(super) fn begin(client: Object) -> Self {
        Self {
            client: Connection::begin(client),
            has_mark: false,
            has_references: false,
            device: None,
            taken: Taken::default(),
            grants: None,
        }
    }

    /// Documents that were written show what their writer has by others.
    async fn show_documents(&mut self, entity: &str, written: Vec<(Id, &Value)>) -> Result<()> {
        let text = |(id, sha256): (Id, &Value)| Some((id, sha256.as_str()?.to_owned()));
        let written: Vec<(Id, String)> = written.into_iter().filter_map(text).collect();
        match &self.grants {
            Some(grants) if entity == "document" && !written.is_empty() => {
                blob::show_known(&mut self.client, grants, &written).await
            }
            _ => Ok(()),
        }
    }
}

fn device(of: Id, row: &tokio_postgres::Row) -> Device {
    Device {
        id: of,
        user_id: id(row, "user_id").unwrap_or(Id::NIL),
        incarnation: row.get("incarnation"),
        hello: id(row, "hello"),
        next_push: row.get("next_push"),
        is_revoked: row.get("is_revoked"),
    }
}

fn grants(user_id: Id, row: &tokio_postgres::Row) -> Grants {
    let territories: Vec<uuid::Uuid> = row.get("territories");
    Grants {
        user_id,
        role: Role::from_text(row.get("role")).unwrap_or(Role::ReadOnly),
        territories: territories.into_iter().map(Id).collect(),
    }
}

fn reader(of: Id, row: &tokio_postgres::Row) -> Reader {
    let device = device(of, row);
    Reader {
        grants: grants(device.user_id, row),
        device,
        epoch: id(row, "epoch").unwrap_or(Id::NIL),
        secret: row.get("secret"),
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::internal(&error))
}

impl Tx for PgTx {
    async fn epoch(&mut self) -> Result<Id> {
        let rows = self.client.read("select epoch from hub", &[]).await?;
        let row = rows.first().ok_or_else(|| Error::internal(&"not migrated"))?;
        id(row, "epoch").ok_or_else(|| Error::internal(&"no epoch"))
    }

    async fn lives(&mut self) -> Result<Vec<Life>> {
        let sql =
            "select life.* from hub, unnest(former_epochs, former_ends) as life (epoch, ended)";
        let rows = self.client.read(sql, &[]).await?;
        Ok(rows.iter().map(|row| Life { epoch: Id(row.get(0)), end: row.get(1) }).collect())
    }

    async fn life_begin(&mut self) -> Result<i64> {
        let rows = self.client.read("select begins from hub", &[]).await?;
        Ok(rows.first().map_or(0, |row| row.get("begins")))
    }

    async fn restored_version(&mut self) -> Result<i64> {
        let rows = self.client.read("select restored_version from hub", &[]).await?;
        rows.first().map(|row| row.get(0)).ok_or_else(|| Error::internal(&"not migrated"))
    }

    async fn version_of_backup(&mut self, entity: &str, id: Id) -> Result<i64> {
        let sql = "select version from backup_record where entity = $1 and id = $2";
        let rows = self.client.read(sql, &[&entity, &id.0]).await?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }

    async fn brought(&mut self, entity: &str, id: Id) -> Result<Option<Brought>> {
        let sql = "select version, state, contested from offered where entity = $1 and id = $2";
        let rows = self.client.read(sql, &[&entity, &id.0]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let state = match row.get("state") {
            Value::Object(state) => state,
            _ => State::new(),
        };
        let contested: Vec<String> = row.get("contested");
        let contested = contested.into_iter().collect();
        Ok(Some(Brought { version: row.get("version"), state, contested }))
    }

    async fn put_brought(&mut self, entity: &str, id: Id, brought: Brought) -> Result<()> {
        let sql = include_str!("sql/put_offered.sql");
        let state = Value::Object(brought.state);
        let contested: Vec<String> = brought.contested.into_iter().collect();
        self.client.put(sql, &[&entity, &id.0, &brought.version, &state, &contested]).await
    }

    async fn secret(&mut self) -> Result<Vec<u8>> {
        let rows = self.client.read("select secret from hub", &[]).await?;
        rows.first().map(|row| row.get(0)).ok_or_else(|| Error::internal(&"not migrated"))
    }

    async fn device(&mut self, device: Id) -> Result<Option<Device>> {
        let sql = include_str!("sql/device.sql");
        let rows = self.client.write(sql, &[&device.0]).await?;
        Ok(rows.first().map(|row| self::device(device, row)))
    }

    async fn reader(&mut self, device: Id) -> Result<Option<Reader>> {
        let rows = self.client.read(include_str!("sql/reader.sql"), &[&device.0]).await?;
        Ok(rows.first().map(|row| reader(device, row)))
    }

    async fn sender(
        &mut self,
        device: Id,
        changesets: &[Id],
    ) -> Result<Option<(Reader, Vec<Answered>)>> {
        let sender = self.client.prepare_cached(include_str!("sql/sender.sql")).await;
        let known = self.client.prepare_cached(include_str!("sql/answers.sql")).await;
        let ids: Vec<uuid::Uuid> = changesets.iter().map(|id| id.0).collect();
        let (sender, known) =
            (sender.map_err(|error| database(&error))?, known.map_err(|error| database(&error))?);
        let (of, among): ([&(dyn ToSql + Sync); 1], [&(dyn ToSql + Sync); 1]) =
            ([&device.0], [&ids]);
        let ahead = self.client.ahead();
        let client: &Object = &self.client;
        let (gone, sender, known) = join!(
            biased;
            client.batch_execute(&ahead),
            client.query(&sender, &of),
            // Behind the lock: what another push of the same laptop took is known then.
            client.query(&known, &among),
        );
        gone.map_err(|error| database(&error))?;
        let (sender, known) =
            (sender.map_err(|error| database(&error))?, known.map_err(|error| database(&error))?);
        let Some(sender) = sender.first().map(|row| reader(device, row)) else { return Ok(None) };
        self.grants = Some(sender.grants.clone());
        let answer = |row: &tokio_postgres::Row| {
            serde_json::from_value(row.get("outcome")).map_err(|error| Error::internal(&error))
        };
        Ok(Some((sender, known.iter().map(answer).collect::<Result<_>>()?)))
    }

    async fn put_device(&mut self, device: &Device) -> Result<()> {
        self.device = Some(device.clone());
        Ok(())
    }

    async fn grants(&mut self, user_id: Id) -> Result<Grants> {
        let sql = include_str!("sql/grants.sql");
        let rows = self.client.read(sql, &[&user_id.0]).await?;
        let row = rows
            .first()
            .ok_or_else(|| Error::new("account-unknown", "There is no such account."))?;
        Ok(grants(user_id, row))
    }

    async fn put_answer(
        &mut self,
        device: &Device,
        no: i64,
        answer: &Answered,
        changeset: Option<&Changeset>,
    ) -> Result<()> {
        // The records are read again on a replay: they may have moved on, or out of scope.
        let kept = json(&Answered { records: Vec::new(), ..answer.clone() })?;
        self.taken.put(device, no, answer.changeset_id, kept, changeset)
    }

    async fn put_kept(&mut self, device: &Device, part: &KeptPart) -> Result<()> {
        let sql = include_str!("sql/put_kept.sql");
        let (id, no) = (part.changeset.id.0, i64::from(part.part));
        self.client.put(sql, &[&device.id.0, &id, &no, &json(&part.changeset)?]).await
    }

    async fn hold(&mut self, ids: &[(String, Id)]) -> Result<Vec<Stored>> {
        let mut there = Vec::new();
        for (entity, ids) in feed::by_entity(ids) {
            let Ok(table) = table(entity) else { continue };
            // In the same order always, so that two laptops do not wait for each other.
            let sql = format!("select id from {table} where id = any($1) order by id for update");
            let held = self.client.prepare_cached(&sql).await.map_err(|error| database(&error))?;
            let ahead = self.client.ahead();
            let wanted: Vec<(String, Id)> =
                ids.iter().map(|id| (entity.to_owned(), Id(*id))).collect();
            let among: [&(dyn ToSql + Sync); 1] = [&ids];
            // Once the rows are held, what the feed says of them stands still.
            let (gone, held, records) = join!(
                biased;
                self.client.batch_execute(&ahead),
                self.client.query(&held, &among),
                feed::records(&self.client, &wanted),
            );
            gone.and(held).map_err(|error| database(&error))?;
            there.extend(records?);
        }
        Ok(there)
    }

    async fn records(&mut self, ids: &[(String, Id)]) -> Result<Vec<Stored>> {
        feed::records(&self.client, ids).await
    }

    async fn rows(&mut self, ids: &[(String, Id)]) -> Result<Vec<Row>> {
        feed::rows(&self.client, ids).await
    }

    async fn places_since(&mut self, ids: &[(String, Id)], after: u64) -> Result<Vec<(Id, Place)>> {
        feed::places_since(&self.client, ids, after).await
    }

    async fn insert(&mut self, entity: &str, states: &[&State]) -> Result<()> {
        let Some(first) = states.first() else { return Ok(()) };
        self.has_references = true;
        if states.len() >= MANY {
            // In an empty database every plan is as good as another; now it matters.
            self.client.go_ahead_of("discard plans");
        }
        let table = table(entity)?;
        let names =
            first.keys().map(|name| column(name)).collect::<Result<Vec<_>>>()?.join("\", \"");
        let sql = format!(
            "insert into {table} (\"{names}\")
             select \"{names}\" from jsonb_populate_recordset(null::{table}, $1)"
        );
        self.client.put(&sql, &[&json(&states)?]).await?;
        let id = |state: &State| state.get("id")?.as_str()?.parse().ok();
        let written = states.iter().filter_map(|state| Some((id(state)?, state.get("sha256")?)));
        self.show_documents(entity, written.collect()).await
    }

    async fn update(
        &mut self,
        entity: &str,
        id: Id,
        fields: &BTreeMap<String, Value>,
    ) -> Result<()> {
        self.has_references |= fields.keys().any(|name| domain::reference(name).is_some());
        let table = table(entity)?;
        let names =
            fields.keys().map(|name| column(name)).collect::<Result<Vec<_>>>()?.join("\", \"");
        let sql = format!(
            "update {table} set (\"{names}\") =
                (select \"{names}\" from jsonb_populate_record(null::{table}, $2))
             where id = $1"
        );
        self.client.put(&sql, &[&id.0, &json(fields)?]).await?;
        let written = fields.get("sha256").map(|sha256| (id, sha256));
        self.show_documents(entity, written.into_iter().collect()).await
    }

    async fn naming(&mut self, entity: &str, column_name: &str, of: &[Id]) -> Result<Vec<Stored>> {
        let (table, column) = (table(entity)?, column(column_name)?);
        let of: Vec<uuid::Uuid> = of.iter().map(|id| id.0).collect();
        let sql = format!("select id from {table} where {column} = any($1)");
        let rows = self.client.read(&sql, &[&of]).await?;
        let ids: Vec<(String, Id)> =
            rows.iter().map(|row| (entity.to_owned(), Id(row.get("id")))).collect();
        feed::records(&self.client, &ids).await
    }

    async fn taken(&mut self, entity: &str, field: &str, text: &str, but: Id) -> Result<bool> {
        let (table, field) = (table(entity)?, column(field)?);
        let sql = format!("select 1 from {table} where \"{field}\" = $1 and id <> $2 limit 1");
        Ok(!self.client.read(&sql, &[&text, &but.0]).await?.is_empty())
    }

    async fn having(&mut self, entity: &str, field: &str, text: &str) -> Result<Vec<Stored>> {
        let (table, field) = (table(entity)?, column(field)?);
        let sql = format!("select id from {table} where \"{field}\" = $1 and \"{field}\" <> ''");
        let rows = self.client.read(&sql, &[&text]).await?;
        let ids: Vec<(String, Id)> =
            rows.iter().map(|row| (entity.to_owned(), Id(row.get("id")))).collect();
        feed::records(&self.client, &ids).await
    }

    async fn administrator(&mut self) -> Result<Option<Id>> {
        let rows = self.client.read(include_str!("sql/administrator.sql"), &[]).await?;
        Ok(rows.first().and_then(|row| id(row, "user_id")))
    }

    async fn known(&mut self, entity: &str, field: &str, texts: &[String]) -> Result<Vec<String>> {
        let (table, field) = (table(entity)?, column(field)?);
        let sql =
            format!("select distinct \"{field}\" as text from {table} where \"{field}\" = any($1)");
        let rows = self.client.read(&sql, &[&texts]).await?;
        Ok(rows.iter().map(|row| row.get("text")).collect())
    }

    async fn mark(&mut self) -> Result<()> {
        // Nested they would pile up: PostgreSQL grows slow with more than 64.
        let is_first = !std::mem::replace(&mut self.has_mark, true);
        let mark = if is_first { "savepoint mark" } else { "release mark; savepoint mark" };
        self.client.go_ahead_of(mark);
        Ok(())
    }

    async fn undo_to_mark(&mut self) -> Result<()> {
        self.client.run("rollback to savepoint mark").await
    }

    async fn references_hold(&mut self) -> Result<bool> {
        if !std::mem::take(&mut self.has_references) {
            return Ok(true);
        }
        self.client.flush().await?;
        let sql = "set constraints all immediate; set constraints all deferred";
        match self.client.batch_execute(sql).await {
            Ok(()) => Ok(true),
            Err(error) if error.code().is_some_and(|code| code.code().starts_with("23")) => {
                Ok(false)
            }
            Err(error) => Err(database(&error)),
        }
    }

    async fn lease(&mut self, device: &Device, range: &NumberRange, count: i64) -> Result<Lease> {
        let sql = include_str!("sql/take_numbers.sql");
        let year = i64::from(range.year);
        let rows = self.client.write(sql, &[&range.kind, &year, &count, &range.used]).await?;
        let first: i64 =
            rows.first().map(|row| row.get("first")).ok_or_else(|| Error::internal(&"no lease"))?;
        let last = first + count - 1;
        let sql = include_str!("sql/put_lease.sql");
        self.client
            .put(sql, &[&device.id.0, &device.incarnation, &range.kind, &year, &first, &last])
            .await?;
        Ok(Lease { range: range.clone(), first, last })
    }

    async fn horizon(&mut self) -> Result<Position> {
        feed::horizon(&self.client).await
    }

    async fn feed(&mut self, after: Position, limit: usize, grants: &Grants) -> Result<Feed> {
        feed::after(&self.client, after, limit, grants).await
    }

    async fn moved(&mut self, after: Position, end: Position) -> Result<Vec<(Id, Place)>> {
        feed::moved(&self.client, after, end).await
    }

    async fn subsidiaries(&mut self, customers: &[Id], until: Position) -> Result<Vec<Row>> {
        feed::subsidiaries(&self.client, customers, until).await
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

    async fn one_moment(&mut self) -> Result<()> {
        self.client.run("set transaction isolation level repeatable read, read only").await
    }

    async fn written_since(&mut self, since: Position, limit: usize) -> Result<Vec<(String, Id)>> {
        snapshot::written_since(&self.client, since, limit).await
    }

    async fn lines(&mut self, entity: &str, which: Which<'_>, grants: &Grants) -> Result<Lines> {
        snapshot::lines(&self.client, entity, which, grants).await
    }

    async fn commit(mut self) -> Result<()> {
        let taken = std::mem::take(&mut self.taken);
        if let Some(device) = self.device.take() {
            self.client.flush().await?;
            let client: &Object = &self.client;
            let outcomes = client.prepare_cached(include_str!("sql/put_taken.sql")).await;
            let put = client.prepare_cached(include_str!("sql/put_device.sql")).await;
            let (outcomes, put) = (
                outcomes.map_err(|error| database(&error))?,
                put.map_err(|error| database(&error))?,
            );
            let hello = device.hello.map(|id| id.0);
            let of: [&(dyn ToSql + Sync); 4] =
                [&device.id.0, &device.incarnation, &hello, &device.next_push];
            let taken_parameters = taken.parameters();
            let (outcomes, put, committed) = join!(
                biased;
                async {
                    match taken.is_empty() {
                        true => Ok(0),
                        false => client.execute(&outcomes, &taken_parameters).await,
                    }
                },
                client.execute(&put, &of),
                client.batch_execute("commit"),
            );
            outcomes.and(put).map(|_| ()).and(committed).map_err(|error| database(&error))?;
        } else if !taken.is_empty() {
            return Err(Error::internal(&"answers without their device"));
        } else if self.client.is_begun() {
            self.client.run("commit").await?;
        }
        self.client.done();
        Ok(())
    }
}
