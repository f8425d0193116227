//! An appointment's form and a new task's.

use chrono::{NaiveTime, TimeDelta};
use commands::{DeleteAppointment, SaveAppointment, SaveTask, view::AppointmentRow};
use domain::{Appointment, AppointmentStatus, Day, Id, Instant, Task};
use yew::prelude::*;

use super::{
    super::{opportunity_form::CustomerSearch, order},
    file,
};
use crate::{
    clock,
    form::Field,
    route::Page,
    say::{say, say_with},
    widget::{Dialog, Go, way},
};

/// A new appointment from a point in time on.
pub(super) fn new_appointment(
    starts_at: Instant,
    length: TimeDelta,
    customer: Option<(Id, String)>,
) -> AppointmentRow {
    let appointment = Appointment {
        starts_at,
        ends_at: Instant::from(starts_at.utc() + length),
        customer_id: customer.as_ref().map(|(id, _)| *id),
        ..Appointment::default()
    };
    AppointmentRow {
        appointment,
        customer: customer.map(|(_, name)| name).unwrap_or_default(),
        contact: String::new(),
        place: String::new(),
        city: String::new(),
        phone: String::new(),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct AppointmentFormProps {
    pub(super) row: AppointmentRow,
    pub(super) close: Callback<()>,
    pub(super) go: Go,
}

/// A day and two clock times as they are typed.
fn span(day: &str, from: &str, to: &str) -> Option<(Instant, Instant)> {
    let day: Day = day.parse().ok()?;
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    Some((clock::instant(day, time(from)?), clock::instant(day, time(to)?)))
}

#[component]
pub(super) fn AppointmentForm(props: &AppointmentFormProps) -> Html {
    let begin = &props.row.appointment;
    let subject = use_state(|| begin.subject.clone());
    let place = use_state(|| begin.place.clone());
    let customer = use_state(|| (begin.customer_id, props.row.customer.clone()));
    let day = use_state(|| clock::local(begin.starts_at).date_naive().to_string());
    let from = use_state(|| clock::local(begin.starts_at).format("%H:%M").to_string());
    let to = use_state(|| clock::local(begin.ends_at).format("%H:%M").to_string());
    let text = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |now| state.set(now))
    };
    let save = |status: AppointmentStatus| {
        let (subject, place, customer, close, begin) =
            (subject.clone(), place.clone(), customer.clone(), props.close.clone(), begin.clone());
        let times = span(&day, &from, &to);
        Callback::from(move |()| {
            let (starts_at, ends_at) = times.unwrap_or((begin.starts_at, begin.starts_at));
            let subject = if subject.trim().is_empty() && !customer.1.is_empty() {
                say_with("visit-at", &[("customer", &customer.1)])
            } else {
                (*subject).clone()
            };
            let said = say_with("saved", &[("what", &subject)]);
            let appointment = Appointment {
                subject,
                place: (*place).clone(),
                customer_id: customer.0,
                starts_at,
                ends_at,
                status,
                ..begin.clone()
            };
            let close = close.clone();
            order(SaveAppointment { appointment }, Some(said), move |_| close.emit(()));
        })
    };
    let keep = save(begin.status);
    let finish = save(AppointmentStatus::Done);
    let id = begin.id;
    let delete = {
        let (close, subject) = (props.close.clone(), begin.subject.clone());
        move |_| {
            let close = close.clone();
            order(
                DeleteAppointment { id },
                Some(say_with("deleted", &[("what", &subject)])),
                move |()| close.emit(()),
            );
        }
    };
    let export = {
        let (from, to) = (begin.starts_at, begin.ends_at);
        let name = format!("{} {}", begin.subject, clock::local(from).date_naive());
        move |_| file::write(from, to, Some(id), name.replace(['/', '\\', ':'], "-"))
    };
    // The end goes with the beginning: who comes later does not stay shorter.
    let begin_at = {
        let (from, to) = (from.clone(), to.clone());
        Callback::from(move |text: String| {
            let clock = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
            if let (Some(old), Some(new), Some(end)) = (clock(&from), clock(&text), clock(&to))
                && end > old
            {
                let (later, over) = end.overflowing_add_signed(new - old);
                if over == 0 {
                    to.set(later.format("%H:%M").to_string());
                }
            }
            from.set(text);
        })
    };
    let close = props.close.clone();
    html! {
        <Dialog title={say(if id.is_nil() { "plan-visit" } else { "appointment" })} close={props.close.clone()}>
            <form onsubmit={let keep = keep.clone(); move |event: SubmitEvent| { event.prevent_default(); keep.emit(()); }}>
            <CustomerSearch needed={false} chosen={customer.1.clone()} choose={let customer = customer.clone(); Callback::from(move |(id, name): (Id, String)| customer.set((Some(id), name)))} />
            <Field label={say("field-task")} name="subject" value={(*subject).clone()} on_input={text(&subject)} />
            <div class="fields three">
                <Field label={say("field-day")} name="day" kind="date" value={(*day).clone()} on_input={text(&day)} />
                <Field label={say("field-from")} name="from" kind="time" value={(*from).clone()} on_input={begin_at} />
                <Field label={say("field-to")} name="to" kind="time" value={(*to).clone()} on_input={text(&to)} />
            </div>
            <Field label={say("field-place")} value={(*place).clone()} on_input={text(&place)} />
            <div class="actions">
                if !id.is_nil() {
                    if let Some(customer) = begin.customer_id { { way(&props.go, Page::Customer(customer), &say("to-customer")) } }
                    <button type="button" title={say("calendar-export-one")} onclick={export}>{ say("calendar-export") }</button>
                    <button type="button" id="delete-appointment" onclick={delete}>{ say("delete") }</button>
                    if begin.status == AppointmentStatus::Planned { <button type="button" onclick={move |_| finish.emit(())}>{ say("status-done") }</button> }
                }
                <button type="button" onclick={move |_| close.emit(())}>{ say("cancel") }</button>
                <button class="primary">{ say("save") }</button>
            </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TaskFormProps {
    pub(super) close: Callback<()>,
}

#[component]
pub(super) fn TaskForm(props: &TaskFormProps) -> Html {
    let subject = use_state(String::new);
    let day = use_state(|| clock::today().to_string());
    let time = use_state(|| "17:00".to_owned());
    let text = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |now| state.set(now))
    };
    let save = {
        let (subject, close) = (subject.clone(), props.close.clone());
        let due = span(&day, &time, &time);
        move |event: SubmitEvent| {
            event.prevent_default();
            let task = Task {
                subject: (*subject).clone(),
                due_at: due.map(|(at, _)| at).unwrap_or_default(),
                ..Task::default()
            };
            let (close, said) = (close.clone(), say_with("saved", &[("what", &task.subject)]));
            order(SaveTask { task }, Some(said), move |_| close.emit(()));
        }
    };
    let close = props.close.clone();
    html! {
        <Dialog title={say("new-task")} close={props.close.clone()}>
            <form onsubmit={save}>
                <Field label={say("field-task")} name="subject" value={(*subject).clone()} on_input={text(&subject)} focus={true} />
                <div class="fields"><Field label={say("field-day")} kind="date" value={(*day).clone()} on_input={text(&day)} />
                    <Field label={say("field-time")} kind="time" value={(*time).clone()} on_input={text(&time)} /></div>
                <div class="actions"><button type="button" onclick={move |_| close.emit(())}>{ say("cancel") }</button><button class="primary">{ say("save") }</button></div>
            </form>
        </Dialog>
    }
}
