//! A table over any number of rows: only those in sight are asked for and drawn. Columns can be
//! hidden, rows selected; where the window is narrow, some columns give way by themselves.

use commands::view::{Order, Window};
use domain::Id;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    keys::{in_input, use_keys},
    remember::use_remembered,
    rows::{Loaded, ROW, go, scrolled_to},
    say::say,
    select::Selection,
};

/// A column.
#[derive(Clone, PartialEq)]
pub(crate) struct Column {
    /// The message that names it; what is remembered of it stands under this name.
    pub(crate) name: &'static str,
    /// Its width as CSS grid takes it.
    pub(crate) width: &'static str,
    /// Whether its cells stand at the right.
    pub(crate) right: bool,
    /// Which sort it stands for, as a place in the page's own list.
    pub(crate) sort: Option<usize>,
    /// Whether it cannot be hidden: a row needs a name.
    pub(crate) always: bool,
    /// Where it gives way to others: `spare` in a narrow window, `sparest` already before.
    pub(crate) gives_way: &'static str,
}

impl Column {
    pub(crate) fn new(name: &'static str, width: &'static str, sort: Option<usize>) -> Self {
        Self { name, width, right: false, sort, always: false, gives_way: "" }
    }

    pub(crate) fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// A column that is not shown in a narrow window.
    pub(crate) fn spare(mut self) -> Self {
        self.gives_way = "spare";
        self
    }

    /// A column that is shown only where there is much room.
    pub(crate) fn sparest(mut self) -> Self {
        self.gives_way = "sparest";
        self
    }

    pub(crate) fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// Its name for people.
    pub(crate) fn title(&self) -> String {
        say(self.name)
    }
}

/// Under which name a list's hidden columns are remembered.
pub(crate) fn hidden_name(list: &str) -> String {
    format!("{list}.columns")
}

#[derive(Properties, PartialEq)]
pub(crate) struct TableProps {
    /// The list's own name: its hidden columns are remembered under it.
    pub(crate) name: &'static str,
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// All rows that there are.
    pub(crate) total: u64,
    /// The first of the rows that are there.
    pub(crate) offset: u64,
    /// The cells of the rows that are there.
    pub(crate) rows: Vec<Vec<Html>>,
    /// The records of the rows that are there.
    pub(crate) ids: Vec<Id>,
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
    /// The selected rows, where rows can be selected.
    #[prop_or_default]
    pub(crate) selection: Option<Selection>,
}

impl TableProps {
    fn id_at(&self, at: u64) -> Option<Id> {
        self.ids.get(usize::try_from(at.checked_sub(self.offset)?).ok()?).copied()
    }
}

/// At most so many rows can be seen at once.
fn rows_in_sight() -> usize {
    let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64());
    // A screen of unknown height is as high as any.
    height.map_or(usize::MAX, |height| (height / f64::from(ROW)) as usize + 1)
}

#[component]
pub(crate) fn Table(props: &TableProps) -> Html {
    let current = use_state(|| 0_u64);
    let body = use_node_ref();
    // What is in sight is drawn first, the rows around it when that is on the screen.
    let all = use_state(|| false);
    let drawn = if *all { usize::MAX } else { rows_in_sight() };
    {
        let all = all.setter();
        use_effect_with(props.rows.is_empty(), move |none| {
            if !none {
                crate::backend::list_shown(move || all.set(true));
            }
        });
    }
    let (hidden, _) = use_remembered::<Vec<String>>(&hidden_name(props.name));
    let hidden = hidden.unwrap_or_default();
    let shown: Vec<(usize, &Column)> = props
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.always || !hidden.iter().any(|name| name == column.name))
        .collect();
    let grid = grid(&shown, props.selection.is_some());
    let loaded =
        Loaded { offset: props.offset, count: props.rows.len() as u64, total: props.total };
    use_select_all(props.selection.clone());
    let onscroll = {
        let on_window = props.on_window.clone();
        Callback::from(move |event: Event| {
            let Some(list) = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) else {
                return;
            };
            if let Some(window) =
                loaded.wanted(pixels(list.scroll_top()), pixels(list.client_height()))
            {
                on_window.emit(window);
            }
        })
    };
    let onkeydown = {
        let (current, total, open, body) =
            (current.clone(), props.total, props.on_open.clone(), body.clone());
        let (selection, here) = (props.selection.clone(), props.id_at(*current));
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            match (key.as_str(), &selection) {
                // The columns' names are buttons of their own.
                _ if in_head(&event) => return,
                ("Enter", _) => return open.emit(*current),
                (" ", Some(selection)) => {
                    event.prevent_default();
                    if let Some(id) = here {
                        selection.toggle(*current, id);
                    }
                    return;
                }
                _ => {}
            }
            let Some(next) = go(&key, *current, total) else { return };
            event.prevent_default();
            if let (true, Some(selection)) = (event.shift_key(), &selection) {
                if selection.count() == 0
                    && let Some(id) = here
                {
                    selection.toggle(*current, id);
                } else {
                    selection.extend(next);
                }
            }
            current.set(next);
            if let Some(list) = body.cast::<HtmlElement>() {
                let top =
                    scrolled_to(next, pixels(list.scroll_top()), pixels(list.client_height()));
                list.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
            }
        })
    };
    let current_is_there = props.id_at(*current).is_some();
    html! {
        <div class="table" role="grid" aria-label={props.label.clone()} aria-rowcount={(props.total + 1).to_string()}
            aria-multiselectable={props.selection.is_some().then_some("true")} tabindex="0"
            aria-activedescendant={current_is_there.then(|| row_id(props, *current))} ref={body} {onscroll} {onkeydown}>
            <div class="table-head" role="row" aria-rowindex="1" style={grid.clone()}>
                if let Some(selection) = &props.selection { { select_all(selection, props.total) } }
                { for shown.iter().map(|(_, column)| heading(props, column)) }
            </div>
            <div class="table-all" role="rowgroup" style={format!("height:{}px", loaded.height())}>
                { for props.rows.iter().take(drawn).enumerate().map(|(index, cells)| {
                    let at = props.offset + index as u64;
                    row(props, &shown, cells, at, at == *current, &grid)
                }) }
            </div>
        </div>
    }
}

/// The columns' widths: all of them, and what is left in a narrower and in a narrow window.
fn grid(shown: &[(usize, &Column)], ticks: bool) -> String {
    let widths = |but: &[&str]| {
        let tick = ticks.then_some("22px");
        let left = shown.iter().filter(|(_, column)| !but.contains(&column.gives_way));
        let widths = tick.into_iter().chain(left.map(|(_, column)| column.width));
        widths.collect::<Vec<_>>().join(" ")
    };
    let (most, few) = (widths(&["sparest"]), widths(&["sparest", "spare"]));
    format!("--all:{};--most:{most};--few:{few}", widths(&[]))
}

fn row_id(props: &TableProps, at: u64) -> String {
    format!("{}-row-{at}", props.name)
}

fn pixels(length: i32) -> u32 {
    u32::try_from(length).unwrap_or(0)
}

fn in_head(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(".table-head").ok().flatten().is_some())
}

fn row(
    props: &TableProps,
    shown: &[(usize, &Column)],
    cells: &[Html],
    at: u64,
    is_current: bool,
    grid: &str,
) -> Html {
    let id = props.id_at(at);
    let selected = id.zip(props.selection.as_ref()).is_some_and(|(id, all)| all.has(id));
    let onclick = {
        let (open, selection) = (props.on_open.clone(), props.selection.clone());
        move |event: MouseEvent| match (&selection, id) {
            (Some(selection), _) if event.shift_key() => selection.extend(at),
            (Some(selection), Some(id)) if event.ctrl_key() || event.meta_key() => {
                selection.toggle(at, id);
            }
            _ => open.emit(at),
        }
    };
    html! {
        <div key={at} id={row_id(props, at)} aria-rowindex={(at + 2).to_string()} class={classes!("row", is_current.then_some("current"), selected.then_some("selected"))} role="row"
            aria-selected={props.selection.is_some().then(|| selected.to_string())}
            style={format!("{grid};top:{}px", at * u64::from(ROW))} {onclick}>
            if let (Some(selection), Some(id)) = (&props.selection, id) { { check(selection, at, id, selected) } }
            { for shown.iter().map(|(index, column)| html! {
                <div role="gridcell" class={classes!("cell", column.right.then_some("right"), column.gives_way)}>{ cells.get(*index).cloned() }</div>
            }) }
        </div>
    }
}

/// A row's tick. Shift takes the rows between it and the last one along.
fn check(selection: &Selection, at: u64, id: Id, selected: bool) -> Html {
    let selection = selection.clone();
    let onclick = move |event: MouseEvent| {
        event.stop_propagation();
        if event.shift_key() {
            selection.extend(at);
        } else {
            selection.toggle(at, id);
        }
    };
    html! { <div role="gridcell" class="tick-cell"><input type="checkbox" tabindex="-1" aria-label={say("select-row")} checked={selected} {onclick} /></div> }
}

fn select_all(selection: &Selection, total: u64) -> Html {
    let count = selection.count() as u64;
    let all = count > 0 && count >= total;
    let selection = selection.clone();
    let onclick = move |_: MouseEvent| {
        if count > 0 { selection.none() } else { selection.all() }
    };
    let state = if count > 0 && !all { "mixed" } else { "" };
    html! { <div role="columnheader" class="tick-cell"><input type="checkbox" class={state} name="select-all" aria-label={say("select-all-rows")} checked={count > 0} {onclick} /></div> }
}

/// Ctrl+A selects everything that the filter lets through; Esc lets it go.
#[hook]
fn use_select_all(selection: Option<Selection>) {
    use_keys(Callback::from(move |event: KeyboardEvent| {
        let Some(selection) = &selection else { return };
        if in_input(&event) || event.default_prevented() || dialog_is_open() {
            return;
        }
        match event.key().as_str() {
            "a" | "A" if event.ctrl_key() || event.meta_key() => selection.all(),
            "Escape" if selection.count() > 0 => selection.none(),
            _ => return,
        }
        event.prevent_default();
        event.stop_immediate_propagation();
    }));
}

fn dialog_is_open() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|page| page.query_selector(".backdrop, .popover").ok().flatten().is_some())
}

fn heading(props: &TableProps, column: &Column) -> Html {
    let (sorted, order) = props.sort;
    let class = classes!("cell", column.right.then_some("right"), column.gives_way);
    let Some(sort) = column.sort else {
        return html! { <div role="columnheader" {class}>{ column.title() }</div> };
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
            <button onclick={move |_| on_sort.emit((sort, next))}>{ format!("{}{arrow}", column.title()) }</button>
        </div>
    }
}

/// The window that a list begins with.
pub(crate) const FIRST: Window = Window::FIRST;
