//! The company's settings, and what a new workspace begins with.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Datelike;
use commands::{
    Answer, Failure, GetDocument, GetSettings, RenderedFile, SaveLetterhead, SaveNumbering,
    SaveQuoteTexts, SaveUser, SetLogo, Settings,
};
use domain::{
    Changeset, Context, Document, DocumentKind, Id, Instant, Language, Letterhead, Numbering,
    PaymentTerms, Percent, PriceList, QuoteTexts, Record, Refusal, Refused, Setting, Tax, TaxKind,
    Unit, User, check_letterhead,
    number::{check_pattern, counting_year, render, render_own},
};
use serde::{Serialize, de::DeserializeOwned};
use store::{Loader, Store, StoreError, Taken, Tx};

use crate::App;

pub(crate) const LETTERHEAD: &str = "company.letterhead";
pub(crate) const NUMBERING: &str = "company.numbering";
pub(crate) const TEXTS: &str = "company.quote_texts";
/// A picture on paper needs no more.
const LARGEST_IMAGE: usize = 5 * 1024 * 1024;

fn parsed<T: DeserializeOwned + Default>(setting: Option<Setting>) -> T {
    // A setting that a newer version wrote otherwise: its defaults serve.
    setting.and_then(|setting| serde_json::from_str(&setting.value).ok()).unwrap_or_default()
}

/// A setting of the company.
pub(crate) fn get<T: DeserializeOwned + Default>(store: &Store, name: &str) -> Result<T, Failure> {
    let all: Vec<Setting> = store.all()?;
    Ok(parsed(all.into_iter().find(|setting| setting.name == name)))
}

fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new("internal", error.to_string()))
}

fn save<T: Serialize>(
    tx: &mut Tx<'_>,
    changeset: &mut Changeset,
    context: &mut Context<'_>,
    name: &str,
    value: &T,
) -> Result<(), Failure> {
    let value = json(value)?;
    match tx.first_with::<Setting>("name", name)? {
        Some(old) => {
            changeset.update(&old, Setting { value, ..old.clone() }, context);
        }
        None => {
            changeset.insert(Setting { name: name.into(), value, ..Setting::default() }, context);
        }
    }
    Ok(())
}

impl App {
    fn save_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let operation = name.replace("company.", "setting.");
            let mut changeset = Changeset::new(&operation, "", context);
            save(tx, &mut changeset, context, name, value)?;
            Ok(tx.apply(&changeset)?)
        })
    }
}

/// The next number of a kind, as the company writes them.
pub(crate) fn next_number(
    tx: &mut Tx<'_>,
    kind: &str,
    context: &Context<'_>,
) -> Result<String, Failure> {
    let numbering: Numbering = parsed(tx.first_with("name", NUMBERING)?);
    let pattern = match kind {
        "customer" => &numbering.customer,
        "opportunity" => &numbering.opportunity,
        _ => &numbering.quote,
    };
    let year = context.today.year();
    let counting = counting_year(pattern, year);
    // A laptop that counted on its own in a new year, or before its first sync, would give numbers
    // that others give as well.
    if tx.local(crate::sync::DEVICE)?.is_some_and(|device| device != "null") {
        tx.begin_leased(kind, counting)?;
    }
    Ok(match tx.take_number(kind, counting)? {
        Taken::Shared(number) => render(pattern, year, number),
        Taken::Own(number) => render_own(pattern, year, &tx.device_code()?, number),
    })
}

impl Answer<GetSettings> for App {
    fn answer(&self, _: GetSettings) -> Result<Settings, Failure> {
        let open = self.open()?;
        let letterhead: Letterhead = get(&open.store, LETTERHEAD)?;
        let logo = match letterhead.logo_document_id {
            Some(id) => {
                let (document, content) = open.store.document(id)?;
                format!("data:{};base64,{}", document.media_type, STANDARD.encode(content))
            }
            None => String::new(),
        };
        Ok(Settings {
            letterhead,
            logo,
            numbering: get(&open.store, NUMBERING)?,
            texts: get(&open.store, TEXTS)?,
        })
    }
}

impl Answer<SaveLetterhead> for App {
    fn answer(&self, request: SaveLetterhead) -> Result<(), Failure> {
        let mut letterhead = request.letterhead;
        Refused::unless_empty(check_letterhead(&letterhead))?;
        if let Ok(iban) = domain::check_iban(&letterhead.iban) {
            letterhead.iban = iban;
        }
        self.save_setting(LETTERHEAD, &letterhead)
    }
}

impl Answer<SaveNumbering> for App {
    fn answer(&self, request: SaveNumbering) -> Result<(), Failure> {
        let numbering = request.numbering;
        let mut refusals = Vec::new();
        for (field, pattern) in [
            ("customer", &numbering.customer),
            ("opportunity", &numbering.opportunity),
            ("quote", &numbering.quote),
        ] {
            if let Err(Refused(found)) = check_pattern(pattern) {
                refusals.extend(found.into_iter().map(|refusal| refusal.at(field)));
            }
        }
        Refused::unless_empty(refusals)?;
        self.save_setting(NUMBERING, &numbering)
    }
}

impl Answer<SaveQuoteTexts> for App {
    fn answer(&self, request: SaveQuoteTexts) -> Result<(), Failure> {
        if !(0..=3_650).contains(&request.texts.validity_days) {
            let refusal = Refusal::new("validity-range", "Between 0 and 3650 days.");
            return Err(refusal.at("validity_days").into());
        }
        self.save_setting(TEXTS, &request.texts)
    }
}

/// PNG or JPEG by its first bytes.
pub(crate) fn image_type(content: &[u8]) -> Option<&'static str> {
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if content.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else {
        None
    }
}

/// An image that came as base64, perhaps as a data URL.
pub(crate) fn decode_image(text: &str) -> Result<(Vec<u8>, &'static str), Refusal> {
    let base64 = text.split_once("base64,").map_or(text, |(_, data)| data);
    let refusal = || Refusal::new("image-invalid", "This is not a PNG or JPEG image up to 5 MB.");
    let content = STANDARD.decode(base64.trim()).map_err(|_| refusal())?;
    let media_type = image_type(&content).ok_or_else(refusal)?;
    if content.len() > LARGEST_IMAGE || !paper::is_image(&content) {
        return Err(refusal());
    }
    Ok((content, media_type))
}

impl Answer<SetLogo> for App {
    fn answer(&self, request: SetLogo) -> Result<(), Failure> {
        let image = request.image.map(|image| decode_image(&image)).transpose()?;
        self.transact(|tx, context| {
            let mut letterhead: Letterhead = parsed(tx.first_with("name", LETTERHEAD)?);
            let mut changeset = Changeset::new("setting.logo", "Logo", context);
            letterhead.logo_document_id = match image {
                Some((content, media_type)) => {
                    let document = Document {
                        name: "Logo".into(),
                        kind: DocumentKind::Logo,
                        media_type: media_type.into(),
                        size: i64::try_from(content.len()).unwrap_or(0),
                        sha256: tx.put_blob(&content)?,
                        ..Document::default()
                    };
                    Some(changeset.insert(document, context).id)
                }
                None => None,
            };
            save(tx, &mut changeset, context, LETTERHEAD, &letterhead)?;
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<SaveUser> for App {
    fn answer(&self, request: SaveUser) -> Result<(), Failure> {
        if request.user.name.trim().is_empty() {
            return Err(Refusal::new("needed", "Please fill this in.").at("name").into());
        }
        self.transact(|tx, context| {
            let old: User = tx.get(request.user.id)?;
            let mut changeset = Changeset::new("user.save", &*request.user.name, context);
            changeset.update(&old, request.user, context);
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<GetDocument> for App {
    fn answer(&self, request: GetDocument) -> Result<RenderedFile, Failure> {
        let (document, content) = self.open()?.store.document(request.id)?;
        Ok(RenderedFile {
            name: document.name,
            media_type: document.media_type,
            content: STANDARD.encode(content),
            pages: 0,
        })
    }
}

/// Fills in what the letterhead of the demo's company lacks, so that its paper looks like one.
/// What the user has entered stays.
pub(crate) fn fill_letterhead(app: &App) -> Result<(), Failure> {
    app.transact(|tx, context| {
        let mut letterhead: Letterhead = parsed(tx.first_with("name", LETTERHEAD)?);
        for (field, value) in [
            (&mut letterhead.tagline, "Schweißtechnik · Arbeitsschutz · Service"),
            (&mut letterhead.street, "Werftstraße 14"),
            (&mut letterhead.postal_code, "20457"),
            (&mut letterhead.city, "Hamburg"),
            (&mut letterhead.phone, "+49 40 5550140"),
            (&mut letterhead.email, "angebot@kontor-demo.example"),
            (&mut letterhead.website, "www.kontor-demo.example"),
            (&mut letterhead.bank, "Hansebank Hamburg"),
            (&mut letterhead.iban, "DE89370400440532013000"),
            (&mut letterhead.bic, "COBADEFFXXX"),
            (&mut letterhead.register_court, "Amtsgericht Hamburg"),
            (&mut letterhead.register_number, "HRB 99999"),
            (&mut letterhead.seat, "Hamburg"),
            (&mut letterhead.directors, "Greta Krüger, Henning Voss"),
            (&mut letterhead.vat_id, "DE136695976"),
            (&mut letterhead.tax_number, "48/123/45678"),
        ] {
            if field.is_empty() {
                *field = value.into();
            }
        }
        let mut changeset = Changeset::new("setting.letterhead", "", context);
        save(tx, &mut changeset, context, LETTERHEAD, &letterhead)?;
        Ok(tx.apply(&changeset)?)
    })
}

/// What every new workspace begins with: its user, units, taxes, payment terms, a price list,
/// and the company's settings. Returns the user's id.
pub(crate) fn load_basics(
    loader: &mut Loader<'_>,
    user: User,
    letterhead: &Letterhead,
    language: Language,
    ids: &mut dyn FnMut() -> Id,
) -> Result<Id, Failure> {
    let user_id = ids();
    let mut context = Context { now: Instant::now(), today: crate::today(), user_id, ids };
    insert(loader, User { id: user_id, ..user }, &mut context)?;
    for (code, de, en) in UNITS {
        let unit =
            Unit { code: code.into(), name_de: de.into(), name_en: en.into(), ..Unit::default() };
        insert(loader, unit, &mut context)?;
    }
    for (name, rate, kind, note_de, note_en) in TAXES {
        let tax = Tax {
            name: name.into(),
            rate: Percent(rate),
            kind,
            note_de: note_de.into(),
            note_en: note_en.into(),
            ..Tax::default()
        };
        insert(loader, tax, &mut context)?;
    }
    for (de, en, due, days, percent) in TERMS {
        let terms = PaymentTerms {
            name: if language == Language::De { de } else { en }.into(),
            due_days: due,
            skonto_days: days,
            skonto: Percent(percent),
            ..PaymentTerms::default()
        };
        insert(loader, terms, &mut context)?;
    }
    let list =
        PriceList { name: "Standard".into(), currency: "EUR".into(), ..PriceList::default() };
    insert(loader, list, &mut context)?;
    for (name, value) in [
        (LETTERHEAD, json(letterhead)?),
        (NUMBERING, json(&Numbering::default())?),
        (TEXTS, json(&QuoteTexts::default())?),
    ] {
        insert(loader, Setting { name: name.into(), value, ..Setting::default() }, &mut context)?;
    }
    loader.set_next_number("customer", 0, 10_001)?;
    Ok(user_id)
}

fn insert<R: Record>(
    loader: &mut Loader<'_>,
    mut record: R,
    context: &mut Context<'_>,
) -> Result<(), StoreError> {
    record.stamp_created(context);
    loader.insert(&record)
}

/// UN/ECE Recommendation 20 codes with their short names.
const UNITS: [(&str, &str, &str); 8] = [
    ("H87", "Stk", "pcs"),
    ("LS", "psch", "flat"),
    ("HUR", "Std", "h"),
    ("DAY", "Tag", "day"),
    ("MTR", "m", "m"),
    ("KGM", "kg", "kg"),
    ("RO", "Rll", "roll"),
    ("LTR", "l", "l"),
];

type TaxRow = (&'static str, i64, TaxKind, &'static str, &'static str);

/// The German taxes, with the note that a document must carry (§ 14 (4) no. 8, § 14a UStG).
const TAXES: [TaxRow; 8] = [
    ("19 %", 1_900, TaxKind::Standard, "", ""),
    ("7 %", 700, TaxKind::Reduced, "", ""),
    (
        "0 %",
        0,
        TaxKind::Zero,
        "Nullsteuersatz nach § 12 Abs. 3 UStG.",
        "Zero rate under § 12 (3) of the German VAT Act.",
    ),
    (
        "§ 4",
        0,
        TaxKind::Exempt,
        "Steuerfrei nach § 4 UStG.",
        "Exempt under § 4 of the German VAT Act.",
    ),
    (
        "§ 13b",
        0,
        TaxKind::ReverseCharge,
        "Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).",
        "Reverse charge: the recipient owes the tax.",
    ),
    (
        "§ 6a",
        0,
        TaxKind::IntraCommunity,
        "Steuerfreie innergemeinschaftliche Lieferung (§ 4 Nr. 1b, § 6a UStG).",
        "Tax-exempt intra-Community supply.",
    ),
    (
        "§ 6",
        0,
        TaxKind::Export,
        "Steuerfreie Ausfuhrlieferung (§ 4 Nr. 1a, § 6 UStG).",
        "Tax-exempt export.",
    ),
    (
        "§ 19",
        0,
        TaxKind::SmallBusiness,
        "Kein Ausweis von Umsatzsteuer nach § 19 UStG.",
        "No VAT is charged under § 19 of the German VAT Act.",
    ),
];

/// Payment terms: German and English name, days until due, days and percent of Skonto.
const TERMS: [(&str, &str, i64, i64, i64); 4] = [
    ("14 Tage netto", "14 days net", 14, 0, 0),
    ("30 Tage netto", "30 days net", 30, 0, 0),
    ("30 Tage netto, 10 Tage 2 %", "30 days net, 10 days 2 %", 30, 10, 200),
    ("Sofort ohne Abzug", "Immediately, no deduction", 0, 0, 0),
];
