//! One user action: reads, a changeset, its log.

use std::collections::BTreeSet;

use domain::{Change, ChangeKind, Changeset, Id, Record};
use rusqlite::{OptionalExtension, Transaction};
use serde_json::Value as Json;

use crate::{Result, StoreError, blob, row, search, store, summary};

/// Entity and id of the records that an action touched.
pub type Touched = Vec<(String, Id)>;

/// A transaction: what it does is committed together or not at all.
pub struct Tx<'a> {
    pub(crate) transaction: Transaction<'a>,
    touched: BTreeSet<(String, Id)>,
    /// Entities that were written to by this laptop's user.
    written: BTreeSet<String>,
    /// The changeset that was applied last, and its `seq`.
    open: Option<(Id, i64)>,
}

/// How an applied changeset stands to another one.
#[derive(Clone, Copy, Default)]
pub(crate) struct Undoing {
    /// The changeset that it takes back.
    pub(crate) undoes: Option<Id>,
    /// Whether it came from the hub: it is not sent there, and not undone here.
    pub(crate) is_hubs: bool,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(transaction: Transaction<'a>) -> Self {
        Self { transaction, touched: BTreeSet::new(), written: BTreeSet::new(), open: None }
    }

    pub(crate) fn commit(self) -> Result<()> {
        if self.open.is_some() {
            search::settle(&self.transaction)?;
        }
        Ok(self.transaction.commit()?)
    }

    /// The records that were touched so far.
    #[must_use]
    pub fn touched(&self) -> Touched {
        self.touched.iter().cloned().collect()
    }

    /// The entities that this laptop's user wrote to so far.
    #[must_use]
    pub fn written(&self) -> &BTreeSet<String> {
        &self.written
    }

    pub(crate) fn touch(&mut self, entity: &str, id: Id) {
        self.touched.insert((entity.into(), id));
    }

    /// The record, deleted or not.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn get<R: Record>(&self, id: Id) -> Result<R> {
        store::get(&self.transaction, id)
    }

    /// The living record, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find<R: Record>(&self, id: Id) -> Result<Option<R>> {
        match self.get::<R>(id) {
            Ok(record) if record.deleted_at().is_none() => Ok(Some(record)),
            Ok(_) | Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All living records whose column holds this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn by<R: Record>(&self, column: &str, id: Id) -> Result<Vec<R>> {
        store::by(&self.transaction, column, id)
    }

    /// Looks at every living record of a kind, oldest first, one at a time.
    ///
    /// # Errors
    /// Those of `look`, and when the database cannot be read.
    pub fn each<R: Record, E: From<StoreError>>(
        &self,
        mut look: impl FnMut(R) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = row::table(R::ENTITY)
            .map(|table| format!("select * from {table} where deleted_at is null order by seq"))?;
        let mut statement = self.transaction.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut rows = statement.query([]).map_err(StoreError::from)?;
        while let Some(found) = rows.next().map_err(StoreError::from)? {
            look(row::record(found)?)?;
        }
        Ok(())
    }

    /// Whether a living record other than this one holds this text in this column.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn taken<R: Record>(&self, column: &str, text: &str, but: Id) -> Result<bool> {
        let (table, column) = (row::table(R::ENTITY)?, row::column(column)?);
        let sql = format!(
            "select 1 from {table} where {column} = ? and id <> ? and deleted_at is null limit 1"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        Ok(statement.query_row((text, but.0), |_| Ok(())).optional()?.is_some())
    }

    /// The first living record that holds this text in this column.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_with<R: Record>(&self, column: &str, text: &str) -> Result<Option<R>> {
        let (table, column) = (row::table(R::ENTITY)?, row::column(column)?);
        let sql = format!(
            "select * from {table} where {column} = ? and deleted_at is null order by seq limit 1"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([text])?;
        rows.next()?.map(row::record).transpose()
    }

    /// Keeps content under its hash, which it returns.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_blob(&mut self, content: &[u8]) -> Result<String> {
        blob::put(&self.transaction, content)
    }

    /// Writes a changeset's rows and logs it; an empty one does nothing. One that is too large
    /// for memory comes in parts: while the id is that of the last one, the log goes on with it.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when a field no longer holds what the change was based on.
    pub fn apply(&mut self, changeset: &Changeset) -> Result<()> {
        self.apply_as(changeset, Undoing::default())
    }

    pub(crate) fn apply_as(&mut self, changeset: &Changeset, undoing: Undoing) -> Result<()> {
        if changeset.is_empty() {
            return Ok(());
        }
        let seq = match self.open {
            Some((id, seq)) if id == changeset.id => seq,
            _ => self.begin(changeset, undoing)?,
        };
        self.open = Some((changeset.id, seq));
        for change in &changeset.changes {
            match change.kind {
                ChangeKind::Insert => self.insert(change)?,
                ChangeKind::Update => self.update(change)?,
            }
            self.log(seq, change, undoing.is_hubs)?;
            if !undoing.is_hubs && !self.written.contains(&change.entity) {
                self.written.insert(change.entity.clone());
            }
            self.touched.insert((change.entity.clone(), change.id));
        }
        summary::refresh(&self.transaction, &changeset.changes)?;
        search::reindex(&self.transaction, &changeset.changes)
    }

    /// Keeps a changeset in the log alone: its records are as they are.
    pub(crate) fn log_only(&self, changeset: &Changeset) -> Result<()> {
        let seq = self.begin(changeset, Undoing::default())?;
        changeset.changes.iter().try_for_each(|change| self.log(seq, change, false))
    }

    fn begin(&self, changeset: &Changeset, undoing: Undoing) -> Result<i64> {
        let sql = "insert into changeset (id, at, user_id, operation, subject, undoes, origin, push_state) values (?, ?, ?, ?, ?, ?, ?, ?)";
        let (origin, push_state) = match undoing.is_hubs {
            true => ("hub", "confirmed"),
            false => ("device", "waiting"),
        };
        self.transaction.prepare_cached(sql)?.execute((
            changeset.id.0,
            changeset.at.to_string(),
            changeset.user_id.0,
            &changeset.operation,
            &changeset.subject,
            undoing.undoes.map(|id| id.0),
            origin,
            push_state,
        ))?;
        Ok(self.transaction.last_insert_rowid())
    }

    fn log(&self, changeset_seq: i64, change: &Change, is_hubs: bool) -> Result<()> {
        let fields = match change.kind {
            // The record itself says what came; nothing of it is sent or undone.
            ChangeKind::Insert if is_hubs => "{}".into(),
            _ => serde_json::to_string(&change.fields)
                .map_err(|error| StoreError::Constraint(error.to_string()))?,
        };
        let kind = match change.kind {
            ChangeKind::Insert => "insert",
            ChangeKind::Update => "update",
        };
        let sql = "insert into change (changeset_seq, entity, record_id, kind, fields) values (?, ?, ?, ?, ?)";
        self.transaction.prepare_cached(sql)?.execute((
            changeset_seq,
            &change.entity,
            change.id.0,
            kind,
            fields,
        ))?;
        Ok(())
    }

    fn insert(&self, change: &Change) -> Result<()> {
        let columns: Vec<&String> = change.fields.keys().collect();
        let sql = store::insert_sql(&change.entity, &columns)?;
        let mut statement = self.transaction.prepare_cached(&sql)?;
        for (index, (column, field)) in change.fields.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, row::to_sql(column, &field.to)?)?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn update(&self, change: &Change) -> Result<()> {
        self.check_base(change)?;
        let table = row::table(&change.entity)?;
        let sets = change
            .fields
            .keys()
            .map(|name| Ok(format!("{} = ?", row::column(name)?)))
            .collect::<Result<Vec<_>>>()?;
        let sql = format!("update {table} set {} where id = ?", sets.join(", "));
        let mut statement = self.transaction.prepare_cached(&sql)?;
        for (index, (column, field)) in change.fields.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, row::to_sql(column, &field.to)?)?;
        }
        statement.raw_bind_parameter(change.fields.len() + 1, change.id.0)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Every changed field must still hold what the change was based on. Stamps may differ:
    /// another field may have been changed since.
    fn check_base(&self, change: &Change) -> Result<()> {
        let table = row::table(&change.entity)?;
        let stamps = ["updated_at", "updated_by"];
        let based = || change.fields.iter().filter(|(name, _)| !stamps.contains(&name.as_str()));
        let mut columns = "id".to_owned();
        for (name, _) in based() {
            columns.push_str(", ");
            columns.push_str(row::column(name)?);
        }
        let sql = format!("select {columns} from {table} where id = ?");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([change.id.0])?;
        let Some(found) = rows.next()? else {
            return Err(StoreError::NotFound { entity: change.entity.clone() });
        };
        let now = row::object(found)?;
        for (name, field) in based() {
            if now.get(name).unwrap_or(&Json::Null) != &field.from {
                return Err(StoreError::Stale {
                    entity: change.entity.clone(),
                    field: name.clone(),
                });
            }
        }
        Ok(())
    }
}
