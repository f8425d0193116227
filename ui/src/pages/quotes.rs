//! All quotes.

use commands::{
    DeleteQuotes, ExportList, ListQuotes,
    view::{Listed, Order, QuoteFilter, QuoteRow, QuoteSort},
};
use domain::{QuoteStatus, format};
use yew::prelude::*;

use super::{order_counted, use_answer_at};
use crate::{
    allowed::May,
    export::Export,
    form::typed,
    list::{Column, FIRST, Table},
    list_tools::{ListTools, apply_view, json},
    route::Page,
    say::{language, say},
    select::{BulkBar, use_selection},
    widget::{Go, Head, empty, status},
};

const SORTS: [QuoteSort; 6] = [
    QuoteSort::Number,
    QuoteSort::Customer,
    QuoteSort::Date,
    QuoteSort::ValidUntil,
    QuoteSort::Status,
    QuoteSort::Gross,
];

/// The newest first.
const FIRST_SORT: (usize, Order) = (2, Order::Descending);

#[derive(Properties, PartialEq)]
pub(crate) struct QuotesProps {
    pub(crate) go: Go,
}

fn cells(row: &QuoteRow) -> Vec<Html> {
    let revision =
        if row.revision > 1 { format!(" · Rev. {}", row.revision) } else { String::new() };
    vec![
        html! { <strong>{ format!("{}{revision}", row.number) }</strong> },
        html! { &row.customer },
        html! { &row.subject },
        html! { format::day(row.date, language()) },
        html! { format::day(row.valid_until, language()) },
        status(row.status.as_str()),
        html! { format::money(row.gross_total, "EUR", language()) },
        html! { <span class="quiet">{ &row.owner }</span> },
    ]
}

#[component]
pub(crate) fn Quotes(props: &QuotesProps) -> Html {
    let filter = use_state(QuoteFilter::default);
    let sort = use_state(|| FIRST_SORT);
    let window = use_state(|| FIRST);
    let request = ListQuotes {
        filter: (*filter).clone(),
        sort: SORTS[sort.0],
        order: sort.1,
        window: *window,
    };
    let selection = use_selection(Listed::Quotes((*filter).clone(), SORTS[sort.0]), sort.1);
    let shown = use_answer_at(request, window.offset);
    let apply = apply_view(&filter, &sort, &window);
    let delete = {
        let selection = selection.clone();
        Callback::from(move |ids| {
            let selection = selection.clone();
            order_counted(DeleteQuotes { ids }, "quotes-deleted", move || selection.none());
        })
    };
    let columns = vec![
        Column::new("column-number", "150px", Some(0)).always(),
        Column::new("column-customer", "minmax(160px,1.6fr)", Some(1)),
        Column::new("column-subject", "minmax(120px,1.2fr)", None).spare(),
        Column::new("column-date", "92px", Some(2)).sparest(),
        Column::new("column-valid", "92px", Some(3)),
        Column::new("column-status", "104px", Some(4)),
        Column::new("column-gross", "116px", Some(5)).right(),
        Column::new("column-owner", "44px", None).sparest(),
    ];
    let on_text = {
        let (filter, window) = (filter.clone(), window.clone());
        move |event: InputEvent| {
            filter.set(QuoteFilter { text: typed(&event), ..(*filter).clone() });
            window.set(FIRST);
        }
    };
    let go = props.go.clone();
    let list = ExportList::Quotes { filter: (*filter).clone(), sort: SORTS[sort.0], order: sort.1 };
    let count = shown.as_ref().map_or(0, |(_, list)| list.total).to_string();
    let shown_statuses = [
        None,
        Some(QuoteStatus::Draft),
        Some(QuoteStatus::Sent),
        Some(QuoteStatus::Accepted),
        Some(QuoteStatus::Rejected),
        Some(QuoteStatus::Expired),
    ];
    html! {
        <>
        <Head title={say("nav-quotes")} beside={html! { <span class="count">{ count }</span> }}>
            <Export {list} name="nav-quotes" />
        </Head>
        <div class="filters"><input name="filter" type="search" aria-label={say("filter-label")} placeholder={say("filter-hint")} value={filter.text.clone()} oninput={on_text} />
            { for shown_statuses.into_iter().map(|wanted| {
                let (filter_now, window, on) = (filter.clone(), window.clone(), filter.status == wanted);
                let name = wanted.map_or_else(|| say("all"), |status| say(&format!("status-{status}")));
                html! { <button class={classes!("filter", on.then_some("on"))} aria-pressed={on.to_string()} onclick={move |_| { filter_now.set(QuoteFilter { status: wanted, ..(*filter_now).clone() }); window.set(FIRST); }}>{ name }</button> }
            }) }
            <ListTools name="quotes" columns={columns.clone()} filter={json(&*filter)} plain={json(&QuoteFilter::default())} sort={*sort} first_sort={FIRST_SORT} {apply} /></div>
        <May entity="quote"><BulkBar selection={selection.clone()} total={shown.as_ref().map_or(0, |(_, list)| list.total)} {delete} /></May>
        { match &shown {
            None => html! {},
            Some((_, list)) if list.total == 0 && *filter == QuoteFilter::default() => empty(
                say("no-quotes"), say("no-quotes-text"),
                html! { <button onclick={move |_| go.emit(Page::Customers)}>{ say("to-customers") }</button> },
            ),
            Some((_, list)) if list.total == 0 => empty(say("nothing-found"), say("nothing-found-text"), html! {}),
            Some((offset, list)) => {
                let (rows, offset) = (list.rows.clone(), *offset);
                let on_open = Callback::from(move |at: u64| {
                    if let Some(row) = at.checked_sub(offset).and_then(|index| rows.get(usize::try_from(index).ok()?)) { go.emit(Page::Quote(row.id)); }
                });
                html! { <Table name="quotes" {columns} selection={Some(selection.clone())} ids={list.rows.iter().map(|row| row.id).collect::<Vec<_>>()} total={list.total} {offset} rows={list.rows.iter().map(cells).collect::<Vec<_>>()} sort={*sort} label={say("nav-quotes")}
                    on_sort={let (sort, window) = (sort.clone(), window.clone()); Callback::from(move |next| { sort.set(next); window.set(FIRST); })}
                    on_window={let window = window.clone(); Callback::from(move |next| window.set(next))} {on_open} /> }
            }
        } }
        </>
    }
}
