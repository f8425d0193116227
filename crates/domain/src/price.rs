//! Which price and tax a line begins with.

use crate::{Article, Customer, Day, Id, Price, Quantity, Tax, TaxKind, UnitPrice, country::in_eu};

/// The price of an article: the customer's own, else the price list's, else the list price; of
/// several that are valid on the day the one with the highest from-quantity that is reached.
#[must_use]
pub fn find_price(
    article: &Article,
    customer: Id,
    price_list: Option<Id>,
    quantity: Quantity,
    day: Day,
    prices: &[Price],
) -> UnitPrice {
    let valid = |price: &&Price| {
        price.article_id == article.id
            && price.from_quantity <= quantity.max(Quantity(1))
            && price.valid_from.is_none_or(|from| from <= day)
            && price.valid_until.is_none_or(|until| day <= until)
    };
    let best = |chosen: &dyn Fn(&Price) -> bool| {
        prices
            .iter()
            .filter(valid)
            .filter(|price| chosen(price))
            .max_by_key(|price| (price.from_quantity, price.valid_from))
            .map(|price| price.unit_price)
    };
    best(&|price| price.customer_id == Some(customer))
        .or_else(|| {
            let list = price_list?;
            best(&|price| price.customer_id.is_none() && price.price_list_id == Some(list))
        })
        .unwrap_or(article.list_price)
}

/// The tax that is proposed for an article: the article's own at home; for a business with a
/// VAT id elsewhere in the EU intra-community supply (§ 6a UStG); outside the EU export
/// (§ 6 UStG); none for a small business (§ 19 UStG). The user can change it.
#[must_use]
pub fn propose_tax<'a>(
    article_tax: &'a Tax,
    customer: &Customer,
    customer_country: &str,
    our_country: &str,
    small_business: bool,
    taxes: &'a [Tax],
) -> &'a Tax {
    let wanted = if small_business {
        TaxKind::SmallBusiness
    } else if customer_country == our_country || customer_country.is_empty() {
        return article_tax;
    } else if !in_eu(customer_country) {
        TaxKind::Export
    } else if !customer.vat_id.is_empty() {
        TaxKind::IntraCommunity
    } else {
        return article_tax;
    };
    taxes.iter().find(|tax| tax.kind == wanted).unwrap_or(article_tax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_special_price_wins() {
        let [article_id, customer, other, list] =
            [1, 2, 3, 4].map(|n| Id(uuid::Uuid::from_u128(n)));
        let article =
            Article { id: article_id, list_price: UnitPrice::whole(100), ..Article::default() };
        let day = Day::from_ymd_opt(2026, 11, 21).unwrap();
        let price = |customer_id, price_list_id, from: i64, price: i64| Price {
            article_id,
            customer_id,
            price_list_id,
            from_quantity: Quantity::whole(from),
            unit_price: UnitPrice::whole(price),
            ..Price::default()
        };
        let mut prices = vec![
            price(None, Some(list), 0, 90),
            price(None, Some(list), 10, 80),
            price(Some(customer), None, 5, 70),
        ];
        let found = |who, list, quantity, prices: &[Price]| {
            find_price(&article, who, list, Quantity::whole(quantity), day, prices).0 / 10_000
        };
        assert_eq!(found(other, None, 1, &prices), 100);
        assert_eq!(found(other, Some(list), 1, &prices), 90);
        assert_eq!(found(other, Some(list), 10, &prices), 80);
        assert_eq!(found(customer, Some(list), 4, &prices), 90);
        assert_eq!(found(customer, Some(list), 5, &prices), 70);
        prices[1].valid_until = day.pred_opt();
        assert_eq!(found(other, Some(list), 10, &prices), 90);
        prices[0].valid_from = day.succ_opt();
        assert_eq!(found(other, Some(list), 10, &prices), 100);
    }
}
