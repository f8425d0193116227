//! Dragging with the mouse or a finger: an appointment, its end, a customer from the side.

use std::{cell::RefCell, rc::Rc};

use chrono::TimeDelta;
use commands::{MoveAppointment, view::AppointmentRow};
use domain::{Day, Id, Instant};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::{
    super::order,
    span::{DAY, STEP, at, minute_of},
};
use crate::{
    clock,
    say::{say, say_with},
};

/// Pixels of an hour; the style sheet has the same.
pub(super) const HOUR: i64 = 48;
/// Pixels that the pointer must go before it is a drag and no click.
const SLACK: i32 = 5;

/// What is dragged.
#[derive(Clone, PartialEq)]
pub(super) enum What {
    /// An appointment; the pointer holds it so many minutes below its beginning.
    Move(Box<AppointmentRow>, i64),
    /// An appointment's end.
    Length(Box<AppointmentRow>),
    /// A customer, to be visited.
    Visit(Id, String),
}

struct Held {
    what: What,
    from: (i32, i32),
    moved: bool,
    span: Option<(Instant, Instant)>,
}

/// What is dragged now, shared by everything on the page that can be dragged.
#[derive(Clone)]
pub(super) struct Drag {
    held: Rc<RefCell<Option<Held>>>,
    was_drag: Rc<RefCell<bool>>,
    redraw: Callback<()>,
    visit: Callback<(Id, String, Instant)>,
}

#[hook]
pub(super) fn use_drag(visit: Callback<(Id, String, Instant)>) -> Drag {
    let held = use_mut_ref(|| None);
    let was_drag = use_mut_ref(|| false);
    let update = use_force_update();
    Drag { held, was_drag, redraw: Callback::from(move |()| update.force_update()), visit }
}

/// The day under the pointer, and the minute where there are hours.
fn under(x: i32, y: i32) -> Option<(Day, Option<i64>)> {
    #[allow(clippy::cast_precision_loss)] // A screen has no sixteen million pixels.
    let found = web_sys::window()?.document()?.element_from_point(x as f32, y as f32)?;
    let day = found.closest("[data-day]").ok()??;
    let date = day.get_attribute("data-day")?.parse().ok()?;
    let minute = day.has_attribute("data-hours").then(|| minute_at(&day, y));
    Some((date, minute))
}

/// The minute at a height of a day's column.
pub(super) fn minute_at(column: &Element, y: i32) -> i64 {
    #[allow(clippy::cast_possible_truncation)] // A column has some thousand pixels.
    let top = column.get_bounding_client_rect().top() as i64;
    (i64::from(y) - top) * 60 / HOUR
}

fn rounded(minute: i64) -> i64 {
    (minute + STEP / 2).div_euclid(STEP) * STEP
}

/// Where what is held would come to lie.
fn target(what: &What, x: i32, y: i32) -> Option<(Instant, Instant)> {
    let (day, minute) = under(x, y)?;
    match what {
        What::Move(row, grip) => {
            let appointment = &row.appointment;
            let length = appointment.ends_at.utc() - appointment.starts_at.utc();
            let begin = match minute {
                Some(minute) => rounded(minute - grip).clamp(0, DAY - STEP),
                None => minute_of(appointment.starts_at),
            };
            let starts_at = at(day, begin);
            Some((starts_at, Instant::from(starts_at.utc() + length)))
        }
        What::Length(row) => {
            let starts_at = row.appointment.starts_at;
            let day = clock::local(starts_at).date_naive();
            let end = rounded(minute?).max(minute_of(starts_at) + STEP);
            Some((starts_at, at(day, end)))
        }
        What::Visit(..) => {
            let begin = minute.map_or(9 * 60, |minute| minute.div_euclid(30) * 30);
            let starts_at = at(day, begin.clamp(0, DAY - 60));
            Some((starts_at, Instant::from(starts_at.utc() + TimeDelta::hours(1))))
        }
    }
}

/// Moves an appointment and says so.
pub(super) fn move_to(row: &AppointmentRow, starts_at: Instant, ends_at: Instant) {
    let appointment = &row.appointment;
    if (appointment.starts_at, appointment.ends_at) == (starts_at, ends_at) {
        return;
    }
    let local = clock::local(starts_at);
    let when = format!(
        "{}, {}–{}",
        crate::clock::weekday_short(local.date_naive()),
        local.format("%H:%M"),
        clock::local(ends_at).format("%H:%M")
    );
    let said = say_with("appointment-moved", &[("what", &appointment.subject), ("when", &when)]);
    order(MoveAppointment { id: appointment.id, starts_at, ends_at }, Some(said), |()| {});
}

impl Drag {
    /// Takes something up.
    pub(super) fn take(&self, what: What) -> Callback<PointerEvent> {
        let drag = self.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            event.stop_propagation();
            *drag.was_drag.borrow_mut() = false;
            if let Some(element) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
                // Without it a quick pointer runs ahead, and the next move catches up.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            let mut what = what.clone();
            if let What::Move(row, grip) = &mut what
                && let Some((day, Some(minute))) = under(event.client_x(), event.client_y())
            {
                let starts_at = row.appointment.starts_at;
                let before = (day - clock::local(starts_at).date_naive()).num_days() * DAY;
                *grip = minute + before - minute_of(starts_at);
            }
            let from = (event.client_x(), event.client_y());
            *drag.held.borrow_mut() = Some(Held { what, from, moved: false, span: None });
        })
    }

    /// Follows the pointer.
    pub(super) fn follow(&self) -> Callback<PointerEvent> {
        let drag = self.clone();
        Callback::from(move |event: PointerEvent| {
            let mut held = drag.held.borrow_mut();
            let Some(held) = held.as_mut() else { return };
            let (x, y) = (event.client_x(), event.client_y());
            let far = (x - held.from.0).abs().max((y - held.from.1).abs()) > SLACK;
            if !held.moved && !far {
                return;
            }
            event.prevent_default();
            let span = target(&held.what, x, y);
            if !held.moved || span != held.span {
                held.moved = true;
                held.span = span;
                drag.redraw.emit(());
            }
        })
    }

    /// Lays it down.
    pub(super) fn release(&self) -> Callback<PointerEvent> {
        let drag = self.clone();
        Callback::from(move |_: PointerEvent| {
            let Some(held) = drag.held.take() else { return };
            if !held.moved {
                return;
            }
            *drag.was_drag.borrow_mut() = true;
            drag.redraw.emit(());
            let Some((starts_at, ends_at)) = held.span else { return };
            match held.what {
                What::Move(row, _) | What::Length(row) => move_to(&row, starts_at, ends_at),
                What::Visit(id, name) => drag.visit.emit((id, name, starts_at)),
            }
        })
    }

    /// Lets it go where it was.
    pub(super) fn stop(&self) -> bool {
        let held = self.held.take().is_some_and(|held| held.moved);
        if held {
            *self.was_drag.borrow_mut() = true;
            self.redraw.emit(());
        }
        held
    }

    /// Whether the click that comes now is only the end of a drag.
    pub(super) fn was_drag(&self) -> bool {
        self.was_drag.replace(false)
    }

    /// What is dragged and where it would come to lie.
    pub(super) fn ghost(&self) -> Option<(Option<Id>, String, Instant, Instant)> {
        let held = self.held.borrow();
        let held = held.as_ref().filter(|held| held.moved)?;
        let (starts_at, ends_at) = held.span?;
        let (id, name) = match &held.what {
            What::Move(row, _) | What::Length(row) => {
                (Some(row.appointment.id), row.appointment.subject.clone())
            }
            What::Visit(_, name) => (None, say_with("visit-at", &[("customer", name)])),
        };
        Some((id, name, starts_at, ends_at))
    }

    /// For screen readers and tests: what dragging does.
    pub(super) fn hint() -> String {
        say("calendar-drag-hint")
    }
}
