//! What of a record is searched.

use domain::{Id, fold};
use rusqlite::{Connection, Row, named_params};

use super::query::{phone_words, shortened};
use crate::Result;

/// A kind of record that is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Customer = 0,
    Contact = 1,
    Opportunity = 2,
    Quote = 3,
    Article = 4,
    Communication = 5,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Customer,
        Self::Contact,
        Self::Opportunity,
        Self::Quote,
        Self::Article,
        Self::Communication,
    ];

    /// The kind whose records are in this table.
    pub(crate) fn of_table(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.table() == table)
    }

    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Contact => "contact",
            Self::Opportunity => "opportunity",
            Self::Quote => "quote",
            Self::Article => "article",
            Self::Communication => "communication",
        }
    }

    /// Selects `seq`, title, other text, phone numbers (one a line) and marks (exact words).
    const fn select(self) -> &'static str {
        match self {
            Self::Customer => include_str!("customer.sql"),
            Self::Contact => include_str!("contact.sql"),
            Self::Opportunity => include_str!("opportunity.sql"),
            Self::Quote => include_str!("quote.sql"),
            Self::Article => include_str!("article.sql"),
            Self::Communication => include_str!("communication.sql"),
        }
    }

    /// Whether hits in the title come first. Talks come newest first instead.
    pub(super) const fn has_title(self) -> bool {
        !matches!(self, Self::Communication)
    }
}

/// A record as search sees it: folded words with blanks between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) seq: u32,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) marks: String,
}

impl Document {
    fn read(row: &Row<'_>) -> Result<Self> {
        let text = |index| -> Result<&str> {
            Ok(row.get_ref(index)?.as_str_or_null().ok().flatten().unwrap_or_default())
        };
        let mut detail = fold(text(2)?);
        for phone in text(3)?.lines() {
            for word in phone_words(phone) {
                detail.push(' ');
                detail.push_str(&word);
            }
        }
        Ok(Self { seq: row.get(0)?, title: fold(text(1)?), detail, marks: text(4)?.into() })
    }

    pub(super) fn title_words(&self) -> impl Iterator<Item = &str> {
        words(&self.title)
    }

    pub(super) fn all_words(&self) -> impl Iterator<Item = &str> {
        words(&self.title).chain(words(&self.detail))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

/// A word as the index has it.
pub(super) fn indexed(word: &str) -> String {
    shortened(word)
}

/// The record as a document; none when it is deleted.
pub(super) fn one(connection: &Connection, kind: Kind, id: Id) -> Result<Option<Document>> {
    let sql = format!("{} and {}.id = :id", kind.select(), kind.table());
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    rows.next()?.map(Document::read).transpose()
}

/// Hands over the documents from a `seq` on, in order.
pub(super) fn each(
    connection: &Connection,
    kind: Kind,
    from: i64,
    mut take: impl FnMut(Document) -> Result<()>,
) -> Result<()> {
    let table = kind.table();
    let sql = format!("{} and {table}.seq >= :from order by {table}.seq", kind.select());
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(named_params! { ":from": from })?;
    while let Some(row) = rows.next()? {
        take(Document::read(row)?)?;
    }
    Ok(())
}
