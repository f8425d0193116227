//! What every list offers beside its filters: views that were saved by name, and which columns
//! are shown.

use commands::view::{Order, Window};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use yew::prelude::*;

use crate::{
    form::Field,
    list::{Column, FIRST, hidden_name},
    remember::use_remembered,
    say::{say, say_with},
    toast,
    widget::Dialog,
};

/// A filter, sort and choice of columns by name; kept on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SavedView {
    name: String,
    filter: Value,
    sort: (usize, Order),
    hidden: Vec<String>,
}

#[derive(Clone, PartialEq)]
enum Open {
    Nothing,
    Views,
    Columns,
    /// Naming the present view, or renaming this one.
    Name(Option<String>),
}

#[derive(Properties, PartialEq)]
pub(crate) struct ListToolsProps {
    /// The list's own name: what is remembered stands under it.
    pub(crate) name: &'static str,
    /// All its columns.
    pub(crate) columns: Vec<Column>,
    /// The filter as it is now.
    pub(crate) filter: Value,
    /// The filter that lets everything through.
    pub(crate) plain: Value,
    /// The sort as it is now.
    pub(crate) sort: (usize, Order),
    /// The sort that the list begins with.
    pub(crate) first_sort: (usize, Order),
    /// Shows a filter and sort.
    pub(crate) apply: Callback<(Value, (usize, Order))>,
}

#[component]
pub(crate) fn ListTools(props: &ListToolsProps) -> Html {
    let open = use_state(|| Open::Nothing);
    let (hidden, hide) = use_remembered::<Vec<String>>(&hidden_name(props.name));
    let (views, keep) = use_remembered::<Vec<SavedView>>(&format!("{}.views", props.name));
    let (hidden, views) = (hidden.unwrap_or_default(), views.unwrap_or_default());
    let is_now = |view: &SavedView| {
        view.filter == props.filter && view.sort == props.sort && view.hidden == hidden
    };
    let set_open = |next: Open| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(next.clone()))
    };
    let close = set_open(Open::Nothing);
    let shut = {
        let open = open.setter();
        Callback::from(move |()| open.set(Open::Nothing))
    };
    let on_escape = {
        let shut = shut.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                shut.emit(());
            }
        })
    };
    let apply = |view: &SavedView, is_on: bool| {
        let (apply, hide, view, open) =
            (props.apply.clone(), hide.clone(), view.clone(), open.setter());
        // A second click on a view leaves it again.
        let (plain, first_sort) = (props.plain.clone(), props.first_sort);
        Callback::from(move |_: MouseEvent| {
            open.set(Open::Nothing);
            if is_on {
                apply.emit((plain.clone(), first_sort));
                hide.emit(Vec::new());
            } else {
                apply.emit((view.filter.clone(), view.sort));
                hide.emit(view.hidden.clone());
            }
        })
    };
    let remove = |view: &SavedView| {
        let (keep, views, gone) = (keep.clone(), views.clone(), view.name.clone());
        Callback::from(move |_: MouseEvent| {
            keep.emit(views.iter().filter(|one| one.name != gone).cloned().collect());
            let (keep, views) = (keep.clone(), views.clone());
            let back = Callback::from(move |()| keep.emit(views.clone()));
            toast::done_own(say_with("view-deleted", &[("name", &gone)]), back);
        })
    };
    let save = {
        let (keep, views, open) = (keep.clone(), views.clone(), open.clone());
        let now = SavedView {
            name: String::new(),
            filter: props.filter.clone(),
            sort: props.sort,
            hidden: hidden.clone(),
        };
        Callback::from(move |name: String| {
            let mut views = views.clone();
            match &*open {
                Open::Name(Some(old)) => {
                    views.retain(|view| view.name != name || view.name == *old);
                    for view in views.iter_mut().filter(|view| view.name == *old) {
                        view.name.clone_from(&name);
                    }
                }
                _ => {
                    views.retain(|view| view.name != name);
                    views.push(SavedView { name: name.clone(), ..now.clone() });
                }
            }
            keep.emit(views);
            open.set(Open::Nothing);
            toast::note(say_with("view-saved", &[("name", &name)]));
        })
    };
    let expanded = |this: Open| (*open == this).to_string();
    html! {
        <span class="list-tools" onkeydown={on_escape}>
            { for views.iter().map(|view| {
                let on = is_now(view);
                html! { <button class={classes!("filter", on.then_some("on"))} aria-pressed={on.to_string()} onclick={apply(view, on)}>{ &view.name }</button> }
            }) }
            if matches!(*open, Open::Views | Open::Columns) { <div class="popover-back" onclick={close.clone()}></div> }
            <span class="popover-at">
                <button class="filter" id="views" aria-haspopup="true" aria-expanded={expanded(Open::Views)} onclick={if *open == Open::Views { close.clone() } else { set_open(Open::Views) }}>{ say("views") }{ " ▾" }</button>
                if *open == Open::Views {
                    <div class="popover" role="dialog" aria-label={say("views")}>
                        if views.is_empty() { <p class="quiet">{ say("no-views") }</p> }
                        <ul>{ for views.iter().map(|view| html! {
                            <li>
                                <button class="link" onclick={apply(view, false)}>{ &view.name }</button>
                                <button class="close" aria-label={say_with("view-rename", &[("name", &view.name)])} title={say("rename")} onclick={set_open(Open::Name(Some(view.name.clone())))}>{ "✎" }</button>
                                <button class="close" aria-label={say_with("view-delete", &[("name", &view.name)])} title={say("delete")} onclick={remove(view)}>{ "×" }</button>
                            </li>
                        }) }</ul>
                        <button class="link" id="save-view" onclick={set_open(Open::Name(None))}>{ say("save-view") }</button>
                    </div>
                }
            </span>
            <span class="popover-at">
                <button class="filter" id="columns" aria-haspopup="true" aria-expanded={expanded(Open::Columns)} onclick={if *open == Open::Columns { close.clone() } else { set_open(Open::Columns) }}>{ say("columns") }{ " ▾" }</button>
                if *open == Open::Columns {
                    <div class="popover" role="dialog" aria-label={say("columns")}>
                        { for props.columns.iter().map(|column| choice(column, &hidden, &hide)) }
                        if !hidden.is_empty() { <button class="link" onclick={let hide = hide.clone(); move |_| hide.emit(Vec::new())}>{ say("all-columns") }</button> }
                    </div>
                }
            </span>
            if let Open::Name(old) = &*open { <ViewName old={old.clone()} {save} close={shut} /> }
        </span>
    }
}

fn choice(column: &Column, hidden: &[String], hide: &Callback<Vec<String>>) -> Html {
    let shown = !hidden.iter().any(|name| name == column.name);
    let (hide, hidden, name) = (hide.clone(), hidden.to_vec(), column.name);
    let onchange = move |_: Event| {
        let mut next: Vec<String> = hidden.iter().filter(|one| *one != name).cloned().collect();
        if shown {
            next.push(name.to_owned());
        }
        hide.emit(next);
    };
    html! {
        <label class="check"><input type="checkbox" name={column.name} checked={shown} disabled={column.always} {onchange} />{ column.title() }</label>
    }
}

#[derive(Properties, PartialEq)]
struct ViewNameProps {
    old: Option<String>,
    save: Callback<String>,
    close: Callback<()>,
}

/// Asks for a view's name.
#[component]
fn ViewName(props: &ViewNameProps) -> Html {
    let name = use_state(|| props.old.clone().unwrap_or_default());
    let onsubmit = {
        let (name, save) = (name.clone(), props.save.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if !name.trim().is_empty() {
                save.emit(name.trim().to_owned());
            }
        }
    };
    let on_input = {
        let name = name.clone();
        Callback::from(move |text| name.set(text))
    };
    let close = props.close.clone();
    let title = if props.old.is_some() { "rename" } else { "save-view" };
    html! {
        <Dialog title={say(title).trim_end_matches(" …").to_owned()} close={props.close.clone()}>
            <form {onsubmit}>
                <Field label={say("view-name")} name="view-name" value={(*name).clone()} {on_input} focus={true} hint={say("view-name-hint")} />
                if props.old.is_none() { <p class="quiet">{ say("save-view-text") }</p> }
                <div class="actions">
                    <button type="button" onclick={move |_| close.emit(())}>{ say("cancel") }</button>
                    <button class="primary" disabled={name.trim().is_empty()}>{ say("save") }</button>
                </div>
            </form>
        </Dialog>
    }
}

/// A filter as what is remembered of it.
pub(crate) fn json<F: Serialize>(filter: &F) -> Value {
    serde_json::to_value(filter).unwrap_or_default()
}

/// How a page shows a saved view: its filter and sort, from the beginning. A filter that an older
/// version kept and this one cannot read lets everything through.
pub(crate) fn apply_view<F: DeserializeOwned + Default + 'static>(
    filter: &UseStateHandle<F>,
    sort: &UseStateHandle<(usize, Order)>,
    window: &UseStateHandle<Window>,
) -> Callback<(Value, (usize, Order))> {
    let (filter, sort, window) = (filter.setter(), sort.setter(), window.setter());
    Callback::from(move |(kept, next): (Value, (usize, Order))| {
        filter.set(serde_json::from_value(kept).unwrap_or_default());
        sort.set(next);
        window.set(FIRST);
    })
}
