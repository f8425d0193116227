use clap::{Args, Subcommand};
use commands::{
    ConnectHub, CreateConnected, Failure, GetSync, GetWorkspace, ListConflicts, RunSync,
    SettleConflict, SyncState, SyncStatus, WorkspaceState,
};
use domain::{Choice, Id, Language};

use super::{Caller, passphrase};

/// `kontor sync`.
#[derive(Args)]
pub(super) struct Sync {
    #[command(subcommand)]
    command: Option<Command>,
    /// Go on though much will be removed from this laptop.
    #[arg(long)]
    remove_much: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Sign in at a hub. A new workspace gets its records from there, one with records sends them
    /// up. The password comes from KONTOR_HUB_PASSWORD.
    Connect {
        /// The hub's address.
        address: String,
        /// E-mail address.
        #[arg(long)]
        email: String,
    },
    /// Where sync stands.
    Status,
    /// Compare every record with the hub, and put right what differs.
    Check,
}

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

fn words(status: &SyncStatus) -> String {
    let state = match status.state {
        SyncState::Local => return "This workspace is not connected to a hub.".into(),
        SyncState::SignedOut => "signed out",
        SyncState::Waiting => "waiting until an administrator lets this laptop in",
        SyncState::Busy => "not synced since the start",
        SyncState::Synced => "synced",
        SyncState::Offline => "the hub cannot be reached",
        SyncState::Stopped => "stopped",
    };
    let mut text = format!(
        "{} as {}: {state}\n{} waiting, {} conflicts, {} not taken",
        status.address, status.email, status.waiting, status.conflicts, status.rejected
    );
    if status.held > 0 {
        text.push_str(&format!("\n{} of them wait until the hub is updated", status.held));
    }
    if let Some(at) = status.checked_at {
        text.push_str(&format!(
            "\ncompared with the hub {at}, {} records put right",
            status.mended
        ));
    }
    if let Some(failure) = &status.failure {
        text.push_str(&format!("\n{failure}"));
    }
    text
}

impl Sync {
    pub(super) fn run(self, caller: &Caller) -> Result<(), Failure> {
        match self.command {
            Some(Command::Connect { address, email }) => connect(caller, address, email),
            Some(Command::Status) => {
                caller.open()?;
                let status = caller.app.ask(GetSync {})?;
                caller.print(&status, || words(&status));
                Ok(())
            }
            Some(Command::Check) => {
                caller.open()?;
                run(caller, self.remove_much, true)
            }
            None => {
                caller.open()?;
                run(caller, self.remove_much, false)
            }
        }
    }
}

fn run(caller: &Caller, may_remove_much: bool, check: bool) -> Result<(), Failure> {
    let report = caller.app.ask(RunSync { may_remove_much, check })?;
    caller.print(&report, || {
        let mut text = format!(
            "{} changes sent, {} records received, {} conflicts, {} not taken.",
            report.sent, report.received, report.conflicts, report.rejected
        );
        if report.is_checked {
            text.push_str(&format!(
                "\nCompared with the hub: {} records put right.",
                report.mended
            ));
        } else if check {
            text.push_str(
                "\nOthers are changing records at the hub; it is compared with the next sync.",
            );
        }
        text
    });
    Ok(())
}

fn connect(caller: &Caller, address: String, email: String) -> Result<(), Failure> {
    let password = std::env::var("KONTOR_HUB_PASSWORD").map_err(|_| {
        Failure::new("sign-in-wrong", "Set KONTOR_HUB_PASSWORD to your password at the hub.")
    })?;
    if let WorkspaceState::Missing { .. } = caller.app.ask(GetWorkspace {})? {
        let (passphrase, language) = (passphrase(), Language::De);
        let made = CreateConnected { address, email, password, passphrase, language };
        caller.app.ask(made)?;
    } else {
        caller.open()?;
        caller.app.ask(ConnectHub { address, email, password })?;
    }
    run(caller, false, false)
}

impl Conflicts {
    pub(super) fn run(self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        let (id, choice) = match self.command {
            None => {
                let found = caller.app.ask(ListConflicts {})?;
                caller.print(&found, || {
                    let line = |one: &commands::view::ConflictView| {
                        format!(
                            "{}  {} {}: stands {}, apart {} ({})",
                            one.id, one.subject, one.field, one.theirs, one.ours, one.ours_by
                        )
                    };
                    found.iter().map(line).collect::<Vec<_>>().join("\n")
                });
                return Ok(());
            }
            Some(Settle::Theirs { id }) => (id, Choice::Theirs),
            Some(Settle::Ours { id }) => (id, Choice::Ours),
        };
        let id: Id = id
            .parse()
            .map_err(|_| Failure::new("not-found", "There is no conflict with this id."))?;
        caller.app.ask(SettleConflict { id, choice })?;
        caller.print(&(), || "Settled.".into());
        Ok(())
    }
}
