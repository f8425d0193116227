//! Any record by its entity's name: whether it is one, what refers to what.

use serde_json::Value;

use crate::{
    Address, Appointment, Article, Category, Communication, Conflict, Contact, Customer,
    CustomerTag, Document, Opportunity, PaymentTerms, Price, PriceList, Quote, QuoteLine, Record,
    Refusal, Setting, Tag, Task, Tax, Territory, Unit, User, changeset::object, check_address,
    check_article, check_contact, check_customer, check_opportunity, merge::State,
};

/// Every entity, so that what a record refers to comes before it (but for records that refer to
/// each other, as a quote and its PDF).
pub const ENTITIES: [&str; 23] = [
    "user",
    "territory",
    "setting",
    "category",
    "tag",
    "payment_terms",
    "price_list",
    "unit",
    "tax",
    "article",
    "customer",
    "address",
    "contact",
    "customer_tag",
    "price",
    "opportunity",
    "quote",
    "quote_line",
    "document",
    "communication",
    "task",
    "appointment",
    "conflict",
];

/// Whether these fields are a record of the entity, and a valid one.
///
/// # Errors
/// `entity-unknown` and `field-unknown` for what a newer version knows, `record-invalid`, or what
/// the record's own check refuses, with its field.
pub fn validate(entity: &str, state: &State) -> Result<(), Refusal> {
    match entity {
        "customer" => checked(state, check_customer),
        "address" => checked(state, check_address),
        "contact" => checked(state, check_contact),
        "opportunity" => checked(state, check_opportunity),
        "article" => checked(state, check_article),
        "user" => is::<User>(state),
        "territory" => is::<Territory>(state),
        "setting" => is::<Setting>(state),
        "category" => is::<Category>(state),
        "tag" => is::<Tag>(state),
        "payment_terms" => is::<PaymentTerms>(state),
        "price_list" => is::<PriceList>(state),
        "unit" => is::<Unit>(state),
        "tax" => is::<Tax>(state),
        "customer_tag" => is::<CustomerTag>(state),
        "price" => is::<Price>(state),
        "quote" => is::<Quote>(state),
        "quote_line" => is::<QuoteLine>(state),
        "document" => is::<Document>(state),
        "communication" => is::<Communication>(state),
        "task" => is::<Task>(state),
        "appointment" => is::<Appointment>(state),
        "conflict" => is::<Conflict>(state),
        _ => Err(Refusal::new("entity-unknown", "The hub does not know this kind of record yet.")
            .with("entity", entity)),
    }
}

/// A record's fields as a row has them that names none; empty where there is no such entity.
#[must_use]
pub fn blank(entity: &str) -> State {
    match entity {
        "user" => object(&User::default()),
        "territory" => object(&Territory::default()),
        "setting" => object(&Setting::default()),
        "category" => object(&Category::default()),
        "tag" => object(&Tag::default()),
        "payment_terms" => object(&PaymentTerms::default()),
        "price_list" => object(&PriceList::default()),
        "unit" => object(&Unit::default()),
        "tax" => object(&Tax::default()),
        "article" => object(&Article::default()),
        "customer" => object(&Customer::default()),
        "address" => object(&Address::default()),
        "contact" => object(&Contact::default()),
        "customer_tag" => object(&CustomerTag::default()),
        "price" => object(&Price::default()),
        "opportunity" => object(&Opportunity::default()),
        "quote" => object(&Quote::default()),
        "quote_line" => object(&QuoteLine::default()),
        "document" => object(&Document::default()),
        "communication" => object(&Communication::default()),
        "task" => object(&Task::default()),
        "appointment" => object(&Appointment::default()),
        "conflict" => object(&Conflict::default()),
        _ => State::new(),
    }
}

/// A deleted record is only kept: what is wrong with it hurts nobody.
fn checked<R: Record>(state: &State, check: impl Fn(&R) -> Vec<Refusal>) -> Result<(), Refusal> {
    let record: R = parse(state)?;
    if record.deleted_at().is_some() {
        return Ok(());
    }
    check(&record).into_iter().next().map_or(Ok(()), Err)
}

fn is<R: Record>(state: &State) -> Result<(), Refusal> {
    parse::<R>(state).map(|_| ())
}

fn parse<R: Record>(state: &State) -> Result<R, Refusal> {
    let known = object(&R::default());
    if let Some(unknown) = state.keys().find(|name| !known.contains_key(*name)) {
        let sentence = "The hub does not know this field yet.";
        return Err(Refusal::new("field-unknown", sentence).at(unknown));
    }
    serde_json::from_value(Value::Object(state.clone())).map_err(|error| {
        Refusal::new("record-invalid", "A field does not hold what it may hold.").with("why", error)
    })
}

/// The entity that a column refers to, where it does.
#[must_use]
pub fn reference(column: &str) -> Option<&'static str> {
    Some(match column {
        "customer_id" | "parent_id" => "customer",
        "contact_id" => "contact",
        "owner_id" => "user",
        "territory_id" => "territory",
        "category_id" => "category",
        "tag_id" => "tag",
        "payment_terms_id" => "payment_terms",
        "price_list_id" => "price_list",
        "unit_id" => "unit",
        "tax_id" => "tax",
        "article_id" => "article",
        "opportunity_id" => "opportunity",
        "quote_id" | "revises_id" => "quote",
        "billing_address_id" | "delivery_address_id" | "address_id" => "address",
        "signature_document_id" | "pdf_document_id" => "document",
        "communication_id" => "communication",
        _ => return None,
    })
}

/// Records that a state refers to: column, entity, id.
pub fn references(state: &State) -> impl Iterator<Item = (&str, &'static str, crate::Id)> {
    state.iter().filter_map(|(column, value)| {
        Some((column.as_str(), reference(column)?, value.as_str()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Customer;

    #[test]
    fn what_is_no_record_is_told() {
        let mut state = object(&Customer { name: "Kessler".into(), ..Customer::default() });
        validate("customer", &state).unwrap();
        assert_eq!(validate("spaceship", &state).unwrap_err().code, "entity-unknown");
        state.insert("name".into(), "".into());
        assert_eq!(validate("customer", &state).unwrap_err().field.as_deref(), Some("name"));
        state.insert("kind".into(), "martian".into());
        assert_eq!(validate("customer", &state).unwrap_err().code, "record-invalid");
        state.insert("antennas".into(), 2.into());
        assert_eq!(validate("customer", &state).unwrap_err().code, "field-unknown");
    }
}
