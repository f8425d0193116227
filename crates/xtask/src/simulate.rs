//! Builds the simulation and runs it.

use anyhow::{Context, Result, bail};

use crate::{setup, shell::command};

pub(crate) fn simulate(arguments: &[String]) -> Result<()> {
    setup::for_hub()?;
    let mut run = command("cargo", &["run", "--quiet", "--profile", "simulation"]);
    run.args(["--package", "kontor-simulate", "--"]).args(arguments);
    let status = run.status().context("the simulation could not be started")?;
    if !status.success() {
        bail!("the simulation failed ({status}); what it printed above says why");
    }
    Ok(())
}
