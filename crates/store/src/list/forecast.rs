use std::collections::BTreeMap;

use chrono::Datelike;
use commands::view::{ForecastMonth, OpportunityFilter, Window};
use domain::{Day, Money, OpportunityStatus, amount::divide_rounded};

use crate::{Result, Store};

const ALL: Window = Window { offset: 0, limit: u64::MAX };

impl Store {
    /// The open opportunities by the month of their expected close, in order; those without one
    /// last. A month without any is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn forecast(&self, filter: &OpportunityFilter) -> Result<Vec<ForecastMonth>> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let filter = OpportunityFilter { status: Some(OpportunityStatus::Open), ..filter.clone() };
        let list = self.opportunity_list(&snapshot, &filter)?;
        let (_, seqs) = self.seqs(&snapshot, &list, ALL)?;
        let sql = "select expected_close, value, probability from opportunity where seq = ?";
        let mut statement = snapshot.prepare_cached(sql)?;
        // Weighted in cents times percent, and rounded once a month.
        let mut months: BTreeMap<Option<Day>, (u64, i64, i128)> = BTreeMap::new();
        for seq in seqs {
            let (close, value, probability) = statement.query_row([seq], |row| {
                Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })?;
            let close: Option<Day> = close.and_then(|day| day.parse().ok());
            let month = months.entry(close.and_then(|day| day.with_day(1))).or_default();
            month.0 += 1;
            month.1 = month.1.saturating_add(value);
            month.2 += i128::from(value) * i128::from(probability);
        }
        let mut forecast: Vec<ForecastMonth> = months
            .into_iter()
            .map(|(month, (count, value, weighted))| ForecastMonth {
                month,
                count,
                value: Money(value),
                weighted: Money(i64::try_from(divide_rounded(weighted, 100)).unwrap_or(i64::MAX)),
            })
            .collect();
        forecast.sort_by_key(|month| (month.month.is_none(), month.month));
        Ok(forecast)
    }
}
