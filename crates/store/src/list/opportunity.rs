use commands::view::{
    Board, BoardColumn, OpportunityFilter, OpportunityRow, OpportunitySort, Order, Window, Windowed,
};
use domain::{Money, Stage};
use rusqlite::ToSql;

use super::{List, name, ordered, words};
use crate::{Result, Store, row};

impl Store {
    /// Opportunities, any filter and sort.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn opportunities(
        &self,
        filter: &OpportunityFilter,
        sort: OpportunitySort,
        order: Order,
        window: Window,
    ) -> Result<Windowed<OpportunityRow>> {
        let terms: &[&str] = match sort {
            OpportunitySort::ExpectedClose => &["expected_close"],
            OpportunitySort::Name => &["name collate german"],
            OpportunitySort::Customer => &["customer collate german"],
            OpportunitySort::Value => &["value"],
            OpportunitySort::Stage => &["probability", "expected_close"],
            OpportunitySort::Number => &["number"],
            OpportunitySort::Status => &["status"],
        };
        let select = match sort {
            OpportunitySort::Customer => include_str!("opportunity_order_customer.sql"),
            _ => include_str!("opportunity_order.sql"),
        };
        let values = Values::of(filter);
        let list = List {
            name: name("opportunity", filter, &sort, order),
            order: ordered(select, terms, order),
            parameters: &values.parameters(),
            shown: include_str!("opportunity_row.sql"),
        };
        self.window(&list, window)
    }

    /// The board: open opportunities by stage, `cards` of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn board(&self, filter: &OpportunityFilter, cards: u32) -> Result<Board> {
        let reader = self.reader()?;
        let mut columns = Vec::new();
        for stage in Stage::ALL {
            let filter = OpportunityFilter {
                status: Some(domain::OpportunityStatus::Open),
                stage: Some(*stage),
                ..filter.clone()
            };
            let values = Values::of(&filter);
            let parameters = values.parameters();
            let mut column = BoardColumn {
                stage: *stage,
                count: 0,
                value: Money::ZERO,
                weighted: Money::ZERO,
                cards: Vec::new(),
            };
            let mut statement = reader.prepare_cached(include_str!("board_sums.sql"))?;
            let mut rows = statement.query(parameters.as_slice())?;
            if let Some(sums) = rows.next()? {
                column.count = sums.get(1)?;
                column.value = Money(sums.get(2)?);
                let weighted: i64 = sums.get(3)?;
                column.weighted = Money(
                    i64::try_from(domain::amount::divide_rounded(weighted.into(), 100))
                        .unwrap_or(i64::MAX),
                );
            }
            let mut statement = reader.prepare_cached(include_str!("board_cards.sql"))?;
            let mut with_limit = parameters.to_vec();
            with_limit.push((":cards", &cards));
            let mut rows = statement.query(&*with_limit)?;
            while let Some(card) = rows.next()? {
                column.cards.push(row::view(card)?);
            }
            columns.push(column);
        }
        Ok(Board { columns })
    }
}

/// A filter's values as SQL takes them.
struct Values {
    status: Option<&'static str>,
    stage: Option<&'static str>,
    owner: Option<uuid::Uuid>,
    customer: Option<uuid::Uuid>,
    closes_by: Option<String>,
    text: Option<String>,
}

impl Values {
    fn of(filter: &OpportunityFilter) -> Self {
        Self {
            status: filter.status.map(|status| status.as_str()),
            stage: filter.stage.map(|stage| stage.as_str()),
            owner: filter.owner_id.map(|id| id.0),
            customer: filter.customer_id.map(|id| id.0),
            closes_by: filter.closes_by.map(|day| day.to_string()),
            text: words(&filter.text),
        }
    }

    fn parameters(&self) -> [(&'static str, &dyn ToSql); 6] {
        [
            (":status", &self.status),
            (":stage", &self.stage),
            (":owner_id", &self.owner),
            (":customer_id", &self.customer),
            (":closes_by", &self.closes_by),
            (":text", &self.text),
        ]
    }
}
