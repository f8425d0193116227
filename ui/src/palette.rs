//! Ctrl+K: records, pages and actions in one place.

use commands::{
    Search,
    view::{SearchHit, SearchKind, Snippet},
};
use domain::Id;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::{
    backend, focus::use_focus_inside, form::typed, route::Page, say::say, toast, widget::Go,
};

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    /// Goes somewhere.
    pub(crate) go: Go,
    /// Closes it.
    pub(crate) close: Callback<()>,
    /// The page below it.
    pub(crate) page: Page,
}

/// Something to choose.
#[derive(Clone, PartialEq)]
struct Entry {
    kind: String,
    title: Html,
    detail: Html,
    page: Page,
}

/// Text with its matches marked.
pub(crate) fn marked(snippet: &Snippet) -> Html {
    let mut parts = Vec::new();
    let mut at = 0;
    for (from, to) in &snippet.matches {
        let (Some(before), Some(matched)) =
            (snippet.text.get(at..*from), snippet.text.get(*from..*to))
        else {
            continue;
        };
        parts.push(html! { <>{ before.to_owned() }<mark>{ matched.to_owned() }</mark></> });
        at = *to;
    }
    parts.push(html! { snippet.text.get(at..).unwrap_or_default().to_owned() });
    html! { <>{ for parts }</> }
}

fn entry(hit: &SearchHit) -> Entry {
    let of_customer = hit.customer_id.unwrap_or(hit.id);
    let (kind, page) = match hit.kind {
        SearchKind::Customer => ("customer", Page::Customer(hit.id)),
        SearchKind::Contact => ("contact", Page::ContactForm(hit.id, of_customer)),
        SearchKind::Opportunity => ("opportunity", Page::Opportunity(hit.id, of_customer)),
        SearchKind::Quote => ("quote", Page::Quote(hit.id)),
        SearchKind::Article => ("article", Page::Articles),
        SearchKind::Communication => ("communication", Page::Customer(of_customer)),
    };
    Entry {
        kind: say(&format!("kind-{kind}")),
        title: marked(&hit.title),
        detail: marked(&hit.detail),
        page,
    }
}

/// Pages and actions whose name has what was typed.
fn places(text: &str, may: &dyn Fn(&str) -> bool) -> Vec<Entry> {
    let wanted = domain::fold(text);
    let pages = Page::NAVIGATION.iter().cloned().chain([
        (Page::Settings, "nav-settings"),
        (Page::Sync, "nav-sync"),
        (Page::Import, "import-data"),
        (Page::CustomerForm(Id::NIL), "new-customer"),
        (Page::Opportunity(Id::NIL, Id::NIL), "new-opportunity"),
    ]);
    let is_allowed = |page: &Page| match page {
        Page::Import | Page::CustomerForm(_) => may("customer"),
        Page::Opportunity(..) => may("opportunity"),
        _ => true,
    };
    pages
        .filter(|(page, _)| is_allowed(page))
        .filter(|(_, name)| domain::fold(&say(name)).contains(wanted.trim()))
        .map(|(page, name)| Entry {
            kind: say("kind-page"),
            title: html! { say(name) },
            detail: html! {},
            page,
        })
        .collect()
}

#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let world = use_context::<crate::session::World>();
    let text = use_state(String::new);
    let hits = use_state(Vec::<SearchHit>::new);
    let chosen = use_state(|| 0_usize);
    let place = use_node_ref();
    use_focus_inside(&place);
    {
        let (hits, chosen) = (hits.setter(), chosen.setter());
        use_effect_with((*text).clone(), move |text| {
            // An answer that comes after the next key is for nobody.
            let current = std::rc::Rc::new(std::cell::Cell::new(true));
            let (asked, text) = (current.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let answer = backend::call(Search { text, kinds: Vec::new(), limit: 30 }).await;
                if !asked.get() {
                    return;
                }
                match answer {
                    Ok(found) => {
                        hits.set(found);
                        chosen.set(0);
                    }
                    Err(failure) => toast::failure(&failure),
                }
            });
            move || current.set(false)
        });
    }
    use_effect_with((*chosen, hits.len()), |(chosen, _)| {
        let found = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|page| page.get_element_by_id(&format!("palette-{chosen}")));
        if let Some(found) = found {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            found.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    let mut entries: Vec<Entry> = hits.iter().map(entry).collect();
    entries.extend(places(&text, &|entity| {
        world.as_ref().is_none_or(|world| world.may_write(entity))
    }));
    let pick = {
        let (go, close) = (props.go.clone(), props.close.clone());
        Callback::from(move |page: Page| {
            close.emit(());
            go.emit(page);
        })
    };
    let onkeydown = {
        let (chosen, entries, pick, close) =
            (chosen.clone(), entries.clone(), pick.clone(), props.close.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = entries.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => chosen.set((*chosen + 1).min(last)),
                "ArrowUp" => chosen.set(chosen.saturating_sub(1)),
                "Enter" => {
                    if let Some(entry) = entries.get(*chosen) {
                        pick.emit(entry.page.clone());
                    }
                }
                "Escape" => close.emit(()),
                // Nothing else of it takes the focus, and nothing behind it shall.
                "Tab" => {}
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(typed(&event)))
    };
    let close = props.close.clone();
    html! {
        <div class="backdrop" onmousedown={move |_| close.emit(())}>
            <div class="palette" role="dialog" aria-modal="true" aria-label={say("search-hint")} ref={place} onmousedown={|event: MouseEvent| event.stop_propagation()}>
                <input name="palette" type="text" role="combobox" aria-label={say("search-hint")} placeholder={say("search-hint")} autocomplete="off"
                    aria-expanded="true" aria-autocomplete="list" aria-controls="palette-list" aria-activedescendant={(!entries.is_empty()).then(|| format!("palette-{}", *chosen))}
                    value={(*text).clone()} {oninput} {onkeydown} />
                if entries.is_empty() { <p class="none" role="status">{ say("nothing-found") }</p> }
                <ul role="listbox" id="palette-list" aria-label={say("search-hits")}>
                    { for entries.iter().enumerate().map(|(index, entry)| {
                        let (pick, page) = (pick.clone(), entry.page.clone());
                        let current = index == *chosen;
                        html! {
                            <li role="option" id={format!("palette-{index}")} aria-selected={current.to_string()} class={classes!(current.then_some("current"))}
                                onclick={move |_| pick.emit(page.clone())}>
                                <span class="kind">{ &entry.kind }</span>
                                <span class="title">{ entry.title.clone() }</span>
                                <span class="detail">{ entry.detail.clone() }</span>
                            </li>
                        }
                    }) }
                </ul>
            </div>
        </div>
    }
}
