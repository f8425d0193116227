//! What a person decides: conflicts and changes that the hub did not take.

use commands::{
    Answer, DropRejection, Failure, ListConflicts, ListRejections, ListWaiting, SendRejection,
    SettleConflict,
    view::{ConflictView, RejectionView, WaitingView},
};
use domain::{ChangeKind, Changeset, Conflict, FieldChange, Instant, settle_conflict};
use serde_json::Value;

use crate::App;

/// So many waiting changes are listed.
const LISTED: usize = 200;

impl Answer<ListConflicts> for App {
    fn answer(&self, _: ListConflicts) -> Result<Vec<ConflictView>, Failure> {
        Ok(self.open()?.store.conflicts()?)
    }
}

impl Answer<SettleConflict> for App {
    fn answer(&self, request: SettleConflict) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let conflict: Conflict = tx.get(request.id)?;
            let now = tx.field(&conflict.record_entity, conflict.record_id, &conflict.field)?;
            let changeset = settle_conflict(&conflict, request.choice, now, context)?;
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<ListWaiting> for App {
    fn answer(&self, _: ListWaiting) -> Result<Vec<WaitingView>, Failure> {
        let open = self.open()?;
        let waiting = open.store.outbox(LISTED)?;
        let held = super::held::held(&open.store)?;
        Ok(waiting
            .into_iter()
            .map(|one| WaitingView {
                changeset_id: one.changeset.id,
                is_held: held.contains(&one.changeset.id),
                at: one.changeset.at,
                operation: one.changeset.operation,
                subject: one.changeset.subject,
                changes: one.changeset.changes,
            })
            .collect())
    }
}

impl Answer<ListRejections> for App {
    fn answer(&self, _: ListRejections) -> Result<Vec<RejectionView>, Failure> {
        let open = self.open()?;
        let mut views = Vec::new();
        for one in open.store.rejections()? {
            views.push(RejectionView {
                changeset_id: one.changeset_id,
                at: one.at,
                operation: one.operation,
                subject: one.subject,
                refusal: one.refusal,
                changes: open.store.changeset(one.changeset_id)?.changes,
            });
        }
        Ok(views)
    }
}

impl Answer<DropRejection> for App {
    fn answer(&self, request: DropRejection) -> Result<(), Failure> {
        self.transact(|tx, _| Ok(tx.handle_rejection(request.changeset_id, Instant::now())?))?;
        self.tell(&commands::Event::Sync);
        Ok(())
    }
}

impl Answer<SendRejection> for App {
    fn answer(&self, request: SendRejection) -> Result<(), Failure> {
        let rejected = self.open()?.store.changeset(request.changeset_id)?;
        self.transact(|tx, context| {
            let mut again = Changeset::new(&rejected.operation, &*rejected.subject, context);
            for mut change in rejected.changes {
                if change.kind == ChangeKind::Update {
                    // Based on what is there now: the user has seen it and wants it so.
                    for (name, field) in &mut change.fields {
                        let from = tx.field(&change.entity, change.id, name)?;
                        *field = FieldChange { from, to: field.to.clone() };
                    }
                    change.fields.retain(|_, field| field.from != field.to);
                } else {
                    change.fields.retain(|_, field| field.to != Value::Null);
                }
                if !change.fields.is_empty() {
                    again.changes.push(change);
                }
            }
            tx.handle_rejection(request.changeset_id, Instant::now())?;
            Ok(tx.apply(&again)?)
        })?;
        self.tell(&commands::Event::Sync);
        Ok(())
    }
}
