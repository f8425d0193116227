//! The real window: how long until its first list is on the screen, and what it holds in memory.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use commands::{GetWorkspace, SetPassphrase};

use crate::{
    Bench,
    figure::{Figure, Times},
    reference::{PASSPHRASE, Reference, told},
};

const STARTS: usize = 9;

/// Ends a program with the row that needed it.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // As at the end of a user's session, so that the workspace is closed in order.
        let told = Command::new("kill").arg(self.0.id().to_string()).status();
        if !told.is_ok_and(|status| status.success()) {
            // It may have ended by itself.
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// A display and a keyring of this row's own.
struct Desk {
    display: String,
    _programs: Vec<Program>,
}

impl Desk {
    fn set() -> Result<Self> {
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb could not be started; run `cargo xtask setup`")?;
        let mut number = String::new();
        let out = xvfb.stdout.take().context("Xvfb says nothing")?;
        BufReader::new(out).read_line(&mut number)?;
        let mut programs = vec![Program(xvfb)];
        // A keyring on this run's own bus that begins unlocked, as after signing in at a desktop.
        // Before anything asks for one: the bus would start one that is locked.
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("gnome-keyring-daemon could not be started; run `cargo xtask setup`")?;
        if let Some(mut input) = keyring.stdin.take() {
            input.write_all(b"bench")?;
        }
        programs.push(Program(keyring));
        let begin = Instant::now();
        while !on_the_bus("org.freedesktop.secrets") || !store::key::keyring_works() {
            if begin.elapsed() > Duration::from_secs(20) {
                bail!("there is no keyring; run this by `cargo xtask bench`");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(Self { display: format!(":{}", number.trim()), _programs: programs })
    }

    /// Starts a window and waits until it says that it is shown.
    fn start(
        &self,
        program: &Path,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<(Program, Duration)> {
        let begin = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .env("KONTOR_WORKSPACE", folder)
            .env("KONTOR_TIMES", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let mut lines =
            BufReader::new(child.stderr.take().context("the window says nothing")?).lines();
        let child = Program(child);
        loop {
            match lines.next() {
                Some(Ok(line)) if line == "shown" => return Ok((child, begin.elapsed())),
                Some(Ok(_)) => {}
                _ => bail!("{} ended before its window was shown", program.display()),
            }
        }
    }
}

/// Whether somebody serves this name, without having the bus start anything.
fn on_the_bus(name: &str) -> bool {
    let asked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
        .args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")])
        .output();
    asked.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains("boolean true"))
}

/// A copy of the reference data whose key is in the keyring, as for most users: a passphrase
/// costs the time that Argon2 takes on purpose.
fn in_keyring(reference: &Reference) -> Result<(tempfile::TempDir, Reference)> {
    let (folder, copy) = reference.copy()?;
    let app = copy.open()?;
    app.ask(SetPassphrase { current: Some(PASSPHRASE.into()), new: None }).map_err(told)?;
    app.ask(GetWorkspace {}).map_err(told)?;
    app.close();
    Ok((folder, copy))
}

pub(crate) fn start(bench: &Bench) -> Result<Vec<Figure>> {
    let desk = Desk::set()?;
    let (_folder, copy) = in_keyring(&bench.reference)?;
    let (mut times, mut peer) = (Times::default(), Times::default());
    // In turns; the first of each is not counted: it brings the programs' files into memory.
    for round in 0..=STARTS {
        let (_empty, without) = desk.start(&bench.empty, &copy.folder, &[])?;
        drop(_empty);
        let (_kontor, with) = desk.start(&bench.kontor, &copy.folder, &["--page", "customers"])?;
        drop(_kontor);
        if round > 0 {
            peer.push(without, "empty window");
            times.push(with, "kontor");
        }
    }
    times.tell("start");
    peer.tell("empty window");
    Ok(vec![
        Figure::new("cold start to the customers' list, p50", times.at(0.5), "ms")
            .beside("an empty window of the same shell, p50", peer.at(0.5))
            .at_most_times(1.3),
    ])
}

/// Memory of a process in MB: `VmRSS` for all that is resident, `RssAnon` for what it alone has,
/// without the files of programs and libraries.
fn memory_of(process: u32, what: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with(what)).context("no such line")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
    Ok(kib * 1024.0 / 1e6)
}

pub(crate) fn memory(bench: &Bench) -> Result<Vec<Figure>> {
    let desk = Desk::set()?;
    let (_folder, copy) = in_keyring(&bench.reference)?;
    let (empty, _) = desk.start(&bench.empty, &copy.folder, &[])?;
    let (kontor, _) = desk.start(&bench.kontor, &copy.folder, &["--page", "customers"])?;
    let beside_empty = |name: &str, what: &str| -> Result<Figure> {
        let peer = memory_of(empty.0.id(), what)?;
        let value = memory_of(kontor.0.id(), what)?;
        Ok(Figure::new(name, value, "MB").beside("an empty window of the same shell", peer))
    };
    // The target is for all that is resident; the second only tells where it lies.
    Ok(vec![
        beside_empty("memory of the app's own process", "VmRSS")?.at_most(150.0),
        beside_empty("memory of it without programs' files", "RssAnon")?,
    ])
}
