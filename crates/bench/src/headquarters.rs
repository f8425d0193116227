//! A hub as it is shipped, in a process of its own, on a PostgreSQL that survives a power cut.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use private_postgres::{Durability, Server};

/// Everybody's; it protects nothing but reference data on this machine.
pub(crate) const PASSWORD: &str = "reference-data";
/// The administrator.
pub(crate) const ADMIN: &str = "maren@kontor.example";

/// PostgreSQL with the settings of `crates/postgres` (its own defaults: fsync, full page writes and
/// synchronous commit on), and a hub on it.
pub(crate) struct Headquarters {
    pub(crate) server: Server,
    hub: Child,
    program: PathBuf,
    pub(crate) database: String,
    pub(crate) address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Headquarters {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.hub.kill();
        let _ = self.hub.wait();
    }
}

/// Time of the processor that processes used, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cpu {
    /// The hub's.
    pub(crate) hub: f64,
    /// PostgreSQL's, all of its processes.
    pub(crate) postgres: f64,
    /// This process's own: the laptops'.
    pub(crate) own: f64,
}

impl Cpu {
    /// What was used since.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            hub: self.hub - before.hub,
            postgres: self.postgres - before.postgres,
            own: self.own - before.own,
        }
    }
}

impl Headquarters {
    /// Starts both, with an administrator.
    pub(crate) fn open(program: &Path) -> Result<Self> {
        ensure!(program.exists(), "{} is not built", program.display());
        let folder = tempfile::tempdir()?;
        let server = Server::start(folder.path(), Durability::Full)?;
        let database = server.database("kontor")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let mut serve = Command::new(program);
        serve.args(["serve", "--listen", &address]).stderr(Stdio::null());
        let hub = told(&mut serve, &database).spawn().context("kontor-hub could not be started")?;
        let headquarters = Self {
            server,
            hub,
            program: program.into(),
            database,
            address: format!("http://{address}"),
            _folder: folder,
        };
        let begin = Instant::now();
        while std::net::TcpStream::connect(&address).is_err() {
            ensure!(begin.elapsed() < Duration::from_secs(30), "the hub did not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        headquarters.add_user(ADMIN, "Maren Krüger", "administrator")?;
        Ok(headquarters)
    }

    /// Lets somebody in.
    pub(crate) fn add_user(&self, email: &str, name: &str, role: &str) -> Result<()> {
        let mut add = Command::new(&self.program);
        add.args(["user", "add", email, name, "--role", role]);
        let added = told(&mut add, &self.database).status()?;
        ensure!(added.success(), "{email} could not be added");
        Ok(())
    }

    /// Gives somebody another role.
    pub(crate) fn change_role(&self, email: &str, role: &str) -> Result<()> {
        let mut change = Command::new(&self.program);
        change.args(["user", "change", email, "--role", role]);
        let changed = told(&mut change, &self.database).status()?;
        ensure!(changed.success(), "{email} could not be changed");
        Ok(())
    }

    /// The folder of PostgreSQL's socket, where its user may read.
    pub(crate) fn socket(&self) -> &str {
        self.database.split('\'').nth(1).unwrap_or_default()
    }

    /// Runs SQL, and returns what it says.
    pub(crate) fn sql(&self, sql: &str) -> Result<String> {
        let file = Path::new(self.socket()).join("bench.sql");
        fs::write(&file, sql)?;
        let file = file.to_string_lossy();
        let options = "--no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --file";
        let mut arguments =
            vec!["--host", self.socket(), "--username", "kontor", "--dbname", "kontor"];
        arguments.extend(options.split(' '));
        arguments.push(&file);
        Ok(self.server.run("psql", &arguments)?.trim().to_owned())
    }

    /// Transactions a second of a script, one client, as pgbench measures them.
    pub(crate) fn pgbench(&self, script: &str, transactions: u64) -> Result<f64> {
        let file = Path::new(self.socket()).join("pgbench.sql");
        fs::write(&file, script)?;
        let (file, transactions) = (file.to_string_lossy(), transactions.to_string());
        let arguments = [
            "--host",
            self.socket(),
            "--username",
            "kontor",
            "--no-vacuum",
            "--protocol=prepared",
            "--transactions",
            &transactions,
            "--file",
            &file,
            "kontor",
        ];
        let said = self.server.run("pgbench", &arguments)?;
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = "));
        tps.and_then(|rest| rest.split(' ').next()?.parse().ok())
            .with_context(|| format!("pgbench said nothing of transactions: {said}"))
    }

    /// What was used so far.
    pub(crate) fn cpu(&self) -> Result<Cpu> {
        let pid = fs::read_to_string(Path::new(self.socket()).join("data/postmaster.pid"))?;
        let postmaster: u32 = pid.lines().next().unwrap_or_default().trim().parse()?;
        let mut postgres = used(postmaster, true).map_or(0.0, |(time, _)| time);
        for entry in fs::read_dir("/proc")?.flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
            postgres += match used(pid, false) {
                Some((time, parent)) if parent == postmaster => time,
                _ => 0.0,
            };
        }
        let own = used(std::process::id(), false).map_or(0.0, |(time, _)| time);
        let hub = used(self.hub.id(), false).map_or(0.0, |(time, _)| time);
        Ok(Cpu { hub, postgres, own })
    }

    /// The most memory that the hub has had, in MB.
    pub(crate) fn hub_memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.hub.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<f64>().ok());
        Ok(kib.unwrap_or(0.0) / 1024.0)
    }
}

fn told<'a>(command: &'a mut Command, database: &str) -> &'a mut Command {
    command
        .env("KONTOR_HUB_DATABASE", database)
        .env("KONTOR_HUB_PASSWORD", PASSWORD)
        .env("KONTOR_HUB_APPROVAL", "automatic")
        .env("KONTOR_HUB_LOG", "off")
}

/// Milliseconds that a process used (with its ended children, if asked), and its parent.
fn used(pid: u32, with_children: bool) -> Option<(f64, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in brackets, may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    let own = ticks(11) + ticks(12);
    let ended = if with_children { ticks(13) + ticks(14) } else { 0.0 };
    // A tick is a hundredth of a second on every Linux that there is.
    Some(((own + ended) * 10.0, fields.get(1)?.parse().ok()?))
}
