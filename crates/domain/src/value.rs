//! What every value keeps to, whatever it says: that each database here can hold it.

use chrono::Datelike;
use serde_json::Value;

use crate::{Change, Day, Instant, Refusal, merge::State, text::check_length, validate::blank};

/// Longest text of a record, in characters: far more than any field's own check lets through.
const LONGEST: usize = 100_000;

/// Whether the year has four digits: others are no days for everybody, and a typing error here.
pub(crate) fn is_usual(year: i32) -> bool {
    (1..=9999).contains(&year)
}

fn strange_day(text: &str) -> Refusal {
    Refusal::new("day-invalid", format!("“{text}” is no day between the years 1 and 9999."))
        .with("text", text)
}

/// Refuses a day that no calendar has any more.
pub(crate) fn check_day(refusals: &mut Vec<Refusal>, field: &str, day: Option<Day>) {
    if let Some(day) = day.filter(|day| !is_usual(day.year())) {
        refusals.push(strange_day(&day.to_string()).at(field));
    }
}

/// The same for a point in time.
pub(crate) fn check_instant(refusals: &mut Vec<Refusal>, field: &str, at: Instant) {
    if !is_usual(at.utc().year()) {
        refusals.push(strange_day(&at.to_string()).at(field));
    }
}

/// Whether a text can be kept everywhere; PostgreSQL holds no null character.
fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

fn is_kept(value: &Value) -> bool {
    match value {
        Value::String(text) => is_text(text),
        Value::Array(all) => all.iter().all(is_kept),
        Value::Object(all) => all.iter().all(|(name, value)| is_text(name) && is_kept(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn no_text() -> Refusal {
    Refusal::new("value-invalid", "A text has a character in it that cannot be stored.")
}

/// Whether each value of a change can be stored, its base and what it is called included.
///
/// # Errors
/// `value-invalid`, `day-invalid`, `too-long`, with the field.
pub fn check_values(change: &Change) -> Result<(), Refusal> {
    if !is_text(&change.entity) || !change.fields.keys().all(|name| is_text(name)) {
        return Err(no_text());
    }
    if let Some((name, _)) = change.fields.iter().find(|(_, field)| !is_kept(&field.from)) {
        return Err(no_text().at(name));
    }
    let known = blank(&change.entity);
    let values = change.fields.iter().map(|(name, field)| (name.as_str(), &field.to));
    check(&change.entity, &known, values)
}

/// The same for a whole record.
///
/// # Errors
/// As [`check_values`].
pub fn check_state(entity: &str, state: &State) -> Result<(), Refusal> {
    let values = state.iter().map(|(name, value)| (name.as_str(), value));
    check(entity, &blank(entity), values)
}

/// Whether what a changeset says of itself can be stored.
///
/// # Errors
/// `value-invalid`, `day-invalid`.
pub fn check_heading(operation: &str, subject: &str, at: Instant) -> Result<(), Refusal> {
    if !is_text(operation) || !is_text(subject) {
        return Err(no_text());
    }
    match is_usual(at.utc().year()) {
        true => Ok(()),
        false => Err(strange_day(&at.to_string())),
    }
}

fn check<'a>(
    entity: &str,
    known: &State,
    values: impl Iterator<Item = (&'a str, &'a Value)>,
) -> Result<(), Refusal> {
    for (name, value) in values {
        if !is_kept(value) {
            return Err(no_text().at(name));
        }
        let Some(text) = value.as_str() else { continue };
        if known.get(name).and_then(Value::as_str) == Some("") {
            let mut refusals = Vec::new();
            // A conflict holds others' values, written as JSON.
            let most = if entity == "conflict" { LONGEST * 8 } else { LONGEST };
            check_length(&mut refusals, name, text, most);
            refusals.pop().map_or(Ok(()), Err)?;
        } else if year(text).is_some_and(|year| !is_usual(year)) {
            return Err(strange_day(text).at(name));
        }
    }
    Ok(())
}

fn year(text: &str) -> Option<i32> {
    let day = text.parse::<Day>().map(|day| day.year());
    day.or_else(|_| text.parse::<Instant>().map(|at| at.utc().year())).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{ChangeKind, FieldChange, Id};

    fn change(entity: &str, name: &str, to: Value) -> Change {
        let field = FieldChange { from: Value::Null, to };
        Change {
            entity: entity.into(),
            id: Id::NIL,
            kind: ChangeKind::Update,
            fields: [(name.to_owned(), field)].into(),
        }
    }

    fn code(entity: &str, name: &str, to: Value) -> String {
        let refusal = check_values(&change(entity, name, to)).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(name));
        refusal.code
    }

    #[test]
    fn what_no_database_holds_is_refused() {
        for day in ["0000-05-12", "+20261-05-12", "-0044-03-15"] {
            assert_eq!(code("contact", "birthday", json!(day)), "day-invalid");
        }
        let at = json!("0000-05-12T00:00:00.000Z");
        assert_eq!(code("task", "due_at", at), "day-invalid");
        assert_eq!(code("contact", "notes", json!("a\0b")), "value-invalid");
        assert_eq!(code("contact", "notes", json!("a".repeat(LONGEST + 1))), "too-long");
        let mut based = change("contact", "notes", json!("a"));
        based.fields.get_mut("notes").unwrap().from = json!("\0");
        assert_eq!(check_values(&based).unwrap_err().code, "value-invalid");
        assert_eq!(
            check_heading("customer.\0", "", Instant::default()).unwrap_err().code,
            "value-invalid"
        );
    }

    #[test]
    fn what_people_write_is_not() {
        for (entity, name, to) in [
            ("contact", "birthday", json!("1980-02-29")),
            ("contact", "birthday", Value::Null),
            // A text may say what it likes.
            ("contact", "notes", json!("0000-05-12")),
            ("contact", "notes", json!("a".repeat(LONGEST))),
            ("conflict", "ours", json!("a".repeat(LONGEST + 1))),
            ("task", "due_at", json!("2026-11-21T08:39:00.000Z")),
        ] {
            check_values(&change(entity, name, to)).unwrap();
        }
    }
}
