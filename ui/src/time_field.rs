//! A field for a clock time: `9`, `930`, `9:30`, `9 Uhr`; arrows go by a quarter of an hour. Its
//! value is `09:30`.

use chrono::{NaiveTime, TimeDelta};
use domain::read_time;
use yew::prelude::*;

use crate::{
    day_field::label,
    focus::use_focus,
    form::{FieldProps, typed},
    say::say_with,
    typing::Typing,
};

/// Minutes that the arrow keys go.
const STEP: i64 = 15;

fn write(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn read(text: &str) -> Option<String> {
    read_time(text).map(write)
}

#[component]
pub(crate) fn TimeField(props: &FieldProps) -> Html {
    let typing = use_state(Typing::default);
    let input = use_node_ref();
    use_focus(&input, props.focus);
    let value = NaiveTime::parse_from_str(&props.value, "%H:%M").ok();
    let shown = typing.shown(|| props.value.to_string());
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
