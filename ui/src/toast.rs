//! Short messages at the foot of the window: what was done (with undo), what failed, how far
//! long work is.

use std::cell::RefCell;

use commands::{CancelJob, Failure, GetImport, Job, JobState, Redo, Undo};
use domain::Id;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    backend,
    say::{self, say, say_with},
};

#[derive(Clone, PartialEq)]
enum Kind {
    Done { undo: bool },
    Own(Callback<()>),
    Failed,
    Working(Job),
}

#[derive(Clone, PartialEq)]
struct Toast {
    number: u64,
    text: String,
    kind: Kind,
}

thread_local! {
    static SHOWN: RefCell<(u64, Vec<Toast>)> = const { RefCell::new((0, Vec::new())) };
    static REDRAW: RefCell<Option<Callback<()>>> = const { RefCell::new(None) };
}

fn redraw() {
    REDRAW.with(|redraw| {
        if let Some(redraw) = redraw.borrow().as_ref() {
            redraw.emit(());
        }
    });
}

fn drop_toast(number: u64) {
    SHOWN.with(|shown| shown.borrow_mut().1.retain(|toast| toast.number != number));
    redraw();
}

/// Takes back what was said; work that goes on stays.
pub(crate) fn clear() {
    SHOWN.with(|shown| {
        shown.borrow_mut().1.retain(|toast| matches!(toast.kind, Kind::Working(_)));
    });
    redraw();
}

fn show(text: String, kind: Kind) {
    let stays = match kind {
        Kind::Done { .. } | Kind::Own(_) => 8_000,
        Kind::Failed => 14_000,
        Kind::Working(_) => 0,
    };
    let number = SHOWN.with(|shown| {
        let mut shown = shown.borrow_mut();
        shown.0 += 1;
        let number = shown.0;
        // One message at a time says what was done last; work that goes on stays.
        shown.1.retain(|toast| matches!(toast.kind, Kind::Working(_)));
        shown.1.push(Toast { number, text, kind });
        number
    });
    if stays > 0 {
        Timeout::new(stays, move || drop_toast(number)).forget();
    }
    redraw();
}

/// Says what was done and offers to take it back.
pub(crate) fn done(text: String) {
    show(text, Kind::Done { undo: true });
}

/// Says what was done on this device alone, and how it is taken back.
pub(crate) fn done_own(text: String, undo: Callback<()>) {
    show(text, Kind::Own(undo));
}

/// Says something.
pub(crate) fn note(text: String) {
    show(text, Kind::Done { undo: false });
}

/// Says why something was not done.
pub(crate) fn failure(failure: &Failure) {
    // A page asked while the workspace was closed under it: what is shown in its place says so.
    if failure.code == "workspace-closed" {
        return;
    }
    show(say::failure(failure), Kind::Failed);
}

/// Shows how far a job is.
pub(crate) fn job(job: Job) {
    SHOWN.with(|shown| {
        shown
            .borrow_mut()
            .1
            .retain(|toast| !matches!(&toast.kind, Kind::Working(working) if working.id == job.id));
    });
    let name = say(&format!("job-{}", job.kind));
    match &job.state {
        JobState::Running => show(name, Kind::Working(job)),
        JobState::Done if job.kind == "import" => imported(job.id),
        JobState::Done => note(say_with("job-done", &[("job", &name)])),
        JobState::Cancelled => note(say_with("job-cancelled", &[("job", &name)])),
        JobState::Failed { failure: why } => failure(why),
    }
}

/// Says what an import did, and offers to take it back.
fn imported(job: Id) {
    wasm_bindgen_futures::spawn_local(async move {
        match backend::call(GetImport { job }).await {
            Ok(Some(report)) => {
                let undo = report.counts.created + report.counts.updated > 0;
                let did = crate::pages::import::summary(&report);
                let text = say_with("import-toast", &[("file", &report.file), ("did", &did)]);
                show(text, Kind::Done { undo });
            }
            Ok(None) => {}
            Err(why) => failure(&why),
        }
    });
}

/// Takes back the last action, or does it again.
pub(crate) fn take_back(again: bool) {
    wasm_bindgen_futures::spawn_local(async move {
        let answer =
            if again { backend::call(Redo {}).await } else { backend::call(Undo {}).await };
        match answer {
            Ok(step) => {
                let what = format!("{} · {}", say::operation(&step.operation), step.subject);
                let message = if again { "redone" } else { "undone" };
                note(say_with(message, &[("what", &what)]));
            }
            Err(why) => failure(&why),
        }
    });
}

#[component]
pub(crate) fn Toasts() -> Html {
    let drawn = use_force_update();
    use_effect_with((), move |()| {
        REDRAW.with(|redraw| {
            *redraw.borrow_mut() = Some(Callback::from(move |()| drawn.force_update()));
        });
    });
    let toasts = SHOWN.with(|shown| shown.borrow().1.clone());
    html! {
        <div class="toasts" role="status" aria-live="polite">
            { for toasts.into_iter().map(|toast| {
                let number = toast.number;
                let close = Callback::from(move |_: MouseEvent| drop_toast(number));
                let (class, action) = match &toast.kind {
                    Kind::Done { undo: true } => ("toast", html! {
                        <button class="link" onclick={move |_| { drop_toast(number); take_back(false); }}>
                            { say("undo") }
                        </button>
                    }),
                    Kind::Own(undo) => {
                        let undo = undo.clone();
                        ("toast", html! {
                            <button class="link" onclick={move |_| { drop_toast(number); undo.emit(()); }}>
                                { say("undo") }
                            </button>
                        })
                    }
                    Kind::Done { undo: false } => ("toast", html! {}),
                    Kind::Failed => ("toast failed", html! {}),
                    Kind::Working(job) => {
                        let percent = job.done * 100 / job.total.max(1);
                        let id = job.id;
                        ("toast working", html! {<>
                            <progress max="100" value={percent.to_string()} />
                            <button class="link" onclick={move |_| wasm_bindgen_futures::spawn_local(async move {
                                if let Err(why) = backend::call(CancelJob { job: id }).await { failure(&why); }
                            })}>{ say("cancel") }</button>
                        </>})
                    }
                };
                html! {
                    <div {class} key={number}>
                        <span>{ toast.text }</span>
                        { action }
                        <button class="close" aria-label={say("close")} onclick={close}>{ "×" }</button>
                    </div>
                }
            }) }
        </div>
    }
}
