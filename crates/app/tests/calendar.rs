//! The calendar over a real encrypted workspace: moving appointments, files in and out.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use app::App;
use chrono::{DateTime, Days, Local, NaiveTime, TimeDelta, Utc};
use commands::{
    CreateWorkspace, GetUndo, ImportCalendarFile, ListAppointments, MoveAppointment,
    ReadCalendarFile, SaveAppointment, SaveCustomer, Undo, WriteCalendarFile,
};
use domain::{Address, Appointment, AppointmentStatus, Customer, Id, Instant, Language};

struct Desk {
    app: App,
    folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(folder.path().join("data"));
    app.ask(CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: String::new(),
        passphrase: Some("correct horse".into()),
        language: Language::De,
    })
    .unwrap();
    Desk { app, folder }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

impl Desk {
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path: PathBuf = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// A calendar around these lines, with the line ends that the format asks for.
    fn calendar(&self, events: &str) -> String {
        let text =
            format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//DE\n{events}\nEND:VCALENDAR\n");
        self.file("in.ics", text.replace('\n', "\r\n"))
    }

    fn all(&self) -> Vec<Appointment> {
        let span = ListAppointments {
            from: at("2000-01-01T00:00:00.000Z"),
            to: at("2100-01-01T00:00:00.000Z"),
        };
        self.app.ask(span).unwrap().into_iter().map(|row| row.appointment).collect()
    }

    fn one(&self) -> Appointment {
        let all = self.all();
        assert_eq!(all.len(), 1, "{all:?}");
        all.into_iter().next().unwrap()
    }

    fn plan(&self, subject: &str, starts_at: &str, ends_at: &str) -> Id {
        let appointment = Appointment {
            subject: subject.into(),
            starts_at: at(starts_at),
            ends_at: at(ends_at),
            ..Appointment::default()
        };
        self.app.ask(SaveAppointment { appointment }).unwrap()
    }

    fn take(&self, events: &str) -> commands::view::CalendarImport {
        self.app.ask(ImportCalendarFile { path: self.calendar(events) }).unwrap()
    }
}

#[test]
fn an_appointment_moves_and_moves_back() {
    let desk = desk();
    let id = desk.plan("Besuch", "2026-11-23T08:00:00.000Z", "2026-11-23T09:00:00.000Z");
    let (starts_at, ends_at) = (at("2026-11-24T10:15:00.000Z"), at("2026-11-24T12:00:00.000Z"));
    desk.app.ask(MoveAppointment { id, starts_at, ends_at }).unwrap();
    assert_eq!((desk.one().starts_at, desk.one().ends_at), (starts_at, ends_at));
    let backwards = MoveAppointment { id, starts_at: ends_at, ends_at: starts_at };
    let refused = desk.app.ask(backwards).unwrap_err();
    assert_eq!(refused.refusals[0].code, "ends-before-start");
    assert_eq!(desk.one().ends_at, ends_at, "a refused move changes nothing");
    assert_eq!(desk.app.ask(Undo {}).unwrap().operation, "appointment.move");
    assert_eq!(desk.one().starts_at, at("2026-11-23T08:00:00.000Z"));
}

#[test]
fn a_visit_shows_the_customers_own_address_and_number() {
    let desk = desk();
    let customer =
        Customer { name: "Hägele".into(), phone: "0711 12345".into(), ..Customer::default() };
    let address = Address {
        street: "Ringstraße".into(),
        house_number: "4".into(),
        postal_code: "70173".into(),
        city: "Stuttgart".into(),
        is_default: true,
        ..Address::default()
    };
    let customer_id =
        desk.app.ask(SaveCustomer { customer, addresses: Some(vec![address]) }).unwrap();
    let appointment = Appointment {
        subject: "Besuch".into(),
        customer_id: Some(customer_id),
        starts_at: at("2026-11-23T08:00:00.000Z"),
        ends_at: at("2026-11-23T09:00:00.000Z"),
        ..Appointment::default()
    };
    desk.app.ask(SaveAppointment { appointment }).unwrap();
    let span = ListAppointments {
        from: at("2026-11-23T00:00:00.000Z"),
        to: at("2026-11-24T00:00:00.000Z"),
    };
    let row = desk.app.ask(span).unwrap().remove(0);
    assert_eq!(row.place, "Ringstraße 4, 70173 Stuttgart");
    assert_eq!(row.city, "Stuttgart");
    assert!(row.phone.contains("711"), "{}", row.phone);
}

#[test]
fn times_are_read_in_their_zones_on_days_when_the_clock_is_changed_too() {
    for (start, end, from, to) in [
        (
            "DTSTART:20261123T080000Z",
            "DTEND:20261123T093000Z",
            "2026-11-23T08:00",
            "2026-11-23T09:30",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261123T090000",
            "DTEND;TZID=Europe/Berlin:20261123T100000",
            "2026-11-23T08:00",
            "2026-11-23T09:00",
        ),
        // Summer time.
        (
            "DTSTART;TZID=Europe/Berlin:20270623T090000",
            "DURATION:PT1H30M",
            "2027-06-23T07:00",
            "2027-06-23T08:30",
        ),
        // The name that Outlook writes.
        (
            "DTSTART;TZID=\"W. Europe Standard Time\":20261123T090000",
            "DTEND;TZID=W. Europe Standard Time:20261123T100000",
            "2026-11-23T08:00",
            "2026-11-23T09:00",
        ),
        // From 2:00 the clock is put to 3:00: there is no 2:30.
        (
            "DTSTART;TZID=Europe/Berlin:20270328T023000",
            "DTEND;TZID=Europe/Berlin:20270328T040000",
            "2027-03-28T01:30",
            "2027-03-28T02:00",
        ),
        // 2:30 comes twice: the first of them.
        (
            "DTSTART;TZID=Europe/Berlin:20271031T023000",
            "DTEND;TZID=Europe/Berlin:20271031T043000",
            "2027-10-31T00:30",
            "2027-10-31T03:30",
        ),
        // No end at all is still to be seen.
        ("DTSTART:20261123T080000Z", "PRIORITY:5", "2026-11-23T08:00", "2026-11-23T08:30"),
    ] {
        let desk = desk();
        let import =
            desk.take(&format!("BEGIN:VEVENT\nUID:1\nSUMMARY:x\n{start}\n{end}\nEND:VEVENT"));
        assert_eq!((import.added, import.left_out.len()), (1, 0), "{start}: {import:?}");
        let one = desk.one();
        let full = |text: &str| at(&format!("{text}:00.000Z"));
        assert_eq!((one.starts_at, one.ends_at), (full(from), full(to)), "{start}");
    }
}

#[test]
fn a_day_is_from_midnight_to_midnight_and_goes_out_as_a_day() {
    let desk = desk();
    desk.take("BEGIN:VEVENT\nUID:fair\nSUMMARY:Messe\nDTSTART;VALUE=DATE:20270327\nDTEND;VALUE=DATE:20270329\nEND:VEVENT");
    let fair = desk.one();
    let local = |at: Instant| at.utc().with_timezone(&Local).naive_local();
    assert_eq!(local(fair.starts_at).to_string(), "2027-03-27 00:00:00");
    assert_eq!(local(fair.ends_at).to_string(), "2027-03-29 00:00:00");
    let path = desk.file("out.ics", "");
    let (from, to) = (fair.starts_at, fair.ends_at);
    assert_eq!(desk.app.ask(WriteCalendarFile { path: path.clone(), from, to, id: None }), Ok(1));
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("DTSTART;VALUE=DATE:20270327"), "{text}");
    assert!(text.contains("DTEND;VALUE=DATE:20270329"), "{text}");
}

#[test]
fn folded_and_escaped_lines_are_read_whole() {
    let desk = desk();
    desk.take(
        "BEGIN:VEVENT\nUID:1\nSUMMARY:Besuch bei Müll\n er\\, Söhne\\; Halle 2\nDESCRIPTION:erst\\ndann\nLOCATION:Stuttgart\\, Tor 3\nDTSTART:20261123T080000Z\nDTEND:20261123T090000Z\nEND:VEVENT",
    );
    let one = desk.one();
    assert_eq!(one.subject, "Besuch bei Müller, Söhne; Halle 2");
    assert_eq!(one.body, "erst\ndann");
    assert_eq!(one.place, "Stuttgart, Tor 3");
}

#[test]
fn a_known_uid_is_updated_a_new_one_made_and_all_of_it_taken_back_at_once() {
    let desk = desk();
    let event = |uid: &str, subject: &str, hour: u32| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{subject}\nDTSTART:20261123T{hour:02}0000Z\nDTEND:20261123T{:02}0000Z\nEND:VEVENT",
            hour + 1
        )
    };
    desk.take(&[event("a", "Erster", 8), event("b", "Zweiter", 10)].join("\n"));
    // What only Kontor knows stays.
    let a = desk.all().remove(0);
    desk.app
        .ask(SaveAppointment { appointment: Appointment { status: AppointmentStatus::Done, ..a } })
        .unwrap();
    let events =
        [event("a", "Erster, später", 9), event("b", "Zweiter", 10), event("c", "Dritter", 12)];
    let path = desk.calendar(&events.join("\n"));
    let seen = desk.app.ask(ReadCalendarFile { path: path.clone() }).unwrap();
    assert_eq!((seen.added, seen.changed, seen.same), (1, 1, 1));
    assert_eq!(seen.first.len(), 2);
    assert_eq!(desk.all().len(), 2, "looking changes nothing");
    let done = desk.app.ask(ImportCalendarFile { path: path.clone() }).unwrap();
    assert_eq!(done, seen);
    let subjects: Vec<String> = desk.all().into_iter().map(|one| one.subject).collect();
    assert_eq!(subjects, ["Erster, später", "Zweiter", "Dritter"]);
    assert_eq!(desk.all()[0].status, AppointmentStatus::Done);
    let again = desk.app.ask(ImportCalendarFile { path }).unwrap();
    assert_eq!((again.added, again.changed, again.same), (0, 0, 3));
    assert_eq!(desk.app.ask(Undo {}).unwrap().operation, "appointment.import");
    let subjects: Vec<String> = desk.all().into_iter().map(|one| one.subject).collect();
    assert_eq!(subjects, ["Erster", "Zweiter"]);
}

#[test]
fn what_was_called_off_is_cancelled_here_and_not_made_anew() {
    let desk = desk();
    let event = |uid: &str, status: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{uid}\nSTATUS:{status}\nDTSTART:20261123T080000Z\nDTEND:20261123T090000Z\nEND:VEVENT"
        )
    };
    desk.take(&event("a", "CONFIRMED"));
    let import = desk.take(&[event("a", "CANCELLED"), event("b", "CANCELLED")].join("\n"));
    assert_eq!((import.added, import.changed), (0, 1));
    assert_eq!(import.left_out, [("b".to_owned(), "cancelled".to_owned())]);
    assert_eq!(desk.one().status, AppointmentStatus::Cancelled);
}

#[test]
fn of_a_series_the_dates_of_a_year_are_taken() {
    let desk = desk();
    let monday = Utc::now().date_naive() - TimeDelta::days(700);
    let start = monday.format("%Y%m%d");
    let events = format!(
        "BEGIN:VEVENT\nUID:jf\nSUMMARY:Jour fixe\nDTSTART;TZID=Europe/Berlin:{start}T090000\nDTEND;TZID=Europe/Berlin:{start}T100000\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nBEGIN:VEVENT\nUID:old\nSUMMARY:Vorbei\nDTSTART:{start}T090000Z\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT"
    );
    let import = desk.take(&events);
    assert!((51..=53).contains(&import.added), "{import:?}");
    assert_eq!(import.added, import.of_series);
    assert_eq!(import.left_out, [("Vorbei".to_owned(), "past-series".to_owned())]);
    let zone = chrono_tz::Europe::Berlin;
    for one in desk.all() {
        let begin: DateTime<chrono_tz::Tz> = one.starts_at.utc().with_timezone(&zone);
        assert_eq!(begin.time(), NaiveTime::from_hms_opt(9, 0, 0).unwrap(), "in winter and summer");
        assert!(one.starts_at.utc() <= Utc::now() + TimeDelta::days(366));
    }
    let again = desk.take(&events);
    assert_eq!((again.added, again.changed), (0, 0), "the same file brings nothing new");
    // One of its dates was moved by an hour.
    let moved = desk.all()[2].starts_at.utc();
    let (of, to) = (moved.format("%Y%m%dT%H%M%SZ"), moved + TimeDelta::hours(1));
    let event = format!(
        "{events}\nBEGIN:VEVENT\nUID:jf\nRECURRENCE-ID:{of}\nSUMMARY:Jour fixe\nDTSTART:{}\nDURATION:PT1H\nEND:VEVENT",
        to.format("%Y%m%dT%H%M%SZ")
    );
    let import = desk.take(&event);
    assert_eq!((import.added, import.changed), (0, 1));
    assert_eq!(desk.all()[2].starts_at.utc(), to);
}

#[test]
fn what_cannot_be_read_says_so_and_changes_nothing() {
    let desk = desk();
    let good = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\nDTSTART:20261123T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let files = [
        desk.file("letter.ics", "Sehr geehrte Frau Krüger"),
        desk.file("empty.ics", ""),
        desk.file("half.ics", &good[..60]),
        desk.file("picture.ics", [0x89, b'P', b'N', b'G', 0xff, 0xfe]),
        desk.file("odd.ics", good.replace("END:VEVENT", "END:VTODO")),
        desk.folder.path().join("none.ics").display().to_string(),
    ];
    for path in files {
        let failure = desk.app.ask(ReadCalendarFile { path: path.clone() }).unwrap_err();
        assert_eq!(failure.code, "calendar-file", "{path}: {failure}");
        let failure = desk.app.ask(ImportCalendarFile { path: path.clone() }).unwrap_err();
        assert_eq!(failure.code, "calendar-file", "{path}: {failure}");
    }
    assert!(desk.all().is_empty());
    assert_eq!(desk.app.ask(GetUndo {}).unwrap().undo, None);
}

#[test]
fn single_events_that_cannot_be_placed_are_left_out_by_name() {
    let desk = desk();
    let import = desk.take(
        "BEGIN:VEVENT\nUID:1\nSUMMARY:Ohne Zeit\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nSUMMARY:Mars\nDTSTART;TZID=Mars/Olympus:20261123T080000\nEND:VEVENT\nBEGIN:VEVENT\nUID:3\nSUMMARY:Gut\nDTSTART:20261123T080000Z\nEND:VEVENT",
    );
    assert_eq!(import.added, 1);
    let left_out: Vec<(&str, &str)> =
        import.left_out.iter().map(|(subject, why)| (subject.as_str(), why.as_str())).collect();
    assert_eq!(left_out, [("Ohne Zeit", "no-start"), ("Mars", "zone")]);
}

#[test]
fn what_goes_out_comes_back_the_same() {
    let desk = desk();
    let id = desk.plan(
        "Besuch bei Müller, Söhne; mit einem Betreff, der länger ist als eine Zeile der Datei",
        "2026-11-23T08:00:00.000Z",
        "2026-11-23T09:30:00.000Z",
    );
    desk.plan("Anderer", "2026-11-24T08:00:00.000Z", "2026-11-24T09:30:00.000Z");
    let path = desk.file("out.ics", "");
    let (from, to) = (at("2026-11-23T00:00:00.000Z"), at("2026-11-23T00:00:00.000Z"));
    let to = Instant::from(to.utc() + Days::new(7));
    let written = desk.app.ask(WriteCalendarFile { path: path.clone(), from, to, id: Some(id) });
    assert_eq!(written, Ok(1));
    let written = desk.app.ask(WriteCalendarFile { path: path.clone(), from, to, id: None });
    assert_eq!(written, Ok(2));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let import = desk.app.ask(ImportCalendarFile { path: path.clone() }).unwrap();
    assert_eq!((import.added, import.changed, import.same), (0, 0, 2));
    let other = self::desk();
    let import = other.app.ask(ImportCalendarFile { path }).unwrap();
    assert_eq!(import.added, 2);
    assert_eq!(other.all()[0].subject, desk.all()[0].subject);
    let unwritable = desk.folder.path().join("no/such/folder.ics").display().to_string();
    let failure = desk.app.ask(WriteCalendarFile { path: unwritable, from, to, id: None });
    assert_eq!(failure.unwrap_err().code, "file");
}
