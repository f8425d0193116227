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
    scheme: &'static str,
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Hub {
    pub fn address(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// Tells it to stop, as a service manager does.
    pub fn tell_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.unwrap().success());
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself: its exit code.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

pub struct Headquarters {
    pub server: Server,
    _folder: tempfile::TempDir,
    pub database: String,
}

/// A built program.
pub fn program(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    root.join(target).join("debug").join(name)
}

/// Asks until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{what} did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
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
    /// With nobody who may come in.
    pub fn without_people() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path(), Durability::None).unwrap();
        let database = server.database("kontor").unwrap();
        let headquarters = Self { _folder: folder, server, database };
        headquarters.run(&["migrate"]);
        headquarters
    }

    /// With an administrator, and reps of two territories.
    pub fn open() -> Self {
        let headquarters = Self::without_people();
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
        let mut command = Command::new(program("kontor-hub"));
        command
            .env("KONTOR_HUB_DATABASE", &self.database)
            .env("KONTOR_HUB_PASSWORD", PASSWORD)
            .env("KONTOR_HUB_APPROVAL", "automatic")
            .env("KONTOR_HUB_LOG", "off");
        command
    }

    pub fn run(&self, arguments: &[&str]) {
        let done = self.command().args(arguments).status().expect("kontor-hub, built before");
        assert!(done.success(), "kontor-hub {arguments:?}");
    }

    /// What a call of the command line prints.
    pub fn says(&self, arguments: &[&str]) -> String {
        let done = self.command().args(arguments).output().expect("kontor-hub, built before");
        let problem = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "kontor-hub {arguments:?}: {problem}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// Starts a hub and waits until it answers.
    pub fn hub(&self) -> Hub {
        self.hub_at(free_port())
    }

    pub fn hub_at(&self, port: u16) -> Hub {
        self.hub_that(port, &["--approval", "automatic"])
    }

    /// Starts a hub with these arguments.
    pub fn hub_that(&self, port: u16, arguments: &[&str]) -> Hub {
        let hub = Hub { child: self.serve(port, arguments), port, scheme: "http" };
        until("the hub", || is_well(port).then_some(()));
        hub
    }

    /// Starts a hub with a certificate of its own.
    pub fn hub_with_tls(&self, config: &Path) -> Hub {
        let port = free_port();
        let child = self.serve(port, &["--config", config.to_str().unwrap()]);
        until("the hub", || TcpStream::connect(("127.0.0.1", port)).ok());
        Hub { child, port, scheme: "https" }
    }

    fn serve(&self, port: u16, arguments: &[&str]) -> Child {
        let mut serve = self.command();
        serve.args(["serve", "--listen", &format!("127.0.0.1:{port}")]).args(arguments);
        serve.stderr(Stdio::null()).spawn().unwrap()
    }

    /// Plain SQL, as the ERP writes.
    pub fn sql(&self, sql: &str) -> String {
        let said = self.server.sql("kontor", sql);
        said.unwrap().trim().to_owned()
    }

    /// PostgreSQL falls over and comes back.
    pub fn crash_database(&self) {
        self.server.crash().unwrap();
        self.server.begin().unwrap();
    }
}
