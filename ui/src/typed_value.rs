//! Values of records as people type them, for fields that any kind of record may have.

use chrono::NaiveTime;
use domain::{
    AddressKind, CommunicationKind, ContactRole, CustomerKind, CustomerStatus, Day, Direction,
    Instant, Language, Money, Percent, Priority, Quantity, Refusal, Salutation, UnitPrice, blank,
    format, reference,
};
use serde_json::Value;

use crate::{
    clock,
    say::{language, say},
    value::{is_shown, words},
};

/// How a value is typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Typed {
    /// In one line.
    Text,
    /// In many.
    Lines,
    /// In cents.
    Money,
    /// In ten-thousandths.
    Price,
    /// In thousandths.
    Quantity,
    /// In hundredths.
    Percent,
    /// A whole number, which may be left out.
    Whole { needed: bool },
    /// One of these: values and their names.
    Choice(Vec<(String, String)>),
    /// A day, which may be left out.
    Day { needed: bool },
    /// A day and a time, `2026-11-21 09:30`, which may be left out.
    Moment { needed: bool },
}

/// What the user writes into these entities by steps of their own, or what follows from others.
fn is_own_step(entity: &str, field: &str) -> bool {
    reference(field).is_some()
        || matches!(
            field,
            "stage"
                | "net_total"
                | "tax_total"
                | "gross_total"
                | "tax_rate"
                | "tax_kind"
                | "revision"
                | "currency"
                | "article_number"
                | "deleted_at"
                | "done_at"
                | "sent_at"
                | "signed_at"
                | "signed_name"
                | "signed_place"
                | "decided_at"
                | "closed_at"
        )
        || (field == "status" && entity != "customer")
        || (field == "number" && matches!(entity, "quote" | "opportunity"))
        || (field == "position" && entity == "quote_line")
        || (field == "kind" && matches!(entity, "quote_line" | "document" | "tax"))
        || matches!(entity, "document" | "conflict" | "customer_tag")
}

/// How this field is typed; none where it is not.
pub(crate) fn kind(entity: &str, field: &str, value: &Value) -> Option<Typed> {
    if !is_shown(entity, field) || is_own_step(entity, field) {
        return None;
    }
    let blank = blank(entity);
    let blank = blank.get(field)?;
    let needed = !blank.is_null();
    Some(match (field, blank) {
        ("date" | "valid_until" | "valid_from" | "expected_close" | "birthday", _) => {
            Typed::Day { needed }
        }
        (field, _) if field.ends_with("_at") => Typed::Moment { needed },
        ("value", Value::Number(_)) => Typed::Money,
        ("unit_price" | "list_price", _) => Typed::Price,
        ("quantity" | "from_quantity", _) => Typed::Quantity,
        ("discount" | "rate" | "skonto", _) => Typed::Percent,
        ("duration_minutes", _) | (_, Value::Number(_)) => Typed::Whole { needed },
        (_, Value::Bool(_)) => {
            let options = [("true", "yes"), ("false", "no")];
            Typed::Choice(options.map(|(value, name)| (value.into(), say(name))).into())
        }
        (
            "notes" | "body" | "description" | "intro_text" | "closing_text" | "delivery_terms",
            _,
        ) => Typed::Lines,
        (_, Value::String(_)) => match words(entity, field) {
            Some(words) => Typed::Choice(options(entity, field, words)),
            None if value.as_str().is_some_and(|text| text.contains('\n')) => Typed::Lines,
            None => Typed::Text,
        },
        _ => return None,
    })
}

fn options(entity: &str, field: &str, words: &str) -> Vec<(String, String)> {
    let named = |values: Vec<&'static str>| {
        let named =
            values.into_iter().map(|value| (value.into(), say(&format!("{words}-{value}"))));
        named.collect()
    };
    match (entity, field) {
        ("customer", "kind") => named(CustomerKind::ALL.iter().map(|one| one.as_str()).collect()),
        ("customer", "status") => {
            named(CustomerStatus::ALL.iter().map(|one| one.as_str()).collect())
        }
        ("address", "kind") => named(AddressKind::ALL.iter().map(|one| one.as_str()).collect()),
        ("communication", "kind") => {
            named(CommunicationKind::ALL.iter().map(|one| one.as_str()).collect())
        }
        (_, "role") => named(ContactRole::ALL.iter().map(|one| one.as_str()).collect()),
        (_, "salutation") => named(Salutation::ALL.iter().map(|one| one.as_str()).collect()),
        (_, "priority") => named(Priority::ALL.iter().map(|one| one.as_str()).collect()),
        (_, "direction") => named(Direction::ALL.iter().map(|one| one.as_str()).collect()),
        _ => named(Language::ALL.iter().map(|one| one.as_str()).collect()),
    }
}

/// A value as it stands in its field.
pub(crate) fn written(kind: &Typed, value: &Value) -> String {
    let number = value.as_i64();
    let text = value.as_str().unwrap_or_default();
    let plain = |write: fn(i64) -> String| number.map(write).unwrap_or_default();
    match kind {
        Typed::Money => plain(|number| format::money_plain(Money(number), language())),
        Typed::Price => plain(|number| format::unit_price(UnitPrice(number), language())),
        Typed::Quantity => plain(|number| format::quantity(Quantity(number), language())),
        Typed::Percent => plain(|number| format::percent(Percent(number), language())),
        Typed::Whole { .. } => plain(|number| number.to_string()),
        Typed::Moment { .. } => text.parse::<Instant>().map_or_else(
            |_| String::new(),
            |at| clock::local(at).format("%Y-%m-%d %H:%M").to_string(),
        ),
        Typed::Choice(_) => value.as_bool().map_or_else(|| text.to_owned(), |is| is.to_string()),
        Typed::Text | Typed::Lines | Typed::Day { .. } => text.to_owned(),
    }
}

/// The value that was typed.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(kind: &Typed, text: &str) -> Result<Value, Refusal> {
    let text = text.trim();
    let needed = |needed: bool| match needed {
        true => Err(Refusal::new("needed", "Please fill this in.")),
        false => Ok(Value::Null),
    };
    let number = |number: Option<i64>| {
        let wrong = || Refusal::new("amount-invalid", "This is no number.");
        number.map(Value::from).ok_or_else(wrong)
    };
    match kind {
        Typed::Text | Typed::Lines => Ok(text.into()),
        Typed::Choice(_) => Ok(text.parse::<bool>().map_or_else(|_| text.into(), Value::from)),
        Typed::Money => number(format::parse_money(text, language()).map(|value| value.0)),
        Typed::Price => number(format::parse_unit_price(text, language()).map(|value| value.0)),
        Typed::Quantity => number(format::parse_quantity(text, language()).map(|value| value.0)),
        Typed::Percent => number(format::parse_percent(text, language()).map(|value| value.0)),
        Typed::Whole { needed: must }
        | Typed::Day { needed: must }
        | Typed::Moment { needed: must }
            if text.is_empty() =>
        {
            needed(*must)
        }
        Typed::Whole { .. } => number(text.parse().ok()),
        Typed::Day { needed: must } => match text.parse::<Day>() {
            Ok(day) => Ok(day.to_string().into()),
            Err(_) => needed(*must),
        },
        Typed::Moment { needed: must } => {
            let (day, time) = text.split_once(' ').unwrap_or((text, ""));
            match (day.parse::<Day>(), NaiveTime::parse_from_str(time, "%H:%M")) {
                (Ok(day), Ok(time)) => Ok(clock::instant(day, time).to_string().into()),
                _ => needed(*must),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ENTITIES;

    use super::*;

    #[test]
    fn what_is_typed_is_what_was_written() {
        crate::say::speak(Language::De);
        for entity in ENTITIES {
            for (field, value) in blank(entity) {
                let Some(kind) = kind(entity, &field, &value) else { continue };
                if matches!(kind, Typed::Moment { needed: true }) {
                    // A test has no clock of a window.
                    continue;
                }
                let text = written(&kind, &value);
                assert_eq!(read(&kind, &text), Ok(value), "{entity}.{field}: {text}");
            }
        }
    }

    #[test]
    fn amounts_are_typed_as_people_write_them() {
        crate::say::speak(Language::De);
        let money = kind("opportunity", "value", &Value::from(0)).unwrap();
        assert_eq!(written(&money, &Value::from(123_450)), "1.234,50");
        assert_eq!(read(&money, "1.234,50"), Ok(Value::from(123_450)));
        assert_eq!(read(&money, "viel").unwrap_err().code, "amount-invalid");
        let probability = kind("opportunity", "probability", &Value::from(60)).unwrap();
        assert_eq!(read(&probability, "60"), Ok(Value::from(60)));
    }

    #[test]
    fn steps_of_their_own_are_not_typed() {
        let no = Value::Null;
        assert_eq!(kind("quote", "status", &no), None);
        assert_eq!(kind("opportunity", "stage", &no), None);
        assert_eq!(kind("contact", "customer_id", &no), None);
        assert_eq!(kind("quote_line", "net_total", &no), None);
        assert_eq!(kind("setting", "value", &no), None);
        assert_eq!(kind("customer", "antennas", &no), None);
    }
}
