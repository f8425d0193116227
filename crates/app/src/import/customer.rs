//! Rows to customers with their addresses.

use std::collections::{HashMap, HashSet};

use commands::{DuplicatePolicy, Failure, ImportDuplicate};
use domain::{
    Address, AddressKind, Category, Customer, CustomerKind, CustomerStatus, CustomerTag, Id,
    Language, PaymentTerms, PriceList, Refusal, Refused, Tag, Territory, User, add_tag,
    check_address, check_customer, check_vat_id, name_key, save_customer,
};
use store::Tx;

use super::{
    cells::{Cells, split_postal_code, split_street},
    desk::{Decided, Desk, Earlier, Known, Names, refused},
};
use crate::settings;

/// The customers that there are, by what tells them apart.
#[derive(Default)]
pub(crate) struct CustomerIndex {
    numbers: HashMap<Box<str>, Known>,
    vat_ids: HashMap<Box<str>, Known>,
    names: HashMap<Box<str>, Known>,
}

/// A name and a postal code as one key.
fn place_key(name: &str, postal_code: &str) -> Box<str> {
    format!("{}|{}", name_key(name), postal_code.trim()).into()
}

impl CustomerIndex {
    pub(crate) fn read(tx: &Tx<'_>) -> Result<Self, Failure> {
        let mut index = Self::default();
        let mut names: HashMap<Id, Box<str>> = HashMap::new();
        tx.each::<Customer, Failure>(|customer| {
            let known = Known { id: customer.id, row: None };
            index.numbers.insert(customer.number.as_str().into(), known);
            if !customer.vat_id.is_empty() {
                index.vat_ids.insert(customer.vat_id.as_str().into(), known);
            }
            names.insert(customer.id, customer.name.into());
            Ok(())
        })?;
        let mut placed = HashSet::new();
        tx.each::<Address, Failure>(|address| {
            if let Some(name) = names.get(&address.customer_id) {
                let known = Known { id: address.customer_id, row: None };
                index.names.insert(place_key(name, &address.postal_code), known);
                placed.insert(address.customer_id);
            }
            Ok(())
        })?;
        for (id, name) in names.iter().filter(|(id, _)| !placed.contains(*id)) {
            index.names.insert(place_key(name, ""), Known { id: *id, row: None });
        }
        Ok(index)
    }

    fn add(&mut self, customer: &Customer, addresses: &[Address], known: Known) {
        if !customer.number.is_empty() {
            self.numbers.entry(customer.number.as_str().into()).or_insert(known);
        }
        if !customer.vat_id.is_empty() {
            self.vat_ids.entry(customer.vat_id.as_str().into()).or_insert(known);
        }
        if addresses.is_empty() {
            self.names.entry(place_key(&customer.name, "")).or_insert(known);
        }
        for address in addresses {
            self.names.entry(place_key(&customer.name, &address.postal_code)).or_insert(known);
        }
    }
}

/// Makes customers of rows.
pub(crate) struct Customers {
    index: CustomerIndex,
    /// The numbers that the file's rows bring: no other row is given one of them.
    pub(crate) offered: HashSet<Box<str>>,
    categories: Names,
    territories: Names,
    price_lists: Names,
    terms: Names,
    users: Names,
    tags: Vec<Tag>,
    user_id: Id,
    policy: DuplicatePolicy,
}

impl Customers {
    pub(crate) fn new(tx: &Tx<'_>, user_id: Id, policy: DuplicatePolicy) -> Result<Self, Failure> {
        let mut tags = Vec::new();
        tx.each::<Tag, Failure>(|tag| {
            tags.push(tag);
            Ok(())
        })?;
        Ok(Self {
            index: CustomerIndex::read(tx)?,
            offered: HashSet::new(),
            categories: Names::read(tx, |category: &Category| vec![&category.name])?,
            territories: Names::read(tx, |territory: &Territory| vec![&territory.name])?,
            price_lists: Names::read(tx, |list: &PriceList| vec![&list.name])?,
            terms: Names::read(tx, |terms: &PaymentTerms| vec![&terms.name])?,
            users: Names::read(tx, |user: &User| vec![&user.name, &user.initials])?,
            tags,
            user_id,
            policy,
        })
    }

    /// The customer that a row is about, and by which field; and whether another field says
    /// another one.
    fn find(&self, cells: &Cells<'_>) -> (Option<(&'static str, Known)>, bool) {
        let number = cells.text("number").and_then(|number| self.index.numbers.get(number));
        let vat_id = cells.text("vat_id").and_then(|id| check_vat_id(id).ok());
        let vat_id = vat_id.and_then(|id| self.index.vat_ids.get(id.as_str()));
        let code = cells.text("postal_code").map_or("", |code| split_postal_code(code).1);
        let name = cells.text("name").and_then(|name| self.index.names.get(&place_key(name, code)));
        let differ = matches!((number, vat_id), (Some(one), Some(other)) if one.id != other.id);
        let found = [("number", number), ("vat_id", vat_id), ("name", name)];
        (found.into_iter().find_map(|(field, known)| Some((field, *known?))), differ)
    }

    /// Decides what becomes of a row. `earlier` gives the cells of an earlier row.
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
        let (found, differ) = self.find(cells);
        let (mut customer, mut addresses, known) = match (found, self.policy) {
            (None, _) | (Some(_), DuplicatePolicy::Create) => {
                let owner_id = (!cells.has("owner")).then_some(self.user_id);
                (Customer { owner_id, ..Customer::default() }, Vec::new(), None)
            }
            (Some((field, known)), DuplicatePolicy::Skip) => {
                return Ok(Decided::Duplicate(duplicate(field, known)));
            }
            (Some((field, known)), DuplicatePolicy::Update) => {
                if differ {
                    let sentence = "The customer number is one customer's and the VAT id another's. Nothing was changed; correct one of them.";
                    let refusal = Refusal::new("match-conflict", sentence).at("vat_id");
                    return Ok(Decided::Failed(vec![refusal]));
                }
                let (customer, addresses) = self.current(known, desk, earlier)?;
                let other_number = cells.text("number").is_some_and(|n| n != customer.number);
                // Two rows with numbers of their own are two customers to whoever wrote them:
                // the later one does not overwrite the earlier.
                if known.row.is_some() && other_number && !customer.number.is_empty() {
                    return Ok(Decided::Duplicate(duplicate(field, known)));
                }
                (customer, addresses, Some(known))
            }
        };
        let old = known.map(|_| (customer.clone(), addresses.clone()));
        fill(&mut customer, &mut addresses, cells);
        let mut refusals = std::mem::take(&mut cells.refusals);
        refusals.extend(check_customer(&customer));
        for (index, address) in addresses.iter().enumerate() {
            refusals.extend(check_address(address).into_iter().map(|r| at_address(r, index)));
        }
        let taken = self.index.numbers.get(customer.number.as_str());
        if taken.is_some_and(|taken| Some(taken.id) != known.map(|known| known.id)) {
            let taken = Refusal::new("number-taken", "Another customer has this number.");
            refusals.push(taken.at("number"));
        }
        let terms = cells.text("payment_terms");
        if let Some(name) = terms {
            match self.terms.find(name) {
                Some(id) => customer.payment_terms_id = Some(id),
                None => refusals.push(
                    Refusal::new("terms-unknown", format!("There are no payment terms {name}. Make them first, or leave the column out."))
                        .at("payment_terms").with("text", name),
                ),
            }
        }
        if !refusals.is_empty() {
            return Ok(Decided::Failed(refusals));
        }
        self.refer(&mut customer, cells, desk);
        if customer.number.is_empty() && desk.writes() {
            customer.number = self.next_number(desk)?;
        }
        let (old_customer, old_addresses) = match &old {
            Some((customer, addresses)) => (Some(customer), addresses.as_slice()),
            None => (None, &[][..]),
        };
        let given = Some((old_addresses, addresses.clone()));
        let (mut changeset, saved) =
            match save_customer(old_customer, customer, given, desk.context) {
                Ok(saved) => saved,
                Err(why) => return Ok(Decided::Failed(refused(why))),
            };
        if let Some(words) = cells.text("tags") {
            match self.tag(&saved, words, known.is_some(), desk) {
                Ok(changes) => changeset.changes.extend(changes?),
                Err(why) => return Ok(Decided::Failed(refused(why))),
            }
        }
        let known = known.unwrap_or(Known { id: saved.id, row: Some(row) });
        self.index.add(&saved, &addresses, known);
        let is_empty = changeset.is_empty();
        desk.add(changeset.changes, saved.id);
        Ok(match (old.is_some(), is_empty) {
            (false, _) => Decided::Created,
            (true, true) => Decided::Unchanged,
            (true, false) => Decided::Updated,
        })
    }

    /// A customer with its addresses as it stands now.
    fn current(
        &self,
        known: Known,
        desk: &mut Desk<'_, '_, '_>,
        earlier: &mut Earlier<'_>,
    ) -> Result<(Customer, Vec<Address>), Failure> {
        if let (Some(row), false) = (known.row, desk.writes()) {
            // Only planned: made again from its row.
            let mut customer = Customer { id: known.id, ..Customer::default() };
            let mut addresses = Vec::new();
            earlier(row, &mut |cells| fill(&mut customer, &mut addresses, cells));
            return Ok((customer, addresses));
        }
        desk.settle(known.id)?;
        Ok((desk.tx.get(known.id)?, desk.tx.by("customer_id", known.id)?))
    }

    /// Sets what refers to other records, making small ones that are not there yet.
    fn refer(&mut self, customer: &mut Customer, cells: &Cells<'_>, desk: &mut Desk<'_, '_, '_>) {
        if let Some(name) = cells.text("category") {
            let make =
                || Category { name: name.into(), colour: "#5b7f86".into(), ..Category::default() };
            customer.category_id = Some(self.categories.find_or_make(name, desk, make));
        }
        if let Some(name) = cells.text("territory") {
            let make = || Territory { name: name.into(), ..Territory::default() };
            customer.territory_id = Some(self.territories.find_or_make(name, desk, make));
        }
        if let Some(name) = cells.text("price_list") {
            let make =
                || PriceList { name: name.into(), currency: "EUR".into(), ..PriceList::default() };
            customer.price_list_id = Some(self.price_lists.find_or_make(name, desk, make));
        }
        if let Some(name) = cells.text("owner") {
            match self.users.find(name) {
                Some(id) => customer.owner_id = Some(id),
                None => desk.hint("owner-unknown", name),
            }
        }
        if let Some(number) = cells.text("parent") {
            match self.index.numbers.get(number) {
                Some(parent) => customer.parent_id = Some(parent.id),
                None => desk.hint("parent-unknown", number),
            }
        }
    }

    /// A number that no customer has and no row brings.
    fn next_number(&self, desk: &mut Desk<'_, '_, '_>) -> Result<String, Failure> {
        loop {
            let number = settings::next_number(desk.tx, "customer", desk.context)?;
            if !self.index.numbers.contains_key(&*number) && !self.offered.contains(&*number) {
                return Ok(number);
            }
        }
    }

    /// Puts tags on a customer; the inner error is the store's.
    fn tag(
        &mut self,
        customer: &Customer,
        words: &str,
        was_there: bool,
        desk: &mut Desk<'_, '_, '_>,
    ) -> Result<Result<Vec<domain::Change>, Failure>, Refused> {
        let mut on_it: Vec<CustomerTag> = Vec::new();
        if was_there {
            match desk.tx.by("customer_id", customer.id) {
                Ok(found) => on_it = found,
                Err(error) => return Ok(Err(error.into())),
            }
        }
        let mut changes = Vec::new();
        for name in words.split([',', ';']).map(str::trim).filter(|name| !name.is_empty()) {
            let added = add_tag(customer, name, &self.tags, &on_it, desk.context)?.changes;
            for change in &added {
                let object = |change: &domain::Change| {
                    let fields = change.fields.iter();
                    fields.map(|(name, field)| (name.clone(), field.to.clone())).collect()
                };
                let made = serde_json::Value::Object(object(change));
                match change.entity.as_str() {
                    "tag" => self.tags.extend(serde_json::from_value::<Tag>(made).ok()),
                    _ => on_it.extend(serde_json::from_value::<CustomerTag>(made).ok()),
                }
            }
            changes.extend(added);
        }
        Ok(Ok(changes))
    }
}

fn duplicate(field: &str, known: Known) -> ImportDuplicate {
    // The row's place becomes its line where the row is shown.
    let line = known.row.map(|row| row as u64);
    let id = line.is_none().then_some(known.id);
    ImportDuplicate { field: field.into(), id, line, name: String::new() }
}

/// A refusal of an address, at the table's field.
fn at_address(mut refusal: Refusal, index: usize) -> Refusal {
    let prefix = if index == 0 { "" } else { "delivery_" };
    refusal.field = refusal.field.map(|field| format!("{prefix}{field}"));
    refusal
}

/// Puts the cells into a customer; empty ones change nothing.
fn fill(customer: &mut Customer, addresses: &mut Vec<Address>, cells: &mut Cells<'_>) {
    for (field, place) in [
        ("number", &mut customer.number),
        ("name", &mut customer.name),
        ("vat_id", &mut customer.vat_id),
        ("tax_number", &mut customer.tax_number),
        ("industry", &mut customer.industry),
        ("website", &mut customer.website),
        ("email", &mut customer.email),
        ("phone", &mut customer.phone),
        ("notes", &mut customer.notes),
    ] {
        cells.put(field, place);
    }
    // As it is stored, so that the same id in another spelling is no change.
    if let Ok(id) = check_vat_id(&customer.vat_id) {
        customer.vat_id = id;
    }
    customer.notes = customer.notes.replace("\r\n", "\n");
    if let Some(kind) = cells.choice("kind", CustomerKind::from_text) {
        customer.kind = kind;
    }
    if let Some(status) = cells.choice("status", CustomerStatus::from_text) {
        customer.status = status;
    }
    if let Some(language) = cells.choice("language", Language::from_text) {
        customer.language = language;
    }
    if let Some(discount) = cells.percent("discount") {
        customer.discount = discount;
    }
    // The first choice is the first address; the other one is any other.
    addresses.sort_by_key(|address| !address.is_default);
    fill_address(addresses, 0, cells);
    fill_address(addresses, 1, cells);
}

/// Puts the cells into the first or second address, which they make if need be.
pub(crate) fn fill_address(addresses: &mut Vec<Address>, index: usize, cells: &mut Cells<'_>) {
    let name = |field: &str| match index {
        0 => match field {
            "kind" => "address_kind".to_owned(),
            field => field.to_owned(),
        },
        _ => format!("delivery_{field}"),
    };
    let says = ["label", "street", "house_number", "postal_code", "city"];
    if says.iter().all(|field| cells.text(&name(field)).is_none()) {
        return;
    }
    let at = index.min(addresses.len());
    if at == addresses.len() {
        let kind = if index == 0 { AddressKind::Billing } else { AddressKind::Delivery };
        addresses.push(Address { kind, is_default: at == 0, ..Address::default() });
    }
    let country = cells.country(&name("country"));
    let kind = cells.choice(&name("kind"), AddressKind::from_text);
    let address = &mut addresses[at];
    for (field, place) in [
        ("label", &mut address.label),
        ("house_number", &mut address.house_number),
        ("city", &mut address.city),
        ("state", &mut address.state),
    ] {
        cells.put(&name(field), place);
    }
    if let Some(street) = cells.text(&name("street")) {
        let whole = cells.has(&name("house_number"));
        let (street, number) = if whole { (street, "") } else { split_street(street) };
        address.street = street.replace("\r\n", " ").replace('\n', " ");
        if !whole {
            address.house_number = number.into();
        }
    }
    if let Some(code) = cells.text(&name("postal_code")) {
        let (of_code, code) = split_postal_code(code);
        address.postal_code = code.into();
        address.country = country.clone().or(of_code).unwrap_or(address.country.clone());
    }
    if let Some(country) = country {
        address.country = country;
    }
    if let Some(kind) = kind {
        address.kind = kind;
    }
}
