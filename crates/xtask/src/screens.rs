//! The screens, by Trunk.

use anyhow::Result;

use crate::{
    setup,
    shell::{command, root, run},
};

/// Builds ui/dist.
pub(crate) fn build() -> Result<()> {
    setup::all()?;
    let mut trunk = command("trunk", &["build"]);
    // Trunk reads NO_COLOR as a truth value of its own kind; a set one stops it.
    trunk.current_dir(root().join("ui")).env("PATH", setup::path()?).env_remove("NO_COLOR");
    run(trunk)
}
