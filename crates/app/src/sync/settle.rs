//! What a person decides: conflicts and changes that the hub did not take.

use commands::{
    Answer, CorrectRejection, DropRejection, Failure, ListConflicts, ListRejections, ListWaiting,
    SendRejection, SettleConflict,
    view::{ConflictView, RejectionView, WaitingView},
};
use domain::{Change, Changeset, Conflict, FieldChange, Instant, blank, settle_conflict};
use store::Tx;

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
        let held = super::held::held(&open.store)?;
        let view = |(one, count): (Changeset, u64)| WaitingView {
            changeset_id: one.id,
            is_held: held.contains(&one.id),
            at: one.at,
            operation: one.operation,
            subject: one.subject,
            changes: one.changes,
            count,
        };
        Ok(open.store.waiting(LISTED)?.into_iter().map(view).collect())
    }
}

impl Answer<ListRejections> for App {
    fn answer(&self, _: ListRejections) -> Result<Vec<RejectionView>, Failure> {
        let open = self.open()?;
        let mut views = Vec::new();
        for one in open.store.rejections()? {
            let (changeset, count) = open.store.shown_changeset(one.changeset_id)?;
            let mut changes = changeset.changes;
            if let Some(field) = &one.refusal.field {
                open.store.look(|tx| show_refused(tx, &mut changes, field))?;
            }
            views.push(RejectionView {
                changeset_id: one.changeset_id,
                at: one.at,
                operation: one.operation,
                subject: one.subject,
                refusal: one.refusal,
                changes,
                count,
            });
        }
        Ok(views)
    }
}

/// What the hub names may be a field that was not changed: then it stands there as it is.
fn show_refused(tx: &Tx<'_>, changes: &mut [Change], field: &str) -> Result<(), Failure> {
    if changes.iter().any(|change| change.fields.contains_key(field)) {
        return Ok(());
    }
    let has_it = |change: &&mut Change| blank(&change.entity).contains_key(field);
    let Some(change) = changes.iter_mut().find(has_it) else { return Ok(()) };
    if let Some(now) = tx.state(&change.entity, change.id)?.and_then(|mut now| now.remove(field)) {
        change.fields.insert(field.into(), FieldChange { from: now.clone(), to: now });
    }
    Ok(())
}

impl Answer<DropRejection> for App {
    fn answer(&self, request: DropRejection) -> Result<(), Failure> {
        let given_up = request.changeset_id;
        self.transact(|tx, _| Ok(tx.handle_rejection(given_up, None, Instant::now())?))?;
        self.tell(&commands::Event::Sync);
        Ok(())
    }
}

impl Answer<SendRejection> for App {
    fn answer(&self, request: SendRejection) -> Result<bool, Failure> {
        self.make_again(request.changeset_id, &[])
    }
}

impl Answer<CorrectRejection> for App {
    fn answer(&self, request: CorrectRejection) -> Result<bool, Failure> {
        self.make_again(request.changeset_id, &request.corrections)
    }
}
