//! What somebody did, as one line with its fields on demand.

use domain::{Change, ChangeKind, Id};
use yew::prelude::*;

use crate::{
    route::Page,
    say::{self, say, say_with},
    value::{changed_fields, has_changed_fields, referred_by, use_names},
    widget::{Go, way},
};

#[derive(Properties, PartialEq)]
pub(super) struct DoneProps {
    /// What was done.
    pub(super) operation: AttrValue,
    /// To what.
    pub(super) subject: AttrValue,
    /// What changed, the first changes of many.
    pub(super) changes: Vec<Change>,
    /// How many there are in all.
    pub(super) count: u64,
    /// Whether what it made is here.
    pub(super) is_here: bool,
    pub(super) go: Go,
}

/// The page of what a change was made to, or of its customer, as far as they are here.
fn place(changes: &[Change], is_here: bool) -> Option<Page> {
    changes.iter().find_map(|change| {
        let its_customer = || {
            let field = change.fields.get("customer_id")?;
            let id = field.to.as_str()?.parse().ok()?;
            let made = |other: &Change| other.id == id && other.kind == ChangeKind::Insert;
            (is_here || !changes.iter().any(made)).then_some(Page::Customer(id))
        };
        if !is_here && change.kind == ChangeKind::Insert {
            return its_customer();
        }
        match change.entity.as_str() {
            "customer" => Some(Page::Customer(change.id)),
            "quote" => Some(Page::Quote(change.id)),
            "opportunity" => Some(Page::Opportunity(change.id, Id::NIL)),
            "contact" => Some(Page::ContactForm(change.id, Id::NIL)),
            _ => its_customer(),
        }
    })
}

#[component]
pub(super) fn Done(props: &DoneProps) -> Html {
    let DoneProps { operation, subject, changes, count, is_here, go } = props;
    let is_open = use_state(|| false);
    let title = match place(changes, *is_here).filter(|_| !subject.is_empty()) {
        Some(page) => {
            html! { <>{ say::operation(operation) }{ " · " }{ way(go, page, subject) }</> }
        }
        None => html! { say::done_to(operation, subject) },
    };
    let more = count.saturating_sub(changes.len() as u64);
    html! { <><strong>{ title }</strong>
        if has_changed_fields(changes) {
            <details>
                <summary onclick={let is_open = is_open.setter(); move |_| is_open.set(true)}>{ say("show-fields") }</summary>
                if *is_open { <Edits changes={changes.clone()} {more} /> }
            </details>
        }
    </> }
}

#[derive(Properties, PartialEq)]
struct EditsProps {
    changes: Vec<Change>,
    more: u64,
}

/// The fields, drawn when they are asked for: an import has many.
#[component]
fn Edits(props: &EditsProps) -> Html {
    let names = use_names(referred_by(props.changes.iter()));
    html! { <>
        { changed_fields(&names, &props.changes) }
        if props.more > 0 { <p class="quiet">{ say_with("changes-more", &[("count", &props.more.to_string())]) }</p> }
    </> }
}
