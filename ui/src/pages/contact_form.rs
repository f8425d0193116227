//! A contact's form.

use commands::{DeleteContacts, FindContactDuplicates, GetContact, SaveContact};
use domain::{Contact, ContactRole, Id, Refusal, Salutation, check_contact, dial};
use yew::prelude::*;

use super::{
    customer::link_button,
    draft::{drop_draft, keep_draft},
    order, use_answer,
};
use crate::{
    allowed::{Allowed, May},
    backend,
    form::{Choice, Field, error_at},
    route::Page,
    say::{say, say_with},
    toast,
    widget::{Go, Head, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct ContactFormProps {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) go: Go,
    pub(crate) back: Callback<()>,
}

#[component]
pub(crate) fn ContactForm(props: &ContactFormProps) -> Html {
    let (id, customer_id) = (props.id, props.customer_id);
    let key =
        if id.is_nil() { format!("contact:new:{customer_id}") } else { format!("contact:{id}") };
    let input = use_state(|| None::<Contact>);
    let wrong = use_state(Vec::<Refusal>::new);
    {
        let (input, key) = (input.setter(), key.clone());
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                let begin = if id.is_nil() {
                    Ok(Contact { customer_id, ..Contact::default() })
                } else {
                    backend::call(GetContact { id }).await
                };
                let begin = match begin {
                    Ok(begin) => begin,
                    Err(failure) => return toast::failure(&failure),
                };
                let draft = backend::call(commands::GetDraft { key }).await.ok().flatten();
                let kept =
                    draft.and_then(|draft| serde_json::from_value::<Contact>(draft.input).ok());
                let kept = kept.filter(|kept| kept.updated_at == begin.updated_at);
                input.set(Some(kept.unwrap_or(begin)));
            });
        });
    }
    let duplicates =
        use_answer(FindContactDuplicates { contact: (*input).clone().unwrap_or_default() });
    let Some(now) = (*input).clone() else { return html! {} };
    // Who comes from elsewhere does not always know whose it is.
    let customer_id = now.customer_id;
    let change = {
        let (input, key) = (input.clone(), key.clone());
        Callback::from(move |next: Contact| {
            if let Ok(json) = serde_json::to_value(&next) {
                keep_draft(key.clone(), json);
            }
            input.set(Some(next));
        })
    };
    let leave = {
        let (now, wrong) = (now.clone(), wrong.clone());
        Callback::from(move |()| {
            if !now.last_name.is_empty() {
                wrong.set(check_contact(&now));
            }
        })
    };
    let save = {
        let (now, wrong, go, key) = (now.clone(), wrong.clone(), props.go.clone(), key.clone());
        Callback::from(move |()| {
            let found = check_contact(&now);
            let has_wrong = !found.is_empty();
            wrong.set(found);
            if has_wrong {
                return;
            }
            let (contact, wrong, go, key) = (now.clone(), wrong.clone(), go.clone(), key.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let (name, customer_id) = (contact.full_name(), contact.customer_id);
                match backend::call(SaveContact { contact }).await {
                    Ok(_) => {
                        drop_draft(key);
                        toast::done(say_with("saved", &[("what", &name)]));
                        go.emit(Page::Customer(customer_id));
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
    let delete = {
        let (go, name) = (props.go.clone(), now.full_name());
        move |_| {
            let (go, done) = (go.clone(), say_with("deleted", &[("what", &name)]));
            order(DeleteContacts { ids: vec![id] }, Some(done), move |_| {
                go.emit(Page::Customer(customer_id))
            });
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
    let text = |label: &str, field: &'static str, value: &str, set: fn(&mut Contact, String)| {
        let (now, change) = (now.clone(), change.clone());
        let on_input = Callback::from(move |text| {
            let mut next = now.clone();
            set(&mut next, text);
            change.emit(next);
        });
        html! { <Field label={say(label)} name={field} value={value.to_owned()} {on_input} on_leave={leave.clone()} error={error_at(&wrong, field)} /> }
    };
    let choice = |label: &str,
                  value: String,
                  options: Vec<(String, String)>,
                  set: fn(&mut Contact, &str)| {
        let (now, change) = (now.clone(), change.clone());
        let on_choose = Callback::from(move |text: String| {
            let mut next = now.clone();
            set(&mut next, &text);
            change.emit(next);
        });
        html! { <Choice label={say(label)} {value} {options} {on_choose} /> }
    };
    let primary = {
        let (now, change) = (now.clone(), change.clone());
        move |_| change.emit(Contact { is_primary: !now.is_primary, ..now.clone() })
    };
    let title = if id.is_nil() { say("new-contact") } else { now.full_name() };
    let above = html! { <>{ way(&props.go, Page::Contacts, &say("nav-contacts")) }{ " / " }{ way(&props.go, Page::Customer(customer_id), &say("to-customer")) }</> };
    html! {
        <form class="form" {onkeydown} onsubmit={let save = save.clone(); move |event: SubmitEvent| { event.prevent_default(); save.emit(()); }}>
        <Head {title} {above}>
            if !id.is_nil() {
                if !now.mobile.is_empty() { { link_button(&say("call"), format!("tel:{}", dial(&now.mobile))) } }
                if !now.email.is_empty() { { link_button(&say("write"), format!("mailto:{}", now.email)) } }
                <May entity="contact"><button type="button" onclick={delete}>{ say("delete") }</button></May>
            }
            <button type="button" onclick={give_up}>{ say("cancel") }</button>
            <May entity="contact"><button class="primary" id="save">{ say("save") }<kbd>{ say("key-save") }</kbd></button></May>
        </Head>
        if let Some(found) = duplicates.filter(|found| !found.is_empty() && id.is_nil()) {
            <div class="hint warm" role="status"><strong>{ say("maybe-duplicate") }</strong>
                <ul>{ for found.iter().map(|one| html! { <li>{ format!("{} · {}", one.name, one.detail) }</li> }) }</ul></div>
        }
        <Allowed entity="contact">
        <section class="card"><h2>{ say("group-person") }</h2><div class="fields">
            { choice("field-salutation", now.salutation.to_string(), Salutation::ALL.iter().map(|k| (k.to_string(), say(&format!("salutation-{k}")))).collect(), |c, text| c.salutation = Salutation::from_text(text).unwrap_or_default()) }
            { text("field-title", "title", &now.title, |c, text| c.title = text) }
            { text("field-first-name", "first_name", &now.first_name, |c, text| c.first_name = text) }
            { text("field-last-name", "last_name", &now.last_name, |c, text| c.last_name = text) }
            { text("field-position", "position", &now.position, |c, text| c.position = text) }
            { text("field-department", "department", &now.department, |c, text| c.department = text) }
            { choice("field-role", now.role.to_string(), ContactRole::ALL.iter().map(|k| (k.to_string(), say(&format!("role-{k}")))).collect(), |c, text| c.role = ContactRole::from_text(text).unwrap_or_default()) }
            <label class="check"><input type="checkbox" checked={now.is_primary} onchange={primary} /><span>{ say("field-is-primary") }</span></label>
        </div></section>
        <section class="card"><h2>{ say("group-reach") }</h2><div class="fields">
            { text("field-phone", "phone", &now.phone, |c, text| c.phone = text) }
            { text("field-mobile", "mobile", &now.mobile, |c, text| c.mobile = text) }
            { text("field-email", "email", &now.email, |c, text| c.email = text) }
        </div></section>
        <section class="card"><h2>{ say("field-notes") }</h2>
            <Field label={say("field-notes")} rows={4} value={now.notes.clone()} on_input={let (now, change) = (now.clone(), change.clone()); Callback::from(move |notes| change.emit(Contact { notes, ..now.clone() }))} />
        </section>
        </Allowed>
        </form>
    }
}
