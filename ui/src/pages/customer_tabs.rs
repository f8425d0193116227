//! What belongs to a customer, a tab each: contacts, opportunities, quotes, documents.

use commands::{
    ListDocuments,
    view::{CustomerPage, Order, QuoteFilter, QuoteSort, Window},
};
use domain::{Contact, ContactRole, Id, format};
use yew::prelude::*;

use super::use_answer;
use crate::{
    allowed::May,
    clock,
    route::Page,
    say::{language, say},
    widget::{Go, chip, initials, status, way},
};

/// So many people at most, with how to reach them.
pub(crate) fn people(contacts: &[Contact], most: usize, go: &Go) -> Html {
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

/// All its contacts.
pub(crate) fn contacts(page: &CustomerPage, go: &Go) -> Html {
    html! { <section class="card narrow-page">{ people(&page.contacts, usize::MAX, go) }
    if page.contacts.is_empty() { <p class="quiet">{ format!("{}.", say("no-contacts")) }</p> }
    <May entity="contact">{ way(go, Page::ContactForm(Id::NIL, page.customer.id), &say("new-contact")) }</May></section> }
}

/// Its open opportunities.
pub(crate) fn opportunities(page: &CustomerPage, go: &Go) -> Html {
    html! { <section class="card narrow-page"><ul class="agenda">{ for page.opportunities.iter().map(|opportunity| html! {
        <li><span class="when">{ opportunity.expected_close.map(|day| format::day_short(day, language())) }</span>
            <div class="what"><strong>{ way(go, Page::Opportunity(opportunity.id, opportunity.customer_id), &opportunity.name) }</strong>
                <div>{ say(&format!("stage-{}", opportunity.stage)) }</div></div>
            <span>{ format::money_round(opportunity.value, language()) }</span></li>
    }) }</ul>
    if page.opportunities.is_empty() { <p class="quiet">{ say("no-open-opportunities") }</p> }
    <May entity="opportunity">{ way(go, Page::Opportunity(Id::NIL, page.customer.id), &say("new-opportunity")) }</May></section> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct TabProps {
    /// The customer.
    pub(crate) id: Id,
    pub(crate) go: Go,
}

#[component]
pub(crate) fn Quotes(props: &TabProps) -> Html {
    let filter = QuoteFilter { customer_id: Some(props.id), ..QuoteFilter::default() };
    let window = Window { offset: 0, limit: 200 };
    let request =
        commands::ListQuotes { filter, sort: QuoteSort::Date, order: Order::Descending, window };
    let Some(list) = use_answer(request) else { return html! {} };
    html! { <section class="card narrow-page"><ul class="agenda">{ for list.rows.iter().map(|row| html! {
        <li><span class="when">{ format::day(row.date, language()) }</span>
            <div class="what"><strong>{ way(&props.go, Page::Quote(row.id), &row.number) }</strong><div>{ &row.subject }</div></div>
            <span>{ format::money(row.gross_total, "EUR", language()) }</span>{ status(row.status.as_str()) }</li>
    }) }</ul>if list.rows.is_empty() { <p class="quiet">{ format!("{}.", say("no-quotes")) }</p> }</section> }
}

#[component]
pub(crate) fn Documents(props: &TabProps) -> Html {
    let Some(list) = use_answer(ListDocuments { customer_id: props.id }) else { return html! {} };
    html! { <section class="card narrow-page"><ul class="agenda">{ for list.iter().map(|document| html! {
        <li><span class="when">{ clock::short(document.created_at) }</span>
            <div class="what">{ match document.quote_id {
                Some(quote) => way(&props.go, Page::Quote(quote), &document.name),
                None => html! { &document.name },
            } }</div><span class="quiet">{ format!("{} KB", (document.size + 1023) / 1024) }</span></li>
    }) }</ul>if list.is_empty() { <p class="quiet">{ say("no-documents") }</p> }</section> }
}
