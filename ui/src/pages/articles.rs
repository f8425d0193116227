//! The catalogue, to read.

use commands::{
    ExportList, GetArticle, ListArticleGroups, ListArticles,
    view::{ArticleFilter, ArticleRow, ArticleSort, Order},
};
use domain::{Id, Language, format};
use yew::prelude::*;

use super::{use_answer, use_answer_at};
use crate::{
    allowed::May,
    export::Export,
    form::typed,
    list::{Column, FIRST, Table},
    list_tools::{ListTools, apply_view, json},
    route::Page,
    say::{language, say},
    widget::{Dialog, Go, Head, empty},
};

const SORTS: [ArticleSort; 4] =
    [ArticleSort::Number, ArticleSort::Name, ArticleSort::Group, ArticleSort::Price];

/// By group.
const FIRST_SORT: (usize, Order) = (2, Order::Ascending);

fn cells(row: &ArticleRow) -> Vec<Html> {
    let unit = if language() == Language::De { &row.unit_de } else { &row.unit_en };
    vec![
        html! { <strong>{ &row.number }</strong> },
        html! { &row.name },
        html! { <span class="quiet">{ &row.description }</span> },
        html! { &row.article_group },
        html! { unit },
        html! { format!("{} €", format::unit_price(row.list_price, language())) },
        html! { format!("{} %", format::percent(row.tax_rate, language())) },
    ]
}

#[derive(Properties, PartialEq)]
pub(crate) struct ArticlesProps {
    pub(crate) go: Go,
}

#[component]
pub(crate) fn Articles(props: &ArticlesProps) -> Html {
    let filter = use_state(ArticleFilter::default);
    let sort = use_state(|| FIRST_SORT);
    let window = use_state(|| FIRST);
    let opened = use_state(|| None::<Id>);
    let groups = use_answer(ListArticleGroups {});
    let request = ListArticles {
        filter: (*filter).clone(),
        sort: SORTS[sort.0],
        order: sort.1,
        window: *window,
    };
    let shown = use_answer_at(request, window.offset);
    let apply = apply_view(&filter, &sort, &window);
    let columns = vec![
        Column::new("column-number", "130px", Some(0)).always(),
        Column::new("column-name", "minmax(200px,1.6fr)", Some(1)),
        Column::new("column-description", "minmax(160px,1.8fr)", None).sparest(),
        Column::new("column-group", "140px", Some(2)).spare(),
        Column::new("column-unit", "70px", None),
        Column::new("column-price", "120px", Some(3)).right(),
        Column::new("column-tax", "70px", None).right(),
    ];
    let on_text = {
        let (filter, window) = (filter.clone(), window.clone());
        move |event: InputEvent| {
            filter.set(ArticleFilter { text: typed(&event), ..(*filter).clone() });
            window.set(FIRST);
        }
    };
    let import = {
        let go = props.go.clone();
        move |_: MouseEvent| go.emit(Page::Import)
    };
    let list =
        ExportList::Articles { filter: (*filter).clone(), sort: SORTS[sort.0], order: sort.1 };
    let count = shown.as_ref().map_or(0, |(_, list)| list.total).to_string();
    html! {
        <>
        <Head title={say("nav-articles")} beside={html! { <span class="count">{ count }</span> }}>
            <May entity="article"><button onclick={import.clone()}>{ say("import") }</button></May>
            <Export {list} name="nav-articles" />
        </Head>
        <div class="filters"><input name="filter" type="search" aria-label={say("filter-label")} placeholder={say("filter-hint")} value={filter.text.clone()} oninput={on_text} />
            if let Some(groups) = groups { { for groups.iter().map(|group| {
                let (filter_now, window, name) = (filter.clone(), window.clone(), group.name.clone());
                let on = filter.article_group.as_ref() == Some(&name);
                html! { <button class={classes!("filter", on.then_some("on"))} aria-pressed={on.to_string()} onclick={move |_| { filter_now.set(ArticleFilter { article_group: (!on).then(|| name.clone()), ..(*filter_now).clone() }); window.set(FIRST); }}>{ &group.name }</button> }
            }) } }
            <ListTools name="articles" columns={columns.clone()} filter={json(&*filter)} plain={json(&ArticleFilter::default())} sort={*sort} first_sort={FIRST_SORT} {apply} /></div>
        { match &shown {
            None => html! {},
            Some((_, list)) if list.total == 0 && *filter == ArticleFilter::default() => empty(
                say("no-articles"), say("no-articles-text"),
                html! { <May entity="article"><button class="primary" onclick={import}>{ say("import-data") }</button></May> },
            ),
            Some((_, list)) if list.total == 0 => empty(say("nothing-found"), say("nothing-found-text"), html! {}),
            Some((offset, list)) => {
                let (rows, offset, opened) = (list.rows.clone(), *offset, opened.clone());
                let on_open = Callback::from(move |at: u64| {
                    if let Some(row) = at.checked_sub(offset).and_then(|index| rows.get(usize::try_from(index).ok()?)) { opened.set(Some(row.id)); }
                });
                html! { <Table name="articles" {columns} ids={list.rows.iter().map(|row| row.id).collect::<Vec<_>>()} total={list.total} {offset} rows={list.rows.iter().map(cells).collect::<Vec<_>>()} sort={*sort} label={say("nav-articles")}
                    on_sort={let (sort, window) = (sort.clone(), window.clone()); Callback::from(move |next| { sort.set(next); window.set(FIRST); })}
                    on_window={let window = window.clone(); Callback::from(move |next| window.set(next))} {on_open} /> }
            }
        } }
        if let Some(id) = *opened { <Prices {id} close={let opened = opened.clone(); Callback::from(move |()| opened.set(None))} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PricesProps {
    id: Id,
    close: Callback<()>,
}

#[component]
fn Prices(props: &PricesProps) -> Html {
    let Some(page) = use_answer(GetArticle { id: props.id }) else { return html! {} };
    html! {
        <Dialog title={format!("{} · {}", page.article.number, page.article.name)} close={props.close.clone()}>
            <p class="notes">{ &page.article.description }</p>
            <dl class="pairs"><dt>{ say("list-price") }</dt><dd>{ format!("{} €", format::unit_price(page.article.list_price, language())) }</dd>
                { for page.prices.iter().map(|(name, price)| {
                    let from = if price.from_quantity.0 > 0 { format!(" · {} {}", say("from"), format::quantity(price.from_quantity, language())) } else { String::new() };
                    html! { <><dt>{ format!("{name}{from}") }</dt><dd>{ format!("{} €", format::unit_price(price.unit_price, language())) }</dd></> }
                }) }</dl>
        </Dialog>
    }
}
