//! Everything about one customer.

use commands::{AddTag, DeleteCustomers, GetCustomer, RemoveTag, view::CustomerPage};
use domain::{Id, Money, dial, format};
use yew::prelude::*;

use super::{
    customer_quick::QuickEntry,
    customer_tabs::{Documents, Quotes, contacts, opportunities, people},
    customer_timeline::Timeline,
    history::History,
    order, use_answer,
};
use crate::{
    allowed::May,
    clock,
    form::typed,
    frame::new_quote,
    route::Page,
    say::{language, say, say_with},
    toast,
    widget::{Go, Head, chip, status, way},
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
            html! { <span class="chip">{ &tag.name }<May entity="customer_tag"><button class="drop" aria-label={say("remove")} onclick={move |_| order(RemoveTag { customer_id: id, tag_id }, None, |()| {})}>{ "×" }</button></May></span> }
        }) }
        <May entity="customer_tag"><TagInput {id} /></May>
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
            <May entity="customer">
                <button onclick={delete}>{ say("delete") }</button>
                <button id="edit-customer" onclick={edit}>{ say("edit") }</button>
            </May>
            <May entity="quote"><button class="primary" id="new-quote" onclick={quote}>{ say("new-quote") }<kbd>{ say("key-new") }</kbd></button></May>
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
    html! { <button type="button" {onclick}>{ text.to_owned() }</button> }
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
                <May entity="communication"><QuickEntry {id} /></May>
                <Timeline {id} go={go.clone()} />
            </div>
            <aside>
                if !page.tasks.is_empty() {
                    <section class="card"><h2>{ say("open-tasks") }</h2><ul class="agenda">{ for page.tasks.iter().map(|row| super::today::task_line(row, go)) }</ul></section>
                }
                <section class="card"><h2>{ say("tab-contacts") }</h2>{ people(&page.contacts, 4, go) }
                    <May entity="contact">{ way(go, Page::ContactForm(Id::NIL, id), &say("new-contact")) }</May></section>
                <section class="card"><h2>{ say("addresses") }</h2>
                    if page.addresses.is_empty() { <p class="quiet">{ say("no-addresses") }</p> }
                    { for page.addresses.iter().map(|address| html! {
                        <p class="address"><span class="quiet">{ say(&format!("address-{}", address.kind)) }</span><br/>
                            { address.street_line() }<br/>{ address.city_line() }
                            if address.country.0 != "DE" { <br/>{ domain::country::country_name(&address.country.0, language()).to_owned() } }</p>
                    }) }
                </section>
                { conditions(page) }
                if !page.customer.notes.is_empty() { <section class="card"><h2>{ say("field-notes") }</h2><p class="notes">{ &page.customer.notes }</p></section> }
            </aside>
        </div>
        </>
    }
}

/// What holds for the customer; nothing while nothing was said.
fn conditions(page: &CustomerPage) -> Html {
    let customer = &page.customer;
    let discount = format!("{} %", format::percent(customer.discount, language()));
    let pairs = [
        ("field-price-list", page.price_list.as_ref().map(|list| list.name.clone())),
        ("field-payment-terms", page.payment_terms.as_ref().map(|terms| terms.name.clone())),
        ("field-discount", (customer.discount.0 != 0).then_some(discount)),
        ("field-vat-id", Some(customer.vat_id.clone()).filter(|id| !id.is_empty())),
        ("field-owner", page.owner.as_ref().map(|owner| owner.name.clone())),
        ("field-territory", page.territory.as_ref().map(|territory| territory.name.clone())),
    ];
    let pairs: Vec<Html> = pairs
        .into_iter()
        .filter_map(|(label, value)| {
            let value = value?;
            Some(html! { <><dt>{ say(label) }</dt><dd>{ value }</dd></> })
        })
        .collect();
    if pairs.is_empty() {
        return html! {};
    }
    html! { <section class="card"><h2>{ say("conditions") }</h2><dl class="pairs">{ for pairs }</dl></section> }
}
