use commands::{
    AddTag, Answer, ChangeCustomers, CustomerChange, DeleteCustomers, Failure,
    FindCustomerDuplicates, GetCustomer, ListCustomers, ListDocuments, ListTimeline, RemoveTag,
    RestoreCustomer, SaveCustomer,
    view::{CustomerPage, CustomerRow, Duplicate, SearchKind, TimelineEntry, Windowed},
};
use domain::{
    Address, Changeset, Context, Customer, CustomerTag, Document, Id, Record, Refusal, Tag,
    add_tag, likeness, name_key, save_customer,
};
use store::Tx;

use crate::{App, settings, today};

impl Answer<ListCustomers> for App {
    fn answer(&self, request: ListCustomers) -> Result<Windowed<CustomerRow>, Failure> {
        let ListCustomers { filter, sort, order, window } = request;
        Ok(self.open()?.store.customers(&filter, sort, order, window)?)
    }
}

impl Answer<GetCustomer> for App {
    fn answer(&self, request: GetCustomer) -> Result<CustomerPage, Failure> {
        Ok(self.open()?.store.customer_page(request.id, today())?)
    }
}

impl Answer<ListTimeline> for App {
    fn answer(&self, request: ListTimeline) -> Result<Windowed<TimelineEntry>, Failure> {
        let ListTimeline { customer_id, kinds, window } = request;
        Ok(self.open()?.store.timeline(customer_id, &kinds, window)?)
    }
}

impl Answer<ListDocuments> for App {
    fn answer(&self, request: ListDocuments) -> Result<Vec<Document>, Failure> {
        Ok(self.open()?.store.documents(request.customer_id)?)
    }
}

impl Answer<SaveCustomer> for App {
    fn answer(&self, request: SaveCustomer) -> Result<Id, Failure> {
        let SaveCustomer { mut customer, addresses } = request;
        self.transact(|tx, context| {
            let old = tx.find::<Customer>(customer.id)?;
            if customer.number.trim().is_empty() {
                customer.number = match &old {
                    Some(old) => old.number.clone(),
                    None => free_number(tx, context)?,
                };
            }
            let is_new_number = old.as_ref().is_none_or(|old| old.number != customer.number);
            if is_new_number
                && tx.taken::<Customer>("number", customer.number.trim(), customer.id)?
            {
                let taken = Refusal::new("number-taken", "Another customer has this number.");
                return Err(taken.at("number").into());
            }
            let before: Vec<Address> = match addresses {
                Some(_) => tx.by("customer_id", customer.id)?,
                None => Vec::new(),
            };
            let addresses = addresses.map(|after| (before.as_slice(), after));
            let (changeset, saved) = save_customer(old.as_ref(), customer, addresses, context)?;
            tx.apply(&changeset)?;
            Ok(saved.id)
        })
    }
}

/// The next number that no customer has: an import may have brought some of the range.
fn free_number(tx: &mut Tx<'_>, context: &Context<'_>) -> Result<String, Failure> {
    loop {
        let number = settings::next_number(tx, "customer", context)?;
        if !tx.taken::<Customer>("number", &number, Id::NIL)? {
            return Ok(number);
        }
    }
}

impl Answer<DeleteCustomers> for App {
    fn answer(&self, request: DeleteCustomers) -> Result<u64, Failure> {
        self.transact(|tx, context| {
            each(tx, context, "customer.delete", &request.ids, |_, changeset, customer, context| {
                changeset.delete(customer, context);
                Ok(())
            })
        })
    }
}

impl Answer<RestoreCustomer> for App {
    fn answer(&self, request: RestoreCustomer) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let customer: Customer = tx.get(request.id)?;
            let mut changeset = Changeset::new("customer.restore", &*customer.name, context);
            let restored = Customer { deleted_at: None, ..customer.clone() };
            changeset.update(&customer, restored, context);
            Ok(tx.apply(&changeset)?)
        })
    }
}

/// One action on many customers; its subject is the first one's name and how many more.
fn each(
    tx: &mut Tx<'_>,
    context: &mut Context<'_>,
    operation: &str,
    ids: &[Id],
    mut change: impl FnMut(
        &mut Tx<'_>,
        &mut Changeset,
        &Customer,
        &mut Context<'_>,
    ) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut changeset = Changeset::new(operation, "", context);
    let mut count = 0;
    for id in ids {
        let Some(customer) = tx.find::<Customer>(*id)? else { continue };
        if count == 0 {
            changeset.subject.clone_from(&customer.name);
        }
        count += 1;
        change(tx, &mut changeset, &customer, context)?;
    }
    if count > 1 {
        changeset.subject.push_str(&format!(" + {}", count - 1));
    }
    tx.apply(&changeset)?;
    Ok(count)
}

impl Answer<ChangeCustomers> for App {
    fn answer(&self, request: ChangeCustomers) -> Result<u64, Failure> {
        let mut tags: Vec<Tag> = self.open()?.store.all()?;
        self.transact(|tx, context| {
            let operation = match request.change {
                CustomerChange::AddTag(_) => "customer.tag",
                _ => "customer.change",
            };
            each(tx, context, operation, &request.ids, |tx, changeset, customer, context| {
                let mut changed = customer.clone();
                match &request.change {
                    CustomerChange::Status(status) => changed.status = *status,
                    CustomerChange::Owner(owner) => changed.owner_id = *owner,
                    CustomerChange::Category(category) => changed.category_id = *category,
                    CustomerChange::Territory(territory) => changed.territory_id = *territory,
                    CustomerChange::AddTag(name) => {
                        let on_it: Vec<CustomerTag> = tx.by("customer_id", customer.id)?;
                        let tagged = add_tag(customer, name, &tags, &on_it, context)?;
                        // A tag that the first of them made is there for the others.
                        if let Some(made) = tagged.changes.iter().find(|c| c.entity == Tag::ENTITY)
                        {
                            tags.push(Tag { id: made.id, name: name.clone(), ..Tag::default() });
                        }
                        changeset.changes.extend(tagged.changes);
                    }
                }
                changeset.update(customer, changed, context);
                Ok(())
            })
        })
    }
}

impl Answer<AddTag> for App {
    fn answer(&self, request: AddTag) -> Result<(), Failure> {
        let tags = self.open()?.store.all()?;
        self.transact(|tx, context| {
            let customer: Customer = tx.get(request.customer_id)?;
            let on_it: Vec<CustomerTag> = tx.by("customer_id", customer.id)?;
            let changeset = add_tag(&customer, &request.name, &tags, &on_it, context)?;
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<RemoveTag> for App {
    fn answer(&self, request: RemoveTag) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let customer: Customer = tx.get(request.customer_id)?;
            let on_it: Vec<CustomerTag> = tx.by("customer_id", customer.id)?;
            let mut changeset = Changeset::new("customer.untag", &*customer.name, context);
            for link in on_it.iter().filter(|link| link.tag_id == request.tag_id) {
                changeset.delete(link, context);
            }
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<FindCustomerDuplicates> for App {
    fn answer(&self, request: FindCustomerDuplicates) -> Result<Vec<Duplicate>, Failure> {
        let open = self.open()?;
        let typed = &request.customer;
        let mut found: Vec<Duplicate> = Vec::new();
        let key = name_key(&typed.name);
        // The name by its first word, then each detail that only one company has.
        let looks = [
            ("name", key.split(' ').next().unwrap_or_default()),
            ("vat_id", typed.vat_id.trim()),
            ("email", typed.email.trim()),
            ("phone", typed.phone.trim()),
            ("number", typed.number.trim()),
        ];
        for (field, text) in looks {
            if text.chars().count() < 3 {
                continue;
            }
            for hit in open.store.search(text, &[SearchKind::Customer], 30)? {
                let same = match field {
                    "name" => likeness(&typed.name, &hit.title.text) >= 80,
                    _ => true,
                };
                if same && hit.id != typed.id && found.iter().all(|one| one.id != hit.id) {
                    found.push(Duplicate {
                        id: hit.id,
                        name: hit.title.text,
                        detail: hit.detail.text,
                        field: field.into(),
                    });
                }
            }
        }
        found.truncate(5);
        Ok(found)
    }
}
