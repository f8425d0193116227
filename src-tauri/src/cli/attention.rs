//! What waits for somebody's decision: fields that two people changed apart, and changes that the
//! hub did not take.

use clap::{Args, Subcommand};
use commands::{
    DropRejection, Failure, ListConflicts, ListRejections, SendRejection, SettleConflict,
    view::{ConflictView, RejectionView},
};
use domain::Choice;

use super::{
    Caller,
    words::{id, name, value, when, why},
};

/// `kontor conflicts`.
#[derive(Args)]
pub(super) struct Conflicts {
    #[command(subcommand)]
    command: Option<Settle>,
}

#[derive(Subcommand)]
enum Settle {
    /// Leave the value that stands.
    Theirs {
        /// The conflict's id.
        id: String,
    },
    /// Put the other value in its place.
    Ours {
        /// The conflict's id.
        id: String,
    },
}

/// `kontor rejections`.
#[derive(Args)]
pub(super) struct Rejections {
    #[command(subcommand)]
    command: Option<Decide>,
}

#[derive(Subcommand)]
enum Decide {
    /// Make the change once more, on top of what is there now.
    Send {
        /// The change's id.
        id: String,
    },
    /// Give it up: it stays as it is at the hub.
    Drop {
        /// The change's id.
        id: String,
    },
}

fn conflict(one: &ConflictView) -> String {
    let head = format!("{}\n  {} “{}”", one.id, name(&one.record_entity), one.subject);
    let by = |who: &str| if who.is_empty() { "somebody".to_owned() } else { who.to_owned() };
    let (theirs, ours) = (by(&one.theirs_by), by(&one.ours_by));
    match &one.field[..] {
        "deleted_at" => format!(
            "{head}: {theirs} deleted it while {ours} changed it, and that brought it back (theirs: delete it after all, ours: keep it)"
        ),
        "id" => {
            let field = name(one.base.as_str().unwrap_or_default());
            format!("{head}: another one has the same {field} (theirs: keep both)")
        }
        field => format!(
            "{head}, {}: {} by {theirs} stands (theirs), {} by {ours} was changed apart, {} (ours)",
            name(field),
            value(field, &one.now),
            value(field, &one.ours),
            when(one.ours_at),
        ),
    }
}

fn rejection(one: &RejectionView) -> String {
    let mut text = format!(
        "{}\n  {} “{}” of {}: {}",
        one.changeset_id,
        name(&one.operation),
        one.subject,
        when(one.at),
        why(&one.refusal),
    );
    for change in &one.changes {
        for (field, changed) in &change.fields {
            text.push_str(&format!(
                "\n    {} {}: {} instead of {}",
                name(&change.entity),
                name(field),
                value(field, &changed.to),
                value(field, &changed.from),
            ));
        }
    }
    text
}

fn listed<T>(found: &[T], line: impl Fn(&T) -> String, nothing: &str, how: &str) -> String {
    if found.is_empty() {
        return nothing.into();
    }
    let lines: Vec<String> = found.iter().map(line).collect();
    format!("{}\n{how}", lines.join("\n"))
}

impl Conflicts {
    pub(super) fn run(self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        let (text, choice) = match self.command {
            None => {
                let found = caller.app.ask(ListConflicts {})?;
                let how =
                    "Settle one by `kontor conflicts theirs ID` or `kontor conflicts ours ID`.";
                caller.print(&found, || listed(&found, conflict, "Nothing to settle.", how));
                return Ok(());
            }
            Some(Settle::Theirs { id }) => (id, Choice::Theirs),
            Some(Settle::Ours { id }) => (id, Choice::Ours),
        };
        caller.app.ask(SettleConflict { id: id(&text, "conflict")?, choice })?;
        caller.print(&(), || "Settled.".into());
        Ok(())
    }
}

impl Rejections {
    pub(super) fn run(self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        match self.command {
            None => {
                let found = caller.app.ask(ListRejections {})?;
                let how =
                    "`kontor rejections send ID` makes a change once more, `drop ID` gives it up.";
                caller.print(&found, || listed(&found, rejection, "The hub took everything.", how));
            }
            Some(Decide::Send { id: text }) => {
                let request = SendRejection { changeset_id: id(&text, "rejected change")? };
                let is_changed = caller.app.ask(request)?;
                caller.print(&is_changed, || {
                    let said = match is_changed {
                        true => "Made once more; it goes up with the next sync.",
                        false => "All of it is there already.",
                    };
                    said.into()
                });
            }
            Some(Decide::Drop { id: text }) => {
                caller.app.ask(DropRejection { changeset_id: id(&text, "rejected change")? })?;
                caller.print(&(), || "Given up.".into());
            }
        }
        Ok(())
    }
}
