//! Fields of forms: a label, the input, and what is wrong with it.

use domain::Refusal;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::{day_field::DayField, focus::use_focus, say, time_field::TimeField};

/// What is wrong with a field.
pub(crate) fn error_at(refusals: &[Refusal], field: &str) -> Option<AttrValue> {
    refusals
        .iter()
        .find(|refusal| refusal.field.as_deref() == Some(field))
        .map(|refusal| say::refusal(refusal).into())
}

/// The text of the input that an event came from.
pub(crate) fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    if let Some(input) = target.dyn_ref::<HtmlTextAreaElement>() {
        return input.value();
    }
    target.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default()
}

/// The same for what is typed.
pub(crate) fn typed(event: &InputEvent) -> String {
    value_of(event)
}

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct FieldProps {
    /// Its label.
    pub(crate) label: AttrValue,
    /// What it holds.
    pub(crate) value: AttrValue,
    /// Told what is typed.
    pub(crate) on_input: Callback<String>,
    /// Told when it is left.
    #[prop_or_default]
    pub(crate) on_leave: Callback<()>,
    /// What is wrong.
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
    /// `text`, `password`, `date`, `time`, `email`, `tel` …
    #[prop_or(AttrValue::Static("text"))]
    pub(crate) kind: AttrValue,
    /// An example.
    #[prop_or_default]
    pub(crate) hint: AttrValue,
    /// Name for tests and for the browser.
    #[prop_or_default]
    pub(crate) name: AttrValue,
    /// Many lines.
    #[prop_or_default]
    pub(crate) rows: u32,
    /// Whether the cursor begins here.
    #[prop_or_default]
    pub(crate) focus: bool,
    /// How wide: `narrow`, `wide`.
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Whether it must be filled.
    #[prop_or_default]
    pub(crate) needed: bool,
}

/// A labelled input of any kind. Days and times have fields of their own, in the app's language.
#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    match props.kind.as_str() {
        "date" => html! { <DayField ..props.clone() /> },
        "time" => html! { <TimeField ..props.clone() /> },
        _ => html! { <TextField ..props.clone() /> },
    }
}

#[component]
fn TextField(props: &FieldProps) -> Html {
    let input = use_node_ref();
    use_focus(&input, props.focus);
    let oninput = props.on_input.reform(|event: InputEvent| typed(&event));
    let onblur = props.on_leave.reform(|_: FocusEvent| ());
    let invalid = props.error.is_some().then_some("true");
    let field = if props.rows > 0 {
        html! {
            <textarea ref={input} name={props.name.clone()} rows={props.rows.to_string()} aria-invalid={invalid}
                placeholder={props.hint.clone()} value={props.value.clone()} {oninput} {onblur} />
        }
    } else {
        html! {
            <input ref={input} name={props.name.clone()} type={props.kind.clone()} aria-invalid={invalid} autocomplete="off"
                placeholder={props.hint.clone()} value={props.value.clone()} {oninput} {onblur} />
        }
    };
    html! {
        <label class={classes!("field", props.class.clone())}>
            <span>{ &props.label }{ if props.needed { " *" } else { "" } }</span>
            { field }
            if let Some(error) = &props.error { <em role="alert">{ error }</em> }
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChoiceProps {
    /// Its label.
    pub(crate) label: AttrValue,
    /// The chosen value.
    pub(crate) value: AttrValue,
    /// Values and their names.
    pub(crate) options: Vec<(String, String)>,
    /// Told what is chosen.
    pub(crate) on_choose: Callback<String>,
    /// The name of no choice; none where there must be one.
    #[prop_or_default]
    pub(crate) nothing: Option<AttrValue>,
    /// Name for tests.
    #[prop_or_default]
    pub(crate) name: AttrValue,
    /// What is wrong.
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
}

#[component]
pub(crate) fn Choice(props: &ChoiceProps) -> Html {
    let onchange = props.on_choose.reform(|event: Event| value_of(&event));
    html! {
        <label class="field">
            <span>{ &props.label }</span>
            <select name={props.name.clone()} {onchange}>
                if let Some(nothing) = &props.nothing {
                    <option value="" selected={props.value.is_empty()}>{ nothing }</option>
                }
                { for props.options.iter().map(|(value, name)| html! {
                    <option value={value.clone()} selected={*value == *props.value}>{ name.clone() }</option>
                }) }
            </select>
            if let Some(error) = &props.error { <em role="alert">{ error }</em> }
        </label>
    }
}
