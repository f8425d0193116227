use super::{Opportunity, OpportunityStatus, Stage};
use crate::{
    Changeset, Context, Money, Refusal, Refused,
    customer::check_fresh,
    text::{BODY, LINE, check_length, check_there, tidy_body, tidy_line},
    value::check_day,
};

impl Stage {
    /// How likely a sale is at this stage, whole percent, until somebody knows better.
    #[must_use]
    pub const fn probability(self) -> i64 {
        match self {
            Self::FirstMeeting => 10,
            Self::NeedsAnalysis => 25,
            Self::Quote => 50,
            Self::Negotiation => 75,
            Self::Closing => 90,
        }
    }
}

impl OpportunityStatus {
    /// Whether an opportunity may go from this status to that: an open one ends in any way, an
    /// ended one can only be opened again.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Open, Self::Won | Self::Lost | Self::Cancelled)
            | (Self::Won | Self::Lost | Self::Cancelled, Self::Open) => true,
            (Self::Open, Self::Open)
            | (
                Self::Won | Self::Lost | Self::Cancelled,
                Self::Won | Self::Lost | Self::Cancelled,
            ) => false,
        }
    }
}

/// What speaks against an opportunity as it is typed.
#[must_use]
pub fn check_opportunity(opportunity: &Opportunity) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    check_there(&mut refusals, "name", &opportunity.name);
    check_length(&mut refusals, "name", &opportunity.name, LINE);
    check_length(&mut refusals, "description", &opportunity.description, BODY);
    check_day(&mut refusals, "expected_close", opportunity.expected_close);
    if opportunity.customer_id.is_nil() {
        refusals.push(Refusal::new("needed", "Please fill this in.").at("customer_id"));
    }
    if opportunity.value < Money::ZERO {
        refusals.push(Refusal::new("negative", "This cannot be less than nothing.").at("value"));
    }
    if !(0..=100).contains(&opportunity.probability) {
        refusals.push(crate::customer::percent_refusal("probability"));
    }
    refusals
}

/// Saves an opportunity's fields; stage and status have operations of their own.
///
/// # Errors
/// Everything that speaks against it.
pub fn save_opportunity(
    old: Option<&Opportunity>,
    mut new: Opportunity,
    context: &mut Context<'_>,
) -> Result<(Changeset, Opportunity), Refused> {
    tidy_line(&mut new.name);
    tidy_line(&mut new.competitor);
    tidy_body(&mut new.description);
    let mut refusals = check_fresh(old, &new);
    refusals.extend(check_opportunity(&new));
    Refused::unless_empty(refusals)?;
    if new.currency.is_empty() {
        new.currency = "EUR".into();
    }
    let operation = if old.is_some() { "opportunity.save" } else { "opportunity.create" };
    let mut changeset = Changeset::new(operation, &*new.name, context);
    let saved = match old {
        Some(old) => {
            // What has operations of its own stays as it was.
            new = Opportunity {
                number: old.number.clone(),
                status: old.status,
                closed_at: old.closed_at,
                lost_reason: old.lost_reason.clone(),
                ..new
            };
            if new.stage != old.stage {
                new = at_stage(&Opportunity { stage: old.stage, ..new.clone() }, new.stage)?;
            }
            changeset.update(old, new, context)
        }
        None => {
            new.status = OpportunityStatus::Open;
            new.owner_id = new.owner_id.or(Some(context.user_id));
            changeset.insert(new, context)
        }
    };
    Ok((changeset, saved))
}

/// The opportunity at another stage. Its probability follows, unless somebody set their own.
pub(crate) fn at_stage(opportunity: &Opportunity, stage: Stage) -> Result<Opportunity, Refused> {
    if opportunity.status != OpportunityStatus::Open {
        return Err(Refusal::new(
            "opportunity-closed",
            "This opportunity is decided. Reopen it to move it.",
        )
        .into());
    }
    let own = opportunity.probability != opportunity.stage.probability();
    let probability = if own { opportunity.probability } else { stage.probability() };
    Ok(Opportunity { stage, probability, ..opportunity.clone() })
}

/// Moves an open opportunity to another stage.
///
/// # Errors
/// When it is decided already.
pub fn move_opportunity(
    opportunity: &Opportunity,
    stage: Stage,
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    let mut changeset = Changeset::new("opportunity.move", &*opportunity.name, context);
    changeset.update(opportunity, at_stage(opportunity, stage)?, context);
    Ok(changeset)
}

/// Wins, loses, cancels or reopens an opportunity. Losing and cancelling need a reason.
///
/// # Errors
/// When its status does not allow it, or the reason is missing.
pub fn close_opportunity(
    opportunity: &Opportunity,
    status: OpportunityStatus,
    reason: &str,
    context: &mut Context<'_>,
) -> Result<Changeset, Refused> {
    if !opportunity.status.may_become(status) {
        return Err(Refusal::new("status-change", "Its status does not allow this any more.")
            .with("from", opportunity.status)
            .with("to", status)
            .into());
    }
    let mut reason = reason.to_owned();
    tidy_line(&mut reason);
    let (operation, needs_reason) = match status {
        OpportunityStatus::Won => ("opportunity.win", false),
        OpportunityStatus::Lost => ("opportunity.lose", true),
        OpportunityStatus::Cancelled => ("opportunity.cancel", true),
        OpportunityStatus::Open => ("opportunity.reopen", false),
    };
    if needs_reason && reason.is_empty() {
        return Err(Refusal::new("reason-needed", "Please say why.").at("reason").into());
    }
    let mut changeset = Changeset::new(operation, &*opportunity.name, context);
    let closed = status != OpportunityStatus::Open;
    let probability = match status {
        OpportunityStatus::Won => 100,
        OpportunityStatus::Lost | OpportunityStatus::Cancelled => 0,
        OpportunityStatus::Open => opportunity.stage.probability(),
    };
    let changed = Opportunity {
        status,
        probability,
        closed_at: closed.then_some(context.now),
        lost_reason: if needs_reason { reason } else { String::new() },
        ..opportunity.clone()
    };
    changeset.update(opportunity, changed, context);
    Ok(changeset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_status_is_decided() {
        use OpportunityStatus::{Cancelled, Lost, Open, Won};
        let allowed = [
            (Open, Won),
            (Open, Lost),
            (Open, Cancelled),
            (Won, Open),
            (Lost, Open),
            (Cancelled, Open),
        ];
        for from in OpportunityStatus::ALL {
            for to in OpportunityStatus::ALL {
                assert_eq!(from.may_become(*to), allowed.contains(&(*from, *to)), "{from} {to}");
            }
        }
    }

    #[test]
    fn the_probability_follows_the_stage_unless_set_by_hand() {
        let mut opportunity = Opportunity { probability: 10, ..Default::default() };
        assert_eq!(at_stage(&opportunity, Stage::Negotiation).unwrap().probability, 75);
        opportunity.probability = 33;
        assert_eq!(at_stage(&opportunity, Stage::Negotiation).unwrap().probability, 33);
        opportunity.status = OpportunityStatus::Won;
        assert!(at_stage(&opportunity, Stage::Quote).is_err());
    }
}
