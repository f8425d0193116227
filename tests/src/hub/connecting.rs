//! Connecting a workspace, being refused, and parting again.

use std::sync::{Arc, Mutex};

use commands::{
    ConnectHub, DisconnectHub, Failure, ForgetHub, GetSettings, GetSync, ListRejections,
    SaveLetterhead, SyncState,
};
use domain::Id;
use sync::{SyncError, TokenPlace, Tokens, http::Http};

use crate::{
    doors::code,
    headquarters::{ADMIN, Headquarters, PASSWORD, free_port, until},
    laptop::{Laptop, difference},
};

const JONAS: &str = "jonas@kontor.example";

fn refused(laptop: &Laptop, address: &str, email: &str) -> Failure {
    let connect =
        ConnectHub { address: address.into(), email: email.into(), password: PASSWORD.into() };
    laptop.app.ask(connect).unwrap_err()
}

#[test]
fn whoever_is_refused_leaves_one_laptop_and_no_session() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub_that(free_port(), &["--approval", "first-automatic"]);
    let folder = tempfile::tempdir().unwrap();
    let local = Laptop::with_demo(&folder.path().join("a"), 1);
    for _ in 0..2 {
        assert_eq!(refused(&local, &hub.address(), JONAS).code, "hub-upload-forbidden");
    }
    // As after a restart.
    let again = Laptop::open(&local.folder);
    assert_eq!(refused(&again, &hub.address(), JONAS).code, "hub-upload-forbidden");
    assert_eq!(headquarters.says(&["device", "list"]).matches(JONAS).count(), 1);
    until("the end of the sessions", || {
        (headquarters.sql("select count(*) from token where ended_at is null") == "0").then_some(())
    });
    // The right attempt is the first laptop's, and need not wait for anybody.
    let fresh = Laptop::from_hub(&folder.path().join("b"), &hub.address(), JONAS);
    fresh.sync();
    assert_eq!(headquarters.says(&["device", "list"]).matches(JONAS).count(), 1);
    // Another one is another laptop's again.
    let second = Laptop::from_hub(&folder.path().join("c"), &hub.address(), JONAS);
    assert_eq!(second.try_sync().unwrap_err().code, "device-waiting");
}

#[test]
fn somebody_else_is_told_whose_workspace_it_is() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 1);
    laptop.connect(&hub.address(), ADMIN);
    laptop.sync();
    for email in [JONAS, "petra@kontor.example"] {
        assert_eq!(refused(&laptop, &hub.address(), email).code, "hub-other-user");
    }
    laptop.sync();
}

#[test]
fn who_signs_out_waits_for_no_network() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 1);
    laptop.connect(&hub.address(), ADMIN);
    laptop.sync();
    // Something takes the call and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    laptop.put("sync.hub", &format!(r#"{{"address":"{address}","email":"{ADMIN}"}}"#));
    let status = laptop.app.ask(DisconnectHub {}).unwrap();
    assert_eq!(status.state, SyncState::SignedOut);
    // It was told all the same.
    silent.accept().unwrap();
}

#[test]
fn one_that_was_never_let_in_may_go_elsewhere() {
    let headquarters = Headquarters::open();
    let strict = headquarters.hub_that(free_port(), &["--approval", "by-administrator"]);
    let open = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let full = Laptop::with_demo(&folder.path().join("a"), 2);
    full.connect(&strict.address(), ADMIN);
    let empty = Laptop::from_hub(&folder.path().join("b"), &strict.address(), JONAS);
    for laptop in [&full, &empty] {
        assert_eq!(laptop.try_sync().unwrap_err().code, "device-waiting");
        assert_eq!(laptop.app.ask(ForgetHub {}).unwrap().state, SyncState::Local);
        assert_eq!(laptop.try_sync().unwrap_err().code, "hub-none");
    }
    full.connect(&open.address(), ADMIN);
    full.sync();
    let id = full.customers()[0].id;
    let jonas = headquarters.sql(&format!("select user_id from account where email = '{JONAS}'"));
    full.change(id, |customer| customer.owner_id = Some(jonas.parse().unwrap()));
    full.sync();
    // What was to be filled is filled, and sends nothing up that it does not have.
    empty.connect(&open.address(), JONAS);
    empty.sync();
    assert_eq!(empty.customers().iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    // Those that were let in belong together.
    for laptop in [&full, &empty] {
        assert_eq!(laptop.app.ask(ForgetHub {}).unwrap_err().code, "hub-keeps");
        laptop.sync();
    }
}

#[test]
fn a_round_that_cannot_begin_says_so() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 1);
    laptop.connect(&hub.address(), ADMIN);
    laptop.sync();
    // As a certificate file that cannot be read, or a keyring that is locked.
    laptop.put("sync.hub", r#"{"address":"kein Ort","email":"x"}"#);
    assert_eq!(laptop.try_sync().unwrap_err().code, "hub-address-invalid");
    let status = laptop.app.ask(GetSync {}).unwrap();
    assert_eq!(status.state, SyncState::Stopped);
    assert_eq!(status.failure.unwrap().code, "hub-address-invalid");
}

#[test]
fn two_processes_sync_one_workspace_in_turn() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let window = Laptop::with_demo(&folder.path().join("a"), 20);
    window.connect(&hub.address(), ADMIN);
    window.sync();
    let beside = Laptop::open(&window.folder);
    let customers = window.customers();
    std::thread::scope(|scope| {
        for (laptop, id) in [(&window, customers[0].id), (&beside, customers[1].id)] {
            scope.spawn(move || {
                for step in 0..5 {
                    laptop.change(id, |customer| customer.industry = format!("Schritt {step}"));
                    laptop.sync();
                }
            });
        }
    });
    for laptop in [&window, &beside] {
        let status = laptop.app.ask(GetSync {}).unwrap();
        assert_eq!((status.state, status.failure), (SyncState::Synced, None));
    }
}

#[test]
fn renewed_tokens_serve_both_processes() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let window = Laptop::with_demo(&folder.path().join("a"), 1);
    window.connect(&hub.address(), ADMIN);
    window.sync();
    let beside = Laptop::open(&window.folder);
    beside.sync();
    // The window remembers tokens that the other one renews, and the other way round.
    for laptop in [&beside, &window, &beside] {
        headquarters.sql("update token set expires_at = now() where kind = 'access'");
        laptop.sync();
    }
    assert!(!headquarters.says(&["audit"]).contains("refresh-reused"));
}

#[test]
fn a_second_workspace_goes_up_and_the_hubs_settings_hold() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let headed = |name: &str| {
        let laptop = Laptop::with_demo(&folder.path().join(name), 2);
        let mut letterhead = laptop.app.ask(GetSettings {}).unwrap().letterhead;
        letterhead.company = name.into();
        laptop.app.ask(SaveLetterhead { letterhead }).unwrap();
        laptop
    };
    let (first, second) = (headed("Erste GmbH"), headed("Zweite GmbH"));
    let own = second.add("Nur beim Zweiten AG");
    first.connect(&hub.address(), ADMIN);
    first.sync();
    second.connect(&hub.address(), "petra@kontor.example");
    second.sync();
    first.sync();
    // Its own letterhead gave way; with the first comparison it goes.
    second.check();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(first.customer(own).name, "Nur beim Zweiten AG");
    for laptop in [&first, &second] {
        assert_eq!(laptop.app.ask(GetSettings {}).unwrap().letterhead.company, "Erste GmbH");
        assert_eq!(laptop.check(), 0);
    }
    // What gave way is not lost: it can be looked at.
    let kept = second.app.ask(ListRejections {}).unwrap();
    assert!(kept.iter().all(|one| one.changes.iter().all(|change| change.entity == "setting")));
    assert_eq!(first.app.ask(ListRejections {}).unwrap(), []);
    // Set, taken back and set once more: the one that was deleted stands in nobody's way.
    let mut letterhead = first.app.ask(GetSettings {}).unwrap().letterhead;
    letterhead.company = "Dritte GmbH".into();
    first.app.ask(SaveLetterhead { letterhead }).unwrap();
    first.sync();
    second.sync();
    assert_eq!(second.app.ask(GetSettings {}).unwrap().letterhead.company, "Dritte GmbH");
}

/// Tokens as processes of one laptop share them.
#[derive(Default)]
struct Shelf(Mutex<Vec<Tokens>>);

impl TokenPlace for Shelf {
    fn tokens(&self) -> Option<Tokens> {
        self.0.lock().unwrap().last().cloned()
    }

    fn keep(&self, tokens: &Tokens) -> Result<(), SyncError> {
        self.0.lock().unwrap().push(tokens.clone());
        Ok(())
    }
}

#[test]
fn tokens_are_kept_before_they_are_used() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let mut first = Http::new(&hub.address(), Id::now(), None).unwrap();
    let session = first.sign_in(ADMIN, PASSWORD, "test").unwrap();
    let tokens = Tokens { access: session.access, refresh: session.refresh };
    let shelf = Arc::new(Shelf::default());
    shelf.keep(&tokens).unwrap();
    let mut first = first.kept_at(shelf.clone());
    let mut second = first.clone();
    headquarters.sql("update token set expires_at = now() where kind = 'access'");
    // What is asked for is refused; that the tokens are fresh is known by then.
    assert_eq!(code(first.blob(&"0".repeat(64), 0)), "blob-missing");
    assert_eq!(shelf.0.lock().unwrap().len(), 2);
    assert!(first.renewed().is_none());
    // The other one takes what the first one renewed, and renews that when it runs out.
    assert_eq!(code(second.blob(&"0".repeat(64), 0)), "blob-missing");
    assert_eq!(shelf.0.lock().unwrap().len(), 2);
    headquarters.sql("update token set expires_at = now() where kind = 'access'");
    assert_eq!(code(second.blob(&"0".repeat(64), 0)), "blob-missing");
    assert_eq!(code(first.blob(&"0".repeat(64), 0)), "blob-missing");
    assert_eq!(shelf.0.lock().unwrap().len(), 3);
}
