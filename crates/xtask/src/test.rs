//! Everything that must hold before a change lands.

use std::{fs, time::Instant};

use anyhow::{Context, Result};

use crate::{
    screens, setup,
    shell::{command, output, root, run},
    tidy,
};

type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 9] = [
    ("set-up", setup::for_tests),
    ("formatting", || run(command("cargo", &["fmt", "--all", "--check"]))),
    ("house rules", tidy::tidy),
    ("licences and bans", licences),
    ("screens", screens::build),
    ("clippy", clippy),
    ("tests", tests),
    ("hub and laptops", hub),
    ("the app in its window", window),
];

pub(crate) fn test() -> Result<()> {
    let mut times = Vec::new();
    let first = Instant::now();
    for (name, step) in STEPS {
        println!("\n== {name} (after {} s) ==", first.elapsed().as_secs());
        let begin = Instant::now();
        step().with_context(|| format!("the step “{name}” failed"))?;
        times.push((name, begin.elapsed()));
    }
    println!();
    for (name, time) in times {
        println!("{name:24}{:>6} s", time.as_secs());
    }
    println!("Everything holds.");
    Ok(())
}

/// The tests of the whole product, which run only where they are named.
const PRODUCT: [&str; 4] = ["--test", "hub", "--test", "product"];

/// cargo-deny where it is installed; else the licences alone, by the same list. Its advisory
/// database lies in the network: where that is out of reach, only licences and bans run.
fn licences() -> Result<()> {
    if output("cargo", &["deny", "--version"]).is_some() {
        return run(command("cargo", &["deny", "check", "licenses", "bans"]));
    }
    tidy::licences()
}

fn clippy() -> Result<()> {
    let strict = ["--", "-D", "warnings"];
    let host = ["clippy", "--workspace", "--all-targets", "--exclude", "kontor-ui"];
    run(command("cargo", &[&host[..], &PRODUCT[..], &strict[..]].concat()))?;
    let wasm =
        ["clippy", "-p", "kontor-ui", "--target", "wasm32-unknown-unknown", "--profile", "screens"];
    run(command("cargo", &[&wasm[..], &strict[..]].concat()))
}

fn tests() -> Result<()> {
    run(command("cargo", &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]))
}

/// The hub as it is run, over a real PostgreSQL. All of the workspace is chosen, as for the other
/// tests: with fewer packages Cargo would settle on other features, and build everything once more.
fn hub() -> Result<()> {
    run(command("cargo", &[&["build", "--workspace", "--bins"], &PRODUCT[..]].concat()))?;
    run(command("cargo", &["test", "--workspace", "--test", "hub", "--", "--test-threads", "2"]))
}

/// The whole product: the built binaries, under a session bus and a virtual display of their own.
fn window() -> Result<()> {
    let runtime = root().join("target/runtime");
    fs::create_dir_all(&runtime).context("target/runtime cannot be made")?;
    let session = ["--", "cargo", "test", "--workspace", "--test", "product"];
    let threads = ["--", "--test-threads", "1", "--nocapture"];
    let mut test = command("dbus-run-session", &[&session[..], &threads[..]].concat());
    test.env("PATH", setup::path()?)
        .env("XDG_RUNTIME_DIR", &runtime)
        // Keyrings that tests make are not the user's.
        .env("XDG_DATA_HOME", runtime.join("data"))
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    run(test)
}
