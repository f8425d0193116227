use domain::{Appointment, Id, Instant, Task};
use serde::{Deserialize, Serialize};

/// A task with the names of what it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskRow {
    /// The task.
    pub task: Task,
    /// The customer's name, empty for none.
    pub customer: String,
    /// The opportunity's name, the quote's number, or empty.
    pub subject_of: String,
    /// Owner's initials.
    pub owner: String,
}

/// An appointment with the names of what it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentRow {
    /// The appointment.
    pub appointment: Appointment,
    /// The customer's name, empty for none.
    pub customer: String,
    /// The contact's full name, empty for none.
    pub contact: String,
    /// Where: the address in one line, or the place in words.
    pub place: String,
    /// The town.
    pub city: String,
    /// The number to call: the contact's, else the customer's.
    pub phone: String,
}

/// What a calendar file brings, or brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CalendarImport {
    /// Appointments that are new.
    pub added: u64,
    /// Known ones that change.
    pub changed: u64,
    /// Known ones that are just so already.
    pub same: u64,
    /// How many of them are single dates of series (the next twelve months of each).
    pub of_series: u64,
    /// The first of the new and changed ones, in order of time.
    pub first: Vec<CalendarEntry>,
    /// What was not taken over: subject, and why (`zone`, `past-series`, `no-start` …).
    pub left_out: Vec<(String, String)>,
}

/// An appointment that a calendar file brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalendarEntry {
    /// In one line.
    pub subject: String,
    /// From.
    pub starts_at: Instant,
    /// To.
    pub ends_at: Instant,
    /// Whether it is not known yet.
    pub is_new: bool,
}

/// Which tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskFilter {
    /// Only this owner's.
    pub owner_id: Option<Id>,
    /// Done and dropped ones too.
    pub closed: bool,
    /// Only this customer's.
    pub customer_id: Option<Id>,
}
