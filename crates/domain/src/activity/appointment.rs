//! Appointments that move, and those that come from another calendar.

use super::{Appointment, AppointmentStatus};
use crate::{
    Changeset, Context, Instant, Refusal, Refused,
    text::{BODY, LINE, tidy_body, tidy_line},
    value::is_usual,
};
use chrono::Datelike;

/// Moves an appointment, or changes how long it is.
///
/// # Errors
/// When it would end before it begins, or was cancelled.
pub fn move_appointment(
    old: &Appointment,
    starts_at: Instant,
    ends_at: Instant,
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    if ends_at <= starts_at {
        return Err(Refusal::new("ends-before-start", "The end must be later than the beginning.")
            .at("ends_at")
            .into());
    }
    if old.status == AppointmentStatus::Cancelled {
        return Err(
            Refusal::new("status-change", "A cancelled appointment stays where it is.").into()
        );
    }
    let mut changeset = Changeset::new("appointment.move", &*old.subject, context);
    changeset.update(old, Appointment { starts_at, ends_at, ..old.clone() }, context);
    Ok(changeset)
}

/// What becomes of an appointment that comes from another calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is new.
    Added,
    /// It was known and changes.
    Changed,
    /// It was known, and is just so already.
    Same,
    /// It was called off and was never known here, or is at no time that can be stored.
    Void,
}

/// What the known appointment becomes by one from another calendar. What only Kontor knows
/// (customer, contact, opportunity, address, done) stays.
fn merged(known: &Appointment, from: &Appointment) -> Appointment {
    let status = match (known.status, from.status) {
        (AppointmentStatus::Done, _) => AppointmentStatus::Done,
        (_, status) => status,
    };
    Appointment {
        subject: from.subject.clone(),
        body: from.body.clone(),
        place: if known.address_id.is_some() { known.place.clone() } else { from.place.clone() },
        starts_at: from.starts_at,
        ends_at: from.ends_at,
        status,
        ..known.clone()
    }
}

/// Takes appointments over from another calendar as one action; beside each the known one with
/// the same UID. Says what became of each.
pub fn import_appointments(
    found: Vec<(Option<Appointment>, Appointment)>,
    subject: &str,
    context: &mut Context<'_>,
) -> (Changeset, Vec<Taken>) {
    let mut changeset = Changeset::new("appointment.import", subject, context);
    let taken = found
        .into_iter()
        .map(|(known, mut from)| {
            tidy_line(&mut from.subject);
            tidy_line(&mut from.place);
            tidy_body(&mut from.body);
            cut(&mut from.subject, LINE);
            cut(&mut from.place, LINE);
            cut(&mut from.body, BODY);
            let times = [from.starts_at, from.ends_at];
            if times.iter().any(|at| !is_usual(at.utc().year())) {
                return Taken::Void;
            }
            match known {
                Some(known) => {
                    let before = changeset.changes.len();
                    changeset.update(&known, merged(&known, &from), context);
                    if changeset.changes.len() > before { Taken::Changed } else { Taken::Same }
                }
                None if from.status == AppointmentStatus::Cancelled => Taken::Void,
                None => {
                    from.owner_id = context.user_id;
                    changeset.insert(from, context);
                    Taken::Added
                }
            }
        })
        .collect();
    (changeset, taken)
}

fn cut(text: &mut String, most: usize) {
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
    }
}
