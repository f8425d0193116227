//! Fields that two people changed apart.

use commands::view::ConflictView;
use domain::Id;
use serde_json::Value as Json;

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
        let json = |text: String| serde_json::from_str(&text).unwrap_or(Json::Null);
        let rows = statement.query_map([], |row| {
            Ok(ConflictView {
                id: id(row, 0)?,
                record_entity: row.get(1)?,
                record_id: id(row, 2)?,
                customer_id: row.get::<_, Option<uuid::Uuid>>(3)?.map(Id),
                subject: row.get(4)?,
                field: row.get(5)?,
                base: json(row.get(6)?),
                theirs: json(row.get(7)?),
                ours: json(row.get(8)?),
                ours_by: row.get(9)?,
                ours_at: instant(&row.get::<_, String>(10)?),
                theirs_by: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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

impl Tx<'_> {
    /// A record's field as it is now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn field(&self, entity: &str, id: Id, name: &str) -> Result<Json> {
        let (table, column) = (row::table(entity)?, row::column(name)?);
        let sql = format!("select {column} from {table} where id = ?");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        let found = rows.next()?.map(row::object).transpose()?;
        found
            .and_then(|mut fields| fields.remove(name))
            .ok_or_else(|| StoreError::NotFound { entity: entity.into() })
    }
}
