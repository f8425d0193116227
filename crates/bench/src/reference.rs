//! The reference data: `kontor demo --customers 100000 --seed 1`, made once and kept.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, anyhow};
use app::{App, DemoOrder};
use commands::{CreateWorkspace, Failure, GetWorkspace, Unlock, WorkspaceState};
use domain::Language;

/// Reference data is no secret.
pub(crate) const PASSPHRASE: &str = "reference-data";

/// A workspace with reference data.
pub(crate) struct Reference {
    pub(crate) folder: PathBuf,
    pub(crate) customers: u64,
}

/// A failure with its sentence.
pub(crate) fn told(failure: Failure) -> anyhow::Error {
    anyhow!("{failure}")
}

/// What the data depends on: another schema or another generator makes other data.
fn fingerprint() -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut files = Vec::new();
    for folder in ["migrations/laptop", "crates/app/src/demo"] {
        let listed = std::fs::read_dir(folder).with_context(|| format!("{folder} is missing"))?;
        for entry in listed {
            files.push(entry?.path());
        }
    }
    files.push("crates/app/src/demo.rs".into());
    files.sort();
    for file in files {
        std::fs::read(&file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

impl Reference {
    /// The data, made now if it is not there yet.
    pub(crate) fn ready(folder: &Path, customers: u64) -> Result<Self> {
        let folder = folder.join(format!("reference-{customers}-{:016x}", fingerprint()?));
        let done = folder.join("complete");
        if !done.exists() {
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            eprintln!("making the reference data: {customers} customers …");
            let begin = Instant::now();
            let app = App::new(&folder);
            app.ask(CreateWorkspace {
                user_name: "Maren Krüger".into(),
                company_name: "Krüger Schweißtechnik GmbH".into(),
                passphrase: Some(PASSPHRASE.into()),
                language: Language::De,
            })
            .map_err(told)?;
            let order = DemoOrder { customers, seed: 1 };
            app.run_demo(order, &store::Stop::new(false), &mut |_, _| {}).map_err(told)?;
            app.close();
            std::fs::write(&done, "")?;
            eprintln!("  {:.0} s", begin.elapsed().as_secs_f64());
        }
        Ok(Self { folder, customers })
    }

    /// The app over it, opened.
    pub(crate) fn open(&self) -> Result<App> {
        let app = App::new(&self.folder);
        if let WorkspaceState::Locked = app.ask(GetWorkspace {}).map_err(told)? {
            app.ask(Unlock { passphrase: PASSPHRASE.into() }).map_err(told)?;
        }
        Ok(app)
    }

    /// A copy that may be written to.
    pub(crate) fn copy(&self) -> Result<(tempfile::TempDir, Self)> {
        let base = self.folder.parent().unwrap_or(&self.folder);
        let folder = tempfile::tempdir_in(base)?;
        for name in ["kontor.db", "key.json"] {
            std::fs::copy(self.folder.join(name), folder.path().join(name))
                .with_context(|| format!("{name} could not be copied"))?;
        }
        let copy = Self { folder: folder.path().into(), customers: self.customers };
        Ok((folder, copy))
    }
}
