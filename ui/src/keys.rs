//! Keys that a page hears wherever the focus is.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use yew::prelude::*;

/// Whether a key goes to a field that is typed into.
pub(crate) fn in_input(event: &KeyboardEvent) -> bool {
    event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(
        |element| match element.tag_name().as_str() {
            "INPUT" => element.get_attribute("type").is_none_or(|kind| kind != "checkbox"),
            name => matches!(name, "TEXTAREA" | "SELECT"),
        },
    )
}

/// Hears every key of the window for as long as the page is shown, always by the page's latest
/// state.
#[hook]
pub(crate) fn use_keys(on_key: Callback<KeyboardEvent>) {
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = on_key;
    use_effect_with((), move |()| {
        let latest: Rc<RefCell<Callback<KeyboardEvent>>> = latest;
        let closure = Closure::<dyn Fn(KeyboardEvent)>::new(move |event| {
            let on_key = latest.borrow().clone();
            on_key.emit(event);
        });
        let window = web_sys::window();
        if let Some(window) = &window {
            // Without keys the mouse still works.
            let _ = window
                .add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback(
                    "keydown",
                    closure.as_ref().unchecked_ref(),
                );
            }
        }
    });
}
