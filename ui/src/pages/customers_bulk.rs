//! What can be done with many customers at once.

use std::rc::Rc;

use commands::{ChangeCustomers, Choices, CustomerChange, DeleteCustomers};
use domain::CustomerStatus;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::order_counted;
use crate::{
    form::typed,
    say::say,
    select::{BulkBar, Selection},
};

#[derive(Properties, PartialEq)]
pub(crate) struct CustomersBulkProps {
    pub(crate) selection: Selection,
    pub(crate) total: u64,
    pub(crate) choices: Rc<Choices>,
}

/// What was chosen. The choice shows its own name again: it is an order and no state.
fn taken(event: &Event) -> String {
    let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    select.map_or_else(String::new, |select| {
        let value = select.value();
        select.set_selected_index(0);
        value
    })
}

#[component]
pub(crate) fn CustomersBulk(props: &CustomersBulkProps) -> Html {
    let tag = use_state(String::new);
    let (selection, choices) = (&props.selection, &props.choices);
    let change = {
        let selection = selection.clone();
        Callback::from(move |change: CustomerChange| {
            let said = match change {
                CustomerChange::AddTag(_) => "customers-tagged",
                _ => "customers-changed",
            };
            // What was changed stays selected: often a second thing follows.
            order_counted(ChangeCustomers { ids: selection.ids(), change }, said, || {});
        })
    };
    let delete = {
        let selection = selection.clone();
        Callback::from(move |ids| {
            let selection = selection.clone();
            order_counted(DeleteCustomers { ids }, "customers-deleted", move || selection.none());
        })
    };
    let on_status = {
        let change = change.clone();
        move |event: Event| {
            if let Some(status) = CustomerStatus::from_text(&taken(&event)) {
                change.emit(CustomerChange::Status(status));
            }
        }
    };
    let on_owner = {
        let change = change.clone();
        move |event: Event| {
            if let Ok(owner) = taken(&event).parse() {
                change.emit(CustomerChange::Owner(Some(owner)));
            }
        }
    };
    let on_category = {
        let change = change.clone();
        move |event: Event| {
            if let Ok(category) = taken(&event).parse() {
                change.emit(CustomerChange::Category(Some(category)));
            }
        }
    };
    let on_tag = {
        let tag = tag.clone();
        move |event: InputEvent| tag.set(typed(&event))
    };
    let put_tag = {
        let (tag, change) = (tag.clone(), change.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if !tag.trim().is_empty() {
                change.emit(CustomerChange::AddTag(tag.trim().to_owned()));
                tag.set(String::new());
            }
        }
    };
    let first = |name: &str| html! { <option value="" selected={true} disabled={true} hidden={true}>{ say(name) }</option> };
    html! {
        <BulkBar selection={selection.clone()} total={props.total} {delete}>
            <select name="bulk-status" aria-label={say("field-status")} onchange={on_status}>
                { first("field-status") }
                { for CustomerStatus::ALL.iter().map(|status| html! { <option value={status.as_str()}>{ say(&format!("status-{status}")) }</option> }) }
            </select>
            if !choices.categories.is_empty() {
                <select name="bulk-category" aria-label={say("field-category")} onchange={on_category}>
                    { first("field-category") }
                    { for choices.categories.iter().map(|one| html! { <option value={one.id.to_string()}>{ &one.name }</option> }) }
                </select>
            }
            if choices.users.len() > 1 {
                <select name="bulk-owner" aria-label={say("field-owner")} onchange={on_owner}>
                    { first("field-owner") }
                    { for choices.users.iter().map(|one| html! { <option value={one.id.to_string()}>{ &one.name }</option> }) }
                </select>
            }
            <form onsubmit={put_tag}>
                <input name="bulk-tag" list="known-tags" autocomplete="off" aria-label={say("add-tag")} placeholder={say("add-tag")} value={(*tag).clone()} oninput={on_tag} />
                <datalist id="known-tags">{ for choices.tags.iter().map(|one| html! { <option value={one.name.clone()}></option> }) }</datalist>
            </form>
        </BulkBar>
    }
}
