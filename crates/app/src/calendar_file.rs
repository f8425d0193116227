//! Calendar files (.ics) as appointments, and back. Nothing here reads or writes a disk.

use std::collections::BTreeMap;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use domain::{Appointment, AppointmentStatus, Instant};
use icalendar::{
    Calendar, CalendarDateTime, Component, DatePerhapsTime, Event, EventLike, EventStatus, rrule,
};

use crate::local_instant;

/// Dates of one series at most: a year of days, and some more.
const SERIES: u16 = 400;
/// What lasts no time at all is shown for so long.
const SHORTEST: i64 = 30;

/// Time zones by the names that Outlook and Exchange write.
const ZONES: [(&str, &str); 9] = [
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Etc/UTC"),
    ("E. Europe Standard Time", "Europe/Bucharest"),
    ("Eastern Standard Time", "America/New_York"),
    ("UTC", "Etc/UTC"),
];

/// What a calendar file holds.
#[derive(Default)]
pub(crate) struct Held {
    /// Its appointments by UID; a date of a series has its time behind the series' UID.
    pub(crate) appointments: Vec<Appointment>,
    /// How many of them are dates of series.
    pub(crate) of_series: u64,
    /// What cannot be taken over: subject and why.
    pub(crate) left_out: Vec<(String, String)>,
}

/// The appointments of a calendar file; of series the dates of the year from `now` on.
///
/// # Errors
/// Why it is no calendar, in English.
pub(crate) fn read(text: &str, now: DateTime<Utc>) -> Result<Held, String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err("it does not begin with BEGIN:VCALENDAR".into());
    }
    if !text.trim_end().to_ascii_uppercase().ends_with("END:VCALENDAR") {
        return Err("it breaks off before END:VCALENDAR".into());
    }
    let mut unfolded = icalendar::parser::unfold(text);
    for (theirs, ours) in ZONES {
        unfolded = unfolded
            .replace(&format!("TZID=\"{theirs}\""), &format!("TZID={ours}"))
            .replace(&format!("TZID={theirs}:"), &format!("TZID={ours}:"));
    }
    let calendar: Calendar = unfolded.parse()?;
    let mut held = Held::default();
    let mut by_uid = BTreeMap::new();
    // A date of a series that was moved stands beside the series and takes its date's place.
    let (moved, plain): (Vec<&Event>, Vec<&Event>) =
        calendar.events().partition(|event| event.properties().contains_key("RECURRENCE-ID"));
    for event in plain.into_iter().chain(moved) {
        if let Err(why) = keep(event, now, &mut by_uid, &mut held.of_series) {
            held.left_out.push((subject(event), why.into()));
        }
    }
    held.appointments = by_uid.into_values().collect();
    held.appointments.sort_by_key(|appointment| appointment.starts_at);
    Ok(held)
}

fn subject(event: &Event) -> String {
    event.get_summary().map(str::trim).filter(|text| !text.is_empty()).unwrap_or("–").to_owned()
}

fn keep(
    event: &Event,
    now: DateTime<Utc>,
    by_uid: &mut BTreeMap<String, Appointment>,
    of_series: &mut u64,
) -> Result<(), &'static str> {
    let start = event.get_start().ok_or("no-start")?;
    let starts_at = instant(&start)?;
    let ends_at = end(event, &start, starts_at)?;
    let uid = match event.get_uid().map(str::trim).filter(|uid| !uid.is_empty()) {
        Some(uid) => uid.to_owned(),
        // The same event of the same file is the same again.
        None => format!("{}@{starts_at}", subject(event)),
    };
    let appointment = Appointment {
        subject: subject(event),
        body: event.get_description().unwrap_or_default().into(),
        place: event.get_location().unwrap_or_default().into(),
        starts_at,
        ends_at,
        status: match event.get_status() {
            Some(EventStatus::Cancelled) => AppointmentStatus::Cancelled,
            _ => AppointmentStatus::Planned,
        },
        ics_uid: uid.clone(),
        ..Appointment::default()
    };
    let properties = event.properties();
    if let Some(at) = properties.get("RECURRENCE-ID") {
        let at = instant(&DatePerhapsTime::from_property(at).ok_or("no-start")?)?;
        let ics_uid = of_date(&uid, at);
        if !by_uid.contains_key(&ics_uid) && starts_at.utc() < now {
            return Err("past-series");
        }
        by_uid.insert(ics_uid.clone(), Appointment { ics_uid, ..appointment });
        return Ok(());
    }
    let is_series =
        properties.contains_key("RRULE") || event.multi_properties().contains_key("RDATE");
    if !is_series {
        by_uid.insert(uid, appointment);
        return Ok(());
    }
    let dates = dates(event, now)?;
    if dates.is_empty() {
        return Err("past-series");
    }
    for date in dates {
        let (starts_at, ends_at) = match &start {
            // A day stays a day where the clock is changed.
            DatePerhapsTime::Date(_) => {
                let days = (ends_at.utc() - starts_at.utc() + TimeDelta::hours(2)).num_days();
                let day = date.with_timezone(&Local).date_naive();
                (midnight(day), midnight(day + TimeDelta::days(days.max(1))))
            }
            DatePerhapsTime::DateTime(_) => {
                let begin = date.with_timezone(&Utc);
                (Instant::from(begin), Instant::from(begin + (ends_at.utc() - starts_at.utc())))
            }
        };
        let ics_uid = of_date(&uid, starts_at);
        by_uid.insert(
            ics_uid.clone(),
            Appointment { starts_at, ends_at, ics_uid, ..appointment.clone() },
        );
        *of_series += 1;
    }
    Ok(())
}

fn of_date(uid: &str, at: Instant) -> String {
    format!("{uid}/{}", at.utc().format("%Y%m%dT%H%M%SZ"))
}

/// The dates of a series in the year from now on.
fn dates(event: &Event, now: DateTime<Utc>) -> Result<Vec<DateTime<rrule::Tz>>, &'static str> {
    let set = event.get_recurrence().map_err(|_| "rule")?;
    let year = now + TimeDelta::days(365);
    let utc = |at: DateTime<Utc>| at.with_timezone(&rrule::Tz::UTC);
    Ok(set.after(utc(now)).before(utc(year)).all(SERIES).dates)
}

fn midnight(day: NaiveDate) -> Instant {
    local_instant(day.and_time(NaiveTime::MIN))
}

fn instant(at: &DatePerhapsTime) -> Result<Instant, &'static str> {
    match at {
        DatePerhapsTime::Date(day) => Ok(midnight(*day)),
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => Ok(Instant::from(*at)),
        DatePerhapsTime::DateTime(CalendarDateTime::Floating(at)) => Ok(local_instant(*at)),
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid }) => {
            let zone: rrule::Tz =
                tzid.trim_matches('"').parse::<chrono_tz::Tz>().map_err(|_| "zone")?.into();
            Ok(in_zone(*date_time, zone))
        }
    }
}

/// A local time of a zone; where the clock is put forward, the time that it is put to.
fn in_zone<Z: TimeZone>(at: NaiveDateTime, zone: Z) -> Instant {
    let found = zone.from_local_datetime(&at).earliest();
    let found = found.or_else(|| zone.from_local_datetime(&(at + TimeDelta::hours(1))).earliest());
    found.map_or_else(|| Instant::from(at.and_utc()), |at| Instant::from(at.to_utc()))
}

fn end(
    event: &Event,
    start: &DatePerhapsTime,
    starts_at: Instant,
) -> Result<Instant, &'static str> {
    let until = match (event.get_end(), event.property_value("DURATION")) {
        (Some(end), _) => instant(&end)?,
        (None, Some(text)) => {
            let duration = duration(text).ok_or("length")?;
            Instant::from(starts_at.utc() + duration)
        }
        (None, None) => starts_at,
    };
    if until > starts_at {
        return Ok(until);
    }
    match start {
        DatePerhapsTime::Date(day) => Ok(midnight(*day + TimeDelta::days(1))),
        DatePerhapsTime::DateTime(_) if until == starts_at => {
            Ok(Instant::from(starts_at.utc() + TimeDelta::minutes(SHORTEST)))
        }
        DatePerhapsTime::DateTime(_) => Err("length"),
    }
}

/// `PT1H30M`, `P1D`, `P2W`.
fn duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text.trim().trim_start_matches('+').strip_prefix('P')?;
    let mut seconds = 0_i64;
    let mut in_time = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            (in_time, rest) = (true, after);
            continue;
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let each = match (rest.as_bytes().get(digits)?, in_time) {
            (b'W', false) => 7 * 86_400,
            (b'D', false) => 86_400,
            (b'H', true) => 3_600,
            (b'M', true) => 60,
            (b'S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(count.checked_mul(each)?)?;
        rest = &rest[digits + 1..];
    }
    TimeDelta::try_seconds(seconds)
}

/// Appointments as a calendar file.
pub(crate) fn write(appointments: &[Appointment]) -> String {
    let mut calendar = Calendar::new();
    for appointment in appointments {
        let mut event = Event::with_uid(&appointment.ics_uid);
        event.summary(&appointment.subject).timestamp(appointment.updated_at.utc());
        if !appointment.body.is_empty() {
            event.description(&appointment.body);
        }
        if !appointment.place.is_empty() {
            event.location(&appointment.place);
        }
        event.status(match appointment.status {
            AppointmentStatus::Cancelled => EventStatus::Cancelled,
            AppointmentStatus::Planned | AppointmentStatus::Done => EventStatus::Confirmed,
        });
        let local = |at: Instant| at.utc().with_timezone(&Local).naive_local();
        let (from, to) = (local(appointment.starts_at), local(appointment.ends_at));
        // From midnight to midnight is all day long.
        if from.time() == NaiveTime::MIN && to.time() == NaiveTime::MIN {
            event.starts(from.date()).ends(to.date());
        } else {
            event.starts(appointment.starts_at.utc()).ends(appointment.ends_at.utc());
        }
        calendar.push(event.done());
    }
    calendar.done().to_string()
}
