//! Appointments of the coming weeks, and tasks.

use chrono::{Days, NaiveTime, TimeDelta};
use commands::{
    DeleteAppointment, ListAppointments, ListTasks, SaveAppointment, SaveTask,
    view::{AppointmentRow, TaskFilter, Window},
};
use domain::{Appointment, AppointmentStatus, Day, Id, Instant, Task};
use yew::prelude::*;

use super::{opportunity_form::CustomerSearch, order, today::task_line, use_answer};
use crate::{
    clock,
    form::Field,
    route::Page,
    say::{say, say_with},
    widget::{Dialog, Go, Head, status, way},
};

/// How many days are shown at once.
const DAYS: u64 = 14;

#[derive(Properties, PartialEq)]
pub(crate) struct CalendarProps {
    pub(crate) go: Go,
}

#[derive(Clone, PartialEq)]
enum Over {
    Nothing,
    Appointment(Box<AppointmentRow>),
    Task,
}

fn new_appointment(day: Day) -> AppointmentRow {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN);
    let starts_at = clock::instant(day, nine);
    let appointment = Appointment {
        starts_at,
        ends_at: Instant::from(starts_at.utc() + TimeDelta::hours(1)),
        ..Appointment::default()
    };
    AppointmentRow {
        appointment,
        customer: String::new(),
        contact: String::new(),
        place: String::new(),
        city: String::new(),
    }
}

#[component]
pub(crate) fn Calendar(props: &CalendarProps) -> Html {
    let first = use_state(clock::today);
    let over = use_state(|| Over::Nothing);
    let end = first.checked_add_days(Days::new(DAYS)).unwrap_or(*first);
    let span = ListAppointments {
        from: clock::instant(*first, NaiveTime::MIN),
        to: clock::instant(end, NaiveTime::MIN),
    };
    let appointments = use_answer(span);
    let tasks = use_answer(ListTasks {
        filter: TaskFilter::default(),
        window: Window { offset: 0, limit: 60 },
    });
    let go = &props.go;
    let shift = |days: i64, name: &str| {
        let first = first.clone();
        html! { <button onclick={move |_| first.set(if days == 0 { clock::today() } else { *first + TimeDelta::days(days) })}>{ say(name) }</button> }
    };
    let close = {
        let over = over.clone();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    html! {
        <>
        <Head title={say("nav-calendar")}>
            { shift(-14, "earlier") }{ shift(0, "today-button") }{ shift(14, "later") }
            <button onclick={let over = over.clone(); move |_| over.set(Over::Task)}>{ say("new-task") }</button>
            <button class="primary" onclick={let (over, first) = (over.clone(), first.clone()); move |_| over.set(Over::Appointment(Box::new(new_appointment(*first))))}>{ say("plan-visit") }</button>
        </Head>
        <div class="split">
            <div class="days">{ for (0..DAYS).filter_map(|ahead| first.checked_add_days(Days::new(ahead))).map(|day| {
                let of_day: Vec<&AppointmentRow> = appointments.iter().flat_map(|rows| rows.iter()).filter(|row| clock::local(row.appointment.starts_at).date_naive() == day).collect();
                let add = { let over = over.clone(); move |_| over.set(Over::Appointment(Box::new(new_appointment(day)))) };
                html! {
                    <section class={classes!("day", (day == clock::today()).then_some("now"))} key={day.to_string()}>
                        <h2>{ clock::long(day) }<button class="link" aria-label={say("plan-visit")} onclick={add}>{ "+" }</button></h2>
                        { for of_day.into_iter().map(|row| {
                            let (over, opened) = (over.clone(), row.clone());
                            let appointment = &row.appointment;
                            html! { <div class="slot" tabindex="0" onclick={move |_| over.set(Over::Appointment(Box::new(opened.clone())))}>
                                <span class="when">{ format!("{}–{}", clock::local(appointment.starts_at).format("%H:%M"), clock::local(appointment.ends_at).format("%H:%M")) }</span>
                                <div><strong>{ &appointment.subject }</strong><div class="quiet">{ [row.customer.as_str(), row.contact.as_str(), row.place.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ") }</div></div>
                                if appointment.status != AppointmentStatus::Planned { { status(appointment.status.as_str()) } }
                            </div> }
                        }) }
                    </section>
                }
            }) }</div>
            <aside><section class="card"><h2>{ say("open-tasks") }</h2>
                if let Some(tasks) = &tasks {
                    if tasks.rows.is_empty() { <p class="quiet">{ say("nothing-due") }</p> }
                    <ul class="agenda">{ for tasks.rows.iter().map(|row| task_line(row, go)) }</ul>
                    if tasks.total > 60 { <p class="quiet">{ say_with("more-tasks", &[("count", &(tasks.total - 60).to_string())]) }</p> }
                }
            </section></aside>
        </div>
        { match &*over {
            Over::Nothing => html! {},
            Over::Task => html! { <TaskForm {close} /> },
            Over::Appointment(row) => html! { <AppointmentForm key={row.appointment.id.to_string()} row={(**row).clone()} {close} go={go.clone()} /> },
        } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AppointmentFormProps {
    row: AppointmentRow,
    close: Callback<()>,
    go: Go,
}

/// A day and two clock times as they are typed.
fn span(day: &str, from: &str, to: &str) -> Option<(Instant, Instant)> {
    let day: Day = day.parse().ok()?;
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    Some((clock::instant(day, time(from)?), clock::instant(day, time(to)?)))
}

#[component]
fn AppointmentForm(props: &AppointmentFormProps) -> Html {
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
    let close = props.close.clone();
    html! {
        <Dialog title={say(if id.is_nil() { "plan-visit" } else { "appointment" })} close={props.close.clone()}>
            <form onsubmit={let keep = keep.clone(); move |event: SubmitEvent| { event.prevent_default(); keep.emit(()); }}>
            <CustomerSearch chosen={customer.1.clone()} choose={let customer = customer.clone(); Callback::from(move |(id, name): (Id, String)| customer.set((Some(id), name)))} />
            <Field label={say("field-task")} name="subject" value={(*subject).clone()} on_input={text(&subject)} />
            <div class="fields three">
                <Field label={say("field-day")} kind="date" value={(*day).clone()} on_input={text(&day)} />
                <Field label={say("field-from")} kind="time" value={(*from).clone()} on_input={text(&from)} />
                <Field label={say("field-to")} kind="time" value={(*to).clone()} on_input={text(&to)} />
            </div>
            <Field label={say("field-place")} value={(*place).clone()} on_input={text(&place)} />
            <div class="actions">
                if !id.is_nil() {
                    if let Some(customer) = begin.customer_id { { way(&props.go, Page::Customer(customer), &say("to-customer")) } }
                    <button type="button" onclick={delete}>{ say("delete") }</button>
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
struct TaskFormProps {
    close: Callback<()>,
}

#[component]
fn TaskForm(props: &TaskFormProps) -> Html {
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
