//! The last row of a quote: it finds articles and adds lines.

use commands::{MakeQuoteLine, Search, view::SearchKind};
use domain::{Id, LineKind, Quantity};
use yew::prelude::*;

use super::{quote_input::LineInput, use_answer};
use crate::{backend, form::typed, palette::marked, say::say, toast};

#[derive(Properties, PartialEq)]
pub(crate) struct AddLineProps {
    pub(crate) quote_id: Id,
    pub(crate) lines: Vec<LineInput>,
    pub(crate) change: Callback<Vec<LineInput>>,
}

/// The last row: typing finds articles; Enter takes one.
#[component]
pub(crate) fn AddLine(props: &AddLineProps) -> Html {
    let text = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let hits =
        use_answer(Search { text: (*text).clone(), kinds: vec![SearchKind::Article], limit: 8 });
    let hits =
        hits.filter(|_| !text.trim().is_empty()).map(|hits| (*hits).clone()).unwrap_or_default();
    let add = {
        let (text, lines, change, quote_id) =
            (text.clone(), props.lines.clone(), props.change.clone(), props.quote_id);
        Callback::from(move |article_id: Id| {
            let (text, lines, change) = (text.clone(), lines.clone(), change.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(MakeQuoteLine {
                    quote_id,
                    article_id,
                    quantity: Quantity::whole(1),
                })
                .await
                {
                    Ok(line) => {
                        let mut next = lines.clone();
                        next.push(LineInput::of(&line));
                        change.emit(next);
                        text.set(String::new());
                    }
                    Err(failure) => toast::failure(&failure),
                }
            });
        })
    };
    let add_plain = {
        let (text, lines, change) = (text.clone(), props.lines.clone(), props.change.clone());
        Callback::from(move |kind: LineKind| {
            let mut next = lines.clone();
            next.push(LineInput::plain(kind, (*text).clone()));
            change.emit(next);
            text.set(String::new());
        })
    };
    let onkeydown = {
        let (hits, chosen, add, add_plain, text) =
            (hits.clone(), chosen.clone(), add.clone(), add_plain.clone(), text.clone());
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => chosen.set((*chosen + 1).min(hits.len().saturating_sub(1))),
                "ArrowUp" => chosen.set(chosen.saturating_sub(1)),
                "Enter" => match hits.get(*chosen) {
                    Some(hit) => {
                        chosen.set(0);
                        add.emit(hit.id);
                    }
                    None if !text.trim().is_empty() => add_plain.emit(LineKind::Text),
                    None => {}
                },
                _ => return,
            }
            event.prevent_default();
        }
    };
    let oninput = {
        let text = text.clone();
        move |event: InputEvent| text.set(typed(&event))
    };
    let plain = |kind: LineKind, name: &str| {
        let add_plain = add_plain.clone();
        html! { <button class="link" onclick={move |_| add_plain.emit(kind)}>{ say(name) }</button> }
    };
    html! {
        <div class="add-line">
            <input name="add-line" aria-label={say("add-line-label")} placeholder={say("add-line-hint")} value={(*text).clone()} {oninput} {onkeydown} autocomplete="off" />
            { plain(LineKind::Text, "add-text") }{ plain(LineKind::Subtotal, "add-subtotal") }{ plain(LineKind::Article, "add-free") }
            if !hits.is_empty() {
                <ul class="suggestions">{ for hits.iter().enumerate().map(|(index, hit)| {
                    let (add, id) = (add.clone(), hit.id);
                    html! { <li class={classes!((index == *chosen).then_some("current"))}><button type="button" onclick={move |_| add.emit(id)}>{ marked(&hit.title) }<span class="quiet">{ format!(" {}", hit.detail.text) }</span></button></li> }
                }) }</ul>
            }
        </div>
    }
}
