//! Beside the calendar: customers to be dragged in, and open tasks.

use commands::{
    ListCustomers, ListTasks,
    view::{CustomerFilter, CustomerSort, Order, TaskFilter, Window},
};
use domain::{CustomerStatus, Id};
use yew::prelude::*;

use super::{
    super::{today::task_line, use_answer},
    drag::{Drag, What},
};
use crate::{
    clock,
    form::typed,
    say::{say, say_with},
    widget::Go,
};

/// Customers shown; a word more finds the others.
const CUSTOMERS: u64 = 25;
/// Tasks shown.
const TASKS: u64 = 60;

#[derive(Properties)]
pub(super) struct VisitsProps {
    pub(super) drag: Drag,
    /// Plans a visit without dragging.
    pub(super) plan: Callback<(Id, String)>,
}

impl PartialEq for VisitsProps {
    fn eq(&self, _: &Self) -> bool {
        // What is dragged is shared and changes in place.
        true
    }
}

/// Customers to visit: those that nobody talked to for the longest first, or those that a word
/// finds.
#[component]
pub(super) fn Visits(props: &VisitsProps) -> Html {
    let text = use_state(String::new);
    let found = use_answer(ListCustomers {
        filter: CustomerFilter {
            text: (*text).clone(),
            status: Some(CustomerStatus::Active),
            ..CustomerFilter::default()
        },
        sort: if text.trim().is_empty() { CustomerSort::LastContact } else { CustomerSort::Name },
        order: Order::Ascending,
        window: Window { offset: 0, limit: CUSTOMERS },
    });
    let oninput = {
        let text = text.clone();
        move |event: InputEvent| text.set(typed(&event))
    };
    let drag = &props.drag;
    html! {
        <section class="card visits">
            <h2>{ say("calendar-customers") }</h2>
            <input name="visit-customer" type="search" aria-label={say("calendar-customers")} placeholder={say("calendar-customers-hint")} value={(*text).clone()} {oninput} />
            if let Some(found) = found {
                if found.rows.is_empty() { <p class="quiet">{ say(if text.trim().is_empty() { "no-customers" } else { "nothing-found" }) }</p> }
                <ul>{ for found.rows.iter().map(|row| {
                    let (plan, id, name) = (props.plan.clone(), row.id, row.name.clone());
                    let take = drag.take(What::Visit(id, name.clone()));
                    let ended = drag.clone();
                    html! {
                        <li key={id.to_string()}><button data-customer={id.to_string()} title={Drag::hint()} onpointerdown={take} onpointermove={drag.follow()} onpointerup={drag.release()}
                            onclick={move |_| if !ended.was_drag() { plan.emit((id, name.clone())); }}>
                            <span>{ &row.name }</span>
                            <small>{ format!("{} · {}", row.city, row.last_contact_at.map_or_else(|| say("never"), clock::short)) }</small>
                        </button></li>
                    }
                }) }</ul>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TasksProps {
    pub(super) go: Go,
    pub(super) new: Callback<()>,
}

/// Open tasks, next due first.
#[component]
pub(super) fn Tasks(props: &TasksProps) -> Html {
    let window = Window { offset: 0, limit: TASKS };
    let tasks = use_answer(ListTasks { filter: TaskFilter::default(), window });
    let new = props.new.clone();
    html! {
        <section class="card tasks">
            <h2>{ say("open-tasks") }<button class="link aside" onclick={move |_| new.emit(())}>{ say("new-task") }</button></h2>
            if let Some(tasks) = &tasks {
                if tasks.rows.is_empty() { <p class="quiet">{ say("nothing-due") }</p> }
                <ul class="agenda">{ for tasks.rows.iter().map(|row| task_line(row, &props.go)) }</ul>
                if tasks.total > TASKS { <p class="quiet">{ say_with("more-tasks", &[("count", &(tasks.total - TASKS).to_string())]) }</p> }
            }
        </section>
    }
}
