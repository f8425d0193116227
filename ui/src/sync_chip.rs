//! Sync in one look, at the head of every page.

use std::rc::Rc;

use commands::{GetSync, SyncState, SyncStatus};
use domain::access::Role;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    backend, clock,
    route::Page,
    say::{language, say, say_with},
    session::World,
    widget::Go,
};

/// What takes less time than this is not worth a word.
const SOON: u32 = 500;

/// Where sync stands, as far as it is known.
#[hook]
pub(crate) fn use_sync() -> Option<Rc<SyncStatus>> {
    use_context::<World>().and_then(|world| world.status)
}

/// Asks where sync stands while the workspace is open, again with everything that was heard. That
/// it is under way is told only when it takes a while.
#[hook]
pub(crate) fn use_status(open_and_heard: (bool, u64, u64)) -> Option<Rc<SyncStatus>> {
    let status = use_state(|| None::<Rc<SyncStatus>>);
    {
        let (known, status) = (status.clone(), status.setter());
        use_effect_with(open_and_heard, move |(is_open, ..)| {
            let current = Rc::new(std::cell::Cell::new(true));
            let later = Rc::new(std::cell::RefCell::new(None::<Timeout>));
            let (asked, soon, is_open) = (current.clone(), later.clone(), *is_open);
            if !is_open {
                status.set(None);
            }
            wasm_bindgen_futures::spawn_local(async move {
                if !is_open {
                    return;
                }
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

/// Changes that go as soon as the hub can be reached.
fn going(status: &SyncStatus) -> u64 {
    status.waiting.saturating_sub(status.held)
}

/// Whether something is on its way, or about to be.
fn is_under_way(status: &SyncStatus) -> bool {
    let sends = going(status) > 0 && status.role != Role::ReadOnly;
    status.state == SyncState::Busy || (status.state == SyncState::Synced && sends)
}

/// How many things somebody must decide.
fn to_settle(status: &SyncStatus) -> u64 {
    status.conflicts + status.rejected
}

/// Its colour, its symbol and its words: how it stands, what waits, what is to be settled.
fn look(status: &SyncStatus) -> (&'static str, &'static str, String) {
    let settle = to_settle(status);
    let (kind, symbol, text) = stands(status);
    let (kind, symbol) = match kind {
        "good" | "petrol busy" if settle > 0 => ("warm", WARNING),
        _ => (kind, symbol),
    };
    let is_told = !matches!(kind, "" | "petrol busy");
    let parts = [
        ("sync-waiting", if is_told { going(status) } else { 0 }),
        ("sync-held", status.held),
        ("sync-to-settle", settle),
    ];
    let parts = parts.into_iter().filter(|(_, count)| *count > 0);
    let parts = parts.map(|(name, count)| say_with(name, &[("count", &count.to_string())]));
    (kind, symbol, std::iter::once(text).chain(parts).collect::<Vec<_>>().join(" · "))
}

fn stands(status: &SyncStatus) -> (&'static str, &'static str, String) {
    match status.state {
        SyncState::Local => ("", LAPTOP, say("local-only")),
        SyncState::Stopped => ("bad", WARNING, say("sync-stopped")),
        SyncState::Waiting => ("warm", PERSON, say("sync-approval")),
        SyncState::SignedOut => ("warm", PERSON, say("sync-signed-out")),
        SyncState::Offline => {
            let text = match status.failed_at {
                Some(at) => say_with("sync-offline-since", &[("at", &clock::short(at))]),
                None => say("sync-offline"),
            };
            ("warm", CUT_OFF, text)
        }
        _ if is_under_way(status) => ("petrol busy", ROUND, say("sync-busy")),
        SyncState::Busy | SyncState::Synced => {
            let text = match status.synced_at {
                Some(at) => say_with("sync-synced", &[("at", &clock::short(at))]),
                None => say("sync-busy"),
            };
            ("good", TICK, text)
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

/// Above every page until the first exchange with the hub is done: how far it is, or what it waits
/// for. Nobody waits for it.
#[component]
pub(crate) fn FirstSync(props: &SyncChipProps) -> Html {
    let Some(status) = use_sync() else { return html! {} };
    let Some(first) = status.first else { return html! {} };
    let (text, progress) = match status.state {
        SyncState::Busy => (how_far(first), true),
        SyncState::Waiting if first.is_upload => (say("approval-text"), false),
        SyncState::Waiting => (say("first-approval"), false),
        SyncState::Offline if first.is_upload => (say("first-upload-offline"), false),
        SyncState::Offline => (say("first-fill-offline"), false),
        SyncState::Stopped if first.is_upload => (say("first-upload-stopped"), false),
        SyncState::Stopped => (say("first-fill-stopped"), false),
        SyncState::SignedOut if !first.is_upload => (say("first-fill-signed-out"), false),
        _ => return html! {},
    };
    let (max, value) = if first.total > 0 {
        (Some(first.total.to_string()), Some(first.done.to_string()))
    } else {
        (None, None)
    };
    let more = props.go.reform(|_: MouseEvent| Page::Sync);
    html! {
        <div class="hint first-sync" role="status">
            <span>{ text }</span>
            if progress { <progress aria-label={say("nav-sync")} {max} {value} /> }
            if !props.current { <button class="link" onclick={more}>{ say("first-more") }</button> }
        </div>
    }
}

fn how_far(first: commands::FirstSync) -> String {
    let count = first.done.to_string();
    let done = domain::Quantity(i64::try_from(first.done).unwrap_or(0) * 1000);
    let done = domain::format::quantity(done, language());
    let many = [("count", count.as_str()), ("done", done.as_str())];
    if first.is_upload {
        let percent = (first.done * 100 / first.total.max(1)).to_string();
        say_with("first-upload", &[("percent", &percent)])
    } else if first.done == 0 {
        say("first-fill-begins")
    } else if first.is_loading {
        say_with("first-load", &many)
    } else {
        say_with("first-fill", &many)
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    fn status(state: SyncState) -> SyncStatus {
        SyncStatus {
            state,
            address: "https://hub.example".into(),
            email: "petra@kontor.example".into(),
            role: Role::SalesRep,
            // Without a time: tests have no clock of a window.
            synced_at: None,
            checked_at: None,
            mended: 0,
            is_to_be_filled: false,
            first: None,
            failure: None,
            failed_at: None,
            waiting: 0,
            held: 0,
            conflicts: 0,
            rejected: 0,
        }
    }

    #[test]
    fn how_it_stands_comes_before_what_is_to_be_settled() {
        crate::say::speak(Language::En);
        let status = SyncStatus { waiting: 40, conflicts: 1, ..status(SyncState::SignedOut) };
        let (kind, _, text) = look(&status);
        assert_eq!((kind, &*text), ("warm", "Signed out · 40 changes waiting · 1 to settle"));
    }

    #[test]
    fn what_waits_for_a_newer_hub_is_not_under_way() {
        crate::say::speak(Language::En);
        let held = SyncStatus { waiting: 2, held: 2, ..status(SyncState::Synced) };
        assert!(!is_under_way(&held));
        assert!(look(&held).2.ends_with(" · 2 changes wait for a newer hub"));
        let going = SyncStatus { waiting: 3, ..held };
        assert!(is_under_way(&going));
        let looks_only = SyncStatus { role: Role::ReadOnly, ..going };
        assert!(!is_under_way(&looks_only));
    }
}
