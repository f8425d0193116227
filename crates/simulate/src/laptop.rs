//! A laptop: the app as it is shipped, over a real database in a folder of its own.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use app::App;
use domain::{Id, merge::State};
use store::DataKey;
use sync::Device;

use crate::{
    basis::{PEOPLE, user},
    memory::{Key, entity},
};

/// Empty workspaces, made once, from which each laptop's is copied.
pub(crate) struct Templates {
    key: DataKey,
    folder: tempfile::TempDir,
}

impl Templates {
    pub(crate) fn make() -> Result<Self> {
        let key = DataKey::generate()?;
        // In memory where the system has a place for it.
        let shared = Path::new("/dev/shm");
        let folder = match shared.is_dir() {
            true => tempfile::tempdir_in(shared)?,
            false => tempfile::tempdir()?,
        };
        for number in 0..PEOPLE {
            let place = folder.path().join(format!("template-{number}"));
            App::new(place).make_simulated(&key, &user(number))?;
        }
        Ok(Self { key, folder })
    }
}

/// Where a seed's laptops lie; they go with it.
pub(crate) struct Desk<'t> {
    templates: &'t Templates,
    folder: tempfile::TempDir,
    made: usize,
}

impl<'t> Desk<'t> {
    pub(crate) fn new(templates: &'t Templates) -> Result<Self> {
        let folder = tempfile::tempdir_in(templates.folder.path())?;
        Ok(Self { templates, folder, made: 0 })
    }

    fn place(&mut self) -> PathBuf {
        self.made += 1;
        self.folder.path().join(self.made.to_string())
    }

    /// A new laptop of somebody.
    pub(crate) fn laptop(&mut self, person: usize, device_id: Id) -> Result<Laptop> {
        let from = self.templates.folder.path().join(format!("template-{person}"));
        let folder = self.place();
        copy(&from, &folder)?;
        let laptop = Laptop::open(folder, person, &self.templates.key)?;
        let device =
            Device { id: device_id, next_push: 1, user_id: user(person).id, ..Device::default() };
        laptop.app.connect_simulated(&device)?;
        Ok(laptop)
    }

    /// Its folder as it is now, to be put back later or to be opened as a second laptop.
    pub(crate) fn keep(&mut self, laptop: &Laptop) -> Result<PathBuf> {
        let folder = self.place();
        copy(&laptop.folder, &folder)?;
        Ok(folder)
    }

    /// A laptop on such a folder.
    pub(crate) fn open(&self, folder: PathBuf, person: usize) -> Result<Laptop> {
        Laptop::open(folder, person, &self.templates.key)
    }

    /// Starts it again: whatever was in memory is gone.
    pub(crate) fn restart(&self, laptop: &mut Laptop) -> Result<()> {
        laptop.app = App::new(&laptop.folder);
        laptop.app.open_simulated(&self.templates.key)?;
        laptop.is_in = false;
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let name = entry.file_name();
        // What is shared between processes is made anew.
        if name.to_string_lossy().ends_with("-shm") || name == "lock" {
            continue;
        }
        fs::copy(entry.path(), to.join(name))?;
    }
    Ok(())
}

/// One of them.
pub(crate) struct Laptop {
    pub(crate) app: App,
    pub(crate) folder: PathBuf,
    /// Whose it is.
    pub(crate) person: usize,
    /// How far its clock is off, in milliseconds.
    pub(crate) clock: i64,
    /// The hub's versions that it knew last, in which life of the hub.
    pub(crate) versions: (Option<Id>, BTreeMap<Id, i64>),
    /// The hub let it in since it was started.
    pub(crate) is_in: bool,
}

impl Laptop {
    fn open(folder: PathBuf, person: usize, key: &DataKey) -> Result<Self> {
        let app = App::new(&folder);
        app.open_simulated(key).context("a laptop does not open")?;
        Ok(Self { app, folder, person, clock: 0, versions: (None, BTreeMap::new()), is_in: false })
    }

    /// Everything that is on it.
    pub(crate) fn records(&self) -> Result<BTreeMap<Key, State>> {
        let records = self.app.with_store(store::Store::records)??;
        let keyed = records.into_iter().map(|((name, id), state)| ((entity(&name), id), state));
        Ok(keyed.collect())
    }

    /// Its outbox.
    pub(crate) fn outbox(&self) -> Result<Vec<store::Waiting>> {
        Ok(self.app.with_store(|store| store.outbox(1_000_000))??)
    }
}
