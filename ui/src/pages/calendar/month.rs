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

/// Appointments shown of a day; the day's own view shows all.
const SHOWN: usize = 4;

pub(super) fn month(sheet: &Sheet<'_>, of: Day) -> Html {
    let days = sheet.all();
    let weeks = days.len() / 7;
    html! {
        <div class="month">
            <div class="month-head">
                <span class="quiet">{ say("week-letters") }</span>
                { for (0..7).map(|number| html! { <span aria-label={say(&format!("weekday-{number}"))}>{ clock::weekday_letters(number) }</span> }) }
            </div>
            <div class="month-weeks" style={format!("grid-template-rows:repeat({weeks}, minmax(84px,1fr))")}>
                { for days.chunks(7).map(|week| html! {
                    <div class="month-week">
                        <span class="quiet">{ week.first().map(|day| day.iso_week().week()) }</span>
                        { for week.iter().map(|day| cell(sheet, *day, of)) }
                    </div>
                }) }
            </div>
        </div>
    }
}

fn cell(sheet: &Sheet<'_>, day: Day, of: Day) -> Html {
    let rows: Vec<&AppointmentRow> =
        sheet.rows.iter().filter(|row| part_on(row, day).is_some()).collect();
    let shown = if rows.len() > SHOWN { SHOWN - 1 } else { SHOWN };
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
            aria-label={Sheet::label(row)} title={Sheet::label(row)} onpointerdown={take} onpointermove={drag.follow()} onpointerup={drag.release()}
            onclick={sheet.on_open(row)} onkeydown={sheet.on_key(row)}>
            if !is_all_day(row) { <small>{ clock::local(appointment.starts_at).format("%H:%M").to_string() }</small> }
            { what }
        </button>
    }
}
