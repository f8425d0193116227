//! Rows and cards to contacts, with the customers that they are at.

use std::collections::HashMap;

use commands::{DuplicatePolicy, Failure, ImportDuplicate};
use domain::{
    Address, Contact, ContactRole, Customer, Id, Instant, Refusal, Salutation, check_address,
    check_contact, check_customer, fold, name_key, save_contact, save_customer,
};
use store::Tx;

use super::{
    cells::{Cells, split_postal_code},
    customer::fill_address,
    desk::{Decided, Desk, Earlier, Known, refused},
};
use crate::settings;

/// A customer that contacts may be at.
struct Company {
    id: Id,
    postal_codes: Vec<String>,
}

/// Makes contacts of rows.
pub(crate) struct Contacts {
    /// By e-mail address and folded first or last name: people share `info@`.
    emails: HashMap<(Box<str>, Box<str>), Known>,
    /// By customer and folded name.
    names: HashMap<(Id, Box<str>), Known>,
    numbers: HashMap<Box<str>, Id>,
    companies: HashMap<Box<str>, Vec<Company>>,
    user_id: Id,
    policy: DuplicatePolicy,
}

fn person_key(first: &str, last: &str) -> Box<str> {
    fold(&format!("{first} {last}")).trim().into()
}

/// A person is the same with the same address and one of the same names.
fn email_keys(contact: &Contact) -> impl Iterator<Item = (Box<str>, Box<str>)> + use<> {
    let email: Box<str> = contact.email.trim().to_lowercase().into();
    let names = [&contact.last_name, &contact.first_name].map(|name| person_key(name, ""));
    let keys = names.into_iter().map(move |name| (email.clone(), name));
    keys.filter(|(email, name)| !email.is_empty() && !name.is_empty())
}

/// Where a contact belongs.
enum Place {
    At(Id),
    /// At a customer that is made for it.
    New(Box<(Customer, Vec<Address>)>),
}

impl Contacts {
    pub(crate) fn new(tx: &Tx<'_>, user_id: Id, policy: DuplicatePolicy) -> Result<Self, Failure> {
        let (mut numbers, mut companies) =
            (HashMap::new(), HashMap::<Box<str>, Vec<Company>>::new());
        let mut codes: HashMap<Id, Vec<String>> = HashMap::new();
        tx.each::<Address, Failure>(|address| {
            codes.entry(address.customer_id).or_default().push(address.postal_code);
            Ok(())
        })?;
        tx.each::<Customer, Failure>(|customer| {
            let postal_codes = codes.remove(&customer.id).unwrap_or_default();
            let company = Company { id: customer.id, postal_codes };
            companies.entry(name_key(&customer.name).into()).or_default().push(company);
            numbers.insert(customer.number.into(), customer.id);
            Ok(())
        })?;
        let (mut emails, mut names) = (HashMap::new(), HashMap::new());
        tx.each::<Contact, Failure>(|contact| {
            let known = Known { id: contact.id, row: None };
            for key in email_keys(&contact) {
                emails.insert(key, known);
            }
            let name = person_key(&contact.first_name, &contact.last_name);
            names.insert((contact.customer_id, name), known);
            Ok(())
        })?;
        Ok(Self { emails, names, numbers, companies, user_id, policy })
    }

    /// Decides what becomes of a row.
    pub(crate) fn decide(
        &mut self,
        cells: &mut Cells<'_>,
        row: usize,
        desk: &mut Desk<'_, '_, '_>,
        earlier: &mut Earlier<'_>,
    ) -> Result<Decided, Failure> {
        if !cells.refusals.is_empty() {
            return Ok(Decided::Failed(std::mem::take(&mut cells.refusals)));
        }
        let mut typed = Contact::default();
        let today = desk.context.today;
        fill(&mut typed, cells, today);
        let place = self.place(cells);
        let mut refusals = std::mem::take(&mut cells.refusals);
        let by_email = email_keys(&typed).find_map(|key| self.emails.get(&key));
        let by_name = match &place {
            Ok(Place::At(id)) => {
                self.names.get(&(*id, person_key(&typed.first_name, &typed.last_name)))
            }
            _ => None,
        };
        let found = by_email.map(|known| ("email", *known));
        let found = found.or_else(|| by_name.map(|known| ("name", *known)));
        let known = match (found, self.policy) {
            (Some((field, known)), DuplicatePolicy::Skip) if refusals.is_empty() => {
                let line = known.row.map(|row| row as u64);
                let id = line.is_none().then_some(known.id);
                let field = field.into();
                return Ok(Decided::Duplicate(ImportDuplicate {
                    field,
                    id,
                    line,
                    name: String::new(),
                }));
            }
            (Some((_, known)), DuplicatePolicy::Update) => Some(known),
            _ => None,
        };
        let old = match known {
            None => None,
            Some(known) => Some(match (known.row, desk.writes()) {
                (Some(row), false) => {
                    let mut contact = Contact { id: known.id, ..Contact::default() };
                    earlier(row, &mut |cells| fill(&mut contact, cells, today));
                    contact
                }
                _ => {
                    desk.settle(known.id)?;
                    desk.tx.get(known.id)?
                }
            }),
        };
        let mut contact = old.clone().unwrap_or_default();
        fill(&mut contact, cells, today);
        cells.refusals.clear();
        refusals.extend(check_contact(&contact));
        // A contact that is there stays at its customer, whatever the card says.
        let place = match (&old, place) {
            (Some(old), _) if !old.customer_id.is_nil() => Place::At(old.customer_id),
            (_, Ok(place)) => place,
            (_, Err(refusal)) => {
                refusals.push(refusal);
                return Ok(Decided::Failed(refusals));
            }
        };
        if let Place::New(company) = &place {
            refusals.extend(check_customer(&company.0).into_iter().map(|refusal| {
                match &refusal.field {
                    Some(field) if field == "name" => refusal.at("company"),
                    _ => refusal,
                }
            }));
            refusals.extend(company.1.iter().flat_map(check_address));
        }
        if !refusals.is_empty() {
            return Ok(Decided::Failed(refusals));
        }
        let mut changes = Vec::new();
        contact.customer_id = match place {
            Place::At(id) => id,
            Place::New(company) => match self.make(*company, desk, &mut changes)? {
                Ok(id) => id,
                Err(refusals) => return Ok(Decided::Failed(refusals)),
            },
        };
        desk.settle(contact.customer_id)?;
        let others: Vec<Contact> = desk.tx.by("customer_id", contact.customer_id)?;
        let (changeset, saved) = match save_contact(old.as_ref(), contact, &others, desk.context) {
            Ok(saved) => saved,
            Err(why) => return Ok(Decided::Failed(refused(why))),
        };
        let known = known.unwrap_or(Known { id: saved.id, row: Some(row) });
        for key in email_keys(&saved) {
            self.emails.entry(key).or_insert(known);
        }
        let name = person_key(&saved.first_name, &saved.last_name);
        self.names.entry((saved.customer_id, name)).or_insert(known);
        let is_empty = changeset.is_empty();
        changes.extend(changeset.changes);
        // The next contact of this customer must see this one.
        desk.add(changes, saved.customer_id);
        Ok(match (old.is_some(), is_empty) {
            (false, _) => Decided::Created,
            (true, true) => Decided::Unchanged,
            (true, false) => Decided::Updated,
        })
    }

    /// The customer that a row names.
    fn place(&self, cells: &mut Cells<'_>) -> Result<Place, Refusal> {
        if let Some(id) = cells.text("customer_number").and_then(|number| self.numbers.get(number))
        {
            return Ok(Place::At(*id));
        }
        let Some(name) = cells.text("company") else {
            let sentence = "There is no company: a contact is somebody at a customer.";
            return Err(Refusal::new("company-needed", sentence).at("company"));
        };
        let code = cells.text("postal_code").map_or("", |code| split_postal_code(code).1);
        match self.companies.get(&*name_key(name)).map(Vec::as_slice) {
            None | Some([]) => {
                let mut customer = Customer {
                    name: name.into(),
                    owner_id: Some(self.user_id),
                    ..Customer::default()
                };
                cells.put("website", &mut customer.website);
                cells.put("customer_number", &mut customer.number);
                let mut addresses = Vec::new();
                fill_address(&mut addresses, 0, cells);
                Ok(Place::New(Box::new((customer, addresses))))
            }
            Some([only]) => Ok(Place::At(only.id)),
            Some(several) => {
                let mut there = several.iter().filter(|company| {
                    !code.is_empty() && company.postal_codes.iter().any(|known| known == code)
                });
                match (there.next(), there.next()) {
                    (Some(company), None) => Ok(Place::At(company.id)),
                    _ => {
                        let sentence = format!(
                            "{} customers are called {name}. Give the postal code or the customer number.",
                            several.len()
                        );
                        let refusal = Refusal::new("company-ambiguous", sentence).at("company");
                        Err(refusal.with("text", name))
                    }
                }
            }
        }
    }

    /// Makes the customer that a contact is at.
    fn make(
        &mut self,
        (mut customer, addresses): (Customer, Vec<Address>),
        desk: &mut Desk<'_, '_, '_>,
        changes: &mut Vec<domain::Change>,
    ) -> Result<Result<Id, Vec<Refusal>>, Failure> {
        while customer.number.is_empty() && desk.writes() {
            let number = settings::next_number(desk.tx, "customer", desk.context)?;
            if !self.numbers.contains_key(&*number) {
                customer.number = number;
            }
        }
        let postal_codes = addresses.iter().map(|address| address.postal_code.clone()).collect();
        let given = Some((&[][..], addresses));
        let (changeset, saved) = match save_customer(None, customer, given, desk.context) {
            Ok(saved) => saved,
            Err(why) => return Ok(Err(refused(why))),
        };
        changes.extend(changeset.changes);
        desk.hint("customer-new", &saved.name);
        let company = Company { id: saved.id, postal_codes };
        self.companies.entry(name_key(&saved.name).into()).or_default().push(company);
        if !saved.number.is_empty() {
            self.numbers.insert(saved.number.into(), saved.id);
        }
        Ok(Ok(saved.id))
    }
}

/// Puts the cells into a contact; empty ones change nothing.
fn fill(contact: &mut Contact, cells: &mut Cells<'_>, today: domain::Day) {
    for (field, place) in [
        ("title", &mut contact.title),
        ("first_name", &mut contact.first_name),
        ("last_name", &mut contact.last_name),
        ("position", &mut contact.position),
        ("department", &mut contact.department),
        ("responsibilities", &mut contact.responsibilities),
        ("phone", &mut contact.phone),
        ("mobile", &mut contact.mobile),
        ("email", &mut contact.email),
        ("notes", &mut contact.notes),
    ] {
        cells.put(field, place);
    }
    contact.notes = contact.notes.replace("\r\n", "\n");
    contact.responsibilities = contact.responsibilities.replace("\r\n", "\n");
    // A name in one piece is parted where it stands alone.
    if let (Some(whole), None, None) =
        (cells.text("full_name"), cells.text("last_name"), cells.text("first_name"))
    {
        let (first, last) = match whole.split_once(", ") {
            Some((last, first)) => (first, last),
            None => whole.rsplit_once(' ').unwrap_or(("", whole)),
        };
        let title = ["Prof. Dr. ", "Dr.-Ing. ", "Dr. ", "Prof. "]
            .iter()
            .find(|t| first.starts_with(**t) || first == t.trim());
        if let Some(title) = title {
            contact.title = title.trim().into();
        }
        contact.first_name =
            title.map_or(first, |title| first.get(title.len()..).unwrap_or("")).trim().into();
        contact.last_name = last.trim().into();
    }
    if let Some(salutation) = cells.choice("salutation", Salutation::from_text) {
        contact.salutation = salutation;
    }
    if let Some(role) = cells.choice("role", ContactRole::from_text) {
        contact.role = role;
    }
    if let Some(primary) = cells.truth("is_primary") {
        contact.is_primary = primary;
    }
    if let Some(day) = cells.day("birthday", today) {
        contact.birthday = Some(day);
    }
    if let Some(day) = cells.day("consent", today) {
        let noon = day.and_hms_opt(12, 0, 0).unwrap_or_default();
        let same = contact.marketing_consent_at.is_some_and(|at| at.utc().date_naive() == day);
        if !same {
            contact.marketing_consent_at = Some(Instant::from(noon.and_utc()));
        }
    }
}
