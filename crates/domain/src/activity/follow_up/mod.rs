//! “Linie 3 besichtigt. Wiedervorlage Freitag 10 Uhr”: a quick entry that names its follow-up.

use chrono::{Datelike, Days, Months, NaiveDateTime, NaiveTime, Weekday};

use crate::{Day, format::parse_day};

/// The words that begin the phrase.
const BEGINNINGS: [&str; 7] =
    ["wiedervorlage", "wv", "follow up", "follow-up", "followup", "nachfassen", "erinnern"];
/// Words in the phrase that mean nothing by themselves.
const FILLERS: [&str; 17] = [
    "am",
    "um",
    "on",
    "at",
    "den",
    "bis",
    "by",
    "the",
    "zum",
    "ab",
    "next",
    "nächsten",
    "nächster",
    "kommenden",
    "diesen",
    "this",
    "uhr",
];
/// When no time is given: in the morning.
const MORNING: Option<NaiveTime> = NaiveTime::from_hms_opt(9, 0, 0);

/// Takes the follow-up phrase off the end of a line. Returns the line without it, and the local
/// time that it names; a line without such a phrase comes back whole.
#[must_use]
pub fn parse_follow_up(line: &str, today: Day) -> (String, Option<NaiveDateTime>) {
    // Letters whose small form is longer or shorter stay, so that positions are shared.
    let lower: String = line
        .chars()
        .map(|char| {
            let mut small = char.to_lowercase();
            small
                .next()
                .filter(|c| c.len_utf8() == char.len_utf8() && small.len() == 0)
                .unwrap_or(char)
        })
        .collect();
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
    let (mut day, mut time) = (None, None);
    let words: Vec<&str> = phrase
        .split([' ', ','])
        .map(|word| word.trim_end_matches([';', '!', ':']).trim_start_matches(':'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut at = 0;
    let word_at = |at: usize| words.get(at).map(|word| word.trim_end_matches('.'));
    while let Some(word) = words.get(at).copied() {
        let bare = word.trim_end_matches('.');
        let before = at.checked_sub(1).and_then(word_at);
        let clock_follows = matches!(word_at(at + 1), Some("uhr" | "h"));
        // “10.12” alone is a day; a time where something says so.
        let may_be_dotted = clock_follows || day.is_some() || matches!(before, Some("um" | "at"));
        at += 1;
        if let Some(found) = parse_clock(bare, may_be_dotted) {
            time = Some(found);
        } else if clock_follows {
            let hour: u32 = bare.parse().ok()?;
            at += 1;
            // “10 Uhr 30”
            let minute = word_at(at).filter(|word| word.len() == 2).and_then(|m| m.parse().ok());
            at += usize::from(minute.is_some());
            time = Some(NaiveTime::from_hms_opt(hour, minute.unwrap_or(0), 0)?);
        } else if bare == "in" {
            day = Some(ahead(count(word_at(at)?)?, word_at(at + 1)?, today)?);
            at += 2;
        } else if let (true, Some(unit)) = (is_next(bare), word_at(at).filter(|u| is_unit(u))) {
            day = Some(ahead(1, unit, today)?);
            at += 1;
        } else if let Some(found) = parse_named_day(word, today) {
            day = Some(found);
        } else if !FILLERS.contains(&bare) {
            return None;
        }
    }
    Some(day?.and_time(time.or(MORNING)?))
}

/// `10:30`, `10am`, `4pm`, `10h`; `10.30` where that may be a time.
fn parse_clock(word: &str, may_be_dotted: bool) -> Option<NaiveTime> {
    let split = word.split_once(':').or_else(|| word.split_once('.').filter(|_| may_be_dotted));
    if let Some((hours, minutes)) = split {
        if minutes.len() != 2 || hours.len() > 2 {
            return None;
        }
        return NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0);
    }
    let at = |digits: &str, plus: u32| {
        let hour: u32 = digits.parse().ok().filter(|hour| (1..=12).contains(hour))?;
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

/// `2`, `zwei`, `einer`.
fn count(word: &str) -> Option<u32> {
    Some(match word {
        "ein" | "eine" | "einem" | "einen" | "einer" | "a" | "an" | "one" => 1,
        "zwei" | "two" => 2,
        "drei" | "three" => 3,
        "vier" | "four" => 4,
        "fünf" | "five" => 5,
        "sechs" | "six" => 6,
        digits => digits.parse().ok()?,
    })
}

fn is_next(word: &str) -> bool {
    matches!(word, "next" | "nächste" | "nächsten" | "nächstes" | "kommende" | "kommenden")
}

fn is_unit(word: &str) -> bool {
    ahead(0, word, Day::default()).is_some()
}

/// The day that is so many days, weeks, months or years ahead; of a shorter month its last.
/// Hours are no days: a phrase with them is none.
fn ahead(count: u32, unit: &str, today: Day) -> Option<Day> {
    match unit {
        "tag" | "tage" | "tagen" | "day" | "days" => {
            today.checked_add_days(Days::new(count.into()))
        }
        "woche" | "wochen" | "week" | "weeks" => {
            today.checked_add_days(Days::new(u64::from(count) * 7))
        }
        "monat" | "monate" | "monaten" | "month" | "months" => {
            today.checked_add_months(Months::new(count))
        }
        "jahr" | "jahre" | "jahren" | "year" | "years" => {
            today.checked_add_months(Months::new(count.checked_mul(12)?))
        }
        _ => None,
    }
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
mod tests;
