use commands::{
    Answer, Choices, Failure, GetChoices, GetToday, PickRecords, Search,
    view::{SearchHit, Today},
};
use domain::{Id, Instant};

use crate::{App, day_span, today};

impl Answer<Search> for App {
    fn answer(&self, request: Search) -> Result<Vec<SearchHit>, Failure> {
        let limit = usize::try_from(request.limit.min(200)).unwrap_or(200);
        Ok(self.open()?.store.search(&request.text, &request.kinds, limit)?)
    }
}

impl Answer<GetChoices> for App {
    fn answer(&self, _: GetChoices) -> Result<Choices, Failure> {
        let open = self.open()?;
        let store = &open.store;
        Ok(Choices {
            categories: store.all()?,
            tags: store.all()?,
            users: store.all()?,
            territories: store.all()?,
            price_lists: store.all()?,
            payment_terms: store.all()?,
            taxes: store.all()?,
            units: store.all()?,
            user_id: open.user_id(),
        })
    }
}

impl Answer<PickRecords> for App {
    fn answer(&self, request: PickRecords) -> Result<Vec<Id>, Failure> {
        Ok(self.open()?.store.pick(&request.listed, request.order, request.window)?)
    }
}

impl Answer<GetToday> for App {
    fn answer(&self, _: GetToday) -> Result<Today, Failure> {
        let open = self.open()?;
        Ok(open.store.today(open.user_id(), &day_span(today()), Instant::now())?)
    }
}
