//! The .deb.

use anyhow::{Context, Result};

use crate::{
    screens, setup,
    shell::{command, root, run},
};

pub(crate) fn bundle() -> Result<()> {
    screens::build()?;
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
