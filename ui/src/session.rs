//! The whole screen by the workspace's state: first start, locked, broken, or the frame.

use std::rc::Rc;

use commands::{
    Event, GetPreferences, GetWorkspace, Job, Preferences, SetPreferences, SyncState, SyncStatus,
    WorkspaceState,
};
use domain::{Id, User, access::Grants};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{backend, frame::Frame, pages::welcome, say, sync_chip::use_status, toast};

/// A start is rarely longer; only then it says what is waited for.
const PATIENCE: u32 = 400;

/// What every page can see and do, whatever it shows.
#[derive(Clone, PartialEq)]
pub(crate) struct World {
    /// The user.
    pub(crate) user: Rc<User>,
    /// Whether a passphrase protects the workspace.
    pub(crate) passphrase: bool,
    /// The data folder.
    pub(crate) folder: Rc<str>,
    /// This device's preferences.
    pub(crate) preferences: Rc<Preferences>,
    /// Keeps other preferences.
    pub(crate) set_preferences: Callback<Preferences>,
    /// Counts changes of records: pages that show records ask again when it changes.
    pub(crate) changes: u64,
    /// The records that changed last; empty for any.
    pub(crate) changed: Rc<Vec<(String, Id)>>,
    /// What was heard last of a long job.
    pub(crate) job: Option<Rc<Job>>,
    /// Counts what was heard of sync: who shows it asks again when it changes.
    pub(crate) sync: u64,
    /// Where sync stands, once it is known.
    pub(crate) status: Option<Rc<SyncStatus>>,
}

impl World {
    /// Whether the user may make and change records of this entity. Without a hub all is theirs.
    pub(crate) fn may_write(&self, entity: &str) -> bool {
        let status = self.status.as_ref().filter(|status| status.state != SyncState::Local);
        status.is_none_or(|status| {
            Grants { role: status.role, ..Grants::default() }.may_write(entity)
        })
    }

    /// Whether the user's records are still to come from the hub for the first time.
    pub(crate) fn is_filling(&self) -> bool {
        self.status.as_ref().is_some_and(|status| {
            status.is_to_be_filled || status.first.is_some_and(|first| !first.is_upload)
        })
    }

    /// Shows the theme: light, dark, or as the system says.
    fn show_theme(theme: &str) {
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        if let Some(root) = root {
            // Without it the light theme stays, which is readable.
            let _ = root.set_attribute("data-theme", theme);
        }
    }
}

#[component]
pub(crate) fn Session() -> Html {
    let state = use_state(|| None::<WorkspaceState>);
    let asked = use_state(|| 0_u64);
    let changes = use_state(|| (0_u64, Rc::new(Vec::new())));
    let job = use_state(|| None::<Rc<Job>>);
    let sync = use_state(|| 0_u64);
    let preferences = use_state(Preferences::default);
    {
        let (asked, changes, heard) = (asked.setter(), changes.setter(), job.setter());
        let sync = sync.setter();
        use_effect_with((), move |()| {
            // Counters of their own: an event's closure sees no later state.
            let counted = std::cell::Cell::new(0_u64);
            backend::listen(move |event| {
                counted.set(counted.get() + 1);
                match event {
                    Event::Changed { records } => changes.set((counted.get(), Rc::new(records))),
                    Event::Workspace => asked.set(counted.get()),
                    Event::Emptied => {
                        // What was said before speaks of data that is gone.
                        toast::clear();
                        asked.set(counted.get());
                    }
                    Event::Sync => sync.set(counted.get()),
                    Event::Job(job) => {
                        heard.set(Some(Rc::new(job.clone())));
                        toast::job(job);
                    }
                }
            });
        });
    }
    {
        let (state, preferences) = (state.clone(), preferences.setter());
        use_effect_with(*asked, move |_| {
            wasm_bindgen_futures::spawn_local(async move {
                let answer = backend::call(GetWorkspace {}).await;
                let next = answer.unwrap_or_else(|failure| WorkspaceState::Broken { failure });
                if let WorkspaceState::Open { .. } = next
                    && let Ok(kept) = backend::call(GetPreferences {}).await
                {
                    say::set_language(kept.language);
                    World::show_theme(&kept.theme);
                    preferences.set(kept);
                }
                state.set(Some(next));
            });
        });
    }
    let set_preferences = {
        let preferences = preferences.setter();
        Callback::from(move |next: Preferences| {
            say::set_language(next.language);
            World::show_theme(&next.theme);
            preferences.set(next.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if let Err(failure) = backend::call(SetPreferences { preferences: next }).await {
                    toast::failure(&failure);
                }
            });
        })
    };
    let ask_again = {
        let (asked, now) = (asked.setter(), *asked);
        Callback::from(move |()| asked.set(now + 1_000_000))
    };
    let waiting = use_state(|| false);
    {
        let waiting = waiting.setter();
        use_effect_with(state.is_none(), move |none| {
            let timer = none.then(|| Timeout::new(PATIENCE, move || waiting.set(true)));
            move || drop(timer)
        });
    }
    let is_open = matches!(*state, Some(WorkspaceState::Open { .. }));
    let status = use_status((is_open, changes.0, *sync));
    let screen = match &*state {
        None if *waiting => html! { <welcome::Waiting /> },
        None => html! {},
        Some(WorkspaceState::Missing { keyring, emptied }) => {
            html! { <welcome::FirstStart keyring={*keyring} emptied={*emptied} done={ask_again} /> }
        }
        Some(WorkspaceState::Locked) => html! { <welcome::Locked done={ask_again} /> },
        Some(WorkspaceState::Broken { failure }) => {
            html! { <welcome::Broken failure={failure.clone()} again={ask_again} /> }
        }
        Some(WorkspaceState::Open { user, passphrase, path, notice }) => {
            let world = World {
                user: Rc::new(user.clone()),
                passphrase: *passphrase,
                folder: Rc::from(path.as_str()),
                preferences: Rc::new((*preferences).clone()),
                set_preferences,
                changes: changes.0,
                changed: Rc::clone(&changes.1),
                job: (*job).clone(),
                sync: *sync,
                status,
            };
            let notice = notice.clone();
            html! {
                <ContextProvider<World> context={world}>
                    <Frame {notice} />
                </ContextProvider<World>>
            }
        }
    };
    html! { <>{screen}<toast::Toasts /></> }
}
