//! Deleting many records as one action.

use commands::{Answer, DeleteOpportunities, DeleteQuotes, Failure};
use domain::{
    Changeset, Context, Id, Opportunity, Quote, QuoteLine, QuoteStatus, quote::delete_quote,
};
use store::Tx;

use crate::App;

/// Applies what was gathered; the subject is the first one's name and how many more.
fn apply(
    tx: &mut Tx<'_>,
    mut changeset: Changeset,
    first: &str,
    count: u64,
) -> Result<u64, Failure> {
    changeset.subject = match count {
        0 | 1 => first.to_owned(),
        _ => format!("{first} + {}", count - 1),
    };
    tx.apply(&changeset)?;
    Ok(count)
}

impl Answer<DeleteOpportunities> for App {
    fn answer(&self, request: DeleteOpportunities) -> Result<u64, Failure> {
        self.transact(|tx, context| {
            let mut changeset = Changeset::new("opportunity.delete", "", context);
            let (mut first, mut count) = (String::new(), 0);
            for id in request.ids {
                let Some(opportunity) = tx.find::<Opportunity>(id)? else { continue };
                if count == 0 {
                    first.clone_from(&opportunity.name);
                }
                count += 1;
                changeset.delete(&opportunity, context);
            }
            apply(tx, changeset, &first, count)
        })
    }
}

fn delete_draft(
    tx: &Tx<'_>,
    id: Id,
    changeset: &mut Changeset,
    context: &mut Context<'_>,
) -> Result<Option<String>, Failure> {
    // What was handed over stays: it is the customer's as well.
    let Some(quote) = tx.find::<Quote>(id)?.filter(|quote| quote.status == QuoteStatus::Draft)
    else {
        return Ok(None);
    };
    let lines: Vec<QuoteLine> = tx.by("quote_id", id)?;
    changeset.changes.extend(delete_quote(&quote, &lines, context)?.changes);
    Ok(Some(quote.number))
}

impl Answer<DeleteQuotes> for App {
    fn answer(&self, request: DeleteQuotes) -> Result<u64, Failure> {
        self.transact(|tx, context| {
            let mut changeset = Changeset::new("quote.delete", "", context);
            let (mut first, mut count) = (String::new(), 0);
            for id in request.ids {
                let Some(number) = delete_draft(tx, id, &mut changeset, context)? else { continue };
                if count == 0 {
                    first = number;
                }
                count += 1;
            }
            apply(tx, changeset, &first, count)
        })
    }
}
