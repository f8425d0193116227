//! A change that the hub did not take: why, and what becomes of it.

use commands::{CorrectRejection, DropRejection, SendRejection, view::RejectionView};
use domain::Refusal;
use yew::prelude::*;

use super::{order, sync_correct::Correct, sync_done::Done};
use crate::{
    backend, clock,
    say::{self, say, say_with},
    session::World,
    toast,
    value::field_name,
    widget::{Dialog, Go},
};

/// The field of a refusal as the change has it: of a quote's line `quantity`, not
/// `lines.3.quantity`.
pub(super) fn refused_field(refusal: &Refusal) -> Option<&str> {
    refusal.field.as_deref().map(|field| field.rsplit('.').next().unwrap_or(field))
}

/// Why it was not taken, with the field that it is about.
fn why(rejection: &RejectionView) -> String {
    let why = say::refusal(&rejection.refusal);
    let Some(field) = refused_field(&rejection.refusal) else { return why };
    let has_it = |change: &&domain::Change| change.fields.contains_key(field);
    let change = rejection.changes.iter().find(has_it).or(rejection.changes.first());
    let name = field_name(change.map_or("", |change| &change.entity), field);
    say_with("rejected-at-field", &[("field", &name), ("why", &why)])
}

#[derive(Properties, PartialEq)]
pub(super) struct RejectedProps {
    pub(super) rejection: RejectionView,
    pub(super) go: Go,
}

#[component]
pub(super) fn Rejected(props: &RejectedProps) -> Html {
    let RejectionView { changeset_id, at, operation, subject, changes, count, .. } =
        &props.rejection;
    let asks = use_state(|| false);
    let corrects = use_state(|| false);
    let wrong = use_state(Vec::<Refusal>::new);
    let world = use_context::<World>();
    let is_allowed =
        world.is_none_or(|world| changes.iter().all(|change| world.may_write(&change.entity)));
    let changeset_id = *changeset_id;
    let what = say::done_to(operation, subject);
    let say_made = |message: &str| {
        let made = say_with(message, &[("what", &what)]);
        let nothing = say_with("sent-again-nothing", &[("what", &what)]);
        // What changed nothing cannot be taken back.
        move |is_changed: bool| if is_changed { toast::done(made) } else { toast::note(nothing) }
    };
    let again = {
        let said = say_made("sent-again");
        move |_| order(SendRejection { changeset_id }, None, said.clone())
    };
    let correct = {
        let (said, wrong) = (say_made("corrected"), wrong.clone());
        Callback::from(move |corrections| {
            let (said, wrong) = (said.clone(), wrong.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(CorrectRejection { changeset_id, corrections }).await {
                    Ok(is_changed) => said(is_changed),
                    Err(failure) => {
                        wrong.set(failure.refusals.clone());
                        if failure.refusals.iter().all(|refusal| refusal.field.is_none()) {
                            toast::failure(&failure);
                        }
                    }
                }
            });
        })
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
    let is_correcting = *corrects && is_allowed;
    html! {
        <li>
            <span class="when" title={clock::full(*at)}>{ clock::short(*at) }</span>
            <div><Done operation={operation.clone()} subject={subject.clone()} changes={changes.clone()}
                    count={*count} is_here={false} go={props.go.clone()} />
                if !is_correcting { <p class="why">{ why(&props.rejection) }</p> }
                if is_correcting {
                    <Correct rejection={props.rejection.clone()} wrong={(*wrong).clone()} send={correct}
                        leave={let corrects = corrects.setter(); Callback::from(move |()| corrects.set(false))} />
                }
            </div>
            <div class="actions">
                if is_allowed && !is_correcting {
                    if super::sync_correct::can_correct(&props.rejection) {
                        <button class="correct" onclick={let corrects = corrects.setter(); move |_| corrects.set(true)}>{ say("correct") }</button>
                    }
                    <button class="send-again" onclick={again}>{ say("try-again") }</button>
                }
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
