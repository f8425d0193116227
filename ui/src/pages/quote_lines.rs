//! The lines of a quote: a grid like a spreadsheet.

use commands::FindPrice;
use domain::{Id, LineKind, QuoteLine, Refusal, format, quote::subtotals};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    quote_add::AddLine,
    quote_input::{Input, LineInput, moved},
};
use crate::{
    backend,
    form::{error_at, typed, value_of},
    pointer::{Pointer, use_pointer},
    say::{language, say, say_with},
};

#[derive(Properties, PartialEq)]
pub(crate) struct LinesProps {
    pub(crate) input: Input,
    pub(crate) change: Callback<Input>,
    pub(crate) is_draft: bool,
    pub(crate) wrong: Vec<Refusal>,
}

#[component]
pub(crate) fn Lines(props: &LinesProps) -> Html {
    let pointer = use_pointer::<usize>("data-line");
    let (input, is_draft) = (&props.input, props.is_draft);
    let meant: Vec<QuoteLine> = input
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| line.meant(index, &mut Vec::new()))
        .collect();
    let sums = subtotals(&meant);
    let mut counted = 0;
    let change = {
        let (input, change) = (input.clone(), props.change.clone());
        Callback::from(move |lines: Vec<LineInput>| change.emit(Input { lines, ..input.clone() }))
    };
    let rows: Vec<Html> = input
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let numbered = !matches!(line.line.kind, LineKind::Text | LineKind::Subtotal);
            counted += u32::from(numbered);
            let number = if numbered { counted.to_string() } else { String::new() };
            let net = sums
                .get(index)
                .copied()
                .flatten()
                .or_else(|| numbered.then(|| meant[index].net_total));
            row(props, &change, index, number, net, &pointer)
        })
        .collect();
    html! {
        <div class="lines">
            <div class="line line-head" aria-hidden="true">
                { for ["line-number", "line-article", "line-description", "line-quantity", "line-unit", "line-price", "line-discount", "line-net", ""].iter().map(|name| html! { <span>{ if name.is_empty() { String::new() } else { say(name) } }</span> }) }
            </div>
            { for rows }
            if is_draft { <AddLine quote_id={input.quote.id} lines={input.lines.clone()} change={change.clone()} /> }
        </div>
    }
}

/// The focus goes along with a line that moves: to the same field, once it is there.
fn focus_line(event: &KeyboardEvent, to: usize) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let name = field.and_then(|field| field.get_attribute("name"));
    let Some(name) = name.and_then(|name| Some(name.rsplit_once('-')?.0.to_owned())) else {
        return;
    };
    gloo_timers::callback::Timeout::new(0, move || {
        let found = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|page| page.query_selector(&format!("[name=\"{name}-{to}\"]")).ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = found {
            // A window without focus cannot give it.
            let _ = element.focus();
        }
    })
    .forget();
}

fn row(
    props: &LinesProps,
    change: &Callback<Vec<LineInput>>,
    index: usize,
    number: String,
    net: Option<domain::Money>,
    pointer: &Pointer<usize>,
) -> Html {
    let lines = &props.input.lines;
    let line = &lines[index];
    let kind = line.line.kind;
    let label = if number.is_empty() {
        say(&format!("line-kind-{kind}"))
    } else {
        say_with("line-of", &[("number", &number)])
    };
    let amounts = !matches!(kind, LineKind::Text | LineKind::Subtotal);
    let edit = |set: fn(&mut LineInput, String)| {
        let (lines, change) = (lines.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            let mut next = lines.clone();
            set(&mut next[index], typed(&event));
            change.emit(next);
        })
    };
    let field = |name: &'static str,
                 class: &'static str,
                 value: &str,
                 set: fn(&mut LineInput, String)| {
        let error = error_at(&props.wrong, &format!("lines.{index}.{name}"));
        html! { <input name={format!("{name}-{index}")} {class} aria-label={say(&format!("line-{}", name.replace('_', "-")))} aria-invalid={error.is_some().then_some("true")} title={error}
        disabled={!props.is_draft} value={value.to_owned()} oninput={edit(set)} /> }
    };
    let onkeydown = {
        let (lines, change, is_draft) = (lines.clone(), change.clone(), props.is_draft);
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                _ if !is_draft => return,
                "ArrowUp" if event.alt_key() && index > 0 => {
                    focus_line(&event, index - 1);
                    moved(&lines, index, index - 1)
                }
                "ArrowDown" if event.alt_key() && index + 1 < lines.len() => {
                    focus_line(&event, index + 1);
                    moved(&lines, index, index + 1)
                }
                "d" if event.ctrl_key() => {
                    let mut next = lines.clone();
                    let mut copy = next[index].clone();
                    copy.line.id = Id::NIL;
                    next.insert(index + 1, copy);
                    next
                }
                "Delete" if event.ctrl_key() => {
                    let mut next = lines.clone();
                    next.remove(index);
                    next
                }
                _ => return,
            };
            event.prevent_default();
            change.emit(next);
        })
    };
    let onchange = {
        let (lines, change) = (lines.clone(), change.clone());
        Callback::from(move |event: Event| {
            let mut next = lines.clone();
            next[index].line.kind = LineKind::from_text(&value_of(&event)).unwrap_or_default();
            change.emit(next);
        })
    };
    let remove = {
        let (lines, change) = (lines.clone(), change.clone());
        move |_| {
            let mut next = lines.clone();
            next.remove(index);
            change.emit(next);
        }
    };
    // Another quantity may reach another price.
    let reprice = {
        let (lines, change, quote_id) = (lines.clone(), change.clone(), props.input.quote.id);
        Callback::from(move |_: Event| {
            let line = lines[index].clone();
            let (Some(article_id), Some(quantity)) =
                (line.line.article_id, format::parse_quantity(&line.quantity, language()))
            else {
                return;
            };
            let (lines, change) = (lines.clone(), change.clone());
            wasm_bindgen_futures::spawn_local(async move {
                // A price that was typed by hand stays; so does one that cannot be found.
                if let Ok(before) =
                    backend::call(FindPrice { quote_id, article_id, quantity: line.line.quantity })
                        .await
                    && let Ok(price) =
                        backend::call(FindPrice { quote_id, article_id, quantity }).await
                    && line.line.unit_price == before
                    && price != before
                {
                    let mut next = lines.clone();
                    next[index].price = format::unit_price(price, language());
                    next[index].line.unit_price = price;
                    next[index].line.quantity = quantity;
                    change.emit(next);
                }
            });
        })
    };
    let release = {
        let (lines, change) = (lines.clone(), change.clone());
        pointer.release(Callback::from(move |(from, to): (usize, String)| {
            if let Some(to) = to.parse().ok().filter(|to| *to != from) {
                change.emit(moved(&lines, from, to));
            }
        }))
    };
    let take = if props.is_draft { pointer.take(index) } else { Callback::noop() };
    // A line that comes from above is put below this one, one from below above it.
    let place = pointer.now().and_then(|(from, over)| match over?.parse::<usize>().ok()? {
        to if from == index => Some("moving").filter(|_| to != index),
        to if to == index && from < to => Some("drop-below"),
        to if to == index => Some("drop-above"),
        _ => None,
    });
    let money = net.map(|net| {
        let text = format::money_plain(net, language());
        if matches!(kind, LineKind::Alternative | LineKind::Optional) {
            format!("({text})")
        } else {
            text
        }
    });
    let description = {
        let (lines, change) = (lines.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            let mut next = lines.clone();
            next[index].line.description = typed(&event);
            change.emit(next);
        })
    };
    // About as many letters as the narrowest grid shows in a row.
    let rows: usize =
        line.line.description.lines().map(|row| row.chars().count().div_ceil(31).max(1)).sum();
    let rows = rows.clamp(1, 6);
    html! {
        <div class={classes!("line", format!("line-{kind}"), place)} role="group" aria-label={label} key={index} data-line={index.to_string()} {onkeydown}>
            <span class="handle" title={props.is_draft.then(|| say("drag"))} onpointerdown={take} onpointermove={pointer.follow()} onpointerup={release} onpointercancel={pointer.cancel()}>{ number }</span>
            <span class="quiet">{ &line.line.article_number }</span>
            <textarea name={format!("description-{index}")} aria-label={say("line-description")} rows={rows.to_string()} disabled={!props.is_draft} value={line.line.description.clone()} oninput={description} />
            if amounts {
                <span onchange={reprice}>{ field("quantity", "right", &line.quantity, |l, text| l.quantity = text) }</span>
                { field("unit", "", &line.line.unit, |l, text| l.line.unit = text) }
                { field("unit_price", "right", &line.price, |l, text| l.price = text) }
                { field("discount", "right", &line.discount, |l, text| l.discount = text) }
            } else { <span></span><span></span><span></span><span></span> }
            <span class="right">{ money }</span>
            <span class="line-tools">
                if props.is_draft {
                    <select aria-label={say("line-kind")} {onchange}>{ for LineKind::ALL.iter().map(|one| html! { <option value={one.as_str()} selected={*one == kind}>{ say(&format!("line-kind-{one}")) }</option> }) }</select>
                    <button class="close" aria-label={say("remove")} title={say("remove")} onclick={remove}>{ "×" }</button>
                }
            </span>
        </div>
    }
}
