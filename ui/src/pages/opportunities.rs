//! Opportunities: a board by stage and a list.

use commands::{
    GetBoard, GetChoices, ListOpportunities, MoveOpportunity,
    view::{BoardCard, OpportunityFilter, OpportunityRow, OpportunitySort, Order},
};
use domain::{Id, Money, Stage, format};
use yew::prelude::*;

use super::{order, use_answer, use_answer_at};
use crate::{
    form::typed,
    list::{Column, FIRST, Table},
    route::Page,
    say::{language, say, say_with},
    widget::{Go, Head, chip, empty, status, way},
};

/// Cards shown in a column; the list shows all.
const CARDS: u32 = 50;

#[derive(Properties, PartialEq)]
pub(crate) struct OpportunitiesProps {
    pub(crate) go: Go,
}

#[component]
pub(crate) fn Opportunities(props: &OpportunitiesProps) -> Html {
    let as_list = use_state(|| false);
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
    let view = |list: bool, name: &str| {
        let as_list_now = as_list.clone();
        html! { <button class={classes!("filter", (*as_list == list).then_some("on"))} aria-pressed={(*as_list == list).to_string()} onclick={move |_| as_list_now.set(list)}>{ say(name) }</button> }
    };
    html! {
        <>
        <Head title={say("nav-opportunities")}>
            <span class="switch">{ view(false, "board") }{ view(true, "list") }</span>
            <button class="primary" onclick={let go = go.clone(); move |_| go.emit(Page::Opportunity(Id::NIL, Id::NIL))}>{ say("new-opportunity") }</button>
        </Head>
        <div class="filters">
            <input name="filter" type="search" placeholder={say("filter-hint")} value={filter.text.clone()} oninput={on_text} />
            <button class={classes!("filter", mine.then_some("on"))} aria-pressed={mine.to_string()} onclick={toggle_mine}>{ say("mine") }</button>
        </div>
        if *as_list { <OpportunityList filter={(*filter).clone()} {go} /> } else { <BoardView filter={(*filter).clone()} {go} /> }
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

#[component]
fn BoardView(props: &ViewProps) -> Html {
    let dragged = use_state(|| None::<(Id, String)>);
    let over = use_state(|| None::<Stage>);
    let Some(board) = use_answer(GetBoard { filter: props.filter.clone(), cards: CARDS }) else {
        return html! {};
    };
    let sum: Money = board.columns.iter().map(|column| column.value).sum();
    let weighted: Money = board.columns.iter().map(|column| column.weighted).sum();
    let money = |sum: Money| format::money_round(sum, language());
    html! {
        <>
        <p class="sums">{ say("sum-open") }<b>{ money(sum) }</b>{ say("sum-weighted") }<b>{ money(weighted) }</b><span class="quiet">{ say("board-keys") }</span></p>
        <div class="board">{ for board.columns.iter().map(|column| {
            let stage = column.stage;
            let ondragover = { let over = over.clone(); move |event: DragEvent| { event.prevent_default(); if *over != Some(stage) { over.set(Some(stage)); } } };
            let ondrop = {
                let (dragged, over) = (dragged.clone(), over.clone());
                move |event: DragEvent| {
                    event.prevent_default();
                    if let Some((id, name)) = &*dragged { move_to(*id, name, stage); }
                    dragged.set(None);
                    over.set(None);
                }
            };
            let target = (dragged.is_some() && *over == Some(stage)).then_some("target");
            html! {
                <section class={classes!("column", target)} data-stage={stage.as_str()} {ondragover} {ondrop}>
                    <h2>{ say(&format!("stage-{stage}")) }<span>{ format!("{} %", stage.probability()) }</span></h2>
                    <p class="quiet">{ format!("{} · {}", column.count, money(column.value)) }</p>
                    { for column.cards.iter().map(|card| board_card(card, stage, &dragged, &props.go)) }
                    if column.count > column.cards.len() as u64 {
                        <p class="quiet">{ say_with("more-in-list", &[("count", &(column.count - column.cards.len() as u64).to_string())]) }</p>
                    }
                </section>
            }
        }) }</div>
        </>
    }
}

fn board_card(
    card: &BoardCard,
    stage: Stage,
    dragged: &UseStateHandle<Option<(Id, String)>>,
    go: &Go,
) -> Html {
    let (id, name, customer) = (card.id, card.name.clone(), card.customer_id);
    let ondragstart = {
        let (dragged, name) = (dragged.clone(), name.clone());
        move |event: DragEvent| {
            if let Some(data) = event.data_transfer() {
                let _ = data.set_data("text/plain", &name);
            }
            dragged.set(Some((id, name.clone())));
        }
    };
    let open = {
        let go = go.clone();
        move |_| go.emit(Page::Opportunity(id, customer))
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
            if let Some(stage) = beside(stage, by) {
                move_to(id, &name, stage);
            }
        }
    };
    html! {
        <article class="card board-card" key={id.to_string()} draggable="true" tabindex="0" {ondragstart} onclick={open} {onkeydown}>
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

#[component]
fn OpportunityList(props: &ViewProps) -> Html {
    let sort = use_state(|| (5_usize, Order::Ascending));
    let window = use_state(|| FIRST);
    let request = ListOpportunities {
        filter: props.filter.clone(),
        sort: SORTS[sort.0],
        order: sort.1,
        window: *window,
    };
    let Some((offset, list)) = use_answer_at(request, window.offset) else { return html! {} };
    if list.total == 0 {
        return empty(
            say("nothing-found"),
            say("nothing-found-text"),
            way(&props.go, Page::Opportunity(Id::NIL, Id::NIL), &say("new-opportunity")),
        );
    }
    let columns = vec![
        Column::new(say("column-number"), "120px", Some(0)),
        Column::new(say("column-name"), "minmax(180px,1.6fr)", Some(1)),
        Column::new(say("column-customer"), "minmax(180px,1.6fr)", Some(2)),
        Column::new(say("column-stage"), "130px", Some(3)),
        Column::new(say("column-status"), "110px", Some(4)),
        Column::new(say("column-close"), "110px", Some(5)),
        Column::new(say("column-value"), "120px", Some(6)).right(),
        Column::new(say("column-owner"), "52px", None),
    ];
    let (rows, go) = (list.rows.clone(), props.go.clone());
    let on_open = Callback::from(move |at: u64| {
        if let Some(row) =
            at.checked_sub(offset).and_then(|index| rows.get(usize::try_from(index).ok()?))
        {
            go.emit(Page::Opportunity(row.id, row.customer_id));
        }
    });
    html! { <Table {columns} total={list.total} {offset} rows={list.rows.iter().map(cells).collect::<Vec<_>>()} sort={*sort} label={say("nav-opportunities")}
    on_sort={let (sort, window) = (sort.clone(), window.clone()); Callback::from(move |next| { sort.set(next); window.set(FIRST); })}
    on_window={let window = window.clone(); Callback::from(move |next| window.set(next))} {on_open} /> }
}
