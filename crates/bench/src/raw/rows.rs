//! The same rows by hand: into SQLite, and over a socket.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use domain::ENTITIES;
use serde_json::Value;
use store::Store;

use super::{bind, open};

/// Every row of a workspace, in memory.
pub(crate) struct Rows {
    tables: Vec<(String, Vec<String>, Vec<Vec<Value>>)>,
}

impl Rows {
    /// Reads them.
    pub(crate) fn of(store: &Store) -> Result<Self> {
        let mut rows = Self { tables: Vec::new() };
        for ((entity, _), state) in store.records()? {
            if rows.tables.last().is_none_or(|(last, ..)| *last != entity) {
                let columns = state.keys().cloned().collect();
                rows.tables.push((entity, columns, Vec::new()));
            }
            let row = state.into_iter().map(|(_, value)| value).collect();
            rows.tables.last_mut().context("a table")?.2.push(row);
        }
        rows.tables.sort_by_key(|(name, ..)| ENTITIES.iter().position(|entity| entity == name));
        Ok(rows)
    }

    /// Inserts them in one transaction, row by row, with the indexes that the migrations describe.
    pub(crate) fn insert(&self, path: &Path) -> Result<Duration> {
        let connection = open(path)?;
        for migration in [
            include_str!("../../../../migrations/laptop/V1__customers.sql"),
            include_str!("../../../../migrations/laptop/V2__catalogue.sql"),
            include_str!("../../../../migrations/laptop/V3__selling.sql"),
            include_str!("../../../../migrations/laptop/V4__device.sql"),
            include_str!("../../../../migrations/laptop/V6__sync.sql"),
        ] {
            connection.execute_batch(migration)?;
        }
        connection.execute_batch("pragma cache_size = -128000; begin")?;
        let begin = Instant::now();
        for (entity, columns, rows) in &self.tables {
            let marks = vec!["?"; columns.len()].join(", ");
            let sql = format!("insert into {entity} ({}) values ({marks})", columns.join(", "));
            let mut insert = connection.prepare(&sql)?;
            for row in rows {
                for (at, (name, value)) in columns.iter().zip(row).enumerate() {
                    bind(&mut insert, at + 1, name, value)?;
                }
                insert.raw_execute()?;
            }
        }
        connection.execute_batch("commit")?;
        Ok(begin.elapsed())
    }

    /// All of them as JSON, packed as the hub packs its answers.
    pub(crate) fn packed(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(&self.tables)?;
        Ok(zstd::bulk::compress(&json, 1)?)
    }
}

/// How long bytes take from a server that does nothing else, over HTTP on loopback.
pub(crate) fn download(bytes: Vec<u8>) -> Result<Duration> {
    let length = bytes.len();
    let mut server = Loopback::serving(bytes)?;
    let begin = Instant::now();
    let got = server.request()?;
    anyhow::ensure!(got == length, "{got} of {length} bytes came");
    Ok(begin.elapsed())
}

/// A server that answers every request with the same bytes, and a connection to it.
pub(crate) struct Loopback {
    connection: BufReader<TcpStream>,
}

impl Loopback {
    /// With a short answer.
    pub(crate) fn open() -> Result<Self> {
        Self::serving(b"{}".to_vec())
    }

    fn serving(bytes: Vec<u8>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        // It ends with its connection.
        std::thread::spawn(move || serve(&listener, &bytes));
        let connection = TcpStream::connect(address)?;
        connection.set_nodelay(true)?;
        Ok(Self { connection: BufReader::new(connection) })
    }

    /// One request; the length of its answer.
    pub(crate) fn request(&mut self) -> Result<usize> {
        let request = b"GET / HTTP/1.1\r\nhost: hub\r\naccept-encoding: zstd\r\n\r\n";
        self.connection.get_mut().write_all(request)?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line)?;
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            if let Some(told) = line.strip_prefix("content-length: ") {
                length = told.parse()?;
            }
        }
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body)?;
        Ok(body.len())
    }
}

fn serve(listener: &TcpListener, bytes: &[u8]) -> std::io::Result<()> {
    let (stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line.trim().is_empty() {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", bytes.len());
            stream.get_mut().write_all(&[head.as_bytes(), bytes].concat())?;
        }
    }
}
