use commands::{
    Answer, CloseOpportunity, DeleteOpportunity, Failure, GetBoard, GetForecast, GetOpportunity,
    ListOpportunities, MoveOpportunity, OpportunityPage, SaveOpportunity,
    view::{
        Board, ForecastMonth, OpportunityRow, Order, QuoteFilter, QuoteSort, TaskFilter, Window,
        Windowed,
    },
};
use domain::{Id, Opportunity, close_opportunity, move_opportunity, save_opportunity};

use crate::{App, settings};

impl Answer<GetBoard> for App {
    fn answer(&self, request: GetBoard) -> Result<Board, Failure> {
        Ok(self.open()?.store.board(&request.filter, request.cards)?)
    }
}

impl Answer<GetForecast> for App {
    fn answer(&self, request: GetForecast) -> Result<Vec<ForecastMonth>, Failure> {
        Ok(self.open()?.store.forecast(&request.filter)?)
    }
}

impl Answer<ListOpportunities> for App {
    fn answer(&self, request: ListOpportunities) -> Result<Windowed<OpportunityRow>, Failure> {
        let ListOpportunities { filter, sort, order, window } = request;
        Ok(self.open()?.store.opportunities(&filter, sort, order, window)?)
    }
}

impl Answer<GetOpportunity> for App {
    fn answer(&self, request: GetOpportunity) -> Result<OpportunityPage, Failure> {
        let open = self.open()?;
        let store = &open.store;
        let opportunity: Opportunity = store.get(request.id)?;
        let all = Window { offset: 0, limit: 200 };
        let quotes = QuoteFilter { opportunity_id: Some(opportunity.id), ..QuoteFilter::default() };
        let tasks =
            TaskFilter { customer_id: Some(opportunity.customer_id), ..TaskFilter::default() };
        let mut tasks = store.tasks(&tasks, all)?.rows;
        tasks.retain(|row| row.task.opportunity_id == Some(opportunity.id));
        Ok(OpportunityPage {
            customer: store.get(opportunity.customer_id)?,
            contacts: store.by("customer_id", opportunity.customer_id)?,
            quotes: store.quotes(&quotes, QuoteSort::Date, Order::Descending, all)?.rows,
            tasks,
            opportunity,
        })
    }
}

impl Answer<SaveOpportunity> for App {
    fn answer(&self, request: SaveOpportunity) -> Result<Id, Failure> {
        let mut opportunity = request.opportunity;
        self.transact(|tx, context| {
            let old = tx.find::<Opportunity>(opportunity.id)?;
            if opportunity.number.trim().is_empty() {
                opportunity.number = settings::next_number(tx, "opportunity", context)?;
            }
            let (changeset, saved) = save_opportunity(old.as_ref(), opportunity, context)?;
            tx.apply(&changeset)?;
            Ok(saved.id)
        })
    }
}

impl Answer<MoveOpportunity> for App {
    fn answer(&self, request: MoveOpportunity) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let opportunity: Opportunity = tx.get(request.id)?;
            Ok(tx.apply(&move_opportunity(&opportunity, request.stage, context)?)?)
        })
    }
}

impl Answer<CloseOpportunity> for App {
    fn answer(&self, request: CloseOpportunity) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let opportunity: Opportunity = tx.get(request.id)?;
            let changeset =
                close_opportunity(&opportunity, request.status, &request.reason, context)?;
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<DeleteOpportunity> for App {
    fn answer(&self, request: DeleteOpportunity) -> Result<(), Failure> {
        self.delete(request.id, |opportunity: &Opportunity| opportunity.name.clone())
    }
}
