//! Who is let in: laptops that wait, accounts that change, and what is written down of it.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use commands::{GetSync, SyncState};
use domain::Id;
use sync::{Hello, Keep, Offer, PROTOCOL, Push, Tokens, Transport, http::Http};

use crate::{
    doors::code,
    headquarters::{ADMIN, Headquarters, Hub, PASSWORD, free_port},
    laptop::Laptop,
};

pub const JONAS: &str = "jonas@kontor.example";

pub fn hello(device_id: Id) -> Hello {
    Hello {
        device_id,
        incarnation: 0,
        nonce: Id::now(),
        epoch: None,
        next_push: 0,
        protocol: PROTOCOL,
        schema: String::new(),
        numbers: Vec::new(),
    }
}

pub fn signed_in(hub: &Hub, email: &str) -> (Http, Id, Tokens) {
    let device_id = Id::now();
    let mut http = Http::new(&hub.address(), device_id, None).unwrap();
    let session = http.sign_in(email, PASSWORD, "Notebook").unwrap();
    (http, device_id, Tokens { access: session.access, refresh: session.refresh })
}

/// What a bare call is answered with.
fn bare(hub: &Hub, call: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", hub.port)).unwrap();
    let head = format!(
        "{call} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {token}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_laptop_that_waits_gets_nothing_by_any_call() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub_that(free_port(), &["--approval", "first-automatic"]);
    let (mut first, first_id, _) = signed_in(&hub, JONAS);
    first.hello(&hello(first_id)).unwrap();
    let (mut second, id, tokens) = signed_in(&hub, JONAS);
    let waits = "device-waiting";
    assert_eq!(code(second.hello(&hello(id))), waits);
    let push = Push {
        device_id: id,
        incarnation: 1,
        epoch: None,
        cursor: None,
        first: 1,
        changesets: Vec::new(),
    };
    assert_eq!(code(second.push(&push)), waits);
    assert_eq!(code(second.changes(1, None)), waits);
    let offer = Offer { device_id: id, incarnation: 1, above: 0, records: Vec::new() };
    assert_eq!(code(second.offer(&offer)), waits);
    assert_eq!(code(second.fork(Id::now())), waits, "nor by becoming another device");
    let sha256 = "0".repeat(64);
    assert_eq!(code(second.blob(&sha256, 0)), waits);
    assert_eq!(code(second.put_blob(&sha256, 1, 0, b"x")), waits);
    let events = bare(&hub, "GET /api/v1/sync/events", &tokens.access);
    assert!(events.contains(" 403 ") && events.contains(waits), "{events}");
    let keep = Keep { device_id: id, nonce: Id::now(), parts: Vec::new(), is_all: true };
    assert_eq!(code(second.keep(&keep)), "device-not-revoked");
    let list = headquarters.says(&["device", "list"]);
    let standing = |id: Id| list.lines().find(|line| line.starts_with(&id.to_string())).unwrap();
    assert!(standing(first_id).contains("approved") && standing(id).contains("waiting"), "{list}");
    headquarters.run(&["device", "approve", &id.to_string()]);
    second.hello(&hello(id)).unwrap();
    // Revoked, every call says so, and none of them helps.
    headquarters.run(&["device", "revoke", &id.to_string()]);
    let revoked = "device-revoked";
    assert_eq!(code(second.hello(&hello(id))), revoked);
    assert_eq!(code(second.push(&push)), revoked);
    assert_eq!(code(second.changes(1, None)), revoked);
    assert_eq!(code(second.offer(&offer)), revoked);
    assert_eq!(code(second.fork(Id::now())), revoked);
    assert_eq!(code(second.blob(&sha256, 0)), revoked);
    assert_eq!(code(second.put_blob(&sha256, 1, 0, b"x")), "blob-missing");
    assert!(bare(&hub, "GET /api/v1/sync/events", &tokens.access).contains(revoked));
    let other = Keep { device_id: first_id, ..keep.clone() };
    assert_eq!(code(second.keep(&other)), "device-unknown");
    assert_eq!(second.keep(&keep).unwrap().device_id, id);
    second.sign_in(JONAS, PASSWORD, "Notebook").unwrap();
    assert_eq!(code(second.hello(&hello(id))), revoked, "signing in again does not help");
}

#[test]
fn a_laptop_that_waits_goes_on_by_itself() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub_that(free_port(), &["--approval", "first-automatic"]);
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 3);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), ADMIN);
    assert_eq!(second.try_sync().unwrap_err().code, "device-waiting");
    let status = second.app.ask(GetSync {}).unwrap();
    assert_eq!(status.state, SyncState::Waiting);
    let own = second.add("Vor der Freigabe GmbH");
    headquarters.run(&["device", "approve", &second.device_id()]);
    second.sync();
    assert_eq!(second.app.ask(GetSync {}).unwrap().state, SyncState::Synced);
    assert_eq!(second.customers().len(), 4);
    first.sync();
    assert_eq!(first.customer(own).name, "Vor der Freigabe GmbH");
}

#[test]
fn what_happens_around_signing_in_is_written_down_without_secrets() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let (mut http, id, tokens) = signed_in(&hub, JONAS);
    let device = id.to_string();
    let wrong = "ganz-falsch-getippt";
    assert!(http.sign_in(JONAS, wrong, "x").is_err());
    assert!(http.sign_in("mein-passwort-im-falschen-feld", wrong, "x").is_err());
    let mut tokens_twice = Http::new(
        &hub.address(),
        id,
        Some(Tokens { access: "alt".into(), refresh: tokens.refresh.clone() }),
    )
    .unwrap();
    tokens_twice.hello(&hello(id)).unwrap();
    let mut copy = Http::new(
        &hub.address(),
        id,
        Some(Tokens { access: "alt".into(), refresh: tokens.refresh.clone() }),
    )
    .unwrap();
    assert_eq!(code(copy.hello(&hello(id))), "token-invalid");
    http.sign_in(JONAS, PASSWORD, "x").unwrap();
    http.hello(&hello(id)).unwrap();
    http.fork(Id::now()).unwrap();
    http.sign_out().unwrap();
    headquarters.run(&["device", "revoke", &device]);
    headquarters.run(&["user", "change", JONAS, "--role", "sales_manager", "--disable"]);
    assert_eq!(code(http.sign_in(JONAS, PASSWORD, "x").map(|_| ())), "sign-in-wrong");
    let audit = headquarters.says(&["audit"]);
    for wanted in [
        format!("user-added\t{JONAS}\t\t\tsales_rep"),
        format!("device-registered\t{JONAS}\t{device}\tNotebook\tapproved"),
        format!("sign-in\t{JONAS}\t{device}\tNotebook\t"),
        format!("sign-in-wrong\t{JONAS}\t\t\t{JONAS}"),
        "sign-in-wrong\t\t\t\tunknown ".into(),
        format!("refresh-reused\t{JONAS}\t{device}"),
        format!("device-forked\t{JONAS}\t"),
        format!("sign-out\t{JONAS}\t"),
        format!("device-revoked\t{JONAS}\t{device}"),
        format!("user-changed\t{JONAS}\t\t\trole sales_manager, disabled"),
    ] {
        assert!(audit.contains(&wanted), "{wanted}\n{audit}");
    }
    let secrets = [wrong, PASSWORD, "mein-passwort", &tokens.access, &tokens.refresh];
    assert!(secrets.iter().all(|secret| !audit.contains(secret)), "{audit}");
    assert!(headquarters.says(&["user", "list"]).contains("sales_manager\tSüdwest\tdisabled"));
}
