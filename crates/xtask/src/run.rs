//! Builds the app and starts it.

use std::{
    env,
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    screens,
    shell::{command, root, run as run_loudly},
};

/// The virtual display, out of the way of others.
const DISPLAY: &str = ":97";

/// Ends a program that was only needed for a while.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn run(once: bool, arguments: &[String]) -> Result<()> {
    screens::build()?;
    run_loudly(command("cargo", &["build", "--package", "kontor"]))?;
    let app = root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    let app = app.join("debug/kontor");
    let has_display = env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some();
    let mut kontor = Command::new(&app);
    kontor.args(arguments);
    if has_display || !arguments.is_empty() {
        println!("Kontor starts.");
        let status = kontor.status().context("the app could not be started")?;
        return if status.success() { Ok(()) } else { bail!("the app ended with {status}") };
    }
    println!("There is no display: Kontor starts on a virtual one.");
    let xvfb = command("Xvfb", &[DISPLAY, "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
        .spawn()
        .context("Xvfb could not be started; run `cargo xtask setup`")?;
    let _xvfb = Guard(xvfb);
    // Without a desktop there is no session bus; one started for the display alone would bring up a
    // keyring that asks for a password over the window.
    kontor
        .env("DISPLAY", DISPLAY)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    wait_for("the virtual display", || std::path::Path::new("/tmp/.X11-unix/X97").exists())?;
    let mut kontor = Guard(kontor.spawn().context("the app could not be started")?);
    let picture = root().join("target/kontor.png");
    wait_for("the window", || painted(&picture.display().to_string()))?;
    println!("A screenshot is in {}.", picture.display());
    if !once {
        println!("Kontor goes on until Ctrl+C.");
        kontor.0.wait().context("the app could not be waited for")?;
    }
    Ok(())
}

/// Takes a screenshot; whether there is more than one plain ground on it.
fn painted(picture: &str) -> bool {
    let shot = Command::new("import")
        .args(["-display", DISPLAY, "-window", "root", picture])
        .output()
        .is_ok_and(|output| output.status.success());
    let colours = Command::new("identify").args(["-format", "%k", picture]).output();
    let colours = colours.ok().and_then(|out| String::from_utf8(out.stdout).ok());
    shot && colours.and_then(|text| text.trim().parse::<u32>().ok()).is_some_and(|n| n > 200)
}

fn wait_for(what: &str, there: impl Fn() -> bool) -> Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(90) {
        if there() {
            return Ok(());
        }
        sleep(Duration::from_millis(300));
    }
    bail!("{what} did not appear within 90 seconds")
}
