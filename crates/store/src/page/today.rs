use chrono::{Datelike, Days, Months, TimeDelta};
use commands::view::{Order, Pipeline, QuoteFilter, QuoteSort, TaskFilter, Today, Window};
use domain::{Day, Id, Instant, Money, OpportunityStatus, Stage};
use rusqlite::{Connection, named_params};

use crate::{Result, Store, log::instant};

/// A day's beginning and end where the user is.
pub struct DaySpan {
    /// The day.
    pub day: Day,
    /// Its first moment.
    pub from: Instant,
    /// The first moment after it.
    pub to: Instant,
}

impl Store {
    /// What the day brings for a user.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn today(&self, user: Id, span: &DaySpan, now: Instant) -> Result<Today> {
        let mut tasks =
            self.tasks(&TaskFilter { owner_id: Some(user), ..Default::default() }, TOP)?.rows;
        let soon = Instant::from(span.to.utc() + until_next_working_day(span.day));
        tasks.retain(|row| row.task.due_at < soon);
        let expiring = QuoteFilter {
            owner_id: Some(user),
            expires_by: span.day.checked_add_days(Days::new(14)),
            ..Default::default()
        };
        let few = Window { offset: 0, limit: 20 };
        let expiring = self.quotes(&expiring, QuoteSort::ValidUntil, Order::Ascending, few)?;
        Ok(Today {
            user: self.get(user)?,
            appointments: self
                .appointments(span.from, span.to, None)?
                .into_iter()
                .filter(|row| row.appointment.owner_id == user)
                .collect(),
            tasks,
            overdue: overdue(&*self.reader()?, user, now)?,
            expiring: expiring.rows,
            pipeline: pipeline(&*self.reader()?, user)?,
            won_by_month: won_by_month(&*self.reader()?, user, span.day)?,
            changes: changes_since_yesterday(&*self.reader()?, span)?,
        })
    }
}

fn overdue(reader: &Connection, user: Id, now: Instant) -> Result<u64> {
    let sql = "select count(*) from task where status = 'open' and due_at < ? and owner_id = ? and deleted_at is null";
    Ok(reader.prepare_cached(sql)?.query_row((now.to_string(), user.0), |row| row.get(0))?)
}

fn pipeline(reader: &Connection, user: Id) -> Result<Vec<Pipeline>> {
    let mut statement = reader.prepare_cached(include_str!("pipeline.sql"))?;
    let sums = statement
        .query_map([user.0], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, Money(row.get(2)?))))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let of_stage = |stage: &Stage| {
        let found = sums.iter().find(|(name, ..)| name == stage.as_str());
        Pipeline {
            stage: *stage,
            count: found.map_or(0, |(_, count, _)| *count),
            value: found.map_or(Money::ZERO, |(_, _, value)| *value),
        }
    };
    Ok(Stage::ALL.iter().map(of_stage).collect())
}

fn won_by_month(reader: &Connection, user: Id, day: Day) -> Result<Vec<(Day, Money)>> {
    let first = day.with_day(1).and_then(|day| day.checked_sub_months(Months::new(11)));
    let mut statement = reader.prepare_cached(include_str!("won_by_month.sql"))?;
    let parameters = named_params! {
        ":user_id": user.0,
        ":status": OpportunityStatus::Won.as_str(),
        ":from": first.map(|day| day.to_string()),
    };
    let won = statement
        .query_map(parameters, |row| Ok((row.get::<_, String>(0)?, Money(row.get(1)?))))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let months = (0..12).filter_map(|month| first?.checked_add_months(Months::new(month)));
    let with_sum = |month: Day| {
        let name = month.format("%Y-%m").to_string();
        let sum = won.iter().find(|(found, _)| *found == name);
        (month, sum.map_or(Money::ZERO, |(_, sum)| *sum))
    };
    Ok(months.map(with_sum).collect())
}

fn changes_since_yesterday(
    reader: &Connection,
    span: &DaySpan,
) -> Result<Vec<(Instant, String, String, String)>> {
    let since = Instant::from(span.from.utc() - TimeDelta::days(1));
    let mut statement = reader.prepare_cached(include_str!("changes_since.sql"))?;
    let changes = statement.query_map([since.to_string()], |row| {
        Ok((instant(&row.get::<_, String>(0)?), row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(changes.collect::<rusqlite::Result<_>>()?)
}

const TOP: Window = Window { offset: 0, limit: 50 };

/// On Fridays and weekends the next working day is Monday.
fn until_next_working_day(day: Day) -> TimeDelta {
    let days = match day.weekday() {
        chrono::Weekday::Fri => 3,
        chrono::Weekday::Sat => 2,
        _ => 1,
    };
    TimeDelta::days(days)
}
