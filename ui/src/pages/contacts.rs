//! All contacts.

use commands::{
    DeleteContacts, ExportList, ListContacts,
    view::{ContactFilter, ContactRow, ContactSort, Listed, Order},
};
use domain::ContactRole;
use yew::prelude::*;

use super::{order_counted, use_answer_at};
use crate::{
    allowed::May,
    export::Export,
    form::typed,
    list::{Column, FIRST, Table},
    list_tools::{ListTools, apply_view, json},
    route::Page,
    say::say,
    select::{BulkBar, use_selection},
    widget::{Go, Head, chip, empty},
};

const SORTS: [ContactSort; 4] =
    [ContactSort::Name, ContactSort::Customer, ContactSort::Position, ContactSort::Role];

/// By name.
const FIRST_SORT: (usize, Order) = (0, Order::Ascending);

#[derive(Properties, PartialEq)]
pub(crate) struct ContactsProps {
    pub(crate) go: Go,
}

fn cells(row: &ContactRow) -> Vec<Html> {
    let role = match row.role {
        ContactRole::Other => html! {},
        role => chip(
            if role == ContactRole::DecisionMaker { "petrol" } else { "" },
            say(&format!("role-{role}")),
        ),
    };
    let phone = if row.mobile.is_empty() { &row.phone } else { &row.mobile };
    vec![
        html! { <strong>{ format!("{} {} {}", row.title, row.first_name, row.last_name) }</strong> },
        html! { &row.customer },
        html! { &row.position },
        role,
        html! { phone },
        html! { &row.email },
    ]
}

#[component]
pub(crate) fn Contacts(props: &ContactsProps) -> Html {
    let filter = use_state(ContactFilter::default);
    let sort = use_state(|| FIRST_SORT);
    let window = use_state(|| FIRST);
    let request = ListContacts {
        filter: (*filter).clone(),
        sort: SORTS[sort.0],
        order: sort.1,
        window: *window,
    };
    let selection = use_selection(Listed::Contacts((*filter).clone(), SORTS[sort.0]), sort.1);
    let shown = use_answer_at(request, window.offset);
    let apply = apply_view(&filter, &sort, &window);
    let delete = {
        let selection = selection.clone();
        Callback::from(move |ids| {
            let selection = selection.clone();
            order_counted(DeleteContacts { ids }, "contacts-deleted", move || selection.none());
        })
    };
    let columns = vec![
        Column::new("column-name", "minmax(160px,1.4fr)", Some(0)).always(),
        Column::new("column-customer", "minmax(170px,1.8fr)", Some(1)),
        Column::new("column-position", "minmax(120px,1fr)", Some(2)).sparest(),
        Column::new("column-role", "116px", Some(3)),
        Column::new("column-phone", "132px", None),
        Column::new("column-email", "minmax(150px,1.4fr)", None).spare(),
    ];
    let on_text = {
        let (filter, window) = (filter.clone(), window.clone());
        move |event: InputEvent| {
            filter.set(ContactFilter { text: typed(&event), ..(*filter).clone() });
            window.set(FIRST);
        }
    };
    let go = props.go.clone();
    let import = {
        let go = go.clone();
        move |_: MouseEvent| go.emit(Page::Import)
    };
    let list =
        ExportList::Contacts { filter: (*filter).clone(), sort: SORTS[sort.0], order: sort.1 };
    let count = shown.as_ref().map_or(0, |(_, list)| list.total).to_string();
    html! {
        <>
        <Head title={say("nav-contacts")} beside={html! { <span class="count">{ count }</span> }}>
            <May entity="contact"><button onclick={import.clone()}>{ say("import") }</button></May>
            <Export {list} name="nav-contacts" />
        </Head>
        <div class="filters"><input name="filter" type="search" aria-label={say("filter-label")} placeholder={say("filter-hint")} value={filter.text.clone()} oninput={on_text} />
            <ListTools name="contacts" columns={columns.clone()} filter={json(&*filter)} plain={json(&ContactFilter::default())} sort={*sort} first_sort={FIRST_SORT} {apply} /></div>
        <May entity="contact"><BulkBar selection={selection.clone()} total={shown.as_ref().map_or(0, |(_, list)| list.total)} {delete} /></May>
        { match &shown {
            None => html! {},
            Some((_, list)) if list.total == 0 && filter.text.is_empty() => empty(
                say("no-contacts"), say("no-contacts-text"),
                html! { <div class="actions middle"><button onclick={let go = props.go.clone(); move |_| go.emit(Page::Customers)}>{ say("to-customers") }</button><May entity="contact"><button onclick={import}>{ say("import-data") }</button></May></div> },
            ),
            Some((_, list)) if list.total == 0 => empty(say("nothing-found"), say("nothing-found-text"), html! {}),
            Some((offset, list)) => {
                let (rows, offset) = (list.rows.clone(), *offset);
                let on_open = Callback::from(move |at: u64| {
                    if let Some(row) = at.checked_sub(offset).and_then(|index| rows.get(usize::try_from(index).ok()?)) {
                        go.emit(Page::ContactForm(row.id, row.customer_id));
                    }
                });
                html! { <Table name="contacts" {columns} selection={Some(selection.clone())} ids={list.rows.iter().map(|row| row.id).collect::<Vec<_>>()} total={list.total} {offset} rows={list.rows.iter().map(cells).collect::<Vec<_>>()} sort={*sort} label={say("nav-contacts")}
                    on_sort={let (sort, window) = (sort.clone(), window.clone()); Callback::from(move |next| { sort.set(next); window.set(FIRST); })}
                    on_window={let window = window.clone(); Callback::from(move |next| window.set(next))} {on_open} /> }
            }
        } }
        </>
    }
}
