//! Calendar files: choosing one, seeing what it would bring, taking it over; writing one.

use commands::{
    ImportCalendarFile, ReadCalendarFile, WriteCalendarFile,
    view::{CalendarEntry, CalendarImport},
};
use domain::{Id, Instant};
use serde_json::json;
use yew::prelude::*;

use crate::{
    backend, clock,
    say::{say, say_with},
    toast,
    widget::Dialog,
};

fn kind() -> serde_json::Value {
    json!({ "name": say("calendar-file"), "endings": ["ics"] })
}

/// Writes a span of time, or one appointment, to a file that the user chooses.
pub(super) fn write(from: Instant, to: Instant, id: Option<Id>, name: String) {
    wasm_bindgen_futures::spawn_local(async move {
        let arguments = json!({ "kind": kind(), "name": format!("{name}.ics") });
        let path = match backend::shell::<_, Option<String>>("choose_target", arguments).await {
            Ok(Some(path)) => path,
            Ok(None) => return,
            Err(failure) => return toast::failure(&failure),
        };
        match backend::call(WriteCalendarFile { path: path.clone(), from, to, id }).await {
            Ok(count) => toast::note(say_with(
                "calendar-written",
                &[("count", &count.to_string()), ("path", &path)],
            )),
            Err(failure) => toast::failure(&failure),
        }
    });
}

/// Lets the user choose a file and looks into it.
pub(super) fn choose(seen: Callback<(String, CalendarImport)>) {
    wasm_bindgen_futures::spawn_local(async move {
        let arguments = json!({ "kind": kind() });
        let path = match backend::shell::<_, Option<String>>("choose_file", arguments).await {
            Ok(Some(path)) => path,
            Ok(None) => return,
            Err(failure) => return toast::failure(&failure),
        };
        match backend::call(ReadCalendarFile { path: path.clone() }).await {
            Ok(import) => seen.emit((path, import)),
            Err(failure) => toast::failure(&failure),
        }
    });
}

#[derive(Properties, PartialEq)]
pub(super) struct ImportProps {
    pub(super) path: String,
    pub(super) import: CalendarImport,
    pub(super) close: Callback<()>,
}

/// What a file would bring, before it is taken over.
#[component]
pub(super) fn Import(props: &ImportProps) -> Html {
    let (import, close) = (&props.import, props.close.clone());
    let name = props.path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let take = {
        let (path, name, close) = (props.path.clone(), name.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            let (path, name, close) = (path.clone(), name.clone(), close.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(ImportCalendarFile { path }).await {
                    Ok(import) => {
                        toast::done(say_with(
                            "calendar-imported",
                            &[
                                ("file", &name),
                                ("added", &import.added.to_string()),
                                ("changed", &import.changed.to_string()),
                            ],
                        ));
                        close.emit(());
                    }
                    Err(failure) => toast::failure(&failure),
                }
            });
        })
    };
    let nothing = import.added + import.changed == 0;
    let figure =
        |name: &str, count: u64| html! { <div class="figure"><b>{ count }</b>{ say(name) }</div> };
    html! {
        <Dialog title={say_with("calendar-import-title", &[("file", &name)])} close={props.close.clone()} wide={true}>
            <div class="figures">
                { figure("calendar-added", import.added) }{ figure("calendar-changed", import.changed) }{ figure("calendar-same", import.same) }
                { figure("calendar-left-out", import.left_out.len() as u64) }
            </div>
            if nothing { <p>{ say("calendar-nothing-new") }</p> }
            if import.of_series > 0 { <p class="quiet">{ say_with("calendar-of-series", &[("count", &import.of_series.to_string())]) }</p> }
            if !import.first.is_empty() {
                <ul class="changes import">{ for import.first.iter().map(entry) }</ul>
                if import.added + import.changed > import.first.len() as u64 {
                    <p class="quiet">{ say_with("more-tasks", &[("count", &(import.added + import.changed - import.first.len() as u64).to_string())]) }</p>
                }
            }
            if !import.left_out.is_empty() {
                <details><summary>{ say_with("calendar-left-out-which", &[("count", &import.left_out.len().to_string())]) }</summary>
                    <ul class="changes import">{ for import.left_out.iter().map(|(subject, why)| html! {
                        <li><span></span><span>{ subject }</span><span class="quiet">{ say(&format!("calendar-why-{why}")) }</span></li>
                    }) }</ul>
                </details>
            }
            <div class="actions">
                <button type="button" onclick={move |_| close.emit(())}>{ say(if nothing { "close" } else { "cancel" }) }</button>
                if !nothing { <button class="primary" id="import-calendar" onclick={take}>{ say("calendar-take") }</button> }
            </div>
        </Dialog>
    }
}

fn entry(entry: &CalendarEntry) -> Html {
    html! {
        <li><span class="when">{ clock::full(entry.starts_at) }</span><span>{ &entry.subject }</span>
            <span class="quiet">{ say(if entry.is_new { "calendar-added" } else { "calendar-changed" }) }</span></li>
    }
}
