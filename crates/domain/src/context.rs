use crate::{Day, Id, Instant};

/// Who does something and when; handed in, so that operations stay functions.
pub struct Context<'a> {
    /// Now.
    pub now: Instant,
    /// The calendar day where the user is.
    pub today: Day,
    /// The user who acts.
    pub user_id: Id,
    /// Makes the ids of new records.
    pub ids: &'a mut dyn FnMut() -> Id,
}

impl Context<'_> {
    /// The id of a new record.
    pub fn new_id(&mut self) -> Id {
        (self.ids)()
    }
}
