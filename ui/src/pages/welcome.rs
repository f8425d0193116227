//! First start, locked, broken: what there is before a workspace is open.

use commands::{CreateWorkspace, Emptied, Failure, StartDemo, StartRestore, Unlock};
use domain::{Language, Refusal};
use yew::prelude::*;

use crate::{
    backend, clock,
    form::{Field, error_at},
    pages::connect::FirstConnect,
    route::begin_with_import,
    say::{self, say, say_with, set_language},
    toast,
};

#[derive(Clone, Copy, PartialEq)]
enum Begin {
    Demo,
    Empty,
    Import,
    Restore,
}

#[derive(Properties, PartialEq)]
pub(crate) struct FirstStartProps {
    /// Whether this computer's keyring can keep the key.
    pub(crate) keyring: bool,
    /// The workspace that was here was emptied by its hub.
    pub(crate) emptied: Option<Emptied>,
    /// Told when there is a workspace.
    pub(crate) done: Callback<()>,
}

/// What became of the workspace that was here.
fn farewell(emptied: &Emptied) -> Html {
    let handed_over = match emptied.handed_over {
        0 => say("emptied-all-sent"),
        count => say_with("emptied-handed-over", &[("count", &count.to_string())]),
    };
    html! {
        <div class="hint warm" id="emptied" role="alert">
            <p><strong>{ say("emptied") }</strong></p>
            <p>{ say_with("emptied-text", &[("at", &clock::full(emptied.at))]) }{ " " }{ handed_over }</p>
        </div>
    }
}

#[component]
pub(crate) fn FirstStart(props: &FirstStartProps) -> Html {
    let begin = use_state(|| None::<Begin>);
    let connects = use_state(|| false);
    let language = use_state(say::language);
    let choose = |what: Begin, name: &str, text: &str| {
        let begin = begin.clone();
        let id = name.to_owned();
        html! {
            <button class="card choice" {id} onclick={move |_| begin.set(Some(what))}>
                <strong>{ say(name) }</strong><span>{ say(text) }</span>
            </button>
        }
    };
    let switch = {
        let language = language.clone();
        let next = if *language == Language::De { Language::En } else { Language::De };
        move |_| {
            set_language(next);
            language.set(next);
        }
    };
    html! {
        <div class="welcome" role="main">
            <div class="brand large"><span class="mark" aria-hidden="true"></span>{ "Kontor" }</div>
            if *connects {
                <FirstConnect keyring={props.keyring} done={props.done.clone()}
                    back={let connects = connects.clone(); Callback::from(move |()| connects.set(false))} />
            } else if let Some(begin_as) = *begin {
                <Start begin={begin_as} keyring={props.keyring} done={props.done.clone()}
                    back={let begin = begin.clone(); Callback::from(move |()| begin.set(None))} />
            } else {
                { for props.emptied.iter().map(farewell) }
                <h1>{ say("welcome") }</h1>
                <p class="quiet">{ say("welcome-text") }</p>
                <div class="choices">
                    <button class="card choice across" id="begin-hub" onclick={let connects = connects.clone(); move |_| connects.set(true)}>
                        <strong>{ say("begin-hub") }</strong><span>{ say("begin-hub-text") }</span>
                    </button>
                    { choose(Begin::Demo, "begin-demo", "begin-demo-text") }
                    { choose(Begin::Empty, "begin-empty", "begin-empty-text") }
                    { choose(Begin::Import, "begin-import", "begin-import-text") }
                    { choose(Begin::Restore, "begin-restore", "begin-restore-text") }
                </div>
            }
            <button class="link" onclick={switch}>{ say("other-language") }</button>
        </div>
    }
}

/// Opening takes longer than usual: the system asks for its keyring's password, perhaps behind
/// this window, or the database is checked after a crash.
#[component]
pub(crate) fn Waiting() -> Html {
    html! {
        <div class="welcome">
            <div class="brand large"><span class="mark" aria-hidden="true"></span>{ "Kontor" }</div>
            <p class="quiet" role="status">{ say::say_as_system("opening") }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct StartProps {
    begin: Begin,
    keyring: bool,
    done: Callback<()>,
    back: Callback<()>,
}

#[component]
fn Start(props: &StartProps) -> Html {
    let begin = props.begin;
    let empty = matches!(begin, Begin::Empty | Begin::Import);
    let name = use_state(String::new);
    let company = use_state(String::new);
    let passphrase = use_state(String::new);
    let wants_passphrase = use_state(|| !props.keyring);
    let refusals = use_state(Vec::<Refusal>::new);
    let working = use_state(|| false);
    let needs = !props.keyring || *wants_passphrase;
    let onsubmit = {
        let (name, company, passphrase) = (name.clone(), company.clone(), passphrase.clone());
        let (refusals, working, done) = (refusals.clone(), working.clone(), props.done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let mut wrong = Vec::new();
            if empty && name.trim().is_empty() {
                wrong.push(Refusal::new("needed", "").at("user_name"));
            }
            if needs && begin != Begin::Restore && passphrase.chars().count() < 8 {
                wrong.push(Refusal::new("passphrase-short", "").at("passphrase"));
            }
            let has_wrong = !wrong.is_empty();
            refusals.set(wrong);
            if has_wrong || *working {
                return;
            }
            working.set(true);
            let (user_name, company_name) = match begin {
                Begin::Demo => ("Maren Krüger".into(), "Krüger Schweißtechnik GmbH".into()),
                Begin::Empty | Begin::Import | Begin::Restore => {
                    ((*name).clone(), (*company).clone())
                }
            };
            let passphrase = (*passphrase).clone();
            let (done, working, refusals) = (done.clone(), working.clone(), refusals.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let answer = match begin {
                    Begin::Restore => restore(passphrase).await,
                    Begin::Demo | Begin::Empty | Begin::Import => {
                        let protect = needs.then_some(passphrase);
                        create(user_name, company_name, protect, begin == Begin::Demo).await
                    }
                };
                working.set(false);
                match answer {
                    Ok(()) => {
                        if begin == Begin::Import {
                            begin_with_import();
                        }
                        done.emit(());
                    }
                    Err(failure) => {
                        refusals.set(failure.refusals.clone());
                        toast::failure(&failure);
                    }
                }
            });
        })
    };
    let text = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let back = props.back.clone();
    html! {
        <form class="card start" {onsubmit}>
            <h1>{ say(match begin { Begin::Demo => "begin-demo", Begin::Empty => "begin-empty", Begin::Import => "begin-import", Begin::Restore => "begin-restore" }) }</h1>
            if empty {
                <Field label={say("field-user-name")} name="user_name" value={(*name).clone()} on_input={text(&name)}
                    error={error_at(&refusals, "user_name")} focus={true} needed={true} />
                <Field label={say("field-company")} name="company_name" value={(*company).clone()} on_input={text(&company)} />
            }
            if begin == Begin::Restore {
                <p>{ say("restore-text") }</p>
            } else if props.keyring {
                <label class="check">
                    <input type="checkbox" checked={*wants_passphrase} onchange={let wants = wants_passphrase.clone(); move |_| wants.set(!*wants)} />
                    <span>{ say("protect-by-passphrase") }</span>
                </label>
            } else {
                <p class="quiet">{ say("no-keyring") }</p>
            }
            if needs || begin == Begin::Restore {
                <Field label={say("field-passphrase")} name="passphrase" kind="password" value={(*passphrase).clone()} on_input={text(&passphrase)}
                    error={error_at(&refusals, "passphrase")} focus={!empty} needed={true} />
            }
            <div class="actions">
                <button type="button" onclick={move |_| back.emit(())}>{ say("back") }</button>
                <button class="primary" id="start" disabled={*working}>{ say(if *working { "starting" } else { "start" }) }</button>
            </div>
        </form>
    }
}

async fn create(
    user_name: String,
    company_name: String,
    passphrase: Option<String>,
    demo: bool,
) -> Result<(), Failure> {
    let language = say::language();
    backend::call(CreateWorkspace { user_name, company_name, passphrase, language }).await?;
    if demo {
        backend::call(StartDemo { customers: 300, seed: 1 }).await?;
    }
    Ok(())
}

async fn restore(passphrase: String) -> Result<(), Failure> {
    let kind = serde_json::json!({ "name": say("backup-file"), "endings": ["kontor"] });
    let chosen: Option<String> =
        backend::shell("choose_file", serde_json::json!({ "kind": kind })).await?;
    let Some(path) = chosen else {
        return Err(Failure::new("no-file", "No file was chosen; nothing was changed."));
    };
    backend::call(StartRestore { path, passphrase }).await.map(|_| ())
}

#[derive(Properties, PartialEq)]
pub(crate) struct LockedProps {
    /// Told when it is open.
    pub(crate) done: Callback<()>,
}

#[component]
pub(crate) fn Locked(props: &LockedProps) -> Html {
    let passphrase = use_state(String::new);
    let error = use_state(|| None::<AttrValue>);
    let working = use_state(|| false);
    let onsubmit = {
        let (passphrase, error, working, done) =
            (passphrase.clone(), error.clone(), working.clone(), props.done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = Unlock { passphrase: (*passphrase).clone() };
            let (error, working, done) = (error.clone(), working.clone(), done.clone());
            working.set(true);
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(request).await {
                    Ok(_) => done.emit(()),
                    Err(failure) => error.set(Some(say::failure(&failure).into())),
                }
                working.set(false);
            });
        })
    };
    let on_input = {
        let passphrase = passphrase.clone();
        Callback::from(move |text| passphrase.set(text))
    };
    html! {
        <div class="welcome" role="main">
            <div class="brand large"><span class="mark" aria-hidden="true"></span>{ "Kontor" }</div>
            <form class="card start" {onsubmit}>
                <h1>{ say("locked") }</h1>
                <Field label={say("field-passphrase")} name="passphrase" kind="password" value={(*passphrase).clone()}
                    {on_input} error={(*error).clone()} focus={true} />
                <div class="actions"><button class="primary" id="unlock" disabled={*working}>{ say("unlock") }</button></div>
            </form>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct BrokenProps {
    /// Why it cannot be opened.
    pub(crate) failure: Failure,
    /// Tries again.
    pub(crate) again: Callback<()>,
}

#[component]
pub(crate) fn Broken(props: &BrokenProps) -> Html {
    let again = props.again.clone();
    html! {
        <div class="welcome" role="main">
            <div class="brand large"><span class="mark" aria-hidden="true"></span>{ "Kontor" }</div>
            <div class="card start" role="alert">
                <h1>{ say("broken") }</h1>
                <p>{ say::failure(&props.failure) }</p>
                <p class="quiet">{ props.failure.sentence.clone() }</p>
                <div class="actions"><button class="primary" onclick={move |_| again.emit(())}>{ say("try-again") }</button></div>
            </div>
        </div>
    }
}
