//! `cargo xtask hub`: a hub to try, with a PostgreSQL of its own.

use std::{
    env,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, ExitStatus},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use private_postgres::{Durability, Server};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::{
    setup,
    shell::{command, root, run},
};

/// Who may come in. The password is everybody's; it protects nothing but demo data on this machine.
const DEMO: &str = include_str!("demo.sql");
const DATABASE: &str = "demo";
const PASSWORD: &str = "kontor-demo";

/// A hub that starts answers within this time.
const PATIENCE: Duration = Duration::from_secs(30);

fn program(name: &str) -> PathBuf {
    let target = root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    target.join("debug").join(name)
}

/// Sets up and starts PostgreSQL and a hub on it, until Ctrl+C.
pub(crate) fn hub(listen: &str, fresh: bool) -> Result<()> {
    setup::for_hub()?;
    run(command("cargo", &["build", "--package", "kontor-hub"]))?;
    drop(TcpListener::bind(listen).with_context(|| {
        format!("The hub cannot listen at {listen}; nothing was started. `--listen` names another address")
    })?);
    // From here on Ctrl+C ends what is under way, and then PostgreSQL is stopped.
    let is_stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&is_stopped))?;
    }
    let server = Server::start(&root().join("target/hub"), Durability::Full)?;
    if fresh {
        server.sql("postgres", &format!("drop database if exists {DATABASE}"))?;
    }
    let served = serve(&server, listen, &is_stopped);
    drop(server);
    println!("The hub and its PostgreSQL are stopped. What laptops sent up is kept in target/hub;");
    println!("`cargo xtask hub --fresh` begins without it.");
    served
}

fn serve(server: &Server, listen: &str, is_stopped: &AtomicBool) -> Result<()> {
    let database = server.database(DATABASE)?;
    let hub = || {
        let mut command = Command::new(program("kontor-hub"));
        command.env("KONTOR_HUB_DATABASE", &database).env("KONTOR_HUB_LOG", "warn");
        command
    };
    let migrated = hub().arg("migrate").status().context("kontor-hub could not be started")?;
    ensure!(migrated.success(), "The hub's database could not be set up; see above.");
    server
        .sql(DATABASE, DEMO)
        .context("The demo's people could not be put into the hub's database")?;
    // Nobody should have to let laptops in that only try it.
    let serving = hub().args(["serve", "--listen", listen, "--approval", "automatic"]).spawn();
    let mut serving = serving.context("kontor-hub could not be started")?;
    let ended = match wait_for_health(&mut serving, listen, is_stopped) {
        Ok(Some(ended)) => ended,
        Ok(None) => {
            tell(listen);
            until_the_end(&mut serving, is_stopped)?
        }
        Err(error) => {
            stop(&serving);
            serving.wait()?;
            return Err(error);
        }
    };
    ensure!(ended.success(), "The hub ended with an error; see above.");
    Ok(())
}

/// How the hub ended, if it did before it answered that it is well or was told to stop.
fn wait_for_health(
    serving: &mut Child,
    listen: &str,
    is_stopped: &AtomicBool,
) -> Result<Option<ExitStatus>> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        if let Some(ended) = serving.try_wait()? {
            return Ok(Some(ended));
        }
        if is_stopped.load(Ordering::Relaxed) || is_well(listen) {
            return Ok(None);
        }
        sleep(Duration::from_millis(50));
    }
    bail!("The hub did not answer within {} seconds; see above.", PATIENCE.as_secs())
}

/// Whether a hub answers that it is well.
fn is_well(listen: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(listen) else { return false };
    let patience = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let asked = stream.write_all(b"GET /health HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    let is_answered = patience.is_ok() && asked.is_ok();
    is_answered && stream.read_to_string(&mut answer).is_ok() && answer.contains(" 200 ")
}

/// Ctrl+C reaches the hub as well; what is sent to this program alone is handed on.
fn until_the_end(serving: &mut Child, is_stopped: &AtomicBool) -> Result<ExitStatus> {
    let mut is_told = false;
    loop {
        if let Some(ended) = serving.try_wait()? {
            return Ok(ended);
        }
        if !is_told && is_stopped.load(Ordering::Relaxed) {
            stop(serving);
            is_told = true;
        }
        sleep(Duration::from_millis(100));
    }
}

fn stop(serving: &Child) {
    // If it has ended by itself, it need not be told.
    let _ = Command::new("kill").args(["-TERM", &serving.id().to_string()]).status();
}

fn tell(listen: &str) {
    let laptop = |person: &str, does: &str| {
        println!("  cargo xtask run -- --workspace target/{person}{does}");
    };
    let connect =
        |person: &str| format!(" sync connect http://{listen} --email {person}@kontor.example");
    println!("The hub listens at http://{listen}. Stop it with Ctrl+C.");
    println!(
        "Everybody's password is {PASSWORD}; it is asked for, or read from KONTOR_HUB_PASSWORD."
    );
    println!("\nThe administrator's laptop, with demo data that goes up to the hub:");
    laptop("maren", " demo");
    laptop("maren", &connect("maren"));
    println!("A rep's, which gets the customers of “Süd-West” from it:");
    laptop("jonas", &connect("jonas"));
    println!("Their windows, side by side:");
    laptop("maren", "");
    laptop("jonas", "");
    println!("\nWho is there: maren@kontor.example (administrator), jonas@… (rep, Süd-West),");
    println!("aylin@… (rep, Nord), petra@… (manager, Süd-West and Bayern).");
}
