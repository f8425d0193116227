//! What is not kept for ever.

use super::{Postgres, database};
use crate::Result;

/// So many rows are removed at a time: nobody waits long for them.
const TOGETHER: i64 = 5_000;

/// What came of a document's content is kept so long for the rest of it; then it comes from its
/// beginning.
const BLOB_PART_DAYS: i32 = 7;

impl Postgres {
    /// Removes what nobody can use any more of tokens and attempts to sign in, content of documents
    /// that nobody goes on bringing, and entries of the audit that are older than so many days. Several hubs may do it at once.
    ///
    /// # Errors
    /// When the database does not answer; what was removed until then is gone.
    pub async fn forget_old(&self, audit_days: i32) -> Result<()> {
        let client = self.client().await?;
        for (sql, days) in [
            (include_str!("sql/old_tokens.sql"), 0),
            (include_str!("sql/old_attempts.sql"), 0),
            (include_str!("sql/old_blob_parts.sql"), BLOB_PART_DAYS),
            (include_str!("sql/old_audit.sql"), audit_days),
        ] {
            while client
                .execute(sql, &[&TOGETHER, &days])
                .await
                .map_err(|error| database(&error))?
                >= TOGETHER.unsigned_abs()
            {}
        }
        Ok(())
    }
}
