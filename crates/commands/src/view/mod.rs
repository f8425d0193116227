//! The rows that lists, pages and search show: read models, filled by the store's SQL.

mod article;
mod calendar;
mod contact;
mod customer;
mod history;
mod opportunity;
mod page;
mod quote;
mod search;
mod sync;
mod today;

pub use article::{ArticleFilter, ArticleGroup, ArticleRow, ArticleSort};
pub use calendar::{AppointmentRow, CalendarEntry, CalendarImport, TaskFilter, TaskRow};
pub use contact::{ContactFilter, ContactRow, ContactSort};
pub use customer::{
    CustomerFigures, CustomerFilter, CustomerPage, CustomerRow, CustomerSort, Duplicate,
    TimelineEntry, TimelineKind,
};
pub use history::{HistoryEntry, UndoStep};
pub use opportunity::{
    Board, BoardCard, BoardColumn, ForecastMonth, OpportunityFilter, OpportunityRow,
    OpportunitySort,
};
pub use page::{Listed, Order, Window, Windowed};
pub use quote::{QuoteFilter, QuotePage, QuoteRow, QuoteSort};
pub use search::{SearchHit, SearchKind, Snippet};
pub use sync::{ConflictView, Correction, RejectionView, RoundView, WaitingView};
pub use today::{Pipeline, Today};
