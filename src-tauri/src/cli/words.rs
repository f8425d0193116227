//! Records, fields and values in words, for people who read them on a terminal.

use chrono::Local;
use commands::Failure;
use domain::{Id, Instant, Refusal};
use serde_json::Value;

/// A point in time where the user is.
pub(super) fn when(at: Instant) -> String {
    at.utc().with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

/// A field or an operation as people say it: `payment_terms_id` is the payment terms.
pub(super) fn name(code: &str) -> String {
    code.strip_suffix("_id").unwrap_or(code).replace(['_', '.', '-'], " ")
}

/// A value of a field; one that names another record is no word.
pub(super) fn value(field: &str, value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) if text.is_empty() => "nothing".into(),
        Value::String(_) if field.ends_with("_id") => "another record".into(),
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    }
}

/// Why something was not taken.
pub(super) fn why(refusal: &Refusal) -> String {
    match &refusal.field {
        Some(field) => format!("{} ({})", refusal.sentence, name(field)),
        None => refusal.sentence.clone(),
    }
}

/// An id that somebody typed; what is asked for by it is named where it is none.
pub(super) fn id(text: &str, what: &str) -> Result<Id, Failure> {
    let unknown = || Failure::new("not-found", format!("There is no {what} with this id."));
    text.parse().map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_read_words() {
        assert_eq!(name("payment_terms_id"), "payment terms");
        assert_eq!(name("customer.save"), "customer save");
        assert_eq!(
            value("owner_id", &json!("0190dec0-0000-7000-8000-000000000001")),
            "another record"
        );
        assert_eq!(value("is_primary", &json!(true)), "yes");
        assert_eq!(value("name", &json!("Müller")), "“Müller”");
        assert_eq!(value("notes", &json!("")), "nothing");
    }
}
