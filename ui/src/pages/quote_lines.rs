//! The lines of a quote: a grid like a spreadsheet.

use commands::{FindPrice, MakeQuoteLine, Search, view::SearchKind};
use domain::{Id, LineKind, Quantity, QuoteLine, Refusal, format, quote::subtotals};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{quote::Input, use_answer};
use crate::{
    backend,
    form::{error_at, typed, value_of},
    palette::marked,
    pointer::{Pointer, use_pointer},
    say::{language, say},
    toast,
};

/// A line as it is typed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LineInput {
    line: QuoteLine,
    quantity: String,
    price: String,
    discount: String,
}

impl LineInput {
    pub(crate) fn of(line: &QuoteLine) -> Self {
        let discount = if line.discount.0 == 0 {
            String::new()
        } else {
            format::percent(line.discount, language())
        };
        Self {
            quantity: format::quantity(line.quantity, language()),
            price: format::unit_price(line.unit_price, language()),
            discount,
            line: line.clone(),
        }
    }

    /// The line that is meant; what cannot be read is added to what is wrong.
    pub(crate) fn meant(&self, index: usize, wrong: &mut Vec<Refusal>) -> QuoteLine {
        let mut line = self.line.clone();
        if matches!(line.kind, LineKind::Text | LineKind::Subtotal) {
            return line;
        }
        let mut refuse = |field: &str| {
            wrong.push(Refusal::new("amount-invalid", "").at(format!("lines.{index}.{field}")))
        };
        match format::parse_quantity(&self.quantity, language()) {
            Some(quantity) => line.quantity = quantity,
            None => refuse("quantity"),
        }
        match format::parse_unit_price(&self.price, language()) {
            Some(price) => line.unit_price = price,
            None => refuse("unit_price"),
        }
        match self.discount.trim() {
            "" => line.discount = domain::Percent::ZERO,
            text => match format::parse_percent(text, language()) {
                Some(discount) => line.discount = discount,
                None => refuse("discount"),
            },
        }
        line.net_total = line.net();
        line
    }

    fn plain(kind: LineKind, description: String) -> Self {
        Self::of(&QuoteLine {
            kind,
            description,
            quantity: Quantity::whole(1),
            ..QuoteLine::default()
        })
    }
}

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
            <div class="line line-head" role="row">
                { for ["line-number", "line-article", "line-description", "line-quantity", "line-unit", "line-price", "line-discount", "line-net", ""].iter().map(|name| html! { <span>{ if name.is_empty() { String::new() } else { say(name) } }</span> }) }
            </div>
            { for rows }
            if is_draft { <AddLine quote_id={input.quote.id} lines={input.lines.clone()} change={change.clone()} /> }
        </div>
    }
}

fn moved(lines: &[LineInput], from: usize, to: usize) -> Vec<LineInput> {
    let mut lines = lines.to_vec();
    if from < lines.len() && to < lines.len() {
        let line = lines.remove(from);
        lines.insert(to, line);
    }
    lines
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
        <div class={classes!("line", format!("line-{kind}"), place)} role="row" key={index} data-line={index.to_string()} {onkeydown}>
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

#[derive(Properties, PartialEq)]
struct AddLineProps {
    quote_id: Id,
    lines: Vec<LineInput>,
    change: Callback<Vec<LineInput>>,
}

/// The last row: typing finds articles; Enter takes one.
#[component]
fn AddLine(props: &AddLineProps) -> Html {
    let text = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let hits =
        use_answer(Search { text: (*text).clone(), kinds: vec![SearchKind::Article], limit: 8 });
    let hits =
        hits.filter(|_| !text.trim().is_empty()).map(|hits| (*hits).clone()).unwrap_or_default();
    let add = {
        let (text, lines, change, quote_id) =
            (text.clone(), props.lines.clone(), props.change.clone(), props.quote_id);
        Callback::from(move |article_id: Id| {
            let (text, lines, change) = (text.clone(), lines.clone(), change.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(MakeQuoteLine {
                    quote_id,
                    article_id,
                    quantity: Quantity::whole(1),
                })
                .await
                {
                    Ok(line) => {
                        let mut next = lines.clone();
                        next.push(LineInput::of(&line));
                        change.emit(next);
                        text.set(String::new());
                    }
                    Err(failure) => toast::failure(&failure),
                }
            });
        })
    };
    let add_plain = {
        let (text, lines, change) = (text.clone(), props.lines.clone(), props.change.clone());
        Callback::from(move |kind: LineKind| {
            let mut next = lines.clone();
            next.push(LineInput::plain(kind, (*text).clone()));
            change.emit(next);
            text.set(String::new());
        })
    };
    let onkeydown = {
        let (hits, chosen, add, add_plain, text) =
            (hits.clone(), chosen.clone(), add.clone(), add_plain.clone(), text.clone());
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => chosen.set((*chosen + 1).min(hits.len().saturating_sub(1))),
                "ArrowUp" => chosen.set(chosen.saturating_sub(1)),
                "Enter" => match hits.get(*chosen) {
                    Some(hit) => {
                        chosen.set(0);
                        add.emit(hit.id);
                    }
                    None if !text.trim().is_empty() => add_plain.emit(LineKind::Text),
                    None => {}
                },
                _ => return,
            }
            event.prevent_default();
        }
    };
    let oninput = {
        let text = text.clone();
        move |event: InputEvent| text.set(typed(&event))
    };
    let plain = |kind: LineKind, name: &str| {
        let add_plain = add_plain.clone();
        html! { <button class="link" onclick={move |_| add_plain.emit(kind)}>{ say(name) }</button> }
    };
    html! {
        <div class="add-line">
            <input name="add-line" placeholder={say("add-line-hint")} value={(*text).clone()} {oninput} {onkeydown} autocomplete="off" />
            { plain(LineKind::Text, "add-text") }{ plain(LineKind::Subtotal, "add-subtotal") }{ plain(LineKind::Article, "add-free") }
            if !hits.is_empty() {
                <ul class="suggestions">{ for hits.iter().enumerate().map(|(index, hit)| {
                    let (add, id) = (add.clone(), hit.id);
                    html! { <li class={classes!((index == *chosen).then_some("current"))}><button type="button" onclick={move |_| add.emit(id)}>{ marked(&hit.title) }<span class="quiet">{ format!(" {}", hit.detail.text) }</span></button></li> }
                }) }</ul>
            }
        </div>
    }
}
