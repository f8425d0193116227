//! Connecting to a hub: at the first start, and in the settings.

use commands::{
    ConnectHub, CreateConnected, DisconnectHub, Failure, ForgetHub, SyncState, SyncStatus,
};
use domain::Refusal;
use yew::prelude::*;

use super::order;
use crate::{
    backend,
    form::{Field, error_at},
    say::{self, say, say_with},
    sync_chip::{standing, use_sync},
    toast,
};

#[derive(Properties, PartialEq)]
pub(crate) struct HubFormProps {
    /// The hub's address, if it is known.
    #[prop_or_default]
    pub(crate) address: AttrValue,
    /// Who signed in before.
    #[prop_or_default]
    pub(crate) email: AttrValue,
    /// The workspace has this hub already: its user signs in again.
    #[prop_or_default]
    pub(crate) again: bool,
    /// The workspace has no hub and is to be filled by one.
    #[prop_or_default]
    pub(crate) fill: bool,
    /// At the first start: whether this computer's keyring can keep the key.
    #[prop_or_default]
    pub(crate) first_start: Option<bool>,
    /// Told when it is connected.
    #[prop_or_default]
    pub(crate) done: Callback<()>,
    /// Leaves it, where that is possible.
    #[prop_or_default]
    pub(crate) back: Option<Callback<()>>,
}

/// What is wrong, put at the field that it is about.
fn at_field(failure: &Failure) -> Option<Refusal> {
    let field = match failure.code.as_str() {
        "hub-address-invalid" | "hub-address-open" | "hub-unreachable" | "hub-untrusted" => {
            "address"
        }
        "sign-in-wrong" | "sign-in-too-many" => "password",
        "hub-other-user" | "hub-upload-forbidden" => "email",
        _ => return None,
    };
    Some(Refusal::new(&failure.code, say::failure(failure)).at(field))
}

/// People leave out what is always the same.
fn whole_address(address: &str) -> String {
    let address = address.trim();
    if address.contains("://") { address.to_owned() } else { format!("https://{address}") }
}

#[component]
pub(crate) fn HubForm(props: &HubFormProps) -> Html {
    let address = use_state(|| props.address.to_string());
    let email = use_state(|| props.email.to_string());
    let password = use_state(String::new);
    let passphrase = use_state(String::new);
    let wants_passphrase = use_state(|| props.first_start == Some(false));
    let wrong = use_state(Vec::<Refusal>::new);
    let working = use_state(|| false);
    let needs_passphrase = props.first_start.is_some() && *wants_passphrase;
    let onsubmit = {
        let values = (address.clone(), email.clone(), password.clone(), passphrase.clone());
        let (wrong, working, done) = (wrong.clone(), working.clone(), props.done.clone());
        let is_first = props.first_start.is_some();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (address, email, password, passphrase) = (
                (*values.0).clone(),
                (*values.1).clone(),
                (*values.2).clone(),
                (*values.3).clone(),
            );
            let mut found = Vec::new();
            for (field, text) in [("address", &address), ("email", &email), ("password", &password)]
            {
                if text.trim().is_empty() {
                    found.push(Refusal::new("needed", "").at(field));
                }
            }
            if needs_passphrase && passphrase.chars().count() < 8 {
                found.push(Refusal::new("passphrase-short", "").at("passphrase"));
            }
            let has_wrong = !found.is_empty();
            wrong.set(found);
            if has_wrong || *working {
                return;
            }
            working.set(true);
            let address = whole_address(&address);
            let (wrong, working, done) = (wrong.clone(), working.clone(), done.clone());
            let forget = values.2.setter();
            wasm_bindgen_futures::spawn_local(async move {
                let answer = if is_first {
                    let passphrase = needs_passphrase.then_some(passphrase);
                    let language = say::language();
                    let made = CreateConnected { address, email, password, passphrase, language };
                    backend::call(made).await.map(|_| ())
                } else {
                    backend::call(ConnectHub { address, email, password }).await.map(|_| ())
                };
                working.set(false);
                match answer {
                    Ok(()) => {
                        forget.set(String::new());
                        done.emit(());
                    }
                    Err(failure) => match at_field(&failure) {
                        Some(refusal) => wrong.set(vec![refusal]),
                        None => toast::failure(&failure),
                    },
                }
            });
        })
    };
    let field = |name: &'static str,
                 kind: &'static str,
                 state: &UseStateHandle<String>,
                 hint: String,
                 focus: bool| {
        let value = (**state).clone();
        let state = state.clone();
        html! {
            <Field label={say(&format!("hub-{name}"))} {name} {kind} {hint} {focus} {value} needed={true}
                error={error_at(&wrong, name)} on_input={Callback::from(move |text| state.set(text))} />
        }
    };
    let label = match (*working, props.first_start.is_some() || props.fill, props.again) {
        (true, ..) => "hub-connecting",
        (_, true, _) => "hub-start",
        (_, _, true) => "hub-sign-in",
        _ => "hub-upload",
    };
    html! {
        <form class="hub-form" {onsubmit} novalidate={true}>
            <div class="fields">
                { field("address", "text", &address, say("hub-address-hint"), props.first_start.is_some()) }
                { field("email", "email", &email, String::new(), false) }
                { field("password", "password", &password, String::new(), props.again) }
            </div>
            if let Some(keyring) = props.first_start {
                if keyring {
                    <label class="check">
                        <input type="checkbox" checked={*wants_passphrase} onchange={let wants = wants_passphrase.clone(); move |_| wants.set(!*wants)} />
                        <span>{ say("protect-by-passphrase") }</span>
                    </label>
                } else {
                    <p class="quiet">{ say("no-keyring") }</p>
                }
                if needs_passphrase {
                    <Field label={say("hub-passphrase")} name="passphrase" kind="password" value={(*passphrase).clone()} needed={true}
                        error={error_at(&wrong, "passphrase")} on_input={let passphrase = passphrase.clone(); Callback::from(move |text| passphrase.set(text))} />
                }
            }
            <div class="actions">
                if let Some(back) = &props.back { <button type="button" disabled={*working} onclick={back.reform(|_: MouseEvent| ())}>{ say("back") }</button> }
                <button class="primary" id="connect" disabled={*working}>{ say(label) }</button>
            </div>
        </form>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct FirstConnectProps {
    /// Whether this computer's keyring can keep the key.
    pub(crate) keyring: bool,
    /// Told when there is a workspace.
    pub(crate) done: Callback<()>,
    /// Chooses another beginning.
    pub(crate) back: Callback<()>,
}

/// The first start of a laptop whose records come from the hub.
#[component]
pub(crate) fn FirstConnect(props: &FirstConnectProps) -> Html {
    html! {
        <div class="card start">
            <h2>{ say("begin-hub") }</h2>
            <p class="quiet">{ say("begin-hub-how") }</p>
            <HubForm first_start={Some(props.keyring)} done={props.done.clone()} back={Some(props.back.clone())} />
        </div>
    }
}

/// In the settings: the hub that this workspace belongs to, or the way to get one.
#[component]
pub(crate) fn HubSection() -> Html {
    let status = use_sync();
    let connected = |message: &'static str| Callback::from(move |()| toast::note(say(message)));
    let leaving = use_state(|| false);
    let sign_out = {
        let leaving = leaving.clone();
        move |_| {
            leaving.set(true);
            let leaving = leaving.clone();
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(DisconnectHub {}).await {
                    Ok(_) => toast::note(say("signed-out-done")),
                    Err(failure) => toast::failure(&failure),
                }
                leaving.set(false);
            });
        }
    };
    let Some(status) = status else { return html! {} };
    html! {
        <section class="card" id="hub">
            <h2>{ say("hub") }</h2>
            { match status.state {
                SyncState::Local if status.is_to_be_filled => html! { <>
                    <p class="quiet">{ say("begin-hub-how") }</p>
                    <HubForm fill={true} done={connected("hub-connected")} />
                </> },
                SyncState::Local => html! { <>
                    <p class="quiet">{ say("hub-upload-text") }</p>
                    <HubForm done={connected("hub-connected")} />
                </> },
                SyncState::SignedOut => html! { <>
                    <p class="quiet">{ say("signed-out-text") }</p>
                    <HubForm address={status.address.clone()} email={status.email.clone()} again={true} done={connected("hub-signed-in")} />
                    { other_hub(&status) }
                </> },
                _ => html! { <>
                    <p>{ say_with("hub-connected-as", &[("email", &status.email), ("hub", &status.address)]) }{ " " }{ standing(&status) }</p>
                    if status.state == SyncState::Waiting { <p class="hint warm">{ say("approval-text") }</p> }
                    <p class="quiet">{ say("sign-out-text") }</p>
                    { other_hub(&status) }
                    <div class="actions"><button id="sign-out" disabled={*leaving} onclick={sign_out}>{ say(if *leaving { "signing-out" } else { "sign-out" }) }</button></div>
                </> },
            } }
        </section>
    }
}

/// While the hub never let the workspace in, it may go to another one.
fn other_hub(status: &SyncStatus) -> Html {
    let is_under_way = matches!(status.state, SyncState::Busy | SyncState::Synced);
    if status.first.is_none() || is_under_way {
        return html! {};
    }
    let forget = |_: MouseEvent| {
        order(ForgetHub {}, None, |_| toast::note(say("hub-forgotten")));
    };
    html! { <p><button type="button" class="link" id="forget-hub" onclick={forget}>{ say("hub-forget") }</button></p> }
}
