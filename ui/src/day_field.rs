//! A field for a day: typed in the app's language (`21.11.`, `morgen`, `+7`), or chosen from a
//! calendar that opens below. Its value is `2026-11-21`.

use chrono::{Datelike, Days, Months, TimeDelta};
use domain::{Day, format, read_day};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    clock,
    focus::use_focus,
    form::{FieldProps, typed},
    say::{language, say},
    typing::Typing,
};

/// The calendar's width and height; the style sheet gives it the same.
const SIZE: (f64, f64) = (274.0, 296.0);

/// A field with its label and what is wrong with it.
pub(crate) fn label(props: &FieldProps, field: Html, wrong: bool, message: &str) -> Html {
    let error = props.error.clone().or_else(|| wrong.then(|| say(message).into()));
    html! {
        <div class={classes!("field", props.class.clone())}>
            <span aria-hidden="true">{ &props.label }{ if props.needed { " *" } else { "" } }</span>
            { field }
            if let Some(error) = error { <em role="alert">{ error }</em> }
        </div>
    }
}

fn read(text: &str) -> Option<String> {
    read_day(text, clock::today()).map(|day| day.to_string())
}

#[component]
pub(crate) fn DayField(props: &FieldProps) -> Html {
    let typing = use_state(Typing::default);
    let open = use_state(|| None::<(i32, i32)>);
    let input = use_node_ref();
    use_focus(&input, props.focus);
    let value: Option<Day> = props.value.parse().ok();
    let written = || value.map(|day| format::day(day, language())).unwrap_or_default();
    let shown = typing.shown(written);
    let wrong = typing.is_wrong(value.is_some());
    let oninput = {
        let (typing, on_input) = (typing.clone(), props.on_input.clone());
        move |event: InputEvent| {
            let (next, value) = Typing::typed(typed(&event), read);
            on_input.emit(value);
            typing.set(next);
        }
    };
    let onblur = {
        let (typing, on_leave) = (typing.clone(), props.on_leave.clone());
        move |_: FocusEvent| {
            typing.set(typing.left(read));
            on_leave.emit(());
        }
    };
    let show = {
        let (open, input) = (open.clone(), input.clone());
        Callback::from(move |()| open.set(if open.is_some() { None } else { place(&input) }))
    };
    let choose = {
        let (typing, open, on_input, input) =
            (typing.clone(), open.clone(), props.on_input.clone(), input.clone());
        Callback::from(move |day: Option<Day>| {
            if let Some(day) = day {
                typing.set(Typing::default());
                on_input.emit(day.to_string());
            }
            open.set(None);
            if let Some(input) = input.cast::<HtmlElement>() {
                // A window without focus cannot give it to a field.
                let _ = input.focus();
            }
        })
    };
    let onkeydown = {
        let (show, is_open, choose) = (show.clone(), open.is_some(), choose.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowDown" if !is_open => {
                event.prevent_default();
                show.emit(());
            }
            "Escape" if is_open => {
                event.prevent_default();
                event.stop_propagation();
                choose.emit(None);
            }
            _ => {}
        }
    };
    let press = {
        let show = show.clone();
        move |event: MouseEvent| {
            event.prevent_default();
            show.emit(());
        }
    };
    let field = html! {
        <div class="day-field">
            <input ref={input} name={props.name.clone()} type="text" autocomplete="off" value={shown} aria-label={props.label.clone()}
                aria-invalid={(wrong || props.error.is_some()).then_some("true")} role="combobox" aria-haspopup="dialog" aria-controls="days-popup" aria-expanded={open.is_some().to_string()}
                placeholder={say("day-hint")} {oninput} {onblur} {onkeydown} />
            <button type="button" class="open-days" tabindex="-1" aria-label={say("choose-day")} title={say("choose-day")} onclick={press}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12v10H2zM2 7h12M5 2v3M11 2v3" /></svg>
            </button>
            if let Some(at) = *open { <div class="popover-back" onclick={let choose = choose.clone(); move |event: MouseEvent| { event.prevent_default(); choose.emit(None); }}></div><Month {at} begin={value.unwrap_or_else(clock::today)} {value} {choose} /> }
        </div>
    };
    label(props, field, wrong, "day-unreadable")
}

/// Where the calendar opens: below the field, or above it where there is no room.
fn place(input: &NodeRef) -> Option<(i32, i32)> {
    let field = input.cast::<HtmlElement>()?.get_bounding_client_rect();
    let window = web_sys::window()?;
    let room = |size: Result<JsValue, JsValue>| size.ok().and_then(|size| size.as_f64());
    let left = field.left().min(room(window.inner_width())? - SIZE.0 - 12.0);
    let below = field.bottom() + 4.0;
    let fits = below + SIZE.1 < room(window.inner_height())?;
    let top = if fits { below } else { (field.top() - SIZE.1 - 4.0).max(4.0) };
    #[allow(clippy::cast_possible_truncation)] // Pixels of a screen.
    Some((left as i32, top as i32))
}

#[derive(Properties, PartialEq)]
struct DaysProps {
    /// Where it opens.
    at: (i32, i32),
    /// The day that is current first.
    begin: Day,
    /// The field's day.
    value: Option<Day>,
    /// Told the chosen day, or none when it is left.
    choose: Callback<Option<Day>>,
}

/// A month to choose a day from.
#[component(Month)]
fn days_of_month(props: &DaysProps) -> Html {
    let current = use_state(|| props.begin);
    let grid = use_node_ref();
    {
        let grid = grid.clone();
        use_effect_with(*current, move |_| {
            let day = grid
                .cast::<web_sys::Element>()
                .and_then(|grid| grid.query_selector("[tabindex=\"0\"]").ok().flatten())
                .and_then(|day| day.dyn_into::<HtmlElement>().ok());
            if let Some(day) = day {
                // A window without focus cannot give it to a day.
                let _ = day.focus();
            }
        });
    }
    let day = *current;
    let to = |next: Option<Day>| {
        let current = current.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if let Some(next) = next {
                current.set(next);
            }
        })
    };
    let onkeydown = {
        let (current, choose) = (current.clone(), props.choose.clone());
        move |event: KeyboardEvent| {
            let by = |days: i64| day.checked_add_signed(TimeDelta::days(days));
            let weekday = i64::from(day.weekday().num_days_from_monday());
            let next = match event.key().as_str() {
                "ArrowLeft" => by(-1),
                "ArrowRight" => by(1),
                "ArrowUp" => by(-7),
                "ArrowDown" => by(7),
                "Home" => by(-weekday),
                "End" => by(6 - weekday),
                "PageUp" => day.checked_sub_months(Months::new(1)),
                "PageDown" => day.checked_add_months(Months::new(1)),
                "t" | "T" => Some(clock::today()),
                "Escape" => {
                    event.prevent_default();
                    event.stop_propagation();
                    return choose.emit(None);
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(next) = next {
                current.set(next);
            }
        }
    };
    // Leaving it for another part of the page closes it.
    let onfocusout = {
        let (choose, grid) = (props.choose.clone(), grid.clone());
        move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
            let inside = grid.cast::<web_sys::Node>().zip(to.as_ref());
            if inside.is_none_or(|(grid, to)| !grid.contains(Some(to))) && to.is_some() {
                choose.emit(None);
            }
        }
    };
    let first = day.with_day(1).unwrap_or(day);
    let first = first - TimeDelta::days(first.weekday().num_days_from_monday().into());
    let title = format!("{} {}", say(&format!("month-{}", day.month())), day.year());
    html! {
        <div class="days-popup" id="days-popup" role="dialog" aria-label={say("choose-day")} ref={grid} style={format!("left:{}px;top:{}px", props.at.0, props.at.1)} {onkeydown} {onfocusout}>
            <div class="days-head">
                <button type="button" aria-label={say("month-before")} title={say("month-before")} onclick={to(day.checked_sub_months(Months::new(1)))}>{ "‹" }</button>
                <strong aria-live="polite">{ title }</strong>
                <button type="button" aria-label={say("month-after")} title={say("month-after")} onclick={to(day.checked_add_months(Months::new(1)))}>{ "›" }</button>
            </div>
            <div class="days-grid" role="grid">
                <span class="quiet">{ say("week-letters") }</span>
                { for (0..7).map(|number| html! { <span class="quiet">{ clock::weekday_letters(number) }</span> }) }
                { for (0..6).map(|week| {
                    let monday = first.checked_add_days(Days::new(week * 7)).unwrap_or(first);
                    let number = html! { <span class="quiet">{ monday.iso_week().week() }</span> };
                    let days: Vec<Html> = (0..7).filter_map(|ahead| monday.checked_add_days(Days::new(ahead))).map(|one| one_day(props, one, day)).collect();
                    html! { <div class="days-week" role="row">{ number }{ for days }</div> }
                }) }
            </div>
            <button type="button" class="link" onclick={let choose = props.choose.clone(); move |event: MouseEvent| { event.prevent_default(); choose.emit(Some(clock::today())); }}>{ say("today-button") }</button>
        </div>
    }
}

fn one_day(props: &DaysProps, one: Day, current: Day) -> Html {
    let choose = props.choose.clone();
    let chosen = props.value == Some(one);
    html! {
        <button type="button" role="gridcell" key={one.to_string()} aria-label={clock::long(one)} aria-selected={chosen.to_string()}
            tabindex={if one == current { "0" } else { "-1" }}
            class={classes!((one.month() != current.month()).then_some("beside"), (one == clock::today()).then_some("now"), chosen.then_some("chosen"))}
            onclick={move |event: MouseEvent| { event.prevent_default(); choose.emit(Some(one)); }}>{ one.day() }</button>
    }
}
