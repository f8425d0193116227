//! One opportunity: its form, its quotes, how it ends.

use commands::{
    CloseOpportunity, DeleteOpportunity, GetOpportunity, SaveOpportunity, Search, view::SearchKind,
};
use domain::{Id, Opportunity, OpportunityStatus, Refusal, Stage, check_opportunity, format};
use yew::prelude::*;

use super::{order, use_answer};
use crate::{
    allowed::{Allowed, May},
    backend,
    form::{Choice, Field, error_at},
    frame::new_quote,
    palette::marked,
    route::Page,
    say::{language, say, say_with},
    toast,
    widget::{Dialog, Go, Head, id_text, status, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct OpportunityFormProps {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) go: Go,
    pub(crate) back: Callback<()>,
}

#[derive(Clone, PartialEq, Default)]
struct Input {
    opportunity: Opportunity,
    customer: String,
    value: String,
    close: String,
}

#[component]
pub(crate) fn OpportunityForm(props: &OpportunityFormProps) -> Html {
    let (id, customer_id) = (props.id, props.customer_id);
    let input = use_state(|| None::<Input>);
    let wrong = use_state(Vec::<Refusal>::new);
    let ending = use_state(|| None::<OpportunityStatus>);
    let page = use_state(|| None::<std::rc::Rc<commands::OpportunityPage>>);
    let changes = use_context::<crate::session::World>().map_or(0, |world| world.changes);
    {
        let (input, page) = (input.setter(), page.setter());
        use_effect_with((id, changes), move |_| {
            wasm_bindgen_futures::spawn_local(async move {
                if id.is_nil() {
                    let opportunity = Opportunity {
                        customer_id,
                        currency: "EUR".into(),
                        probability: Stage::FirstMeeting.probability(),
                        ..Opportunity::default()
                    };
                    let customer = if customer_id.is_nil() {
                        String::new()
                    } else {
                        backend::call(commands::GetCustomer { id: customer_id })
                            .await
                            .map(|page| page.customer.name)
                            .unwrap_or_default()
                    };
                    return input.set(Some(Input { opportunity, customer, ..Input::default() }));
                }
                match backend::call(GetOpportunity { id }).await {
                    Ok(found) => {
                        input.set(Some(Input {
                            value: format::money_plain(found.opportunity.value, language()),
                            close: found
                                .opportunity
                                .expected_close
                                .map(|day| day.to_string())
                                .unwrap_or_default(),
                            customer: found.customer.name.clone(),
                            opportunity: found.opportunity.clone(),
                        }));
                        page.set(Some(std::rc::Rc::new(found)));
                    }
                    Err(failure) => toast::failure(&failure),
                }
            });
        });
    }
    let Some(now) = (*input).clone() else { return html! {} };
    let change = {
        let input = input.clone();
        Callback::from(move |next: Input| input.set(Some(next)))
    };
    let save = {
        let (now, wrong, go) = (now.clone(), wrong.clone(), props.go.clone());
        Callback::from(move |()| {
            let mut opportunity = now.opportunity.clone();
            opportunity.expected_close = now.close.parse().ok();
            let value = if now.value.trim().is_empty() {
                Some(domain::Money::ZERO)
            } else {
                format::parse_money(&now.value, language())
            };
            opportunity.value = value.unwrap_or_default();
            let mut found = check_opportunity(&opportunity);
            if value.is_none() {
                found.push(Refusal::new("amount-invalid", "").at("value"));
            }
            if opportunity.expected_close.is_none() && !now.close.trim().is_empty() {
                let wrong = Refusal::new("day-invalid", "").with("text", &now.close);
                found.push(wrong.at("expected_close"));
            }
            let has_wrong = !found.is_empty();
            wrong.set(found);
            if has_wrong {
                return;
            }
            let (wrong, go) = (wrong.clone(), go.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let (name, customer_id) = (opportunity.name.clone(), opportunity.customer_id);
                match backend::call(SaveOpportunity { opportunity }).await {
                    Ok(saved) => {
                        toast::done(say_with("saved", &[("what", &name)]));
                        go.emit(Page::Opportunity(saved, customer_id));
                    }
                    Err(failure) => {
                        wrong.set(failure.refusals.clone());
                        toast::failure(&failure);
                    }
                }
            });
        })
    };
    let opportunity = &now.opportunity;
    let open = opportunity.status == OpportunityStatus::Open;
    let end = |to: OpportunityStatus, name: &str| {
        let (ending, subject) = (ending.clone(), opportunity.name.clone());
        html! { <button type="button" onclick={move |_| match to {
            OpportunityStatus::Won | OpportunityStatus::Open => {
                let said = say_with(if to == OpportunityStatus::Won { "won" } else { "reopened" }, &[("what", &subject)]);
                order(CloseOpportunity { id, status: to, reason: String::new() }, Some(said), |()| {});
            }
            OpportunityStatus::Lost | OpportunityStatus::Cancelled => ending.set(Some(to)),
        }}>{ say(name) }</button> }
    };
    let delete = {
        let (go, name) = (props.go.clone(), opportunity.name.clone());
        move |_| {
            let (go, done) = (go.clone(), say_with("deleted", &[("what", &name)]));
            order(DeleteOpportunity { id }, Some(done), move |()| go.emit(Page::Opportunities));
        }
    };
    let text = |label: &str, field: &'static str, value: &str, set: fn(&mut Input, String)| {
        let (now, change) = (now.clone(), change.clone());
        let on_input = Callback::from(move |text| {
            let mut next = now.clone();
            set(&mut next, text);
            change.emit(next);
        });
        html! { <Field label={say(label)} name={field} value={value.to_owned()} {on_input} error={error_at(&wrong, field)} focus={field == "name" && id.is_nil() && !customer_id.is_nil()} /> }
    };
    let contacts = page.as_ref().map(|page| page.contacts.clone()).unwrap_or_default();
    let title = if id.is_nil() { say("new-opportunity") } else { opportunity.name.clone() };
    let above = html! { <>{ way(&props.go, Page::Opportunities, &say("nav-opportunities")) }{ " / " }{ way(&props.go, Page::Customer(opportunity.customer_id), &now.customer) }</> };
    let back = props.back.clone();
    html! {
        <form class="form" onsubmit={let save = save.clone(); move |event: SubmitEvent| { event.prevent_default(); save.emit(()); }}
            onkeydown={let save = save.clone(); move |event: KeyboardEvent| if event.ctrl_key() && matches!(event.key().as_str(), "s" | "Enter") { event.prevent_default(); save.emit(()); }}>
        <Head {title} {above} beside={html! { if !id.is_nil() { { status(opportunity.status.as_str()) } } }}>
            if !id.is_nil() {
                <May entity="opportunity">
                if open { { end(OpportunityStatus::Won, "win") }{ end(OpportunityStatus::Lost, "lose") }{ end(OpportunityStatus::Cancelled, "cancel-opportunity") } }
                else { { end(OpportunityStatus::Open, "reopen") } }
                <button type="button" onclick={delete}>{ say("delete") }</button>
                </May>
            }
            <button type="button" onclick={move |_| back.emit(())}>{ say("back") }</button>
            <May entity="opportunity"><button class="primary" id="save">{ say("save") }</button></May>
        </Head>
        <Allowed entity="opportunity">
        <section class="card"><div class="fields">
            if id.is_nil() {
                <CustomerSearch chosen={now.customer.clone()} error={error_at(&wrong, "customer_id")}
                    choose={let (now, change) = (now.clone(), change.clone()); Callback::from(move |(customer_id, customer): (Id, String)| { let mut next = now.clone(); next.opportunity.customer_id = customer_id; next.customer = customer; change.emit(next); })} />
            }
            { text("field-opportunity-name", "name", &opportunity.name, |i, text| i.opportunity.name = text) }
            { text("field-value", "value", &now.value, |i, text| i.value = text) }
            <Choice label={say("field-stage")} name="stage" value={opportunity.stage.to_string()} options={Stage::ALL.iter().map(|k| (k.to_string(), say(&format!("stage-{k}")))).collect::<Vec<_>>()}
                on_choose={let (now, change) = (now.clone(), change.clone()); Callback::from(move |text: String| { let mut next = now.clone(); next.opportunity.stage = Stage::from_text(&text).unwrap_or_default(); if next.opportunity.id.is_nil() { next.opportunity.probability = next.opportunity.stage.probability(); } change.emit(next); })} />
            <Field label={say("field-expected-close")} name="expected_close" kind="date" value={now.close.clone()} error={error_at(&wrong, "expected_close")}
                on_input={let (now, change) = (now.clone(), change.clone()); Callback::from(move |close| change.emit(Input { close, ..now.clone() }))} />
            <Field label={say("field-probability")} name="probability" kind="number" value={opportunity.probability.to_string()} error={error_at(&wrong, "probability")}
                on_input={let (now, change) = (now.clone(), change.clone()); Callback::from(move |text: String| { let mut next = now.clone(); next.opportunity.probability = text.parse().unwrap_or(0); change.emit(next); })} />
            if !contacts.is_empty() {
                <Choice label={say("field-contact")} value={id_text(opportunity.contact_id)} nothing={say("none")} options={contacts.iter().map(|c| (c.id.to_string(), c.full_name())).collect::<Vec<_>>()}
                    on_choose={let (now, change) = (now.clone(), change.clone()); Callback::from(move |text: String| { let mut next = now.clone(); next.opportunity.contact_id = text.parse().ok(); change.emit(next); })} />
            }
            { text("field-competitor", "competitor", &opportunity.competitor, |i, text| i.opportunity.competitor = text) }
        </div>
        <Field label={say("field-description")} rows={3} value={opportunity.description.clone()} on_input={let (now, change) = (now.clone(), change.clone()); Callback::from(move |text| { let mut next = now.clone(); next.opportunity.description = text; change.emit(next); })} />
        if !opportunity.lost_reason.is_empty() { <p>{ say_with("lost-because", &[("reason", &opportunity.lost_reason)]) }</p> }
        </section>
        </Allowed>
        if let Some(page) = &*page {
            <section class="card"><h2>{ say("tab-quotes") }</h2><ul class="agenda">{ for page.quotes.iter().map(|row| html! {
                <li><span class="when">{ format::day_short(row.date, language()) }</span><div class="what"><strong>{ way(&props.go, Page::Quote(row.id), &row.number) }</strong></div>
                    <span>{ format::money(row.gross_total, "EUR", language()) }</span>{ status(row.status.as_str()) }</li> }) }</ul>
                <May entity="quote"><button type="button" class="link" onclick={let go = props.go.clone(); let customer = opportunity.customer_id; move |_| new_quote(customer, Some(id), &go)}>{ say("new-quote") }</button></May>
            </section>
            <super::history::History entity="opportunity" {id} />
        }
        if let Some(to) = *ending {
            <Reason title={say(if to == OpportunityStatus::Lost { "lose" } else { "cancel-opportunity" })}
                close={let ending = ending.clone(); Callback::from(move |()| ending.set(None))}
                done={let ending = ending.clone(); Callback::from(move |reason: String| { ending.set(None); order(CloseOpportunity { id, status: to, reason }, Some(say("noted")), |()| {}); })} />
        }
        </form>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ReasonProps {
    pub(crate) title: AttrValue,
    pub(crate) close: Callback<()>,
    pub(crate) done: Callback<String>,
}

/// Asks why.
#[component]
pub(crate) fn Reason(props: &ReasonProps) -> Html {
    let text = use_state(String::new);
    let done = {
        let (text, done) = (text.clone(), props.done.clone());
        move |_| done.emit((*text).clone())
    };
    let close = props.close.clone();
    html! {
        <Dialog title={props.title.clone()} close={props.close.clone()}>
            <Field label={say("field-reason")} name="reason" value={(*text).clone()} on_input={let text = text.clone(); Callback::from(move |now| text.set(now))} focus={true} />
            <div class="actions"><button type="button" onclick={move |_| close.emit(())}>{ say("cancel") }</button>
                <button type="button" class="primary" onclick={done}>{ say("confirm") }</button></div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CustomerSearchProps {
    pub(crate) chosen: AttrValue,
    pub(crate) choose: Callback<(Id, String)>,
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
    /// Whether there must be one.
    #[prop_or(true)]
    pub(crate) needed: bool,
}

/// Finds a customer as its name is typed.
#[component]
pub(crate) fn CustomerSearch(props: &CustomerSearchProps) -> Html {
    let text = use_state(|| None::<String>);
    let hits = use_answer(Search {
        text: (*text).clone().unwrap_or_default(),
        kinds: vec![SearchKind::Customer],
        limit: 8,
    });
    let on_input = {
        let text = text.clone();
        Callback::from(move |now| text.set(Some(now)))
    };
    html! {
        <div class="search-field">
            <Field label={say("field-customer")} name="customer" value={(*text).clone().unwrap_or_else(|| props.chosen.to_string())} {on_input} error={props.error.clone()} focus={props.chosen.is_empty()} needed={props.needed} />
            if let (Some(_), Some(hits)) = (&*text, hits) {
                <ul class="suggestions">{ for hits.iter().map(|hit| {
                    let (choose, text, id, name) = (props.choose.clone(), text.clone(), hit.id, hit.title.text.clone());
                    html! { <li><button type="button" onclick={move |_| { text.set(None); choose.emit((id, name.clone())); }}>{ marked(&hit.title) }<span class="quiet">{ format!(" {}", hit.detail.text) }</span></button></li> }
                }) }</ul>
            }
        </div>
    }
}
