//! Backups of the hub's database by PostgreSQL's own programs, and a new life after a restore.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

use domain::Id;
use tokio_postgres::{Config, config::Host};

use crate::{Error, Postgres, Result};

/// Versions of the new life begin so far above those of the old one: no laptop has seen them.
const LEAP: i64 = 1_000_000_000;

/// A program of PostgreSQL's on this database. The password goes by its environment, where other
/// users do not see it.
fn program(name: &str, config: &Config) -> Command {
    let mut command = Command::new(name);
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        Some(Host::Unix(path)) => command.env("PGHOST", path),
        None => &mut command,
    };
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", OsStr::new(&*String::from_utf8_lossy(password)));
    }
    command.arg("--dbname").arg(config.get_dbname().unwrap_or("kontor")).stdin(Stdio::null());
    command
}

fn run(name: &str, mut command: Command) -> Result<()> {
    let failed = |what: String| Error::new("backup-failed", format!("{name} failed: {what}"));
    let output = command
        .output()
        .map_err(|error| failed(format!("{error}. Is PostgreSQL's client installed?")))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}

/// Writes a backup of the whole database to a file.
///
/// # Errors
/// `backup-failed`, with what pg_dump says.
pub fn backup(database: &Config, to: &Path) -> Result<()> {
    let mut dump = program("pg_dump", database);
    dump.args(["--format", "custom", "--file"]).arg(to);
    run("pg_dump", dump)
}

/// Puts a backup in the database's place and begins a new life: laptops bring back what came after
/// the backup.
///
/// # Errors
/// `backup-failed`, with what pg_restore says; the database is as it was then.
pub async fn restore(database: &Config, from: &Path) -> Result<()> {
    let mut restore = program("pg_restore", database);
    restore
        .args(["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"])
        .arg(from);
    run("pg_restore", restore)?;
    let storage = Postgres::new(database.clone(), 1)?;
    // It may be from before an update.
    storage.migrate().await?;
    storage.begin_life(Id::now(), LEAP).await
}
