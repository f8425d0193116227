//! Dragging with the pointer onto something else of the page: a card onto a column, a line onto
//! another line. Nothing of the system's own drag and drop is needed.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Pixels that the pointer must go before it is a drag and no click.
const SLACK: i32 = 5;

struct Held<T> {
    what: T,
    from: (i32, i32),
    moved: bool,
    over: Option<String>,
}

/// What is dragged now. Targets carry the attribute `mark`; its value says which they are.
pub(crate) struct Pointer<T> {
    held: Rc<RefCell<Option<Held<T>>>>,
    was_drag: Rc<RefCell<bool>>,
    redraw: Callback<()>,
    mark: &'static str,
    ghost: NodeRef,
}

impl<T> Clone for Pointer<T> {
    fn clone(&self) -> Self {
        Self {
            held: Rc::clone(&self.held),
            was_drag: Rc::clone(&self.was_drag),
            redraw: self.redraw.clone(),
            mark: self.mark,
            ghost: self.ghost.clone(),
        }
    }
}

#[hook]
pub(crate) fn use_pointer<T: 'static>(mark: &'static str) -> Pointer<T> {
    let held = use_mut_ref(|| None);
    let was_drag = use_mut_ref(|| false);
    let update = use_force_update();
    let ghost = use_node_ref();
    let redraw = Callback::from(move |()| update.force_update());
    Pointer { held, was_drag, redraw, mark, ghost }
}

impl<T: Clone + 'static> Pointer<T> {
    /// Takes something up. A finger scrolls instead.
    pub(crate) fn take(&self, what: T) -> Callback<PointerEvent> {
        let pointer = self.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 || event.pointer_type() == "touch" {
                return;
            }
            *pointer.was_drag.borrow_mut() = false;
            if let Some(element) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
                // Without it a quick pointer runs ahead, and the next move catches up.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            let from = (event.client_x(), event.client_y());
            *pointer.held.borrow_mut() =
                Some(Held { what: what.clone(), from, moved: false, over: None });
        })
    }

    fn under(&self, x: i32, y: i32) -> Option<String> {
        #[allow(clippy::cast_precision_loss)] // A screen has no sixteen million pixels.
        let found = web_sys::window()?.document()?.element_from_point(x as f32, y as f32)?;
        found.closest(&format!("[{}]", self.mark)).ok()??.get_attribute(self.mark)
    }

    /// Follows the pointer.
    pub(crate) fn follow(&self) -> Callback<PointerEvent> {
        let pointer = self.clone();
        Callback::from(move |event: PointerEvent| {
            let mut held = pointer.held.borrow_mut();
            let Some(held) = held.as_mut() else { return };
            let (x, y) = (event.client_x(), event.client_y());
            if !held.moved && (x - held.from.0).abs().max((y - held.from.1).abs()) <= SLACK {
                return;
            }
            event.prevent_default();
            let over = pointer.under(x, y);
            if !held.moved || over != held.over {
                held.moved = true;
                held.over = over;
                pointer.redraw.emit(());
            }
            if let Some(ghost) = pointer.ghost.cast::<HtmlElement>() {
                let at = format!("translate({}px, {}px) rotate(1.5deg)", x + 8, y - 16);
                // A ghost that lags says nothing wrong.
                let _ = ghost.style().set_property("transform", &at);
            }
        })
    }

    /// Lays it down; told what, and onto which.
    pub(crate) fn release(&self, done: Callback<(T, String)>) -> Callback<PointerEvent> {
        let pointer = self.clone();
        Callback::from(move |_: PointerEvent| {
            let Some(held) = pointer.held.take() else { return };
            if !held.moved {
                return;
            }
            *pointer.was_drag.borrow_mut() = true;
            pointer.redraw.emit(());
            if let Some(over) = held.over {
                done.emit((held.what, over));
            }
        })
    }

    /// Lets it go where it was: the pointer was taken away.
    pub(crate) fn cancel(&self) -> Callback<PointerEvent> {
        let pointer = self.clone();
        Callback::from(move |_: PointerEvent| {
            if pointer.held.take().is_some() {
                pointer.redraw.emit(());
            }
        })
    }

    /// Whether the click that comes now is only the end of a drag.
    pub(crate) fn was_drag(&self) -> bool {
        self.was_drag.replace(false)
    }

    /// What is dragged, and over which target it is.
    pub(crate) fn now(&self) -> Option<(T, Option<String>)> {
        let held = self.held.borrow();
        let held = held.as_ref().filter(|held| held.moved)?;
        Some((held.what.clone(), held.over.clone()))
    }

    /// What goes along with the pointer.
    pub(crate) fn ghost(&self, content: Html) -> Html {
        html! { <div class="drag-ghost card" ref={self.ghost.clone()} aria-hidden="true">{ content }</div> }
    }
}
