//! A day or a week by its hours.

use chrono::{Datelike, TimeDelta, Weekday};
use commands::view::AppointmentRow;
use domain::{AppointmentStatus, Day, Instant};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{
    drag::{Drag, HOUR, What, minute_at, move_to},
    span::{DAY, STEP, is_all_day, lanes, minute_of, part_on},
};
use crate::{
    clock,
    say::{say, say_with},
};

/// What a view needs to be drawn, and what can be done in it.
pub(super) struct Sheet<'a> {
    pub(super) first: Day,
    pub(super) days: u64,
    pub(super) rows: &'a [AppointmentRow],
    pub(super) drag: &'a Drag,
    pub(super) open: Callback<AppointmentRow>,
    /// Plans something on a day at a minute.
    pub(super) plan: Callback<(Day, i64)>,
    /// Shows a day.
    pub(super) show_day: Callback<Day>,
    /// Keeps the focus on this appointment when it moves by key.
    pub(super) focus: Callback<domain::Id>,
}

impl Sheet<'_> {
    /// The days shown.
    pub(super) fn all(&self) -> Vec<Day> {
        let first = self.first;
        (0..self.days)
            .filter_map(|ahead| first.checked_add_days(chrono::Days::new(ahead)))
            .collect()
    }

    /// The class that an appointment's look comes from.
    pub(super) fn look(&self, row: &AppointmentRow) -> Classes {
        let dragged = self.drag.ghost().and_then(|ghost| ghost.0);
        classes!(
            match row.appointment.status {
                AppointmentStatus::Planned => "planned",
                AppointmentStatus::Done => "done",
                AppointmentStatus::Cancelled => "cancelled",
            },
            row.appointment.customer_id.is_none().then_some("own"),
            (dragged == Some(row.appointment.id)).then_some("moving"),
        )
    }

    /// Opens an appointment, unless the click only ends a drag.
    pub(super) fn on_open(&self, row: &AppointmentRow) -> Callback<MouseEvent> {
        let (drag, open, row) = (self.drag.clone(), self.open.clone(), row.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            if !drag.was_drag() {
                open.emit(row.clone());
            }
        })
    }

    /// Alt with arrows moves an appointment, with Shift its end.
    pub(super) fn on_key(&self, row: &AppointmentRow) -> Callback<KeyboardEvent> {
        let (row, focus) = (row.clone(), self.focus.clone());
        Callback::from(move |event: KeyboardEvent| {
            if !event.alt_key() {
                return;
            }
            let appointment = &row.appointment;
            let (step, day) = (TimeDelta::minutes(STEP), TimeDelta::days(1));
            let by = match event.key().as_str() {
                "ArrowUp" => -step,
                "ArrowDown" => step,
                "ArrowLeft" => -day,
                "ArrowRight" => day,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            // A day on is the same time on the clock, also where the clock is changed.
            let on = |at: Instant| {
                let local = clock::local(at).naive_local() + by;
                clock::instant(local.date(), local.time())
            };
            let (from, to) = (appointment.starts_at, appointment.ends_at);
            focus.emit(appointment.id);
            if event.shift_key() {
                let to = on(to);
                if to > from {
                    move_to(&row, from, to);
                }
            } else {
                let begin = on(from);
                move_to(&row, begin, Instant::from(begin.utc() + (to.utc() - from.utc())));
            }
        })
    }

    /// What a screen reader says of an appointment.
    pub(super) fn label(row: &AppointmentRow) -> String {
        let appointment = &row.appointment;
        let local = clock::local(appointment.starts_at);
        let span = format!(
            "{}, {}–{}",
            clock::long(local.date_naive()),
            local.format("%H:%M"),
            clock::local(appointment.ends_at).format("%H:%M")
        );
        [span.as_str(), &appointment.subject, &row.customer, &row.place]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The days by their hours.
pub(super) fn grid(sheet: &Sheet<'_>, scroll: &NodeRef) -> Html {
    let days = sheet.all();
    let columns = format!("grid-template-columns:52px repeat({}, minmax(0,1fr))", days.len());
    let any_whole = sheet.rows.iter().any(is_all_day);
    html! {
        <div class="hours-view">
            <div class="hours-head" style={columns.clone()}>
                <span></span>
                { for days.iter().map(|day| day_head(sheet, *day)) }
            </div>
            if any_whole {
                <div class="hours-whole" style={columns.clone()}>
                    <span class="quiet">{ say("all-day") }</span>
                    { for days.iter().map(|day| html! {
                        <div data-day={day.to_string()}>{ for sheet.rows.iter().filter(|row| is_all_day(row) && part_on(row, *day).is_some()).map(|row| whole(sheet, row)) }</div>
                    }) }
                </div>
            }
            <div class="hours-scroll" ref={scroll} tabindex="0" role="group" aria-label={count(sheet.rows)}>
                <div class="hours" style={columns}>
                    <div class="hour-labels" aria-hidden="true">
                        { for (1..24).map(|hour| html! { <span style={format!("top:{}px", hour * HOUR)}>{ format!("{hour:02}:00") }</span> }) }
                    </div>
                    { for days.iter().map(|day| column(sheet, *day)) }
                </div>
            </div>
        </div>
    }
}

fn day_head(sheet: &Sheet<'_>, day: Day) -> Html {
    let is_today = day == clock::today();
    let show = sheet.show_day.clone();
    html! {
        <button class={classes!("day-head", is_today.then_some("now"))} aria-current={is_today.then_some("date")}
            title={clock::long(day)} onclick={move |_| show.emit(day)}>
            <span>{ clock::weekday_letters(day.weekday().num_days_from_monday()) }</span><b>{ day.day() }</b>
        </button>
    }
}

fn whole(sheet: &Sheet<'_>, row: &AppointmentRow) -> Html {
    let appointment = &row.appointment;
    html! {
        <button key={appointment.id.to_string()} class={classes!("whole", sheet.look(row))} data-id={appointment.id.to_string()}
            aria-label={Sheet::label(row)} title={appointment.subject.clone()}
            onclick={sheet.on_open(row)} onkeydown={sheet.on_key(row)}>{ &appointment.subject }</button>
    }
}

fn column(sheet: &Sheet<'_>, day: Day) -> Html {
    let on_day: Vec<(&AppointmentRow, (i64, i64))> = sheet
        .rows
        .iter()
        .filter(|row| !is_all_day(row))
        .filter_map(|row| Some((row, part_on(row, day)?)))
        .collect();
    let parts: Vec<(i64, i64)> = on_day.iter().map(|(_, part)| *part).collect();
    let placed = lanes(&parts);
    let plan = {
        let (plan, drag) = (sheet.plan.clone(), sheet.drag.clone());
        move |event: MouseEvent| {
            // Events are heard at the page's root: the column is found from their target.
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let column = target.and_then(|target| target.closest("[data-hours]").ok().flatten());
            if let Some(column) = column.filter(|_| !drag.was_drag()) {
                let minute = minute_at(&column, event.client_y()).div_euclid(30) * 30;
                plan.emit((day, minute.clamp(0, DAY - 30)));
            }
        }
    };
    let is_today = day == clock::today();
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    html! {
        <div key={day.to_string()} class={classes!("hours-day", is_today.then_some("now"), weekend.then_some("weekend"))}
            data-day={day.to_string()} data-hours="true" onclick={plan}>
            { for on_day.iter().zip(placed).map(|((row, part), place)| block(sheet, row, *part, place)) }
            { ghost(sheet, day) }
            if is_today { <i class="now-line" style={format!("top:{}px", minute_of(Instant::now()) * HOUR / 60)}></i> }
        </div>
    }
}

fn geometry(from: i64, to: i64, lane: usize, lanes: usize) -> String {
    let top = from * HOUR / 60;
    let height = ((to - from) * HOUR / 60).max(16) - 2;
    let (left, width) = (100 * lane / lanes, 100 / lanes);
    format!("top:{top}px;height:{height}px;left:{left}%;width:calc({width}% - 4px)")
}

fn block(
    sheet: &Sheet<'_>,
    row: &AppointmentRow,
    (from, to): (i64, i64),
    (lane, lanes): (usize, usize),
) -> Html {
    let appointment = &row.appointment;
    let time = clock::local(appointment.starts_at).format("%H:%M");
    let until = clock::local(appointment.ends_at).format("%H:%M");
    let drag = sheet.drag;
    let fixed = appointment.status == AppointmentStatus::Cancelled;
    let (take, stretch) = if fixed {
        (Callback::noop(), Callback::noop())
    } else {
        (
            drag.take(What::Move(Box::new(row.clone()), 0)),
            drag.take(What::Length(Box::new(row.clone()))),
        )
    };
    let with = if row.customer.is_empty() { row.place.clone() } else { row.customer.clone() };
    html! {
        <div key={appointment.id.to_string()} class={classes!("block", sheet.look(row), (to - from < 75).then_some("brief"), (to - from < 45).then_some("short"))}
            style={geometry(from, to, lane, lanes)} onpointerdown={take} onpointermove={drag.follow()} onpointerup={drag.release()}
            onclick={|event: MouseEvent| event.stop_propagation()}>
            <button data-id={appointment.id.to_string()} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight"
                title={format!("{time}–{until} {} · {with}", appointment.subject)} onclick={sheet.on_open(row)} onkeydown={sheet.on_key(row)}>
                <b>{ &appointment.subject }</b><span>{ with }</span><small>{ format!("{time}–{until}") }</small>
                <i class="heard">{ clock::long(clock::local(appointment.starts_at).date_naive()) }</i>
            </button>
            if !fixed { <i class="stretch" title={say("calendar-stretch")} onpointerdown={stretch} onpointermove={drag.follow()} onpointerup={drag.release()}></i> }
        </div>
    }
}

/// Where what is dragged would come to lie.
fn ghost(sheet: &Sheet<'_>, day: Day) -> Html {
    let Some((_, name, starts_at, ends_at)) = sheet.drag.ghost() else { return html! {} };
    let local = clock::local(starts_at);
    if local.date_naive() != day {
        return html! {};
    }
    let from = minute_of(starts_at);
    let to = (from + (ends_at.utc() - starts_at.utc()).num_minutes()).min(DAY);
    let until = clock::local(ends_at).format("%H:%M");
    html! {
        <div class="block ghost" style={geometry(from, to, 0, 1)}>
            <b>{ name }</b><small>{ format!("{}–{until}", local.format("%H:%M")) }</small>
        </div>
    }
}

/// What a screen reader says of the whole.
pub(super) fn count(rows: &[AppointmentRow]) -> String {
    say_with("appointments-count", &[("count", &rows.len().to_string())])
}
