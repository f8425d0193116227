//! The hub under many laptops: a morning in which all of them come in, pressed into minutes. They
//! speak HTTP with tokens of their own; what they were told to be taken is looked up afterwards.

mod laptop;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use domain::Id;

use crate::{
    Bench,
    figure::{Figure, Times},
    headquarters::Headquarters,
};
use laptop::{Client, Laptop, Seen};

/// How many laptops there are, and in how long they all come in.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Morning {
    /// Laptops of the row “load”.
    #[arg(long, default_value_t = 10_000)]
    laptops: u64,
    /// Seconds in which they all come in: a morning of half an hour is pressed into it.
    #[arg(long, default_value_t = 300)]
    seconds: u64,
}

/// A territory has so many laptops.
const OF_A_TERRITORY: u64 = 100;
/// A user has so many: each begins with a cursor of yesterday, which costs a fill.
const OF_A_USER: u64 = 20;
/// So many edits are made between two rounds.
const EDITS: u64 = 3;
/// One in so many stays connected and listens until the end.
const LISTENS: u64 = 20;
/// Requests under way at a time; more wait, and their wait counts.
const AT_ONCE: usize = 256;

/// What was measured of all laptops together.
#[derive(Default)]
pub(crate) struct Tally {
    times: BTreeMap<&'static str, Times>,
    errors: BTreeMap<String, u64>,
    /// Changesets that the hub said it took, with the record that each made.
    confirmed: Vec<(Id, Id)>,
}

impl Tally {
    fn take(&mut self, seen: Seen) {
        for (call, took) in seen.times {
            self.times.entry(call).or_default().push(took, "");
        }
        for error in seen.errors {
            *self.errors.entry(error).or_default() += 1;
        }
        self.confirmed.extend(seen.confirmed);
    }
}

/// Lets them come.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Figure>> {
    let Morning { laptops, seconds } = bench.morning;
    let headquarters = &bench.uploaded()?.headquarters;
    let (territories, users) = ((laptops / OF_A_TERRITORY).max(1), (laptops / OF_A_USER).max(1));
    let sql = include_str!("load/setup.sql")
        .replace(":laptops", &laptops.to_string())
        .replace(":users", &users.to_string())
        .replace(":territories", &territories.to_string());
    headquarters.sql(&sql)?;
    let customers = customers(headquarters)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()?;
    let client = Client::new(&headquarters.address);
    eprintln!("  {users} users get what they had yesterday …");
    let cursors = runtime.block_on(cursors(&client, users))?;
    // What headquarters did over night.
    headquarters
        .sql("update customer set phone = '+49 711 1' where hashtext(id::text) % 20 = 0")?;
    let before = headquarters.cpu()?;
    let begin = Instant::now();
    eprintln!("  {laptops} laptops come in within {seconds} s …");
    let tally = Arc::new(Mutex::new(Tally::default()));
    let turns = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        let gap = Duration::from_secs(seconds).div_f64(laptops as f64);
        for no in 0..laptops {
            let when = begin + gap.mul_f64(no as f64);
            let laptop = Laptop {
                client: client.clone(),
                no,
                user: no % users,
                cursor: cursors[(no % users) as usize].clone(),
                customer: customers.get(&((no % users) % territories)).copied(),
                listens: no % LISTENS == 0,
                turns: Arc::clone(&turns),
            };
            let tally = Arc::clone(&tally);
            tasks.spawn(async move {
                tokio::time::sleep_until(when.into()).await;
                let seen = laptop.morning(EDITS).await;
                tally.lock().unwrap_or_else(PoisonError::into_inner).take(seen);
            });
        }
        while tasks.join_next().await.is_some() {}
    });
    let took = begin.elapsed();
    let cpu = headquarters.cpu()?.since(before);
    let memory = headquarters.hub_memory()?;
    let tally = std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner));
    let lost = lost(headquarters, &tally.confirmed)?;
    eprintln!(
        "  {:.0} s; of the processor: hub {:.1} s, PostgreSQL {:.1} s, laptops {:.1} s; the hub's memory at most {memory:.0} MB; {} edits confirmed",
        took.as_secs_f64(),
        cpu.hub / 1e3,
        cpu.postgres / 1e3,
        cpu.own / 1e3,
        tally.confirmed.len(),
    );
    for (error, count) in &tally.errors {
        eprintln!("  {count} × {error}");
    }
    figures(laptops, tally, lost)
}

fn figures(laptops: u64, mut tally: Tally, lost: u64) -> Result<Vec<Figure>> {
    let errors: u64 = tally.errors.values().sum();
    let mut figures = vec![
        Figure::new(format!("{laptops} laptops: errors"), errors as f64, "").at_most(0.0),
        Figure::new(format!("{laptops} laptops: lost edits"), lost as f64, "").at_most(0.0),
    ];
    ensure!(!tally.times.is_empty(), "no laptop was answered");
    for (call, times) in &mut tally.times {
        times.tell(call);
        figures.push(Figure::new(format!("{call}, p50"), times.at(0.5), "ms"));
        figures.push(Figure::new(format!("{call}, p95"), times.at(0.95), "ms"));
        figures.push(Figure::new(format!("{call}, p99"), times.at(0.99), "ms").at_most(250.0));
    }
    Ok(figures)
}

/// A customer of each territory.
fn customers(headquarters: &Headquarters) -> Result<BTreeMap<u64, Id>> {
    let said = headquarters.sql(
        "select distinct on (territory_id) territory_id, id from customer where deleted_at is null order by territory_id, id",
    )?;
    said.lines()
        .filter_map(|line| line.split_once('|'))
        .filter(|(territory, _)| !territory.is_empty())
        .map(|(territory, id)| {
            let number = territory.rsplit('-').next().context("an id")?;
            Ok((u64::from_str_radix(number, 16)?, id.parse()?))
        })
        .collect()
}

/// Where each user's laptops stood yesterday: behind a snapshot.
async fn cursors(client: &Client, users: u64) -> Result<Vec<String>> {
    let mut cursors = Vec::new();
    for user in 0..users {
        cursors.push(client.filled(user).await?);
    }
    Ok(cursors)
}

/// Of what the hub said it took, what is not in its database.
fn lost(headquarters: &Headquarters, confirmed: &[(Id, Id)]) -> Result<u64> {
    let mut lost = 0;
    for part in confirmed.chunks(5_000) {
        let rows: Vec<String> = part
            .iter()
            .map(|(changeset, record)| format!("('{changeset}'::uuid, '{record}'::uuid)"))
            .collect();
        let sql = format!(
            "select count(*) from (values {}) as told (changeset_id, record_id) where not exists (select from changeset where changeset.id = told.changeset_id) or not exists (select from communication where communication.id = told.record_id)",
            rows.join(", ")
        );
        lost += headquarters.sql(&sql)?.parse::<u64>()?;
    }
    Ok(lost)
}
