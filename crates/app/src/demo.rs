//! Demo data: believable, seeded, as many customers as wanted, streamed in bounded memory.

mod names;
mod sales;

use chrono::{Days, TimeDelta};
use commands::Failure;
use domain::{
    Address, AddressKind, Article, Category, Communication, CommunicationKind, Contact, Context,
    Country, Customer, CustomerStatus, Direction, Id, Instant, PaymentTerms, Price, PriceList,
    Quantity, Record, Salutation, Tax, TaxKind, Territory, Unit, UnitPrice, User,
};
use fastrand::Rng;
use names::{ARTICLES, FORMS, MEN, POSITIONS, STREETS, SURNAMES, TALKS, TOWNS, TRADES, WOMEN};
use store::{Loader, Stop, Store, StoreError};

/// Those who sell beside the user, and the territories. `cargo xtask hub` has them by the same ids:
/// sent up, the demo's customers belong to people who can sign in there.
const COLLEAGUES: [(u128, &str, &str); 3] = [
    (0x0190_dec0_0000_7000_8000_0000_0000_0001, "Jonas Weiß", "JW"),
    (0x0190_dec0_0000_7000_8000_0000_0000_0002, "Aylin Çelik", "AÇ"),
    (0x0190_dec0_0000_7000_8000_0000_0000_0003, "Petra Brandt", "PB"),
];
const TERRITORIES: [(u128, &str); 5] = [
    (0x0190_de70_0000_7000_8000_0000_0000_0001, "Süd-West"),
    (0x0190_de70_0000_7000_8000_0000_0000_0002, "Bayern"),
    (0x0190_de70_0000_7000_8000_0000_0000_0003, "West"),
    (0x0190_de70_0000_7000_8000_0000_0000_0004, "Nord"),
    (0x0190_de70_0000_7000_8000_0000_0000_0005, "Ost"),
];

/// What demo data to make.
#[derive(Clone, Copy, Debug)]
pub struct DemoOrder {
    /// How many customers; each brings about ten talks.
    pub customers: u64,
    /// Same seed, same data.
    pub seed: u64,
}

/// What all demo records refer to.
struct Basis {
    user: Id,
    users: Vec<Id>,
    categories: Vec<Id>,
    territories: Vec<Id>,
    terms: Vec<PaymentTerms>,
    lists: Vec<Id>,
    articles: Vec<(Article, Unit)>,
    tax: Tax,
    today: domain::Day,
    now: Instant,
}

struct Maker<'a, 'b> {
    loader: &'a mut Loader<'b>,
    rng: Rng,
    now: Instant,
}

impl Maker<'_, '_> {
    fn pick<'x, T>(&mut self, from: &'x [T]) -> &'x T {
        &from[self.rng.usize(..from.len())]
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(..100) < percent
    }

    /// A version 7 id: time, and the random source that the seed began.
    fn new_id(&mut self, at: Instant) -> Id {
        let milliseconds = u64::try_from(at.utc().timestamp_millis()).unwrap_or(0);
        let mut random = [0; 10];
        self.rng.fill(&mut random);
        Id(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    /// Adds a record as made at a time by a user.
    fn add<R: Record>(&mut self, record: R, at: Instant, by: Id) -> Result<Id, StoreError> {
        let id = self.new_id(at);
        self.add_as(record, id, at, by)
    }

    /// One whose id is the same in every workspace.
    fn add_known<R: Record>(
        &mut self,
        record: R,
        id: u128,
        at: Instant,
        by: Id,
    ) -> Result<Id, StoreError> {
        // Drawn all the same: what follows is then what the seed has always made.
        let _ = self.new_id(at);
        self.add_as(record, Id(uuid::Uuid::from_u128(id)), at, by)
    }

    fn add_as<R: Record>(
        &mut self,
        mut record: R,
        id: Id,
        at: Instant,
        by: Id,
    ) -> Result<Id, StoreError> {
        let mut once = || id;
        let mut context =
            Context { now: at, today: at.utc().date_naive(), user_id: by, ids: &mut once };
        record.stamp_created(&mut context);
        self.loader.insert(&record)?;
        Ok(record.id())
    }

    fn ago(&mut self, days: i64) -> Instant {
        let minutes = self.rng.i64(0..days.max(1) * 24 * 60);
        Instant::from(self.now.utc() - TimeDelta::minutes(minutes))
    }

    fn phone(&mut self, code: &str) -> String {
        format!("{code} {}", self.rng.u32(100_000..9_999_999))
    }
}

/// Fills an empty workspace, telling how far it is; all of it or nothing is kept.
///
/// # Errors
/// When it is not empty, or was stopped.
pub fn fill(
    store: &Store,
    user: Id,
    order: DemoOrder,
    stop: &Stop,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), Failure> {
    if store.count("customer")? > 0 {
        return Err(Failure::new(
            "not-empty",
            "There are customers in this workspace already. Nothing was changed; make demo data in a new one.",
        ));
    }
    if crate::sync::kept::<sync::Device>(store, crate::sync::DEVICE)?.is_some() {
        return Err(Failure::new(
            "not-empty",
            "This workspace belongs to a hub. Nothing was changed; make demo data in a new workspace, and connect that one.",
        ));
    }
    let now = Instant::now();
    let terms: Vec<PaymentTerms> = store.all()?;
    let units: Vec<Unit> = store.all()?;
    let taxes: Vec<Tax> = store.all()?;
    let list: Vec<PriceList> = store.all()?;
    let wanting = || Failure::new("database-damaged", "The workspace has no units or taxes.");
    let tax = taxes.into_iter().find(|tax| tax.kind == TaxKind::Standard).ok_or_else(wanting)?;
    store.bulk(|loader| {
        let mut maker = Maker { loader, rng: Rng::with_seed(order.seed), now };
        let mut basis = Basis {
            user,
            users: vec![user],
            categories: Vec::new(),
            territories: Vec::new(),
            terms,
            lists: list.iter().map(|list| list.id).collect(),
            articles: Vec::new(),
            tax,
            today: crate::today(),
            now,
        };
        company(&mut maker, &mut basis, &units)?;
        for index in 0..order.customers {
            if index % 64 == 0 {
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    return Err(StoreError::Stopped.into());
                }
                progress(index, order.customers);
            }
            customer(&mut maker, &basis, index)?;
        }
        sales::set_numbers(&mut maker, &basis, order.customers)?;
        progress(order.customers, order.customers);
        Ok(())
    })
}

/// Colleagues, territories, categories, price lists, the catalogue.
fn company(maker: &mut Maker<'_, '_>, basis: &mut Basis, units: &[Unit]) -> Result<(), StoreError> {
    let (at, by) = (basis.now, basis.user);
    for (id, name, initials) in COLLEAGUES {
        let user = User { name: name.into(), initials: initials.into(), ..User::default() };
        basis.users.push(maker.add_known(user, id, at, by)?);
    }
    for (id, name) in TERRITORIES {
        let territory = Territory { name: name.into(), ..Territory::default() };
        basis.territories.push(maker.add_known(territory, id, at, by)?);
    }
    for (name, colour) in [("A-Kunde", "#0f5a66"), ("B-Kunde", "#5b7f86"), ("C-Kunde", "#9aaeb3")] {
        let category = Category { name: name.into(), colour: colour.into(), ..Category::default() };
        basis.categories.push(maker.add(category, at, by)?);
    }
    for name in ["Handwerk 2026", "Industrie 2026"] {
        let list = PriceList { name: name.into(), currency: "EUR".into(), ..PriceList::default() };
        basis.lists.push(maker.add(list, at, by)?);
    }
    for (group, number, name, name_en, description, cents, code) in ARTICLES {
        let Some(unit) = units.iter().find(|unit| unit.code == code).or(units.first()) else {
            continue;
        };
        let mut article = Article {
            number: number.into(),
            name: name.into(),
            name_en: name_en.into(),
            description: description.into(),
            article_group: group.into(),
            unit_id: unit.id,
            list_price: UnitPrice(cents * 100),
            tax_id: basis.tax.id,
            is_active: true,
            ..Article::default()
        };
        article.id = maker.add(article.clone(), at, by)?;
        for (list, from, percent) in [(1, 0, 95), (2, 0, 92), (2, 10, 88)] {
            let price = Price {
                article_id: article.id,
                price_list_id: basis.lists.get(list).copied(),
                from_quantity: Quantity::whole(from),
                // Prices end on full ten cents.
                unit_price: UnitPrice(cents * percent / 1_000 * 1_000),
                ..Price::default()
            };
            maker.add(price, at, by)?;
        }
        basis.articles.push((article, unit.clone()));
    }
    Ok(())
}

fn customer(maker: &mut Maker<'_, '_>, basis: &Basis, index: u64) -> Result<(), StoreError> {
    // A company that was a customer for up to ten years.
    let since = maker.ago(3_650);
    // The user's own are the larger part, and all of a small demo.
    let owner = if index < 40 || maker.chance(40) { basis.user } else { *maker.pick(&basis.users) };
    let surname = *maker.pick(&SURNAMES);
    let (trade, industry) = *maker.pick(&TRADES);
    let form = *maker.pick(&FORMS);
    let &(city, postal_code, code) = maker.pick(&TOWNS);
    let name = match maker.rng.u8(..4) {
        0 => format!("{surname} & Söhne {trade} {form}"),
        1 => format!("{trade} {surname} {form}"),
        2 => format!("{surname} {trade} {form}"),
        _ => format!("{city} {trade} {form}"),
    };
    let host: String = domain::fold(&format!("{surname}-{trade}")).replace(' ', "-");
    let status = match maker.rng.u8(..100) {
        0..4 => CustomerStatus::Blocked,
        4..14 => CustomerStatus::Inactive,
        _ => CustomerStatus::Active,
    };
    let record = Customer {
        number: format!("K-{:05}", 10_001 + index),
        name,
        category_id: Some(*maker.pick(&basis.categories)),
        status: if index < 12 { CustomerStatus::Active } else { status },
        vat_id: vat_id(&mut maker.rng),
        industry: industry.into(),
        website: format!("www.{host}.example"),
        email: format!("info@{host}.example"),
        phone: maker.phone(code),
        payment_terms_id: Some(maker.pick(&basis.terms).id),
        price_list_id: Some(*maker.pick(&basis.lists)),
        owner_id: Some(owner),
        territory_id: Some(*maker.pick(&basis.territories)),
        ..Customer::default()
    };
    let customer_id = maker.new_id(since);
    let customer = Customer { id: customer_id, ..record };
    maker.add_as(customer.clone(), customer_id, since, owner)?;
    for (kind, is_default) in [(AddressKind::Billing, true), (AddressKind::Delivery, false)] {
        if !is_default && !maker.chance(30) {
            continue;
        }
        let address = Address {
            customer_id,
            kind,
            street: (*maker.pick(&STREETS)).into(),
            house_number: maker.rng.u32(1..120).to_string(),
            postal_code: postal_code.into(),
            city: city.into(),
            country: Country::default(),
            is_default,
            ..Address::default()
        };
        maker.add(address, since, owner)?;
    }
    let contacts = contacts(maker, customer_id, (&host, code), since, owner)?;
    talks(maker, customer_id, &contacts, owner)?;
    sales::sales(maker, basis, &customer, &contacts, index)
}

fn contacts(
    maker: &mut Maker<'_, '_>,
    customer_id: Id,
    (host, code): (&str, &str),
    since: Instant,
    by: Id,
) -> Result<Vec<Id>, StoreError> {
    let mut made = Vec::new();
    for index in 0..maker.rng.usize(1..=4) {
        let woman = maker.chance(45);
        let first_name = *maker.pick(if woman { &WOMEN } else { &MEN });
        let last_name = *maker.pick(&SURNAMES);
        let (position, department, role) = *maker.pick(&POSITIONS);
        let contact = Contact {
            customer_id,
            salutation: if woman { Salutation::Ms } else { Salutation::Mr },
            title: if maker.chance(8) { "Dr.".into() } else { String::new() },
            first_name: first_name.into(),
            last_name: last_name.into(),
            position: position.into(),
            department: department.into(),
            role,
            phone: maker.phone(code),
            mobile: format!("017{} {}", maker.rng.u8(0..10), maker.rng.u32(1_000_000..9_999_999)),
            email: format!("{}@{host}.example", domain::fold(last_name)),
            is_primary: index == 0,
            ..Contact::default()
        };
        made.push(maker.add(contact, since, by)?);
    }
    Ok(made)
}

fn talks(
    maker: &mut Maker<'_, '_>,
    customer_id: Id,
    contacts: &[Id],
    by: Id,
) -> Result<(), StoreError> {
    let mut times: Vec<Instant> = (0..maker.rng.usize(2..=18)).map(|_| maker.ago(3_650)).collect();
    times.sort_unstable();
    for at in times {
        let (subject, body) = *maker.pick(&TALKS);
        let kind = *maker.pick(CommunicationKind::ALL);
        let talk = Communication {
            customer_id,
            contact_id: Some(*maker.pick(contacts)),
            kind,
            direction: if maker.chance(35) { Direction::In } else { Direction::Out },
            subject: subject.into(),
            body: body.into(),
            occurred_at: at,
            duration_minutes: (kind != CommunicationKind::Email).then(|| maker.rng.i64(3..90)),
            ..Communication::default()
        };
        maker.add(talk, at, by)?;
    }
    Ok(())
}

/// A German VAT id with a right check digit (ISO 7064 MOD 11,10).
fn vat_id(rng: &mut Rng) -> String {
    let body = rng.u32(10_000_000..99_999_999);
    (0..10)
        .map(|check| format!("DE{body}{check}"))
        .find(|id| domain::check_vat_id(id).is_ok())
        .unwrap_or_default()
}

fn days_after(day: domain::Day, days: u64) -> domain::Day {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}
