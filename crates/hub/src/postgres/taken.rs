//! What became of a push's changesets, on its way into the database: all of them together.

use chrono::{DateTime, Utc};
use domain::{Changeset, Id};
use serde_json::Value;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::{Error, Result, storage::Device};

/// Columns of `outcome` and of `changeset`.
#[derive(Default)]
pub(super) struct Taken {
    device: Uuid,
    incarnation: i64,
    ids: Vec<Uuid>,
    numbers: Vec<i64>,
    outcomes: Vec<Value>,
    changesets: Vec<Uuid>,
    at: Vec<DateTime<Utc>>,
    users: Vec<Uuid>,
    operations: Vec<String>,
    subjects: Vec<String>,
    changes: Vec<Value>,
}

impl Taken {
    pub(super) fn put(
        &mut self,
        device: &Device,
        no: i64,
        id: Id,
        outcome: Value,
        changeset: Option<&Changeset>,
    ) -> Result<()> {
        (self.device, self.incarnation) = (device.id.0, device.incarnation);
        self.ids.push(id.0);
        self.numbers.push(no);
        self.outcomes.push(outcome);
        if let Some(changeset) = changeset {
            let changes = serde_json::to_value(&changeset.changes);
            self.changesets.push(changeset.id.0);
            self.at.push(changeset.at.utc());
            self.users.push(changeset.user_id.0);
            self.operations.push(changeset.operation.clone());
            self.subjects.push(changeset.subject.clone());
            self.changes.push(changes.map_err(|error| Error::internal(&error))?);
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// As `put_taken.sql` names them.
    pub(super) fn parameters(&self) -> [&(dyn ToSql + Sync); 11] {
        [
            &self.device,
            &self.incarnation,
            &self.ids,
            &self.numbers,
            &self.outcomes,
            &self.changesets,
            &self.at,
            &self.users,
            &self.operations,
            &self.subjects,
            &self.changes,
        ]
    }
}
