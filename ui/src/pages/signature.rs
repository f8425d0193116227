//! The customer signs on the screen.

use commands::SignQuote;
use domain::Id;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::prelude::*;

use super::order;
use crate::{
    form::Field,
    say::{say, say_with},
    widget::Dialog,
};

#[derive(Properties, PartialEq)]
pub(crate) struct SignatureProps {
    pub(crate) id: Id,
    /// What is signed for.
    pub(crate) total: String,
    pub(crate) close: Callback<()>,
}

fn pen(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let pen = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    pen.set_line_width(3.0);
    pen.set_line_cap("round");
    pen.set_line_join("round");
    pen.set_stroke_style_str("#1d2b4f");
    Some(pen)
}

/// Where the pen is, in the canvas's own pixels.
fn place(canvas: &HtmlCanvasElement, event: &PointerEvent) -> (f64, f64) {
    let shown = canvas.get_bounding_client_rect();
    let (wide, high) = (f64::from(canvas.width()), f64::from(canvas.height()));
    (
        (f64::from(event.client_x()) - shown.left()) * wide / shown.width().max(1.0),
        (f64::from(event.client_y()) - shown.top()) * high / shown.height().max(1.0),
    )
}

#[component]
pub(crate) fn Signature(props: &SignatureProps) -> Html {
    let canvas = use_node_ref();
    let drawing = use_mut_ref(|| false);
    let signed = use_state(|| false);
    let name = use_state(String::new);
    let town = use_state(String::new);
    let onpointerdown = {
        let (canvas, drawing) = (canvas.clone(), drawing.clone());
        move |event: PointerEvent| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
            *drawing.borrow_mut() = true;
            if let Some(pen) = pen(&canvas) {
                let (x, y) = place(&canvas, &event);
                pen.begin_path();
                pen.move_to(x, y);
            }
        }
    };
    let onpointermove = {
        let (canvas, drawing, signed) = (canvas.clone(), drawing.clone(), signed.clone());
        move |event: PointerEvent| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>().filter(|_| *drawing.borrow())
            else {
                return;
            };
            if let Some(pen) = pen(&canvas) {
                let (x, y) = place(&canvas, &event);
                pen.line_to(x, y);
                pen.stroke();
                if !*signed {
                    signed.set(true);
                }
            }
        }
    };
    let lift = {
        let drawing = drawing.clone();
        move |_: PointerEvent| *drawing.borrow_mut() = false
    };
    let wipe = {
        let (canvas, signed) = (canvas.clone(), signed.clone());
        move |_| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>()
                && let Some(pen) = pen(&canvas)
            {
                pen.clear_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
            }
            signed.set(false);
        }
    };
    let done = {
        let (canvas, name, town, close, id) =
            (canvas.clone(), name.clone(), town.clone(), props.close.clone(), props.id);
        move |_| {
            let Some(image) =
                canvas.cast::<HtmlCanvasElement>().and_then(|canvas| canvas.to_data_url().ok())
            else {
                return;
            };
            let (close, said) = (close.clone(), say_with("quote-signed", &[("name", &name)]));
            order(
                SignQuote { id, image, name: (*name).clone(), place: (*town).clone() },
                Some(said),
                move |()| close.emit(()),
            );
        }
    };
    let ready = *signed && !name.trim().is_empty();
    let text = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |now| state.set(now))
    };
    let close = props.close.clone();
    html! {
        <Dialog title={say("sign-title")} close={props.close.clone()} wide={true}>
            <p>{ say_with("sign-text", &[("total", &props.total)]) }</p>
            <canvas ref={canvas} id="signature" role="img" width="900" height="280" aria-label={say("sign-here")} {onpointerdown} {onpointermove} onpointerup={lift.clone()} onpointerleave={lift}></canvas>
            <div class="fields">
                <Field label={say("field-signed-name")} name="signed_name" value={(*name).clone()} on_input={text(&name)} needed={true} focus={true} />
                <Field label={say("field-signed-place")} name="signed_place" value={(*town).clone()} on_input={text(&town)} />
            </div>
            <div class="actions">
                <button type="button" onclick={wipe}>{ say("wipe") }</button>
                <button type="button" onclick={move |_| close.emit(())}>{ say("cancel") }</button>
                <button type="button" class="primary" id="signed" disabled={!ready} onclick={done}>{ say("sign-done") }</button>
            </div>
        </Dialog>
    }
}
