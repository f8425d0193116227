//! A network that loses, doubles, truncates and lies between a laptop and the hub.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

/// What becomes of one call.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Passes,
    IsLost,
    LosesItsAnswer,
    IsDoubled,
    IsTruncated,
    MeetsAPortal,
}

const FATES: [Fate; 6] = [
    Fate::Passes,
    Fate::IsLost,
    Fate::LosesItsAnswer,
    Fate::IsDoubled,
    Fate::IsTruncated,
    Fate::MeetsAPortal,
];

const PORTAL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 33\r\nconnection: close\r\n\r\n<html>Welcome to our hotel</html>";

/// Reads one request whole: its head and as much as it says will follow.
fn request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = client.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
        let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.trim().parse().unwrap());
        if bytes.len() >= head + 4 + length {
            // One call a connection: the next one meets a fate of its own.
            let head_end = bytes[..head].to_vec();
            let mut whole = head_end;
            whole.extend_from_slice(b"\r\nconnection: close");
            whole.extend_from_slice(&bytes[head..]);
            return Some(whole);
        }
    }
}

fn answer(port: u16, request: &[u8]) -> Option<Vec<u8>> {
    let mut hub = TcpStream::connect(("127.0.0.1", port)).ok()?;
    hub.write_all(request).ok()?;
    let mut answer = Vec::new();
    hub.read_to_end(&mut answer).ok()?;
    Some(answer)
}

/// A proxy before the hub; each call meets the next fate of a seeded sequence.
pub fn proxy(hub: u16, seed: u64) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    let rng = Mutex::new(fastrand::Rng::with_seed(seed));
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let Ok(mut client) = client else { return };
            let Some(request) = request(&mut client) else { continue };
            counted.fetch_add(1, Ordering::Relaxed);
            let fate = {
                let mut rng = rng.lock().unwrap();
                // Half of the calls pass, so that there is an end to it.
                if rng.bool() { Fate::Passes } else { rng.choice(FATES).unwrap() }
            };
            let passed = |request: &[u8]| answer(hub, request).unwrap_or_default();
            let sent = match fate {
                Fate::IsLost => Vec::new(),
                Fate::MeetsAPortal => PORTAL.to_vec(),
                Fate::Passes => passed(&request),
                Fate::LosesItsAnswer => {
                    passed(&request);
                    Vec::new()
                }
                Fate::IsDoubled => {
                    passed(&request);
                    passed(&request)
                }
                Fate::IsTruncated => {
                    let mut whole = passed(&request);
                    whole.truncate(whole.len() * 2 / 3);
                    whole
                }
            };
            // Who went away hears nothing.
            let _ = client.write_all(&sent);
            let _ = client.shutdown(Shutdown::Both);
        }
    });
    (port, calls)
}

#[test]
fn nothing_is_lost_or_doubled_on_a_bad_network() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let good = Laptop::with_demo(&folder.path().join("a"), 3);
    good.connect(&hub.address(), ADMIN);
    good.sync();
    let bad = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    bad.sync();
    let (port, calls) = proxy(hub.port, 7);
    let mut failed = 0;
    let connected = || {
        bad.app.ask(commands::ConnectHub {
            address: format!("http://127.0.0.1:{port}"),
            email: "petra@kontor.example".into(),
            password: crate::headquarters::PASSWORD.into(),
        })
    };
    while connected().is_err() {
        failed += 1;
        assert!(failed < 100);
    }
    let id = good.customers()[0].id;
    for round in 0..25 {
        bad.change(id, |customer| customer.industry = format!("Branche {round}"));
        bad.add(&format!("Neu {round}"));
        good.change(id, |customer| customer.website = format!("https://{round}.example"));
        good.sync();
        if bad.try_sync().is_err() {
            failed += 1;
        }
    }
    let mut tries = 0;
    while bad.try_sync().is_err() {
        tries += 1;
        // A doubled refresh ends the session: its user signs in again.
        let _ = connected();
        assert!(tries < 200, "it never got through");
    }
    good.sync();
    // The last round may have been cut off behind what the other one did.
    while bad.try_sync().is_err() {
        let _ = connected();
    }
    println!("{} calls, {failed} failed rounds", calls.load(Ordering::Relaxed));
    assert!(failed > 5, "the network was too good: {failed}");
    assert_eq!(difference(&good, &bad), None);
    assert_eq!(good.customer(id).industry, "Branche 24");
    let named = |round: u32| {
        good.customers().iter().filter(|row| row.name == format!("Neu {round}")).count()
    };
    assert!((0..25).all(|round| named(round) == 1), "each new customer is there once");
    let numbers: Vec<String> = good.customers().into_iter().map(|row| row.number).collect();
    let mut once = numbers.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), numbers.len(), "no number twice");
}
