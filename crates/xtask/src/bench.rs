//! Builds everything as it is shipped and measures it.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    screens, setup,
    shell::{command, root, run},
};

pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    // What is built is no part of what `--json` prints.
    setup::for_tests()?;
    screens::build()?;
    let parts = ["-p", "kontor", "-p", "kontor-bench", "--bins", "--example", "empty_window"];
    run(command("cargo", &[&["build", "--release"][..], &parts[..]].concat()))?;
    let runtime = root().join("target/runtime");
    fs::create_dir_all(&runtime).context("target/runtime cannot be made")?;
    let mut bench = command("dbus-run-session", &["--", "target/release/bench"]);
    bench
        .args(arguments)
        .env("XDG_RUNTIME_DIR", &runtime)
        .env("XDG_DATA_HOME", runtime.join("data"))
        .env("PATH", setup::path()?);
    run(bench)
}
