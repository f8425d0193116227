//! The sync centre: where sync stands, what must be decided, what waits.

use std::rc::Rc;

use commands::{
    DropRejection, Failure, ListConflicts, ListRejections, ListWaiting, Request, RunSync,
    SendRejection, SyncState, SyncStatus,
    view::{RejectionView, WaitingView},
};
use domain::{Change, ChangeKind, Id};
use yew::prelude::*;

use super::{connect::HubForm, order, sync_conflict::ConflictCard};
use crate::{
    backend, clock,
    route::Page,
    say::{self, say, say_with},
    session::World,
    sync_chip::use_sync,
    toast,
    value::{Names, changed_fields, referred, referred_by, use_names},
    widget::{Dialog, Go, Head, empty, way},
};

/// What the app answers; asked again when a record changes or sync went on.
#[hook]
fn use_sync_answer<R: Request + Clone + PartialEq + 'static>(request: R) -> Option<Rc<R::Reply>> {
    let answer = use_state(|| None::<Rc<R::Reply>>);
    let heard = use_context::<World>().map_or((0, 0), |world| (world.changes, world.sync));
    {
        let answer = answer.setter();
        use_effect_with((request, heard), move |(request, _)| {
            let current = Rc::new(std::cell::Cell::new(true));
            let (asked, request) = (current.clone(), request.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(request).await {
                    Ok(found) if asked.get() => answer.set(Some(Rc::new(found))),
                    Ok(_) => {}
                    Err(failure) => toast::failure(&failure),
                }
            });
            move || current.set(false)
        });
    }
    (*answer).clone()
}

#[derive(Properties, PartialEq)]
pub(crate) struct SyncCentreProps {
    pub(crate) go: Go,
}

#[component]
pub(crate) fn SyncCentre(props: &SyncCentreProps) -> Html {
    let go = &props.go;
    let status = use_sync();
    let conflicts = use_sync_answer(ListConflicts {});
    let rejections = use_sync_answer(ListRejections {});
    let waiting = use_sync_answer(ListWaiting {});
    let names = {
        let in_conflicts = conflicts.iter().flat_map(|list| list.iter()).flat_map(|conflict| {
            let values = [&conflict.base, &conflict.theirs, &conflict.ours];
            referred(values.into_iter().map(|value| (conflict.field.as_str(), value)))
        });
        let rejected = rejections.iter().flat_map(|list| list.iter()).flat_map(|one| &one.changes);
        let waits = waiting.iter().flat_map(|list| list.iter()).flat_map(|one| &one.changes);
        let mut wanted: Vec<(String, Id)> = in_conflicts.collect();
        wanted.extend(referred_by(rejected.chain(waits)));
        wanted.sort();
        wanted.dedup();
        use_names(wanted)
    };
    let (Some(status), Some(conflicts), Some(rejections), Some(waiting)) =
        (status, conflicts, rejections, waiting)
    else {
        return html! {};
    };
    if status.state == SyncState::Local {
        let connect = html! { <button class="primary" onclick={go.reform(|_: MouseEvent| Page::Settings)}>{ say("hub-connect") }</button> };
        return html! { <>
            <Head title={say("nav-sync")} />
            { empty(say("local-only"), say("sync-local-text"), connect) }
        </> };
    }
    let is_calm = conflicts.is_empty() && rejections.is_empty() && waiting.is_empty();
    html! {
        <div class="sync-centre">
            <Head title={say("nav-sync")}><SyncNow status={status.clone()} /></Head>
            <Stand status={status.clone()} />
            if !conflicts.is_empty() {
                <section aria-labelledby="conflicts">
                    <h2 id="conflicts">{ say("conflicts") }<span class="count">{ conflicts.len() }</span></h2>
                    <p class="quiet">{ say("conflicts-text") }</p>
                    { for conflicts.iter().map(|conflict| html! {
                        <ConflictCard key={conflict.id.to_string()} conflict={conflict.clone()} names={names.clone()} go={go.clone()} />
                    }) }
                </section>
            }
            if !rejections.is_empty() {
                <section aria-labelledby="rejections">
                    <h2 id="rejections">{ say("rejections") }<span class="count">{ rejections.len() }</span></h2>
                    <p class="quiet">{ say("rejections-text") }</p>
                    <ul class="card waiting">{ for rejections.iter().map(|rejection| html! {
                        <Rejected key={rejection.changeset_id.to_string()} rejection={rejection.clone()} names={names.clone()} go={go.clone()} />
                    }) }</ul>
                </section>
            }
            if !waiting.is_empty() {
                <section aria-labelledby="waiting">
                    <h2 id="waiting">{ say("waiting") }<span class="count">{ status.waiting }</span></h2>
                    <p class="quiet">{ say("waiting-text") }</p>
                    <ul class="card waiting">{ for waiting.iter().rev().map(|one| waiting_line(one, &names, go)) }</ul>
                    if status.waiting > waiting.len() as u64 {
                        <p class="quiet">{ say_with("waiting-more", &[("count", &(status.waiting - waiting.len() as u64).to_string())]) }</p>
                    }
                </section>
            }
            if is_calm && status.state == SyncState::Synced { { empty(say("sync-calm"), say("sync-calm-text"), html! {}) } }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct StatusProps {
    status: Rc<SyncStatus>,
}

/// Syncs at once and says what came of it.
fn sync_now(may_remove_much: bool, running: UseStateHandle<bool>) {
    running.set(true);
    wasm_bindgen_futures::spawn_local(async move {
        match backend::call(RunSync { may_remove_much, check: false }).await {
            Ok(report) => {
                let (sent, received) = (report.sent.to_string(), report.received.to_string());
                toast::note(if report.sent + report.received + report.rejected == 0 {
                    say("sync-nothing-new")
                } else {
                    say_with("sync-done", &[("sent", &sent), ("received", &received)])
                });
            }
            Err(failure) => toast::failure(&failure),
        }
        running.set(false);
    });
}

#[component]
fn SyncNow(props: &StatusProps) -> Html {
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
fn Stand(props: &StatusProps) -> Html {
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

/// The page of what a change was made to, where there is one and the record is here.
fn place(changes: &[Change]) -> Option<Page> {
    changes.iter().find_map(|change| match (change.entity.as_str(), change.kind) {
        ("customer", ChangeKind::Update) => Some(Page::Customer(change.id)),
        ("quote", ChangeKind::Update) => Some(Page::Quote(change.id)),
        ("opportunity", ChangeKind::Update) => Some(Page::Opportunity(change.id, Id::NIL)),
        _ => None,
    })
}

/// What was done, with its fields on demand.
fn done(operation: &str, subject: &str, changes: &[Change], names: &Names, go: &Go) -> Html {
    let title = match place(changes).filter(|_| !subject.is_empty()) {
        Some(page) => {
            html! { <>{ say::operation(operation) }{ " · " }{ way(go, page, subject) }</> }
        }
        None => html! { say::done_to(operation, subject) },
    };
    let fields = changed_fields(names, changes);
    html! { <><strong>{ title }</strong>
        if fields != Html::default() { <details><summary>{ say("show-fields") }</summary>{ fields }</details> }
    </> }
}

fn waiting_line(one: &WaitingView, names: &Names, go: &Go) -> Html {
    html! {
        <li key={one.changeset_id.to_string()}>
            <span class="when" title={clock::full(one.at)}>{ clock::short(one.at) }</span>
            <div>{ done(&one.operation, &one.subject, &one.changes, names, go) }
            if one.is_held { <p class="quiet">{ say("waiting-held") }</p> }</div>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct RejectedProps {
    rejection: RejectionView,
    names: Names,
    go: Go,
}

#[component]
fn Rejected(props: &RejectedProps) -> Html {
    let RejectionView { changeset_id, at, operation, subject, refusal, changes } = &props.rejection;
    let asks = use_state(|| false);
    let changeset_id = *changeset_id;
    let what = say::done_to(operation, subject);
    let again = {
        let said = say_with("sent-again", &[("what", &what)]);
        move |_| order(SendRejection { changeset_id }, Some(said.clone()), |()| {})
    };
    let close = {
        let asks = asks.setter();
        Callback::from(move |()| asks.set(false))
    };
    let give_up = {
        let (close, said) = (close.clone(), say_with("given-up", &[("what", &what)]));
        move |_| {
            close.emit(());
            let said = said.clone();
            order(DropRejection { changeset_id }, None, move |()| toast::note(said));
        }
    };
    html! {
        <li>
            <span class="when" title={clock::full(*at)}>{ clock::short(*at) }</span>
            <div>{ done(operation, subject, changes, &props.names, &props.go) }
                <p class="why">{ say::refusal(refusal) }</p></div>
            <div class="actions">
                <button class="send-again" onclick={again}>{ say("try-again") }</button>
                <button class="give-up" onclick={let asks = asks.setter(); move |_| asks.set(true)}>{ say("give-up") }</button>
            </div>
            if *asks {
                <Dialog title={say("give-up-title")} close={close.clone()}>
                    <p>{ say_with("give-up-text", &[("what", &what)]) }</p>
                    <div class="actions">
                        <button onclick={close.reform(|_: MouseEvent| ())}>{ say("cancel") }</button>
                        <button class="primary" id="given-up" onclick={give_up}>{ say("give-up") }</button>
                    </div>
                </Dialog>
            }
        </li>
    }
}
