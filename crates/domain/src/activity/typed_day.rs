//! A day or a clock time as people type it into a field.

use chrono::{Datelike, NaiveTime, TimeDelta};

use super::follow_up::parse_named_day;
use crate::{Day, format::parse_day};

/// The beginnings of the months' names, German and English.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän"],
    &["feb"],
    &["mär", "mar", "mrz"],
    &["apr"],
    &["mai", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dez", "dec"],
];

/// A day as it is typed into a field: `21.11.2026`, `21.11.`, `211126`, `21 Nov 2026`, `21`,
/// `heute`, `morgen`, `gestern`, `Freitag`, `+7`, `-3`, `+2w`. A day without a year or month is
/// the next one from today on.
#[must_use]
pub fn read_day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim().to_lowercase();
    if let Some(count) = text.strip_prefix('+') {
        return shifted(count.trim(), today, 1);
    }
    if let Some(count) = text.strip_prefix(['-', '\u{2212}']) {
        return shifted(count.trim(), today, -1);
    }
    if matches!(text.as_str(), "gestern" | "yesterday") {
        return today.pred_opt();
    }
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        return digits(&text, today);
    }
    named_month(&text, today)
        .or_else(|| parse_day(&text, today))
        .or_else(|| parse_named_day(&text, today))
}

fn shifted(count: &str, today: Day, sign: i64) -> Option<Day> {
    let (number, each) = match count.strip_suffix('w') {
        Some(number) => (number.trim_end(), 7),
        None => (count.strip_suffix(['t', 'd']).unwrap_or(count).trim_end(), 1),
    };
    let number: i64 = number.parse().ok().filter(|number| (0..=40_000).contains(number))?;
    today.checked_add_signed(TimeDelta::days(number * each * sign))
}

/// `21`, `2111`, `211126`, `21112026`.
fn digits(text: &str, today: Day) -> Option<Day> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    match text.len() {
        1 | 2 => {
            let day = text.parse().ok()?;
            let this = today.with_day(day).filter(|this| *this >= today);
            // The next month that has such a day.
            this.or_else(|| {
                (1..=12).find_map(|ahead| {
                    let month = today.month0() + ahead;
                    let year = today.year() + i32::try_from(month / 12).ok()?;
                    Day::from_ymd_opt(year, month % 12 + 1, day)
                })
            })
        }
        4 => parse_day(&format!("{}.{}.", part(0, 2)?, part(2, 4)?), today),
        6 | 8 => parse_day(&format!("{}.{}.{}", part(0, 2)?, part(2, 4)?, &text[4..]), today),
        _ => None,
    }
}

/// `21 Nov 2026`, `21. november`, `nov 21`.
fn named_month(text: &str, today: Day) -> Option<Day> {
    let parts: Vec<&str> = text.split([' ', '.', ',']).filter(|part| !part.is_empty()).collect();
    let month_at = |part: &str| {
        MONTHS.iter().position(|names| {
            part.chars().count() >= 3 && names.iter().any(|name| part.starts_with(name))
        })
    };
    let (at, month) =
        parts.iter().enumerate().find_map(|(at, part)| Some((at, month_at(part)? + 1)))?;
    let day = match at {
        0 => parts.get(1)?,
        _ => parts.first()?,
    };
    let year = parts.get(2).map_or(String::new(), |year| (*year).to_owned());
    parse_day(&format!("{day}.{month}.{year}"), today)
}

/// A clock time as it is typed into a field: `9`, `930`, `9:30`, `9.30`, `9 Uhr`, `17h`, `4pm`.
#[must_use]
pub fn read_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let (text, noon) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(rest), _) => (rest, Some(12)),
        (None, Some(rest)) => (rest, Some(0)),
        (None, None) => {
            (text.strip_suffix("uhr").or_else(|| text.strip_suffix('h')).unwrap_or(&text), None)
        }
    };
    let text = text.trim();
    let (hours, minutes) = match text.split_once([':', '.', ',']) {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if text.len() > 2 => text.split_at_checked(text.len() - 2)?,
        None => (text, "0"),
    };
    let hour: u32 = hours.parse().ok()?;
    let hour =
        noon.map_or(Some(hour), |noon| (1..=12).contains(&hour).then_some(hour % 12 + noon))?;
    NaiveTime::from_hms_opt(hour, minutes.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_typed() {
        // A Saturday.
        let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
        for (text, day) in [
            ("21.11.2026", Some("2026-11-21")),
            ("21.11.", Some("2026-11-21")),
            ("20.11.", Some("2027-11-20")),
            ("2026-12-24", Some("2026-12-24")),
            ("24 Dec 2026", Some("2026-12-24")),
            ("24. Dezember", Some("2026-12-24")),
            ("Dec 24, 2026", Some("2026-12-24")),
            ("3. März 2027", Some("2027-03-03")),
            ("24", Some("2026-11-24")),
            ("20", Some("2026-12-20")),
            ("31", Some("2026-12-31")),
            ("0112", Some("2026-12-01")),
            ("011226", Some("2026-12-01")),
            ("01122026", Some("2026-12-01")),
            ("heute", Some("2026-11-21")),
            ("Morgen", Some("2026-11-22")),
            ("yesterday", Some("2026-11-20")),
            ("freitag", Some("2026-11-27")),
            ("+7", Some("2026-11-28")),
            ("+2w", Some("2026-12-05")),
            ("+ 3 t", Some("2026-11-24")),
            ("-3", Some("2026-11-18")),
            ("", None),
            ("bald", None),
            ("31.2.2027", None),
            ("99", None),
            ("+", None),
        ] {
            assert_eq!(read_day(text, today), day.map(|day| day.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn times_are_read_as_they_are_typed() {
        for (text, time) in [
            ("9", Some((9, 0))),
            ("09:30", Some((9, 30))),
            ("9.30", Some((9, 30))),
            ("930", Some((9, 30))),
            ("1745", Some((17, 45))),
            ("9 Uhr", Some((9, 0))),
            ("17h", Some((17, 0))),
            ("4pm", Some((16, 0))),
            ("12am", Some((0, 0))),
            ("24", None),
            ("9:7", None),
            ("9:75", None),
            ("mittags", None),
            ("", None),
        ] {
            let time = time.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
            assert_eq!(read_time(text), time, "{text}");
        }
    }
}
