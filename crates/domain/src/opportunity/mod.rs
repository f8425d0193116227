//! The chance to sell something.

mod save;

pub(crate) use save::at_stage;
pub use save::{check_opportunity, close_opportunity, move_opportunity, save_opportunity};

use crate::{
    Day, Id, Instant, Money,
    record::{record, text_enum},
};

text_enum! {
    /// How far a sale has come.
    Stage { #[default] /// Erstgespräch.
    FirstMeeting = "first_meeting", /// Bedarfsanalyse.
    NeedsAnalysis = "needs_analysis", /// Angebot.
    Quote = "quote", /// Verhandlung.
    Negotiation = "negotiation", /// Abschluss.
    Closing = "closing" }
}

text_enum! {
    /// How it ended, or not yet.
    OpportunityStatus { #[default] /// Offen.
    Open = "open", /// Gewonnen.
    Won = "won", /// Verloren.
    Lost = "lost", /// Storniert.
    Cancelled = "cancelled" }
}

record! {
    /// The chance to sell something [Verkaufschance].
    Opportunity, "opportunity" {
        /// The number that people read.
        number: String,
        /// To whom.
        customer_id: Id,
        /// With whom there.
        contact_id: Option<Id>,
        /// In one line.
        name: String,
        /// At length.
        description: String,
        /// How far it has come.
        stage: Stage,
        /// How it ended, or not yet.
        status: OpportunityStatus,
        /// What it may bring.
        value: Money,
        /// ISO 4217 currency.
        currency: String,
        /// How likely, whole percent.
        probability: i64,
        /// When it should be decided.
        expected_close: Option<Day>,
        /// When it was decided.
        closed_at: Option<Instant>,
        /// The responsible user.
        owner_id: Option<Id>,
        /// The territory.
        territory_id: Option<Id>,
        /// Who else is in the running.
        competitor: String,
        /// Why it was lost or cancelled [Grund].
        lost_reason: String,
    }
}
