//! The way to the app: typed requests through the shell's one door, and its events.

use commands::{Event, Failure, Request};
use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// A function of Tauri's, as `core.invoke`.
fn tauri(module: &str, function: &str) -> Option<Function> {
    let mut at: JsValue = web_sys::window()?.into();
    for name in ["__TAURI__", module, function] {
        at = Reflect::get(&at, &name.into()).ok()?;
    }
    at.dyn_into().ok()
}

fn to_js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let text = js_sys::JSON::stringify(value).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

fn unreachable_app() -> Failure {
    Failure::new("internal", "The app did not answer.")
}

fn send(command: &str, arguments: &Value) -> Option<Promise> {
    let invoke = tauri("core", "invoke")?;
    invoke.call2(&JsValue::NULL, &command.into(), &to_js(arguments)).ok()?.dyn_into().ok()
}

/// The answer to what the shell asked for the screens while they were loading, if it was this.
/// Each is taken once: who asks again wants a new one.
fn asked_ahead(arguments: &Value) -> Option<Promise> {
    let asked = Reflect::get(&web_sys::window()?.into(), &"KONTOR_ASKED".into()).ok()?;
    let asked: &Array = asked.dyn_ref()?;
    let is_this = |one: &JsValue| {
        let request = Reflect::get(one, &"request".into()).ok();
        request.and_then(|request| from_js::<Value>(&request)).as_ref() == Some(arguments)
    };
    let taken = asked.iter().find(is_this)?;
    Reflect::set(&taken, &"request".into(), &JsValue::NULL).ok()?;
    Reflect::get(&taken, &"answer".into()).ok()?.dyn_into().ok()
}

async fn invoke<T: DeserializeOwned>(command: &str, arguments: &Value) -> Result<T, Failure> {
    let answer = asked_ahead(arguments).or_else(|| send(command, arguments));
    match JsFuture::from(answer.ok_or_else(unreachable_app)?).await {
        Ok(answer) if answer.is_undefined() => from_js(&JsValue::NULL).ok_or_else(unreachable_app),
        Ok(answer) => from_js(&answer).ok_or_else(unreachable_app),
        Err(error) => Err(from_js(&error).unwrap_or_else(unreachable_app)),
    }
}

/// Asks the app.
pub(crate) async fn call<R: Request>(request: R) -> Result<R::Reply, Failure> {
    let body = serde_json::to_value(request)
        .map_err(|error| Failure::new("internal", error.to_string()))?;
    invoke("call", &json!({ "name": R::NAME, "body": body })).await
}

/// Asks the shell for what only a window can do.
pub(crate) async fn shell<A: Serialize, T: DeserializeOwned>(
    command: &str,
    arguments: A,
) -> Result<T, Failure> {
    let arguments = serde_json::to_value(arguments)
        .map_err(|error| Failure::new("internal", error.to_string()))?;
    invoke(command, &arguments).await
}

/// Hears the app's events for as long as the window is open.
pub(crate) fn listen(heard: impl Fn(Event) + 'static) {
    let Some(listen) = tauri("event", "listen") else { return };
    let closure = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let payload = Reflect::get(&event, &"payload".into()).unwrap_or(JsValue::NULL);
        if let Some(event) = from_js::<Event>(&payload) {
            heard(event);
        }
    });
    // Registering needs no answer: without events the screens still answer every click.
    let _ = listen.call2(&Object::new(), &"kontor".into(), closure.as_ref());
    closure.forget();
}

thread_local! {
    static SHOWN: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Calls when a list is on the screen; the first time the shell is told, too.
pub(crate) fn list_shown(then: impl FnOnce() + 'static) {
    // The first frame draws it, the second begins when it was drawn.
    next_frame(|| {
        next_frame(|| {
            if !SHOWN.replace(true) {
                wasm_bindgen_futures::spawn_local(async {
                    // Only who measures wants to know.
                    let _ = shell::<_, ()>("shown", json!({})).await;
                });
            }
            then();
        });
    });
}

fn next_frame(then: impl FnOnce() + 'static) {
    if let Some(window) = web_sys::window() {
        let then = Closure::once_into_js(then);
        // Without frames nothing is shown, and there is nothing to tell.
        let _ = window.request_animation_frame(then.unchecked_ref());
    }
}
