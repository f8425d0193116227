//! What happened and what is to be done.

mod appointment;
mod follow_up;
mod save;
mod typed_day;

pub use appointment::{Taken, import_appointments, move_appointment};
pub use follow_up::parse_follow_up;
pub use save::{complete_task, log_communication, postpone_task, save_appointment, save_task};
pub use typed_day::{read_day, read_time};

use crate::{
    Id, Instant,
    record::{record, text_enum},
};

text_enum! {
    /// How we talked.
    CommunicationKind { #[default] /// On the phone.
    Call = "call", /// By e-mail.
    Email = "email", /// At our place or on screen.
    Meeting = "meeting", /// At the customer's.
    Visit = "visit", /// Not at all: something to remember.
    Note = "note" }
}

text_enum! {
    /// Who began.
    Direction { /// They did.
    In = "in", #[default] /// We did.
    Out = "out" }
}

record! {
    /// A talk, message or visit [Kommunikation].
    Communication, "communication" {
        /// With which customer.
        customer_id: Id,
        /// With whom there.
        contact_id: Option<Id>,
        /// About which opportunity.
        opportunity_id: Option<Id>,
        /// How.
        kind: CommunicationKind,
        /// Who began.
        direction: Direction,
        /// In one line.
        subject: String,
        /// At length.
        body: String,
        /// When.
        occurred_at: Instant,
        /// How long, in minutes.
        duration_minutes: Option<i64>,
        /// What came of it [Ergebnis].
        outcome: String,
    }
}

text_enum! {
    /// How urgent a task is.
    Priority { /// Can wait.
    Low = "low", #[default] /// As it comes.
    Normal = "normal", /// First.
    High = "high" }
}

text_enum! {
    /// Where a task stands.
    TaskStatus { #[default] /// To do.
    Open = "open", /// Done.
    Done = "done", /// Not to be done any more.
    Dropped = "dropped" }
}

record! {
    /// Something to do by a time [Folgeaktion, Wiedervorlage].
    Task, "task" {
        /// In one line.
        subject: String,
        /// At length.
        body: String,
        /// By when.
        due_at: Instant,
        /// When to remind.
        remind_at: Option<Instant>,
        /// How urgent.
        priority: Priority,
        /// Where it stands.
        status: TaskStatus,
        /// When it was done.
        done_at: Option<Instant>,
        /// Whose task it is.
        owner_id: Id,
        /// For which customer.
        customer_id: Option<Id>,
        /// With whom there.
        contact_id: Option<Id>,
        /// For which opportunity.
        opportunity_id: Option<Id>,
        /// For which quote.
        quote_id: Option<Id>,
        /// The talk that it follows from.
        communication_id: Option<Id>,
    }
}

text_enum! {
    /// Where an appointment stands.
    AppointmentStatus { #[default] /// To come.
    Planned = "planned", /// It took place.
    Done = "done", /// It did not.
    Cancelled = "cancelled" }
}

record! {
    /// A meeting or visit at a time [Termin, Besuch].
    Appointment, "appointment" {
        /// In one line.
        subject: String,
        /// At length.
        body: String,
        /// From.
        starts_at: Instant,
        /// To.
        ends_at: Instant,
        /// Which of the customer's addresses.
        address_id: Option<Id>,
        /// Where, in words, if at none of their addresses.
        place: String,
        /// With which customer.
        customer_id: Option<Id>,
        /// With whom there.
        contact_id: Option<Id>,
        /// About which opportunity.
        opportunity_id: Option<Id>,
        /// Whose calendar.
        owner_id: Id,
        /// Where it stands.
        status: AppointmentStatus,
        /// Its name in exchanged calendars.
        ics_uid: String,
    }
}
