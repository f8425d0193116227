//! A connection with its transaction.

use deadpool_postgres::Object;
use tokio::join;
use tokio_postgres::{Row, types::ToSql};

use super::database;
use crate::{Error, Result, error::VALUE_INVALID};

/// A value that cannot be stored or compared (classes 22, 23 and 54) is whoever's sent it, and no
/// outage: it would be so however often it came. Twice the same key is only somebody who was quicker.
pub(super) fn refused(error: &tokio_postgres::Error) -> Error {
    let code = error.code().map_or("", |code| code.code());
    let is_value = ["22", "23", "54"].iter().any(|class| code.starts_with(class));
    if !is_value || code == "23505" {
        return database(error);
    }
    tracing::warn!(code, "a value that cannot be stored");
    Error::new(VALUE_INVALID, "It holds a value that cannot be stored.")
}

/// A connection out of the pool, which goes back only after a commit.
pub(super) struct Connection {
    object: Option<Object>,
    is_committed: bool,
    /// What goes to the database together with the next statement that writes or holds: a
    /// transaction that only reads is none.
    ahead: String,
    is_begun: bool,
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

impl Connection {
    pub(super) fn begin(object: Object) -> Self {
        let ahead = "begin".into();
        Self { object: Some(object), is_committed: false, ahead, is_begun: false }
    }

    /// Whether the database knows of the transaction.
    pub(super) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// It is committed: the connection is good for others.
    pub(super) fn done(&mut self) {
        self.is_committed = true;
    }

    /// Sends this together with the next statement that writes or holds.
    pub(super) fn go_ahead_of(&mut self, sql: &str) {
        if !self.ahead.is_empty() {
            self.ahead.push_str("; ");
        }
        self.ahead.push_str(sql);
    }

    /// What goes ahead of a statement that the caller sends now.
    pub(super) fn ahead(&mut self) -> String {
        self.is_begun = true;
        std::mem::take(&mut self.ahead)
    }

    /// Sends what is to go ahead, and waits for it.
    pub(super) async fn flush(&mut self) -> Result<()> {
        if !self.ahead.is_empty() {
            let ahead = self.ahead();
            self.batch_execute(&ahead).await.map_err(|error| database(&error))?;
        }
        Ok(())
    }

    /// Runs statements without parameters.
    pub(super) async fn run(&mut self, sql: &str) -> Result<()> {
        self.go_ahead_of(sql);
        self.flush().await
    }

    /// A statement that writes or holds. What goes ahead of it is not waited for.
    pub(super) async fn write(
        &mut self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        let statement = self.prepare_cached(sql).await.map_err(|error| database(&error))?;
        if self.ahead.is_empty() {
            let rows = self.query(&statement, parameters).await;
            return rows.map_err(|error| refused(&error));
        }
        let ahead = self.ahead();
        let (gone, rows) =
            join!(biased; self.batch_execute(&ahead), self.query(&statement, parameters));
        gone.and(rows).map_err(|error| refused(&error))
    }

    /// The same, where nothing is answered.
    pub(super) async fn put(
        &mut self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<()> {
        self.write(sql, parameters).await.map(|_| ())
    }

    /// A statement that only reads.
    pub(super) async fn read(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        let statement = self.prepare_cached(sql).await.map_err(|error| database(&error))?;
        self.query(&statement, parameters).await.map_err(|error| refused(&error))
    }
}
