//! Opportunities: a board by stage, a list, a forecast.

use commands::{
    DeleteOpportunities, GetBoard, GetChoices, ListOpportunities, MoveOpportunity,
    view::{BoardCard, Listed, OpportunityFilter, OpportunityRow, OpportunitySort, Order},
};
use domain::{Id, Money, Stage, format};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use super::{forecast::Forecast, order, order_counted, use_answer, use_answer_at};
use crate::{
    allowed::{May, use_may},
    form::typed,
    list::{Column, FIRST, Table},
    list_tools::{ListTools, json},
    pointer::{Pointer, use_pointer},
    remember::use_remembered,
    route::Page,
    say::{language, say, say_with},
    select::{BulkBar, use_selection},
    widget::{Go, Head, chip, empty, status},
};

/// Cards shown in a column; the list shows all.
const CARDS: u32 = 50;

/// How they are shown.
#[derive(Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum View {
    #[default]
    Board,
    List,
    Forecast,
}

#[derive(Properties, PartialEq)]
pub(crate) struct OpportunitiesProps {
    pub(crate) go: Go,
}

#[component]
pub(crate) fn Opportunities(props: &OpportunitiesProps) -> Html {
    let (kept, remember) = use_remembered::<View>("opportunities");
    let view = kept.unwrap_or_default();
    let filter = use_state(OpportunityFilter::default);
    let choices = use_answer(GetChoices {});
    let mine = filter.owner_id.is_some();
    let toggle_mine = {
        let filter = filter.clone();
        let user = choices.as_ref().map(|choices| choices.user_id);
        move |_| {
            filter.set(OpportunityFilter {
                owner_id: if mine { None } else { user },
                ..(*filter).clone()
            })
        }
    };
    let on_text = {
        let filter = filter.clone();
        move |event: InputEvent| {
            filter.set(OpportunityFilter { text: typed(&event), ..(*filter).clone() })
        }
    };
    let go = props.go.clone();
    let choice = |one: View, name: &str| {
        let remember = remember.clone();
        html! { <button class={classes!("filter", (view == one).then_some("on"))} aria-pressed={(view == one).to_string()} onclick={move |_| remember.emit(one)}>{ say(name) }</button> }
    };
    let refilter = {
        let filter = filter.setter();
        Callback::from(move |next: OpportunityFilter| filter.set(next))
    };
    let filters = html! { <>
            <input name="filter" type="search" aria-label={say("filter-label")} placeholder={say("filter-hint")} value={filter.text.clone()} oninput={on_text} />
            <button class={classes!("filter", mine.then_some("on"))} aria-pressed={mine.to_string()} onclick={toggle_mine}>{ say("mine") }</button>
    </> };
    html! {
        <>
        <Head title={say("nav-opportunities")}>
            <span class="switch">{ choice(View::Board, "board") }{ choice(View::List, "list") }{ choice(View::Forecast, "forecast") }</span>
            <May entity="opportunity"><button class="primary" onclick={let go = go.clone(); move |_| go.emit(Page::Opportunity(Id::NIL, Id::NIL))}>{ say("new-opportunity") }</button></May>
        </Head>
        { match view {
            View::Board => html! { <><div class="filters">{ filters }</div><BoardView filter={(*filter).clone()} {go} /></> },
            View::List => html! { <OpportunityList {filters} filter={(*filter).clone()} {go} {refilter} /> },
            View::Forecast => html! { <><div class="filters">{ filters }</div><Forecast filter={(*filter).clone()} /></> },
        } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ViewProps {
    filter: OpportunityFilter,
    go: Go,
}

fn move_to(id: Id, name: &str, stage: Stage) {
    let said = say_with("moved", &[("what", name), ("stage", &say(&format!("stage-{stage}")))]);
    order(MoveOpportunity { id, stage }, Some(said), |()| {});
}

/// The stage so many columns away, if there is one.
fn beside(stage: Stage, by: isize) -> Option<Stage> {
    let at = Stage::ALL.iter().position(|one| *one == stage)?;
    Stage::ALL.get(at.checked_add_signed(by)?).copied()
}

/// Where there are none: what one is, and how to begin.
fn begin(title: &str, go: &Go) -> Html {
    let go = go.clone();
    let new = move |_| go.emit(Page::Opportunity(Id::NIL, Id::NIL));
    empty(
        say(title),
        say("no-opportunities-text"),
        html! { <May entity="opportunity"><button class="primary" onclick={new}>{ say("new-opportunity") }</button></May> },
    )
}

#[component]
fn BoardView(props: &ViewProps) -> Html {
    let pointer = use_pointer::<BoardCard>("data-stage");
    let may = use_may("opportunity");
    let Some(board) = use_answer(GetBoard { filter: props.filter.clone(), cards: CARDS }) else {
        return html! {};
    };
    if board.columns.iter().all(|column| column.count == 0) {
        return if props.filter == OpportunityFilter::default() {
            begin("no-open-board", &props.go)
        } else {
            empty(say("nothing-found"), say("nothing-found-text"), html! {})
        };
    }
    let sum: Money = board.columns.iter().map(|column| column.value).sum();
    let weighted: Money = board.columns.iter().map(|column| column.weighted).sum();
    let money = |sum: Money| format::money_round(sum, language());
    let (dragged, over) = pointer.now().unzip();
    let over = over.flatten();
    html! {
        <>
        if let Some(card) = dragged { { pointer.ghost(html! { <><strong>{ card.name }</strong><div class="quiet">{ card.customer }</div></> }) } }
        <p class="sums">{ say("sum-open") }<b>{ money(sum) }</b>{ say("sum-weighted") }<b>{ money(weighted) }</b><span class="quiet">{ say(if may { "board-keys" } else { "role-may-not" }) }</span></p>
        <div class="board">{ for board.columns.iter().map(|column| {
            let stage = column.stage;
            let target = over.as_deref() == Some(stage.as_str());
            html! {
                <section class={classes!("column", target.then_some("target"))} data-stage={stage.as_str()}>
                    <h2>{ say(&format!("stage-{stage}")) }<span>{ format!("{} %", stage.probability()) }</span></h2>
                    <p class="quiet">{ format!("{} · {}", column.count, money(column.value)) }</p>
                    { for column.cards.iter().map(|card| board_card(card, (stage, may), &pointer, &props.go)) }
                    if column.count > column.cards.len() as u64 {
                        <p class="quiet">{ say_with("more-in-list", &[("count", &(column.count - column.cards.len() as u64).to_string())]) }</p>
                    }
                </section>
            }
        }) }</div>
        </>
    }
}

/// A card in its column, which may be moved or not.
fn board_card(
    card: &BoardCard,
    (stage, may): (Stage, bool),
    pointer: &Pointer<BoardCard>,
    go: &Go,
) -> Html {
    let (id, name, customer) = (card.id, card.name.clone(), card.customer_id);
    let release = pointer.release(Callback::from(move |(card, over): (BoardCard, String)| {
        if let Some(to) = Stage::from_text(&over).filter(|to| may && *to != stage) {
            move_to(card.id, &card.name, to);
        }
    }));
    let dragged = pointer.now().is_some_and(|(card, _)| card.id == id);
    let open = {
        let (go, pointer) = (go.clone(), pointer.clone());
        move |_| {
            if !pointer.was_drag() {
                go.emit(Page::Opportunity(id, customer));
            }
        }
    };
    let onkeydown = {
        let go = go.clone();
        move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowRight" if event.alt_key() => 1,
                "ArrowLeft" if event.alt_key() => -1,
                "Enter" => return go.emit(Page::Opportunity(id, customer)),
                _ => return,
            };
            event.prevent_default();
            if let Some(stage) = beside(stage, by).filter(|_| may) {
                move_to(id, &name, stage);
            }
        }
    };
    html! {
        <article class={classes!("card", "board-card", dragged.then_some("moving"))} key={id.to_string()} tabindex="0" onpointerdown={pointer.take(card.clone())}
            onpointermove={pointer.follow()} onpointerup={release} onpointercancel={pointer.cancel()} onclick={open} {onkeydown}>
            <strong>{ &card.name }</strong><span class="quiet">{ &card.customer }</span>
            <div><span>{ format::money_round(card.value, language()) }</span>
                if let Some(day) = card.expected_close { { chip("", format::day_short(day, language())) } }</div>
        </article>
    }
}

const SORTS: [OpportunitySort; 7] = [
    OpportunitySort::Number,
    OpportunitySort::Name,
    OpportunitySort::Customer,
    OpportunitySort::Stage,
    OpportunitySort::Status,
    OpportunitySort::ExpectedClose,
    OpportunitySort::Value,
];

fn cells(row: &OpportunityRow) -> Vec<Html> {
    vec![
        html! { <span class="quiet">{ &row.number }</span> },
        html! { <strong>{ &row.name }</strong> },
        html! { &row.customer },
        html! { say(&format!("stage-{}", row.stage)) },
        status(row.status.as_str()),
        html! { row.expected_close.map(|day| format::day(day, language())).unwrap_or_default() },
        html! { format::money_round(row.value, language()) },
        html! { <span class="quiet">{ &row.owner }</span> },
    ]
}

/// By expected close.
const FIRST_SORT: (usize, Order) = (5, Order::Ascending);

#[derive(Properties, PartialEq)]
struct ListProps {
    /// The page's own filters.
    filters: Html,
    filter: OpportunityFilter,
    go: Go,
    refilter: Callback<OpportunityFilter>,
}

#[component]
fn OpportunityList(props: &ListProps) -> Html {
    let sort = use_state(|| FIRST_SORT);
    let window = use_state(|| FIRST);
    let request = ListOpportunities {
        filter: props.filter.clone(),
        sort: SORTS[sort.0],
        order: sort.1,
        window: *window,
    };
    let selection =
        use_selection(Listed::Opportunities(props.filter.clone(), SORTS[sort.0]), sort.1);
    let shown = use_answer_at(request, window.offset);
    let apply = {
        let (refilter, sort, window) = (props.refilter.clone(), sort.setter(), window.setter());
        Callback::from(move |(kept, next): (serde_json::Value, (usize, Order))| {
            refilter.emit(serde_json::from_value(kept).unwrap_or_default());
            sort.set(next);
            window.set(FIRST);
        })
    };
    let delete = {
        let selection = selection.clone();
        Callback::from(move |ids| {
            let selection = selection.clone();
            let then = move || selection.none();
            order_counted(DeleteOpportunities { ids }, "opportunities-deleted", then);
        })
    };
    let columns = vec![
        Column::new("column-number", "104px", Some(0)).sparest(),
        Column::new("column-name", "minmax(160px,1.6fr)", Some(1)).always(),
        Column::new("column-customer", "minmax(160px,1.6fr)", Some(2)),
        Column::new("column-stage", "116px", Some(3)),
        Column::new("column-status", "100px", Some(4)).spare(),
        Column::new("column-close", "92px", Some(5)),
        Column::new("column-value", "100px", Some(6)).right(),
        Column::new("column-owner", "44px", None).sparest(),
    ];
    let total = shown.as_ref().map_or(0, |(_, list)| list.total);
    html! {
        <>
        <div class="filters">
            { props.filters.clone() }
            <ListTools name="opportunities" columns={columns.clone()} filter={json(&props.filter)} plain={json(&OpportunityFilter::default())} sort={*sort} first_sort={FIRST_SORT} {apply} />
        </div>
        <May entity="opportunity"><BulkBar selection={selection.clone()} {total} {delete} /></May>
        { match &shown {
            None => html! {},
            Some((_, list)) if list.total == 0 && props.filter == OpportunityFilter::default() => begin("no-opportunities", &props.go),
            Some((_, list)) if list.total == 0 => empty(say("nothing-found"), say("nothing-found-text"), html! {}),
            Some((offset, list)) => {
                let (rows, offset, go) = (list.rows.clone(), *offset, props.go.clone());
                let on_open = Callback::from(move |at: u64| {
                    if let Some(row) = at.checked_sub(offset).and_then(|index| rows.get(usize::try_from(index).ok()?)) {
                        go.emit(Page::Opportunity(row.id, row.customer_id));
                    }
                });
                html! {
                    <Table name="opportunities" {columns} selection={Some(selection.clone())} ids={list.rows.iter().map(|row| row.id).collect::<Vec<_>>()} total={list.total} {offset}
                        rows={list.rows.iter().map(cells).collect::<Vec<_>>()} sort={*sort} label={say("nav-opportunities")}
                        on_sort={let (sort, window) = (sort.clone(), window.clone()); Callback::from(move |next| { sort.set(next); window.set(FIRST); })}
                        on_window={let window = window.clone(); Callback::from(move |next| window.set(next))} {on_open} />
                }
            }
        } }
        </>
    }
}
