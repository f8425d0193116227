//! Opportunities and quotes.
//!
//! A quote is only edited by whoever made it: two people's edits of one quote are to become two
//! revisions, which the hub does not make yet; and nobody edits one that was decided.

use commands::{
    CloseOpportunity, CreateQuote, DecideQuote, DeleteOpportunity, DeleteQuote, GetOpportunity,
    GetQuote, MakeQuoteLine, MoveOpportunity, SaveOpportunity, SaveQuote, SendQuote,
};
use domain::{Money, Opportunity, OpportunityStatus, Quantity, Quote, QuoteStatus, Stage};

use super::{Done, Hand, none};
use crate::basis;

impl Hand<'_> {
    pub(super) fn sell(&mut self) -> Done {
        match self.rng.u8(..10) {
            0..3 => self.new_opportunity(),
            3..6 => self.edit_opportunity(),
            6 => self.new_quote(),
            _ => self.edit_quote(),
        }
    }

    fn new_opportunity(&mut self) -> Done {
        let customer_id = self.customer()?.id;
        let opportunity = Opportunity { customer_id, name: self.text(), ..Opportunity::default() };
        let id = self.app.ask(SaveOpportunity { opportunity })?;
        Ok(format!("makes opportunity {id} of {customer_id}"))
    }

    fn edit_opportunity(&mut self) -> Done {
        let id = self.any::<Opportunity>().ok_or_else(none)?.id;
        match self.rng.u8(..6) {
            0 | 1 => {
                let stage = self.rng.choice(Stage::ALL.iter().copied()).unwrap_or_default();
                self.app.ask(MoveOpportunity { id, stage })?;
            }
            2 => {
                let status =
                    *self.rng.choice(OpportunityStatus::ALL).unwrap_or(&OpportunityStatus::Won);
                self.app.ask(CloseOpportunity { id, status, reason: "so".into() })?;
            }
            3 => self.app.ask(DeleteOpportunity { id })?,
            _ => {
                let mut opportunity = self.app.ask(GetOpportunity { id })?.opportunity;
                match self.rng.bool() {
                    true => opportunity.value = Money(self.rng.i64(0..1_000_000)),
                    false => opportunity.description.push_str(&format!("\n{}", self.text())),
                }
                self.app.ask(SaveOpportunity { opportunity })?;
            }
        }
        Ok(format!("changes opportunity {id}"))
    }

    fn new_quote(&mut self) -> Done {
        let customer_id = self.customer()?.id;
        let opportunity = self.any::<Opportunity>().filter(|one| one.customer_id == customer_id);
        let opportunity_id = opportunity.map(|one| one.id);
        let id = self.app.ask(CreateQuote { customer_id, opportunity_id })?;
        Ok(format!("makes quote {id} for {customer_id}"))
    }

    fn edit_quote(&mut self) -> Done {
        let own = basis::user(self.person).id;
        let mut all: Vec<Quote> = self.app.with_store(store::Store::all)??;
        all.retain(|quote| quote.created_by == own);
        let quote = self.rng.choice(all);
        let quote = quote.ok_or_else(none)?;
        let id = quote.id;
        match (quote.status, self.rng.u8(..12)) {
            (QuoteStatus::Draft, 0) => {
                self.app.ask(DeleteQuote { id })?;
                Ok(format!("deletes quote {id}"))
            }
            (QuoteStatus::Draft, 1) => {
                self.app.ask(SendQuote { id })?;
                Ok(format!("sends quote {id}"))
            }
            (QuoteStatus::Draft, _) => {
                let page = self.app.ask(GetQuote { id })?;
                let mut lines = page.lines;
                let mut quote = page.quote;
                match self.rng.u8(..3) {
                    0 if !lines.is_empty() => drop(lines.pop()),
                    1 => quote.subject = self.text(),
                    _ => {
                        let quantity = Quantity(self.rng.i64(1..9) * 1_000);
                        let article_id = basis::fixed(7, 0);
                        lines.push(self.app.ask(MakeQuoteLine {
                            quote_id: id,
                            article_id,
                            quantity,
                        })?);
                    }
                }
                self.app.ask(SaveQuote { quote, lines })?;
                Ok(format!("saves quote {id}"))
            }
            (QuoteStatus::Sent, _) => {
                let status = match self.rng.bool() {
                    true => QuoteStatus::Accepted,
                    false => QuoteStatus::Rejected,
                };
                self.app.ask(DecideQuote { id, status, reason: "so".into() })?;
                Ok(format!("decides quote {id}: {status}"))
            }
            _ => Err(none()),
        }
    }
}
