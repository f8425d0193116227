//! What belongs to this device alone: its settings, and unsaved input of forms.

use domain::Instant;
use rusqlite::OptionalExtension;

use crate::{Result, Store};

impl Store {
    /// A setting of this device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn local(&self, name: &str) -> Result<Option<String>> {
        let reader = self.reader()?;
        let mut statement =
            reader.prepare_cached("select value from local_setting where name = ?")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Keeps a setting of this device.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_local(&self, name: &str, value: &str) -> Result<()> {
        let sql = "insert into local_setting values (?, ?) on conflict do update set value = excluded.value";
        self.writer().prepare_cached(sql)?.execute((name, value))?;
        Ok(())
    }

    /// A form's unsaved input and when it was kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft(&self, key: &str) -> Result<Option<(String, String)>> {
        let reader = self.reader()?;
        let mut statement =
            reader.prepare_cached("select input, updated_at from draft where key = ?")?;
        Ok(statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Keeps a form's unsaved input.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_draft(&self, key: &str, input: &str, at: Instant) -> Result<()> {
        let sql = "insert into draft values (?, ?, ?) on conflict do update set input = excluded.input, updated_at = excluded.updated_at";
        self.writer().prepare_cached(sql)?.execute((key, input, at.to_string()))?;
        Ok(())
    }

    /// Forgets a form's unsaved input.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_draft(&self, key: &str) -> Result<()> {
        self.writer().prepare_cached("delete from draft where key = ?")?.execute([key])?;
        Ok(())
    }

    /// All drafts, newest first: key, input, when.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drafts(&self) -> Result<Vec<(String, String, String)>> {
        let reader = self.reader()?;
        let mut statement = reader
            .prepare_cached("select key, input, updated_at from draft order by updated_at desc")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
