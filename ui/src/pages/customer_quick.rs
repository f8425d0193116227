//! The line that logs what just happened at a customer.

use commands::LogQuick;
use domain::{CommunicationKind, Id};
use yew::prelude::*;

use super::{
    draft::{drop_draft, keep_draft},
    order,
};
use crate::{
    clock,
    form::typed,
    say::{language, say, say_with},
    toast,
};

#[derive(Properties, PartialEq)]
pub(crate) struct QuickEntryProps {
    /// The customer.
    pub(crate) id: Id,
}

#[component]
pub(crate) fn QuickEntry(props: &QuickEntryProps) -> Html {
    let text = use_state(String::new);
    let kind = use_state(|| CommunicationKind::Visit);
    let customer_id = props.id;
    let key = format!("quick:{customer_id}");
    {
        // What was typed before a crash is there again.
        let (text, key) = (text.setter(), key.clone());
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                if let Ok(Some(draft)) = crate::backend::call(commands::GetDraft { key }).await
                    && let Some(kept) = draft.input.as_str()
                {
                    text.set(kept.to_owned());
                }
            });
        });
    }
    let oninput = {
        let (text, key) = (text.clone(), key.clone());
        Callback::from(move |event: InputEvent| {
            let now = typed(&event);
            text.set(now.clone());
            keep_draft(key.clone(), now.into());
        })
    };
    let log = {
        let (text, kind, key) = (text.clone(), kind.clone(), key.clone());
        Callback::from(move |()| {
            if text.trim().is_empty() {
                return;
            }
            let request =
                LogQuick { customer_id, kind: *kind, text: (*text).clone(), language: language() };
            let (text, key) = (text.clone(), key.clone());
            order(request, None, move |logged| {
                toast::done(match logged.follow_up_at {
                    Some(at) => say_with("logged-with-follow-up", &[("at", &clock::full(at))]),
                    None => say("logged"),
                });
                text.set(String::new());
                drop_draft(key);
            });
        })
    };
    let onkeydown = {
        let log = log.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                log.emit(());
            }
        }
    };
    let onchange = {
        let kind = kind.clone();
        move |event: Event| {
            kind.set(
                CommunicationKind::from_text(&crate::form::value_of(&event)).unwrap_or_default(),
            )
        }
    };
    html! {
        <div class="card quick">
            <select aria-label={say("kind-of-talk")} name="quick-kind" {onchange}>{ for CommunicationKind::ALL.iter().map(|one| html! {
                <option value={one.as_str()} selected={one == &*kind}>{ say(&format!("communication-{one}")) }</option> }) }</select>
            <input name="quick" aria-label={say("quick-label")} placeholder={say("quick-hint")} value={(*text).clone()} {oninput} {onkeydown} />
            <button class="primary" id="log" onclick={move |_| log.emit(())}>{ say("log") }</button>
        </div>
    }
}
