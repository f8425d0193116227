//! Where the keys go: into a field that a form begins with, into a dialog and nowhere behind it,
//! and back to where they were.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// What Tab stops at.
const STOPS: &str = "button:not(:disabled):not([tabindex='-1']), input:not(:disabled):not([tabindex='-1']), \
     select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";

/// What a dialog begins with: not with leaving it.
const BEGIN: &str = "input:not(:disabled), select:not(:disabled), textarea:not(:disabled), \
     button.primary:not(:disabled), button:not(.leave):not(:disabled)";

fn focused() -> Option<HtmlElement> {
    web_sys::window()?.document()?.active_element()?.dyn_into().ok()
}

fn give(element: &HtmlElement) {
    // A window without focus cannot give it to an element.
    let _ = element.focus();
}

fn first(inside: &Element, which: &str) -> Option<HtmlElement> {
    inside.query_selector(which).ok()??.dyn_into().ok()
}

/// The field has the focus when it comes on screen.
#[hook]
pub(crate) fn use_focus(input: &NodeRef, focus: bool) {
    let input = input.clone();
    use_effect_with((), move |()| {
        if let (true, Some(input)) = (focus, input.cast::<HtmlElement>()) {
            give(&input);
        }
    });
}

/// While this is on screen the focus is in it; then it goes back to where it was.
#[hook]
pub(crate) fn use_focus_inside(place: &NodeRef) {
    // Before fields inside take it.
    let before = use_memo((), |()| focused());
    let place = place.clone();
    use_effect_with((), move |()| {
        if let Some(place) = place.cast::<HtmlElement>()
            && !focused().is_some_and(|focused| place.contains(Some(&focused)))
        {
            give(&first(&place, BEGIN).unwrap_or(place));
        }
        move || {
            if let Some(before) = before.as_ref().as_ref().filter(|before| before.is_connected()) {
                give(before);
            }
        }
    });
}

/// Tab goes round in this place.
pub(crate) fn go_round(place: &NodeRef, event: &KeyboardEvent) {
    let Some(place) = place.cast::<Element>().filter(|_| event.key() == "Tab") else { return };
    let Ok(stops) = place.query_selector_all(STOPS) else { return };
    let stop = |at: u32| stops.get(at).and_then(|stop| stop.dyn_into::<HtmlElement>().ok());
    let ends = (stop(0), stop(stops.length().saturating_sub(1)));
    let (Some(first), Some(last)) = ends else { return };
    let now = focused();
    let is = |end: &HtmlElement| now.as_ref() == Some(end);
    let outside = !now.as_ref().is_some_and(|now| place.contains(Some(now)));
    let next = match event.shift_key() {
        true if is(&first) || outside => last,
        false if is(&last) || outside => first,
        _ => return,
    };
    event.prevent_default();
    give(&next);
}
