use proptest::prelude::*;

use super::*;

fn check(today: &str, cases: &[(&str, &str, &str)]) {
    let today: Day = today.parse().unwrap();
    for (line, rest, due) in cases {
        let due = NaiveDateTime::parse_from_str(due, "%Y-%m-%dT%H:%M").unwrap();
        assert_eq!(parse_follow_up(line, today), ((*rest).to_owned(), Some(due)), "{line}");
    }
}

#[test]
fn the_phrase_at_the_end_names_the_follow_up() {
    // A Saturday.
    check(
        "2026-11-21",
        &[
            (
                "Linie 3 besichtigt. Wiedervorlage Freitag 10 Uhr",
                "Linie 3 besichtigt.",
                "2026-11-27T10:00",
            ),
            ("Angebot besprochen, WV 27.11.", "Angebot besprochen", "2026-11-27T09:00"),
            ("Saw line 3, follow up Friday 10am", "Saw line 3", "2026-11-27T10:00"),
            ("Preise klären Wiedervorlage morgen um 14:30", "Preise klären", "2026-11-22T14:30"),
            (
                "Preise klären Wiedervorlage morgen um 14:30 Uhr.",
                "Preise klären",
                "2026-11-22T14:30",
            ),
            ("Muster zeigen – Wiedervorlage in 2 Wochen", "Muster zeigen", "2026-12-05T09:00"),
            ("Muster WV am 3.12. 8 Uhr", "Muster", "2026-12-03T08:00"),
            ("Muster WV am 3.12., 8.15 Uhr", "Muster", "2026-12-03T08:15"),
            ("Muster WV 8 Uhr 15, 3.12.2027", "Muster", "2027-12-03T08:15"),
            ("Muster WV: 10.12", "Muster", "2026-12-10T09:00"),
            ("Muster WV um 10.12 am Montag", "Muster", "2026-11-23T10:12"),
            ("Muster WV Montag 10.12", "Muster", "2026-11-23T10:12"),
            ("WV Samstag", "", "2026-11-28T09:00"),
            ("WV heute 17h", "", "2026-11-21T17:00"),
            ("wv nächsten Dienstag", "", "2026-11-24T09:00"),
            ("WV kommenden Do 7:05", "", "2026-11-26T07:05"),
            ("WV nächste Woche", "", "2026-11-28T09:00"),
            ("Follow up next month at 12pm", "", "2026-12-21T12:00"),
            ("follow-up tomorrow 12am", "", "2026-11-22T00:00"),
            ("WV in einer Woche", "", "2026-11-28T09:00"),
            ("WV in drei Tagen, 16 Uhr", "", "2026-11-24T16:00"),
            ("WV in 3 Monaten", "", "2027-02-21T09:00"),
            ("WV in einem Jahr", "", "2027-11-21T09:00"),
            ("WV übermorgen!", "", "2026-11-23T09:00"),
            // The last phrase counts; what is before it stays.
            ("WV morgen war falsch. WV Montag", "WV morgen war falsch.", "2026-11-23T09:00"),
            ("İstanbul-Straße, GROẞ. WV morgen", "İstanbul-Straße, GROẞ.", "2026-11-22T09:00"),
        ],
    );
}

#[test]
fn months_end_where_they_end() {
    check(
        "2027-01-31",
        &[
            ("WV in 1 Monat", "", "2027-02-28T09:00"),
            ("WV in 13 Monaten", "", "2028-02-29T09:00"),
            ("WV morgen", "", "2027-02-01T09:00"),
            ("WV Sonntag", "", "2027-02-07T09:00"),
            ("WV 29.2.", "", "2028-02-29T09:00"),
        ],
    );
    check(
        "2026-12-31",
        &[
            ("WV morgen 8 Uhr", "", "2027-01-01T08:00"),
            ("WV in 2 Monaten", "", "2027-02-28T09:00"),
            ("WV 31.12.", "", "2026-12-31T09:00"),
            ("WV 30.12.", "", "2027-12-30T09:00"),
        ],
    );
}

/// Days on which the clock is changed are days like others: the local time is named, whatever
/// the offset; who makes an instant of it decides about hours that there are twice or never.
#[test]
fn days_with_a_changed_clock_are_days() {
    check(
        "2027-03-27",
        &[
            ("WV morgen 2:30 Uhr", "", "2027-03-28T02:30"),
            ("WV in 1 Tag", "", "2027-03-28T09:00"),
            ("WV in 1 Woche", "", "2027-04-03T09:00"),
        ],
    );
    check(
        "2027-10-30",
        &[("WV morgen 2:30 Uhr", "", "2027-10-31T02:30"), ("WV Montag", "", "2027-11-01T09:00")],
    );
}

#[test]
fn a_weekday_is_the_next_one_never_today() {
    let days = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
    let monday = Day::from_ymd_opt(2026, 11, 23).unwrap();
    for today in monday.iter_days().take(7) {
        for (number, name) in (0..).zip(days) {
            let due = parse_follow_up(&format!("WV {name}"), today).1.unwrap().date();
            assert_eq!(due.weekday().num_days_from_monday(), number);
            assert!(due > today && due <= today + Days::new(7));
        }
    }
}

#[test]
fn other_lines_stay_whole() {
    let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
    for line in [
        "Linie 3 besichtigt",
        "Wiedervorlage war gestern Thema",
        "Büro KWV 3",
        "Wiedervorlage",
        "WV 10 Uhr",
        "WV in 2 Stunden",
        "WV in 2",
        "WV in",
        "WV in 99999999999999999999 Wochen",
        "WV in 4294967295 Wochen",
        "WV in 4294967295 Jahren",
        "WV morgen 25 Uhr",
        "WV morgen 10:75",
        "WV morgen 13pm",
        "WV 31.2.",
        "WV morgen oder später",
    ] {
        assert_eq!(parse_follow_up(line, today), (line.to_owned(), None));
    }
}

proptest! {
    #[test]
    fn no_line_makes_it_panic(
        before in any::<String>(),
        phrase in "( |,|:|\\.|in|am|um|[0-9]{1,3}|uhr|woche[n]?|monat|morgen|freitag|nächste|ẞ|İ){0,8}",
    ) {
        let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
        let line = format!("{before} WV {phrase}");
        let (rest, due) = parse_follow_up(&line, today);
        prop_assert!(line.contains(&rest));
        prop_assert!(due.is_some() || rest == line.trim());
    }
}
