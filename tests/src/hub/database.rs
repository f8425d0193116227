//! Between a hub and its database: who the database is, what happens when it does not answer, and
//! what is not kept.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

use private_postgres::{Durability, Server};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::{
    access::{JONAS, signed_in},
    headquarters::{Headquarters, free_port, program, until},
};

/// What is answered at a port to a path: the status, and the rest.
fn get(port: u16, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[test]
fn a_database_that_is_busy_is_no_more_than_unavailable() {
    let headquarters = Headquarters::open();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("hub.toml");
    let metrics = free_port();
    let text = format!("metrics = \"127.0.0.1:{metrics}\"\n[database]\nconnections = 2\n");
    fs::write(&config, text).unwrap();
    let hub = headquarters.hub_that(free_port(), &["--config", config.to_str().unwrap()]);
    assert!(get(metrics, "/metrics").1.contains("kontor_pushes_total 0"));
    assert_eq!(get(metrics, "/health").0, 404);
    assert_eq!(get(hub.port, "/metrics").0, 404, "it is asked for elsewhere");
    thread::scope(|scope| {
        let held = scope
            .spawn(|| headquarters.sql("begin; lock table account; select pg_sleep(120); commit"));
        until("the lock", || {
            let sql = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
            (headquarters.sql(sql) == "1").then_some(())
        });
        // As many as there are connections wait for the lock, and this one for a connection.
        let port = hub.port;
        let body = format!(
            "{{\"email\":\"{JONAS}\",\"password\":\"x\",\"device_id\":\"{}\",\"device_name\":\"x\"}}",
            domain::Id::now()
        );
        let sign_in = move || {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let length = body.len();
            write!(stream, "POST /api/v1/session HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let waiting: Vec<_> = (0..2).map(|_| scope.spawn(sign_in.clone())).collect();
        until("two who wait", || {
            let sql = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
            (headquarters.sql(sql) == "2").then_some(())
        });
        assert_eq!(get(hub.port, "/health").0, 503, "no connection is free");
        for answer in waiting {
            let answer = answer.join().unwrap();
            assert!(answer.contains(" 503 ") && answer.contains("unavailable"), "{answer}");
        }
        assert!(!held.is_finished(), "they waited for it");
        headquarters.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'",
        );
        let _ = held.join();
    });
    signed_in(&hub, JONAS);
}

#[test]
fn what_nobody_can_use_any_more_is_not_kept() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    for _ in 0..4 {
        signed_in(&hub, JONAS);
    }
    drop(hub);
    headquarters.sql(
        "with session as (select family, row_number() over (order by family) as nth from token where kind = 'refresh')
         update token set
             expires_at = now() - case nth when 1 then interval '2 days' when 2 then interval '31 days' when 3 then interval '367 days' else interval '-1 day' end,
             used_at = case when kind = 'refresh' and nth = 2 then now() end
         from session where session.family = token.family",
    );
    headquarters.sql("insert into attempt values (gen_random_uuid(), 'x', '', now() - interval '2 hours'), (gen_random_uuid(), 'y', '', now())");
    headquarters
        .sql("update audit set at = now() - interval '731 days' where event = 'user-added'");
    let _hub = headquarters.hub();
    until("old audit to go", || {
        let sql = "select count(*) from audit where event = 'user-added'";
        (headquarters.sql(sql) == "0").then_some(())
    });
    // A laptop that is revoked while it is away for long still has its last refresh token.
    let left = "select string_agg(kind, ' ' order by expires_at, kind) from token";
    assert_eq!(headquarters.sql(left), "refresh access refresh");
    assert_eq!(headquarters.sql("select string_agg(who, ' ') from attempt"), "y");
    assert_eq!(headquarters.sql("select count(*) from audit where event = 'sign-in'"), "4");
}

/// `kontor-hub migrate`, trusting whom this file names.
fn migrate(database: &str, authority: Option<&Path>) -> Output {
    let mut command = Command::new(program("kontor-hub"));
    command.arg("migrate").env("KONTOR_HUB_DATABASE", database).stderr(Stdio::piped());
    match authority {
        Some(file) => command.env("PGSSLROOTCERT", file),
        None => command.env_remove("PGSSLROOTCERT"),
    };
    command.output().unwrap()
}

#[test]
fn a_database_that_does_not_prove_who_it_is_is_told_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("server"), Durability::None).unwrap();
    let own = server.database("kontor").unwrap();
    let socket = own.split('\'').nth(1).unwrap().to_owned();
    let data = format!("{socket}/data");
    let authority = || {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let (ours, other) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".into()]).unwrap();
    let certificate = params.signed_by(&key, &ours).unwrap();
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file
    };
    let (ours, other) = (file("ours.pem", &ours.pem()), file("other.pem", &other.pem()));
    // Its user alone may read what it is proved by.
    for (name, text) in [("server.crt", certificate.pem()), ("server.key", key.serialize_pem())] {
        let to = format!("{data}/{name}");
        let write = "umask 077; printf '%s' \"$1\" > \"$2\"";
        server.run("/bin/sh", &["-c", write, "sh", &text, &to]).unwrap();
    }
    server.crash().unwrap();
    let port = free_port();
    let options = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c unix_socket_permissions=0700 -k '{socket}'"
    );
    let log = format!("{socket}/log");
    server
        .run(
            "pg_ctl",
            &[
                "start",
                "--wait",
                "--silent",
                "--pgdata",
                &data,
                "--log",
                &log,
                "--options",
                &options,
            ],
        )
        .unwrap();
    let database = |mode: &str| format!("postgres://kontor@127.0.0.1:{port}/kontor?sslmode={mode}");
    for mode in ["require", "verify-full"] {
        for authority in [None, Some(other.as_path())] {
            let done = migrate(&database(mode), authority);
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(!done.status.success() && said.contains("is not trusted"), "{mode}: {said}");
        }
    }
    let elsewhere = database("verify-full").replace("127.0.0.1", "localhost");
    assert!(!migrate(&elsewhere, Some(&ours)).status.success(), "the name is another");
    let done = migrate(&database("verify-full"), Some(&ours));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(migrate(&database("disable"), None).status.success(), "as it was asked for");
}
