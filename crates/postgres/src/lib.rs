//! A private PostgreSQL server: the system's programs, data in a folder of ours, reached by a
//! socket that only its owner can open. For trying the hub, its tests and its benchmarks.
#![deny(missing_docs)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// A running server. Dropped, it stops.
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    is_root: bool,
    durability: Durability,
}

/// How much the server risks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// What is committed survives a power cut, as in production.
    Full,
    /// What is committed survives the server's crash but no power cut: for tests.
    None,
}

impl Server {
    /// Starts a server over a folder, made when it is not there.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start: with its log's last lines.
    pub fn start(folder: &Path, durability: Durability) -> Result<Self> {
        let is_root = answer("id", &["-u"]).is_some_and(|id| id.trim() == "0");
        let server = Self {
            folder: reachable(folder, is_root)?,
            programs: programs()?,
            is_root,
            durability,
        };
        let data = server.folder.join("data");
        if !data.join("PG_VERSION").exists() {
            server.run(
                "initdb",
                &[
                    "--pgdata",
                    text(&data)?,
                    "--username=kontor",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                ],
            )?;
        }
        server.begin()?;
        Ok(server)
    }

    /// Starts the server again after [`Server::crash`]; one that runs goes on.
    ///
    /// # Errors
    /// When it does not start: with its log's last lines.
    pub fn begin(&self) -> Result<()> {
        let data = self.folder.join("data");
        if self.run("pg_ctl", &["status", "--pgdata", text(&data)?]).is_err() {
            let socket = text(&self.folder)?;
            let mut options = format!(
                "-c listen_addresses= -c unix_socket_permissions=0700 -c max_connections=200 -k '{socket}'"
            );
            if self.durability == Durability::None {
                options.push_str(" -c fsync=off -c full_page_writes=off");
            }
            let log = self.folder.join("log");
            self.run(
                "pg_ctl",
                &[
                    "start",
                    "--wait",
                    "--silent",
                    "--pgdata",
                    text(&data)?,
                    "--log",
                    text(&log)?,
                    "--options",
                    &options,
                ],
            )?;
        }
        Ok(())
    }

    /// The address of a database of this server, made when it is not there.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn database(&self, name: &str) -> Result<String> {
        let socket = text(&self.folder)?;
        let base = ["--host", socket, "--username", "kontor"];
        let sql = format!("select 1 from pg_database where datname = '{name}'");
        let mut ask = base.to_vec();
        ask.extend(["--dbname", "postgres", "--tuples-only", "--no-align", "--command", &sql]);
        if self.run("psql", &ask)?.trim() != "1" {
            let mut make = base.to_vec();
            make.push(name);
            self.run("createdb", &make)?;
        }
        Ok(format!("host='{socket}' user=kontor dbname={name}"))
    }

    /// Runs SQL in one of its databases; what it says, a line a row.
    ///
    /// # Errors
    /// When the database refuses it: with what it says.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let socket = text(&self.folder)?;
        let base = ["--host", socket, "--username", "kontor", "--dbname", database];
        let plain = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"];
        let ask = ["--set", "ON_ERROR_STOP=1", "--command", sql];
        self.run("psql", &[&base[..], &plain, &ask].concat())
    }

    /// Runs one of PostgreSQL's programs, as the user who may.
    ///
    /// # Errors
    /// When it fails: with what it says.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let path = self.programs.join(program);
        // PostgreSQL refuses to run as root.
        let mut command = if self.is_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&path);
            command
        } else {
            Command::new(&path)
        };
        let log = self.folder.join("said");
        let said = fs::File::create(&log)
            .with_context(|| format!("{} cannot be written", log.display()))?;
        // The server keeps what it inherits: a pipe would never end.
        let done = command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said)
            .status()
            .with_context(|| format!("{program} could not be started"))?;
        let said = fs::read_to_string(&log).unwrap_or_default();
        if !done.success() {
            bail!("{program} failed ({done}): {}", said.trim());
        }
        Ok(said)
    }

    /// Stops at once, as a power cut would.
    ///
    /// # Errors
    /// When the server cannot be stopped.
    pub fn crash(&self) -> Result<()> {
        self.stop("immediate")
    }

    fn stop(&self, mode: &str) -> Result<()> {
        let data = self.folder.join("data");
        self.run("pg_ctl", &["stop", "--wait", "--mode", mode, "--pgdata", text(&data)?])?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped before.
        let _ = self.stop("fast");
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is no text", path.display()))
}

fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The newest installed PostgreSQL's programs.
fn programs() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("KONTOR_POSTGRES") {
        return Ok(folder.into());
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().context("PostgreSQL is not installed (Debian: postgresql); KONTOR_POSTGRES names its programs' folder where it lies elsewhere")
}

/// The folder, or one in the system's temporary folder where the database's user may not enter.
fn reachable(folder: &Path, is_root: bool) -> Result<PathBuf> {
    let made = |folder: &Path| {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
    };
    made(folder)?;
    let folder = folder.canonicalize()?;
    if !is_root {
        return Ok(folder);
    }
    let enters = |folder: &Path| {
        let path = folder.to_string_lossy().into_owned();
        answer("chown", &["-R", "postgres", &path]).is_some()
            && answer("runuser", &["-u", "postgres", "--", "test", "-w", &path]).is_some()
    };
    // A socket's path is at most 107 bytes long.
    if folder.as_os_str().len() < 80 && enters(&folder) {
        return Ok(folder);
    }
    let name: String = folder
        .to_string_lossy()
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    let end = name.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let elsewhere = env::temp_dir().join(format!("kontor-postgres{}", &name[end..]));
    made(&elsewhere)?;
    if !enters(&elsewhere) {
        bail!("The user postgres cannot enter {}.", elsewhere.display());
    }
    Ok(elsewhere)
}
