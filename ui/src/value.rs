//! Fields and their values as people know them: by name, not by number.

use std::{collections::BTreeMap, rc::Rc};

use commands::NameRecords;
use domain::{
    Change, Day, Id, Instant, Money, Percent, Quantity, UnitPrice, country::country_name, format,
    reference,
};
use serde_json::Value;
use yew::prelude::*;

use crate::{
    clock,
    pages::use_answer,
    say::{self, language, say},
};

/// What records are called, by their ids.
pub(crate) type Names = Rc<BTreeMap<Id, String>>;

/// Longer texts are cut off here.
const LONGEST: usize = 600;

/// What these changes refer to.
pub(crate) fn referred<'a>(
    fields: impl Iterator<Item = (&'a str, &'a Value)>,
) -> Vec<(String, Id)> {
    let mut records: Vec<(String, Id)> = fields
        .filter_map(|(field, value)| {
            let id: Id = value.as_str()?.parse().ok()?;
            (id != Id::NIL).then_some((reference(field)?.to_owned(), id))
        })
        .collect();
    records.sort();
    records.dedup();
    records
}

/// What all these changes refer to.
pub(crate) fn referred_by<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<(String, Id)> {
    let fields = changes.flat_map(|change| &change.fields);
    referred(
        fields.flat_map(|(name, field)| [(name.as_str(), &field.from), (name.as_str(), &field.to)]),
    )
}

/// The names of records.
#[hook]
pub(crate) fn use_names(records: Vec<(String, Id)>) -> Names {
    let names = use_answer(NameRecords { records });
    Rc::new(names.map(|names| names.iter().cloned().collect()).unwrap_or_default())
}

/// Whether a field says something to people.
pub(crate) fn is_shown(entity: &str, field: &str) -> bool {
    // Settings are whole documents; what was done to them says the operation. Of a conflict only
    // how it was settled was changed by people.
    if entity == "setting" || (entity == "conflict" && field != "choice") {
        return false;
    }
    !matches!(
        field,
        "" | "id"
            | "created_at"
            | "created_by"
            | "updated_at"
            | "updated_by"
            | "sha256"
            | "size"
            | "media_type"
            | "ics_uid"
            | "latitude"
            | "longitude"
            | "changeset_id"
            | "record_id"
            | "record_entity"
            | "sort"
            | "seq"
    )
}

/// What a field of a record is called.
pub(crate) fn field_name(entity: &str, field: &str) -> String {
    find_field_name(entity, field).unwrap_or_else(|| field.replace('_', " "))
}

fn find_field_name(entity: &str, field: &str) -> Option<String> {
    let plain = field.replace('_', "-");
    // Some labels of forms say more than a name.
    say::find(&format!("name-{entity}-{plain}"), &[])
        .or_else(|| say::find(&format!("name-{plain}"), &[]))
        .or_else(|| say::find(&format!("field-{plain}"), &[]))
}

fn named(message: &str, value: &str) -> String {
    say::find(&format!("{message}-{value}"), &[]).unwrap_or_else(|| value.to_owned())
}

fn number(field: &str, number: i64) -> String {
    match field {
        "value" | "net_total" | "tax_total" | "gross_total" => {
            format::money(Money(number), "EUR", language())
        }
        "unit_price" | "list_price" => format::unit_price(UnitPrice(number), language()),
        "quantity" | "from_quantity" => format::quantity(Quantity(number), language()),
        "discount" | "rate" | "tax_rate" | "skonto" => {
            format!("{} %", format::percent(Percent(number), language()))
        }
        "probability" => format!("{number} %"),
        _ => number.to_string(),
    }
}

/// What the messages for the values of an enumeration begin with.
pub(crate) fn words(entity: &str, field: &str) -> Option<&'static str> {
    Some(match (entity, field) {
        (_, "status") => "status",
        (_, "stage") => "stage",
        ("contact", "role") => "role",
        (_, "salutation") => "salutation",
        (_, "language") => "language",
        (_, "priority") => "name-priority",
        (_, "direction") => "name-direction",
        ("customer", "kind") => "customer",
        ("address", "kind") => "address",
        ("communication", "kind") => "communication",
        ("quote_line", "kind") => "name-line",
        ("document", "kind") => "name-document",
        ("tax", "kind") | (_, "tax_kind") => "name-tax-kind",
        ("conflict", "choice") => "name-choice",
        _ => return None,
    })
}

fn text(entity: &str, field: &str, text: &str) -> String {
    if let Some(words) = words(entity, field) {
        return named(words, text);
    }
    match (entity, field) {
        (_, "country") => country_name(text, language()).to_owned(),
        _ if field.ends_with("_at") => {
            text.parse::<Instant>().map_or_else(|_| text.to_owned(), clock::full)
        }
        _ => match text.parse::<Day>() {
            Ok(day) if text.len() == 10 => format::day(day, language()),
            _ if text.chars().count() > LONGEST => {
                text.chars().take(LONGEST).chain(['…']).collect()
            }
            _ => text.to_owned(),
        },
    }
}

/// A field's value.
pub(crate) fn shown(names: &Names, entity: &str, field: &str, value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::Bool(truth) => say(if *truth { "yes" } else { "no" }),
        Value::Number(found) => {
            found.as_i64().map_or_else(|| found.to_string(), |found| number(field, found))
        }
        Value::String(found) if found.trim().is_empty() => "–".into(),
        Value::String(found) if reference(field).is_some() => {
            let name = found.parse().ok().and_then(|id: Id| names.get(&id));
            name.filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| say("value-elsewhere"))
        }
        Value::String(found) => text(entity, field, found),
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The fields of changes, from what to what; what is new is listed without an empty “from”.
pub(crate) fn changed_fields(names: &Names, changes: &[Change]) -> Html {
    let rows = changes.iter().flat_map(|change| {
        let shown_fields = change.fields.iter().filter(|(field, _)| is_shown(&change.entity, field));
        shown_fields.filter_map(|(field, edit)| {
            let from = shown(names, &change.entity, field, &edit.from);
            let to = shown(names, &change.entity, field, &edit.to);
            (from != to).then(|| html! {
                <><dt>{ field_name(&change.entity, field) }</dt>
                <dd>if from != "–" { <s><span class="unseen">{ say("value-before") }</span>{ from }</s><span aria-hidden="true">{ " → " }</span> }
                    <span>{ to }</span></dd></>
            })
        })
    });
    let rows: Vec<Html> = rows.collect();
    if rows.is_empty() {
        return html! {};
    }
    html! { <dl class="edits">{ for rows }</dl> }
}

/// Whether these changes show anything to people.
pub(crate) fn has_changed_fields(changes: &[Change]) -> bool {
    changes.iter().any(|change| {
        let mut fields = change.fields.iter();
        fields.any(|(field, edit)| is_shown(&change.entity, field) && edit.from != edit.to)
    })
}

#[cfg(test)]
mod tests {
    use domain::{
        AddressKind, AppointmentStatus, Choice, CommunicationKind, ContactRole, CustomerKind,
        CustomerStatus, Direction, DocumentKind, ENTITIES, Language, LineKind, OpportunityStatus,
        Priority, QuoteStatus, Salutation, Stage, TaskStatus, TaxKind, blank,
    };

    use super::*;

    #[test]
    fn every_field_has_a_name_in_both_languages() {
        for language in [Language::De, Language::En] {
            say::speak(language);
            let mut nameless = Vec::new();
            for entity in ENTITIES {
                let fields = blank(entity);
                let fields = fields.keys().filter(|field| is_shown(entity, field));
                let fields = fields.filter(|field| find_field_name(entity, field).is_none());
                nameless.extend(fields.map(|field| format!("{entity}.{field}")));
                assert!(say::find(&format!("entity-{entity}"), &[]).is_some(), "{entity}");
            }
            assert!(nameless.is_empty(), "{language}: {nameless:?}");
        }
    }

    fn said(entity: &str, field: &str, values: &[impl ToString]) {
        let words = words(entity, field).expect("an enumeration");
        for language in [Language::De, Language::En] {
            say::speak(language);
            for value in values {
                let message = format!("{words}-{}", value.to_string());
                assert!(say::find(&message, &[]).is_some(), "{message}");
            }
        }
    }

    #[test]
    fn every_choice_is_a_word() {
        said("customer", "kind", CustomerKind::ALL);
        said("customer", "status", CustomerStatus::ALL);
        said("customer", "language", Language::ALL);
        said("address", "kind", AddressKind::ALL);
        said("contact", "role", ContactRole::ALL);
        said("contact", "salutation", Salutation::ALL);
        said("communication", "kind", CommunicationKind::ALL);
        said("communication", "direction", Direction::ALL);
        said("task", "priority", Priority::ALL);
        said("task", "status", TaskStatus::ALL);
        said("appointment", "status", AppointmentStatus::ALL);
        said("opportunity", "stage", Stage::ALL);
        said("opportunity", "status", OpportunityStatus::ALL);
        said("quote", "status", QuoteStatus::ALL);
        said("quote_line", "kind", LineKind::ALL);
        said("quote_line", "tax_kind", TaxKind::ALL);
        said("tax", "kind", TaxKind::ALL);
        said("document", "kind", DocumentKind::ALL);
        said("conflict", "choice", Choice::ALL);
    }

    #[test]
    fn a_probability_is_whole_percent() {
        say::speak(Language::De);
        assert_eq!(number("probability", 60), "60 %");
        assert_eq!(number("discount", 250), "2,5 %");
    }
}
