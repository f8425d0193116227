//! Customers, articles and quotes as rows.

use commands::Failure;
use domain::{
    Address, Article, Category, Customer, CustomerTag, Id, Language, PaymentTerms, PriceList,
    Quote, Tag, Tax, Territory, Unit, User,
    exchange::{TableKind, choice_word, fields},
};
use store::Tx;

use super::{Called, sheet::Cell};

/// What customers' rows refer to.
pub(crate) struct Customers {
    categories: Called,
    territories: Called,
    price_lists: Called,
    terms: Called,
    users: Called,
    tags: Called,
    language: Language,
}

impl Customers {
    pub(crate) fn new(tx: &Tx<'_>, language: Language) -> Result<Self, Failure> {
        Ok(Self {
            categories: Called::read(tx, |category: Category| category.name)?,
            territories: Called::read(tx, |territory: Territory| territory.name)?,
            price_lists: Called::read(tx, |list: PriceList| list.name)?,
            terms: Called::read(tx, |terms: PaymentTerms| terms.name)?,
            users: Called::read(tx, |user: User| user.name)?,
            tags: Called::read(tx, |tag: Tag| tag.name)?,
            language,
        })
    }

    pub(crate) fn row(&self, tx: &Tx<'_>, id: Id) -> Result<Vec<Cell>, Failure> {
        let customer: Customer = tx.get(id)?;
        let mut addresses: Vec<Address> = tx.by("customer_id", id)?;
        addresses.sort_by_key(|address| !address.is_default);
        let on_it: Vec<CustomerTag> = tx.by("customer_id", id)?;
        let tags: Vec<&str> = on_it.iter().map(|link| self.tags.name(Some(link.tag_id))).collect();
        let parent = match customer.parent_id {
            Some(parent) => tx.find::<Customer>(parent)?.map(|parent| parent.number),
            None => None,
        };
        let word = |field: &str, value: &str| Cell::from(choice_word(field, value, self.language));
        let cell = |name: &str| -> Cell {
            let (index, name) = match name.strip_prefix("delivery_") {
                Some(name) => (1, name),
                None => (0, name),
            };
            let address = addresses.get(index);
            let of = |text: fn(&Address) -> &str| Cell::from(address.map_or("", text));
            match name {
                "number" => customer.number.as_str().into(),
                "name" => customer.name.as_str().into(),
                "kind" if index == 0 => word("kind", customer.kind.as_str()),
                "status" => word("status", customer.status.as_str()),
                "category" => self.categories.name(customer.category_id).into(),
                "vat_id" => customer.vat_id.as_str().into(),
                "tax_number" => customer.tax_number.as_str().into(),
                "industry" => customer.industry.as_str().into(),
                "website" => customer.website.as_str().into(),
                "email" => customer.email.as_str().into(),
                "phone" => customer.phone.as_str().into(),
                "payment_terms" => self.terms.name(customer.payment_terms_id).into(),
                "price_list" => self.price_lists.name(customer.price_list_id).into(),
                "discount" => Cell::Figure(customer.discount.0, 2),
                "language" => word("language", customer.language.as_str()),
                "owner" => self.users.name(customer.owner_id).into(),
                "territory" => self.territories.name(customer.territory_id).into(),
                "tags" => tags.join(", ").as_str().into(),
                "notes" => customer.notes.as_str().into(),
                "street" => of(|address| &address.street),
                "house_number" => of(|address| &address.house_number),
                "postal_code" => of(|address| &address.postal_code),
                "city" => of(|address| &address.city),
                "state" => of(|address| &address.state),
                "country" => of(|address| &address.country.0),
                "label" => of(|address| &address.label),
                "address_kind" | "kind" => address
                    .map_or(Cell::Empty, |address| word("address_kind", address.kind.as_str())),
                "parent" => parent.as_deref().unwrap_or_default().into(),
                _ => Cell::Empty,
            }
        };
        Ok(fields(TableKind::Customer).iter().map(|field| cell(field.name)).collect())
    }
}

/// What articles' rows refer to.
pub(crate) struct Articles {
    units: Called,
    taxes: Called,
    language: Language,
}

impl Articles {
    pub(crate) fn new(tx: &Tx<'_>, language: Language) -> Result<Self, Failure> {
        let unit = move |unit: Unit| match language {
            Language::De => unit.name_de,
            Language::En => unit.name_en,
        };
        let (units, taxes) = (Called::read(tx, unit)?, Called::read(tx, |tax: Tax| tax.name)?);
        Ok(Self { units, taxes, language })
    }

    pub(crate) fn row(&self, tx: &Tx<'_>, id: Id) -> Result<Vec<Cell>, Failure> {
        let article: Article = tx.get(id)?;
        let active = if article.is_active { "1" } else { "0" };
        let cell = |name: &str| -> Cell {
            match name {
                "number" => article.number.as_str().into(),
                "name" => article.name.as_str().into(),
                "name_en" => article.name_en.as_str().into(),
                "description" => article.description.as_str().into(),
                "article_group" => article.article_group.as_str().into(),
                "unit" => self.units.name(Some(article.unit_id)).into(),
                "list_price" => Cell::Figure(article.list_price.0, 4),
                "tax" => self.taxes.name(Some(article.tax_id)).into(),
                "is_active" => choice_word("is_active", active, self.language).into(),
                _ => Cell::Empty,
            }
        };
        Ok(fields(TableKind::Article).iter().map(|field| cell(field.name)).collect())
    }
}

const QUOTE_HEADINGS: [(&str, &str); 13] = [
    ("Angebotsnummer", "Quote number"),
    ("Revision", "Revision"),
    ("Datum", "Date"),
    ("Gültig bis", "Valid until"),
    ("Kundennummer", "Customer number"),
    ("Firma", "Company"),
    ("Betreff", "Subject"),
    ("Status", "Status"),
    ("Netto", "Net"),
    ("Steuer", "Tax"),
    ("Brutto", "Gross"),
    ("Währung", "Currency"),
    ("Betreuer", "Owner"),
];

/// The columns of quotes.
pub(crate) fn quote_headings(language: Language) -> [&'static str; 13] {
    QUOTE_HEADINGS.map(|(de, en)| if language == Language::De { de } else { en })
}

/// What quotes' rows refer to.
pub(crate) struct Quotes {
    users: Called,
    language: Language,
}

impl Quotes {
    pub(crate) fn new(tx: &Tx<'_>, language: Language) -> Result<Self, Failure> {
        Ok(Self { users: Called::read(tx, |user: User| user.name)?, language })
    }

    pub(crate) fn row(&self, tx: &Tx<'_>, id: Id) -> Result<Vec<Cell>, Failure> {
        let quote: Quote = tx.get(id)?;
        let customer: Customer = tx.get(quote.customer_id)?;
        Ok(vec![
            quote.number.as_str().into(),
            Cell::Figure(quote.revision, 0),
            Cell::Day(quote.date),
            Cell::Day(quote.valid_until),
            customer.number.as_str().into(),
            customer.name.as_str().into(),
            quote.subject.as_str().into(),
            choice_word("quote_status", quote.status.as_str(), self.language).into(),
            Cell::Figure(quote.net_total.0, 2),
            Cell::Figure(quote.tax_total.0, 2),
            Cell::Figure(quote.gross_total.0, 2),
            quote.currency.as_str().into(),
            self.users.name(quote.owner_id).into(),
        ])
    }
}
