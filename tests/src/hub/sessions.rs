//! Sessions: nobody guesses, a lost answer signs nobody out, a copied token does, and what is ended
//! stays ended.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
};

use domain::Id;
use serde_json::{Value, json};
use sync::{Tokens, Transport, http::Http};

use crate::{
    access::{JONAS, hello, signed_in},
    doors::code,
    headquarters::{ADMIN, Headquarters, Hub, PASSWORD, free_port, until},
};

/// What a call without a token is answered with: its status and its words.
fn post(hub: &Hub, path: &str, head: &str, body: &Value) -> (u16, Value) {
    let mut stream = TcpStream::connect(("127.0.0.1", hub.port)).unwrap();
    let body = body.to_string();
    let length = body.len();
    write!(
        stream,
        "POST /api/v1/{path} HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{head}connection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let json = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    (status, serde_json::from_str(json).unwrap_or_default())
}

fn renew(hub: &Hub, refresh: &str) -> Result<Tokens, String> {
    let (status, answer) = post(hub, "session/refresh", "", &json!({ "refresh": refresh }));
    match status {
        200 => Ok(serde_json::from_value(answer).unwrap()),
        _ => Err(answer["code"].as_str().unwrap().to_owned()),
    }
}

/// Whether the hub still listens to an access token.
fn is_heard(hub: &Hub, device_id: Id, access: &str) -> bool {
    let tokens = Tokens { access: access.into(), refresh: "none".into() };
    let mut http = Http::new(&hub.address(), device_id, Some(tokens)).unwrap();
    http.hello(&hello(device_id)).is_ok()
}

fn invalid() -> Result<Tokens, String> {
    Err("token-invalid".into())
}

#[test]
fn a_lost_answer_is_given_again_and_a_copied_token_ends_the_session() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let reused = || headquarters.says(&["audit"]).matches("refresh-reused").count();
    // The answer is lost, and lost once more: what was given before is worth nothing.
    let (_, id, first) = signed_in(&hub, JONAS);
    let lost = renew(&hub, &first.refresh).unwrap();
    renew(&hub, &first.refresh).unwrap();
    let second = renew(&hub, &first.refresh).unwrap();
    assert!(!is_heard(&hub, id, &lost.access) && is_heard(&hub, id, &second.access));
    assert_eq!(reused(), 0);
    // What came was used: who comes with the one before has a copy.
    assert!(renew(&hub, &first.refresh) == invalid());
    assert!(!is_heard(&hub, id, &second.access) && renew(&hub, &second.refresh) == invalid());
    assert_eq!(reused(), 1);
    // Also where only the refresh token was used, and with one that was given in vain.
    let (_, _, first) = signed_in(&hub, JONAS);
    let second = renew(&hub, &first.refresh).unwrap();
    let third = renew(&hub, &second.refresh).unwrap();
    assert!(renew(&hub, &first.refresh) == invalid() && renew(&hub, &third.refresh) == invalid());
    assert_eq!(reused(), 2);
    let (_, id, first) = signed_in(&hub, JONAS);
    let lost = renew(&hub, &first.refresh).unwrap();
    let second = renew(&hub, &first.refresh).unwrap();
    assert!(renew(&hub, &lost.refresh) == invalid() && !is_heard(&hub, id, &second.access));
    assert_eq!(reused(), 3);
    // And once some time is gone.
    let (_, _, first) = signed_in(&hub, JONAS);
    renew(&hub, &first.refresh).unwrap();
    headquarters.sql("update token set used_at = used_at - interval '11 minutes'");
    assert!(renew(&hub, &first.refresh) == invalid());
    assert_eq!(reused(), 4);
}

#[test]
fn a_pair_that_is_given_while_the_password_changes_does_not_outlive_it() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let (_, _, tokens) = signed_in(&hub, JONAS);
    let waiting = |count: &str| {
        let sql = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
        until("a lock", || (headquarters.sql(sql) == count).then_some(()));
    };
    thread::scope(|scope| {
        let held = scope.spawn(|| {
            headquarters.sql("begin; select from account for update; select pg_sleep(3); commit")
        });
        until("the lock", || {
            let sql = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
            (headquarters.sql(sql) == "1").then_some(())
        });
        // Whoever comes through first.
        let changed = scope.spawn(|| headquarters.run(&["user", "change", JONAS, "--password"]));
        waiting("1");
        let renewed = scope.spawn(|| renew(&hub, &tokens.refresh));
        let signed_in = scope.spawn(|| {
            let mut http = Http::new(&hub.address(), Id::now(), None).unwrap();
            http.sign_in(JONAS, PASSWORD, "x").is_ok()
        });
        waiting("3");
        held.join().unwrap();
        changed.join().unwrap();
        let _ = (renewed.join().unwrap(), signed_in.join().unwrap());
    });
    // The password is the same as before, its hash is another.
    let alive = "select count(*) from token where ended_at is null";
    assert_eq!(headquarters.sql(alive), "0");
}

#[test]
fn many_guesses_at_once_are_no_more_than_one_after_the_other() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let guess = |password: &str| {
        let mut http = Http::new(&hub.address(), Id::now(), None).unwrap();
        code(http.sign_in(ADMIN, password, "x").map(|_| ()))
    };
    let answers: Vec<String> = thread::scope(|scope| {
        let guesses: Vec<_> = (0..40).map(|_| scope.spawn(|| guess("falsch-falsch"))).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|code| *code == "sign-in-wrong").count(), 10);
    assert_eq!(answers.iter().filter(|code| *code == "too-many").count(), 30);
    assert_eq!(guess(PASSWORD), "too-many");
    let audit = headquarters.says(&["audit"]);
    assert_eq!(audit.matches("sign-in-wrong\t").count(), 10);
    assert_eq!(audit.matches(&format!("sign-in-too-many\t{ADMIN}")).count(), 1, "{audit}");
    // Others come in, and those who waited.
    signed_in(&hub, JONAS);
    headquarters.sql("update attempt set at = at - interval '16 minutes'");
    signed_in(&hub, ADMIN);
}

#[test]
fn who_guesses_many_addresses_has_to_wait_wherever_a_proxy_says_they_are() {
    let headquarters = Headquarters::open();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("hub.toml");
    std::fs::write(&config, "proxies = [\"127.0.0.1\"]\n").unwrap();
    let hub = headquarters.hub_that(free_port(), &["--config", config.to_str().unwrap()]);
    let guess = |from: &str, email: &str| {
        let head = format!("x-forwarded-for: 203.0.113.9, {from}\r\n");
        let device = json!({
            "email": email, "password": "falsch-falsch", "device_id": Id::now(), "device_name": "x"
        });
        post(&hub, "session", &head, &device).0
    };
    assert_eq!(guess("192.0.2.7", "a@example.de"), 401);
    assert_eq!(headquarters.sql("select distinct source from attempt"), "192.0.2.7");
    headquarters.sql(
        "insert into attempt (id, who, source)
         select gen_random_uuid(), 'somebody ' || nth, '192.0.2.7' from generate_series(1, 99) as nth",
    );
    assert_eq!(guess("192.0.2.7", "b@example.de"), 429);
    assert_eq!(guess("192.0.2.8", "b@example.de"), 401);
}

#[test]
fn a_laptop_is_called_by_one_short_line() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let mut http = Http::new(&hub.address(), Id::now(), None).unwrap();
    let name = format!("Note\nbook\t\u{1b}[2J\u{202e}{}", "x".repeat(5_000));
    http.sign_in(JONAS, PASSWORD, &name).unwrap();
    let list = headquarters.says(&["device", "list"]);
    assert_eq!(list.lines().count(), 1, "{list}");
    assert!(list.contains("\tNotebook[2Jxxx") && list.len() < 300 && !list.contains('\u{1b}'));
    // What was there before is shown as what it is.
    headquarters.sql("update device set name = E'a\\nb\\x1b[2Jc'");
    for said in [headquarters.says(&["device", "list"]), headquarters.says(&["audit"])] {
        assert!(said.contains("a\\u{a}b\\u{1b}[2Jc") && !said.contains('\u{1b}'), "{said}");
    }
}

#[test]
fn who_listens_waits_for_nobody_who_writes() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let (_, _, tokens) = signed_in(&hub, JONAS);
    thread::scope(|scope| {
        // As a long push of the same laptop does.
        let held = scope.spawn(|| {
            headquarters.sql("begin; select from device for update; select pg_sleep(4); commit")
        });
        until("the lock", || {
            let sql = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
            (headquarters.sql(sql) == "1").then_some(())
        });
        let mut stream = TcpStream::connect(("127.0.0.1", hub.port)).unwrap();
        let access = &tokens.access;
        write!(
            stream,
            "GET /api/v1/sync/events HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {access}\r\n\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream).lines();
        assert!(lines.any(|line| line.unwrap().starts_with("event: changed")));
        assert!(!held.is_finished(), "it waited");
        held.join().unwrap();
    });
}
