//! `kontor sync`: with the hub, connecting to one, parting from it.

use std::io::{IsTerminal, Write};

use clap::{Args, Subcommand};
use commands::{
    ConnectHub, CreateConnected, DisconnectHub, Event, Failure, ForgetHub, GetSync, GetWorkspace,
    RunSync, SyncReport, SyncState, WorkspaceState,
};
use domain::Language;

use super::{
    Caller,
    secret::{new_passphrase, secret},
    standing,
    workspace::progress_bar,
};

/// `kontor sync`.
#[derive(Args)]
pub(super) struct Sync {
    #[command(subcommand)]
    command: Option<Command>,
    /// Go on though much will be removed from this laptop.
    #[arg(long, global = true)]
    remove_much: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Sign in at a hub. A new workspace gets its records from there, one with records sends them
    /// up. The password is asked for, or comes from KONTOR_HUB_PASSWORD.
    Connect {
        /// The hub's address; https:// may be left out.
        address: String,
        /// E-mail address.
        #[arg(long)]
        email: String,
    },
    /// Sign out at the hub; all records stay here.
    Disconnect {
        /// Part from a hub that never let this workspace in, so that it may go to another one.
        #[arg(long)]
        forget: bool,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Where sync stands.
    Status,
    /// Compare every record with the hub, and put right what differs.
    Check,
}

impl Sync {
    pub(super) fn run(self, caller: &Caller) -> Result<(), Failure> {
        match self.command {
            Some(Command::Connect { address, email }) => {
                connect(caller, whole_address(&address), email, self.remove_much)
            }
            Some(Command::Disconnect { forget, yes }) => disconnect(caller, forget, yes),
            Some(Command::Status) => standing::print(caller),
            Some(Command::Check) => {
                caller.open()?;
                print(caller, &run(caller, self.remove_much, true)?, true);
                Ok(())
            }
            None => {
                caller.open()?;
                print(caller, &run(caller, self.remove_much, false)?, false);
                Ok(())
            }
        }
    }
}

/// People leave out what is always the same, here as in the window.
fn whole_address(address: &str) -> String {
    let address = address.trim();
    if address.contains("://") { address.to_owned() } else { format!("https://{address}") }
}

fn run(caller: &Caller, may_remove_much: bool, check: bool) -> Result<SyncReport, Failure> {
    follow(caller);
    let done = caller.app.ask(RunSync { may_remove_much, check });
    done.map_err(|mut failure| {
        if failure.code == "hub-removes-much" {
            failure.sentence.push_str(" `kontor sync --remove-much` goes on all the same.");
        }
        failure
    })
}

/// Says on a terminal how far the first exchange with the hub is.
fn follow(caller: &Caller) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let app = caller.app.clone();
    let bar = std::sync::Mutex::new(progress_bar("Upload"));
    caller.app.on_event(move |event| {
        if *event != Event::Sync {
            return;
        }
        let Ok(Some(first)) = app.ask(GetSync {}).map(|status| status.first) else { return };
        if first.total > 0 {
            if let Ok(mut bar) = bar.lock() {
                bar(first.done, first.total);
            }
        } else if first.done > 0 {
            let what = if first.is_loading { " records, being put in place" } else { " records" };
            // A terminal that went away needs no progress.
            let _ = write!(std::io::stderr(), "\r{}{what}", first.done);
            if first.is_loading {
                let _ = writeln!(std::io::stderr());
            }
        }
    });
}

fn print(caller: &Caller, report: &SyncReport, check: bool) {
    caller.print(report, || {
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
}

fn connect(
    caller: &Caller,
    address: String,
    email: String,
    may_remove_much: bool,
) -> Result<(), Failure> {
    let state = caller.app.ask(GetWorkspace {})?;
    if !matches!(state, WorkspaceState::Missing { .. }) {
        caller.open()?;
    }
    let question = format!("Password of {email} at the hub");
    let password = secret("KONTOR_HUB_PASSWORD", &question).ok_or_else(|| {
        let sentence = "The hub wants your password: type it on a terminal, or set KONTOR_HUB_PASSWORD. Nothing was connected.";
        Failure::new("sign-in-wrong", sentence)
    })?;
    if let WorkspaceState::Missing { keyring, .. } = state {
        let (passphrase, language) = (new_passphrase(keyring)?, Language::De);
        let made = CreateConnected { address, email, password, passphrase, language };
        caller.app.ask(made)?;
    } else {
        caller.app.ask(ConnectHub { address, email, password })?;
    }
    match run(caller, may_remove_much, false) {
        Ok(report) => print(caller, &report, false),
        Err(failure) if failure.code == "device-waiting" => {
            caller.print(&caller.app.ask(GetSync {})?, || {
                "Connected. This laptop waits until an administrator lets it in; then sync begins by itself in the window, or by `kontor sync`.".into()
            });
        }
        Err(failure) => {
            eprintln!("Connected, and not synced yet; `kontor sync` goes on.");
            return Err(failure);
        }
    }
    Ok(())
}

fn disconnect(caller: &Caller, forget: bool, yes: bool) -> Result<(), Failure> {
    caller.open()?;
    if caller.app.ask(GetSync {})?.state == SyncState::Local {
        return Err(Failure::new("hub-none", "This workspace is not connected to a hub."));
    }
    if !forget {
        let status = caller.app.ask(DisconnectHub {})?;
        caller.print(&status, || "Signed out. All records stay here.".into());
        return Ok(());
    }
    if !yes && !is_confirmed("Part this workspace from its hub?") {
        let sentence = "Nothing was changed. `--yes` parts it without a question.";
        return Err(Failure::new("not-confirmed", sentence));
    }
    let status = caller.app.ask(ForgetHub {})?;
    caller.print(&status, || {
        "Parted. What is here stays here; `kontor sync connect` goes to another hub.".into()
    });
    Ok(())
}

/// Whether somebody on a terminal says yes.
fn is_confirmed(question: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    let asked = write!(std::io::stderr(), "{question} [y/N] ");
    let mut said = String::new();
    asked.is_ok()
        && std::io::stdin().read_line(&mut said).is_ok()
        && ["y", "yes", "j", "ja"].contains(&said.trim().to_lowercase().as_str())
}
