//! A field that two people changed apart: both values side by side, and one click that settles it.

use commands::{SettleConflict, view::ConflictView};
use domain::{Choice, Id};
use yew::prelude::*;

use super::order;
use crate::{
    clock,
    route::Page,
    say::{say, say_with},
    session::World,
    value::{Names, field_name, shown},
    widget::{Go, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct ConflictCardProps {
    pub(crate) conflict: ConflictView,
    pub(crate) names: Names,
    pub(crate) go: Go,
}

/// The page of the record, or of its customer.
fn place(conflict: &ConflictView) -> Option<Page> {
    Some(match conflict.record_entity.as_str() {
        "customer" => Page::Customer(conflict.record_id),
        "quote" => Page::Quote(conflict.record_id),
        "contact" => Page::ContactForm(conflict.record_id, conflict.customer_id?),
        "opportunity" => {
            Page::Opportunity(conflict.record_id, conflict.customer_id.unwrap_or(Id::NIL))
        }
        _ => Page::Customer(conflict.customer_id?),
    })
}

/// Who did something, seen from the one who reads.
#[derive(Clone, Copy, PartialEq)]
enum By<'a> {
    Me,
    Named(&'a str),
    Unknown,
}

impl<'a> By<'a> {
    fn of(id: Id, name: &'a str, me: Id) -> Self {
        match name {
            _ if id == me => Self::Me,
            "" => Self::Unknown,
            name => Self::Named(name),
        }
    }

    fn said(self) -> String {
        match self {
            Self::Me => say("you"),
            Self::Named(name) => name.to_owned(),
            Self::Unknown => say("somebody-else"),
        }
    }
}

/// What happened to a record that was deleted and changed apart.
fn came_back_text(theirs: By<'_>, ours: By<'_>) -> String {
    let message = match (theirs, ours) {
        (By::Named(_), By::Named(_)) => "conflict-came-back",
        (By::Named(_), By::Unknown) => "conflict-came-back-by-other",
        (By::Named(_), By::Me) => "conflict-came-back-mine",
        (By::Unknown, By::Named(_)) => "conflict-came-back-unknown",
        (By::Unknown, By::Me) => "conflict-came-back-unknown-mine",
        (By::Me, By::Named(_)) => "conflict-came-back-deleted",
        (By::Me, By::Unknown) => "conflict-came-back-deleted-unknown",
        (By::Unknown, By::Unknown) | (By::Me, By::Me) => "conflict-came-back-both-unknown",
    };
    say_with(message, &[("theirs", &theirs.said()), ("ours", &ours.said())])
}

#[component]
pub(crate) fn ConflictCard(props: &ConflictCardProps) -> Html {
    let ConflictCardProps { conflict, names, go } = props;
    let world = use_context::<World>();
    let me = world.as_ref().map_or(Id::NIL, |world| world.user.id);
    let may = |entity: &str| world.as_ref().is_none_or(|world| world.may_write(entity));
    // Leaving it writes that alone; the other value is written into the record.
    let (may_leave, may_change) = (may("conflict"), may(&conflict.record_entity));
    let may_change = may_leave && may_change;
    let theirs_by = By::of(conflict.theirs_by_id, &conflict.theirs_by, me);
    let ours_by = By::of(conflict.ours_by_id, &conflict.ours_by, me);
    // An edit brought back what others had deleted: the record stands, not its deletion.
    let came_back = conflict.field == "deleted_at";
    let settle = |choice: Choice| {
        let (id, what) = (conflict.id, conflict.subject.clone());
        move |_: MouseEvent| {
            let said = say_with("conflict-settled", &[("what", &what)]);
            order(SettleConflict { id, choice }, Some(said), |()| {});
        }
    };
    let value = |value| shown(names, &conflict.record_entity, &conflict.field, value);
    let ours_when = format!("{} · {}", ours_by.said(), clock::full(conflict.ours_at));
    let kind = say(&format!("entity-{}", conflict.record_entity));
    let subject = match place(conflict) {
        Some(page) => way(go, page, &conflict.subject),
        None => html! { &conflict.subject },
    };
    let title = html! { <h3>{ subject }<span class="quiet">
    { if came_back || conflict.field == "id" { kind } else { format!("{kind} · {}", field_name(&conflict.record_entity, &conflict.field)) } }</span></h3> };
    if came_back {
        // Either side may be the deletion: what came to the hub later is "ours".
        let (text, delete, keep) = match conflict.ours.is_null() {
            true => (came_back_text(theirs_by, ours_by), Choice::Theirs, Choice::Ours),
            false => (came_back_text(ours_by, theirs_by), Choice::Ours, Choice::Theirs),
        };
        return html! {
            <article class="card conflict">{ title }
                <p>{ text }</p>
                <div class="actions">
                    <button class="theirs" disabled={!may_change} onclick={settle(delete)}>{ say("conflict-delete") }</button>
                    <button class="ours" disabled={!may_leave} onclick={settle(keep)}>{ say("conflict-keep-record") }</button>
                </div>
            </article>
        };
    }
    if conflict.field == "id" {
        return duplicate(conflict, &title, go, may_leave, settle(Choice::Theirs));
    }
    let put_back = match ours_by {
        By::Me => say("conflict-take-mine"),
        By::Named(name) => say_with("conflict-take", &[("who", name)]),
        By::Unknown => say("conflict-take-other"),
    };
    html! {
        <article class="card conflict">{ title }
            <div class="sides">
                <div class="side base"><span class="quiet">{ say("conflict-base") }</span><p>{ value(&conflict.base) }</p></div>
                <div class="side stands"><span class="quiet">{ say("conflict-stands") }</span><p>{ value(&conflict.now) }</p>
                    <span class="quiet">{ theirs_by.said() }</span>
                    <button class="theirs" disabled={!may_leave} onclick={settle(Choice::Theirs)}>{ say("conflict-keep") }</button></div>
                <div class="side apart"><span class="quiet">{ say(if ours_by == By::Me { "conflict-mine" } else { "conflict-apart" }) }</span><p>{ value(&conflict.ours) }</p>
                    <span class="quiet">{ ours_when }</span>
                    <button class="ours" disabled={!may_change} onclick={settle(Choice::Ours)}>{ put_back }</button></div>
            </div>
        </article>
    }
}

/// Two records that have what only one should have: both stay, until somebody has looked at them.
fn duplicate(
    conflict: &ConflictView,
    title: &Html,
    go: &Go,
    may_leave: bool,
    keep_both: impl Fn(MouseEvent) + 'static,
) -> Html {
    let field = conflict.base.as_str().unwrap_or_default();
    let other = conflict.theirs.as_str().and_then(|id| id.parse::<Id>().ok());
    let text = [("field", field_name(&conflict.record_entity, field))];
    let text: Vec<(&str, &str)> =
        text.iter().map(|(name, value)| (*name, value.as_str())).collect();
    html! {
        <article class="card conflict">{ title.clone() }
            <p>{ say_with("duplicate-text", &text) }
            if let Some(other) = other { { " " }{ way(go, Page::Customer(other), &say("duplicate-other")) } }</p>
            <div class="actions"><button class="theirs" disabled={!may_leave} onclick={keep_both}>{ say("duplicate-keep") }</button></div>
        </article>
    }
}
