//! `kontor-hub`: the hub's command line.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand};
use domain::{Id, access::Role};
use hub::{
    NewAccount, Postgres, backup,
    http::{Hub, Pulse, router},
    password,
};

/// Kontor's hub: the central ERP API that laptops sync with.
#[derive(Parser)]
#[command(name = "kontor-hub", version)]
struct Arguments {
    /// The database: postgres://user@host/name.
    #[arg(
        long,
        global = true,
        env = "KONTOR_HUB_DATABASE",
        hide_env_values = true,
        default_value = "postgres://localhost/kontor"
    )]
    database: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer laptops until told to stop.
    Serve {
        /// Where to listen.
        #[arg(long, env = "KONTOR_HUB_LISTEN", default_value = "127.0.0.1:7420")]
        listen: SocketAddr,
        /// Connections to the database.
        #[arg(long, env = "KONTOR_HUB_CONNECTIONS", default_value_t = 16)]
        connections: usize,
    },
    /// Bring the database's schema up to date.
    Migrate,
    /// Write a backup of the database to a file.
    Backup {
        /// The file.
        file: PathBuf,
    },
    /// Put a backup in the database's place. Stop all hubs first. Laptops bring back what came
    /// after the backup; their users sign in again.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// Manage who may come in.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Manage laptops.
    Device {
        #[command(subcommand)]
        command: DeviceCommand,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add someone; the password comes from KONTOR_HUB_PASSWORD.
    Add {
        /// E-mail address.
        email: String,
        /// Full name.
        name: String,
        /// sales_rep, sales_manager, marketing, service, administrator, read_only.
        #[arg(long, default_value = "sales_rep", value_parser = role)]
        role: Role,
        /// A territory's name; may be given more than once.
        #[arg(long)]
        territory: Vec<String>,
    },
}

#[derive(Subcommand)]
enum DeviceCommand {
    /// Keep a laptop out from now on.
    Revoke {
        /// Its id.
        id: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_text(text).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("one of {}", known.join(", "))
    })
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("KONTOR_HUB_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,refinery_core=warn"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    match arguments.command {
        Command::Serve { listen, connections } => {
            serve(Postgres::new(&arguments.database, connections)?, listen).await
        }
        Command::Migrate => Ok(Postgres::new(&arguments.database, 1)?.migrate().await?),
        Command::Backup { file } => Ok(backup::backup(&arguments.database, &file)?),
        Command::Restore { file } => Ok(backup::restore(&arguments.database, &file).await?),
        Command::User { command: UserCommand::Add { email, name, role, territory } } => {
            let password = std::env::var("KONTOR_HUB_PASSWORD")
                .context("Set KONTOR_HUB_PASSWORD to the password of the new account.")?;
            let password = password::hash(&password)?;
            let new = NewAccount { email, name, password, role, territories: territory };
            Postgres::new(&arguments.database, 1)?.add_account(&new).await?;
            Ok(())
        }
        Command::Device { command: DeviceCommand::Revoke { id } } => {
            let id: Id = id.parse().context("A device's id looks like 0198…-….")?;
            let found = Postgres::new(&arguments.database, 1)?.revoke(id).await?;
            anyhow::ensure!(found, "There is no such device.");
            Ok(())
        }
    }
}

async fn serve(storage: Postgres, listen: SocketAddr) -> anyhow::Result<()> {
    storage.migrate().await?;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("Nothing can listen at {listen}."))?;
    let pulse = Pulse::default();
    tokio::spawn(pulse.clone().watch(storage.clone()));
    let hub = Hub { storage, metrics: std::sync::Arc::default(), pulse };
    tracing::info!(address = %listener.local_addr()?, "listening");
    axum::serve(listener, router(hub)).with_graceful_shutdown(told_to_stop()).await?;
    Ok(())
}

/// Ctrl+C, or the service's stop.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut stop) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = stop.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        // Without it only the system can end the process.
        let _ = tokio::signal::ctrl_c().await;
    }
}
