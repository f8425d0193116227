//! The fields of a change that the hub did not take, to be put right where they are listed.

use std::{collections::BTreeMap, rc::Rc};

use commands::view::{Correction, RejectionView};
use domain::{Change, ChangeKind, Id, Refusal};
use yew::prelude::*;

use super::sync_rejected::refused_field;
use crate::{
    form::{Choice, Field},
    say::{self, say},
    typed_value::{Typed, kind, read, written},
    value::field_name,
};

/// What was typed, by record and field.
type Input = BTreeMap<(Id, String), String>;

/// A field that can be put right here.
#[derive(Clone, PartialEq)]
struct Line {
    record: Id,
    entity: String,
    field: String,
    kind: Typed,
    /// As it was sent.
    before: String,
    /// It is the one that the hub named.
    is_refused: bool,
}

/// The fields that were changed; of a new record only those that say something, unless `all`.
fn lines(rejection: &RejectionView, all: bool) -> Vec<Line> {
    let refused = refused_field(&rejection.refusal);
    let mut named = false;
    let mut found = Vec::new();
    for change in &rejection.changes {
        for (field, edit) in &change.fields {
            let Some(kind) = kind(&change.entity, field, &edit.to) else { continue };
            let before = written(&kind, &edit.to);
            let is_refused = !named && refused == Some(field);
            named |= is_refused;
            let says = change.kind == ChangeKind::Update || !before.is_empty();
            if is_refused || says || all {
                found.push(line(change, field, kind, before, is_refused));
            }
        }
    }
    // What the hub named comes first, and alone until more is asked for.
    found.sort_by_key(|line| !line.is_refused);
    if named && !all {
        found.truncate(1);
    }
    found
}

fn line(change: &Change, field: &str, kind: Typed, before: String, is_refused: bool) -> Line {
    let entity = change.entity.clone();
    Line { record: change.id, entity, field: field.to_owned(), kind, before, is_refused }
}

/// Whether anything of it can be put right here.
pub(super) fn can_correct(rejection: &RejectionView) -> bool {
    !lines(rejection, true).is_empty()
}

#[derive(Properties, PartialEq)]
pub(super) struct CorrectProps {
    pub(super) rejection: RejectionView,
    /// What spoke against the last attempt.
    pub(super) wrong: Vec<Refusal>,
    /// Told what shall stand instead.
    pub(super) send: Callback<Vec<Correction>>,
    /// Leaves it as it is.
    pub(super) leave: Callback<()>,
}

#[component]
pub(super) fn Correct(props: &CorrectProps) -> Html {
    let input = use_state(Input::new);
    let wrong = use_state(Input::new);
    let all = use_state(|| false);
    let lines = Rc::new(lines(&props.rejection, *all));
    let onsubmit = {
        let (input, wrong, lines) = (input.clone(), wrong.clone(), Rc::clone(&lines));
        let send = props.send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (mut corrections, mut found) = (Vec::new(), Input::new());
            for line in lines.iter() {
                let key = (line.record, line.field.clone());
                let Some(text) = input.get(&key) else { continue };
                match read(&line.kind, text) {
                    Ok(value) => {
                        let (record_id, field) = key;
                        corrections.push(Correction { record_id, field, value });
                    }
                    Err(refusal) => {
                        found.insert(key, say::refusal(&refusal));
                    }
                }
            }
            if found.is_empty() {
                send.emit(corrections);
            }
            wrong.set(found);
        })
    };
    let has_more = !*all && lines.len() < self::lines(&props.rejection, true).len();
    html! {
        <form class="correct-form" {onsubmit} novalidate={true}>
            <div class="fields">{ for lines.iter().enumerate().map(|(at, line)| {
                let error = wrong.get(&(line.record, line.field.clone())).cloned();
                let error = error.or_else(|| refused(props, line));
                one(line, &input, error, at == 0)
            }) }</div>
            <div class="actions">
                if has_more {
                    <button type="button" class="link" onclick={let all = all.setter(); move |_| all.set(true)}>{ say("correct-more") }</button>
                }
                <button type="button" onclick={props.leave.reform(|_: MouseEvent| ())}>{ say("cancel") }</button>
                <button class="primary send-corrected">{ say("correct-send") }</button>
            </div>
        </form>
    }
}

/// What the app, or the hub before it, said against this field.
fn refused(props: &CorrectProps, line: &Line) -> Option<String> {
    let about = |refusal: &&Refusal| refused_field(refusal) == Some(&*line.field);
    match props.wrong.iter().find(about) {
        Some(refusal) => Some(say::refusal(refusal)),
        None if line.is_refused && props.wrong.is_empty() => {
            Some(say::refusal(&props.rejection.refusal))
        }
        None => None,
    }
}

fn one(line: &Line, input: &UseStateHandle<Input>, error: Option<String>, focus: bool) -> Html {
    let key = (line.record, line.field.clone());
    let value = input.get(&key).unwrap_or(&line.before).clone();
    let label = field_name(&line.entity, &line.field);
    let on_input = {
        let input = input.clone();
        Callback::from(move |text: String| {
            let mut next = (*input).clone();
            next.insert(key.clone(), text);
            input.set(next);
        })
    };
    let (name, error) = (line.field.clone(), error.map(AttrValue::from));
    let part = |at: usize| {
        let parts: Vec<String> = value.split(' ').map(str::to_owned).collect();
        let parts = [parts.first(), parts.get(1)].map(|part| part.cloned().unwrap_or_default());
        let other = parts[1 - at].clone();
        let put = on_input.reform(move |text: String| match at {
            0 => format!("{text} {other}"),
            _ => format!("{other} {text}"),
        });
        (parts[at].clone(), put)
    };
    match &line.kind {
        Typed::Choice(options) => html! {
            <Choice {label} {name} {value} {error} options={options.clone()} on_choose={on_input} />
        },
        Typed::Moment { .. } => {
            let ((day, on_day), (time, on_time)) = (part(0), part(1));
            html! { <>
                <Field label={label.clone()} {name} kind="date" value={day} {error} {focus} on_input={on_day} />
                <Field label={format!("{label}, {}", say("field-time"))} kind="time" value={time} on_input={on_time} />
            </> }
        }
        kind => {
            let rows = if *kind == Typed::Lines { 4 } else { 0 };
            let typed = if matches!(kind, Typed::Day { .. }) { "date" } else { "text" };
            html! { <Field {label} {name} kind={typed} {value} {error} {focus} {rows} {on_input} /> }
        }
    }
}
