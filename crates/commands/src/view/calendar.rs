use domain::{Appointment, Id, Task};
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
