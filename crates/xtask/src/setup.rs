//! Everything that must be on the machine, in one place. Tools are kept per user and version, so
//! that every clone shares them and the user's own are left alone.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::shell::{command, output, root, run};

const TRUNK: &str = "0.21.14";
const TAURI_DRIVER: &str = "2.1.0";

/// Debian and Ubuntu packages to build and run the app.
const PACKAGES: [&str; 10] = [
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libxdo-dev",
    "libayatana-appindicator3-dev",
    "libdbus-1-dev",
    "xvfb",
    "imagemagick",
    "perl",
];

/// … and to test it.
const TEST_PACKAGES: [&str; 5] =
    ["webkit2gtk-driver", "dbus-x11", "gnome-keyring", "poppler-utils", "qpdf"];

/// What the hub stands on.
const HUB_PACKAGES: [&str; 2] = ["build-essential", "postgresql"];

/// All that building needs.
pub(crate) fn all() -> Result<()> {
    packages(&PACKAGES)?;
    node()?;
    let installed = output("rustup", &["target", "list", "--installed"]).unwrap_or_default();
    if !installed.contains("wasm32-unknown-unknown") {
        run(command("rustup", &["target", "add", "wasm32-unknown-unknown"]))
            .context("The wasm32 target is missing; install rustup from https://rustup.rs")?;
    }
    cargo_tool("trunk", TRUNK, true)?;
    cargo_tool("wasm-bindgen-cli", &wasm_bindgen()?, false)?;
    npm()
}

/// All that the hub needs.
pub(crate) fn for_hub() -> Result<()> {
    packages(&HUB_PACKAGES)
}

/// All that testing needs on top.
pub(crate) fn for_tests() -> Result<()> {
    all()?;
    packages(&TEST_PACKAGES)?;
    for_hub()?;
    cargo_tool("tauri-driver", TAURI_DRIVER, true)
}

fn packages(wanted: &[&str]) -> Result<()> {
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|package| {
            let state = output("dpkg-query", &["-W", "-f=${Status}", package]);
            !state.is_some_and(|state| state.contains("install ok installed"))
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if output("apt-get", &["--version"]).is_none() {
        bail!(
            "These packages are missing, and this is no Debian or Ubuntu: install what they are called on your system: {}",
            missing.join(" ")
        );
    }
    eprintln!("System packages are missing: {}", missing.join(" "));
    let is_root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let by = if is_root { "env" } else { "sudo" };
    if !is_root && output("sudo", &["-n", "true"]).is_none() {
        eprintln!("sudo may ask for your password now.");
    }
    let hint = || format!("Please run: sudo apt-get install {}", missing.join(" "));
    run(command(by, &["apt-get", "update", "-qq"])).with_context(hint)?;
    let mut install = command(by, &["apt-get", "install", "-y", "-qq", "--no-install-recommends"]);
    install.args(&missing).env("DEBIAN_FRONTEND", "noninteractive");
    run(install).with_context(hint)
}

fn node() -> Result<()> {
    if output("npm", &["--version"]).is_some() {
        return Ok(());
    }
    packages(&["nodejs", "npm"])
}

/// The exact version of wasm-bindgen that Cargo.lock names.
fn wasm_bindgen() -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock is missing")?;
    lock.split("[[package]]")
        .find(|package| package.contains("\nname = \"wasm-bindgen\"\n"))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .context("Cargo.lock names no wasm-bindgen")
}

fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    Ok(base.or(home).context("HOME is not set")?.join("kontor/tools"))
}

fn tool_folder(tool: &str, version: &str) -> Result<PathBuf> {
    Ok(cache()?.join(format!("{tool}-{version}")))
}

/// A tool from crates.io. Those that only call others are built without optimising, in half the time.
fn cargo_tool(tool: &str, version: &str, is_caller: bool) -> Result<()> {
    let folder = tool_folder(tool, version)?;
    if folder.join(".crates.toml").exists() {
        return Ok(());
    }
    eprintln!("{tool} {version} is missing; building it takes some minutes, once.");
    let place = folder.display().to_string();
    let mut install = command("cargo", &["install", tool, "--version", version, "--root", &place]);
    if is_caller {
        install.args(["--locked", "--debug"]).env("CARGO_PROFILE_DEV_DEBUG", "0");
    }
    // Not in the repository's folder: its configuration is not the tool's.
    install.current_dir(env::temp_dir());
    run(install).with_context(|| format!("{tool} {version} could not be installed"))
}

/// npm packages at the versions of package-lock.json.
fn npm() -> Result<()> {
    let ui = root().join("ui");
    let (lock, stamp) = (ui.join("package-lock.json"), ui.join("node_modules/.kontor-lock"));
    let wanted = fs::read(&lock).context("ui/package-lock.json is missing")?;
    if fs::read(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    let mut install = command("npm", &["ci", "--no-audit", "--no-fund"]);
    install.current_dir(&ui);
    run(install)?;
    fs::write(stamp, wanted).context("ui/node_modules cannot be written")
}

/// The PATH with all tools in front.
pub(crate) fn path() -> Result<String> {
    let mut folders = vec![
        tool_folder("trunk", TRUNK)?.join("bin"),
        tool_folder("wasm-bindgen-cli", &wasm_bindgen()?)?.join("bin"),
        tool_folder("tauri-driver", TAURI_DRIVER)?.join("bin"),
        root().join("ui/node_modules/.bin"),
    ];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let joined = env::join_paths(folders.iter().map(Path::new))?;
    joined.into_string().ok().context("PATH is not text")
}
