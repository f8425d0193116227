//! The sync centre: where sync stands, what must be decided, what waits, what went and came.

use std::rc::Rc;

use commands::{
    ListConflicts, ListRejections, ListRounds, ListWaiting, Request, SyncState, view::WaitingView,
};
use domain::Id;
use yew::prelude::*;

use super::{
    sync_conflict::ConflictCard,
    sync_done::Done,
    sync_rejected::Rejected,
    sync_rounds::rounds as rounds_of,
    sync_stand::{Stand, SyncNow},
};
use crate::{
    backend, clock,
    route::Page,
    say::{say, say_with},
    session::World,
    sync_chip::use_sync,
    toast,
    value::{referred, use_names},
    widget::{Go, Head, empty},
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
            let values = [&conflict.base, &conflict.now, &conflict.ours];
            referred(values.into_iter().map(|value| (conflict.field.as_str(), value)))
        });
        let mut wanted: Vec<(String, Id)> = in_conflicts.collect();
        wanted.sort();
        wanted.dedup();
        use_names(wanted)
    };
    let rounds = use_sync_answer(ListRounds {});
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
                        <Rejected key={rejection.changeset_id.to_string()} rejection={rejection.clone()} go={go.clone()} />
                    }) }</ul>
                </section>
            }
            if !waiting.is_empty() {
                <section aria-labelledby="waiting">
                    <h2 id="waiting">{ say("waiting") }<span class="count">{ status.waiting }</span></h2>
                    <p class="quiet">{ say("waiting-text") }</p>
                    <ul class="card waiting">{ for waiting.iter().map(|one| waiting_line(one, go)) }</ul>
                    if status.waiting > waiting.len() as u64 {
                        <p class="quiet">{ say_with("waiting-more", &[("count", &(status.waiting - waiting.len() as u64).to_string())]) }</p>
                    }
                </section>
            }
            if is_calm && status.state == SyncState::Synced { { empty(say("sync-calm"), say("sync-calm-text"), html! {}) } }
            if let Some(list) = rounds { { rounds_of(&list) } }
        </div>
    }
}

fn waiting_line(one: &WaitingView, go: &Go) -> Html {
    html! {
        <li key={one.changeset_id.to_string()}>
            <span class="when" title={clock::full(one.at)}>{ clock::short(one.at) }</span>
            <div><Done operation={one.operation.clone()} subject={one.subject.clone()} changes={one.changes.clone()}
                count={one.count} is_here={true} go={go.clone()} />
            if one.is_held { <p class="quiet">{ say("waiting-held") }</p> }</div>
        </li>
    }
}
