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

fn by(name: &str) -> String {
    if name.is_empty() { say("somebody") } else { name.to_owned() }
}

#[component]
pub(crate) fn ConflictCard(props: &ConflictCardProps) -> Html {
    let ConflictCardProps { conflict, names, go } = props;
    let me = use_context::<World>().map(|world| world.user.name.clone()).unwrap_or_default();
    let is_mine = conflict.ours_by == me;
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
    let (theirs_by, ours_by) = (by(&conflict.theirs_by), by(&conflict.ours_by));
    let ours_when = format!("{ours_by} · {}", clock::full(conflict.ours_at));
    let kind = say(&format!("entity-{}", conflict.record_entity));
    let subject = match place(conflict) {
        Some(page) => way(go, page, &conflict.subject),
        None => html! { &conflict.subject },
    };
    let title = html! { <h3>{ subject }<span class="quiet">
    { if came_back || conflict.field == "id" { kind } else { format!("{kind} · {}", field_name(&conflict.record_entity, &conflict.field)) } }</span></h3> };
    if came_back {
        let text = [("theirs", theirs_by.as_str()), ("ours", ours_by.as_str())];
        return html! {
            <article class="card conflict">{ title }
                <p>{ say_with("conflict-came-back", &text) }</p>
                <div class="actions">
                    <button class="theirs" onclick={settle(Choice::Theirs)}>{ say("conflict-delete") }</button>
                    <button class="ours" onclick={settle(Choice::Ours)}>{ say("conflict-keep-record") }</button>
                </div>
            </article>
        };
    }
    if conflict.field == "id" {
        return duplicate(conflict, &title, go, settle(Choice::Theirs));
    }
    let put_back = if is_mine {
        say("conflict-take-mine")
    } else {
        say_with("conflict-take", &[("who", &ours_by)])
    };
    html! {
        <article class="card conflict">{ title }
            <div class="sides">
                <div class="side base"><span class="quiet">{ say("conflict-base") }</span><p>{ value(&conflict.base) }</p></div>
                <div class="side stands"><span class="quiet">{ say("conflict-stands") }</span><p>{ value(&conflict.theirs) }</p>
                    <span class="quiet">{ theirs_by }</span>
                    <button class="theirs" onclick={settle(Choice::Theirs)}>{ say("conflict-keep") }</button></div>
                <div class="side apart"><span class="quiet">{ say(if is_mine { "conflict-mine" } else { "conflict-apart" }) }</span><p>{ value(&conflict.ours) }</p>
                    <span class="quiet">{ ours_when }</span>
                    <button class="ours" onclick={settle(Choice::Ours)}>{ put_back }</button></div>
            </div>
        </article>
    }
}

/// Two records that have what only one should have: both stay, until somebody has looked at them.
fn duplicate(
    conflict: &ConflictView,
    title: &Html,
    go: &Go,
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
            <div class="actions"><button class="theirs" onclick={keep_both}>{ say("duplicate-keep") }</button></div>
        </article>
    }
}
