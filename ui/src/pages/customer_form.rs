//! A customer's form: fields as people think of them, duplicates while typing.

use commands::{FindCustomerDuplicates, GetChoices, GetCustomer, SaveCustomer};
use domain::{
    Address, AddressKind, Customer, CustomerKind, CustomerStatus, Id, Language, Refusal,
    check_address, check_customer, country::COUNTRIES, format,
};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use super::{
    draft::{drop_draft, keep_draft},
    use_answer,
};
use crate::{
    allowed::{Allowed, May},
    backend,
    form::{Choice, Field, error_at},
    route::Page,
    say::{language, say, say_with},
    toast,
    widget::{Go, Head, id_text, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct CustomerFormProps {
    pub(crate) id: Id,
    pub(crate) go: Go,
    pub(crate) back: Callback<()>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Input {
    customer: Customer,
    addresses: Vec<Address>,
    discount: String,
}

impl Input {
    fn new() -> Self {
        let address = Address { is_default: true, ..Address::default() };
        Self { customer: Customer::default(), addresses: vec![address], discount: String::new() }
    }

    fn wrong(&self) -> Vec<Refusal> {
        let mut wrong = check_customer(&self.customer);
        for (index, address) in self.addresses.iter().enumerate() {
            wrong.extend(check_address(address).into_iter().map(|mut refusal| {
                refusal.field = refusal.field.map(|field| format!("addresses.{index}.{field}"));
                refusal
            }));
        }
        wrong
    }
}

#[component]
pub(crate) fn CustomerForm(props: &CustomerFormProps) -> Html {
    let id = props.id;
    let key = if id.is_nil() { "customer:new".to_owned() } else { format!("customer:{id}") };
    let input = use_state(|| None::<Input>);
    let wrong = use_state(Vec::<Refusal>::new);
    let restored = use_state(|| false);
    let choices = use_answer(GetChoices {});
    {
        let (input, restored, key) = (input.setter(), restored.setter(), key.clone());
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                let begin = if id.is_nil() {
                    Ok(Input::new())
                } else {
                    backend::call(GetCustomer { id }).await.map(|page| Input {
                        discount: format::percent(page.customer.discount, language()),
                        customer: page.customer,
                        addresses: page.addresses,
                    })
                };
                let begin = match begin {
                    Ok(begin) => begin,
                    Err(failure) => return toast::failure(&failure),
                };
                let draft = backend::call(commands::GetDraft { key }).await.ok().flatten();
                let kept =
                    draft.and_then(|draft| serde_json::from_value::<Input>(draft.input).ok());
                // A draft of an older state of the record would overwrite what came since.
                let kept =
                    kept.filter(|kept| kept.customer.updated_at == begin.customer.updated_at);
                restored.set(kept.is_some());
                input.set(Some(kept.unwrap_or(begin)));
            });
        });
    }
    let duplicates = {
        let typed = (*input).clone().unwrap_or_else(Input::new);
        let postal_code =
            typed.addresses.first().map(|address| address.postal_code.clone()).unwrap_or_default();
        use_answer(FindCustomerDuplicates { customer: typed.customer, postal_code })
    };
    let Some(now) = (*input).clone() else { return html! {} };
    let change = {
        let (input, key) = (input.clone(), key.clone());
        Callback::from(move |next: Input| {
            if let Ok(json) = serde_json::to_value(&next) {
                keep_draft(key.clone(), json);
            }
            input.set(Some(next));
        })
    };
    let leave = {
        let (now, wrong) = (now.clone(), wrong.clone());
        Callback::from(move |()| {
            // While the name is empty the form has just begun.
            if !now.customer.name.is_empty() {
                wrong.set(now.wrong());
            }
        })
    };
    let save = {
        let (now, wrong, go, key) = (now.clone(), wrong.clone(), props.go.clone(), key.clone());
        Callback::from(move |()| {
            let mut found = now.wrong();
            let discount = if now.discount.trim().is_empty() {
                Some(domain::Percent::ZERO)
            } else {
                format::parse_percent(&now.discount, language())
            };
            if discount.is_none() {
                found.push(Refusal::new("percent-range", "").at("discount"));
            }
            let has_wrong = !found.is_empty();
            wrong.set(found);
            if has_wrong {
                return;
            }
            let customer =
                Customer { discount: discount.unwrap_or_default(), ..now.customer.clone() };
            let addresses: Vec<Address> = now
                .addresses
                .iter()
                .filter(|address| {
                    !address.id.is_nil() || !address.city.is_empty() || !address.street.is_empty()
                })
                .cloned()
                .collect();
            let name = customer.name.clone();
            let (wrong, go, key) = (wrong.clone(), go.clone(), key.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(SaveCustomer { customer, addresses: Some(addresses) }).await {
                    Ok(saved) => {
                        drop_draft(key);
                        toast::done(say_with("saved", &[("what", &name)]));
                        go.emit(Page::Customer(saved));
                    }
                    Err(failure) => {
                        wrong.set(failure.refusals.clone());
                        toast::failure(&failure);
                    }
                }
            });
        })
    };
    let give_up = {
        let (back, key) = (props.back.clone(), key.clone());
        move |_| {
            drop_draft(key.clone());
            back.emit(());
        }
    };
    let onkeydown = {
        let save = save.clone();
        move |event: KeyboardEvent| {
            if event.ctrl_key() && matches!(event.key().as_str(), "s" | "Enter") {
                event.prevent_default();
                save.emit(());
            }
        }
    };
    let text = |label: &str, field: &'static str, value: &str, set: fn(&mut Customer, String)| {
        let (now, change) = (now.clone(), change.clone());
        let on_input = Callback::from(move |text| {
            let mut next = now.clone();
            set(&mut next.customer, text);
            change.emit(next);
        });
        html! { <Field label={say(label)} name={field} value={value.to_owned()} {on_input} on_leave={leave.clone()} error={error_at(&wrong, field)} /> }
    };
    let choice = |label: &str,
                  field: &'static str,
                  value: String,
                  options: Vec<(String, String)>,
                  nothing: bool,
                  set: fn(&mut Customer, &str)| {
        let (now, change) = (now.clone(), change.clone());
        let on_choose = Callback::from(move |text: String| {
            let mut next = now.clone();
            set(&mut next.customer, &text);
            change.emit(next);
        });
        let nothing = nothing.then(|| AttrValue::from(say("none")));
        html! { <Choice label={say(label)} name={field} {value} {options} {nothing} {on_choose} /> }
    };
    let customer = &now.customer;
    let title = if id.is_nil() { say("new-customer") } else { customer.name.clone() };
    let name_input = {
        let (now, change) = (now.clone(), change.clone());
        Callback::from(move |text| {
            let mut next = now.clone();
            next.customer.name = text;
            change.emit(next);
        })
    };
    let discount_input = {
        let (now, change) = (now.clone(), change.clone());
        Callback::from(move |discount| change.emit(Input { discount, ..now.clone() }))
    };
    html! {
        <form class="form" {onkeydown} onsubmit={let save = save.clone(); move |event: SubmitEvent| { event.prevent_default(); save.emit(()); }}>
        <Head {title} above={way(&props.go, Page::Customers, &say("nav-customers"))}>
            <button type="button" onclick={give_up}>{ say("cancel") }</button>
            <May entity="customer"><button class="primary" id="save">{ say("save") }<kbd>{ say("key-save") }</kbd></button></May>
        </Head>
        if *restored { <p class="hint">{ say("draft-restored") }</p> }
        { duplicate_hint(duplicates.as_deref(), &props.go) }
        <Allowed entity="customer">
        <section class="card"><h2>{ say("group-company") }</h2><div class="fields">
            <Field label={say("field-name")} name="name" class="wide" value={customer.name.clone()} on_input={name_input} on_leave={leave.clone()} error={error_at(&wrong, "name")} focus={id.is_nil()} needed={true} />
            { text("field-number", "number", &customer.number, |c, text| c.number = text) }
            { choice("field-kind", "kind", customer.kind.to_string(), CustomerKind::ALL.iter().map(|k| (k.to_string(), say(&format!("customer-{k}")))).collect(), false, |c, text| c.kind = CustomerKind::from_text(text).unwrap_or_default()) }
            { choice("field-status", "status", customer.status.to_string(), CustomerStatus::ALL.iter().map(|k| (k.to_string(), say(&format!("status-{k}")))).collect(), false, |c, text| c.status = CustomerStatus::from_text(text).unwrap_or_default()) }
            { text("field-industry", "industry", &customer.industry, |c, text| c.industry = text) }
            { text("field-vat-id", "vat_id", &customer.vat_id, |c, text| c.vat_id = text) }
            { text("field-tax-number", "tax_number", &customer.tax_number, |c, text| c.tax_number = text) }
        </div></section>
        <section class="card"><h2>{ say("group-reach") }</h2><div class="fields">
            { text("field-phone", "phone", &customer.phone, |c, text| c.phone = text) }
            { text("field-email", "email", &customer.email, |c, text| c.email = text) }
            { text("field-website", "website", &customer.website, |c, text| c.website = text) }
        </div></section>
        { addresses(&now, &change, &leave, &wrong) }
        if let Some(choices) = &choices {
            <section class="card"><h2>{ say("conditions") }</h2><div class="fields">
                { choice("field-category", "category_id", id_text(customer.category_id), choices.categories.iter().map(|c| (c.id.to_string(), c.name.clone())).collect(), true, |c, text| c.category_id = text.parse().ok()) }
                { choice("field-owner", "owner_id", id_text(customer.owner_id), choices.users.iter().map(|c| (c.id.to_string(), c.name.clone())).collect(), true, |c, text| c.owner_id = text.parse().ok()) }
                { choice("field-territory", "territory_id", id_text(customer.territory_id), choices.territories.iter().map(|c| (c.id.to_string(), c.name.clone())).collect(), true, |c, text| c.territory_id = text.parse().ok()) }
                { choice("field-price-list", "price_list_id", id_text(customer.price_list_id), choices.price_lists.iter().map(|c| (c.id.to_string(), c.name.clone())).collect(), true, |c, text| c.price_list_id = text.parse().ok()) }
                { choice("field-payment-terms", "payment_terms_id", id_text(customer.payment_terms_id), choices.payment_terms.iter().map(|c| (c.id.to_string(), c.name.clone())).collect(), true, |c, text| c.payment_terms_id = text.parse().ok()) }
                <Field label={say("field-discount")} name="discount" value={now.discount.clone()} on_input={discount_input} error={error_at(&wrong, "discount")} />
                { choice("field-language", "language", customer.language.to_string(), Language::ALL.iter().map(|k| (k.to_string(), say(&format!("language-{k}")))).collect(), false, |c, text| c.language = Language::from_text(text).unwrap_or_default()) }
            </div></section>
        }
        <section class="card"><h2>{ say("field-notes") }</h2>
            <Field label={say("field-notes")} name="notes" rows={4} value={customer.notes.clone()} error={error_at(&wrong, "notes")}
                on_input={let (now, change) = (now.clone(), change.clone()); Callback::from(move |text| { let mut next = now.clone(); next.customer.notes = text; change.emit(next); })} />
        </section>
        </Allowed>
        </form>
    }
}

fn duplicate_hint(duplicates: Option<&Vec<commands::view::Duplicate>>, go: &Go) -> Html {
    let Some(found) = duplicates.filter(|found| !found.is_empty()) else { return html! {} };
    html! {
        <div class="hint warm" role="status"><strong>{ say("maybe-duplicate") }</strong>
            <ul>{ for found.iter().map(|one| html! { <li>{ way(go, Page::Customer(one.id), &one.name) }{ format!(" · {}", one.detail) }</li> }) }</ul></div>
    }
}

fn addresses(
    now: &Input,
    change: &Callback<Input>,
    leave: &Callback<()>,
    wrong: &[Refusal],
) -> Html {
    let add = {
        let (now, change) = (now.clone(), change.clone());
        move |_| {
            let mut next = now.clone();
            next.addresses.push(Address { kind: AddressKind::Delivery, ..Address::default() });
            change.emit(next);
        }
    };
    html! {
        <section class="card"><h2>{ say("addresses") }</h2>
            { for now.addresses.iter().enumerate().map(|(index, address)| {
                let text = |label: &str, field: &'static str, value: &str, set: fn(&mut Address, String)| {
                    let (now, change) = (now.clone(), change.clone());
                    let on_input = Callback::from(move |text| { let mut next = now.clone(); if let Some(address) = next.addresses.get_mut(index) { set(address, text); } change.emit(next); });
                    html! { <Field label={say(label)} name={format!("{field}-{index}")} value={value.to_owned()} {on_input} on_leave={leave.clone()} error={error_at(wrong, &format!("addresses.{index}.{field}"))} /> }
                };
                let choose = |set: fn(&mut Address, &str)| {
                    let (now, change) = (now.clone(), change.clone());
                    Callback::from(move |text: String| { let mut next = now.clone(); if let Some(address) = next.addresses.get_mut(index) { set(address, &text); } change.emit(next); })
                };
                let remove = { let (now, change) = (now.clone(), change.clone()); move |_| { let mut next = now.clone(); next.addresses.remove(index); change.emit(next); } };
                html! { <div class="fields address-fields" key={index}>
                    <Choice label={say("field-kind")} value={address.kind.to_string()} options={AddressKind::ALL.iter().map(|k| (k.to_string(), say(&format!("address-{k}")))).collect::<Vec<_>>()} on_choose={choose(|a, text| a.kind = AddressKind::from_text(text).unwrap_or_default())} />
                    { text("field-street", "street", &address.street, |a, text| a.street = text) }
                    { text("field-house-number", "house_number", &address.house_number, |a, text| a.house_number = text) }
                    { text("field-postal-code", "postal_code", &address.postal_code, |a, text| a.postal_code = text) }
                    { text("field-city", "city", &address.city, |a, text| a.city = text) }
                    <Choice label={say("field-country")} value={address.country.0.clone()} options={COUNTRIES.iter().map(|(code, de, en)| ((*code).to_owned(), (*if language() == Language::De { de } else { en }).to_owned())).collect::<Vec<_>>()} on_choose={choose(|a, text| a.country = domain::Country(text.into()))} />
                    <button type="button" class="link" onclick={remove}>{ say("remove") }</button>
                </div> }
            }) }
            <button type="button" class="link" onclick={add}>{ say("add-address") }</button>
        </section>
    }
}
