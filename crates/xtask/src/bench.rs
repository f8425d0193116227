//! Builds everything as it is shipped and measures it.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{
    screens, setup,
    shell::{command, root, run},
};

pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    setup::for_tests()?;
    screens::build()?;
    let parts = "-p kontor -p kontor-bench -p kontor-hub --bins --example empty_window";
    let parts: Vec<&str> = ["build", "--release"].into_iter().chain(parts.split(' ')).collect();
    run(command("cargo", &parts))?;
    let runtime = root().join("target/runtime");
    fs::create_dir_all(&runtime).context("target/runtime cannot be made")?;
    let mut bench = command("dbus-run-session", &["--", "target/release/bench"]);
    bench
        .args(arguments)
        .env("XDG_RUNTIME_DIR", &runtime)
        .env("XDG_DATA_HOME", runtime.join("data"))
        .env("PATH", setup::path()?);
    let status = bench.status().context("the benchmark could not be started")?;
    if !status.success() {
        bail!("the benchmark failed ({status}); what it printed above says why");
    }
    Ok(())
}

/// The row of the benchmark that needs neither a window nor the screens.
pub(crate) fn load(arguments: &[String]) -> Result<()> {
    setup::for_hub()?;
    let parts = "build --release -p kontor-bench -p kontor-hub --bins";
    run(command("cargo", &parts.split(' ').collect::<Vec<&str>>()))?;
    let mut load = command("target/release/bench", &["load"]);
    load.args(arguments);
    run(load)
}
