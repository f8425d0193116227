use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use commands::{
    Answer, CheckWorkspace, CreateWorkspace, Failure, GetWorkspace, Lock, SetPassphrase, Unlock,
    WorkspaceState,
};
use domain::{Id, Language, Letterhead, User};
use store::{Presence, Store};

use crate::{App, Open, settings};

/// This device's setting that says who works here.
pub(crate) const USER: &str = "user_id";
/// This device's setting that is there while the database is open: a start that finds it comes
/// after a crash.
const OPEN_MARK: &str = "open";
/// Closing waits no longer for a hub that does not answer.
const PATIENCE: Duration = Duration::from_secs(3);

impl App {
    fn opened(&self, store: Store) -> Result<WorkspaceState, Failure> {
        // With the window open beside it, the mark is the window's.
        let marked = store.local(OPEN_MARK)?.is_some_and(|mark| mark == "yes");
        let crashed = marked && store.is_first();
        let notice = if crashed { after_crash(&store)? } else { None };
        store.set_local(OPEN_MARK, "yes")?;
        // What an older version could not store comes before anything new.
        store.replay_kept_aside(&mut Id::now)?;
        let user = store.local(USER)?.and_then(|id| id.parse::<Id>().ok());
        let user_id = match user {
            Some(user) => user,
            None => store.all::<User>()?.first().map(|user| user.id).ok_or_else(|| {
                Failure::new("database-damaged", "The workspace has no user. Restore a backup.")
            })?,
        };
        self.set_open(Some(Open::new(store, user_id, notice)));
        self.state()
    }

    fn state(&self) -> Result<WorkspaceState, Failure> {
        let Ok(open) = self.open() else { return self.closed_state() };
        let presence = self.0.workspace.presence()?;
        Ok(WorkspaceState::Open {
            user: open.store.get(open.user_id())?,
            passphrase: presence == Presence::Passphrase,
            path: self.0.workspace.folder().display().to_string(),
            notice: open.notice.clone(),
        })
    }

    fn closed_state(&self) -> Result<WorkspaceState, Failure> {
        let _opening = self.0.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if self.open().is_ok() {
            return self.state();
        }
        Ok(match self.0.workspace.presence() {
            Ok(Presence::Missing) => {
                let emptied = self.0.workspace.emptied();
                WorkspaceState::Missing { keyring: store::key::keyring_works(), emptied }
            }
            Ok(Presence::Passphrase) => WorkspaceState::Locked,
            Ok(Presence::Keyring) => match self.0.workspace.open(None) {
                Ok(store) => return self.opened(store),
                Err(error) => WorkspaceState::Broken { failure: error.into() },
            },
            Err(error) => WorkspaceState::Broken { failure: error.into() },
        })
    }

    /// Makes an empty workspace for somebody whose records come from a hub.
    pub(crate) fn create_for(
        &self,
        user: User,
        passphrase: Option<&str>,
        language: Language,
    ) -> Result<WorkspaceState, Failure> {
        let store = self.0.workspace.create(passphrase)?;
        let user_id = user.id;
        store.bulk(|loader| loader.insert(&user).map_err(Failure::from))?;
        store.set_local(USER, &user_id.to_string())?;
        let state = self.opened(store)?;
        let preferences = commands::Preferences { language, ..Default::default() };
        self.answer(commands::SetPreferences { preferences })?;
        Ok(state)
    }

    /// Closes the workspace: the next start need not check it.
    pub fn close(&self) {
        let Ok(open) = self.open() else { return self.set_open(None) };
        if open.store.is_last() {
            // If even this cannot be written, the next start checks the database.
            let _ = open.store.set_local(OPEN_MARK, "no");
        }
        self.set_open(None);
        // What works beside the screens ends what it is at; it must not be cut off by the end of
        // the process in the middle of it.
        let held = Arc::downgrade(&open);
        drop(open);
        let begin = std::time::Instant::now();
        while held.strong_count() > 0 && begin.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Looks whether a crash left its mark on the pages. SQLite's WAL has brought back everything
/// that was committed.
fn after_crash(store: &Store) -> Result<Option<String>, Failure> {
    let wrong = store.quick_check()?;
    match wrong.first() {
        None => Ok(Some("checked-after-crash".into())),
        Some(problem) => Err(Failure::new(
            "database-damaged",
            format!("The database is damaged ({problem}). It was not changed; restore a backup."),
        )),
    }
}

impl Answer<GetWorkspace> for App {
    fn answer(&self, _: GetWorkspace) -> Result<WorkspaceState, Failure> {
        self.state()
    }
}

impl Answer<CreateWorkspace> for App {
    fn answer(&self, request: CreateWorkspace) -> Result<WorkspaceState, Failure> {
        let name = request.user_name.trim();
        if name.is_empty() {
            let refusal = domain::Refusal::new("needed", "Please fill this in.").at("user_name");
            return Err(refusal.into());
        }
        let store = self.0.workspace.create(request.passphrase.as_deref())?;
        let initials = name.split_whitespace().filter_map(|part| part.chars().next());
        let user = User {
            name: name.into(),
            initials: initials.take(3).collect::<String>().to_uppercase(),
            ..User::default()
        };
        let letterhead = Letterhead {
            company: request.company_name.trim().into(),
            accent: "#0f5a66".into(),
            ..Letterhead::default()
        };
        let user_id = store.bulk(|loader| {
            let mut ids = Id::now;
            settings::load_basics(loader, user, &letterhead, request.language, &mut ids)
        })?;
        store.set_local(USER, &user_id.to_string())?;
        let state = self.opened(store)?;
        let preferences =
            commands::Preferences { language: request.language, ..Default::default() };
        self.answer(commands::SetPreferences { preferences })?;
        Ok(state)
    }
}

impl Answer<Unlock> for App {
    fn answer(&self, request: Unlock) -> Result<WorkspaceState, Failure> {
        let store = self.0.workspace.open(Some(&request.passphrase))?;
        self.opened(store)
    }
}

impl Answer<Lock> for App {
    fn answer(&self, _: Lock) -> Result<WorkspaceState, Failure> {
        if self.0.workspace.presence()? != Presence::Passphrase {
            return Err(Failure::new(
                "no-passphrase",
                "Only a workspace with a passphrase can be locked. Set one in the settings.",
            ));
        }
        self.close();
        Ok(WorkspaceState::Locked)
    }
}

impl Answer<SetPassphrase> for App {
    fn answer(&self, request: SetPassphrase) -> Result<WorkspaceState, Failure> {
        let open = self.open()?;
        if request.new.as_ref().is_some_and(|new| new.chars().count() < 8) {
            let refusal = domain::Refusal::new("passphrase-short", "At least eight characters.");
            return Err(refusal.at("new").into());
        }
        self.bring_tokens_home(&open)?;
        self.0.workspace.protect(request.current.as_deref(), request.new.as_deref())?;
        self.state()
    }
}

impl Answer<CheckWorkspace> for App {
    fn answer(&self, _: CheckWorkspace) -> Result<Vec<String>, Failure> {
        Ok(self.open()?.store.check()?)
    }
}
