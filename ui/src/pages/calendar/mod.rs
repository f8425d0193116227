//! The calendar: a day, a week or a month; visits are planned by clicking a free time or by
//! dragging a customer in.

mod drag;
mod file;
mod form;
mod grid;
mod month;
mod route;
mod side;
mod span;

use chrono::{Days, TimeDelta};
use commands::{
    ListAppointments, SaveAppointment,
    view::{AppointmentRow, CalendarImport},
};
use domain::{Appointment, Day, Id, Instant};
use gloo_timers::callback::Interval;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use self::{
    drag::{HOUR, use_drag},
    form::{AppointmentForm, TaskForm, new_appointment},
    grid::Sheet,
    span::{DAY, View},
};
use super::{order, use_answer};
use crate::{
    allowed::May,
    clock,
    keys::{in_input, use_keys},
    remember::use_remembered,
    say::{say, say_with},
    widget::{Go, Head},
};

/// The hour that a day begins with on screen.
const MORNING: i64 = 7;

#[derive(Properties, PartialEq)]
pub(crate) struct CalendarProps {
    pub(crate) go: Go,
}

#[derive(Clone, PartialEq)]
enum Over {
    Nothing,
    Appointment(Box<AppointmentRow>),
    Task,
    Import(String, CalendarImport),
}

/// Plans a visit at once: it can be undone, and a click opens it.
fn visit(customer_id: Id, name: &str, starts_at: Instant) {
    let subject = say_with("visit-at", &[("customer", name)]);
    let local = clock::local(starts_at);
    let when = format!("{}, {}", clock::weekday_short(local.date_naive()), local.format("%H:%M"));
    let said = say_with("visit-planned", &[("customer", name), ("when", &when)]);
    let appointment = Appointment {
        subject,
        customer_id: Some(customer_id),
        starts_at,
        ends_at: Instant::from(starts_at.utc() + TimeDelta::hours(1)),
        ..Appointment::default()
    };
    order(SaveAppointment { appointment }, Some(said), |_| {});
}

#[component]
pub(crate) fn Calendar(props: &CalendarProps) -> Html {
    let (kept, remember) = use_remembered::<View>("calendar");
    let view = kept.unwrap_or_default();
    let day = use_state(clock::today);
    let over = use_state(|| Over::Nothing);
    let focused = use_mut_ref(|| None::<Id>);
    let scroll = use_node_ref();
    let drag =
        use_drag(Callback::from(|(id, name, at): (Id, String, Instant)| visit(id, &name, at)));
    let (first, days) = view.days(*day);
    let end = first.checked_add_days(Days::new(days)).unwrap_or(first);
    let (from, to) = (span::at(first, 0), span::at(end, 0));
    let appointments = use_answer(ListAppointments { from, to });
    use_morning(&scroll, view);
    use_every_minute();
    use_focus_kept(&focused);
    let go_to = {
        let day = day.clone();
        Callback::from(move |to: Day| day.set(to))
    };
    let open = {
        let over = over.setter();
        Callback::from(move |row| over.set(Over::Appointment(Box::new(row))))
    };
    let plan = {
        let open = open.clone();
        Callback::from(move |(day, minute): (Day, i64)| {
            open.emit(new_appointment(
                span::at(day, minute.min(DAY - 30)),
                TimeDelta::hours(1),
                None,
            ));
        })
    };
    let plan_customer = {
        let (open, day) = (open.clone(), *day);
        Callback::from(move |customer: (Id, String)| {
            open.emit(new_appointment(span::at(day, 9 * 60), TimeDelta::hours(1), Some(customer)));
        })
    };
    let close = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    use_keys({
        let (day, remember, go_to, drag, over) =
            (day.clone(), remember.clone(), go_to.clone(), drag.clone(), over.clone());
        let plan = plan.clone();
        Callback::from(move |event: KeyboardEvent| {
            let plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
            if *over != Over::Nothing || in_input(&event) || !plain || event.default_prevented() {
                return;
            }
            match event.key().as_str() {
                "Escape" if drag.stop() => {}
                "ArrowLeft" => go_to.emit(view.shift(*day, -1)),
                "ArrowRight" => go_to.emit(view.shift(*day, 1)),
                "t" | "T" | "h" | "H" => go_to.emit(clock::today()),
                "d" | "D" => remember.emit(View::Day),
                "w" | "W" => remember.emit(View::Week),
                "m" | "M" => remember.emit(View::Month),
                "n" | "N" => plan.emit((*day, 9 * 60)),
                _ => return,
            }
            event.prevent_default();
        })
    });
    let rows: &[AppointmentRow] = appointments.as_ref().map_or(&[], |rows| rows.as_slice());
    let sheet = Sheet {
        first,
        days,
        rows,
        drag: &drag,
        open,
        plan: plan.clone(),
        show_day: {
            let (go_to, remember) = (go_to.clone(), remember.clone());
            Callback::from(move |day| {
                go_to.emit(day);
                remember.emit(View::Day);
            })
        },
        focus: {
            let focused = focused.clone();
            Callback::from(move |id| *focused.borrow_mut() = Some(id))
        },
    };
    let step = |by: i32, name: &str, text: &str| {
        let (go_to, to) = (go_to.clone(), view.shift(*day, by));
        html! { <button class="step" aria-label={say(name)} title={say(name)} onclick={move |_| go_to.emit(to)}>{ text.to_owned() }</button> }
    };
    let today = {
        let go_to = go_to.clone();
        move |_| go_to.emit(clock::today())
    };
    let import = {
        let over = over.setter();
        move |_| {
            let over = over.clone();
            file::choose(Callback::from(move |(path, import)| {
                over.set(Over::Import(path, import))
            }));
        }
    };
    let export = {
        let name = format!("{}-{first}", say("nav-calendar"));
        move |_| file::write(from, to, None, name.clone())
    };
    let new_task = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Task))
    };
    html! {
        <>
        <Head title={view.title(*day)} above={html! { say("nav-calendar") }}>
            <span class="switch" role="group" aria-label={say("view")}>{ for View::ALL.into_iter().map(|(one, name)| {
                let remember = remember.clone();
                html! { <button class={classes!("filter", (one == view).then_some("on"))} aria-pressed={(one == view).to_string()} onclick={move |_| remember.emit(one)}>{ say(name) }</button> }
            }) }</span>
            <span class="steps">{ step(-1, "earlier", "‹") }<button id="go-today" onclick={today}>{ say("today-button") }</button>{ step(1, "later", "›") }</span>
            <May entity="appointment"><button onclick={import} title={say("calendar-import-hint")}>{ say("calendar-import") }</button></May>
            <button onclick={export} title={say("calendar-export-hint")}>{ say("calendar-export") }</button>
            <May entity="appointment"><button class="primary" id="plan-visit" onclick={let (plan, day) = (plan, *day); move |_| plan.emit((day, 9 * 60))}>{ say("plan-visit") }</button></May>
        </Head>
        <div class={classes!("calendar", (view == View::Day).then_some("with-route"))} role="group" aria-label={grid::count(rows)}>
            { match view {
                View::Month => month::month(&sheet, *day),
                View::Day | View::Week => grid::grid(&sheet, &scroll),
            } }
            if view == View::Day { { route::route(rows, *day, &props.go) } }
            <aside class="calendar-side">
                <May entity="appointment"><side::Visits drag={drag.clone()} plan={plan_customer} /></May>
                <side::Tasks go={props.go.clone()} new={new_task} />
                <p class="quiet">{ say("calendar-keys") }</p>
            </aside>
        </div>
        { match &*over {
            Over::Nothing => html! {},
            Over::Task => html! { <TaskForm {close} /> },
            Over::Appointment(row) => html! { <AppointmentForm key={row.appointment.id.to_string()} row={(**row).clone()} {close} go={props.go.clone()} /> },
            Over::Import(path, import) => html! { <file::Import path={path.clone()} import={import.clone()} {close} /> },
        } }
        </>
    }
}

/// Shows the morning when hours come on screen.
#[hook]
fn use_morning(scroll: &NodeRef, view: View) {
    let scroll = scroll.clone();
    use_effect_with(view == View::Month, move |_| {
        if let Some(hours) = scroll.cast::<web_sys::Element>() {
            hours.set_scroll_top(i32::try_from(MORNING * HOUR - 12).unwrap_or(0));
        }
    });
}

/// Draws anew every minute, so that the line of the present time stays true.
#[hook]
fn use_every_minute() {
    let update = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(60_000, move || update.force_update());
        move || drop(interval)
    });
}

/// An appointment that was moved by key to another day keeps the focus.
#[hook]
fn use_focus_kept(focused: &std::rc::Rc<std::cell::RefCell<Option<Id>>>) {
    let focused = focused.clone();
    let changes = use_context::<crate::session::World>().map_or(0, |world| world.changes);
    let update = use_force_update();
    use_effect_with(changes, move |_| {
        let Some(id) = focused.borrow_mut().take() else { return };
        // The moved appointment is on screen once its new place was answered.
        gloo_timers::callback::Timeout::new(150, move || {
            update.force_update();
            let found = web_sys::window()
                .and_then(|window| window.document())
                .and_then(|page| page.query_selector(&format!("[data-id=\"{id}\"]")).ok().flatten())
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(element) = found {
                // A window without focus cannot give it.
                let _ = element.focus();
            }
        })
        .forget();
    });
}
