//! A day's visits one after the other: when, to whom, where, what number to call.

use commands::view::AppointmentRow;
use domain::{AppointmentStatus, Day, dial};
use yew::prelude::*;

use super::{
    super::customer::link_button,
    span::{is_all_day, part_on},
};
use crate::{
    clock,
    route::Page,
    say::{say, say_with},
    widget::{Go, status, way},
};

pub(super) fn route(rows: &[AppointmentRow], day: Day, go: &Go) -> Html {
    let visits: Vec<&AppointmentRow> = rows
        .iter()
        .filter(|row| row.appointment.customer_id.is_some() && part_on(row, day).is_some())
        .filter(|row| row.appointment.status != AppointmentStatus::Cancelled)
        .collect();
    let count = visits.len().to_string();
    html! {
        <section class="route">
            <h2>{ say("route") }<span class="aside">{ say_with("visits-count", &[("count", &count)]) }</span></h2>
            if visits.is_empty() { <p class="quiet">{ say("route-empty") }</p> }
            <ol>{ for visits.into_iter().map(|row| stop(row, go)) }</ol>
        </section>
    }
}

fn stop(row: &AppointmentRow, go: &Go) -> Html {
    let appointment = &row.appointment;
    let time = |at| clock::local(at).format("%H:%M").to_string();
    let when = if is_all_day(row) {
        say("all-day")
    } else {
        format!("{}–{}", time(appointment.starts_at), time(appointment.ends_at))
    };
    html! {
        <li key={appointment.id.to_string()}>
            <span class="when">{ when }</span>
            <div class="what">
                if let Some(id) = appointment.customer_id { <strong>{ way(go, Page::Customer(id), &row.customer) }</strong> }
                <div>{ &appointment.subject }</div>
                if !row.place.is_empty() { <div class="quiet">{ &row.place }</div> }
                if !row.contact.is_empty() || !row.phone.is_empty() {
                    <div class="quiet">{ [row.contact.as_str(), row.phone.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ") }</div>
                }
            </div>
            <div class="route-tools">
                if appointment.status == AppointmentStatus::Done { { status("done") } }
                if !row.phone.is_empty() { { link_button(&say("call"), format!("tel:{}", dial(&row.phone))) } }
            </div>
        </li>
    }
}
