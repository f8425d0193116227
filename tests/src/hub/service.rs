//! How a hub is run: its own certificate, and a stop that cuts nothing off.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::{
    events::Listener,
    headquarters::{ADMIN, Headquarters, Hub, PASSWORD, program, until},
    laptop::Laptop,
};

/// A company's own authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn file(&self, folder: &Path, name: &str) -> PathBuf {
        let file = folder.join(name);
        fs::write(&file, self.0.pem()).unwrap();
        file
    }

    /// Writes a hub's certificate and its key.
    fn certify(&self, folder: &Path) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".into()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        fs::write(folder.join("hub.key"), key.serialize_pem()).unwrap();
        fs::write(folder.join("hub.pem"), certificate.pem()).unwrap();
    }
}

/// `kontor` on a laptop that trusts an authority, or only those of its system.
fn kontor(folder: &Path, authority: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(program("kontor"));
    command
        .arg("--workspace")
        .arg(folder)
        .args(arguments)
        .env("KONTOR_PASSPHRASE", "geheim-geheim")
        .env("KONTOR_HUB_PASSWORD", PASSWORD)
        .env_remove("KONTOR_HUB_CA");
    if let Some(authority) = authority {
        command.env("KONTOR_HUB_CA", authority);
    }
    command.output().unwrap()
}

#[test]
fn only_a_certificate_that_somebody_vouches_for_is_spoken_to() {
    let headquarters = Headquarters::open();
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    authority.certify(folder.path());
    let config = folder.path().join("hub.toml");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let text = format!(
        "[tls]\ncertificate = {:?}\nkey = {:?}\n[devices]\napproval = \"automatic\"\n",
        file("hub.pem"),
        file("hub.key")
    );
    fs::write(&config, text).unwrap();
    let hub = headquarters.hub_with_tls(&config);
    let (laptop, address) = (folder.path().join("laptop"), hub.address());
    let connect = ["sync", "connect", &address, "--email", ADMIN];
    let other = Authority::new().file(folder.path(), "other.pem");
    for trusted in [None, Some(other.as_path())] {
        let refused = kontor(&laptop, trusted, &connect);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("certificate is not trusted"), "{said}");
        assert!(!laptop.join("kontor.db").exists(), "nothing was made, nothing sent");
    }
    assert!(!headquarters.says(&["audit"]).contains("sign-in"));
    let own = authority.file(folder.path(), "authority.pem");
    let done = kontor(&laptop, Some(&own), &connect);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(kontor(&laptop, Some(&own), &["sync"]).status.success());
    // Another certificate is taken without a restart.
    let next = Authority::new();
    next.certify(folder.path());
    let next = next.file(folder.path(), "next.pem");
    until("the new certificate", || {
        kontor(&laptop, Some(&next), &["sync"]).status.success().then_some(())
    });
    assert!(!kontor(&laptop, Some(&own), &["sync"]).status.success());
}

#[test]
fn told_to_stop_a_hub_ends_its_streams_and_what_runs() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 2);
    laptop.connect(&hub.address(), ADMIN);
    laptop.sync();
    let mut listener = Listener::open(&hub, ADMIN);
    let id = laptop.customers()[0].id;
    laptop.change(id, |customer| customer.industry = "mitten im Halt".into());
    std::thread::scope(|scope| {
        let headquarters = &headquarters;
        let waits = |what: &str| {
            let sql = format!("select count(*) from pg_stat_activity where {what}");
            until(what, || (headquarters.sql(&sql) != "0").then_some(()));
        };
        // The push cannot get through until this ends.
        let blocker = scope.spawn(|| {
            headquarters
                .sql("begin; lock table customer in exclusive mode; select pg_sleep(3); commit")
        });
        waits("wait_event = 'PgSleep'");
        // It reads after it has sent; the hub is gone by then.
        let pushing = scope.spawn(|| laptop.try_sync());
        waits("wait_event_type = 'Lock'");
        hub.tell_to_stop();
        assert!(listener.ends_well(), "the stream was cut off");
        assert!(is_running(&hub), "it did not wait for what runs");
        blocker.join().unwrap();
        let _ = pushing.join().unwrap();
    });
    assert_eq!(hub.ended(), Some(0));
    let industry = format!("select industry from customer where id = '{id}'");
    assert_eq!(headquarters.sql(&industry), "mitten im Halt");
    // The answer came through as well.
    let waiting = laptop.app.ask(commands::GetSync {}).unwrap().waiting;
    assert_eq!(waiting, 0);
}

/// Whether its process is there and has not ended.
pub fn is_running(hub: &Hub) -> bool {
    let path = format!("/proc/{}/stat", hub.process());
    let stat = fs::read_to_string(path).unwrap_or_default();
    stat.rsplit(')')
        .next()
        .is_some_and(|rest| !rest.trim_start().starts_with('Z') && !rest.is_empty())
}
