//! A month by its weeks.

use chrono::Datelike;
use commands::view::AppointmentRow;
use domain::{AppointmentStatus, Day};
use yew::prelude::*;

use super::{
    drag::What,
    grid::Sheet,
    span::{is_all_day, part_on},
};
use crate::{
    clock,
    say::{say, say_with},
};

/// The height of an appointment with the gap below it; the style sheet has the same.
const ENTRY: usize = 26;
/// What of the window's height is no week: its head, the page's, the names of days.
const AROUND: usize = 220;

/// How many appointments of a day there is room for; the day's own view shows all.
fn room(weeks: usize) -> usize {
    let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Pixels of a screen.
    let height = height.unwrap_or_default().max(0.0) as usize;
    let week = height.saturating_sub(AROUND) / weeks.max(1);
    (week / ENTRY).saturating_sub(1).clamp(2, 8)
}

pub(super) fn month(sheet: &Sheet<'_>, of: Day) -> Html {
    let days = sheet.all();
    let weeks = days.len() / 7;
    let room = room(weeks);
    let least = (room + 1) * ENTRY + 4;
    html! {
        <div class="month">
            <div class="month-head">
                <span class="quiet">{ say("week-letters") }</span>
                { for (0..7).map(|number| html! { <span title={say(&format!("weekday-{number}"))}>{ clock::weekday_letters(number) }</span> }) }
            </div>
            <div class="month-weeks" style={format!("grid-template-rows:repeat({weeks}, minmax({least}px,1fr))")}>
                { for days.chunks(7).map(|week| html! {
                    <div class="month-week">
                        <span class="quiet">{ week.first().map(|day| day.iso_week().week()) }</span>
                        { for week.iter().map(|day| cell(sheet, *day, of, room)) }
                    </div>
                }) }
            </div>
        </div>
    }
}

fn cell(sheet: &Sheet<'_>, day: Day, of: Day, room: usize) -> Html {
    let rows: Vec<&AppointmentRow> =
        sheet.rows.iter().filter(|row| part_on(row, day).is_some()).collect();
    let shown = if rows.len() > room { room - 1 } else { room };
    let is_today = day == clock::today();
    let plan = {
        let (plan, drag) = (sheet.plan.clone(), sheet.drag.clone());
        move |_: MouseEvent| {
            if !drag.was_drag() {
                plan.emit((day, 9 * 60));
            }
        }
    };
    let show = {
        let show = sheet.show_day.clone();
        move |event: MouseEvent| {
            event.stop_propagation();
            show.emit(day);
        }
    };
    let ghost = sheet.drag.ghost().filter(|ghost| clock::local(ghost.2).date_naive() == day);
    html! {
        <div key={day.to_string()} class={classes!("month-day", is_today.then_some("now"), (day.month() != of.month()).then_some("beside"), ghost.is_some().then_some("target"))}
            data-day={day.to_string()} onclick={plan}>
            <button class="day-number" aria-label={clock::long(day)} aria-current={is_today.then_some("date")} onclick={show.clone()}>{ day.day() }</button>
            { for rows.iter().take(shown).map(|row| entry(sheet, row)) }
            if rows.len() > shown { <button class="link more" onclick={show}>{ say_with("more", &[("count", &(rows.len() - shown).to_string())]) }</button> }
        </div>
    }
}

fn entry(sheet: &Sheet<'_>, row: &AppointmentRow) -> Html {
    let appointment = &row.appointment;
    let drag = sheet.drag;
    let take = match appointment.status {
        AppointmentStatus::Cancelled => Callback::noop(),
        AppointmentStatus::Planned | AppointmentStatus::Done => {
            drag.take(What::Move(Box::new(row.clone()), 0))
        }
    };
    let what = if row.customer.is_empty() { &appointment.subject } else { &row.customer };
    html! {
        <button key={appointment.id.to_string()} class={classes!("entry", sheet.look(row))} data-id={appointment.id.to_string()}
            title={Sheet::label(row)} onpointerdown={take} onpointermove={drag.follow()} onpointerup={drag.release()}
            onclick={sheet.on_open(row)} onkeydown={sheet.on_key(row)}>
            if !is_all_day(row) { <small>{ clock::local(appointment.starts_at).format("%H:%M").to_string() }</small> }
            { what }
            <i class="heard">{ format!("{}, {}", appointment.subject, clock::long(clock::local(appointment.starts_at).date_naive())) }</i>
        </button>
    }
}
