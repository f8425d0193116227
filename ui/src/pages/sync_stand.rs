//! Where sync stands: who is connected to what, since when, and what is in the way.

use std::rc::Rc;

use commands::{Failure, RunSync, SyncState, SyncStatus};
use yew::prelude::*;

use super::{connect::HubForm, sync_rounds::did};
use crate::{
    backend, clock,
    say::{self, say, say_with},
    toast,
};

#[derive(Properties, PartialEq)]
pub(super) struct StatusProps {
    pub(super) status: Rc<SyncStatus>,
}

/// Syncs at once and says what came of it.
fn sync_now(may_remove_much: bool, running: UseStateHandle<bool>) {
    running.set(true);
    wasm_bindgen_futures::spawn_local(async move {
        match backend::call(RunSync { may_remove_much, check: false }).await {
            Ok(report) => {
                let did = did([
                    report.sent,
                    report.received,
                    report.conflicts,
                    report.rejected,
                    report.mended,
                ]);
                toast::note(if did.is_empty() {
                    say("sync-nothing-new")
                } else {
                    say_with("sync-done", &[("did", &did)])
                });
            }
            Err(failure) => toast::failure(&failure),
        }
        running.set(false);
    });
}

#[component]
pub(super) fn SyncNow(props: &StatusProps) -> Html {
    let running = use_state(|| false);
    let is_possible =
        matches!(props.status.state, SyncState::Synced | SyncState::Offline | SyncState::Waiting)
            || (props.status.state == SyncState::Stopped && !needs_answer(&props.status));
    if !is_possible && !*running {
        return html! {};
    }
    let label = say(if *running { "sync-busy" } else { "sync-now" });
    let disabled = *running;
    let onclick = move |_| sync_now(false, running.clone());
    html! { <button class="primary" id="sync-now" {disabled} {onclick}>{ label }</button> }
}

fn code(status: &SyncStatus) -> &str {
    status.failure.as_ref().map_or("", |failure| failure.code.as_str())
}

/// Trying again alone does not help: somebody must answer something first.
fn needs_answer(status: &SyncStatus) -> bool {
    matches!(code(status), "hub-removes-much" | "device-rejected")
}

/// Who is connected to what, since when, and what is in the way.
#[component]
pub(super) fn Stand(props: &StatusProps) -> Html {
    let status = &props.status;
    let synced = status.synced_at.map_or_else(|| say("never"), clock::full);
    html! {
        <section class="card sync-stand" aria-label={say("sync-standing")}>
            <dl>
                <div><dt>{ say("hub") }</dt><dd>{ &status.address }</dd></div>
                <div><dt>{ say("signed-in-as") }</dt><dd>{ format!("{} · {}", status.email, say(&format!("hub-role-{}", status.role))) }</dd></div>
                <div><dt>{ say("synced-last") }</dt><dd>{ synced }</dd></div>
                if let Some(at) = status.checked_at {
                    <div><dt>{ say("checked-last") }</dt><dd>{ clock::full(at) }{ " · " }
                    { say_with("checked-mended", &[("count", &status.mended.to_string())]) }</dd></div>
                }
            </dl>
            { match (&status.state, &status.failure) {
                (SyncState::SignedOut, _) => html! {
                    <div class="hint warm"><p>{ say("signed-out-text") }</p>
                        <HubForm address={status.address.clone()} email={status.email.clone()} again={true} /></div>
                },
                (SyncState::Waiting, _) => html! { <p class="hint warm">{ say("approval-text") }</p> },
                (SyncState::Offline, Some(failure)) if failure.code == "hub-untrusted" => html! {
                    <div class="hint warm"><p>{ say::failure(failure) }</p><p class="quiet">{ &failure.sentence }</p></div>
                },
                (SyncState::Offline, _) => html! { <p class="hint warm">{ say("offline-text") }</p> },
                (SyncState::Stopped, Some(failure)) => html! { <Stopped failure={failure.clone()} /> },
                _ => html! {},
            } }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct StoppedProps {
    failure: Failure,
}

#[component]
fn Stopped(props: &StoppedProps) -> Html {
    let failure = &props.failure;
    let running = use_state(|| false);
    let disabled = *running;
    let onclick = move |_: MouseEvent| sync_now(true, running.clone());
    // What the hub or the system said in its own words helps whoever is asked for help.
    let is_rare = matches!(failure.code.as_str(), "internal" | "hub-refused");
    html! {
        <div class="hint bad" role="alert">
            <p>{ say::failure(failure) }</p>
            if is_rare { <p class="quiet">{ &failure.sentence }</p> }
            if failure.code == "hub-removes-much" {
                <div class="actions"><button id="remove-much" {disabled} {onclick}>{ say("remove-much") }</button></div>
            }
        </div>
    }
}
