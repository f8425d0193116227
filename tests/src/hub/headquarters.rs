//! A PostgreSQL of its own with hubs on it.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use private_postgres::{Durability, Server};

pub const PASSWORD: &str = "kontor-demo";
pub const ADMIN: &str = "maren@kontor.example";

/// A hub's process; dropped, it is killed.
pub struct Hub {
    child: Child,
    pub port: u16,
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Hub {
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

pub struct Headquarters {
    pub server: Server,
    _folder: tempfile::TempDir,
    pub database: String,
}

fn program() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    root.join(target).join("debug/kontor-hub")
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether a hub answers that it is well.
fn is_well(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let asked = stream.write_all(b"GET /health HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.contains(" 200 ")
}

impl Headquarters {
    /// With an administrator, and reps of two territories.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path(), Durability::None).unwrap();
        let database = server.database("kontor").unwrap();
        let headquarters = Self { _folder: folder, server, database };
        headquarters.run(&["migrate"]);
        for (email, name, role, territory) in [
            (ADMIN, "Maren Krüger", "administrator", ""),
            ("petra@kontor.example", "Petra Brandt", "administrator", ""),
            ("jonas@kontor.example", "Jonas Weiß", "sales_rep", "Südwest"),
            ("aylin@kontor.example", "Aylin Çelik", "sales_rep", "Nordost"),
            ("lena@kontor.example", "Lena Voß", "sales_manager", "Südwest"),
            ("mia@kontor.example", "Mia Stern", "marketing", ""),
            ("sven@kontor.example", "Sven Lang", "service", ""),
            ("rita@kontor.example", "Rita Kern", "read_only", ""),
        ] {
            let mut add = vec!["user", "add", email, name, "--role", role];
            if !territory.is_empty() {
                add.extend(["--territory", territory]);
            }
            headquarters.run(&add);
        }
        headquarters
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program());
        command
            .env("KONTOR_HUB_DATABASE", &self.database)
            .env("KONTOR_HUB_PASSWORD", PASSWORD)
            .env("KONTOR_HUB_LOG", "off");
        command
    }

    pub fn run(&self, arguments: &[&str]) {
        let done = self.command().args(arguments).status().expect("kontor-hub, built before");
        assert!(done.success(), "kontor-hub {arguments:?}");
    }

    /// Starts a hub and waits until it answers.
    pub fn hub(&self) -> Hub {
        self.hub_at(free_port())
    }

    pub fn hub_at(&self, port: u16) -> Hub {
        let child = self
            .command()
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        while !is_well(port) {
            assert!(begin.elapsed() < Duration::from_secs(30), "the hub did not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Hub { child, port }
    }

    /// Plain SQL, as the ERP writes.
    pub fn sql(&self, sql: &str) -> String {
        let socket = self.database.split('\'').nth(1).unwrap().to_owned();
        let said = self.server.run(
            "psql",
            &[
                "--host",
                &socket,
                "--username",
                "kontor",
                "--dbname",
                "kontor",
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set",
                "ON_ERROR_STOP=1",
                "--command",
                sql,
            ],
        );
        said.unwrap().trim().to_owned()
    }

    /// PostgreSQL falls over and comes back.
    pub fn crash_database(&self) {
        self.server.crash().unwrap();
        self.server.begin().unwrap();
    }
}
