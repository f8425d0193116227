use domain::{
    Article, Customer, Day, Id, Price, Quantity, Tax, TaxKind, UnitPrice,
    price::{find_price, propose_tax},
};
use proptest::prelude::*;

use crate::id;

const ARTICLE: u128 = 1;
const CUSTOMER: u128 = 2;
const LIST: u128 = 3;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn article() -> Article {
    Article { id: id(ARTICLE), list_price: UnitPrice::whole(100), ..Article::default() }
}

fn price(customer: Option<u128>, list: Option<u128>, from: i64, euros: i64) -> Price {
    Price {
        article_id: id(ARTICLE),
        customer_id: customer.map(id),
        price_list_id: list.map(id),
        from_quantity: Quantity(from),
        unit_price: UnitPrice::whole(euros),
        ..Price::default()
    }
}

fn found(prices: &[Price], list: Option<u128>, quantity: i64, on: &str) -> i64 {
    let (list, quantity): (Option<Id>, _) = (list.map(id), Quantity(quantity));
    find_price(&article(), id(CUSTOMER), list, quantity, day(on), prices).0 / UnitPrice::SCALE
}

#[test]
fn the_customers_price_goes_before_the_lists_before_the_articles() {
    let (own, listed) = (price(Some(CUSTOMER), None, 0, 70), price(None, Some(LIST), 0, 80));
    let foreign = [
        price(Some(9), None, 0, 1),
        price(None, Some(9), 0, 2),
        Price { article_id: id(9), ..price(Some(CUSTOMER), None, 0, 3) },
        // Another customer's price, even if it names our list.
        price(Some(9), Some(LIST), 0, 4),
    ];
    let with = |prices: &[&Price]| -> Vec<Price> {
        prices.iter().copied().chain(&foreign).cloned().collect()
    };
    for (prices, list, expected) in [
        (with(&[&own, &listed]), Some(LIST), 70),
        (with(&[&listed, &own]), Some(LIST), 70),
        (with(&[&own, &listed]), None, 70),
        (with(&[&listed]), Some(LIST), 80),
        (with(&[&listed]), None, 100),
        (with(&[&listed]), Some(8), 100),
        (with(&[]), Some(LIST), 100),
        (vec![], None, 100),
    ] {
        assert_eq!(found(&prices, list, 1_000, "2026-11-21"), expected, "{list:?}");
    }
}

#[test]
fn from_quantities_are_reached_to_the_thousandth() {
    let prices =
        [0, 5_000, 10_000].map(|from| price(None, Some(LIST), from, 90 - from / 1_000)).to_vec();
    for (quantity, expected) in [
        (0, 90),
        (1, 90),
        (4_999, 90),
        (5_000, 85),
        (9_999, 85),
        (10_000, 80),
        (1_000_000, 80),
        (-5_000, 90),
    ] {
        assert_eq!(found(&prices, Some(LIST), quantity, "2026-11-21"), expected, "{quantity}");
    }
    // The customer's own from 5 on; below that the list's.
    let own = [prices, vec![price(Some(CUSTOMER), None, 5_000, 60)]].concat();
    assert_eq!(found(&own, Some(LIST), 4_999, "2026-11-21"), 90);
    assert_eq!(found(&own, Some(LIST), 10_000, "2026-11-21"), 60);
}

#[test]
fn prices_are_valid_on_their_first_and_last_day() {
    let within = Price {
        valid_from: Some(day("2026-11-01")),
        valid_until: Some(day("2026-11-30")),
        ..price(None, Some(LIST), 0, 80)
    };
    let from = Price { valid_until: None, unit_price: UnitPrice::whole(75), ..within.clone() };
    let until = Price { valid_from: None, unit_price: UnitPrice::whole(85), ..within.clone() };
    for (prices, on, expected) in [
        (vec![within.clone()], "2026-10-31", 100),
        (vec![within.clone()], "2026-11-01", 80),
        (vec![within.clone()], "2026-11-30", 80),
        (vec![within.clone()], "2026-12-01", 100),
        (vec![from.clone()], "2026-10-31", 100),
        (vec![from.clone()], "2036-11-01", 75),
        (vec![until.clone()], "2016-11-01", 85),
        (vec![until.clone()], "2026-12-01", 100),
        // The newer price takes over on its first day, in whichever order they come.
        (vec![until.clone(), within.clone()], "2026-10-31", 85),
        (vec![until.clone(), within.clone()], "2026-11-01", 80),
        (vec![within, until], "2026-11-01", 80),
    ] {
        assert_eq!(found(&prices, Some(LIST), 1_000, on), expected, "{on}");
    }
}

proptest! {
    /// Against a search that says the rule in another way: rank all prices, take the best.
    #[test]
    fn the_best_price_is_found_in_any_order(
        rows in proptest::collection::vec((0..3_u128, 0..3_u128, 0..4_i64, 0..4_u64, 1..99_i64), 0..12),
        quantity in 0..5_i64,
    ) {
        let start = day("2026-11-01");
        let mut prices: Vec<Price> = rows.iter().map(|(customer, list, from, begins, euros)| Price {
            valid_from: (*begins > 0).then(|| start + chrono::Days::new(*begins)),
            ..price(
                (*customer > 0).then_some(CUSTOMER + *customer - 1),
                (*list > 0).then_some(LIST + *list - 1),
                from * 1_000,
                *euros,
            )
        }).collect();
        prices.dedup_by_key(|price| (price.customer_id, price.price_list_id, price.from_quantity, price.valid_from));
        let rank = |price: &Price| {
            let kind = match (price.customer_id, price.price_list_id) {
                (Some(who), _) if who == id(CUSTOMER) => 2,
                (None, Some(list)) if list == id(LIST) => 1,
                _ => return None,
            };
            let reached = price.from_quantity.0 <= (quantity * 1_000).max(1);
            let begun = price.valid_from.is_none_or(|from| from <= day("2026-11-03"));
            (reached && begun).then_some((kind, price.from_quantity, price.valid_from))
        };
        let best = prices.iter().filter_map(rank).max();
        let expected: Vec<i64> = match best {
            None => vec![100],
            Some(best) => prices.iter()
                .filter(|price| rank(price) == Some(best))
                .map(|price| price.unit_price.0 / UnitPrice::SCALE)
                .collect(),
        };
        prop_assert!(expected.contains(&found(&prices, Some(LIST), quantity * 1_000, "2026-11-03")));
        prices.reverse();
        prop_assert!(expected.contains(&found(&prices, Some(LIST), quantity * 1_000, "2026-11-03")));
    }
}

#[test]
fn tax_is_proposed_by_country_and_vat_id() {
    let taxes: Vec<Tax> = TaxKind::ALL
        .iter()
        .map(|kind| Tax { kind: *kind, name: kind.to_string(), ..Tax::default() })
        .collect();
    let own = Tax { kind: TaxKind::Reduced, ..Tax::default() };
    for (country, vat_id, small_business, expected) in [
        ("DE", "", false, TaxKind::Reduced),
        ("DE", "DE811907980", false, TaxKind::Reduced),
        ("", "", false, TaxKind::Reduced),
        ("AT", "ATU13585627", false, TaxKind::IntraCommunity),
        ("AT", "", false, TaxKind::Reduced),
        ("CH", "", false, TaxKind::Export),
        ("US", "DE811907980", false, TaxKind::Export),
        ("DE", "", true, TaxKind::SmallBusiness),
        ("CH", "", true, TaxKind::SmallBusiness),
    ] {
        let customer = Customer { vat_id: vat_id.into(), ..Customer::default() };
        let proposed = propose_tax(&own, &customer, country, "DE", small_business, &taxes);
        assert_eq!(proposed.kind, expected, "{country} {vat_id} {small_business}");
        // Where there is no such tax, the article's own.
        let proposed = propose_tax(&own, &customer, country, "DE", small_business, &[]);
        assert_eq!(proposed.kind, TaxKind::Reduced);
    }
}
