//! Sync with a real hub: the first upload, the first fill, one edit, nothing to do.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use app::App;
use commands::{
    ConnectHub, CreateConnected, Event, GetCustomer, GetSync, ListCustomers, RunSync, SaveCustomer,
    view::{CustomerFilter, CustomerSort, Order, Window},
};
use domain::{ENTITIES, Language};
use store::Workspace;

use crate::{
    Bench,
    figure::{Figure, Times},
    headquarters::{ADMIN, Cpu, Headquarters, PASSWORD},
    raw::{self, Raw},
    reference::{PASSPHRASE, told},
};

/// So many edits, and so many rounds with nothing to do.
const ROUNDS: u64 = 200;
/// As many changes as a push has.
const TOGETHER: u64 = sync::MOST_CHANGES as u64;

/// A hub that holds the reference data, and what it took to bring it there.
pub(crate) struct Uploaded {
    pub(crate) headquarters: Headquarters,
    records: f64,
    took: Duration,
    cpu: Cpu,
    /// The laptop that brought it.
    folder: tempfile::TempDir,
}

impl Uploaded {
    /// Brings the reference data to a fresh hub.
    pub(crate) fn open(bench: &Bench) -> Result<Self> {
        let headquarters = Headquarters::open(&bench.hub)?;
        let (folder, copy) = bench.reference.copy()?;
        let app = copy.open()?;
        let connect = ConnectHub {
            address: headquarters.address.clone(),
            email: ADMIN.into(),
            password: PASSWORD.into(),
        };
        let before = headquarters.cpu()?;
        app.ask(connect).map_err(told)?;
        // Then the records come back, which is no part of the upload.
        let uploaded = Arc::new(Mutex::new(None));
        let (seen, asked, begin) = (Arc::clone(&uploaded), app.clone(), Instant::now());
        app.on_event(move |_| {
            let first = asked.ask(GetSync {}).ok().and_then(|status| status.first);
            if let (Ok(mut seen), Some(false)) = (seen.lock(), first.map(|first| first.is_upload)) {
                seen.get_or_insert_with(|| begin.elapsed());
            }
        });
        app.ask(RunSync { may_remove_much: false, check: false }).map_err(told)?;
        let cpu = headquarters.cpu()?.since(before);
        app.close();
        let took = uploaded.lock().ok().and_then(|seen| *seen).context("nothing went up")?;
        let records = count(folder.path())?;
        Ok(Self { headquarters, records, took, cpu, folder })
    }
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 records")]
fn count(folder: &Path) -> Result<f64> {
    let store = Workspace::new(folder).open(Some(PASSPHRASE))?;
    let mut records = 0;
    for entity in ENTITIES {
        records += store.count(entity)?;
    }
    Ok(records as f64)
}

fn rate(records: f64, took: Duration) -> f64 {
    records / took.as_secs_f64()
}

fn tell(what: &str, records: f64, took: Duration, cpu: Cpu) {
    let per = |milliseconds: f64| milliseconds * 1e3 / records;
    eprintln!(
        "  {what}: {records:.0} records in {:.1} s; of the processor a record: hub {:.0} µs, PostgreSQL {:.0} µs, laptop {:.0} µs",
        took.as_secs_f64(),
        per(cpu.hub),
        per(cpu.postgres),
        per(cpu.own),
    );
}

/// The whole workspace to an empty hub.
pub(crate) fn upload(bench: &Bench) -> Result<Vec<Figure>> {
    let Uploaded { headquarters, records, took, cpu, .. } = bench.uploaded()?;
    tell("upload, with what comes back", *records, *took, *cpu);
    headquarters.sql("create table peer (like customer including all)")?;
    let insert = "insert into peer (id, created_at, created_by, updated_at, updated_by, number, name) values (gen_random_uuid(), now(), gen_random_uuid(), now(), gen_random_uuid(), 'K-000001', 'Maschinenbau GmbH');\n";
    let together = usize::try_from(TOGETHER)?;
    let script = format!("begin;\n{}commit;\n", insert.repeat(together));
    let peer = headquarters.pgbench(&script, 40)?;
    headquarters.sql("drop table peer")?;
    Ok(vec![
        Figure::new("first upload", rate(*records, *took), "rec/s")
            .beside("pgbench: bare inserts, 500 a transaction", peer * together as f64),
    ])
}

/// A new laptop gets all of it.
pub(crate) fn fill(bench: &Bench) -> Result<Vec<Figure>> {
    let uploaded = bench.uploaded()?;
    let headquarters = &uploaded.headquarters;
    let folder = tempfile::tempdir_in(&bench.reference.folder)?;
    let app = new_laptop(headquarters, &folder.path().join("laptop"), ADMIN)?;
    let (before, begin) = (headquarters.cpu()?, Instant::now());
    app.ask(RunSync { may_remove_much: false, check: false }).map_err(told)?;
    let took = begin.elapsed();
    let cpu = headquarters.cpu()?.since(before);
    app.close();
    let records = count(&folder.path().join("laptop"))?;
    anyhow::ensure!(
        (records - uploaded.records).abs() < 1.0,
        "{records} of {} records came",
        uploaded.records
    );
    tell("first fill", records, took, cpu);
    let rows =
        raw::Rows::of(&Workspace::new(bench.reference.folder.clone()).open(Some(PASSPHRASE))?)?;
    let inserted = rows.insert(&folder.path().join("raw.db"))?;
    let bytes = rows.packed()?;
    let downloaded = raw::download(bytes)?;
    Ok(vec![
        Figure::new("first fill of a laptop", rate(records, took), "rec/s")
            .beside("raw SQLite: the same rows inserted", rate(records, inserted))
            .at_least(200_000.0),
        Figure::new("first fill of a laptop, of the download", rate(records, took), "rec/s")
            .beside("plain HTTP: the same rows, packed", rate(records, downloaded)),
    ])
}

/// A laptop whose user sees the catalogue is given everything: by pages of the feed, as what is there
/// already is compared record by record.
pub(crate) fn feed(bench: &Bench) -> Result<Vec<Figure>> {
    let uploaded = bench.uploaded()?;
    let headquarters = &uploaded.headquarters;
    let folder = tempfile::tempdir_in(&bench.reference.folder)?;
    let email = "jonas@kontor.example";
    headquarters.add_user(email, "Jonas Weber", "sales_rep")?;
    let app = new_laptop(headquarters, &folder.path().join("laptop"), email)?;
    let sync = || app.ask(RunSync { may_remove_much: false, check: false }).map_err(told);
    sync()?;
    // Compared with the hub it is now, and not in the round that counts.
    sync()?;
    headquarters.change_role(email, "administrator")?;
    let (before, begin) = (headquarters.cpu()?, Instant::now());
    let report = sync()?;
    let took = begin.elapsed();
    let cpu = headquarters.cpu()?.since(before);
    app.close();
    let records = u32::try_from(report.received).map(f64::from)?;
    tell("fill by the feed", records, took, cpu);
    Ok(vec![
        Figure::new("fill by the feed, after other grants", rate(records, took), "rec/s")
            .at_least(30_000.0),
    ])
}

/// One edit until the laptop knows that the hub has it, with the rest of its round, and a round with nothing to do, on warm connections.
pub(crate) fn rounds(bench: &Bench) -> Result<Vec<Figure>> {
    let uploaded = bench.uploaded()?;
    let headquarters = &uploaded.headquarters;
    let reference = crate::Reference {
        folder: uploaded.folder.path().into(),
        customers: bench.reference.customers,
    };
    let app = reference.open()?;
    let sync = || app.ask(RunSync { may_remove_much: false, check: false }).map_err(told);
    sync()?;
    // The laptop knows that the hub has it; the round goes on with reading what others did.
    let confirmed = Arc::new(Mutex::new(None));
    let (seen, asked) = (Arc::clone(&confirmed), app.clone());
    app.on_event(move |event| {
        let Event::Sync = event else { return };
        let waiting = asked.ask(GetSync {}).map_or(1, |status| status.waiting);
        if let (Ok(mut seen), 0) = (seen.lock(), waiting) {
            seen.get_or_insert_with(Instant::now);
        }
    });
    let raw_folder = tempfile::tempdir_in(&bench.reference.folder)?;
    let mut raw = Raw::fill(&raw_folder.path().join("raw.db"), 1_000)?;
    let (mut edits, mut rounds) = (Times::default(), Times::default());
    let (mut idle, mut commits, mut http) = (Times::default(), Times::default(), Times::default());
    let mut rng = fastrand::Rng::with_seed(7);
    let mut get = raw::Loopback::open()?;
    let before = headquarters.cpu()?;
    for nth in 0..ROUNDS {
        let list = ListCustomers {
            filter: CustomerFilter::default(),
            sort: CustomerSort::Number,
            order: Order::Ascending,
            window: Window { offset: rng.u64(..reference.customers), limit: 1 },
        };
        for row in app.ask(list).map_err(told)?.rows {
            let mut customer = app.ask(GetCustomer { id: row.id }).map_err(told)?.customer;
            customer.phone = format!("+49 711 {}", 100_000 + nth);
            let save = SaveCustomer { customer, addresses: None };
            let begin = Instant::now();
            app.ask(save).map_err(told)?;
            *confirmed.lock().map_err(|_| anyhow::anyhow!("a listener failed"))? = None;
            let report = sync()?;
            rounds.push(begin.elapsed(), "");
            anyhow::ensure!(report.sent == 1, "the edit was not sent");
            let seen = confirmed.lock().ok().and_then(|seen| *seen).context("not confirmed")?;
            edits.push(seen.duration_since(begin), row.name);
        }
        idle.take("", sync)?;
        let id = raw.ids[rng.usize(..raw.ids.len())];
        let phone = format!("+49 711 {}", 100_000 + nth);
        commits.take("", || raw.edit(id, &phone))?;
        http.take("", || get.request())?;
    }
    let cpu = headquarters.cpu()?.since(before);
    tell("an edit and a round with nothing to do", ROUNDS as f64, Duration::ZERO, cpu);
    app.close();
    edits.tell("one edit from laptop to hub");
    idle.tell("a sync with nothing to do");
    headquarters.sql("create table peer (id uuid primary key, fields text not null)")?;
    let insert = "insert into peer values (gen_random_uuid(), repeat('x', 300));\n";
    let transaction = 1e3 / headquarters.pgbench(insert, 500)?;
    headquarters.sql("drop table peer")?;
    Ok(vec![
        Figure::new("one edit from laptop to hub, p50", edits.at(0.5), "ms")
            .beside("a commit of raw SQLite and one of pgbench", commits.at(0.5) + transaction)
            .at_most(5.0),
        Figure::new("the same with the whole round, p50", rounds.at(0.5), "ms"),
        Figure::new("a sync with nothing to do, p50", idle.at(0.5), "ms")
            .beside("plain HTTP: one request on loopback, p50", http.at(0.5))
            .at_most(3.0),
    ])
}

fn new_laptop(headquarters: &Headquarters, folder: &Path, email: &str) -> Result<App> {
    let app = App::new(folder);
    app.ask(CreateConnected {
        address: headquarters.address.clone(),
        email: email.into(),
        password: PASSWORD.into(),
        passphrase: Some(PASSPHRASE.into()),
        language: Language::De,
    })
    .map_err(told)?;
    Ok(app)
}
