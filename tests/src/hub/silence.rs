//! Connections that say nothing, or do not finish what they say.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use crate::{
    headquarters::{ADMIN, Headquarters, Hub, free_port, until},
    service::is_running,
};

/// A hub that waits a second for whoever says nothing.
fn impatient(headquarters: &Headquarters) -> Hub {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("hub.toml");
    fs::write(&config, "[silence]\nconnection = 1\ncall = 1\n").unwrap();
    headquarters.hub_that(free_port(), &["--config", config.to_str().unwrap()])
}

fn says(hub: &Hub, what: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", hub.port)).unwrap();
    // So that this ends whatever the hub does.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(what.as_bytes()).unwrap();
    stream
}

/// All that comes until the hub closes the connection.
fn heard(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    match stream.read_to_end(&mut all) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => {
            panic!("it stays open: {error}")
        }
        _ => String::from_utf8(all).unwrap(),
    }
}

fn sign_in(body: &str, length: usize) -> String {
    format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// What begins and does not go on, with what is answered to it.
fn unfinished() -> [(String, &'static str); 6] {
    [
        (String::new(), ""),
        // It may still become HTTP/2.
        ("P".into(), ""),
        ("PRI * HTTP/2.0\r\n".into(), ""),
        ("GET /health HTTP/1.1\r\nhost: h".into(), ""),
        (sign_in("{\"email\":", 100), "unavailable"),
        // A whole call, and no other one behind it.
        ("GET /health HTTP/1.1\r\nhost: hub\r\n\r\n".into(), "ok"),
    ]
}

#[test]
fn a_connection_that_does_not_go_on_is_closed() {
    let headquarters = Headquarters::without_people();
    let hub = impatient(&headquarters);
    let streams = unfinished().map(|(what, answer)| (says(&hub, &what), what, answer));
    for (stream, what, answer) in streams {
        let all = heard(stream);
        assert!(all.contains(answer), "{what:?}: {all}");
    }
}

/// A stop waits for calls that run, and not for those that never come.
#[test]
fn a_connection_that_does_not_go_on_holds_up_no_stop() {
    let headquarters = Headquarters::open();
    let hub = impatient(&headquarters);
    thread::scope(|scope| {
        let headquarters = &headquarters;
        let held = scope
            .spawn(|| headquarters.sql("begin; lock table account; select pg_sleep(120); commit"));
        let waits = |what: &str| {
            let sql = format!("select count(*) from pg_stat_activity where {what}");
            until(what, || (headquarters.sql(&sql) == "1").then_some(()));
        };
        waits("wait_event = 'PgSleep'");
        let id = domain::Id::now();
        let body = format!(
            "{{\"email\":\"{ADMIN}\",\"password\":\"x\",\"device_id\":\"{id}\",\"device_name\":\"x\"}}"
        );
        let running = says(&hub, &sign_in(&body, body.len()));
        waits("wait_event_type = 'Lock'");
        let mut streams = unfinished().map(|(what, _)| says(&hub, &what));
        // They are let in one after another: the last one is answered, and all are in.
        let answered = streams.last_mut().unwrap().read(&mut [0; 1024]).unwrap();
        assert!(answered > 0);
        hub.tell_to_stop();
        for stream in streams {
            heard(stream);
        }
        assert!(is_running(&hub), "it did not wait for what runs");
        headquarters.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'",
        );
        let _ = held.join();
        let answer = heard(running);
        assert!(answer.contains("sign-in-wrong"), "it was cut off: {answer}");
    });
    assert_eq!(hub.ended(), Some(0));
}
