//! What the open opportunities should bring, by month: a chart and its table.

use chrono::{Datelike, Months};
use commands::{
    GetForecast,
    view::{ForecastMonth, OpportunityFilter},
};
use domain::{Day, Money, format};
use yew::prelude::*;

use super::use_answer;
use crate::{
    clock,
    say::{language, say},
    widget::{chip, empty},
};

/// Months without any are shown up to here, so that the chart stays readable.
const MOST: usize = 24;
/// The chart's size in its own units.
const WIDTH: i64 = 960;
const HEIGHT: i64 = 240;

#[derive(Properties, PartialEq)]
pub(crate) struct ForecastProps {
    pub(crate) filter: OpportunityFilter,
}

/// The months in order with those between that have none; those without a date last.
fn filled(months: &[ForecastMonth]) -> Vec<ForecastMonth> {
    let mut all: Vec<ForecastMonth> = Vec::new();
    for month in months {
        if let (Some(day), Some(last)) = (month.month, all.last().and_then(|last| last.month)) {
            let mut next = last + Months::new(1);
            while next < day && all.len() < MOST {
                all.push(ForecastMonth { month: Some(next), ..ForecastMonth::default() });
                next = next + Months::new(1);
            }
        }
        all.push(month.clone());
    }
    all
}

fn is_over(month: &ForecastMonth) -> bool {
    month.month.is_some_and(|month| month + Months::new(1) <= clock::today())
}

fn name(month: Option<Day>) -> String {
    month.map_or_else(
        || say("forecast-undated"),
        |month| format!("{} {}", say(&format!("month-{}", month.month())), month.year()),
    )
}

#[component]
pub(crate) fn Forecast(props: &ForecastProps) -> Html {
    let Some(months) = use_answer(GetForecast { filter: props.filter.clone() }) else {
        return html! {};
    };
    if months.is_empty() {
        return empty(say("forecast-empty"), say("forecast-empty-text"), html! {});
    }
    let all = filled(&months);
    let money = |sum: Money| format::money_round(sum, language());
    let count: u64 = all.iter().map(|month| month.count).sum();
    let value: Money = all.iter().map(|month| month.value).sum();
    let weighted: Money = all.iter().map(|month| month.weighted).sum();
    html! {
        <div class="forecast" tabindex="0" role="region" aria-label={say("forecast")}>
            <p class="sums">{ say("sum-open") }<b>{ money(value) }</b>{ say("sum-weighted") }<b>{ money(weighted) }</b>
                <span class="legend"><i class="sum"></i>{ say("forecast-sum") }<i class="weighted"></i>{ say("forecast-weighted") }</span></p>
            { chart(&all) }
            <table class="plain">
                <thead><tr><th>{ say("forecast-month") }</th><td></td><th class="right">{ say("forecast-count") }</th><th class="right">{ say("forecast-sum") }</th><th class="right">{ say("forecast-weighted") }</th></tr></thead>
                <tbody>{ for all.iter().map(|month| html! {
                    <tr class={classes!((month.count == 0).then_some("quiet"))}>
                        <th scope="row">{ name(month.month) }</th>
                        <td>if is_over(month) && month.count > 0 { { chip("warm", say("forecast-overdue")) } }</td>
                        <td class="right">{ month.count }</td><td class="right">{ money(month.value) }</td><td class="right">{ money(month.weighted) }</td>
                    </tr>
                }) }</tbody>
                <tfoot><tr><th scope="row">{ say("forecast-total") }</th><td></td><td class="right">{ count }</td><td class="right">{ money(value) }</td><td class="right">{ money(weighted) }</td></tr></tfoot>
            </table>
        </div>
    }
}

/// A round number of euros at least as large, in cents: what the scale ends with.
fn round_up(cents: i64) -> i64 {
    let mut step = 10_000;
    while step * 10 < cents {
        step *= 10;
    }
    [1, 2, 3, 4, 5, 6, 8, 10]
        .into_iter()
        .map(|times| times * step)
        .find(|top| *top >= cents)
        .unwrap_or(cents)
}

/// Two bars a month: the sum, and before it the weighted one. The table says the same in words.
fn chart(months: &[ForecastMonth]) -> Html {
    let most = months.iter().map(|month| month.value.0).max().unwrap_or(0).max(1);
    let top = round_up(most);
    let (left, bottom) = (92, HEIGHT - 26);
    let room = i64::try_from(months.len()).unwrap_or(1).max(1);
    let each = (WIDTH - left) / room;
    let bar = (each * 6 / 10).clamp(6, 54);
    let height = |sum: Money| {
        i64::try_from(i128::from(sum.0.max(0)) * i128::from(bottom - 12) / i128::from(top))
            .unwrap_or(0)
    };
    let lines = (0..=4).map(|quarter| {
        let y = bottom - (bottom - 12) * quarter / 4;
        html! { <>
            <line class="scale" x1={left.to_string()} x2={WIDTH.to_string()} y1={y.to_string()} y2={y.to_string()} />
            <text class="scale" x={(left - 8).to_string()} y={(y + 4).to_string()} text-anchor="end">{ format::money_round(Money(top * quarter / 4), language()) }</text>
        </> }
    });
    let bars = months.iter().zip(0..).map(|(month, index)| {
        let x = left + each * index + (each - bar) / 2;
        let (sum, weighted) = (height(month.value), height(month.weighted));
        let short = month.month.map_or_else(|| "?".to_owned(), |day| {
            let letters: String = say(&format!("month-{}", day.month())).chars().take(3).collect();
            if day.month() == 1 || index == 0 { format!("{letters} {:02}", day.year() % 100) } else { letters }
        });
        let said = format!("{}: {} · {}", name(month.month), format::money_round(month.value, language()), format::money_round(month.weighted, language()));
        html! { <g>
            <title>{ said }</title>
            <rect class="hit" x={(left + each * index).to_string()} y="0" width={each.to_string()} height={bottom.to_string()} />
            <rect class="sum" x={x.to_string()} y={(bottom - sum).to_string()} width={bar.to_string()} height={sum.to_string()} rx="3" />
            <rect class="weighted" x={x.to_string()} y={(bottom - weighted).to_string()} width={bar.to_string()} height={weighted.to_string()} rx="3" />
            <text class={classes!(is_over(month).then_some("over"))} x={(x + bar / 2).to_string()} y={(HEIGHT - 8).to_string()} text-anchor="middle">{ short }</text>
        </g> }
    });
    html! {
        <svg class="chart" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={say("forecast-chart")}>
            { for lines }
            { for bars }
        </svg>
    }
}
