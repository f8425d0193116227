//! `cargo xtask bench`: what Kontor costs on the reference data, each figure beside a peer or a
//! limit that was measured in the same run.

mod commit;
mod figure;
mod lists;
mod page;
mod quote;
mod raw;
mod reference;
mod search;
mod window;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Parser;

use crate::{
    figure::{Figure, table},
    reference::Reference,
};

/// Measures Kontor on the reference data.
#[derive(Parser)]
struct Arguments {
    /// Only these rows, by name; all when none is given.
    rows: Vec<String>,
    /// Print an array of {what, value, unit, limit, ratio, target, met}.
    #[arg(long)]
    json: bool,
    /// List the rows' names.
    #[arg(long)]
    list: bool,
    /// How many customers the reference data has.
    #[arg(long, default_value_t = 100_000)]
    customers: u64,
    /// Where the reference data is kept between runs.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// The release build of the app.
    #[arg(long, default_value = "target/release/kontor")]
    kontor: PathBuf,
    /// The same shell with an empty window.
    #[arg(long, default_value = "target/release/examples/empty_window")]
    empty: PathBuf,
}

/// Where a row finds what it measures.
struct Bench {
    reference: Reference,
    kontor: PathBuf,
    empty: PathBuf,
}

type Row = (&'static str, fn(&Bench) -> Result<Vec<Figure>>);

const ROWS: [Row; 7] = [
    ("search", search::measure),
    ("list", lists::measure),
    ("page", page::measure),
    ("commit", commit::measure),
    ("quote", quote::measure),
    ("start", window::start),
    ("memory", window::memory),
];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.list {
        ROWS.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(());
    }
    for wanted in &arguments.rows {
        if !ROWS.iter().any(|(name, _)| name == wanted) {
            let names: Vec<&str> = ROWS.iter().map(|(name, _)| *name).collect();
            bail!("there is no row {wanted}; the rows are {}", names.join(", "));
        }
    }
    let reference = Reference::ready(&arguments.folder, arguments.customers)?;
    let bench = Bench { reference, kontor: arguments.kontor, empty: arguments.empty };
    let mut figures = Vec::new();
    for (name, measure) in ROWS {
        if arguments.rows.is_empty() || arguments.rows.iter().any(|wanted| wanted == name) {
            eprintln!("measuring {name} …");
            figures.extend(measure(&bench)?);
        }
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&figures)?);
    } else {
        print!("{}", table(&figures));
    }
    Ok(())
}
