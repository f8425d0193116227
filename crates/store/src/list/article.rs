use commands::view::{
    ArticleFilter, ArticleGroup, ArticleRow, ArticleSort, Order, Window, Windowed,
};
use domain::Id;

use super::{List, name, ordered, words};
use crate::{Result, Store, StoreError, row};

impl Store {
    /// Articles, any filter and sort.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn articles(
        &self,
        filter: &ArticleFilter,
        sort: ArticleSort,
        order: Order,
        window: Window,
    ) -> Result<Windowed<ArticleRow>> {
        let terms: &[&str] = match sort {
            ArticleSort::Number => &["number"],
            ArticleSort::Name => &["name collate german"],
            ArticleSort::Group => &["article_group collate german", "number"],
            ArticleSort::Price => &["list_price"],
        };
        let list = List {
            name: name("article", filter, &sort, order),
            order: ordered(include_str!("article_order.sql"), terms, order),
            parameters: &[
                (":inactive", &filter.inactive),
                (":article_group", &filter.article_group),
                (":text", &words(&filter.text)),
            ],
            shown: include_str!("article_row.sql"),
        };
        self.window(&list, window)
    }

    /// One article as lists show it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn article(&self, id: Id) -> Result<ArticleRow> {
        let reader = self.reader()?;
        let seq: i64 = reader
            .prepare_cached("select seq from article where id = ?")?
            .query_row([id.0], |row| row.get(0))
            .map_err(|_| StoreError::NotFound { entity: "article".into() })?;
        let mut statement = reader.prepare_cached(include_str!("article_row.sql"))?;
        let mut rows = statement.query([seq])?;
        match rows.next()? {
            Some(found) => row::view(found),
            None => Err(StoreError::NotFound { entity: "article".into() }),
        }
    }

    /// The groups of active articles.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn article_groups(&self) -> Result<Vec<ArticleGroup>> {
        let sql = "select article_group, count(*) from article where deleted_at is null and is_active group by 1 order by 1 collate german";
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(sql)?;
        let groups = statement
            .query_map([], |row| Ok(ArticleGroup { name: row.get(0)?, count: row.get(1)? }))?;
        Ok(groups.collect::<rusqlite::Result<_>>()?)
    }
}
