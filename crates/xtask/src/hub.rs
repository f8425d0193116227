//! `cargo xtask hub`: a hub to try, with a PostgreSQL of its own.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};
use private_postgres::{Durability, Server};

use crate::{
    setup,
    shell::{command, root, run},
};

/// Who may come in: address, name, role, territory.
const DEMO: [(&str, &str, &str, &str); 4] = [
    ("maren@kontor.example", "Maren Krüger", "administrator", ""),
    ("jonas@kontor.example", "Jonas Weiß", "sales_rep", "Südwest"),
    ("aylin@kontor.example", "Aylin Çelik", "sales_rep", "Nordost"),
    ("petra@kontor.example", "Petra Brandt", "sales_manager", "Südwest"),
];
/// Of all of them; it protects nothing but demo data on this machine.
const PASSWORD: &str = "kontor-demo";

fn program(name: &str) -> PathBuf {
    root().join("target/debug").join(name)
}

/// Sets up and starts PostgreSQL and a hub on it, until Ctrl+C.
pub(crate) fn hub(listen: &str) -> Result<()> {
    setup::for_hub()?;
    run(command("cargo", &["build", "--package", "kontor-hub"]))?;
    let server = Server::start(&root().join("target/hub"), Durability::Full)?;
    let database = server.database("kontor")?;
    let hub = || {
        let mut command = Command::new(program("kontor-hub"));
        command.env("KONTOR_HUB_DATABASE", &database).env("KONTOR_HUB_LOG", "warn");
        command
    };
    let migrated = hub().arg("migrate").status().context("kontor-hub could not be started")?;
    anyhow::ensure!(migrated.success(), "The hub's database could not be set up; see above.");
    for (email, name, role, territory) in DEMO {
        let mut add = hub();
        add.args(["user", "add", email, name, "--role", role]).env("KONTOR_HUB_PASSWORD", PASSWORD);
        if !territory.is_empty() {
            add.args(["--territory", territory]);
        }
        // Those who are there already stay as they are.
        add.output().context("kontor-hub could not be started")?;
    }
    println!("The hub listens at http://{listen}. Stop it with Ctrl+C.");
    println!("Connect a laptop in the settings, at its first start, or by");
    println!("  kontor sync connect http://{listen} --email {}", DEMO[0].0);
    println!("Everybody's password is {PASSWORD}:");
    for (email, name, role, _) in DEMO {
        println!("  {email:<22} {name:<14} {role}");
    }
    // Nobody should have to let laptops in that only try it. Ctrl+C reaches the hub as well: it stops, then this does.
    let ended = hub().args(["serve", "--listen", listen, "--approval", "automatic"]).status();
    drop(server);
    anyhow::ensure!(ended?.success(), "The hub ended with an error; see above.");
    Ok(())
}
