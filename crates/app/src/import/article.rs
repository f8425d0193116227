//! Rows to articles.

use std::collections::HashMap;

use commands::{DuplicatePolicy, Failure, ImportDuplicate};
use domain::{
    Article, Percent, Refusal, Tax, TaxKind, Unit, UnitPrice, check_article, exchange::header_key,
    save_article,
};
use store::Tx;

use super::{
    cells::Cells,
    desk::{Decided, Desk, Earlier, Known, Names, refused},
};

/// Makes articles of rows.
pub(crate) struct Articles {
    numbers: HashMap<Box<str>, Known>,
    units: Names,
    first_unit: Option<domain::Id>,
    taxes: Vec<Tax>,
    policy: DuplicatePolicy,
}

/// What units are called beside their names, with their code.
const UNIT_NAMES: [(&str, &str); 20] = [
    ("stuck", "H87"),
    ("st", "H87"),
    ("stck", "H87"),
    ("pc", "H87"),
    ("piece", "H87"),
    ("each", "H87"),
    ("ea", "H87"),
    ("pauschal", "LS"),
    ("pauschale", "LS"),
    ("stunde", "HUR"),
    ("stunden", "HUR"),
    ("hour", "HUR"),
    ("tage", "DAY"),
    ("meter", "MTR"),
    ("lfm", "MTR"),
    ("kilogramm", "KGM"),
    ("kilo", "KGM"),
    ("rolle", "RO"),
    ("liter", "LTR"),
    ("ltr", "LTR"),
];

impl Articles {
    pub(crate) fn new(tx: &Tx<'_>, policy: DuplicatePolicy) -> Result<Self, Failure> {
        let mut numbers = HashMap::new();
        tx.each::<Article, Failure>(|article| {
            numbers.insert(article.number.into(), Known { id: article.id, row: None });
            Ok(())
        })?;
        let (mut taxes, mut first_unit) = (Vec::new(), None);
        tx.each::<Tax, Failure>(|tax| {
            taxes.push(tax);
            Ok(())
        })?;
        tx.each::<Unit, Failure>(|unit| {
            first_unit = first_unit.or(Some(unit.id));
            Ok(())
        })?;
        let mut units =
            Names::read(tx, |unit: &Unit| vec![&unit.name_de, &unit.name_en, &unit.code])?;
        units.and(Names::read(tx, |unit: &Unit| {
            let others = UNIT_NAMES.iter().filter(|(_, code)| *code == unit.code);
            others.map(|(name, _)| *name).collect()
        })?);
        Ok(Self { numbers, units, first_unit, taxes, policy })
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
        let found = cells.text("number").and_then(|number| self.numbers.get(number)).copied();
        let old = match (found, self.policy) {
            (None, _) => None,
            (Some(known), DuplicatePolicy::Skip) => {
                let line = known.row.map(|row| row as u64);
                let id = line.is_none().then_some(known.id);
                let field = "number".into();
                return Ok(Decided::Duplicate(ImportDuplicate {
                    field,
                    id,
                    line,
                    name: String::new(),
                }));
            }
            (Some(_), DuplicatePolicy::Create) => {
                let taken = Refusal::new("article-taken", "Another article has this number.");
                return Ok(Decided::Failed(vec![taken.at("number")]));
            }
            (Some(known), DuplicatePolicy::Update) => Some(match (known.row, desk.writes()) {
                (Some(row), false) => {
                    let mut article = Article { id: known.id, ..Article::default() };
                    earlier(row, &mut |cells| self.fill(&mut article, cells));
                    article
                }
                _ => {
                    desk.settle(known.id)?;
                    desk.tx.get(known.id)?
                }
            }),
        };
        let new = Article { is_active: true, ..Article::default() };
        let mut article = old.clone().unwrap_or(new);
        self.fill(&mut article, cells);
        let unit = cells.text("unit");
        let unknown = unit.filter(|unit| self.units.find(unit).is_none());
        let mut refusals = std::mem::take(&mut cells.refusals);
        let whole = match unknown {
            Some(_) => Article { unit_id: domain::Id(uuid::Uuid::max()), ..article.clone() },
            None => article.clone(),
        };
        refusals.extend(check_article(&whole));
        if !refusals.is_empty() {
            return Ok(Decided::Failed(refusals));
        }
        if let Some(name) = unknown {
            let make = || Unit {
                code: name.into(),
                name_de: name.into(),
                name_en: name.into(),
                ..Unit::default()
            };
            article.unit_id = self.units.find_or_make(name, desk, make);
            desk.hint("unit-new", name);
        }
        let (changeset, saved) = match save_article(old.as_ref(), article, desk.context) {
            Ok(saved) => saved,
            Err(why) => return Ok(Decided::Failed(refused(why))),
        };
        let known = Known { id: saved.id, row: Some(row) };
        self.numbers.entry(saved.number.as_str().into()).or_insert(known);
        let is_empty = changeset.is_empty();
        desk.add(changeset.changes, saved.id);
        Ok(match (old.is_some(), is_empty) {
            (false, _) => Decided::Created,
            (true, true) => Decided::Unchanged,
            (true, false) => Decided::Updated,
        })
    }

    /// Puts the cells into an article; empty ones change nothing.
    fn fill(&self, article: &mut Article, cells: &mut Cells<'_>) {
        for (field, place) in [
            ("number", &mut article.number),
            ("name", &mut article.name),
            ("name_en", &mut article.name_en),
            ("description", &mut article.description),
            ("article_group", &mut article.article_group),
        ] {
            cells.put(field, place);
        }
        article.description = article.description.replace("\r\n", "\n");
        if let Some(price) = cells.figure("list_price", 4) {
            article.list_price = UnitPrice(price);
        }
        if let Some(active) = cells.truth("is_active") {
            article.is_active = active;
        }
        match cells.text("unit") {
            Some(name) => article.unit_id = self.units.find(name).unwrap_or(article.unit_id),
            None if article.unit_id.is_nil() => {
                article.unit_id = self.first_unit.unwrap_or_default();
            }
            None => {}
        }
        match self.tax(cells) {
            Some(tax) => article.tax_id = tax,
            // Without a column it is the standard rate.
            None if article.tax_id.is_nil() => {
                let standard = self.taxes.iter().find(|tax| tax.kind == TaxKind::Standard);
                article.tax_id = standard.map(|tax| tax.id).unwrap_or_default();
            }
            None => {}
        }
    }

    /// A tax by its name, or by its rate.
    fn tax(&self, cells: &mut Cells<'_>) -> Option<domain::Id> {
        let text = cells.text("tax")?;
        let key = header_key(text);
        let named = self.taxes.iter().find(|tax| header_key(&tax.name) == key);
        if let Some(tax) = named {
            return Some(tax.id);
        }
        let rate = Percent(cells.figure("tax", 2)?);
        let found = self.taxes.iter().find(|tax| tax.rate == rate);
        if found.is_none() {
            let known: Vec<&str> = self.taxes.iter().map(|tax| tax.name.as_str()).collect();
            let sentence = format!("There is no tax {text}. Taxes are: {}.", known.join(", "));
            cells.refuse("tax", "tax-unknown", sentence);
        }
        found.map(|tax| tax.id)
    }
}
