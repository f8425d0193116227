//! The real hub over a PostgreSQL of its own.

use std::{
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
};

use private_postgres::{Durability, Server};

use crate::window::{Stopped, free_port, kontor, until};

/// Everybody's password.
pub const PASSWORD: &str = "kontor-probe";

pub struct Hub {
    serving: Option<Stopped>,
    database: String,
    port: u16,
    server: Server,
}

impl Hub {
    /// Sets up a hub for these people: address, name, role. It is not started yet.
    pub fn new(folder: &Path, people: &[(&str, &str, &str)]) -> Self {
        let server = Server::start(folder, Durability::None).unwrap();
        let database = server.database("kontor").unwrap();
        let hub = Self { serving: None, database, port: free_port(), server };
        assert!(hub.command().arg("migrate").status().unwrap().success());
        for (email, name, role) in people {
            let mut add = hub.command();
            add.args(["user", "add", email, name, "--role", role]);
            assert!(add.env("KONTOR_HUB_PASSWORD", PASSWORD).status().unwrap().success());
        }
        hub
    }

    fn command(&self) -> Command {
        let mut command = Command::new(kontor().with_file_name("kontor-hub"));
        command.env("KONTOR_HUB_DATABASE", &self.database).env("KONTOR_HUB_LOG", "warn");
        command
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub async fn start(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut serve = self.command();
        serve
            .args(["serve", "--listen", &listen, "--approval", "by-administrator"])
            .stdout(Stdio::null());
        self.serving = Some(Stopped(serve.spawn().unwrap()));
        until("the hub", || async { TcpStream::connect(&listen).ok() }).await;
    }

    pub fn stop(&mut self) {
        self.serving = None;
    }

    /// Lets somebody's laptops in, or keeps them out: `approve`, `revoke`.
    pub fn device(&self, order: &str, email: &str) {
        let sql = format!(
            "select device.id from device join account on account.id = device.account_id where account.email = '{email}'"
        );
        let folder = self.database.split('\'').nth(1).unwrap();
        let to = ["--host", folder, "--username", "kontor", "--dbname", "kontor"];
        let ask = ["--tuples-only", "--no-align", "--command", &sql];
        let devices = self.server.run("psql", &[&to[..], &ask[..]].concat()).unwrap();
        for id in devices.lines().filter(|line| !line.is_empty()) {
            assert!(self.command().args(["device", order, id]).status().unwrap().success());
        }
    }
}
