//! The tables of a snapshot's part, written into the database as they are parsed: a row's values
//! go from the text into the statement, without a copy between.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use domain::{
    ENTITIES, Id,
    merge::{State, Versioned},
};
use rusqlite::{Connection, Statement, types::Null};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use crate::{Result, StoreError, row, store};

/// Rows that are being loaded.
pub(super) struct Tables<'c> {
    connection: &'c Connection,
    /// Records that are here already: they are put together, not written over.
    known: HashSet<Id>,
    rows: u64,
    aside: Vec<Versioned>,
    versions: Vec<(Id, usize, i64)>,
    /// Why the database did not take a row.
    failure: Option<StoreError>,
}

/// The table whose rows come now.
struct Open<'c> {
    entity: String,
    at: usize,
    /// Behind the version and the id, with whether it holds ids.
    columns: Vec<(String, bool)>,
    /// None for a table or columns that this version does not know: its rows go another way.
    statement: Option<Statement<'c>>,
}

impl<'c> Tables<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self> {
        let mut known = HashSet::new();
        for table in ENTITIES {
            let mut statement = connection.prepare(&format!("select id from {table}"))?;
            let ids = statement.query_map([], |row| row.get::<_, uuid::Uuid>(0).map(Id))?;
            for id in ids {
                known.insert(id?);
            }
        }
        let (aside, versions) = (Vec::new(), Vec::new());
        Ok(Self { connection, known, rows: 0, aside, versions, failure: None })
    }

    /// Loads the tables of a part.
    pub(super) fn load(&mut self, tables: &[u8]) -> Result<()> {
        let mut parser = serde_json::Deserializer::from_slice(tables);
        let read = parser.deserialize_seq(Part(self)).and_then(|()| parser.end());
        match (read, self.failure.take()) {
            (_, Some(failure)) => Err(failure),
            (Err(error), None) => Err(StoreError::Damaged(error.to_string())),
            (Ok(()), None) => Ok(()),
        }
    }

    /// Notes the hub's versions of all that was loaded. Returns how many rows came, and those that
    /// were not loaded, as they are here already or more than this version knows.
    pub(super) fn end(mut self) -> Result<(u64, Vec<Versioned>)> {
        // Of a record that came twice the later one holds. In the order of their ids each goes
        // behind the last.
        let latest: BTreeMap<Id, (usize, i64)> =
            self.versions.drain(..).map(|(id, at, version)| (id, (at, version))).collect();
        let sql = "insert into synced (record_id, entity, version) values (?, ?, ?) on conflict do update set version = excluded.version";
        let mut statement = self.connection.prepare(sql)?;
        for (id, (at, version)) in latest {
            statement.execute((id.0, ENTITIES[at], version))?;
        }
        let aside: BTreeMap<Id, Versioned> =
            self.aside.into_iter().map(|record| (record.id, record)).collect();
        Ok((self.rows, aside.into_values().collect()))
    }

    fn open(&self, head: &Head) -> Result<Open<'c>> {
        let at = ENTITIES.iter().position(|name| *name == head.entity);
        let names = head.columns.iter().skip(2);
        let columns = names.map(|name| (name.clone(), row::is_id(name))).collect();
        let mut open =
            Open { entity: head.entity.clone(), at: at.unwrap_or(0), columns, statement: None };
        let Some(at) = at else { return Ok(open) };
        let sql = format!("select * from {} limit 0", ENTITIES[at]);
        let known = self.connection.prepare(&sql)?;
        let known = known.column_names();
        // The version is no column of the record.
        let own = head.columns.get(1..).unwrap_or_default();
        if own.iter().all(|name| known.contains(&name.as_str())) {
            let mut sql = store::insert_sql(&head.entity, own)?;
            if head.again {
                let sets: Vec<String> =
                    own.iter().map(|name| format!("{name} = excluded.{name}")).collect();
                sql.push_str(&format!(" on conflict (id) do update set {}", sets.join(", ")));
            }
            open.statement = Some(self.connection.prepare(&sql)?);
        }
        Ok(open)
    }
}

/// What a table says of itself, before its rows.
#[derive(Default)]
struct Head {
    entity: String,
    again: bool,
    columns: Vec<String>,
}

/// A part: an array of tables.
struct Part<'l, 'c>(&'l mut Tables<'c>);

impl<'de> Visitor<'de> for Part<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tables")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut tables: A) -> std::result::Result<(), A::Error> {
        while tables.next_element_seed(Table(self.0))?.is_some() {}
        Ok(())
    }
}

struct Table<'l, 'c>(&'l mut Tables<'c>);

impl<'de> DeserializeSeed<'de> for Table<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Table<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> std::result::Result<(), A::Error> {
        let mut head = Head::default();
        while let Some(key) = table.next_key::<&str>()? {
            match key {
                "entity" => head.entity = table.next_value()?,
                "again" => head.again = table.next_value()?,
                "columns" => head.columns = table.next_value()?,
                "rows" => {
                    let open = self.0.open(&head).map_err(|error| failed(self.0, error))?;
                    table.next_value_seed(Rows(self.0, open))?;
                }
                _ => {
                    table.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Keeps what the database said; the parser is only told to stop.
fn failed<E: de::Error>(tables: &mut Tables<'_>, error: impl Into<StoreError>) -> E {
    tables.failure = Some(error.into());
    E::custom("the database did not take it")
}

struct Rows<'l, 'c>(&'l mut Tables<'c>, Open<'c>);

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut rows: A) -> std::result::Result<(), A::Error> {
        while rows.next_element_seed(OneRow(self.0, &mut self.1))?.is_some() {}
        Ok(())
    }
}

struct OneRow<'l, 'c>(&'l mut Tables<'c>, &'l mut Open<'c>);

impl<'de> DeserializeSeed<'de> for OneRow<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("version, id and fields")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> std::result::Result<(), A::Error> {
        let Self(tables, table) = self;
        let short = || de::Error::custom("a row is too short");
        let version: i64 = row.next_element()?.ok_or_else(short)?;
        let id: Id = row.next_element()?.ok_or_else(short)?;
        tables.rows += 1;
        let is_known = tables.known.contains(&id);
        let Some(statement) = table.statement.as_mut().filter(|_| !is_known) else {
            let mut state = State::new();
            state.insert("id".into(), id.to_string().into());
            for (name, _) in &table.columns {
                let value: Json = row.next_element()?.ok_or_else(short)?;
                state.insert(name.clone(), value);
            }
            let entity = table.entity.clone();
            tables.aside.push(Versioned { entity, id, version, state });
            return Ok(());
        };
        statement.raw_bind_parameter(1, id.0).map_err(|error| failed(tables, error))?;
        for (at, (_, is_id)) in table.columns.iter().enumerate() {
            let field = Field { statement, at: at + 2, is_id: *is_id };
            row.next_element_seed(field)?.ok_or_else(short)?;
        }
        statement.raw_execute().map_err(|error| failed(tables, error))?;
        tables.versions.push((id, table.at, version));
        Ok(())
    }
}

/// A value on its way into its parameter.
struct Field<'l, 'c> {
    statement: &'l mut Statement<'c>,
    at: usize,
    is_id: bool,
}

impl Field<'_, '_> {
    fn bind<E: de::Error>(self, value: impl rusqlite::ToSql) -> std::result::Result<(), E> {
        self.statement.raw_bind_parameter(self.at, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Field<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Field<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field")
    }

    fn visit_unit<E: de::Error>(self) -> std::result::Result<(), E> {
        self.bind(Null)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> std::result::Result<(), E> {
        self.bind(i64::from(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> std::result::Result<(), E> {
        self.bind(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> std::result::Result<(), E> {
        self.bind(i64::try_from(number).map_err(E::custom)?)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<(), E> {
        match self.is_id {
            true => {
                let id: Id = text.parse().map_err(E::custom)?;
                self.bind(id.0)
            }
            false => self.bind(text),
        }
    }
}
