//! Which days a view shows, and how appointments share a day.

use chrono::{Datelike, Days, Months, NaiveTime, TimeDelta, Timelike};
use commands::view::AppointmentRow;
use domain::{Day, Instant, Language, format};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    say::{language, say, say_with},
};

/// Minutes that times are rounded to.
pub(super) const STEP: i64 = 15;
/// Minutes of a day on the clock.
pub(super) const DAY: i64 = 24 * 60;

/// How much is shown at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum View {
    Day,
    #[default]
    Week,
    Month,
}

impl View {
    pub(super) const ALL: [(Self, &'static str); 3] =
        [(Self::Day, "view-day"), (Self::Week, "view-week"), (Self::Month, "view-month")];

    /// The first day shown, and how many.
    pub(super) fn days(self, day: Day) -> (Day, u64) {
        match self {
            Self::Day => (day, 1),
            Self::Week => (monday(day), 7),
            Self::Month => {
                let first = monday(day.with_day(1).unwrap_or(day));
                let next = day.with_day(1).unwrap_or(day) + Months::new(1);
                let weeks = (next - first).num_days().unsigned_abs().div_ceil(7);
                (first, weeks * 7)
            }
        }
    }

    /// The same so many steps on.
    pub(super) fn shift(self, day: Day, by: i32) -> Day {
        let days = |days: i64| day.checked_add_signed(TimeDelta::days(days)).unwrap_or(day);
        match self {
            Self::Day => days(by.into()),
            Self::Week => days(7 * i64::from(by)),
            Self::Month if by < 0 => day - Months::new(by.unsigned_abs()),
            Self::Month => day + Months::new(by.unsigned_abs()),
        }
    }

    /// `16. – 22. November 2026 · KW 47`.
    pub(super) fn title(self, day: Day) -> String {
        let month = |day: Day| say(&format!("month-{}", day.month()));
        let (first, count) = self.days(day);
        let last = first.checked_add_days(Days::new(count - 1)).unwrap_or(first);
        match self {
            Self::Day => clock::long(day),
            Self::Month => format!("{} {}", month(day), day.year()),
            Self::Week => {
                let dot = if language() == Language::De { "." } else { "" };
                let week =
                    say_with("week-number", &[("week", &first.iso_week().week().to_string())]);
                let from = if first.month() == last.month() {
                    format!("{}{dot}", first.day())
                } else {
                    format::day_short(first, language())
                };
                format!("{from} – {}{dot} {} {} · {week}", last.day(), month(last), last.year())
            }
        }
    }
}

pub(super) fn monday(day: Day) -> Day {
    day - TimeDelta::days(day.weekday().num_days_from_monday().into())
}

/// A point in time of a day by its clock; midnight at its end is the next day.
pub(super) fn at(day: Day, minute: i64) -> Instant {
    let minute = minute.clamp(0, DAY);
    if minute == DAY {
        return clock::instant(day + TimeDelta::days(1), NaiveTime::MIN);
    }
    let seconds = u32::try_from(minute * 60).unwrap_or(0);
    clock::instant(
        day,
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default(),
    )
}

/// Minutes since midnight on the clock.
pub(super) fn minute_of(at: Instant) -> i64 {
    let time = clock::local(at).time();
    i64::from(time.hour() * 60 + time.minute())
}

/// The part of an appointment on a day, in minutes on its clock; none when it is on others.
pub(super) fn part_on(row: &AppointmentRow, day: Day) -> Option<(i64, i64)> {
    let (from, to) = (at(day, 0), at(day, DAY));
    let appointment = &row.appointment;
    if appointment.starts_at >= to || appointment.ends_at <= from {
        return None;
    }
    let begin = if appointment.starts_at <= from { 0 } else { minute_of(appointment.starts_at) };
    let end = if appointment.ends_at >= to { DAY } else { minute_of(appointment.ends_at) };
    Some((begin, end.max(begin + STEP).min(DAY)))
}

/// Whether it fills whole days: it stands above the hours then.
pub(super) fn is_all_day(row: &AppointmentRow) -> bool {
    let appointment = &row.appointment;
    minute_of(appointment.starts_at) == 0 && minute_of(appointment.ends_at) == 0
}

/// For each part of a day its place beside those that it overlaps: lane, and how many lanes.
pub(super) fn lanes(parts: &[(i64, i64)]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| (parts[*index].0, -parts[*index].1));
    let mut placed = vec![(0, 1); parts.len()];
    let mut group: Vec<usize> = Vec::new();
    let mut ends: Vec<i64> = Vec::new();
    let mut group_end = 0;
    let close = |group: &mut Vec<usize>, ends: &mut Vec<i64>, placed: &mut Vec<(usize, usize)>| {
        for index in group.drain(..) {
            placed[index].1 = ends.len().max(1);
        }
        ends.clear();
    };
    for index in order {
        let (from, to) = parts[index];
        if from >= group_end {
            close(&mut group, &mut ends, &mut placed);
        }
        let lane = match ends.iter().position(|end| *end <= from) {
            Some(lane) => lane,
            None => {
                ends.push(0);
                ends.len() - 1
            }
        };
        ends[lane] = to;
        placed[index].0 = lane;
        group.push(index);
        group_end = group_end.max(to);
    }
    close(&mut group, &mut ends, &mut placed);
    placed
}
