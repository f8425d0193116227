use domain::{Day, Instant, Money, Stage, User};
use serde::{Deserialize, Serialize};

use super::{AppointmentRow, QuoteRow, TaskRow};

/// What the day brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Whose day.
    pub user: User,
    /// The appointments of today.
    pub appointments: Vec<AppointmentRow>,
    /// Open tasks due by the end of the next working day, overdue ones first (at most 50).
    pub tasks: Vec<TaskRow>,
    /// How many open tasks are overdue.
    pub overdue: u64,
    /// Sent quotes whose validity ends within 14 days, next first (at most 20).
    pub expiring: Vec<QuoteRow>,
    /// The user's open opportunities by stage.
    pub pipeline: Vec<Pipeline>,
    /// Value of the user's opportunities won in each of the last twelve months, oldest first,
    /// with the month's first day.
    pub won_by_month: Vec<(Day, Money)>,
    /// What changed since yesterday's beginning: when, operation, subject, by whom (initials);
    /// newest first, at most 8.
    pub changes: Vec<(Instant, String, String, String)>,
}

/// A stage's part of the pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub value: Money,
}
