//! The command line: a thin caller of the same commands as the screens.
//!
//! Exit codes: 0 done, 1 refused or failed (the sentence is on standard error), 2 the words of
//! the call are wrong, 3 the workspace is locked or its passphrase is wrong, 4 there is none.

mod attention;
mod export;
mod import;
mod quote;
mod secret;
mod standing;
mod sync;
mod words;
mod workspace;

use std::{path::PathBuf, process::ExitCode};

use app::App;
use clap::{Parser, Subcommand, ValueEnum};
use commands::{Failure, WorkspaceState};
use secret::secret;
use serde::Serialize;

/// Kontor, the CRM for people who sell at the customer's table.
#[derive(Parser)]
#[command(name = "kontor", version, after_help = EXIT_CODES)]
struct Arguments {
    /// The data folder.
    #[arg(long, global = true, value_name = "DIR", env = "KONTOR_WORKSPACE")]
    workspace: Option<PathBuf>,
    /// Print JSON for machines.
    #[arg(long, global = true)]
    json: bool,
    /// Open the window at this page.
    #[arg(long, value_enum)]
    page: Option<StartPage>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The pages that the window can open at.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum StartPage {
    /// The day.
    Today,
    /// Customers.
    Customers,
    /// Contacts.
    Contacts,
    /// Opportunities.
    Opportunities,
    /// Quotes.
    Quotes,
    /// Calendar and tasks.
    Calendar,
    /// Articles.
    Articles,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 refused or failed; 2 wrong call; 3 locked or wrong \
passphrase; 4 no workspace.\nKONTOR_PASSPHRASE opens a workspace that a passphrase protects; without \
it a terminal is asked.";

#[derive(Subcommand)]
enum Command {
    /// Fill a new workspace with demo data.
    Demo(workspace::Demo),
    /// Find customers, contacts, opportunities, quotes, articles and talks.
    Search(workspace::Search),
    /// Make, show and print quotes.
    Quote {
        #[command(subcommand)]
        command: quote::Command,
    },
    /// Import customers or articles (CSV) or contacts (vCard), all as one action.
    Import(import::Import),
    /// Export a list as CSV, workbook or vCards.
    Export(export::Export),
    /// Sync with the hub, connect to one, or see where it stands.
    Sync(sync::Sync),
    /// Fields that two people changed apart: list them, settle one.
    Conflicts(attention::Conflicts),
    /// Changes that the hub did not take: list them, make one once more, give one up.
    Rejections(attention::Rejections),
    /// Take back the last action.
    Undo,
    /// Write an encrypted backup (KONTOR_BACKUP_PASSPHRASE protects it).
    Backup(workspace::Backup),
    /// Put a backup in the workspace's place; the present one is kept beside it.
    Restore(workspace::Restore),
    /// Check the database.
    Check,
}

/// The doors' common ground: where to, and how to print.
struct Caller {
    app: App,
    json: bool,
}

impl Caller {
    /// Opens the workspace; where it needs a passphrase, with `KONTOR_PASSPHRASE` or by asking.
    fn open(&self) -> Result<(), Failure> {
        match self.app.ask(commands::GetWorkspace {})? {
            WorkspaceState::Open { .. } => Ok(()),
            WorkspaceState::Broken { failure } => Err(failure),
            WorkspaceState::Missing { .. } => Err(Failure::new(
                "workspace-missing",
                "There is no workspace in this folder. `kontor demo` makes one, or the window does.",
            )),
            WorkspaceState::Locked => {
                let passphrase = secret("KONTOR_PASSPHRASE", "Passphrase").ok_or_else(|| {
                    Failure::new(
                        "workspace-locked",
                        "Set KONTOR_PASSPHRASE to open this workspace, or type it on a terminal.",
                    )
                })?;
                self.app.ask(commands::Unlock { passphrase }).map(|_| ())
            }
        }
    }

    /// Prints an answer: JSON for machines, or these words.
    fn print<T: Serialize>(&self, answer: &T, words: impl FnOnce() -> String) {
        let text = if self.json {
            serde_json::to_string_pretty(answer).unwrap_or_default()
        } else {
            words()
        };
        // Who closed the pipe wants no more.
        let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("{text}\n").as_bytes());
    }
}

fn default_folder() -> PathBuf {
    dirs::data_local_dir().unwrap_or_else(|| PathBuf::from(".")).join("kontor")
}

fn exit_code(failure: &Failure) -> ExitCode {
    ExitCode::from(match failure.code.as_str() {
        "workspace-locked" | "passphrase-wrong" | "keyring-unavailable" => 3,
        "workspace-missing" => 4,
        _ => 1,
    })
}

pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let folder = arguments.workspace.unwrap_or_else(default_folder);
    let Some(command) = arguments.command else {
        return match crate::window::open(folder, arguments.page.unwrap_or(StartPage::Today)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!(
                    "The window could not be opened ({error}). `kontor --help` lists what works without one."
                );
                ExitCode::FAILURE
            }
        };
    };
    let caller = Caller { app: App::new(folder), json: arguments.json };
    let done = match command {
        Command::Demo(demo) => demo.run(&caller),
        Command::Search(search) => search.run(&caller),
        Command::Quote { command } => command.run(&caller),
        Command::Import(import) => import.run(&caller),
        Command::Export(export) => export.run(&caller),
        Command::Sync(sync) => sync.run(&caller),
        Command::Conflicts(conflicts) => conflicts.run(&caller),
        Command::Rejections(rejections) => rejections.run(&caller),
        Command::Undo => workspace::undo(&caller),
        Command::Backup(backup) => backup.run(&caller),
        Command::Restore(restore) => restore.run(&caller),
        Command::Check => workspace::check(&caller),
    };
    caller.app.close();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if caller.json {
                eprintln!("{}", serde_json::to_string(&failure).unwrap_or_default());
            } else {
                eprintln!("{failure}");
            }
            exit_code(&failure)
        }
    }
}
