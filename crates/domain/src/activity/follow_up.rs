//! “Linie 3 besichtigt. Wiedervorlage Freitag 10 Uhr”: a quick entry that names its follow-up.

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, Weekday};

use crate::{Day, format::parse_day};

/// The words that begin the phrase.
const BEGINNINGS: [&str; 7] =
    ["wiedervorlage", "wv", "follow up", "follow-up", "followup", "nachfassen", "erinnern"];
/// Words in the phrase that mean nothing by themselves.
const FILLERS: [&str; 10] = ["am", "um", "on", "at", "den", "bis", "by", "the", "zum", "next"];
/// When no time is given: in the morning.
const MORNING: Option<NaiveTime> = NaiveTime::from_hms_opt(9, 0, 0);

/// Takes the follow-up phrase off the end of a line. Returns the line without it, and the local
/// time that it names; a line without such a phrase comes back whole.
#[must_use]
pub fn parse_follow_up(line: &str, today: Day) -> (String, Option<NaiveDateTime>) {
    let lower = line.to_lowercase();
    // Lower-casing may change lengths: only when it did not can positions be shared.
    if lower.len() != line.len() {
        return (line.trim().to_owned(), None);
    }
    let begins_word =
        |at: usize| lower[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    let start = BEGINNINGS
        .iter()
        .filter_map(|word| lower.rfind(word).map(|at| (at, at + word.len())))
        .filter(|(at, end)| {
            begins_word(*at)
                && lower[*end..].chars().next().is_some_and(|after| " :,".contains(after))
        })
        .max();
    let Some((from, to)) = start else { return (line.trim().to_owned(), None) };
    match parse_when(&lower[to..], today) {
        Some(when) => {
            let rest = line[..from].trim().trim_end_matches([',', ';', '-', '–', '·']).trim();
            (rest.to_owned(), Some(when))
        }
        None => (line.trim().to_owned(), None),
    }
}

fn parse_when(phrase: &str, today: Day) -> Option<NaiveDateTime> {
    let mut day = None;
    let mut time = None;
    let words: Vec<&str> = phrase.split([' ', ',', ':']).filter(|word| !word.is_empty()).collect();
    let clock: Vec<&str> = phrase.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let mut words_left =
        if clock.iter().any(|word| parse_clock(word).is_some()) { clock } else { words }
            .into_iter()
            .peekable();
    while let Some(word) = words_left.next() {
        let word = word.trim_end_matches([';', '!']).trim_start_matches(':');
        if let Some(found) = parse_clock(word) {
            time = Some(found);
        } else if let Some(next) = words_left.peek()
            && matches!(next.trim_end_matches('.'), "uhr" | "h")
        {
            time = NaiveTime::from_hms_opt(word.parse().ok()?, 0, 0);
            words_left.next();
        } else if let Some(found) = parse_named_day(word, today) {
            day = Some(found);
        } else if matches!(word, "in") {
            let count: u64 = words_left.next()?.parse().ok()?;
            let days = if words_left.next()?.starts_with(['w']) { count * 7 } else { count };
            day = today.checked_add_days(Days::new(days));
        } else if !FILLERS.contains(&word.trim_end_matches('.')) && !word.is_empty() {
            return None;
        }
    }
    Some(day?.and_time(time.or(MORNING)?))
}

/// `10:30`, `10.30`, `10am`, `4pm`, `10h`.
fn parse_clock(word: &str) -> Option<NaiveTime> {
    if let Some((hours, minutes)) = word.split_once([':', '.'])
        && minutes.len() == 2
        && hours.len() <= 2
    {
        return NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0);
    }
    let at = |digits: &str, plus: u32| {
        let hour: u32 = digits.parse().ok()?;
        NaiveTime::from_hms_opt(hour % 12 + plus, 0, 0)
    };
    if let Some(digits) = word.strip_suffix("am") {
        return at(digits, 0);
    }
    if let Some(digits) = word.strip_suffix("pm") {
        return at(digits, 12);
    }
    NaiveTime::from_hms_opt(word.strip_suffix('h')?.parse().ok()?, 0, 0)
}

/// `morgen`, `Freitag`, `27.11.`, in small letters.
pub(super) fn parse_named_day(word: &str, today: Day) -> Option<Day> {
    let bare = word.trim_end_matches('.');
    let plus = |days| today.checked_add_days(Days::new(days));
    let weekday = match bare {
        "heute" | "today" => return Some(today),
        "morgen" | "tomorrow" => return plus(1),
        "übermorgen" => return plus(2),
        "montag" | "monday" | "mo" | "mon" => Weekday::Mon,
        "dienstag" | "tuesday" | "di" | "tue" => Weekday::Tue,
        "mittwoch" | "wednesday" | "mi" | "wed" => Weekday::Wed,
        "donnerstag" | "thursday" | "do" | "thu" => Weekday::Thu,
        "freitag" | "friday" | "fr" | "fri" => Weekday::Fri,
        "samstag" | "saturday" | "sa" | "sat" => Weekday::Sat,
        "sonntag" | "sunday" | "so" | "sun" => Weekday::Sun,
        _ => return parse_day(word, today).filter(|_| word.contains(['.', '-', '/'])),
    };
    // The next one, never today.
    let ahead = (7 + weekday.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    plus(u64::from(if ahead == 0 { 7 } else { ahead }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phrase_at_the_end_names_the_follow_up() {
        // A Saturday.
        let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
        for (line, rest, due) in [
            (
                "Linie 3 besichtigt. Wiedervorlage Freitag 10 Uhr",
                "Linie 3 besichtigt.",
                "2026-11-27T10:00",
            ),
            ("Angebot besprochen, WV 27.11.", "Angebot besprochen", "2026-11-27T09:00"),
            ("Saw line 3, follow up Friday 10am", "Saw line 3", "2026-11-27T10:00"),
            ("Preise klären Wiedervorlage morgen um 14:30", "Preise klären", "2026-11-22T14:30"),
            ("Muster zeigen – Wiedervorlage in 2 Wochen", "Muster zeigen", "2026-12-05T09:00"),
            ("Muster WV am 3.12. 8 Uhr", "Muster", "2026-12-03T08:00"),
            ("WV Samstag", "", "2026-11-28T09:00"),
        ] {
            let due = NaiveDateTime::parse_from_str(due, "%Y-%m-%dT%H:%M").unwrap();
            assert_eq!(parse_follow_up(line, today), (rest.to_owned(), Some(due)), "{line}");
        }
    }

    #[test]
    fn other_lines_stay_whole() {
        let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
        for line in ["Linie 3 besichtigt", "Wiedervorlage war gestern Thema", "Büro KWV 3"] {
            assert_eq!(parse_follow_up(line, today), (line.to_owned(), None));
        }
    }
}
