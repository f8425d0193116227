//! Who changed what in a record.

use commands::{ListHistory, view::Window};
use domain::Id;
use yew::prelude::*;

use super::use_answer;
use crate::{
    clock,
    say::{self, say},
    value::{field_name, referred, shown, use_names},
};

#[derive(Properties, PartialEq)]
pub(crate) struct HistoryProps {
    pub(crate) entity: AttrValue,
    pub(crate) id: Id,
}

/// Who changed what in a record.
#[component]
pub(crate) fn History(props: &HistoryProps) -> Html {
    let window = Window { offset: 0, limit: 200 };
    let request = ListHistory { entity: props.entity.to_string(), id: props.id, window };
    let list = use_answer(request);
    let edits = list.iter().flat_map(|list| &list.rows).flat_map(|entry| {
        let name = entry.field.as_str();
        [(name, &entry.change.from), (name, &entry.change.to)]
    });
    let names = use_names(referred(edits));
    let Some(list) = list else { return html! {} };
    html! { <section class="card narrow-page"><ul class="changes history">{ for list.rows.iter().map(|entry| html! {
        <li><span class="when">{ clock::full(entry.at) }</span>
            <span>{ say::operation(&entry.operation) }
                if !entry.is_insert { <div class="quiet">{ format!("{}: {} → {}", field_name(&entry.entity, &entry.field), shown(&names, &entry.entity, &entry.field, &entry.change.from), shown(&names, &entry.entity, &entry.field, &entry.change.to)) }</div> }</span>
            <span class="quiet">{ &entry.by }</span></li>
    }) }</ul>if list.rows.is_empty() { <p class="quiet">{ say("no-history") }</p> }</section> }
}
