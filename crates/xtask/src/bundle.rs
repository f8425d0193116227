//! The .deb.

use anyhow::{Context, Result};

use crate::{
    screens, setup,
    shell::{command, output, root, run},
};

/// Only bundling needs it, and its packages are one a platform: so it is no part of `npm ci`.
const TAURI_CLI: &str = "2.12.5";

fn tauri_cli() -> Result<()> {
    let ui = root().join("ui");
    let cli = ui.join("node_modules/.bin/tauri").display().to_string();
    if output(&cli, &["--version"]).is_some_and(|version| version.contains(TAURI_CLI)) {
        return Ok(());
    }
    let package = format!("@tauri-apps/cli@{TAURI_CLI}");
    let mut install = command("npm", &["install", "--no-save", "--no-package-lock", &package]);
    install.current_dir(ui);
    run(install)
}

pub(crate) fn bundle() -> Result<()> {
    screens::build()?;
    tauri_cli()?;
    let mut tauri = command(
        "tauri",
        &["build", "--bundles", "deb", "--config", r#"{"build":{"beforeBuildCommand":""}}"#],
    );
    tauri.env("PATH", setup::path()?);
    run(tauri)?;
    let folder = root().join("target/release/bundle/deb");
    let entries = std::fs::read_dir(&folder).context("no package was made")?;
    for entry in
        entries.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "deb"))
    {
        println!("The package is {}.", entry.path().display());
    }
    Ok(())
}
