//! `cargo xtask bench`: what Kontor costs on the reference data, each figure beside a peer or a
//! limit that was measured in the same run.

mod commit;
mod figure;
mod headquarters;
mod lists;
mod load;
mod page;
mod quote;
mod raw;
mod reference;
mod search;
mod sync;
mod window;

use std::{cell::OnceCell, path::PathBuf};

use anyhow::{Context, Result, bail};
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
    /// How many customers the reference data has: 100,000, and 5,000 for what goes to a hub.
    #[arg(long)]
    customers: Option<u64>,
    /// Where the reference data is kept between runs.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// The release build of the app.
    #[arg(long, default_value = "target/release/kontor")]
    kontor: PathBuf,
    /// The same shell with an empty window.
    #[arg(long, default_value = "target/release/examples/empty_window")]
    empty: PathBuf,
    /// The release build of the hub.
    #[arg(long, default_value = "target/release/kontor-hub")]
    hub: PathBuf,
    #[command(flatten)]
    morning: load::Morning,
}

/// Where a row finds what it measures.
struct Bench {
    reference: Reference,
    kontor: PathBuf,
    empty: PathBuf,
    hub: PathBuf,
    morning: load::Morning,
    /// Brought to a hub once, for all rows that need it there.
    uploaded: OnceCell<sync::Uploaded>,
}

impl Bench {
    fn uploaded(&self) -> Result<&sync::Uploaded> {
        if self.uploaded.get().is_none() {
            // It was just not there.
            let _ = self.uploaded.set(sync::Uploaded::open(self)?);
        }
        self.uploaded.get().context("the reference data is not at a hub")
    }
}

/// Of the laptop alone.
const LARGE: u64 = 100_000;
/// Of what goes to a hub and back, row by row.
const SMALL: u64 = 5_000;

type Row = (&'static str, u64, fn(&Bench) -> Result<Vec<Figure>>);

const ROWS: [Row; 12] = [
    ("search", LARGE, search::measure),
    ("list", LARGE, lists::measure),
    ("page", LARGE, page::measure),
    ("commit", LARGE, commit::measure),
    ("quote", LARGE, quote::measure),
    ("start", LARGE, window::start),
    ("memory", LARGE, window::memory),
    ("upload", SMALL, sync::upload),
    ("fill", SMALL, sync::fill),
    ("feed", SMALL, sync::feed),
    ("sync", SMALL, sync::rounds),
    ("load", SMALL, load::measure),
];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.list {
        ROWS.iter().for_each(|(name, ..)| println!("{name}"));
        return Ok(());
    }
    for wanted in &arguments.rows {
        if !ROWS.iter().any(|(name, ..)| name == wanted) {
            let names: Vec<&str> = ROWS.iter().map(|(name, ..)| *name).collect();
            bail!("there is no row {wanted}; the rows are {}", names.join(", "));
        }
    }
    let mut figures = Vec::new();
    for default in [LARGE, SMALL] {
        let is_wanted = |name: &str| {
            arguments.rows.is_empty() || arguments.rows.iter().any(|wanted| wanted == name)
        };
        let rows = ROWS.iter().filter(|(name, size, _)| *size == default && is_wanted(name));
        let rows: Vec<&Row> = rows.collect();
        if rows.is_empty() {
            continue;
        }
        let customers = arguments.customers.unwrap_or(default);
        let bench = Bench {
            reference: Reference::ready(&arguments.folder, customers)?,
            kontor: arguments.kontor.clone(),
            empty: arguments.empty.clone(),
            hub: arguments.hub.clone(),
            morning: arguments.morning,
            uploaded: OnceCell::new(),
        };
        for (name, _, measure) in rows {
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
