//! Where the workspace's key lies in the system's keyring, the hub's tokens lie beside it, and go
//! with it; a backup has neither.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::headquarters::{ADMIN, Headquarters, PASSWORD, program};

/// A user's session with a keyring of its own, that runs commands.
struct Session {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.commands.write_all(b"exit\n");
        let _ = self.child.wait();
    }
}

impl Session {
    fn open(folder: &Path) -> Self {
        let run = folder.join("run");
        std::fs::create_dir(&run).unwrap();
        let mut child = Command::new("dbus-run-session")
            .args(["--", "sh", "-s"])
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", &run)
            .env("XDG_DATA_HOME", folder.join("data"))
            .env("KONTOR_HUB_PASSWORD", PASSWORD)
            .env("KONTOR_BACKUP_PASSPHRASE", "geheim-geheim")
            .env_remove("KONTOR_PASSPHRASE")
            .env("PATH", format!("{}:/usr/bin:/bin", program("").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-run-session");
        let (commands, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut session = Self { child, commands, answers: BufReader::new(answers) };
        session.run("printf geheim | gnome-keyring-daemon --unlock --components=secrets");
        session
    }

    /// What a command prints, errors included.
    fn run(&mut self, command: &str) -> String {
        writeln!(self.commands, "{{ {command}; }} 2>&1; echo; echo ---").unwrap();
        let mut said = String::new();
        loop {
            let mut line = String::new();
            assert!(self.answers.read_line(&mut line).unwrap() > 0, "the session ended: {said}");
            if line == "---\n" {
                return said;
            }
            said.push_str(&line);
        }
    }

    /// So many entries of Kontor's are in the keyring.
    fn entries(&mut self) -> usize {
        let search = "dbus-send --session --print-reply --dest=org.freedesktop.secrets \
            /org/freedesktop/secrets org.freedesktop.Secret.Service.SearchItems \
            dict:string:string:service,Kontor";
        self.run(search).matches("object path").count()
    }
}

#[test]
fn tokens_lie_beside_the_key_and_a_backup_signs_in_again() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::open(folder.path());
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let kontor =
        |folder: &Path, what: &str| format!("kontor --workspace {} {what}", folder.display());
    session.run(&kontor(&here, "demo --customers 2"));
    assert_eq!(session.entries(), 1, "the key");
    let connect = format!("sync connect {} --email {ADMIN}", hub.address());
    let said = session.run(&kontor(&here, &connect));
    assert!(said.contains("changes sent"), "{said}");
    assert_eq!(session.entries(), 2, "the key and the tokens");
    // Renewed, they are found again by the next start.
    headquarters.sql("update token set expires_at = now() where kind = 'access'");
    for _ in 0..2 {
        let said = session.run(&kontor(&here, "sync"));
        assert!(said.contains("0 changes sent"), "{said}");
    }
    assert_eq!(session.entries(), 2);
    let file = folder.path().join("backup");
    session.run(&kontor(&here, &format!("backup {}", file.display())));
    session.run(&kontor(&there, &format!("restore {}", file.display())));
    assert_eq!(session.entries(), 3, "the other one's key");
    let said = session.run(&kontor(&there, "sync status"));
    assert!(said.contains("signed out"), "{said}");
    // Revoked, nothing of the first is left in the keyring either.
    let list = headquarters.says(&["device", "list"]);
    let device = list.split('\t').next().unwrap();
    headquarters.run(&["device", "revoke", device]);
    let said = session.run(&kontor(&here, "sync"));
    assert!(said.contains("its data was removed"), "{said}");
    assert_eq!(session.entries(), 1, "the other one's key");
    assert!(!here.join("key.json").exists() && there.join("key.json").exists());
}
