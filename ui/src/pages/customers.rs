//! All customers: filter as you type, sort by column.

use commands::{
    ExportList, GetChoices, ListCustomers,
    view::{CustomerFilter, CustomerRow, CustomerSort, Listed, Order},
};
use domain::{CustomerStatus, Id, Money, format};
use yew::prelude::*;

use super::{customers_bulk::CustomersBulk, use_answer, use_answer_at};
use crate::{
    allowed::{May, use_may},
    clock,
    export::Export,
    form::typed,
    list::{Column, FIRST, Table},
    list_tools::{ListTools, apply_view, json},
    route::Page,
    say::{language, say, say_with},
    select::use_selection,
    session::World,
    widget::{Go, Head, empty, id_text, status},
};

const SORTS: [CustomerSort; 6] = [
    CustomerSort::Number,
    CustomerSort::Name,
    CustomerSort::City,
    CustomerSort::Category,
    CustomerSort::LastContact,
    CustomerSort::OpenValue,
];

/// By name.
const FIRST_SORT: (usize, Order) = (1, Order::Ascending);

#[derive(Properties, PartialEq)]
pub(crate) struct CustomersProps {
    pub(crate) go: Go,
}

fn cells(row: &CustomerRow) -> Vec<Html> {
    let open = if row.open_value == Money::ZERO {
        String::new()
    } else {
        format::money_round(row.open_value, language())
    };
    vec![
        html! { <span class="quiet">{ &row.number }</span> },
        html! { <strong>{ &row.name }</strong> },
        html! { format!("{} {}", row.postal_code, row.city) },
        html! { &row.contact },
        html! { &row.category },
        match row.status {
            CustomerStatus::Active => html! {},
            other => status(other.as_str()),
        },
        html! { row.last_contact_at.map(clock::short).unwrap_or_default() },
        html! { open },
        html! { <span class="quiet">{ &row.owner }</span> },
    ]
}

#[component]
pub(crate) fn Customers(props: &CustomersProps) -> Html {
    let filter = use_state(CustomerFilter::default);
    let sort = use_state(|| FIRST_SORT);
    let window = use_state(|| FIRST);
    let choices = use_answer(GetChoices {});
    let may = use_may("customer");
    let is_filling = use_context::<World>().is_some_and(|world| world.is_filling());
    let request = ListCustomers {
        filter: (*filter).clone(),
        sort: SORTS[sort.0],
        order: sort.1,
        window: *window,
    };
    let selection = use_selection(Listed::Customers((*filter).clone(), SORTS[sort.0]), sort.1);
    let shown = use_answer_at(request, window.offset);
    let apply = apply_view(&filter, &sort, &window);
    let columns = vec![
        Column::new("column-number", "84px", Some(0)).spare(),
        Column::new("column-name", "minmax(180px,2.2fr)", Some(1)).always(),
        Column::new("column-city", "minmax(120px,1.2fr)", Some(2)),
        Column::new("column-contact", "minmax(120px,1.1fr)", None).spare(),
        Column::new("column-category", "80px", Some(3)).sparest(),
        Column::new("column-status", "88px", None),
        Column::new("column-last-contact", "100px", Some(4)),
        Column::new("column-open", "96px", Some(5)).right(),
        Column::new("column-owner", "44px", None).sparest(),
    ];
    let refilter = {
        let (filter, window) = (filter.clone(), window.clone());
        Callback::from(move |next: CustomerFilter| {
            filter.set(next);
            window.set(FIRST);
        })
    };
    let on_text = {
        let (filter, refilter) = (filter.clone(), refilter.clone());
        Callback::from(move |event: InputEvent| {
            refilter.emit(CustomerFilter { text: typed(&event), ..(*filter).clone() });
        })
    };
    let go = props.go.clone();
    let import = {
        let go = go.clone();
        move |_: MouseEvent| go.emit(Page::Import)
    };
    let list =
        ExportList::Customers { filter: (*filter).clone(), sort: SORTS[sort.0], order: sort.1 };
    let new = {
        let go = go.clone();
        move |_| go.emit(Page::CustomerForm(Id::NIL))
    };
    let count = shown.as_ref().map_or(0, |(_, list)| list.total).to_string();
    html! {
        <>
        <Head title={say("nav-customers")} beside={html! { <span class="count">{ count.clone() }</span> }}>
            <May entity="customer"><button onclick={import.clone()}>{ say("import") }</button></May>
            <Export {list} name="nav-customers" />
            <May entity="customer"><button class="primary" id="new-customer" onclick={new.clone()}>{ say("new-customer") }<kbd>{ say("key-new") }</kbd></button></May>
        </Head>
        <div class="filters">
            <input name="filter" type="search" aria-label={say("filter-label")} placeholder={say("filter-hint")} value={filter.text.clone()} oninput={on_text} />
            { for [None, Some(CustomerStatus::Active), Some(CustomerStatus::Inactive), Some(CustomerStatus::Blocked)].into_iter().map(|wanted| {
                let (filter_now, refilter) = (filter.clone(), refilter.clone());
                let name = wanted.map_or_else(|| say("all"), |status| say(&format!("status-{status}")));
                html! {
                    <button class={classes!("filter", (filter.status == wanted).then_some("on"))} aria-pressed={(filter.status == wanted).to_string()}
                        onclick={move |_| refilter.emit(CustomerFilter { status: wanted, ..(*filter_now).clone() })}>{ name }</button>
                }
            }) }
            if let Some(choices) = &choices {
                { category_filter(choices, &filter, &refilter) }
                { mine_filter(choices, &filter, &refilter) }
            }
            <ListTools name="customers" columns={columns.clone()} filter={json(&*filter)} plain={json(&CustomerFilter::default())} sort={*sort} first_sort={FIRST_SORT} {apply} />
        </div>
        if let Some(choices) = choices.as_ref().filter(|_| may) {
            <CustomersBulk selection={selection.clone()} total={shown.as_ref().map_or(0, |(_, list)| list.total)} choices={choices.clone()} />
        }
        { match &shown {
            None => html! {},
            Some((_, list)) if list.total == 0 && is_filling => empty(say("filling"), say("filling-text"), html! {}),
            Some((_, list)) if list.total == 0 && *filter == CustomerFilter::default() => empty(
                say("no-customers"), say("no-customers-text"),
                html! { <May entity="customer"><div class="actions middle"><button class="primary" onclick={new}>{ say("new-customer") }</button><button onclick={import.clone()}>{ say("import-data") }</button></div></May> },
            ),
            Some((_, list)) if list.total == 0 => empty(say("nothing-found"), say("nothing-found-text"), html! {}),
            Some((offset, list)) => {
                let rows = list.rows.clone();
                let offset = *offset;
                let on_open = Callback::from(move |at: u64| {
                    if let Some(row) = at.checked_sub(offset).and_then(|index| rows.get(usize::try_from(index).ok()?)) {
                        go.emit(Page::Customer(row.id));
                    }
                });
                html! {
                    <Table name="customers" {columns} selection={Some(selection.clone())} ids={list.rows.iter().map(|row| row.id).collect::<Vec<_>>()} total={list.total} {offset} rows={list.rows.iter().map(cells).collect::<Vec<_>>()}
                        sort={*sort} label={say_with("customers-count", &[("count", &count)])}
                        on_sort={let (sort, window) = (sort.clone(), window.clone()); Callback::from(move |next| { sort.set(next); window.set(FIRST); })}
                        on_window={let window = window.clone(); Callback::from(move |next| window.set(next))} {on_open} />
                }
            }
        } }
        </>
    }
}

fn category_filter(
    choices: &commands::Choices,
    filter: &CustomerFilter,
    refilter: &Callback<CustomerFilter>,
) -> Html {
    let (now, refilter) = (filter.clone(), refilter.clone());
    let onchange = move |event: Event| {
        let category_id = crate::form::value_of(&event).parse().ok();
        refilter.emit(CustomerFilter { category_id, ..now.clone() });
    };
    let chosen = id_text(filter.category_id);
    html! {
        <select aria-label={say("column-category")} {onchange}>
            <option value="" selected={chosen.is_empty()}>{ say("any-category") }</option>
            { for choices.categories.iter().map(|category| html! {
                <option value={category.id.to_string()} selected={chosen == category.id.to_string()}>{ &category.name }</option>
            }) }
        </select>
    }
}

fn mine_filter(
    choices: &commands::Choices,
    filter: &CustomerFilter,
    refilter: &Callback<CustomerFilter>,
) -> Html {
    let on = filter.owner_id.is_some();
    let owner_id = (!on).then_some(choices.user_id);
    let (now, refilter) = (filter.clone(), refilter.clone());
    html! {
        <button class={classes!("filter", on.then_some("on"))} aria-pressed={on.to_string()}
            onclick={move |_| refilter.emit(CustomerFilter { owner_id, ..now.clone() })}>{ say("mine") }</button>
    }
}
