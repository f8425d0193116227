//! Points in time as the user's clock and calendar show them.

use chrono::{DateTime, Datelike, Local, NaiveDateTime, NaiveTime};
use domain::{Day, Instant, Language, format};

use crate::say::{language, say};

/// A point in time on the user's clock.
pub(crate) fn local(at: Instant) -> DateTime<Local> {
    at.utc().with_timezone(&Local)
}

/// The user's calendar day.
pub(crate) fn today() -> Day {
    Local::now().date_naive()
}

/// A local time as a point in time.
pub(crate) fn instant(day: Day, time: NaiveTime) -> Instant {
    let local = NaiveDateTime::new(day, time).and_local_timezone(Local).earliest();
    local.map_or_else(Instant::now, |at| Instant::from(at.to_utc()))
}

/// `10:12` today, `gestern`, `12.11.`, `12.11.2024`.
pub(crate) fn short(at: Instant) -> String {
    let local = local(at);
    let (day, today) = (local.date_naive(), today());
    match (today - day).num_days() {
        0 => local.format("%H:%M").to_string(),
        1 => say("yesterday"),
        _ if day.year() == today.year() => format::day_short(day, language()),
        _ => format::day(day, language()),
    }
}

/// `21.11.2026, 10:12`.
pub(crate) fn full(at: Instant) -> String {
    let local = local(at);
    format!("{}, {}", format::day(local.date_naive(), language()), local.format("%H:%M"))
}

/// `−2 T`, `heute`, `morgen`, `27.11.`: when something is due.
pub(crate) fn due(day: Day) -> String {
    match (day - today()).num_days() {
        days @ ..0 => crate::say::say_with("days-ago", &[("days", &(-days).to_string())]),
        0 => say("today"),
        1 => say("tomorrow"),
        _ => format::day_short(day, language()),
    }
}

/// `Samstag, 21. November 2026`.
pub(crate) fn long(day: Day) -> String {
    let weekday = say(&format!("weekday-{}", day.weekday().num_days_from_monday()));
    let month = say(&format!("month-{}", day.month()));
    match language() {
        Language::De => format!("{weekday}, {}. {month} {}", day.day(), day.year()),
        Language::En => format!("{weekday}, {} {month} {}", day.day(), day.year()),
    }
}

/// `Mo`, `Mon`: a weekday by its number from Monday on.
pub(crate) fn weekday_letters(number: u32) -> String {
    let letters = if language() == Language::De { 2 } else { 3 };
    say(&format!("weekday-{number}")).chars().take(letters).collect()
}

/// `Mo 23.11.`, `Mon 23 Nov`.
pub(crate) fn weekday_short(day: Day) -> String {
    let letters = weekday_letters(day.weekday().num_days_from_monday());
    format!("{letters} {}", format::day_short(day, language()))
}
