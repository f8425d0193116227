//! Everything that happened with a customer, in one stream.

use commands::{
    ListTimeline,
    view::{TimelineEntry, TimelineKind, Window},
};
use domain::{Id, format};
use yew::prelude::*;

use super::use_answer;
use crate::{
    clock,
    route::Page,
    say::{language, say, say_with},
    widget::{Go, chip, status, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct TimelineProps {
    /// The customer.
    pub(crate) id: Id,
    pub(crate) go: Go,
}

/// Entries shown at once.
const PAGE: u64 = 50;

#[component]
pub(crate) fn Timeline(props: &TimelineProps) -> Html {
    let kinds = use_state(Vec::<TimelineKind>::new);
    let limit = use_state(|| PAGE);
    let window = Window { offset: 0, limit: *limit };
    let request = ListTimeline { customer_id: props.id, kinds: (*kinds).clone(), window };
    let Some(list) = use_answer(request) else { return html! {} };
    let filters: [(&str, Vec<TimelineKind>); 5] = [
        ("all", vec![]),
        ("timeline-visits", vec![TimelineKind::Visit, TimelineKind::Meeting]),
        ("timeline-calls", vec![TimelineKind::Call]),
        ("timeline-emails", vec![TimelineKind::Email]),
        ("timeline-papers", vec![TimelineKind::Quote, TimelineKind::Opportunity]),
    ];
    let more = {
        let limit = limit.clone();
        move |_| limit.set(*limit + PAGE)
    };
    html! {
        <section>
            <h2 class="with-filters">{ say("timeline") }<span>{ for filters.into_iter().map(|(name, wanted)| {
                let (set, on) = (kinds.clone(), *kinds == wanted);
                html! { <button class={classes!("filter", on.then_some("on"))} aria-pressed={on.to_string()} onclick={move |_| set.set(wanted.clone())}>{ say(name) }</button> }
            }) }</span></h2>
            <ul class="timeline">{ for list.rows.iter().map(|entry| timeline_entry(entry, &props.go)) }</ul>
            if list.rows.is_empty() { <p class="quiet">{ say(if kinds.is_empty() { "nothing-happened" } else { "nothing-happened-so" }) }</p> }
            if list.total > list.rows.len() as u64 { <button onclick={more}>{ say("show-more") }</button> }
        </section>
    }
}

fn timeline_entry(entry: &TimelineEntry, go: &Go) -> Html {
    let (name, page) = match entry.kind {
        TimelineKind::Call => ("communication-call", None),
        TimelineKind::Email => ("communication-email", None),
        TimelineKind::Meeting => ("communication-meeting", None),
        TimelineKind::Visit => ("communication-visit", None),
        TimelineKind::Note => ("communication-note", None),
        TimelineKind::Quote => ("kind-quote", Some(Page::Quote(entry.id))),
        TimelineKind::Opportunity => {
            ("kind-opportunity", Some(Page::Opportunity(entry.id, Id::NIL)))
        }
        TimelineKind::Task => ("kind-task", None),
        TimelineKind::Document => ("kind-document", None),
    };
    let amount = entry
        .amount
        .map(|amount| format!(" · {}", format::money(amount, "EUR", language())))
        .unwrap_or_default();
    let subject = format!("{}{amount}", entry.subject);
    let aside = match (entry.follow_up_at, page.is_some(), entry.contact.as_str()) {
        (Some(at), ..) => chip(
            "warm",
            say_with(
                "follow-up-on",
                &[("day", &format::day_short(clock::local(at).date_naive(), language()))],
            ),
        ),
        (None, true, _) => status(&entry.status),
        (None, false, "") => html! {},
        (None, false, contact) => chip("", contact.to_owned()),
    };
    html! {
        <li key={format!("{}-{}", entry.id, name)}>
            <span class="when" title={clock::full(entry.at)}>{ clock::short(entry.at) }</span>
            <strong>{ say(name) }</strong>
            <div>{ match page { Some(page) => way(go, page, &subject), None => html! { subject } } }
                if !entry.body.is_empty() { <div class="quiet">{ &entry.body }</div> }</div>
            { aside }
        </li>
    }
}
