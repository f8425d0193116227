use super::{Address, Contact, Customer, CustomerTag, Tag};
use crate::{
    Changeset, Context, Percent, Record, Refusal, Refused, check_email, check_phone, check_vat_id,
    text::{BODY, LINE, check_length, check_there, tidy_body, tidy_line},
    value::check_day,
};

/// What speaks against a customer as it is typed.
#[must_use]
pub fn check_customer(customer: &Customer) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    check_there(&mut refusals, "name", &customer.name);
    check_length(&mut refusals, "name", &customer.name, LINE);
    check_length(&mut refusals, "industry", &customer.industry, LINE);
    check_length(&mut refusals, "notes", &customer.notes, BODY);
    if !customer.vat_id.is_empty() {
        refusals.extend(check_vat_id(&customer.vat_id).err().map(|refusal| refusal.at("vat_id")));
    }
    check_reachable(&mut refusals, "email", &customer.email, "phone", &customer.phone);
    if customer.discount < Percent::ZERO || customer.discount > Percent::whole(100) {
        refusals.push(percent_refusal("discount"));
    }
    refusals
}

pub(crate) fn percent_refusal(field: &str) -> Refusal {
    Refusal::new("percent-range", "A percentage is between 0 and 100.").at(field)
}

fn check_reachable(
    refusals: &mut Vec<Refusal>,
    email_field: &str,
    email: &str,
    phone_field: &str,
    phone: &str,
) {
    if !email.is_empty() {
        refusals.extend(check_email(email.trim()).err().map(|refusal| refusal.at(email_field)));
    }
    if !phone.is_empty() {
        refusals.extend(check_phone(phone.trim()).err().map(|refusal| refusal.at(phone_field)));
    }
}

/// What speaks against an address.
#[must_use]
pub fn check_address(address: &Address) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (field, text) in [
        ("street", &address.street),
        ("house_number", &address.house_number),
        ("city", &address.city),
        ("label", &address.label),
    ] {
        check_length(&mut refusals, field, text, LINE);
    }
    let code = address.postal_code.trim();
    let german = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    if address.country.0 == "DE" && !code.is_empty() && !german {
        refusals.push(
            Refusal::new("postal-code-invalid", "A German postal code has five digits.")
                .at("postal_code"),
        );
    }
    refusals
}

/// What speaks against a contact.
#[must_use]
pub fn check_contact(contact: &Contact) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    check_there(&mut refusals, "last_name", &contact.last_name);
    for (field, text) in [
        ("first_name", &contact.first_name),
        ("last_name", &contact.last_name),
        ("title", &contact.title),
        ("position", &contact.position),
        ("department", &contact.department),
    ] {
        check_length(&mut refusals, field, text, LINE);
    }
    check_length(&mut refusals, "notes", &contact.notes, BODY);
    check_day(&mut refusals, "birthday", contact.birthday);
    check_reachable(&mut refusals, "email", &contact.email, "phone", &contact.phone);
    check_reachable(&mut refusals, "email", "", "mobile", &contact.mobile);
    refusals
}

/// Refuses to save over what somebody else saved since the form was opened.
pub(crate) fn check_fresh<R: Record>(old: Option<&R>, new: &R) -> Vec<Refusal> {
    match old {
        Some(old) if old.updated_at() != new.updated_at() => vec![Refusal::new(
            "stale",
            "It was changed meanwhile. Nothing was overwritten; look at it and try again.",
        )],
        _ => Vec::new(),
    }
}

/// Saves a customer with its addresses: given ones are saved, missing ones deleted.
///
/// # Errors
/// Everything that speaks against it.
pub fn save_customer(
    old: Option<&Customer>,
    mut new: Customer,
    addresses: Option<(&[Address], Vec<Address>)>,
    context: &mut Context<'_>,
) -> Result<(Changeset, Customer), Refused> {
    for text in [
        &mut new.number,
        &mut new.name,
        &mut new.tax_number,
        &mut new.industry,
        &mut new.website,
        &mut new.email,
        &mut new.phone,
    ] {
        tidy_line(text);
    }
    tidy_body(&mut new.notes);
    let mut refusals = check_fresh(old, &new);
    refusals.extend(check_customer(&new));
    if let Some((_, addresses)) = &addresses {
        for (index, address) in addresses.iter().enumerate() {
            refusals.extend(check_address(address).into_iter().map(|mut refusal| {
                refusal.field = refusal.field.map(|field| format!("addresses.{index}.{field}"));
                refusal
            }));
        }
    }
    Refused::unless_empty(refusals)?;
    if let Ok(id) = check_vat_id(&new.vat_id) {
        new.vat_id = id;
    }
    let operation = if old.is_some() { "customer.save" } else { "customer.create" };
    let mut changeset = Changeset::new(operation, &*new.name, context);
    let saved = match old {
        Some(old) => changeset.update(old, new, context),
        None => changeset.insert(new, context),
    };
    if let Some((before, after)) = addresses {
        save_addresses(&mut changeset, &saved, before, after, context);
    }
    Ok((changeset, saved))
}

fn save_addresses(
    changeset: &mut Changeset,
    customer: &Customer,
    before: &[Address],
    after: Vec<Address>,
    context: &mut Context<'_>,
) {
    for gone in before.iter().filter(|old| after.iter().all(|new| new.id != old.id)) {
        changeset.delete(gone, context);
    }
    let has_default = after.iter().any(|address| address.is_default);
    let mut default_seen = false;
    for (index, mut address) in after.into_iter().enumerate() {
        for text in [
            &mut address.label,
            &mut address.street,
            &mut address.house_number,
            &mut address.postal_code,
            &mut address.city,
            &mut address.state,
        ] {
            tidy_line(text);
        }
        // Exactly one default: the first that says so, else the first.
        let wants = if has_default { address.is_default } else { index == 0 };
        address.is_default = wants && !default_seen;
        default_seen |= address.is_default;
        address.customer_id = customer.id;
        match before.iter().find(|old| old.id == address.id) {
            Some(old) => changeset.update(old, address, context),
            None => changeset.insert(address, context),
        };
    }
}

/// Saves a contact; a primary one takes that from the others of the customer.
///
/// # Errors
/// Everything that speaks against it.
pub fn save_contact(
    old: Option<&Contact>,
    mut new: Contact,
    others: &[Contact],
    context: &mut Context<'_>,
) -> Result<(Changeset, Contact), Refused> {
    for text in [
        &mut new.title,
        &mut new.first_name,
        &mut new.last_name,
        &mut new.position,
        &mut new.department,
        &mut new.phone,
        &mut new.mobile,
        &mut new.email,
    ] {
        tidy_line(text);
    }
    tidy_body(&mut new.notes);
    tidy_body(&mut new.responsibilities);
    let mut refusals = check_fresh(old, &new);
    refusals.extend(check_contact(&new));
    if new.customer_id.is_nil() {
        refusals.push(Refusal::new("needed", "Please fill this in.").at("customer_id"));
    }
    Refused::unless_empty(refusals)?;
    let operation = if old.is_some() { "contact.save" } else { "contact.create" };
    let mut changeset = Changeset::new(operation, new.full_name(), context);
    let others: Vec<&Contact> = others.iter().filter(|other| other.id != new.id).collect();
    new.is_primary |= others.is_empty();
    let saved = match old {
        Some(old) => changeset.update(old, new, context),
        None => changeset.insert(new, context),
    };
    if saved.is_primary {
        for other in others.into_iter().filter(|other| other.is_primary) {
            let demoted = Contact { is_primary: false, ..other.clone() };
            changeset.update(other, demoted, context);
        }
    }
    Ok((changeset, saved))
}

/// Puts a tag on a customer, making the tag if there is none of that name yet.
///
/// # Errors
/// When the name is empty or too long.
pub fn add_tag(
    customer: &Customer,
    name: &str,
    known: &[Tag],
    on_it: &[CustomerTag],
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    let mut name = name.to_owned();
    tidy_line(&mut name);
    let mut refusals = Vec::new();
    check_there(&mut refusals, "name", &name);
    check_length(&mut refusals, "name", &name, 40);
    Refused::unless_empty(refusals)?;
    let mut changeset = Changeset::new("customer.tag", &*customer.name, context);
    let tag_id = match known.iter().find(|tag| crate::fold(&tag.name) == crate::fold(&name)) {
        Some(tag) => tag.id,
        None => changeset.insert(Tag { name, ..Tag::default() }, context).id,
    };
    if on_it.iter().all(|link| link.tag_id != tag_id) {
        let link = CustomerTag { customer_id: customer.id, tag_id, ..CustomerTag::default() };
        changeset.insert(link, context);
    }
    Ok(changeset)
}

impl Contact {
    /// Title, first and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        let parts = [&self.title, &self.first_name, &self.last_name];
        let parts: Vec<&str> =
            parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }
}

impl Address {
    /// Street and house number.
    #[must_use]
    pub fn street_line(&self) -> String {
        format!("{} {}", self.street, self.house_number).trim().to_owned()
    }

    /// Postal code and town.
    #[must_use]
    pub fn city_line(&self) -> String {
        format!("{} {}", self.postal_code, self.city).trim().to_owned()
    }
}
