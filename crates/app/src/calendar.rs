//! Calendar files: what one would bring, taking it over, writing one.

use std::path::Path;

use commands::{
    Answer, Failure, ImportCalendarFile, ReadCalendarFile, WriteCalendarFile,
    view::{AppointmentRow, CalendarEntry, CalendarImport},
};
use domain::{Appointment, Changeset, Context, Taken, import_appointments};
use store::Tx;

use crate::{
    App,
    calendar_file::{self, Held},
    day_span, today,
};

/// Calendars of people have some hundred kilobytes; this is far beyond.
const LARGEST: u64 = 20_000_000;
/// Entries that are shown before a file is taken over.
const SHOWN: usize = 200;

fn unreadable(why: impl std::fmt::Display) -> Failure {
    Failure::new(
        "calendar-file",
        format!("This is no calendar file that can be read ({why}). Nothing was changed."),
    )
}

fn held(path: &str) -> Result<Held, Failure> {
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(unreadable("it has more than 20 MB"));
    }
    let content = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(content).map_err(|_| unreadable("it is not UTF-8"))?;
    // Today belongs to the year that is taken of a series, whatever the hour.
    calendar_file::read(&text, day_span(today()).from.utc()).map_err(unreadable)
}

/// The file's appointments as a changeset, with what it comes to.
fn plan(
    tx: &Tx<'_>,
    held: Held,
    path: &str,
    context: &mut Context<'_>,
) -> Result<(Changeset, CalendarImport), Failure> {
    let mut found = Vec::with_capacity(held.appointments.len());
    for appointment in held.appointments {
        let known = tx.first_with::<Appointment>("ics_uid", &appointment.ics_uid)?;
        found.push((known, appointment));
    }
    let mut import = CalendarImport {
        of_series: held.of_series,
        left_out: held.left_out,
        ..CalendarImport::default()
    };
    let entries: Vec<CalendarEntry> = found
        .iter()
        .map(|(known, appointment)| CalendarEntry {
            subject: appointment.subject.clone(),
            starts_at: appointment.starts_at,
            ends_at: appointment.ends_at,
            is_new: known.is_none(),
        })
        .collect();
    let name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    let (changeset, taken) = import_appointments(found, &name.unwrap_or_default(), context);
    for (entry, taken) in entries.into_iter().zip(taken) {
        match taken {
            Taken::Added => import.added += 1,
            Taken::Changed => import.changed += 1,
            Taken::Same => import.same += 1,
            Taken::Void => import.left_out.push((entry.subject.clone(), "cancelled".into())),
        }
        if matches!(taken, Taken::Added | Taken::Changed) && import.first.len() < SHOWN {
            import.first.push(entry);
        }
    }
    Ok((changeset, import))
}

impl Answer<ReadCalendarFile> for App {
    fn answer(&self, request: ReadCalendarFile) -> Result<CalendarImport, Failure> {
        let held = held(&request.path)?;
        // Planned like the real one, and not applied.
        self.transact(|tx, context| Ok(plan(tx, held, &request.path, context)?.1))
    }
}

impl Answer<ImportCalendarFile> for App {
    fn answer(&self, request: ImportCalendarFile) -> Result<CalendarImport, Failure> {
        let held = held(&request.path)?;
        self.transact(|tx, context| {
            let (changeset, import) = plan(tx, held, &request.path, context)?;
            tx.apply(&changeset)?;
            Ok(import)
        })
    }
}

impl Answer<WriteCalendarFile> for App {
    fn answer(&self, request: WriteCalendarFile) -> Result<u64, Failure> {
        let open = self.open()?;
        let rows = match request.id {
            Some(id) => {
                let appointment: Appointment = open.store.get(id)?;
                open.store.appointments(appointment.starts_at, appointment.ends_at, None)?
            }
            None => open.store.appointments(request.from, request.to, None)?,
        };
        let mine = |row: &AppointmentRow| match request.id {
            Some(id) => row.appointment.id == id,
            None => row.appointment.owner_id == open.user_id(),
        };
        // Other programs know no addresses of ours: where it is goes out in words.
        let appointments: Vec<Appointment> = rows
            .into_iter()
            .filter(mine)
            .map(|row| Appointment { place: row.place, ..row.appointment })
            .collect();
        let text = calendar_file::write(&appointments);
        std::fs::write(&request.path, text).map_err(|error| {
            Failure::new("file", format!("The file could not be written ({error})."))
        })?;
        Ok(appointments.len() as u64)
    }
}
