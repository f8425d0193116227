//! Small parts that pages are made of.

use domain::Id;
use yew::prelude::*;

use crate::{
    focus::{go_round, use_focus_inside},
    route::Page,
    say::say,
};

/// How a page goes somewhere else.
pub(crate) type Go = Callback<Page>;

/// A coloured word: a status, a tag.
pub(crate) fn chip(kind: &'static str, text: String) -> Html {
    html! { <span class={classes!("chip", kind)}>{ text }</span> }
}

/// The colour of a status: good, bad, waiting, over.
pub(crate) fn status_kind(status: &str) -> &'static str {
    match status {
        "active" | "won" | "accepted" | "done" | "converted" => "good",
        "blocked" | "lost" | "rejected" | "overdue" => "bad",
        "sent" | "expired" | "high" => "warm",
        "open" | "draft" => "petrol",
        _ => "",
    }
}

/// A status as a coloured word.
pub(crate) fn status(status: &str) -> Html {
    chip(status_kind(status), say(&format!("status-{status}")))
}

/// A page's head: the way back, its name, what can be done.
#[derive(Properties, PartialEq)]
pub(crate) struct HeadProps {
    /// Above the name: where it belongs.
    #[prop_or_default]
    pub(crate) above: Html,
    /// Its name.
    pub(crate) title: AttrValue,
    /// Beside the name: status, tags.
    #[prop_or_default]
    pub(crate) beside: Html,
    /// Buttons.
    #[prop_or_default]
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Head(props: &HeadProps) -> Html {
    html! {
        <header class="head">
            <div>
                <div class="above">{ props.above.clone() }</div>
                <div class="title"><h1>{ &props.title }</h1><span class="beside">{ props.beside.clone() }</span></div>
            </div>
            <div class="actions">{ props.children.clone() }</div>
        </header>
    }
}

/// A quiet text that leads to a page.
pub(crate) fn way(go: &Go, page: Page, text: &str) -> Html {
    let go = go.clone();
    let onclick = move |_| go.emit(page.clone());
    html! { <button type="button" class="link" {onclick}>{ text.to_owned() }</button> }
}

/// What a page says when there is nothing to show.
pub(crate) fn empty(title: String, text: String, action: Html) -> Html {
    html! {
        <div class="empty">
            <h2>{ title }</h2>
            <p>{ text }</p>
            { action }
        </div>
    }
}

/// Something over the page that must be answered; Esc leaves it.
#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    /// What it asks.
    pub(crate) title: AttrValue,
    /// Leaves it.
    pub(crate) close: Callback<()>,
    /// Its content.
    pub(crate) children: Html,
    /// Whether it needs room.
    #[prop_or_default]
    pub(crate) wide: bool,
}

#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let place = use_node_ref();
    use_focus_inside(&place);
    let onkeydown = {
        let (close, place) = (props.close.clone(), place.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
            go_round(&place, &event);
        })
    };
    let leave = {
        let close = props.close.clone();
        Callback::from(move |_: MouseEvent| close.emit(()))
    };
    let backdrop = {
        let close = props.close.clone();
        Callback::from(move |_: MouseEvent| close.emit(()))
    };
    let stay = Callback::from(|event: MouseEvent| event.stop_propagation());
    html! {
        <div class="backdrop" onmousedown={backdrop} {onkeydown}>
            <div class={classes!("dialog", props.wide.then_some("wide"))} role="dialog" aria-modal="true" tabindex="-1"
                aria-label={props.title.clone()} ref={place} onmousedown={stay}>
                <h2>{ &props.title }<button type="button" class="close leave" aria-label={say("close")} title={say("close")} onclick={leave}>{ "×" }</button></h2>
                { props.children.clone() }
            </div>
        </div>
    }
}

/// Two letters for a person.
pub(crate) fn initials(name: &str) -> String {
    let mut letters = name
        .split_whitespace()
        .filter(|part| !part.ends_with('.'))
        .filter_map(|part| part.chars().next());
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).collect::<String>().to_uppercase()
}

/// An id as a choice's value; empty for none.
pub(crate) fn id_text(id: Option<Id>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}
