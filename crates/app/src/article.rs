use commands::{
    Answer, ArticlePage, Failure, GetArticle, ListArticleGroups, ListArticles,
    view::{ArticleGroup, ArticleRow, Windowed},
};
use domain::{Customer, Price, PriceList};

use crate::App;

impl Answer<ListArticles> for App {
    fn answer(&self, request: ListArticles) -> Result<Windowed<ArticleRow>, Failure> {
        let ListArticles { filter, sort, order, window } = request;
        Ok(self.open()?.store.articles(&filter, sort, order, window)?)
    }
}

impl Answer<ListArticleGroups> for App {
    fn answer(&self, _: ListArticleGroups) -> Result<Vec<ArticleGroup>, Failure> {
        Ok(self.open()?.store.article_groups()?)
    }
}

impl Answer<GetArticle> for App {
    fn answer(&self, request: GetArticle) -> Result<ArticlePage, Failure> {
        let open = self.open()?;
        let article = open.store.article(request.id)?;
        let mut prices = Vec::new();
        for price in open.store.by::<Price>("article_id", request.id)? {
            let name = match (price.customer_id, price.price_list_id) {
                (Some(customer), _) => open.store.get::<Customer>(customer)?.name,
                (None, Some(list)) => open.store.get::<PriceList>(list)?.name,
                (None, None) => String::new(),
            };
            prices.push((name, price));
        }
        prices
            .sort_by(|(a, one), (b, other)| (a, one.from_quantity).cmp(&(b, other.from_quantity)));
        Ok(ArticlePage { article, prices })
    }
}
