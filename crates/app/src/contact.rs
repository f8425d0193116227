use commands::{
    Answer, DeleteContacts, Failure, FindContactDuplicates, GetContact, ListContacts, SaveContact,
    view::{ContactRow, Duplicate, SearchKind, Windowed},
};
use domain::{Changeset, Contact, Id, fold, save_contact};

use crate::App;

impl Answer<ListContacts> for App {
    fn answer(&self, request: ListContacts) -> Result<Windowed<ContactRow>, Failure> {
        let ListContacts { filter, sort, order, window } = request;
        Ok(self.open()?.store.contacts(&filter, sort, order, window)?)
    }
}

impl Answer<GetContact> for App {
    fn answer(&self, request: GetContact) -> Result<Contact, Failure> {
        Ok(self.open()?.store.get(request.id)?)
    }
}

impl Answer<SaveContact> for App {
    fn answer(&self, request: SaveContact) -> Result<Id, Failure> {
        self.transact(|tx, context| {
            let contact = request.contact;
            let old = tx.find::<Contact>(contact.id)?;
            let others: Vec<Contact> = tx.by("customer_id", contact.customer_id)?;
            let (changeset, saved) = save_contact(old.as_ref(), contact, &others, context)?;
            tx.apply(&changeset)?;
            Ok(saved.id)
        })
    }
}

impl Answer<DeleteContacts> for App {
    fn answer(&self, request: DeleteContacts) -> Result<u64, Failure> {
        self.transact(|tx, context| {
            let mut changeset = Changeset::new("contact.delete", "", context);
            let mut count = 0;
            for id in request.ids {
                let Some(contact) = tx.find::<Contact>(id)? else { continue };
                if count == 0 {
                    changeset.subject = contact.full_name();
                }
                count += 1;
                changeset.delete(&contact, context);
            }
            tx.apply(&changeset)?;
            Ok(count)
        })
    }
}

impl Answer<FindContactDuplicates> for App {
    fn answer(&self, request: FindContactDuplicates) -> Result<Vec<Duplicate>, Failure> {
        let open = self.open()?;
        let typed = &request.contact;
        let mut found: Vec<Duplicate> = Vec::new();
        let name = typed.full_name();
        for (field, text) in [("name", name.as_str()), ("email", typed.email.trim())] {
            if text.chars().count() < 4 {
                continue;
            }
            for hit in open.store.search(text, &[SearchKind::Contact], 10)? {
                let same =
                    field == "email" || fold(&hit.title.text).contains(&fold(&typed.last_name));
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
