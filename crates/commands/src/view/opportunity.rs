use domain::{Day, Id, Instant, Money, OpportunityStatus, Stage};
use serde::{Deserialize, Serialize};

/// A row of the opportunities' list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpportunityRow {
    /// The opportunity.
    pub id: Id,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// The customer.
    pub customer_id: Id,
    /// The customer's name.
    pub customer: String,
    /// Stage.
    pub stage: Stage,
    /// Status.
    pub status: OpportunityStatus,
    /// Value.
    pub value: Money,
    /// Whole percent.
    pub probability: i64,
    /// When it should be decided.
    pub expected_close: Option<Day>,
    /// Owner's initials.
    pub owner: String,
}

/// Which opportunities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct OpportunityFilter {
    /// Words that must be found.
    pub text: String,
    /// Only this status.
    pub status: Option<OpportunityStatus>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this owner.
    pub owner_id: Option<Id>,
    /// Only this customer.
    pub customer_id: Option<Id>,
    /// Only those expected to close by this day.
    pub closes_by: Option<Day>,
}

/// By what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpportunitySort {
    /// When it should be decided.
    #[default]
    ExpectedClose,
    /// Name.
    Name,
    /// Customer's name.
    Customer,
    /// Value.
    Value,
    /// Stage.
    Stage,
    /// Number.
    Number,
    /// Status.
    Status,
}

/// A card on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardCard {
    /// The opportunity.
    pub id: Id,
    /// Name.
    pub name: String,
    /// The customer.
    pub customer_id: Id,
    /// The customer's name.
    pub customer: String,
    /// Value.
    pub value: Money,
    /// Whole percent.
    pub probability: i64,
    /// When it should be decided.
    pub expected_close: Option<Day>,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// A column of the board: the open opportunities of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardColumn {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub value: Money,
    /// Their sum weighted by probability.
    pub weighted: Money,
    /// The first of them by expected close (limit in the request).
    pub cards: Vec<BoardCard>,
}

/// The board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// One column a stage.
    pub columns: Vec<BoardColumn>,
}

/// What the open opportunities of a month should bring.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ForecastMonth {
    /// The month's first day; none for those without an expected close.
    pub month: Option<Day>,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub value: Money,
    /// Their sum weighted by probability.
    pub weighted: Money,
}
