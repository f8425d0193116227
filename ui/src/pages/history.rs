//! Who changed what in a record.

use commands::{ListHistory, view::Window};
use domain::Id;
use yew::prelude::*;

use super::use_answer;
use crate::{
    clock,
    say::{self, say},
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
    let Some(list) = use_answer(request) else { return html! {} };
    let shown = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "–".to_owned(),
        serde_json::Value::String(text) if text.is_empty() => "–".to_owned(),
        serde_json::Value::String(text) => text.chars().take(120).collect(),
        other => other.to_string(),
    };
    html! { <section class="card narrow-page"><ul class="changes history">{ for list.rows.iter().map(|entry| html! {
        <li><span class="when">{ clock::full(entry.at) }</span>
            <span>{ say::operation(&entry.operation) }
                if !entry.is_insert { <div class="quiet">{ format!("{}: {} → {}", say(&format!("field-{}", entry.field.replace('_', "-"))), shown(&entry.change.from), shown(&entry.change.to)) }</div> }</span>
            <span class="quiet">{ &entry.by }</span></li>
    }) }</ul>if list.rows.is_empty() { <p class="quiet">{ say("no-history") }</p> }</section> }
}
