//! A table over any number of rows: only those in sight are asked for and drawn.

use commands::view::{Order, Window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// A row's height in pixels; the style sheet has the same.
const ROW: u32 = 44;
/// Rows asked for at once.
const PAGE: u64 = 60;

/// A column.
#[derive(Clone, PartialEq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) title: String,
    /// Its width as CSS grid takes it.
    pub(crate) width: &'static str,
    /// Whether its cells stand at the right.
    pub(crate) right: bool,
    /// Which sort it stands for, as a place in the page's own list.
    pub(crate) sort: Option<usize>,
}

impl Column {
    pub(crate) fn new(title: String, width: &'static str, sort: Option<usize>) -> Self {
        Self { title, width, right: false, sort }
    }

    pub(crate) fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct TableProps {
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// All rows that there are.
    pub(crate) total: u64,
    /// The first of the rows that are there.
    pub(crate) offset: u64,
    /// The cells of the rows that are there.
    pub(crate) rows: Vec<Vec<Html>>,
    /// The sort, and its direction.
    pub(crate) sort: (usize, Order),
    /// Told another sort.
    pub(crate) on_sort: Callback<(usize, Order)>,
    /// Told which rows are wanted.
    pub(crate) on_window: Callback<Window>,
    /// Told which row is opened.
    pub(crate) on_open: Callback<u64>,
    /// Its name for screen readers.
    pub(crate) label: AttrValue,
}

#[component]
pub(crate) fn Table(props: &TableProps) -> Html {
    let current = use_state(|| 0_u64);
    let body = use_node_ref();
    use_effect_with(props.rows.is_empty(), |none| {
        if !none {
            crate::backend::list_shown();
        }
    });
    let grid: String = props.columns.iter().map(|column| format!("{} ", column.width)).collect();
    let onscroll = {
        let (on_window, offset, have) =
            (props.on_window.clone(), props.offset, props.rows.len() as u64);
        Callback::from(move |event: Event| {
            let Some(list) = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) else {
                return;
            };
            let first = u64::try_from(list.scroll_top()).unwrap_or(0) / u64::from(ROW);
            let seen = u64::try_from(list.client_height()).unwrap_or(0) / u64::from(ROW) + 2;
            if first < offset || first + seen > offset + have {
                let offset = first.saturating_sub((PAGE - seen.min(PAGE)) / 2);
                on_window.emit(Window { offset, limit: PAGE });
            }
        })
    };
    let onkeydown = {
        let (current, total, open, body) =
            (current.clone(), props.total, props.on_open.clone(), body.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = total.saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowDown" => (*current + 1).min(last),
                "ArrowUp" => current.saturating_sub(1),
                "PageDown" => (*current + 12).min(last),
                "PageUp" => current.saturating_sub(12),
                "Home" => 0,
                "End" => last,
                "Enter" => return open.emit(*current),
                _ => return,
            };
            event.prevent_default();
            current.set(next);
            if let Some(list) = body.cast::<HtmlElement>() {
                let top = i32::try_from(next * u64::from(ROW)).unwrap_or(i32::MAX);
                let row = i32::try_from(ROW).unwrap_or(44);
                if top < list.scroll_top() {
                    list.set_scroll_top(top);
                } else if top + row > list.scroll_top() + list.client_height() {
                    list.set_scroll_top(top + row - list.client_height());
                }
            }
        })
    };
    let height = format!("height:{}px", props.total.min(700_000) * u64::from(ROW));
    html! {
        <div class="table" role="table" aria-label={props.label.clone()} aria-rowcount={props.total.to_string()}>
            <div class="table-head" role="row" style={format!("grid-template-columns:{grid}")}>
                { for props.columns.iter().map(|column| heading(props, column)) }
            </div>
            <div class="table-body" ref={body} {onscroll} {onkeydown} tabindex="0">
                <div class="table-all" style={height}>
                    { for props.rows.iter().enumerate().map(|(index, cells)| {
                        let at = props.offset + index as u64;
                        let open = props.on_open.clone();
                        let is_current = at == *current;
                        html! {
                            <div key={at} class={classes!("row", is_current.then_some("current"))} role="row"
                                style={format!("grid-template-columns:{grid};top:{}px", at * u64::from(ROW))}
                                onclick={move |_| open.emit(at)}>
                                { for cells.iter().zip(&props.columns).map(|(cell, column)| html! {
                                    <div role="cell" class={classes!("cell", column.right.then_some("right"))}>{ cell.clone() }</div>
                                }) }
                            </div>
                        }
                    }) }
                </div>
            </div>
        </div>
    }
}

fn heading(props: &TableProps, column: &Column) -> Html {
    let (sorted, order) = props.sort;
    let class = classes!("cell", column.right.then_some("right"));
    let Some(sort) = column.sort else {
        return html! { <div role="columnheader" {class}>{ &column.title }</div> };
    };
    let mine = sorted == sort;
    let next = if mine && order == Order::Ascending { Order::Descending } else { Order::Ascending };
    let on_sort = props.on_sort.clone();
    let (arrow, aria) = match (mine, order) {
        (true, Order::Ascending) => (" ↑", "ascending"),
        (true, Order::Descending) => (" ↓", "descending"),
        (false, _) => ("", "none"),
    };
    html! {
        <div role="columnheader" {class} aria-sort={aria}>
            <button onclick={move |_| on_sort.emit((sort, next))}>{ format!("{}{arrow}", column.title) }</button>
        </div>
    }
}

/// The window that a list begins with.
pub(crate) const FIRST: Window = Window { offset: 0, limit: PAGE };
