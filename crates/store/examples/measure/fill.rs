//! Seeded records in the shape of the reference data, with words as unevenly spread as in
//! people's talk (Zipf), so that common words are very common and most are rare.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{
    Address, Article, Category, Communication, Contact, ContactRole, Context, Customer,
    CustomerStatus, CustomerTag, Day, Id, Instant, Money, Opportunity, OpportunityStatus, Quantity,
    Quote, QuoteLine, QuoteStatus, Record, Stage, Tag, Task, Tax, Territory, Unit, UnitPrice, User,
};
use fastrand::Rng;
use store::{Loader, Result, Store};

const SYLLABLES: [&str; 40] = [
    "be", "ver", "an", "ge", "stell", "ung", "ma", "schin", "kun", "den", "lie", "fer", "preis",
    "ter", "min", "mus", "auf", "trag", "schweiß", "draht", "gas", "rück", "ruf", "mon", "tag",
    "wart", "plan", "bau", "stahl", "mess", "werk", "zeug", "halle", "büro", "chef", "ein", "kauf",
    "tech", "nik", "prüf",
];
const COMMON: [&str; 30] = [
    "und",
    "der",
    "die",
    "angebot",
    "bestellung",
    "termin",
    "müller",
    "gesprochen",
    "herr",
    "frau",
    "rückruf",
    "wegen",
    "kunde",
    "lieferung",
    "preis",
    "technik",
    "bitte",
    "morgen",
    "woche",
    "schickt",
    "unterlagen",
    "besprochen",
    "noch",
    "offen",
    "zusage",
    "vertrag",
    "rechnung",
    "mit",
    "für",
    "nicht",
];
pub const SURNAMES: [&str; 24] = [
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Wagner",
    "Becker",
    "Schulz",
    "Hoffmann",
    "Schäfer",
    "Koch",
    "Bauer",
    "Richter",
    "Klein",
    "Wolf",
    "Schröder",
    "Neumann",
    "Schwarz",
    "Zimmermann",
    "Braun",
    "Krüger",
    "Hofmann",
    "Großmann",
];
const TRADES: [&str; 12] = [
    "Metallbau",
    "Stahlbau",
    "Apparatebau",
    "Landtechnik",
    "Fahrzeugbau",
    "Schlosserei",
    "Technik",
    "Rohrleitungsbau",
    "Maschinenbau",
    "Werkzeugbau",
    "Edelstahl",
    "Automotive",
];
const TOWNS: [(&str, &str); 12] = [
    ("Stuttgart", "70565"),
    ("Köln", "50667"),
    ("Hamburg", "20095"),
    ("Böblingen", "71032"),
    ("München", "80331"),
    ("Jülich", "52428"),
    ("Ulm", "89073"),
    ("Herrenberg", "71083"),
    ("Düsseldorf", "40213"),
    ("Leipzig", "04109"),
    ("Bonn", "53111"),
    ("Nürnberg", "90402"),
];

pub struct Maker<'a, 'b> {
    loader: &'a mut Loader<'b>,
    rng: Rng,
    words: Vec<String>,
    user: Id,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Maker<'_, '_> {
    fn pick<'x, T>(&mut self, from: &'x [T]) -> &'x T {
        &from[self.rng.usize(..from.len())]
    }

    fn word(&mut self) -> &str {
        // Close to Zipf: the rank is exponential in a uniform number.
        let last = self.words.len() as f64;
        let rank = (self.rng.f64() * last.ln()).exp() as usize - 1;
        &self.words[rank.min(self.words.len() - 1)]
    }

    fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for _ in 0..words {
            let word = self.word().to_owned();
            text.push_str(&word);
            text.push(' ');
        }
        text
    }

    fn at(&mut self, days: i64) -> Instant {
        let minutes = self.rng.i64(0..days * 24 * 60);
        let base: Instant = "2026-06-01T08:00:00.000Z".parse().unwrap_or_default();
        Instant::from(base.utc() - chrono::TimeDelta::minutes(minutes))
    }

    fn add<R: Record>(&mut self, mut record: R, at: Instant) -> Result<Id> {
        let id = Id(uuid::Builder::from_unix_timestamp_millis(
            at.utc().timestamp_millis().unsigned_abs(),
            &std::array::from_fn(|_| self.rng.u8(..)),
        )
        .into_uuid());
        let mut once = || id;
        let today = Day::default();
        let mut context = Context { now: at, today, user_id: self.user, ids: &mut once };
        record.stamp_created(&mut context);
        self.loader.insert(&record)?;
        COUNT.fetch_add(1, Ordering::Relaxed);
        Ok(record.id())
    }
}

/// Fills the store; returns how many records and the users' ids.
pub fn fill(store: &Store, customers: u64) -> Result<(u64, Vec<Id>)> {
    COUNT.store(0, Ordering::Relaxed);
    let users = store.bulk(|loader| {
        let mut rng = Rng::with_seed(7);
        let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
        for _ in 0..40_000 {
            let syllables = rng.usize(2..5);
            words.push((0..syllables).map(|_| SYLLABLES[rng.usize(..SYLLABLES.len())]).collect());
        }
        let mut maker = Maker { loader, rng, words, user: Id::now() };
        all(&mut maker, customers)
    })?;
    Ok((COUNT.load(Ordering::Relaxed), users))
}

struct Basis {
    users: Vec<Id>,
    categories: Vec<Id>,
    territories: Vec<Id>,
    tags: Vec<Id>,
    articles: Vec<(Id, Id)>,
}

fn all(maker: &mut Maker<'_, '_>, customers: u64) -> Result<Vec<Id>> {
    let at = maker.at(10);
    let mut basis = Basis {
        users: Vec::new(),
        categories: Vec::new(),
        territories: Vec::new(),
        tags: Vec::new(),
        articles: Vec::new(),
    };
    for initials in ["AA", "BB", "CC", "DD"] {
        let user = User { name: initials.into(), initials: initials.into(), ..User::default() };
        basis.users.push(maker.add(user, at)?);
    }
    for name in ["A", "B", "C"] {
        let category = Category { name: name.into(), ..Category::default() };
        basis.categories.push(maker.add(category, at)?);
        let territory = Territory { name: name.into(), ..Territory::default() };
        basis.territories.push(maker.add(territory, at)?);
        basis.tags.push(maker.add(Tag { name: name.into(), ..Tag::default() }, at)?);
    }
    let unit = maker.add(Unit { code: "H87".into(), ..Unit::default() }, at)?;
    let tax = maker.add(Tax::default(), at)?;
    for number in 0..3_000 {
        let name = maker.text(3);
        let description = maker.text(10);
        let article = Article {
            number: format!("ART-{number:05}"),
            name,
            description,
            article_group: format!("Gruppe {}", number % 20),
            unit_id: unit,
            tax_id: tax,
            list_price: UnitPrice(maker.rng.i64(1_000..9_000_000)),
            is_active: true,
            ..Article::default()
        };
        basis.articles.push((maker.add(article, at)?, tax));
    }
    for index in 0..customers {
        customer(maker, &basis, index)?;
    }
    Ok(basis.users)
}

fn customer(maker: &mut Maker<'_, '_>, basis: &Basis, index: u64) -> Result<()> {
    let at = maker.at(3_000);
    let surname = *maker.pick(&SURNAMES);
    let trade = *maker.pick(&TRADES);
    let &(city, postal_code) = maker.pick(&TOWNS);
    let extra = maker.word().to_owned();
    let customer = Customer {
        number: format!("K-{:05}", 10_000 + index),
        name: format!("{surname} {extra} {trade} GmbH"),
        category_id: Some(*maker.pick(&basis.categories)),
        territory_id: Some(*maker.pick(&basis.territories)),
        owner_id: Some(*maker.pick(&basis.users)),
        status: *maker.pick(CustomerStatus::ALL),
        phone: format!("+49 711 {}", maker.rng.u32(100_000..9_999_999)),
        email: format!("info@{extra}-{index}.example"),
        vat_id: format!("DE{}", maker.rng.u32(100_000_000..999_999_999)),
        ..Customer::default()
    };
    let id = maker.add(customer, at)?;
    let address = Address {
        customer_id: id,
        city: city.into(),
        postal_code: postal_code.into(),
        street: format!("{extra}straße"),
        is_default: true,
        ..Address::default()
    };
    maker.add(address, at)?;
    let tag_id = *maker.pick(&basis.tags);
    maker.add(CustomerTag { customer_id: id, tag_id, ..CustomerTag::default() }, at)?;
    for nth in 0..3 {
        let contact = Contact {
            customer_id: id,
            first_name: maker.word().to_owned(),
            last_name: (*maker.pick(&SURNAMES)).into(),
            role: *maker.pick(ContactRole::ALL),
            mobile: format!("0171 {}", maker.rng.u32(1_000_000..9_999_999)),
            is_primary: nth == 0,
            ..Contact::default()
        };
        maker.add(contact, at)?;
    }
    let mut times: Vec<Instant> = (0..10).map(|_| maker.at(3_000)).collect();
    times.sort_unstable();
    for at in times {
        let (subject, body) = (maker.text(4), maker.text(18));
        let talk = Communication {
            customer_id: id,
            subject,
            body,
            occurred_at: at,
            ..Communication::default()
        };
        maker.add(talk, at)?;
    }
    if index.is_multiple_of(3) {
        sale(maker, basis, id, index)?;
    }
    Ok(())
}

fn sale(maker: &mut Maker<'_, '_>, basis: &Basis, customer_id: Id, index: u64) -> Result<()> {
    let at = maker.at(700);
    let opportunity = Opportunity {
        customer_id,
        number: format!("VC-2026-{index:04}"),
        name: maker.text(3),
        stage: *maker.pick(Stage::ALL),
        status: *maker.pick(OpportunityStatus::ALL),
        value: Money(maker.rng.i64(100_000..20_000_000)),
        currency: "EUR".into(),
        probability: maker.rng.i64(0..100),
        expected_close: Some(at.utc().date_naive()),
        owner_id: Some(*maker.pick(&basis.users)),
        ..Opportunity::default()
    };
    let opportunity_id = maker.add(opportunity, at)?;
    let quote = Quote {
        number: format!("AN-2026-{index:04}"),
        customer_id,
        opportunity_id: Some(opportunity_id),
        subject: maker.text(3),
        status: *maker.pick(QuoteStatus::ALL),
        date: at.utc().date_naive(),
        valid_until: at.utc().date_naive(),
        gross_total: Money(maker.rng.i64(100_000..20_000_000)),
        currency: "EUR".into(),
        owner_id: Some(*maker.pick(&basis.users)),
        ..Quote::default()
    };
    let quote_id = maker.add(quote, at)?;
    for position in 0..4 {
        let (article_id, tax_id) = *maker.pick(&basis.articles);
        let line = QuoteLine {
            quote_id,
            position,
            article_id: Some(article_id),
            description: maker.text(4),
            quantity: Quantity::whole(2),
            tax_id: Some(tax_id),
            ..QuoteLine::default()
        };
        maker.add(line, at)?;
    }
    let task = Task {
        subject: maker.text(3),
        due_at: at,
        owner_id: *maker.pick(&basis.users),
        customer_id: Some(customer_id),
        ..Task::default()
    };
    maker.add(task, at)?;
    Ok(())
}
