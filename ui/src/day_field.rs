//! Fields for days and clock times: typed in the app's language (`21.11.`, `morgen`, `+7`), days
//! also chosen from a calendar that opens below. Their value is `2026-11-21` and `09:30`.

use chrono::{Datelike, Days, Months, NaiveTime, TimeDelta};
use domain::{Day, format, read_day, read_time};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    clock,
    form::{FieldProps, typed},
    say::{language, say, say_with},
};

/// Minutes that the arrow keys go.
const STEP: i64 = 15;

fn label(props: &FieldProps, field: Html, wrong: bool, message: &str) -> Html {
    let error = props.error.clone().or_else(|| wrong.then(|| say(message).into()));
    html! {
        <div class={classes!("field", props.class.clone())}>
            <span aria-hidden="true">{ &props.label }{ if props.needed { " *" } else { "" } }</span>
            { field }
            if let Some(error) = error { <em role="alert">{ error }</em> }
        </div>
    }
}

/// What is in the input while it is typed, and whether it was left unreadable.
#[derive(Clone, Default, PartialEq)]
struct Typing {
    text: Option<String>,
    left: bool,
}

#[component]
pub(crate) fn DayField(props: &FieldProps) -> Html {
    let typing = use_state(Typing::default);
    let open = use_state(|| None::<Day>);
    let input = use_node_ref();
    use_focus(&input, props.focus);
    let value: Option<Day> = props.value.parse().ok();
    let shown = typing
        .text
        .clone()
        .unwrap_or_else(|| value.map(|day| format::day(day, language())).unwrap_or_default());
    let wrong = typing.left
        && typing.text.as_ref().is_some_and(|text| !text.trim().is_empty())
        && value.is_none();
    let oninput = {
        let (typing, on_input) = (typing.clone(), props.on_input.clone());
        move |event: InputEvent| {
            let text = typed(&event);
            let day = read_day(&text, clock::today());
            // What cannot be read is told as it is: the form refuses it.
            on_input.emit(day.map_or_else(|| text.trim().to_owned(), |day| day.to_string()));
            typing.set(Typing { text: Some(text), left: false });
        }
    };
    let onblur = {
        let (typing, on_leave) = (typing.clone(), props.on_leave.clone());
        move |_: FocusEvent| {
            // What was read is shown as the day that it is.
            let text = typing.text.clone().filter(|text| read_day(text, clock::today()).is_none());
            let text = text.filter(|text| !text.trim().is_empty());
            typing.set(Typing { left: text.is_some(), text });
            on_leave.emit(());
        }
    };
    let show = {
        let open = open.clone();
        let begin = value.unwrap_or_else(clock::today);
        Callback::from(move |()| open.set(if open.is_some() { None } else { Some(begin) }))
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
                aria-invalid={(wrong || props.error.is_some()).then_some("true")} aria-haspopup="dialog" aria-expanded={open.is_some().to_string()}
                placeholder={say("day-hint")} {oninput} {onblur} {onkeydown} />
            <button type="button" class="open-days" tabindex="-1" aria-label={say("choose-day")} title={say("choose-day")} onclick={press}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12v10H2zM2 7h12M5 2v3M11 2v3" /></svg>
            </button>
            if let Some(begin) = *open { <div class="popover-back" onclick={let choose = choose.clone(); move |event: MouseEvent| { event.prevent_default(); choose.emit(None); }}></div><Month {begin} {value} {choose} /> }
        </div>
    };
    label(props, field, wrong, "day-unreadable")
}

#[hook]
fn use_focus(input: &NodeRef, focus: bool) {
    let input = input.clone();
    use_effect_with((), move |()| {
        if let (true, Some(input)) = (focus, input.cast::<HtmlElement>()) {
            // A window without focus cannot give it to a field.
            let _ = input.focus();
        }
    });
}

#[derive(Properties, PartialEq)]
struct DaysProps {
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
        <div class="days-popup" role="dialog" aria-label={say("choose-day")} ref={grid} {onkeydown} {onfocusout}>
            <div class="days-head">
                <button type="button" aria-label={say("month-before")} title={say("month-before")} onclick={to(day.checked_sub_months(Months::new(1)))}>{ "‹" }</button>
                <strong aria-live="polite">{ title }</strong>
                <button type="button" aria-label={say("month-after")} title={say("month-after")} onclick={to(day.checked_add_months(Months::new(1)))}>{ "›" }</button>
            </div>
            <div class="days-grid" role="grid">
                <span class="quiet">{ say("week-letters") }</span>
                { for (0..7).map(|number| html! { <span class="quiet">{ clock::weekday_letters(number) }</span> }) }
                { for (0..6).flat_map(|week| {
                    let monday = first.checked_add_days(Days::new(week * 7)).unwrap_or(first);
                    let number = html! { <span class="quiet">{ monday.iso_week().week() }</span> };
                    let days: Vec<Html> = (0..7).filter_map(|ahead| monday.checked_add_days(Days::new(ahead))).map(|one| one_day(props, one, day)).collect();
                    std::iter::once(number).chain(days)
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

#[component]
pub(crate) fn TimeField(props: &FieldProps) -> Html {
    let typing = use_state(Typing::default);
    let input = use_node_ref();
    use_focus(&input, props.focus);
    let value = NaiveTime::parse_from_str(&props.value, "%H:%M").ok();
    let shown = typing.text.clone().unwrap_or_else(|| props.value.to_string());
    let wrong = typing.left && typing.text.is_some() && value.is_none();
    let write = |time: NaiveTime| time.format("%H:%M").to_string();
    let oninput = {
        let (typing, on_input) = (typing.clone(), props.on_input.clone());
        move |event: InputEvent| {
            let text = typed(&event);
            on_input.emit(read_time(&text).map_or_else(|| text.trim().to_owned(), write));
            typing.set(Typing { text: Some(text), left: false });
        }
    };
    let onblur = {
        let (typing, on_leave) = (typing.clone(), props.on_leave.clone());
        move |_: FocusEvent| {
            let text = typing.text.clone().filter(|text| read_time(text).is_none());
            let text = text.filter(|text| !text.trim().is_empty());
            typing.set(Typing { left: text.is_some(), text });
            on_leave.emit(());
        }
    };
    let onkeydown = {
        let (typing, on_input) = (typing.clone(), props.on_input.clone());
        move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowUp" => STEP,
                "ArrowDown" => -STEP,
                _ => return,
            };
            event.prevent_default();
            let time = value.unwrap_or_default().overflowing_add_signed(TimeDelta::minutes(by)).0;
            typing.set(Typing::default());
            on_input.emit(write(time));
        }
    };
    let hint = say_with("time-hint", &[("minutes", &STEP.to_string())]);
    let field = html! {
        <input ref={input} name={props.name.clone()} type="text" inputmode="numeric" autocomplete="off" value={shown} aria-label={props.label.clone()}
            aria-invalid={(wrong || props.error.is_some()).then_some("true")} placeholder="09:00" title={hint} {oninput} {onblur} {onkeydown} />
    };
    label(props, field, wrong, "time-unreadable")
}
