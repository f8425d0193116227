//! Everything about one customer, and the line that logs what just happened.

use commands::{
    AddTag, DeleteCustomers, GetCustomer, ListDocuments, ListHistory, ListTimeline, LogQuick,
    RemoveTag,
    view::{CustomerPage, Order, QuoteFilter, QuoteSort, TimelineEntry, TimelineKind, Window},
};
use domain::{CommunicationKind, Contact, ContactRole, Id, Money, dial, format};
use yew::prelude::*;

use super::{order, use_answer};
use crate::{
    clock,
    form::typed,
    frame::new_quote,
    route::Page,
    say::{self, language, say, say_with},
    toast,
    value::{field_name, referred, shown, use_names},
    widget::{Go, Head, chip, initials, status, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct CustomerProps {
    pub(crate) id: Id,
    pub(crate) go: Go,
}

#[derive(Clone, Copy, PartialEq)]
enum Tab {
    Overview,
    Contacts,
    Opportunities,
    Quotes,
    Documents,
    History,
}

#[component]
pub(crate) fn Customer(props: &CustomerProps) -> Html {
    let id = props.id;
    let go = props.go.clone();
    let tab = use_state(|| Tab::Overview);
    let Some(page) = use_answer(GetCustomer { id }) else { return html! {} };
    let customer = &page.customer;
    let figures = &page.figures;
    let beside = html! {<>
        { status(customer.status.as_str()) }
        if let Some(category) = &page.category { { chip("", category.name.clone()) } }
        if !customer.industry.is_empty() { { chip("petrol", customer.industry.clone()) } }
        { for page.tags.iter().map(|tag| {
            let tag_id = tag.id;
            html! { <span class="chip">{ &tag.name }<button class="drop" aria-label={say("remove")} onclick={move |_| order(RemoveTag { customer_id: id, tag_id }, None, |()| {})}>{ "×" }</button></span> }
        }) }
        <TagInput {id} />
    </>};
    let edit = {
        let go = go.clone();
        move |_| go.emit(Page::CustomerForm(id))
    };
    let quote = {
        let go = go.clone();
        move |_| new_quote(id, None, &go)
    };
    let delete = {
        let (go, name) = (go.clone(), customer.name.clone());
        move |_| {
            let (go, done) = (go.clone(), say_with("deleted", &[("what", &name)]));
            order(DeleteCustomers { ids: vec![id] }, Some(done), move |_| go.emit(Page::Customers));
        }
    };
    let tabs = [
        (Tab::Overview, "tab-overview", None),
        (Tab::Contacts, "tab-contacts", Some(figures.contacts)),
        (Tab::Opportunities, "tab-opportunities", Some(figures.opportunities)),
        (Tab::Quotes, "tab-quotes", Some(figures.quotes)),
        (Tab::Documents, "tab-documents", Some(figures.documents)),
        (Tab::History, "tab-history", None),
    ];
    html! {
        <>
        <Head title={customer.name.clone()} {beside} above={html! { <>{ way(&go, Page::Customers, &say("nav-customers")) }{ format!(" / {}", customer.number) }</> }}>
            if !customer.phone.is_empty() { { link_button(&say("call"), format!("tel:{}", dial(&customer.phone))) } }
            <button onclick={delete}>{ say("delete") }</button>
            <button id="edit-customer" onclick={edit}>{ say("edit") }</button>
            <button class="primary" id="new-quote" onclick={quote}>{ say("new-quote") }<kbd>{ say("key-new") }</kbd></button>
        </Head>
        <div class="tabs" role="tablist">{ for tabs.into_iter().map(|(this, name, count)| {
            let set = tab.clone();
            let count = count.filter(|count| *count > 0).map(|count| format!(" {count}")).unwrap_or_default();
            html! { <button role="tab" aria-selected={(*tab == this).to_string()} class={classes!((*tab == this).then_some("current"))}
                onclick={move |_| set.set(this)}>{ format!("{}{count}", say(name)) }</button> }
        }) }</div>
        { match *tab {
            Tab::Overview => html! { <Overview page={page.clone()} go={go.clone()} /> },
            Tab::Contacts => contacts(&page, &go),
            Tab::Opportunities => opportunities(&page, &go),
            Tab::Quotes => html! { <Quotes {id} go={go.clone()} /> },
            Tab::Documents => html! { <Documents {id} go={go.clone()} /> },
            Tab::History => html! { <History entity="customer" {id} /> },
        } }
        </>
    }
}

/// A button that opens a phone number, e-mail or web address with the system's own program.
pub(crate) fn link_button(text: &str, link: String) -> Html {
    let onclick = move |_| {
        let link = link.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let arguments = serde_json::json!({ "link": link });
            if let Err(failure) = crate::backend::shell::<_, ()>("open_link", arguments).await {
                toast::failure(&failure);
            }
        });
    };
    html! { <button {onclick}>{ text.to_owned() }</button> }
}

#[derive(Properties, PartialEq)]
struct TagInputProps {
    id: Id,
}

#[component]
fn TagInput(props: &TagInputProps) -> Html {
    let text = use_state(String::new);
    let customer_id = props.id;
    let oninput = {
        let text = text.clone();
        move |event: InputEvent| text.set(typed(&event))
    };
    let onkeydown = {
        let text = text.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && !text.trim().is_empty() {
                event.prevent_default();
                order(AddTag { customer_id, name: (*text).clone() }, None, |()| {});
                text.set(String::new());
            }
        }
    };
    html! { <input class="tag-input" aria-label={say("add-tag")} placeholder={say("add-tag")} value={(*text).clone()} {oninput} {onkeydown} /> }
}

#[derive(Properties, PartialEq)]
struct OverviewProps {
    page: std::rc::Rc<CustomerPage>,
    go: Go,
}

#[component]
fn Overview(props: &OverviewProps) -> Html {
    let (page, go) = (&props.page, &props.go);
    let id = page.customer.id;
    let figures = &page.figures;
    let money = |sum: Money| format::money_round(sum, language());
    let last = figures.last_contact_at.map_or_else(|| say("never"), clock::short);
    let last_text = figures.last_contact_kind.map_or_else(String::new, |kind| {
        format!("{} · {}", say(&format!("communication-{kind}")), figures.last_contact_by)
    });
    let card = |label: &str, value: String, below: String| {
        html! {
            <div class="card figure"><span>{ say(label) }</span><b>{ value }</b><span>{ below }</span></div>
        }
    };
    html! {
        <>
        <div class="cards four">
            { card("figure-won", money(figures.won_this_year), say_with("last-year", &[("sum", &money(figures.won_last_year))])) }
            { card("figure-quotes", format!("{} · {}", figures.open_quotes, money(figures.open_quotes_value)), say("gross")) }
            { card("figure-open", format!("{} · {}", figures.open_opportunities, money(figures.open_value)), say_with("weighted", &[("sum", &money(figures.weighted_value))])) }
            { card("figure-last", last, last_text) }
        </div>
        <div class="split">
            <div>
                <QuickEntry {id} />
                <Timeline {id} go={go.clone()} />
            </div>
            <aside>
                if !page.tasks.is_empty() {
                    <section class="card"><h2>{ say("open-tasks") }</h2><ul class="agenda">{ for page.tasks.iter().map(|row| super::today::task_line(row, go)) }</ul></section>
                }
                <section class="card"><h2>{ say("tab-contacts") }</h2>{ people(&page.contacts, 4, go) }
                    { way(go, Page::ContactForm(Id::NIL, id), &say("new-contact")) }</section>
                <section class="card"><h2>{ say("addresses") }</h2>
                    { for page.addresses.iter().map(|address| html! {
                        <p class="address"><span class="quiet">{ say(&format!("address-{}", address.kind)) }</span><br/>
                            { address.street_line() }<br/>{ address.city_line() }
                            if address.country.0 != "DE" { <br/>{ domain::country::country_name(&address.country.0, language()).to_owned() } }</p>
                    }) }
                </section>
                <section class="card"><h2>{ say("conditions") }</h2><dl class="pairs">
                    { pair("field-price-list", page.price_list.as_ref().map(|list| list.name.clone())) }
                    { pair("field-payment-terms", page.payment_terms.as_ref().map(|terms| terms.name.clone())) }
                    { pair("field-discount", (page.customer.discount.0 != 0).then(|| format!("{} %", format::percent(page.customer.discount, language())))) }
                    { pair("field-vat-id", Some(page.customer.vat_id.clone()).filter(|id| !id.is_empty())) }
                    { pair("field-owner", page.owner.as_ref().map(|owner| owner.name.clone())) }
                    { pair("field-territory", page.territory.as_ref().map(|territory| territory.name.clone())) }
                </dl></section>
                if !page.customer.notes.is_empty() { <section class="card"><h2>{ say("field-notes") }</h2><p class="notes">{ &page.customer.notes }</p></section> }
            </aside>
        </div>
        </>
    }
}

fn pair(label: &str, value: Option<String>) -> Html {
    value.map_or_else(
        Html::default,
        |value| html! { <><dt>{ say(label) }</dt><dd>{ value }</dd></> },
    )
}

fn people(contacts: &[Contact], most: usize, go: &Go) -> Html {
    html! { <ul class="people">{ for contacts.iter().take(most).map(|contact| {
        let reach = [&contact.position, &contact.mobile, &contact.phone, &contact.email];
        let reach: Vec<&str> = reach.into_iter().map(String::as_str).filter(|text| !text.is_empty()).take(2).collect();
        html! { <li>
            <span class="avatar grey" aria-hidden="true">{ initials(&contact.full_name()) }</span>
            <div><strong>{ way(go, Page::ContactForm(contact.id, contact.customer_id), &contact.full_name()) }</strong>
                if contact.role == ContactRole::DecisionMaker { { chip("", say("role-decision_maker")) } }
                <div class="quiet">{ reach.join(" · ") }</div></div>
        </li> }
    }) }</ul> }
}

#[derive(Properties, PartialEq)]
struct OnCustomer {
    id: Id,
}

#[component]
fn QuickEntry(props: &OnCustomer) -> Html {
    let text = use_state(String::new);
    let kind = use_state(|| CommunicationKind::Visit);
    let customer_id = props.id;
    let key = format!("quick:{customer_id}");
    {
        // What was typed before a crash is there again.
        let (text, key) = (text.setter(), key.clone());
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                if let Ok(Some(draft)) = crate::backend::call(commands::GetDraft { key }).await
                    && let Some(kept) = draft.input.as_str()
                {
                    text.set(kept.to_owned());
                }
            });
        });
    }
    let oninput = {
        let (text, key) = (text.clone(), key.clone());
        Callback::from(move |event: InputEvent| {
            let now = typed(&event);
            text.set(now.clone());
            keep_draft(key.clone(), now.into());
        })
    };
    let log = {
        let (text, kind, key) = (text.clone(), kind.clone(), key.clone());
        Callback::from(move |()| {
            if text.trim().is_empty() {
                return;
            }
            let request =
                LogQuick { customer_id, kind: *kind, text: (*text).clone(), language: language() };
            let (text, key) = (text.clone(), key.clone());
            order(request, None, move |logged| {
                toast::done(match logged.follow_up_at {
                    Some(at) => say_with("logged-with-follow-up", &[("at", &clock::full(at))]),
                    None => say("logged"),
                });
                text.set(String::new());
                drop_draft(key);
            });
        })
    };
    let onkeydown = {
        let log = log.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                log.emit(());
            }
        }
    };
    let onchange = {
        let kind = kind.clone();
        move |event: Event| {
            kind.set(
                CommunicationKind::from_text(&crate::form::value_of(&event)).unwrap_or_default(),
            )
        }
    };
    html! {
        <div class="card quick">
            <select aria-label={say("kind-of-talk")} name="quick-kind" {onchange}>{ for CommunicationKind::ALL.iter().map(|one| html! {
                <option value={one.as_str()} selected={one == &*kind}>{ say(&format!("communication-{one}")) }</option> }) }</select>
            <input name="quick" placeholder={say("quick-hint")} value={(*text).clone()} {oninput} {onkeydown} />
            <button class="primary" id="log" onclick={move |_| log.emit(())}>{ say("log") }</button>
        </div>
    }
}

/// Keeps unsaved input, so that a crash loses nothing.
pub(crate) fn keep_draft(key: String, input: serde_json::Value) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(failure) = crate::backend::call(commands::PutDraft { key, input }).await {
            toast::failure(&failure);
        }
    });
}

/// Forgets unsaved input that was saved or given up.
pub(crate) fn drop_draft(key: String) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(failure) = crate::backend::call(commands::DropDraft { key }).await {
            toast::failure(&failure);
        }
    });
}

#[derive(Properties, PartialEq)]
struct OnCustomerGo {
    id: Id,
    go: Go,
}

const PAGE: u64 = 50;

#[component]
fn Timeline(props: &OnCustomerGo) -> Html {
    let kinds = use_state(Vec::<TimelineKind>::new);
    let limit = use_state(|| PAGE);
    let window = Window { offset: 0, limit: *limit };
    let request = ListTimeline { customer_id: props.id, kinds: (*kinds).clone(), window };
    let Some(list) = use_answer(request) else { return html! {} };
    let filters: [(&str, Vec<TimelineKind>); 5] = [
        ("all", vec![]),
        ("timeline-visits", vec![TimelineKind::Visit, TimelineKind::Meeting]),
        ("timeline-calls", vec![TimelineKind::Call]),
        ("timeline-emails", vec![TimelineKind::Email]),
        ("timeline-papers", vec![TimelineKind::Quote, TimelineKind::Opportunity]),
    ];
    let more = {
        let limit = limit.clone();
        move |_| limit.set(*limit + PAGE)
    };
    html! {
        <section>
            <h2 class="with-filters">{ say("timeline") }<span>{ for filters.into_iter().map(|(name, wanted)| {
                let (set, on) = (kinds.clone(), *kinds == wanted);
                html! { <button class={classes!("filter", on.then_some("on"))} onclick={move |_| set.set(wanted.clone())}>{ say(name) }</button> }
            }) }</span></h2>
            <ul class="timeline">{ for list.rows.iter().map(|entry| timeline_entry(entry, &props.go)) }</ul>
            if list.rows.is_empty() { <p class="quiet">{ say("nothing-happened") }</p> }
            if list.total > list.rows.len() as u64 { <button onclick={more}>{ say("show-more") }</button> }
        </section>
    }
}

fn timeline_entry(entry: &TimelineEntry, go: &Go) -> Html {
    let (name, page) = match entry.kind {
        TimelineKind::Call => ("communication-call", None),
        TimelineKind::Email => ("communication-email", None),
        TimelineKind::Meeting => ("communication-meeting", None),
        TimelineKind::Visit => ("communication-visit", None),
        TimelineKind::Note => ("communication-note", None),
        TimelineKind::Quote => ("kind-quote", Some(Page::Quote(entry.id))),
        TimelineKind::Opportunity => {
            ("kind-opportunity", Some(Page::Opportunity(entry.id, Id::NIL)))
        }
        TimelineKind::Task => ("kind-task", None),
        TimelineKind::Document => ("kind-document", None),
    };
    let amount = entry
        .amount
        .map(|amount| format!(" · {}", format::money(amount, "EUR", language())))
        .unwrap_or_default();
    let subject = format!("{}{amount}", entry.subject);
    let aside = match (entry.follow_up_at, page.is_some(), entry.contact.as_str()) {
        (Some(at), ..) => chip(
            "warm",
            say_with(
                "follow-up-on",
                &[("day", &format::day_short(clock::local(at).date_naive(), language()))],
            ),
        ),
        (None, true, _) => status(&entry.status),
        (None, false, "") => html! {},
        (None, false, contact) => chip("", contact.to_owned()),
    };
    html! {
        <li key={format!("{}-{}", entry.id, name)}>
            <span class="when" title={clock::full(entry.at)}>{ clock::short(entry.at) }</span>
            <strong>{ say(name) }</strong>
            <div>{ match page { Some(page) => way(go, page, &subject), None => html! { subject } } }
                if !entry.body.is_empty() { <div class="quiet">{ &entry.body }</div> }</div>
            { aside }
        </li>
    }
}

fn contacts(page: &CustomerPage, go: &Go) -> Html {
    html! { <section class="card narrow-page">{ people(&page.contacts, usize::MAX, go) }
    { way(go, Page::ContactForm(Id::NIL, page.customer.id), &say("new-contact")) }</section> }
}

fn opportunities(page: &CustomerPage, go: &Go) -> Html {
    html! { <section class="card narrow-page"><ul class="agenda">{ for page.opportunities.iter().map(|opportunity| html! {
        <li><span class="when">{ opportunity.expected_close.map(|day| format::day_short(day, language())) }</span>
            <div class="what"><strong>{ way(go, Page::Opportunity(opportunity.id, opportunity.customer_id), &opportunity.name) }</strong>
                <div>{ say(&format!("stage-{}", opportunity.stage)) }</div></div>
            <span>{ format::money_round(opportunity.value, language()) }</span></li>
    }) }</ul>
    if page.opportunities.is_empty() { <p class="quiet">{ say("no-open-opportunities") }</p> }
    { way(go, Page::Opportunity(Id::NIL, page.customer.id), &say("new-opportunity")) }</section> }
}

#[component]
fn Quotes(props: &OnCustomerGo) -> Html {
    let filter = QuoteFilter { customer_id: Some(props.id), ..QuoteFilter::default() };
    let window = Window { offset: 0, limit: 200 };
    let request =
        commands::ListQuotes { filter, sort: QuoteSort::Date, order: Order::Descending, window };
    let Some(list) = use_answer(request) else { return html! {} };
    html! { <section class="card narrow-page"><ul class="agenda">{ for list.rows.iter().map(|row| html! {
        <li><span class="when">{ format::day(row.date, language()) }</span>
            <div class="what"><strong>{ way(&props.go, Page::Quote(row.id), &row.number) }</strong><div>{ &row.subject }</div></div>
            <span>{ format::money(row.gross_total, "EUR", language()) }</span>{ status(row.status.as_str()) }</li>
    }) }</ul>if list.rows.is_empty() { <p class="quiet">{ say("no-quotes") }</p> }</section> }
}

#[component]
fn Documents(props: &OnCustomerGo) -> Html {
    let Some(list) = use_answer(ListDocuments { customer_id: props.id }) else { return html! {} };
    html! { <section class="card narrow-page"><ul class="agenda">{ for list.iter().map(|document| html! {
        <li><span class="when">{ clock::short(document.created_at) }</span>
            <div class="what">{ match document.quote_id {
                Some(quote) => way(&props.go, Page::Quote(quote), &document.name),
                None => html! { &document.name },
            } }</div><span class="quiet">{ format!("{} KB", (document.size + 1023) / 1024) }</span></li>
    }) }</ul>if list.is_empty() { <p class="quiet">{ say("no-documents") }</p> }</section> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct HistoryProps {
    pub(crate) entity: AttrValue,
    pub(crate) id: Id,
}

/// Who changed what in a record.
#[component]
pub(crate) fn History(props: &HistoryProps) -> Html {
    let window = Window { offset: 0, limit: 200 };
    let request = ListHistory { entity: props.entity.to_string(), id: props.id, window };
    let list = use_answer(request);
    let edits = list.iter().flat_map(|list| &list.rows).flat_map(|entry| {
        let name = entry.field.as_str();
        [(name, &entry.change.from), (name, &entry.change.to)]
    });
    let names = use_names(referred(edits));
    let Some(list) = list else { return html! {} };
    html! { <section class="card narrow-page"><ul class="changes history">{ for list.rows.iter().map(|entry| html! {
        <li><span class="when">{ clock::full(entry.at) }</span>
            <span>{ say::operation(&entry.operation) }
                if !entry.is_insert { <div class="quiet">{ format!("{}: {} → {}", field_name(&entry.entity, &entry.field), shown(&names, &entry.entity, &entry.field, &entry.change.from), shown(&names, &entry.entity, &entry.field, &entry.change.to)) }</div> }</span>
            <span class="quiet">{ &entry.by }</span></li>
    }) }</ul>if list.rows.is_empty() { <p class="quiet">{ say("no-history") }</p> }</section> }
}
