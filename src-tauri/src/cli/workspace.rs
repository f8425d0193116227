use std::io::{IsTerminal, Write};

use app::DemoOrder;
use clap::Args;
use commands::{Failure, WorkspaceState};

use super::{
    Caller,
    secret::{new_passphrase, secret},
};

/// A progress bar on a terminal, nothing elsewhere.
pub(super) fn progress_bar(what: &'static str) -> impl FnMut(u64, u64) {
    let shown = std::io::stderr().is_terminal();
    let mut last = u64::MAX;
    move |done, total| {
        let percent = done * 100 / total.max(1);
        if shown && percent != last {
            last = percent;
            let filled = usize::try_from(percent / 4).unwrap_or(25);
            let end = if percent == 100 { "\n" } else { "" };
            // A terminal that went away needs no bar.
            let _ = write!(
                std::io::stderr(),
                "\r{what} [{}{}] {percent:3} %{end}",
                "#".repeat(filled),
                "·".repeat(25 - filled)
            );
        }
    }
}

/// `kontor demo`.
#[derive(Args)]
pub(super) struct Demo {
    /// How many customers; each brings about ten talks.
    #[arg(long, default_value_t = 300)]
    customers: u64,
    /// The same seed makes the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Demo {
    pub(super) fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let state = caller.app.ask(commands::GetWorkspace {})?;
        if let WorkspaceState::Missing { keyring, .. } = state {
            caller.app.ask(commands::CreateWorkspace {
                user_name: "Maren Krüger".into(),
                company_name: "Krüger Schweißtechnik GmbH".into(),
                passphrase: new_passphrase(keyring)?,
                language: domain::Language::De,
            })?;
        } else {
            caller.open()?;
        }
        let order = DemoOrder { customers: self.customers, seed: self.seed };
        let stop = store::Stop::new(false);
        caller.app.run_demo(order, &stop, &mut progress_bar("Demo"))?;
        let state = caller.app.ask(commands::GetWorkspace {})?;
        caller.print(&state, || format!("{} customers were made.", self.customers));
        Ok(())
    }
}

/// `kontor search TEXT`.
#[derive(Args)]
pub(super) struct Search {
    /// The words, as they would be typed.
    #[arg(required = true)]
    text: Vec<String>,
    /// How many hits at most.
    #[arg(long, default_value_t = 20)]
    limit: u32,
}

impl Search {
    pub(super) fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        let text = self.text.join(" ");
        let hits =
            caller.app.ask(commands::Search { text, kinds: Vec::new(), limit: self.limit })?;
        caller.print(&hits, || {
            let lines = hits.iter().map(|hit| {
                let kind = format!("{:?}", hit.kind).to_lowercase();
                format!("{kind:14}{}  {}", hit.title.text, hit.detail.text)
            });
            let lines: Vec<String> = lines.collect();
            if lines.is_empty() { "Nothing was found.".into() } else { lines.join("\n") }
        });
        Ok(())
    }
}

fn backup_passphrase() -> Result<String, Failure> {
    let workspace = std::env::var("KONTOR_PASSPHRASE").ok().filter(|given| !given.is_empty());
    let own = std::env::var("KONTOR_BACKUP_PASSPHRASE").ok().filter(|given| !given.is_empty());
    let asked = || secret("KONTOR_BACKUP_PASSPHRASE", "The backup's passphrase");
    own.or(workspace).or_else(asked).ok_or_else(|| {
        Failure::new(
            "passphrase-missing",
            "Set KONTOR_BACKUP_PASSPHRASE: it protects the backup and is needed to restore it.",
        )
    })
}

/// `kontor backup FILE`.
#[derive(Args)]
pub(super) struct Backup {
    /// The file to write.
    file: String,
}

impl Backup {
    pub(super) fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        let stop = store::Stop::new(false);
        let bar = &mut progress_bar("Backup");
        caller.app.run_backup(&self.file, &backup_passphrase()?, &stop, bar)?;
        caller.print(&self.file, || format!("The backup is in {}.", self.file));
        Ok(())
    }
}

/// `kontor restore FILE`.
#[derive(Args)]
pub(super) struct Restore {
    /// The backup.
    file: String,
}

impl Restore {
    pub(super) fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.app.run_restore(&self.file, &backup_passphrase()?)?;
        caller.print(&self.file, || "The backup was restored.".into());
        Ok(())
    }
}

/// `kontor check`.
pub(super) fn check(caller: &Caller) -> Result<(), Failure> {
    caller.open()?;
    let wrong = caller.app.ask(commands::CheckWorkspace {})?;
    caller.print(&wrong, || {
        if wrong.is_empty() { "The database is whole.".into() } else { wrong.join("\n") }
    });
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new("database-damaged", "The database is damaged; restore a backup."))
}

/// `kontor undo`.
pub(super) fn undo(caller: &Caller) -> Result<(), Failure> {
    caller.open()?;
    let step = caller.app.ask(commands::Undo {})?;
    caller.print(&step, || {
        format!("Taken back: {} “{}” of {}.", step.operation, step.subject, step.at)
    });
    Ok(())
}
