//! Around every page: search, navigation, keys.

use commands::{CreateQuote, Lock};
use domain::Id;
use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};
use yew::prelude::*;

use crate::{
    backend,
    keys::in_input,
    pages,
    palette::Palette,
    route::{Page, first_page},
    say::{say, say_with},
    session::World,
    sync_chip::{FirstSync, SyncChip},
    toast,
    widget::{Dialog, Go, initials},
};

/// What a key asks the frame for.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Palette,
    Keys,
    Nothing,
}

#[derive(Properties, PartialEq)]
pub(crate) struct FrameProps {
    /// Something to say once.
    pub(crate) notice: Option<String>,
}

/// The pages that were gone through; the last is shown.
#[derive(PartialEq)]
struct Way(Vec<Page>);

enum Step {
    To(Page),
    Back,
}

impl Reducible for Way {
    type Action = Step;

    fn reduce(self: std::rc::Rc<Self>, step: Step) -> std::rc::Rc<Self> {
        let mut pages = self.0.clone();
        match step {
            Step::To(page) => {
                // A form that was left is not gone back to.
                let is_form =
                    |page: &Page| matches!(page, Page::CustomerForm(_) | Page::ContactForm(..));
                if pages.last().is_some_and(is_form) {
                    pages.pop();
                }
                if pages.last() != Some(&page) {
                    pages.push(page);
                }
                if pages.len() > 50 {
                    pages.remove(0);
                }
            }
            Step::Back => {
                if pages.len() > 1 {
                    pages.pop();
                }
            }
        }
        Self(pages).into()
    }
}

#[component]
pub(crate) fn Frame(props: &FrameProps) -> Html {
    let world = use_context::<World>();
    let way = use_reducer(|| Way(vec![first_page()]));
    let asked = use_state(|| Asked::Nothing);
    let go: Go = {
        let way = way.dispatcher();
        Callback::from(move |page| way.dispatch(Step::To(page)))
    };
    let back = {
        let way = way.dispatcher();
        Callback::from(move |()| way.dispatch(Step::Back))
    };
    let page = way.0.last().cloned().unwrap_or(Page::Today);
    {
        let notice = props.notice.clone();
        use_effect_with((), move |()| {
            if let Some(notice) = notice {
                toast::note(say(&format!("notice-{notice}")));
            }
        });
    }
    {
        let (go, back, asked, page) = (go.clone(), back.clone(), asked.clone(), page.clone());
        let may_make = world.as_ref().is_none_or(|world| world.may_write(made_on(&page)));
        use_effect_with((page, *asked, may_make), move |(page, now, may_make)| {
            let (page, now, may_make) = (page.clone(), *now, *may_make);
            let keys = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
                let command = event.ctrl_key() || event.meta_key();
                match event.key().as_str() {
                    "k" | "K" if command => asked.set(Asked::Palette),
                    "n" | "N" if command && !may_make => toast::note(say("role-may-not")),
                    "n" | "N" if command => new_record(&page, &go),
                    "z" if command && !in_input(&event) => toast::take_back(false),
                    "Z" | "y" if command && !in_input(&event) => toast::take_back(true),
                    digit @ ("1" | "2" | "3" | "4" | "5" | "6" | "7") if command => {
                        let at: usize = digit.parse().unwrap_or(1);
                        go.emit(Page::NAVIGATION[at - 1].0.clone());
                    }
                    "Escape" if now == Asked::Nothing && !event.default_prevented() => {
                        back.emit(())
                    }
                    "?" if !in_input(&event) => asked.set(Asked::Keys),
                    _ => return,
                }
                event.prevent_default();
            });
            let window = web_sys::window();
            if let Some(window) = &window {
                // Without keys the mouse still works.
                let _ = window
                    .add_event_listener_with_callback("keydown", keys.as_ref().unchecked_ref());
            }
            move || {
                if let Some(window) = window {
                    let _ = window.remove_event_listener_with_callback(
                        "keydown",
                        keys.as_ref().unchecked_ref(),
                    );
                }
            }
        });
    }
    use_lock_of(world.as_ref());
    let Some(world) = world else { return html! {} };
    let open_palette = {
        let asked = asked.clone();
        move |_| asked.set(Asked::Palette)
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(Asked::Nothing))
    };
    let section = page.section();
    html! {
        <div class="frame">
            <header class="masthead">
                <div class="brand"><span class="mark" aria-hidden="true"></span>{ "Kontor" }</div>
                <button class="search" onclick={open_palette}>
                    <span>{ say("search-hint") }</span><kbd>{ say("key-search") }</kbd>
                </button>
                <div class="right">
                    <SyncChip go={go.clone()} current={page == Page::Sync} />
                    if world.passphrase {
                        <button class="quiet" onclick={|_| lock()}>{ say("lock") }</button>
                    }
                    <span class="avatar" title={world.user.name.clone()}>{ initials(&world.user.name) }</span>
                </div>
            </header>
            <nav aria-label={say("navigation")}>
                { for Page::NAVIGATION.iter().map(|(page, name)| nav_item(&go, page, name, section == *page)) }
                <hr />
                { nav_item(&go, &Page::Settings, "nav-settings", section == Page::Settings) }
            </nav>
            <main><FirstSync go={go.clone()} current={page == Page::Sync} />{ show(&page, &go, &back) }</main>
            if *asked == Asked::Palette { <Palette go={go.clone()} close={close.clone()} page={page.clone()} /> }
            if *asked == Asked::Keys {
                <Dialog title={say("keys")} close={close.clone()}>{ keys() }</Dialog>
            }
        </div>
    }
}

fn nav_item(go: &Go, page: &Page, name: &str, current: bool) -> Html {
    let (go, page) = (go.clone(), page.clone());
    html! {
        <button class={classes!("nav", current.then_some("current"))} aria-current={current.then_some("page")}
            onclick={move |_| go.emit(page.clone())}>{ say(name) }</button>
    }
}

fn show(page: &Page, go: &Go, back: &Callback<()>) -> Html {
    let go = go.clone();
    let back = back.clone();
    match page {
        Page::Today => html! { <pages::today::Today {go} /> },
        Page::Customers => html! { <pages::customers::Customers {go} /> },
        Page::Customer(id) => {
            html! { <pages::customer::Customer key={id.to_string()} id={*id} {go} /> }
        }
        Page::CustomerForm(id) => {
            html! { <pages::customer_form::CustomerForm key={id.to_string()} id={*id} {go} {back} /> }
        }
        Page::Contacts => html! { <pages::contacts::Contacts {go} /> },
        Page::ContactForm(id, customer_id) => html! {
            <pages::contact_form::ContactForm key={id.to_string()} id={*id} customer_id={*customer_id} {go} {back} />
        },
        Page::Opportunities => html! { <pages::opportunities::Opportunities {go} /> },
        Page::Opportunity(id, customer_id) => html! {
            <pages::opportunity_form::OpportunityForm key={id.to_string()} id={*id} customer_id={*customer_id} {go} {back} />
        },
        Page::Quotes => html! { <pages::quotes::Quotes {go} /> },
        Page::Quote(id) => {
            html! { <pages::quote::QuoteEditor key={id.to_string()} id={*id} {go} /> }
        }
        Page::Calendar => html! { <pages::calendar::Calendar {go} /> },
        Page::Articles => html! { <pages::articles::Articles {go} /> },
        Page::Settings => html! { <pages::settings::Settings /> },
        Page::Sync => html! { <pages::sync::SyncCentre {go} /> },
        Page::Import => html! { <pages::import::Import {go} /> },
    }
}

/// What Ctrl+N makes on a page.
fn made_on(page: &Page) -> &'static str {
    match page {
        Page::Customer(_) => "quote",
        Page::Contacts => "contact",
        Page::Opportunities => "opportunity",
        _ => "customer",
    }
}

/// Ctrl+N: a new record of the page's kind.
fn new_record(page: &Page, go: &Go) {
    match page {
        Page::Customer(id) => new_quote(*id, None, go),
        Page::Contacts => go.emit(Page::ContactForm(Id::NIL, Id::NIL)),
        Page::Opportunities => go.emit(Page::Opportunity(Id::NIL, Id::NIL)),
        _ => go.emit(Page::CustomerForm(Id::NIL)),
    }
}

/// Makes a draft for a customer and opens it.
pub(crate) fn new_quote(customer_id: Id, opportunity_id: Option<Id>, go: &Go) {
    let go = go.clone();
    wasm_bindgen_futures::spawn_local(async move {
        match backend::call(CreateQuote { customer_id, opportunity_id }).await {
            Ok(id) => go.emit(Page::Quote(id)),
            Err(failure) => toast::failure(&failure),
        }
    });
}

fn lock() {
    wasm_bindgen_futures::spawn_local(async {
        if let Err(failure) = backend::call(Lock {}).await {
            toast::failure(&failure);
        }
    });
}

/// Locks after as many idle minutes as the user chose.
#[hook]
fn use_idle_lock(minutes: u32) {
    use_effect_with(minutes, move |minutes| {
        let minutes = *minutes;
        let timer = std::rc::Rc::new(std::cell::RefCell::new(None::<Timeout>));
        let restart = move || {
            if minutes > 0 {
                *timer.borrow_mut() = Some(Timeout::new(minutes * 60_000, lock));
            }
        };
        restart();
        let closure = Closure::<dyn Fn()>::new(restart);
        let window = web_sys::window();
        for event in ["keydown", "pointerdown"] {
            if let Some(window) = &window {
                let _ = window
                    .add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
            }
        }
        move || {
            for event in ["keydown", "pointerdown"] {
                if let Some(window) = &window {
                    let _ = window.remove_event_listener_with_callback(
                        event,
                        closure.as_ref().unchecked_ref(),
                    );
                }
            }
        }
    });
}

#[hook]
fn use_lock_of(world: Option<&World>) {
    let minutes = world
        .filter(|world| world.passphrase)
        .map_or(0, |world| world.preferences.lock_after_minutes);
    use_idle_lock(minutes);
}

fn keys() -> Html {
    const KEYS: [&str; 10] =
        ["search", "switch", "new", "undo", "redo", "back", "save", "move", "select", "keys"];
    html! {
        <dl class="keys">
            { for KEYS.iter().map(|key| html! {<>
                <dt><kbd>{ say(&format!("key-{key}")) }</kbd></dt>
                <dd>{ say_with(&format!("key-{key}-does"), &[]) }</dd>
            </>}) }
        </dl>
    }
}
