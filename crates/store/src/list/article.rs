use commands::view::{
    ArticleFilter, ArticleGroup, ArticleRow, ArticleSort, Order, Window, Windowed,
};
use domain::Id;

use super::{
    List, Sort, Wanted,
    sheet::{OrderPlan, Plan},
};
use crate::{Result, Store, StoreError, row, search::Kind};

const TABLE: (&str, &str) = ("article", "seq");

pub(super) const PLAN: Plan = Plan {
    table: "article",
    facets: include_str!("article_facets.sql"),
    changed: include_str!("article_changed.sql"),
    link: "",
    orders: &[
        OrderPlan { from: TABLE, by: "number" },
        OrderPlan { from: TABLE, by: "fold(name)" },
        OrderPlan { from: TABLE, by: "fold(article_group), number" },
        OrderPlan { from: TABLE, by: "list_price" },
    ],
};

const ACTIVE: usize = 1;
const GROUP: usize = 2;

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
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let mut is = Vec::new();
        if !filter.inactive {
            is.push((ACTIVE, Wanted::Number(1)));
        }
        let group = filter.article_group.as_ref();
        is.extend(group.map(|group| (GROUP, Wanted::Coded(group.as_bytes()))));
        let list = List {
            sheet: &self.sheets.articles,
            deleted: false,
            is,
            within: Vec::from_iter(self.text_filter(&snapshot, Kind::Article, &filter.text)?),
            sort: Sort::Plain(match sort {
                ArticleSort::Number => 0,
                ArticleSort::Name => 1,
                ArticleSort::Group => 2,
                ArticleSort::Price => 3,
            }),
            order,
            shown: include_str!("article_row.sql"),
        };
        self.window(&snapshot, &list, window)
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
        let sql = "select article_group, count(*) from article where deleted_at is null and is_active group by 1 order by fold(article_group)";
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(sql)?;
        let groups = statement
            .query_map([], |row| Ok(ArticleGroup { name: row.get(0)?, count: row.get(1)? }))?;
        Ok(groups.collect::<rusqlite::Result<_>>()?)
    }
}
