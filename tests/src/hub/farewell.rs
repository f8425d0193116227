//! A revoked laptop hands over what it has not sent, and empties itself: for its own hub alone,
//! and however often it is cut off.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
};

use commands::{GetSync, GetWorkspace, SyncState, WorkspaceState};
use domain::Changeset;
use serde_json::{Value, json};

use crate::{
    faults::proxy,
    headquarters::{ADMIN, Headquarters, free_port},
    laptop::Laptop,
    papers::{draft, sign},
};

const PETRA: &str = "petra@kontor.example";

/// An administrator's laptop with data, and Petra's.
fn two(folder: &Path, address: &str) -> (Laptop, Laptop) {
    let first = Laptop::with_demo(&folder.join("a"), 3);
    first.connect(address, ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.join("b"), address, PETRA);
    second.sync();
    (first, second)
}

fn kept(headquarters: &Headquarters, device: &str) -> Vec<Changeset> {
    serde_json::from_str(&headquarters.says(&["device", "kept", device])).unwrap()
}

fn operations(kept: &[Changeset]) -> Vec<&str> {
    kept.iter().map(|changeset| changeset.operation.as_str()).collect()
}

/// How many changes were handed over, if the workspace is gone.
fn emptied(laptop: &Laptop) -> Option<u64> {
    match laptop.app.ask(GetWorkspace {}).unwrap() {
        WorkspaceState::Missing { emptied, .. } => emptied.map(|emptied| emptied.handed_over),
        _ => None,
    }
}

fn files(laptop: &Laptop) -> Vec<String> {
    let files = fs::read_dir(&laptop.folder).unwrap().flatten();
    let mut files: Vec<String> =
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    files
}

#[test]
fn a_revoked_laptop_hands_over_and_empties_itself() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = two(folder.path(), &hub.address());
    let device = second.device_id();
    let id = second.customers()[0].id;
    let name = second.customer(id).name;
    second.change(id, |customer| customer.name = "Unterwegs GmbH".into());
    let quote = draft(&second, id);
    sign(&second, quote);
    headquarters.run(&["device", "revoke", &device]);
    // It comes weeks later: its tokens have run out.
    headquarters.sql("update token set expires_at = now() - interval '1 day'");
    assert_eq!(second.try_sync().unwrap_err().code, "device-emptied");
    let kept = kept(&headquarters, &device);
    let done = operations(&kept);
    assert!(done.contains(&"customer.save") && done.contains(&"quote.create"), "{done:?}");
    assert_eq!(emptied(&second), Some(kept.len() as u64));
    assert_eq!(files(&second), ["lock", "revoked.json"]);
    // The signed paper is there as well, and nothing took effect.
    let papers: Vec<&Value> = kept
        .iter()
        .flat_map(|changeset| &changeset.changes)
        .filter(|change| change.entity == "document")
        .map(|change| &change.fields["sha256"].to)
        .collect();
    assert!(!papers.is_empty());
    for paper in papers {
        let sha256 = paper.as_str().unwrap();
        let sql = format!("select is_whole from blob where sha256 = '{sha256}'");
        assert_eq!(headquarters.sql(&sql), "t");
    }
    first.connect(&hub.address(), ADMIN);
    first.sync();
    assert_eq!(first.customer(id).name, name);
    let list = headquarters.says(&["device", "list"]);
    let line = list.lines().find(|line| line.starts_with(&device)).unwrap();
    assert!(line.contains("revoked, emptied") && line.ends_with(&format!("{} kept", kept.len())));
    assert!(headquarters.says(&["audit"]).contains(&format!("device-emptied\t{PETRA}\t{device}")));
    // The same folder takes the next workspace, as another device.
    let again = Laptop::from_hub(&folder.path().join("b"), &hub.address(), PETRA);
    again.sync();
    assert_ne!(again.device_id(), device);
    assert_eq!(again.customers().len(), first.customers().len());
}

/// As one does whose laptop is gone: first another password, then no more of that laptop.
#[test]
fn signed_out_before_it_is_emptied_all_the_same() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = two(folder.path(), &hub.address());
    let id = second.customers()[0].id;
    second.change(id, |customer| customer.name = "Unterwegs GmbH".into());
    headquarters.run(&["user", "change", PETRA, "--password"]);
    assert_eq!(second.try_sync().unwrap_err().code, "signed-out");
    assert_eq!(emptied(&second), None, "it may be signed in again");
    headquarters.run(&["device", "revoke", &second.device_id()]);
    assert_eq!(second.try_sync().unwrap_err().code, "device-emptied");
    assert_eq!(emptied(&second), Some(1));
    first.sync();
    assert_ne!(first.customer(id).name, "Unterwegs GmbH");
}

#[test]
fn cut_off_anywhere_it_hands_over_all_before_it_goes() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let (_first, second) = two(folder.path(), &hub.address());
    let device = second.device_id();
    let (port, _) = proxy(hub.port, 5);
    while !connected(&second, port) {}
    let id = second.customers()[0].id;
    let mut made = 0;
    headquarters.run(&["device", "revoke", &device]);
    let mut cut_off = 0;
    while emptied(&second).is_none() {
        if cut_off < 12 {
            // Whoever is at it goes on working until it is gone.
            second.change(id, |customer| customer.industry = format!("Branche {made}"));
            made += 1;
        }
        if second.try_sync().is_err() && emptied(&second).is_none() {
            cut_off += 1;
            assert_eq!(second.customer(id).industry, format!("Branche {}", made - 1));
            // A doubled refresh does not keep it from coming.
            assert_ne!(second.app.ask(GetSync {}).unwrap().state, SyncState::SignedOut);
        }
        assert!(cut_off < 300, "it never got through");
    }
    println!("cut off {cut_off} times");
    assert!(cut_off > 2, "the network was too good");
    let kept = kept(&headquarters, &device);
    let industry = |changeset: &Changeset| changeset.changes[0].fields["industry"].to.clone();
    let mut all: Vec<Value> = kept.iter().map(industry).collect();
    all.sort_by_key(ToString::to_string);
    let mut wanted: Vec<Value> = (0..made).map(|nth| json!(format!("Branche {nth}"))).collect();
    wanted.sort_by_key(ToString::to_string);
    assert_eq!(all, wanted, "each change is kept once");
    assert_eq!(files(&second), ["lock", "revoked.json"]);
}

fn connected(laptop: &Laptop, port: u16) -> bool {
    let request = commands::ConnectHub {
        address: format!("http://127.0.0.1:{port}"),
        email: PETRA.into(),
        password: crate::headquarters::PASSWORD.into(),
    };
    laptop.app.ask(request).is_ok()
}

/// What somebody else answers to a path.
type Answers = Arc<Mutex<Box<dyn Fn(&str, &Value) -> (u16, String) + Send>>>;

/// Something that is not the hub, at its address.
fn stranger(port: u16, answers: &Answers) {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let answers = Arc::clone(answers);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // Who went away hears nothing.
            let _ = answer(client, &answers);
        }
    });
}

fn answer(mut client: TcpStream, answers: &Answers) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let mut part = [0; 65536];
    let (head, body) = loop {
        let read = client.read(&mut part)?;
        bytes.extend_from_slice(&part[..read]);
        let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        if bytes.len() >= end + 4 + length {
            break (head, bytes[end + 4..].to_vec());
        }
    };
    let body = zstd::decode_all(&body[..]).unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, text) = answers.lock().unwrap()(&path, &body);
    let length = text.len();
    write!(
        client,
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    )
}

#[test]
fn no_wrong_answer_of_anybody_else_empties_a_laptop() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let port = hub.port;
    let folder = tempfile::tempdir().unwrap();
    let (_first, second) = two(folder.path(), &hub.address());
    let id = second.customers()[0].id;
    second.change(id, |customer| customer.industry = "unterwegs".into());
    drop(hub);
    let revoked = || (403, json!({"code": "device-revoked", "sentence": "No."}).to_string());
    let epoch = domain::Id::now();
    let echo = move |body: &Value| {
        let parts = body["parts"].as_array().cloned().unwrap_or_default();
        let kept: Vec<Value> =
            parts.iter().map(|part| json!([part["changeset"]["id"], part["part"]])).collect();
        json!({
            "device_id": body["device_id"], "nonce": body["nonce"], "epochs": [epoch], "kept": kept
        })
    };
    let strangers: Vec<Box<dyn Fn(&str, &Value) -> (u16, String) + Send>> = vec![
        Box::new(|_, _| (401, String::new())),
        Box::new(|_, _| (403, "<html>Please pay</html>".into())),
        Box::new(|_, _| (403, json!({"code": "forbidden", "sentence": "No."}).to_string())),
        // Even one that knows the hub's words.
        Box::new(move |_, _| revoked()),
        Box::new(move |path, _| match path.ends_with("/keep") {
            true => (200, "<html>Welcome</html>".into()),
            false => revoked(),
        }),
        Box::new(move |path, body| match path.ends_with("/keep") {
            // All that can be copied from the call; but not a life of the hub.
            true => (200, echo(body).to_string()),
            false => revoked(),
        }),
    ];
    let free = free_port();
    let answers: Answers = Arc::new(Mutex::new(Box::new(|_, _| (500, String::new()))));
    stranger(port, &answers);
    for (nth, stranger) in strangers.into_iter().enumerate() {
        *answers.lock().unwrap() = stranger;
        assert!(second.try_sync().is_err(), "{nth}");
        assert_eq!(emptied(&second), None, "{nth}");
        assert_eq!(second.customer(id).industry, "unterwegs", "{nth}");
    }
    // The hub itself, where the laptop may still come in.
    let hub = headquarters.hub_at(free);
    while !connected(&second, hub.port) {}
    second.sync();
    assert_eq!(
        headquarters.sql(&format!("select industry from customer where id = '{id}'")),
        "unterwegs"
    );
}

#[test]
fn a_laptop_that_was_never_let_in_keeps_its_own() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub_that(free_port(), &["--approval", "by-administrator"]);
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 3);
    laptop.connect(&hub.address(), ADMIN);
    assert_eq!(laptop.try_sync().unwrap_err().code, "device-waiting");
    headquarters.run(&["device", "revoke", &laptop.device_id()]);
    assert_eq!(laptop.try_sync().unwrap_err().code, "device-revoked");
    assert_eq!(laptop.customers().len(), 3);
    let status = laptop.app.ask(GetSync {}).unwrap();
    assert_eq!(status.state, SyncState::Stopped);
    assert_eq!(status.failure.unwrap().code, "device-rejected");
}
