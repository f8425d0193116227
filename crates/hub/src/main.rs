//! `kontor-hub`: the hub's command line.

mod cli;

use std::{future::Future, net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand};
use hub::{
    Approval, Postgres, backup,
    config::Config,
    http::{Bounds, Hub, Pulse},
};

/// Kontor's hub: the central ERP API that laptops sync with.
#[derive(Parser)]
#[command(name = "kontor-hub", version)]
struct Arguments {
    /// The configuration, as docs/hub.md describes it. The environment stands above it.
    #[arg(long, global = true, env = "KONTOR_HUB_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer laptops until told to stop.
    Serve {
        /// Where to listen; else as the configuration says.
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// Which laptops are let in without an administrator; else as the configuration says.
        #[arg(long)]
        approval: Option<Approval>,
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
        command: cli::user::Command,
    },
    /// Manage laptops.
    Device {
        #[command(subcommand)]
        command: cli::device::Command,
    },
    /// Print what happened around signing in and laptops.
    Audit {
        /// Of so many days.
        #[arg(long, default_value_t = 30)]
        days: i32,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let config = Config::read(arguments.config.as_deref())?;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .context("What is to be logged is not clear.")?;
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let database = config.database.connection()?;
    let storage = |connections| Postgres::new(database.clone(), connections);
    match arguments.command {
        Command::Serve { listen, approval } => {
            let listen = listen.unwrap_or(config.listen);
            let approval = approval.unwrap_or(config.devices.approval);
            serve(storage(config.database.connections)?, listen, approval, &config).await
        }
        Command::Migrate => Ok(storage(1)?.migrate().await?),
        Command::Backup { file } => Ok(backup::backup(&database, &file)?),
        Command::Restore { file } => Ok(backup::restore(&database, &file).await?),
        Command::User { command } => command.run(&storage(2)?).await,
        Command::Device { command } => command.run(&storage(2)?).await,
        Command::Audit { days } => cli::audit(&storage(1)?, days).await,
    }
}

async fn serve(
    storage: Postgres,
    listen: SocketAddr,
    approval: Approval,
    config: &Config,
) -> anyhow::Result<()> {
    storage.migrate().await?;
    let listener = std::net::TcpListener::bind(listen)
        .with_context(|| format!("Nothing can listen at {listen}."))?;
    let told = told_to_stop()?;
    tracing::info!(address = %listener.local_addr()?, tls = config.tls.is_some(), "listening");
    let hub = Hub {
        storage,
        metrics: Default::default(),
        pulse: Pulse::default(),
        approval,
        bounds: Bounds::new(config.silence),
        proxies: config.proxies.clone().into(),
    };
    Ok(hub::serve(hub, listener, config, told).await?)
}

/// Ctrl+C, or the service's stop.
#[cfg(unix)]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut stop = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = stop.recv() => {}
        }
    })
}

/// Ctrl+C, or the service's stop.
#[cfg(not(unix))]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without it only the system can end the process.
        let _ = tokio::signal::ctrl_c().await;
    })
}
