//! What is in a field while it is typed, when its value is another text than what people type: a
//! day, a time. What was read is shown as it is written; what cannot be read stays as it was typed.

/// What is in the input, and whether it was left unreadable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typing {
    text: Option<String>,
    left: bool,
}

impl Typing {
    /// After another key; `read` says what the text means. Told beside it: the value that the form
    /// is given, which is what was typed where that cannot be read, so that the form refuses it.
    pub(crate) fn typed(text: String, read: impl Fn(&str) -> Option<String>) -> (Self, String) {
        let value = read(&text).unwrap_or_else(|| text.trim().to_owned());
        (Self { text: Some(text), left: false }, value)
    }

    /// After the field was left.
    pub(crate) fn left(&self, read: impl Fn(&str) -> Option<String>) -> Self {
        let text = self.text.clone().filter(|text| read(text).is_none());
        let text = text.filter(|text| !text.trim().is_empty());
        Self { left: text.is_some(), text }
    }

    /// What the input shows: what is being typed, else the value as it is written.
    pub(crate) fn shown(&self, written: impl FnOnce() -> String) -> String {
        self.text.clone().unwrap_or_else(written)
    }

    /// Whether it is to be said that the field cannot be read: not while it is being typed.
    pub(crate) fn is_wrong(&self, has_value: bool) -> bool {
        self.left && self.text.is_some() && !has_value
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use domain::{Day, Language, format, read_day, read_time};

    use super::*;

    fn today() -> Day {
        Day::from_ymd_opt(2026, 11, 21).unwrap()
    }

    fn day(text: &str) -> Option<String> {
        read_day(text, today()).map(|day| day.to_string())
    }

    fn time(text: &str) -> Option<String> {
        read_time(text).map(|time: NaiveTime| time.format("%H:%M").to_string())
    }

    /// Types a text key by key, as the field does; the value that the form was given last.
    fn type_all(text: &str, read: fn(&str) -> Option<String>) -> (Typing, String) {
        let mut now = (Typing::default(), String::new());
        for at in 1..=text.chars().count() {
            now = Typing::typed(text.chars().take(at).collect(), read);
            assert!(!now.0.is_wrong(read(&now.1).is_some()), "said while it is typed");
        }
        now
    }

    #[test]
    fn a_day_is_read_as_people_type_it_and_shown_as_it_is_written() {
        for (text, value) in [
            ("21.11.", "2026-11-21"),
            ("24.12.2026", "2026-12-24"),
            ("morgen", "2026-11-22"),
            ("+7", "2026-11-28"),
            ("2026-12-01", "2026-12-01"),
        ] {
            let (typing, told) = type_all(text, day);
            assert_eq!(told, value, "{text}");
            assert_eq!(typing.shown(String::new), text, "stays as typed until it is left");
            let left = typing.left(day);
            let written = || format::day(told.parse().unwrap(), Language::De);
            assert_ne!(left.shown(written), "", "{text}");
            assert_eq!(left, Typing::default(), "{text} is shown as the day that it is");
            assert!(!left.is_wrong(true));
        }
    }

    #[test]
    fn what_is_no_day_stays_and_is_said_when_the_field_is_left() {
        let (typing, told) = type_all("31.02.2026", day);
        assert_eq!(told, "31.02.2026", "the form is told what was typed, and refuses it");
        let left = typing.left(day);
        assert_eq!(left.shown(String::new), "31.02.2026");
        assert!(left.is_wrong(false));
        // Typing on takes the blame away.
        assert!(!Typing::typed("3".into(), day).0.is_wrong(false));
    }

    #[test]
    fn an_emptied_field_is_empty_and_not_wrong() {
        let (typing, told) = Typing::typed("  ".into(), day);
        assert_eq!(told, "");
        let left = typing.left(day);
        assert_eq!(left, Typing::default());
        assert!(!left.is_wrong(false));
    }

    #[test]
    fn a_time_is_read_as_people_type_it() {
        for (text, value) in
            [("9", "09:00"), ("930", "09:30"), ("9:30", "09:30"), ("14 Uhr", "14:00")]
        {
            let (typing, told) = type_all(text, time);
            assert_eq!(told, value, "{text}");
            assert_eq!(typing.left(time), Typing::default());
        }
        let (typing, told) = type_all("25:00", time);
        assert_eq!(told, "25:00");
        assert!(typing.left(time).is_wrong(false));
    }
}
