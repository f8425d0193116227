//! Backups of the hub's database by PostgreSQL's own programs, and a new life after a restore.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use domain::Id;
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

use crate::{Error, Postgres, Result};

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
    if config.get_ssl_mode() == SslMode::Require {
        command.env("PGSSLMODE", "verify-full");
    }
    command
        .arg("--dbname")
        .arg(config.get_dbname().or(config.get_user()).unwrap_or("kontor"))
        .stdin(Stdio::null());
    command
}

/// What it prints.
fn run(name: &str, mut command: Command) -> Result<String> {
    let output = command
        .output()
        .map_err(|error| failed(&format!("{name}: {error}. Is PostgreSQL's client installed?")))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => {
            let what = String::from_utf8_lossy(&output.stderr);
            Err(failed(&format!("{name}: {}", what.trim())))
        }
    }
}

fn failed(what: &str) -> Error {
    Error::new("backup-failed", what)
}

/// Reads a backup's contents: it is whole, and a hub's.
fn check(file: &Path) -> Result<()> {
    let mut list = Command::new("pg_restore");
    list.arg("--list").arg(file).stdin(Stdio::null());
    match run("pg_restore", list)?.contains(" TABLE public hub ") {
        true => Ok(()),
        false => Err(failed(&format!("{} is not the backup of a hub.", file.display()))),
    }
}

/// Writes a backup of the whole database to a file, which only its owner may read. An earlier backup
/// of that name is replaced when the new one is whole.
///
/// # Errors
/// `backup-failed`, with what pg_dump says.
pub fn backup(database: &Config, to: &Path) -> Result<()> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = write(database, part).and_then(|()| {
        fs::rename(part, to).map_err(|error| failed(&format!("{}: {error}", to.display())))
    });
    if written.is_err() {
        let _ = fs::remove_file(part);
    }
    written
}

fn write(database: &Config, part: &Path) -> Result<()> {
    let unwritable = |error: std::io::Error| failed(&format!("{}: {error}", part.display()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part).map_err(unwritable)?;
    let mut dump = program("pg_dump", database);
    dump.args(["--format", "custom", "--exclude-schema", "kontor_restoring", "--file"]).arg(part);
    run("pg_dump", dump)?;
    file.sync_all().map_err(unwritable)?;
    check(part)
}

/// Puts a backup in the database's place and begins a new life: laptops bring back what came after
/// the backup. Hubs that run are kept out meanwhile. Whom an administrator kept out since the backup
/// stays out, and what revoked laptops handed over stays here.
///
/// # Errors
/// `backup-failed`, with what pg_restore says: the database is as it was then. `restore-unfinished`
/// behind that: hubs stay out until it was run again.
pub async fn restore(database: &Config, from: &Path) -> Result<()> {
    check(from)?;
    let storage = Postgres::restoring(database.clone())?;
    let is_first = storage.begin_restore().await?;
    let mut restore = program("pg_restore", database);
    restore
        .args(["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"])
        .arg(from);
    if let Err(error) = run("pg_restore", restore) {
        if is_first {
            storage.give_up_restore().await?;
        }
        return Err(error);
    }
    // It may be from before an update.
    let begun = async {
        storage.migrate().await?;
        storage.begin_life(Id::now()).await
    };
    begun.await.map_err(|error| {
        let what = format!(
            "{error} The backup is in the database's place, but hubs stay out until the restore is finished: run it again."
        );
        Error::new("restore-unfinished", what)
    })
}
