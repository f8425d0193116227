//! A backup in the database's place, and the new life that begins with it.
//!
//! From the first step to the last the schema `kontor_restoring` is there: hubs stay out as long, also
//! after a restore that was cut off. It keeps what the restore must not undo.

use domain::Id;

use super::{Postgres, database};
use crate::{Error, Result, storage::LEAP};

/// The sessions of hubs are called so.
pub(super) const HUB: &str = "kontor-hub";

/// A backup has no transaction that ran when it began, though it may have a later version: laptops
/// offer what they have seen above so many versions before its last.
const MARGIN: i64 = 100_000;

pub(super) const IS_RESTORING: &str = "select to_regnamespace('kontor_restoring') is not null";

impl Postgres {
    /// Keeps hubs out and ends their sessions; sets aside what the restore must not undo. False where
    /// an earlier restore was cut off: what it set aside is still there.
    ///
    /// # Errors
    /// When the database does not answer, or its user may not create a schema in it.
    pub(crate) async fn begin_restore(&self) -> Result<bool> {
        let client = self.client().await?;
        let failed = |error: tokio_postgres::Error| database(&error);
        let was_there: bool = client.query_one(IS_RESTORING, &[]).await.map_err(failed)?.get(0);
        client
            .batch_execute("create schema if not exists kontor_restoring")
            .await
            .map_err(failed)?;
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1";
        client.query(end, &[&HUB]).await.map_err(failed)?;
        client.batch_execute(include_str!("sql/set_aside.sql")).await.map_err(failed)?;
        Ok(!was_there)
    }

    /// The database is as it was: hubs may come in again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn give_up_restore(&self) -> Result<()> {
        let sql = "drop schema kontor_restoring cascade";
        self.client().await?.batch_execute(sql).await.map_err(|error| database(&error))
    }

    /// Begins a new life of the database, after a restore, and lets hubs in again.
    ///
    /// # Errors
    /// When the database does not answer; hubs stay out then.
    pub(crate) async fn begin_life(&self, epoch: Id) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let begin = include_str!("sql/begin_life.sql");
        tx.execute(begin, &[&epoch.0, &MARGIN]).await.map_err(|error| database(&error))?;
        for sql in [
            "delete from backup_record",
            "insert into backup_record select entity, id, version from feed",
            "update feed set xid = pg_current_xact_id()",
            "delete from former_place",
            "delete from offered",
            // Tokens that were used or ended since would live again. An ended one still tells a
            // revoked laptop what it is.
            "update token set ended_at = now() where ended_at is null",
            // Blocks that were leased after the backup stay their laptops' alone; also the first ones.
            include_str!("sql/number_ranges.sql"),
            include_str!("sql/skip_leased.sql"),
        ] {
            tx.execute(sql, &[]).await.map_err(|error| database(&error))?;
        }
        let put_back = include_str!("sql/put_back.sql");
        tx.batch_execute(put_back).await.map_err(|error| database(&error))?;
        let ahead = include_str!("sql/leap_ahead.sql");
        tx.execute(ahead, &[&LEAP]).await.map_err(|error| database(&error))?;
        tx.commit().await.map_err(|error| database(&error))
    }
}

/// What a hub is told that comes during a restore.
pub(super) const RESTORING: &str = "A backup is being put in the database's place. If no `kontor-hub restore` is running, it was cut off: run it again.";

pub(super) fn is_restoring() -> Error {
    tracing::warn!("{RESTORING}");
    Error::new("unavailable", RESTORING)
}
