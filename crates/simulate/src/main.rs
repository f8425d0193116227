//! `cargo xtask simulate`: runs seeds, and says of one that failed what happened and how to run it
//! again.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use anyhow::{Result, bail};
use clap::{Parser, ValueEnum};
use simulate::{Bench, Order, Planted, Ran};

/// Simulates laptops and a hub, seed by seed.
#[derive(Parser)]
#[command(name = "cargo xtask simulate", bin_name = "cargo xtask simulate")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first one; alone, without --seeds, the only one, with all that happened.
    #[arg(long)]
    seed: Option<u64>,
    /// So many things happen between two rests.
    #[arg(long, default_value_t = 120)]
    acts: usize,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// Plant each bug in turn; every one must be found.
    #[arg(long)]
    planted: bool,
    /// Plant only this one.
    #[arg(long)]
    plant: Option<Planted>,
    /// Go on behind a seed that failed, and count by what was found.
    #[arg(long)]
    keep_going: bool,
}

/// What many seeds came to.
#[derive(Default)]
struct Sum {
    seeds: u64,
    steps: u64,
    failed: Vec<(u64, Ran)>,
}

fn run(arguments: &Arguments, planted: Option<Planted>, all: bool) -> Result<Sum> {
    let bench = Bench::new()?;
    let first = arguments.seed.unwrap_or(1);
    let told = if arguments.seeds == 1 { usize::MAX } else { 40 };
    let order = Order { planted, acts: arguments.acts, told };
    let (next, end) = (AtomicU64::new(first), first + arguments.seeds);
    let sum = Mutex::new(Sum::default());
    let trouble = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..arguments.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Relaxed);
                    if seed >= end {
                        return;
                    }
                    let ran = catch_unwind(AssertUnwindSafe(|| bench.run(seed, order)));
                    let ran = match ran {
                        Ok(Ok(ran)) => ran,
                        other => {
                            next.store(end, Relaxed);
                            let what = match other {
                                Ok(Err(error)) => format!("{error:#}"),
                                _ => "it panicked, see above".into(),
                            };
                            *trouble.lock().unwrap_or_else(PoisonError::into_inner) =
                                Some(format!("seed {seed}: {what}"));
                            return;
                        }
                    };
                    let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
                    sum.seeds += 1;
                    sum.steps += ran.steps;
                    if ran.finding.is_some() {
                        sum.failed.push((seed, ran));
                        if !all {
                            next.store(end, Relaxed);
                        }
                    }
                }
            });
        }
    });
    if let Some(trouble) = trouble.into_inner().unwrap_or_else(PoisonError::into_inner) {
        bail!("{trouble}");
    }
    let mut sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    sum.failed.sort_by_key(|(seed, _)| *seed);
    Ok(sum)
}

fn show(seed: u64, ran: &Ran, acts: usize) {
    for line in &ran.history {
        println!("  {line}");
    }
    if let Some(finding) = &ran.finding {
        println!("promise {}: {}", finding.promise, finding.what);
    }
    println!("Again: cargo xtask simulate --seed {seed} --seeds 1 --acts {acts}");
}

fn main() -> ExitCode {
    match answer(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn answer(arguments: &Arguments) -> Result<()> {
    if arguments.planted {
        return find_planted(arguments);
    }
    let begin = Instant::now();
    let sum = run(arguments, arguments.plant, arguments.keep_going)?;
    let seconds = begin.elapsed().as_secs_f64();
    let a_minute = sum.steps as f64 / seconds * 60.0;
    if let Some((seed, ran)) = sum.failed.first() {
        show(*seed, ran, arguments.acts);
    }
    if arguments.keep_going {
        for (seed, ran) in &sum.failed {
            let finding = ran.finding.as_ref().map(|f| (f.promise, f.what.as_str()));
            println!("{seed}: {:?}", finding.unwrap_or_default());
        }
    }
    println!(
        "{} seeds, {} steps in {seconds:.1} s: {a_minute:.0} steps a minute; {} failed.",
        sum.seeds,
        sum.steps,
        sum.failed.len()
    );
    if !sum.failed.is_empty() {
        bail!("a promise did not hold");
    }
    Ok(())
}

fn find_planted(arguments: &Arguments) -> Result<()> {
    let mut missed = Vec::new();
    for planted in Planted::value_variants() {
        let sum = run(arguments, Some(*planted), false)?;
        let name = planted.to_possible_value().map(|value| value.get_name().to_owned());
        let name = name.unwrap_or_default();
        match sum.failed.first() {
            Some((seed, ran)) => {
                let finding = ran.finding.as_ref().map(|f| format!("{}: {}", f.promise, f.what));
                println!("{name}: found by seed {seed}, promise {}", finding.unwrap_or_default());
            }
            None => missed.push(name),
        }
    }
    if !missed.is_empty() {
        bail!("not found: {}", missed.join(", "));
    }
    Ok(())
}
