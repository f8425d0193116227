use std::sync::Arc;

use commands::CreateWorkspace;
use domain::{Contact, Customer, Id, Language};
use sync::{
    Device, Digest, Digested, Entry, Hello, Keep, Kept, Offer, Offered, Page, Part, Push, Pushed,
    Refetch, Refetched, Standing, SyncError, Transport, Welcome,
};
use tempfile::TempDir;

use super::is_much;
use crate::{
    App, Open,
    sync::{
        DEVICE, json,
        worker::{Asked, note},
    },
};

/// A hub that only takes away: contacts, page by page.
struct Hub {
    epoch: Id,
    pages: Vec<Vec<Id>>,
    /// At this page the network is gone.
    is_cut_at: Option<usize>,
    grants_changed: bool,
}

fn none<T>() -> Result<T, SyncError> {
    Err(SyncError::Unreachable("not asked for".into()))
}

impl Transport for Hub {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome, SyncError> {
        Ok(Welcome {
            standing: Standing::Ok,
            incarnation: hello.incarnation + 1,
            epoch: self.epoch,
            next_push: 1,
            restored_version: 0,
            user_id: Id::NIL,
            role: domain::access::Role::Administrator,
            leases: Vec::new(),
            schema: None,
        })
    }

    fn changes(&mut self, _: i64, cursor: Option<&str>) -> Result<Page, SyncError> {
        let at: usize = cursor.unwrap_or_default().parse().unwrap_or(0);
        if self.is_cut_at.take_if(|cut| *cut == at).is_some() {
            return none();
        }
        let entity = "contact".to_owned();
        let left = |id: &Id| Entry::LeftScope { entity: entity.clone(), id: *id };
        let entries = self.pages.get(at).into_iter().flatten().map(left).collect();
        // The hub does not know that a full page is the last one.
        let more = at < self.pages.len();
        let cursor = (at + usize::from(more)).to_string();
        let grants_changed = self.grants_changed && more;
        Ok(Page { epoch: self.epoch, entries, cursor, more, grants_changed })
    }

    fn push(&mut self, _: &Push) -> Result<Pushed, SyncError> {
        none()
    }

    fn offer(&mut self, _: &Offer) -> Result<Offered, SyncError> {
        none()
    }

    fn digest(&mut self, _: &Digest) -> Result<Digested, SyncError> {
        none()
    }

    fn refetch(&mut self, _: &Refetch) -> Result<Refetched, SyncError> {
        none()
    }

    fn snapshot(&mut self, _: i64, _: Option<&str>) -> Result<Part, SyncError> {
        none()
    }

    fn fork(&mut self, _: Id) -> Result<(), SyncError> {
        none()
    }

    fn keep(&mut self, _: &Keep) -> Result<Kept, SyncError> {
        none()
    }
}

/// A laptop that has read all there is, and so many contacts of it.
struct Laptop {
    app: App,
    open: Arc<Open>,
    hub: Hub,
    contacts: Vec<Id>,
    _folder: TempDir,
}

impl Laptop {
    fn with_contacts(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::new(folder.path());
        app.ask(CreateWorkspace {
            user_name: "Maren Krüger".into(),
            company_name: "Kontor Technik".into(),
            passphrase: Some("geheim-geheim".into()),
            language: Language::De,
        })
        .unwrap();
        let open = app.open().unwrap();
        let contacts: Vec<Id> = (0..count).map(|_| Id::now()).collect();
        let customer = Customer { id: Id::now(), name: "Köhler".into(), ..Customer::default() };
        open.store
            .bulk(|loader| {
                loader.insert(&customer)?;
                for id in &contacts {
                    let (id, customer_id, last_name) = (*id, customer.id, "Ohm".into());
                    loader.insert(&Contact { id, customer_id, last_name, ..Contact::default() })?;
                }
                Ok::<_, commands::Failure>(())
            })
            .unwrap();
        open.store.transact(|tx| tx.confirm_all()).unwrap();
        let hub =
            Hub { epoch: Id::now(), pages: Vec::new(), is_cut_at: None, grants_changed: false };
        let device = Device { id: Id::now(), next_push: 1, ..Device::default() };
        let device = Device { epoch: Some(hub.epoch), cursor: Some("0".into()), ..device };
        open.store.set_local(DEVICE, &json(&device).unwrap()).unwrap();
        Self { app, open, hub, contacts, _folder: folder }
    }

    /// The hub takes so many contacts more away by each of these pages.
    fn goes(&mut self, pages: &[usize]) {
        let mut taken: usize = self.hub.pages.iter().map(Vec::len).sum();
        for size in pages {
            self.hub.pages.push(self.contacts[taken..taken + size].to_vec());
            taken += size;
        }
    }

    fn round(&mut self) -> Result<(), SyncError> {
        let (hub, ids) = (&mut self.hub, &mut Id::now);
        self.app.round_over(&self.open, hub, true, ids, &mut |_| {}).map(|_| ())
    }

    fn allow(&self) {
        note(&self.open, Asked { may_remove_much: true, check: false }).unwrap();
    }

    /// So many contacts are gone.
    fn gone(&self) -> usize {
        self.contacts.len() - usize::try_from(self.open.store.count("contact").unwrap()).unwrap()
    }
}

#[test]
fn a_fifth_is_much_where_it_is_many() {
    for (gone, were_there, expected) in [
        (500, 1_000_000, false),
        (501, 1_000_000, true),
        (400, 2_000, false),
        (401, 2_000, true),
        (100, 500, false),
        (101, 500, true),
        (400, 499, false),
        (499, 499, false),
    ] {
        assert_eq!(is_much(gone, were_there), expected, "{gone} of {were_there}");
    }
}

#[test]
fn what_goes_page_by_page_is_counted_together_however_often_it_is_cut_off() {
    let mut laptop = Laptop::with_contacts(4_000);
    laptop.goes(&[200, 200, 200, 300, 300]);
    laptop.hub.is_cut_at = Some(1);
    assert!(matches!(laptop.round(), Err(SyncError::Unreachable(_))));
    assert_eq!(laptop.gone(), 200);
    for _ in 0..2 {
        assert_eq!(laptop.round(), Err(SyncError::Fuse(600)));
        assert_eq!(laptop.gone(), 400);
    }
    // Allowed, it goes on to the end, also in two rounds.
    laptop.allow();
    laptop.hub.is_cut_at = Some(4);
    assert!(matches!(laptop.round(), Err(SyncError::Unreachable(_))));
    assert_eq!(laptop.gone(), 900);
    assert_eq!(laptop.round(), Ok(()));
    assert_eq!(laptop.gone(), 1_200);
    // And no further.
    laptop.goes(&[300, 300]);
    assert_eq!(laptop.round(), Err(SyncError::Fuse(600)));
}

#[test]
fn what_went_before_all_was_read_does_not_count() {
    let mut laptop = Laptop::with_contacts(4_000);
    for round in 1..=3 {
        laptop.goes(&[200, 200]);
        assert_eq!(laptop.round(), Ok(()));
        assert_eq!(laptop.gone(), 400 * round);
    }
}

#[test]
fn what_was_allowed_and_not_needed_is_not_allowed_the_next_time() {
    let mut laptop = Laptop::with_contacts(4_000);
    laptop.allow();
    assert_eq!(laptop.round(), Ok(()));
    laptop.goes(&[501]);
    assert_eq!(laptop.round(), Err(SyncError::Fuse(501)));
    assert_eq!(laptop.gone(), 0);
}

#[test]
fn with_other_grants_anything_may_go() {
    let mut laptop = Laptop::with_contacts(4_000);
    laptop.goes(&[400, 600, 400]);
    laptop.hub.grants_changed = true;
    assert_eq!(laptop.round(), Ok(()));
    assert_eq!(laptop.gone(), 1_400);
}

#[test]
fn a_fifth_of_a_small_workspace_asks_and_little_of_a_smaller_one_does_not() {
    let mut laptop = Laptop::with_contacts(1_000);
    laptop.goes(&[150, 150]);
    assert_eq!(laptop.round(), Err(SyncError::Fuse(300)));
    assert_eq!(laptop.gone(), 150);
    let mut laptop = Laptop::with_contacts(300);
    laptop.goes(&[150, 150]);
    assert_eq!(laptop.round(), Ok(()));
    assert_eq!(laptop.gone(), 300);
}
