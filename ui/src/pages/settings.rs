//! The company's letterhead, numbers and texts; this device's language, theme, lock and backup.

use commands::{
    CheckWorkspace, GetSettings, Preferences, SaveLetterhead, SaveNumbering, SaveQuoteTexts,
    SaveUser, SetLogo, SetPassphrase, StartBackup,
};
use domain::{Language, Letterhead, Numbering, QuoteTexts, Refusal, User};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{FileReader, HtmlInputElement};
use yew::prelude::*;

use super::{order, use_answer};
use crate::{
    allowed::Allowed,
    backend,
    form::{Choice, Field, error_at},
    say::{say, say_with},
    session::World,
    toast,
    widget::Head,
};

#[component]
pub(crate) fn Settings() -> Html {
    let Some(world) = use_context::<World>() else { return html! {} };
    let Some(settings) = use_answer(GetSettings {}) else { return html! {} };
    html! {
        <div class="settings">
        <Head title={say("nav-settings")} />
        <Device world={world.clone()} />
        <super::connect::HubSection />
        <Company world={world.clone()} settings={(*settings).clone()} />
        <Protection passphrase={world.passphrase} />
        <BackupForm folder={world.folder.to_string()} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CompanyProps {
    world: World,
    settings: commands::Settings,
}

/// What is everyone's: users, letterhead, numbers, texts.
#[component]
fn Company(props: &CompanyProps) -> Html {
    let CompanyProps { world, settings } = props;
    html! {
        <Allowed entity="setting">
            // At a hub the user has another id: then all of it is another one's.
            <Account key={world.user.id.to_string()} user={(*world.user).clone()} />
            <LetterheadForm letterhead={settings.letterhead.clone()} logo={settings.logo.clone()} />
            <NumberingForm numbering={settings.numbering.clone()} />
            <TextsForm texts={settings.texts.clone()} />
        </Allowed>
    }
}

#[derive(Properties, PartialEq)]
struct DeviceProps {
    world: World,
}

#[component]
fn Device(props: &DeviceProps) -> Html {
    let world = &props.world;
    let now = (*world.preferences).clone();
    let keep = |set: fn(&mut Preferences, String)| {
        let (now, keep) = (now.clone(), world.set_preferences.clone());
        Callback::from(move |text: String| {
            let mut next = now.clone();
            set(&mut next, text);
            keep.emit(next);
        })
    };
    let themes =
        ["system", "light", "dark"].map(|theme| (theme.to_owned(), say(&format!("theme-{theme}"))));
    let minutes = ["0", "5", "15", "60"]
        .map(|minutes| (minutes.to_owned(), say_with("lock-minutes", &[("count", minutes)])));
    html! {
        <section class="card"><h2>{ say("group-device") }</h2><div class="fields">
            <Choice label={say("field-language")} name="language" value={now.language.to_string()} options={Language::ALL.iter().map(|k| (k.to_string(), say(&format!("language-{k}")))).collect::<Vec<_>>()} on_choose={keep(|p, text| p.language = Language::from_text(&text).unwrap_or_default())} />
            <Choice label={say("field-theme")} name="theme" value={now.theme.clone()} options={themes.to_vec()} on_choose={keep(|p, text| p.theme = text)} />
            if world.passphrase { <Choice label={say("field-lock")} value={now.lock_after_minutes.to_string()} options={minutes.to_vec()} on_choose={keep(|p, text| p.lock_after_minutes = text.parse().unwrap_or(0))} /> }
        </div></section>
    }
}

#[derive(Properties, PartialEq)]
struct AccountProps {
    user: User,
}

#[component]
fn Account(props: &AccountProps) -> Html {
    let user = use_state(|| props.user.clone());
    let field = |label: &str, name: &'static str, value: &str, set: fn(&mut User, String)| {
        let user = user.clone();
        html! { <Field label={say(label)} {name} value={value.to_owned()} on_input={Callback::from(move |text| { let mut next = (*user).clone(); set(&mut next, text); user.set(next); })} /> }
    };
    let save = {
        let user = user.clone();
        move |_| {
            order(
                SaveUser { user: (*user).clone() },
                Some(say_with("saved", &[("what", &user.name)])),
                |()| {},
            )
        }
    };
    html! {
        <section class="card"><h2>{ say("group-account") }</h2><div class="fields">
            { field("field-user-name", "user-name", &user.name, |u, text| u.name = text) }
            { field("field-initials", "initials", &user.initials, |u, text| u.initials = text) }
            { field("field-phone", "user-phone", &user.phone, |u, text| u.phone = text) }
            { field("field-email", "user-email", &user.email, |u, text| u.email = text) }
        </div><div class="actions"><button onclick={save}>{ say("save") }</button></div></section>
    }
}

#[derive(Properties, PartialEq)]
struct LetterheadFormProps {
    letterhead: Letterhead,
    logo: String,
}

type LetterheadField = (&'static str, &'static str, fn(&mut Letterhead) -> &mut String);

const LETTERHEAD: [LetterheadField; 19] = [
    ("field-company", "company", |l| &mut l.company),
    ("field-tagline", "tagline", |l| &mut l.tagline),
    ("field-street-number", "street", |l| &mut l.street),
    ("field-postal-code", "postal_code", |l| &mut l.postal_code),
    ("field-city", "city", |l| &mut l.city),
    ("field-phone", "phone", |l| &mut l.phone),
    ("field-email", "email", |l| &mut l.email),
    ("field-website", "website", |l| &mut l.website),
    ("field-bank", "bank", |l| &mut l.bank),
    ("field-iban", "iban", |l| &mut l.iban),
    ("field-bic", "bic", |l| &mut l.bic),
    ("field-register-court", "register_court", |l| &mut l.register_court),
    ("field-register-number", "register_number", |l| &mut l.register_number),
    ("field-seat", "seat", |l| &mut l.seat),
    ("field-directors", "directors", |l| &mut l.directors),
    ("field-vat-id", "vat_id", |l| &mut l.vat_id),
    ("field-tax-number", "tax_number", |l| &mut l.tax_number),
    ("field-accent", "accent", |l| &mut l.accent),
    ("field-country-code", "country", |l| &mut l.country.0),
];

#[component]
fn LetterheadForm(props: &LetterheadFormProps) -> Html {
    let letterhead = use_state(|| props.letterhead.clone());
    let wrong = use_state(Vec::<Refusal>::new);
    {
        // The logo has an order of its own and changes the letterhead.
        let letterhead = letterhead.clone();
        use_effect_with(props.letterhead.logo_document_id, move |logo| {
            letterhead.set(Letterhead { logo_document_id: *logo, ..(*letterhead).clone() });
        });
    }
    let save = {
        let (letterhead, wrong) = (letterhead.clone(), wrong.clone());
        move |_| {
            let (letterhead, wrong) = ((*letterhead).clone(), wrong.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(SaveLetterhead { letterhead }).await {
                    Ok(()) => {
                        wrong.set(Vec::new());
                        toast::done(say_with("saved", &[("what", &say("group-letterhead"))]));
                    }
                    Err(failure) => {
                        wrong.set(failure.refusals.clone());
                        toast::failure(&failure);
                    }
                }
            });
        }
    };
    let small = {
        let letterhead = letterhead.clone();
        move |_| {
            letterhead.set(Letterhead {
                small_business: !letterhead.small_business,
                ..(*letterhead).clone()
            })
        }
    };
    html! {
        <section class="card"><h2>{ say("group-letterhead") }</h2>
            <div class="logo">
                if props.logo.is_empty() { <span class="quiet">{ say("no-logo") }</span> } else { <img src={props.logo.clone()} alt={say("logo")} /> }
                <label class="button">{ say("choose-logo") }<input type="file" accept="image/png,image/jpeg" onchange={choose_logo} /></label>
                if !props.logo.is_empty() { <button onclick={|_| order(SetLogo { image: None }, Some(say("logo-removed")), |()| {})}>{ say("remove") }</button> }
            </div>
            <div class="fields">{ for LETTERHEAD.iter().map(|(label, name, at)| {
                let (now, at) = (letterhead.clone(), *at);
                let value = at(&mut (*letterhead).clone()).clone();
                let on_input = Callback::from(move |text| { let mut next = (*now).clone(); *at(&mut next) = text; now.set(next); });
                html! { <Field label={say(label)} name={*name} {value} {on_input} error={error_at(&wrong, name)} /> }
            }) }</div>
            <label class="check"><input type="checkbox" checked={letterhead.small_business} onchange={small} /><span>{ say("field-small-business") }</span></label>
            <div class="actions"><button class="primary" id="save-letterhead" onclick={save}>{ say("save") }</button></div>
        </section>
    }
}

fn choose_logo(event: Event) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
    let (Some(file), Ok(reader)) = (file, FileReader::new()) else { return };
    let shared = reader.clone();
    let loaded = Closure::once_into_js(move || {
        if let Some(image) = shared.result().ok().and_then(|result| result.as_string()) {
            order(SetLogo { image: Some(image) }, Some(say("logo-set")), |()| {});
        }
    });
    reader.set_onload(Some(loaded.unchecked_ref()));
    if reader.read_as_data_url(&file).is_err() {
        toast::note(say("file-unreadable"));
    }
}

#[derive(Properties, PartialEq)]
struct NumberingFormProps {
    numbering: Numbering,
}

#[component]
fn NumberingForm(props: &NumberingFormProps) -> Html {
    let numbering = use_state(|| props.numbering.clone());
    let wrong = use_state(Vec::<Refusal>::new);
    let save = {
        let (numbering, wrong) = (numbering.clone(), wrong.clone());
        move |_| {
            let (numbering, wrong) = ((*numbering).clone(), wrong.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(SaveNumbering { numbering }).await {
                    Ok(()) => {
                        wrong.set(Vec::new());
                        toast::done(say_with("saved", &[("what", &say("group-numbering"))]));
                    }
                    Err(failure) => {
                        wrong.set(failure.refusals.clone());
                        toast::failure(&failure);
                    }
                }
            });
        }
    };
    let field = |label: &str, name: &'static str, value: &str, set: fn(&mut Numbering, String)| {
        let numbering = numbering.clone();
        html! { <Field label={say(label)} {name} value={value.to_owned()} error={error_at(&wrong, name)} on_input={Callback::from(move |text| { let mut next = (*numbering).clone(); set(&mut next, text); numbering.set(next); })} /> }
    };
    html! {
        <section class="card"><h2>{ say("group-numbering") }</h2><p class="quiet">{ say("numbering-text") }</p><div class="fields">
            { field("nav-customers", "customer", &numbering.customer, |n, text| n.customer = text) }
            { field("nav-opportunities", "opportunity", &numbering.opportunity, |n, text| n.opportunity = text) }
            { field("nav-quotes", "quote", &numbering.quote, |n, text| n.quote = text) }
        </div><div class="actions"><button onclick={save}>{ say("save") }</button></div></section>
    }
}

#[derive(Properties, PartialEq)]
struct TextsFormProps {
    texts: QuoteTexts,
}

type TextField = (&'static str, fn(&mut QuoteTexts) -> &mut String);

const TEXTS: [TextField; 6] = [
    ("text-intro-de", |t| &mut t.intro_de),
    ("text-intro-en", |t| &mut t.intro_en),
    ("text-delivery-de", |t| &mut t.delivery_de),
    ("text-delivery-en", |t| &mut t.delivery_en),
    ("text-closing-de", |t| &mut t.closing_de),
    ("text-closing-en", |t| &mut t.closing_en),
];

#[component]
fn TextsForm(props: &TextsFormProps) -> Html {
    let texts = use_state(|| props.texts.clone());
    let save = {
        let texts = texts.clone();
        move |_| {
            order(
                SaveQuoteTexts { texts: (*texts).clone() },
                Some(say_with("saved", &[("what", &say("group-texts"))])),
                |()| {},
            )
        }
    };
    let days = {
        let texts = texts.clone();
        Callback::from(move |text: String| {
            texts.set(QuoteTexts { validity_days: text.parse().unwrap_or(0), ..(*texts).clone() })
        })
    };
    html! {
        <section class="card"><h2>{ say("group-texts") }</h2>
            <div class="fields"><Field label={say("field-validity-days")} kind="number" value={texts.validity_days.to_string()} on_input={days} /></div>
            <div class="fields two">{ for TEXTS.iter().map(|(label, at)| {
                let (now, at) = (texts.clone(), *at);
                let value = at(&mut (*texts).clone()).clone();
                html! { <Field label={say(label)} rows={2} {value} on_input={Callback::from(move |text| { let mut next = (*now).clone(); *at(&mut next) = text; now.set(next); })} /> }
            }) }</div>
            <div class="actions"><button onclick={save}>{ say("save") }</button></div></section>
    }
}

#[derive(Properties, PartialEq)]
struct ProtectionProps {
    passphrase: bool,
}

#[component]
fn Protection(props: &ProtectionProps) -> Html {
    let current = use_state(String::new);
    let new = use_state(String::new);
    let text = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |now| state.set(now))
    };
    let has = props.passphrase;
    let save = {
        let (current, new) = (current.clone(), new.clone());
        move |_| {
            let request = SetPassphrase {
                current: has.then(|| (*current).clone()),
                new: Some((*new).clone()).filter(|new| !new.is_empty()),
            };
            let (current, new) = (current.clone(), new.clone());
            order(request, None, move |_| {
                current.set(String::new());
                new.set(String::new());
                toast::note(say("passphrase-changed"));
            });
        }
    };
    html! {
        <section class="card"><h2>{ say("group-protection") }</h2><p class="quiet">{ say(if has { "protected-by-passphrase" } else { "protected-by-keyring" }) }</p><div class="fields">
            if has { <Field label={say("field-passphrase-current")} kind="password" value={(*current).clone()} on_input={text(&current)} /> }
            <Field label={say("field-passphrase-new")} kind="password" value={(*new).clone()} on_input={text(&new)} />
        </div><div class="actions"><button onclick={save}>{ say("change-passphrase") }</button></div></section>
    }
}

#[derive(Properties, PartialEq)]
struct BackupFormProps {
    folder: String,
}

#[component]
fn BackupForm(props: &BackupFormProps) -> Html {
    let passphrase = use_state(String::new);
    let backup = {
        let passphrase = passphrase.clone();
        move |_| {
            let passphrase = (*passphrase).clone();
            wasm_bindgen_futures::spawn_local(async move {
                let kind = serde_json::json!({ "name": say("backup-file"), "endings": ["kontor"] });
                let name = format!("kontor-{}.kontor", crate::clock::today());
                match backend::shell::<_, Option<String>>(
                    "choose_target",
                    serde_json::json!({ "kind": kind, "name": name }),
                )
                .await
                {
                    Ok(Some(path)) => {
                        if let Err(failure) = backend::call(StartBackup { path, passphrase }).await
                        {
                            toast::failure(&failure);
                        }
                    }
                    Ok(None) => {}
                    Err(failure) => toast::failure(&failure),
                }
            });
        }
    };
    let check = |_| {
        order(CheckWorkspace {}, None, |wrong| {
            toast::note(if wrong.is_empty() { say("database-whole") } else { wrong.join(" ") })
        })
    };
    html! {
        <section class="card"><h2>{ say("group-backup") }</h2><p class="quiet">{ say("backup-text") }</p>
            <div class="fields"><Field label={say("field-passphrase-backup")} kind="password" value={(*passphrase).clone()} on_input={let passphrase = passphrase.clone(); Callback::from(move |now| passphrase.set(now))} /></div>
            <div class="actions"><button onclick={check}>{ say("check-database") }</button><button onclick={backup}>{ say("make-backup") }</button></div>
            <p class="quiet">{ say_with("data-folder", &[("folder", &props.folder)]) }</p></section>
    }
}
