//! Sync in one look, at the head of every page.

use std::rc::Rc;

use commands::{GetSync, SyncState, SyncStatus};
use domain::access::Role;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    backend, clock,
    route::Page,
    say::{say, say_with},
    session::World,
    widget::Go,
};

/// What takes less time than this is not worth a word.
const SOON: u32 = 500;

/// Where sync stands, as it changes. That it is under way is told only when it takes a while.
#[hook]
pub(crate) fn use_sync() -> Option<Rc<SyncStatus>> {
    let status = use_state(|| None::<Rc<SyncStatus>>);
    let heard = use_context::<World>().map_or((0, 0), |world| (world.changes, world.sync));
    {
        let (known, status) = (status.clone(), status.setter());
        use_effect_with(heard, move |_| {
            let current = Rc::new(std::cell::Cell::new(true));
            let later = Rc::new(std::cell::RefCell::new(None::<Timeout>));
            let (asked, soon) = (current.clone(), later.clone());
            wasm_bindgen_futures::spawn_local(async move {
                // The next event asks again.
                let Ok(found) = backend::call(GetSync {}).await else { return };
                if !asked.get() {
                    return;
                }
                let found = Rc::new(found);
                let is_calm = known.as_ref().is_some_and(|known| !is_under_way(known));
                if is_calm && is_under_way(&found) && found.first.is_none() {
                    let show = move || status.set(Some(found));
                    *soon.borrow_mut() = Some(Timeout::new(SOON, show));
                } else {
                    status.set(Some(found));
                }
            });
            move || {
                current.set(false);
                drop(later.take());
            }
        });
    }
    (*status).clone()
}

/// Whether something is on its way, or about to be.
fn is_under_way(status: &SyncStatus) -> bool {
    let sends = status.waiting > 0 && status.role != Role::ReadOnly;
    status.state == SyncState::Busy || (status.state == SyncState::Synced && sends)
}

/// How many things somebody must decide.
pub(crate) fn to_settle(status: &SyncStatus) -> u64 {
    status.conflicts + status.rejected
}

/// Its colour, its symbol and its words.
fn look(status: &SyncStatus) -> (&'static str, &'static str, String) {
    let waiting = match status.waiting {
        0 => String::new(),
        count => format!(" · {}", say_with("sync-waiting", &[("count", &count.to_string())])),
    };
    let settle = to_settle(status);
    match status.state {
        SyncState::Local => ("", LAPTOP, say("local-only")),
        SyncState::Stopped => ("bad", WARNING, say("sync-stopped") + &waiting),
        _ if settle > 0 => {
            ("warm", WARNING, say_with("sync-to-settle", &[("count", &settle.to_string())]))
        }
        SyncState::Waiting => ("warm", PERSON, say("sync-approval") + &waiting),
        SyncState::SignedOut => ("warm", PERSON, say("sync-signed-out") + &waiting),
        SyncState::Offline => {
            let text = match status.failed_at {
                Some(at) => say_with("sync-offline-since", &[("at", &clock::short(at))]),
                None => say("sync-offline"),
            };
            ("warm", CUT_OFF, text + &waiting)
        }
        _ if is_under_way(status) => ("petrol busy", ROUND, say("sync-busy")),
        SyncState::Busy | SyncState::Synced => {
            let text = match status.synced_at {
                Some(at) => say_with("sync-synced", &[("at", &clock::short(at))]),
                None => say("sync-busy"),
            };
            ("good", TICK, text + &waiting)
        }
    }
}

const TICK: &str = "M2.5 8.5l3.5 3.5 7.5-8";
const LAPTOP: &str = "M3.5 3.5h9v6.5h-9z M1.5 13h13";
const ROUND: &str = "M13.5 7A5.6 5.6 0 0 0 3.2 5M2.5 9a5.6 5.6 0 0 0 10.3 2M3 2v3h3M13 14v-3h-3";
const CUT_OFF: &str =
    "M5 12.5h7a2.6 2.6 0 0 0 .5-5.1A4 4 0 0 0 6 4.6M3.9 7.1A2.8 2.8 0 0 0 5 12.5M2 2l12 12";
const PERSON: &str =
    "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.7c.6-2.6 2.6-3.6 5-3.6s4.4 1 5 3.6";
const WARNING: &str = "M8 2.2l6.3 11.3H1.7zM8 6.6v3.4M8 11.7v.4";

fn symbol(path: &'static str) -> Html {
    html! { <svg class="symbol" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

/// Where sync stands, as a coloured word with its symbol.
pub(crate) fn standing(status: &SyncStatus) -> Html {
    let (kind, path, text) = look(status);
    html! { <span class={classes!("chip", "sync", kind)}>{ symbol(path) }{ text }</span> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SyncChipProps {
    pub(crate) go: Go,
    /// The sync centre is the page that is shown.
    pub(crate) current: bool,
}

/// In the masthead: where sync stands; leads to the sync centre.
#[component]
pub(crate) fn SyncChip(props: &SyncChipProps) -> Html {
    let Some(status) = use_sync() else { return html! {} };
    let (kind, path, text) = look(&status);
    let onclick = props.go.reform(|_: MouseEvent| Page::Sync);
    let label = format!("{}: {text}", say("nav-sync"));
    html! {
        <button class={classes!("chip", "sync", kind)} id="sync" aria-label={label}
            aria-current={props.current.then_some("page")} {onclick}>{ symbol(path) }{ text }</button>
    }
}

/// Above every page while the first exchange with the hub runs: how far it is. Nobody waits for it.
#[component]
pub(crate) fn FirstSync(props: &SyncChipProps) -> Html {
    let Some(status) = use_sync() else { return html! {} };
    if status.state == SyncState::Waiting && status.first.is_some() {
        let more = props.go.reform(|_: MouseEvent| Page::Sync);
        return html! {
            <div class="hint first-sync" role="status">
                <span>{ say("first-approval") }</span>
                if !props.current { <button class="link" onclick={more}>{ say("first-more") }</button> }
            </div>
        };
    }
    let Some(first) = status.first.filter(|_| status.state == SyncState::Busy) else {
        return html! {};
    };
    let done = domain::format::quantity(
        domain::Quantity(first.done as i64 * 1000),
        crate::say::language(),
    );
    let text = if first.is_upload {
        let percent = (first.done * 100 / first.total.max(1)).to_string();
        say_with("first-upload", &[("percent", &percent)])
    } else if first.is_loading {
        say_with("first-load", &[("done", &done)])
    } else if first.done == 0 {
        say("first-fill-begins")
    } else {
        say_with("first-fill", &[("done", &done)])
    };
    let (max, value) = if first.total > 0 {
        (Some(first.total.to_string()), Some(first.done.to_string()))
    } else {
        (None, None)
    };
    html! {
        <div class="hint first-sync" role="status">
            <span>{ text }</span>
            <progress aria-label={say("nav-sync")} {max} {value} />
            if !props.current { <button class="link" onclick={props.go.reform(|_: MouseEvent| Page::Sync)}>{ say("first-more") }</button> }
        </div>
    }
}
