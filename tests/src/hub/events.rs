//! Laptops that listen hear of what they may see, and of nothing else.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use domain::Id;
use sync::http::Http;

use crate::{
    headquarters::{ADMIN, Headquarters, Hub, PASSWORD},
    laptop::Laptop,
};

/// Somebody's open stream of events.
pub struct Listener(BufReader<TcpStream>);

impl Listener {
    pub fn open(hub: &Hub, email: &str) -> Self {
        let device_id = Id::now();
        let mut http = Http::new(&hub.address(), device_id, None).unwrap();
        let token = http.sign_in(email, PASSWORD, "test").unwrap().access;
        let mut stream = TcpStream::connect(("127.0.0.1", hub.port)).unwrap();
        let head = format!(
            "GET /api/v1/sync/events HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut listener = Self(BufReader::new(stream));
        // At the beginning there may always be something.
        assert!(listener.hears());
        listener
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line)
    }

    /// Waits for the next event; `false` when the stream ends.
    pub fn hears(&mut self) -> bool {
        while let Some(line) = self.line() {
            if line.starts_with("event: changed") {
                return true;
            }
        }
        false
    }

    /// Whether the stream ends as it should, and is not only cut off.
    pub fn ends_well(&mut self) -> bool {
        let mut last = String::new();
        while let Some(line) = self.line() {
            if !line.trim().is_empty() {
                last = line;
            }
        }
        last.trim() == "0"
    }
}

#[test]
fn only_those_who_see_a_record_are_woken() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 2);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let territory = |name: &str| -> Id {
        let sql = format!("select id from territory where name = '{name}' limit 1");
        headquarters.sql(&sql).parse().unwrap()
    };
    let (south, north) = (territory("Südwest"), territory("Nordost"));
    let ids: Vec<Id> = admin.customers().iter().map(|row| row.id).collect();
    for (id, own) in [(ids[0], south), (ids[1], north)] {
        admin.change(id, |customer| {
            (customer.territory_id, customer.owner_id) = (Some(own), None);
        });
    }
    admin.sync();
    // Another hub has nothing to tell of what was before it.
    let port = hub.port;
    drop(hub);
    let hub = headquarters.hub_at(port);
    let mut jonas = Listener::open(&hub, "jonas@kontor.example");
    let mut aylin = Listener::open(&hub, "aylin@kontor.example");
    let mut petra = Listener::open(&hub, "petra@kontor.example");
    let change = |nth: usize, text: &str| {
        admin.change(ids[nth], |customer| customer.industry = text.into());
        admin.sync();
    };
    change(0, "Süden");
    assert!(jonas.hears() && petra.hears());
    // The ERP writes past the hub, and is heard all the same.
    headquarters.sql(&format!("update customer set industry = 'Norden' where id = '{}'", ids[1]));
    assert!(aylin.hears() && petra.hears());
    change(0, "wieder Süden");
    assert!(jonas.hears() && petra.hears());
    // Each heard of its own alone: what is read next is the end.
    hub.tell_to_stop();
    assert!(!jonas.hears() && !aylin.hears() && !petra.hears());
    assert_eq!(hub.ended(), Some(0));
}
