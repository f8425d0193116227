//! `cargo xtask …`: sets up what is missing, builds, runs and tests Kontor.

mod bench;
mod bundle;
mod hub;
mod run;
mod screens;
mod setup;
mod shell;
mod simulate;
mod test;
mod tidy;

use clap::{Parser, Subcommand};

/// Works on Kontor. Every command sets up what it needs first.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing: system packages, wasm target, Trunk, wasm-bindgen, npm packages.
    Setup,
    /// Build the app and start it; without a display on a virtual one, with a screenshot.
    Run {
        /// Stop after the screenshot (only on a virtual display).
        #[arg(long)]
        once: bool,
        /// What the app itself is given, behind `--`.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Formatting, house rules, clippy, all tests, the app in its real window.
    Test,
    /// Build only the screens.
    Screens,
    /// Measure the release build on the reference data, beside limits of the same run.
    Bench {
        /// Rows by name (`--list` names them), `--json`, `--customers N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Let thousands of simulated laptops come to a real hub.
    Load {
        /// `--laptops N`, `--seconds N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Start a hub with a PostgreSQL of its own, demo users, and say how to connect a laptop.
    Hub {
        /// Where it listens.
        #[arg(long, default_value = "127.0.0.1:7420")]
        listen: String,
        /// Begin anew, without what laptops sent up before.
        #[arg(long)]
        fresh: bool,
    },
    /// Simulate laptops and a hub with faults, seed by seed.
    Simulate {
        /// `--seeds N`, `--seed S`, `--planted`; `--help` tells the rest.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Build the .deb.
    Bundle,
    /// Check the house rules: sizes of files, directions of dependencies, words in both languages.
    Tidy,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Setup => setup::all(),
        Command::Run { once, arguments } => run::run(once, &arguments),
        Command::Test => test::test(),
        Command::Screens => screens::build(),
        Command::Bench { arguments } => bench::bench(&arguments),
        Command::Load { arguments } => bench::load(&arguments),
        Command::Hub { listen, fresh } => hub::hub(&listen, fresh),
        Command::Simulate { arguments } => simulate::simulate(&arguments),
        Command::Bundle => bundle::bundle(),
        Command::Tidy => tidy::tidy(),
    }
}
