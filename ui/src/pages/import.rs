//! Importing a file: choose it, see how it is read, mend it, take it in.

use std::rc::Rc;

use commands::{
    ColumnChoice, DuplicatePolicy, GetImport, ImportOrder, ImportReport, Job, JobState, MendedCell,
    PlanImport, StartImport,
};
use domain::{Id, exchange::TableKind};
use yew::prelude::*;

use super::import_rows::{Change, Rows};
use crate::{
    backend,
    form::Choice,
    route::Page,
    say::{say, say_with},
    session::World,
    toast,
    widget::{Go, Head, empty},
};

#[derive(Properties, PartialEq)]
pub(crate) struct ImportProps {
    pub(crate) go: Go,
}

/// The encodings to choose from when the wrong one was found out.
const ENCODINGS: [&str; 4] = ["utf-8", "windows-1252", "utf-16le", "macintosh"];

async fn choose() -> Option<String> {
    let endings = ["csv", "txt", "tsv", "vcf", "vcard"];
    let kind = serde_json::json!({ "name": say("import-files"), "endings": endings });
    match backend::shell("choose_file", serde_json::json!({ "kind": kind })).await {
        Ok(path) => path,
        Err(failure) => {
            toast::failure(&failure);
            None
        }
    }
}

/// What happens when this order is given; asked again when it changes.
#[hook]
fn use_plan(order: Option<ImportOrder>) -> (bool, Option<Rc<ImportReport>>) {
    let plan = use_state(|| (false, None::<Rc<ImportReport>>));
    {
        let (setter, before) = (plan.setter(), plan.1.clone());
        use_effect_with(order, move |order| {
            let current = Rc::new(std::cell::Cell::new(true));
            if let Some(order) = order.clone() {
                let asked = current.clone();
                setter.set((true, before.clone()));
                wasm_bindgen_futures::spawn_local(async move {
                    let answer = backend::call(PlanImport { order }).await;
                    if !asked.get() {
                        return;
                    }
                    match answer {
                        Ok(report) => setter.set((false, Some(Rc::new(report)))),
                        Err(failure) => {
                            setter.set((false, before));
                            toast::failure(&failure);
                        }
                    }
                });
            } else {
                setter.set((false, None));
            }
            move || current.set(false)
        });
    }
    (*plan).clone()
}

/// What the import of this job did, once it is done.
#[hook]
fn use_done(job: Option<Id>, last: Option<Rc<Job>>) -> Option<ImportReport> {
    let done = use_state(|| None::<ImportReport>);
    let ended = last.filter(|last| Some(last.id) == job && last.state == JobState::Done);
    {
        let done = done.setter();
        use_effect_with((job, ended.is_some()), move |(job, ended)| match (*job, *ended) {
            (Some(job), true) => wasm_bindgen_futures::spawn_local(async move {
                // Without the figures the toast has said that it is done.
                done.set(backend::call(GetImport { job }).await.ok().flatten());
            }),
            _ => done.set(None),
        });
    }
    (*done).clone()
}

#[component]
pub(crate) fn Import(props: &ImportProps) -> Html {
    let order = use_state(|| None::<ImportOrder>);
    let job = use_state(|| None::<Id>);
    let world = use_context::<World>();
    let last = world.as_ref().and_then(|world| world.job.clone());
    let (reading, plan) = use_plan((*order).clone());
    let done = use_done(*job, last.clone());
    let running = last.filter(|last| Some(last.id) == *job && last.state == JobState::Running);
    let pick = {
        let (order, job) = (order.setter(), job.setter());
        Callback::from(move |_: MouseEvent| {
            let (order, job) = (order.clone(), job.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if let Some(path) = choose().await {
                    job.set(None);
                    order.set(Some(ImportOrder { path, ..ImportOrder::default() }));
                }
            });
        })
    };
    let change = {
        let order = order.clone();
        Callback::from(move |change: Change| {
            if let Some(now) = &*order {
                order.set(Some(changed(now.clone(), change)));
            }
        })
    };
    let start = {
        let (order, job) = (order.clone(), job.setter());
        Callback::from(move |_: MouseEvent| {
            let Some(order) = (*order).clone() else { return };
            let job = job.clone();
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(StartImport { order }).await {
                    Ok(id) => job.set(Some(id)),
                    Err(failure) => toast::failure(&failure),
                }
            });
        })
    };
    let choose_button = |primary: bool, name: &str| {
        html! { <button id="choose-import" class={classes!(primary.then_some("primary"))} onclick={pick.clone()}>{ say(name) }</button> }
    };
    if let Some(report) = &done {
        return html! {
            <>
            <Head title={say("import-data")} />
            { ended(report, &props.go, choose_button(false, "import-another")) }
            </>
        };
    }
    let Some(report) = plan.filter(|_| order.is_some()) else {
        let said = if reading { say("import-reading") } else { say("import-text") };
        return html! {
            <>
            <Head title={say("import-data")} />
            { empty(say("import-begin"), said, choose_button(true, "import-choose")) }
            </>
        };
    };
    let good = report.counts.created + report.counts.updated;
    let may = world.as_ref().is_none_or(|world| world.may_write(report.kind.as_str()));
    let ready = may && good > 0 && report.missing.is_empty() && !reading && running.is_none();
    let count = good.to_string();
    html! {
        <div class="import">
        <Head title={say("import-data")} beside={html! { <span class="count">{ &report.file }</span> }}>
            { choose_button(false, "import-another") }
            <button class="primary" id="start-import" disabled={!ready} onclick={start}>{ say_with("import-start", &[("count", &count)]) }</button>
        </Head>
        if !may { <p class="hint role">{ say("role-may-not") }</p> }
        <section class="card">
            <div class="fields">{ how(&report, order.as_ref(), &change) }</div>
            { facts(&report, reading) }
        </section>
        <Rows report={report.clone()} change={change.clone()} busy={reading || running.is_some()} />
        </div>
    }
}

/// The order with one thing changed.
fn changed(mut order: ImportOrder, change: Change) -> ImportOrder {
    match change {
        Change::Kind(kind) => {
            order.kind = kind;
            order.columns.clear();
        }
        Change::Encoding(encoding) => order.encoding = encoding,
        Change::Separator(separator) => {
            order.separator = separator;
            order.columns.clear();
            order.mended.clear();
        }
        Change::Duplicates(policy) => order.duplicates = policy,
        Change::Column(at, field) => {
            let column = format!("#{}", at + 1);
            order.columns.retain(|choice| choice.column != column);
            order.columns.push(ColumnChoice { column, field });
        }
        Change::Cell(line, column, text) => {
            order.mended.retain(|cell| (cell.line, cell.column) != (line, column));
            order.mended.push(MendedCell { line, column, text });
        }
    }
    order
}

/// How the file is read, to change.
fn how(report: &ImportReport, order: Option<&ImportOrder>, change: &Callback<Change>) -> Html {
    let is_csv = report.format == "csv";
    let kinds =
        TableKind::ALL.iter().map(|kind| (kind.to_string(), say(&format!("import-kind-{kind}"))));
    let policy = order.map_or(DuplicatePolicy::Skip, |order| order.duplicates);
    let policies = [
        (DuplicatePolicy::Skip, "skip"),
        (DuplicatePolicy::Update, "update"),
        (DuplicatePolicy::Create, "create"),
    ];
    let named = |wanted: DuplicatePolicy| {
        policies.iter().find(|(policy, _)| *policy == wanted).map_or("skip", |(_, name)| *name)
    };
    let separators = [(";", "semicolon"), (",", "comma"), ("\t", "tab"), ("|", "bar")];
    let separators =
        separators.map(|(sign, name)| (sign.to_owned(), say(&format!("separator-{name}"))));
    let mut encodings: Vec<(String, String)> =
        ENCODINGS.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
    let encoding = report.encoding.to_lowercase();
    if !ENCODINGS.contains(&encoding.as_str()) {
        encodings.push((encoding.clone(), encoding.clone()));
    }
    html! {
        <>
        if is_csv {
            <Choice label={say("import-kind")} name="kind" value={report.kind.to_string()} options={kinds.collect::<Vec<_>>()}
                on_choose={change.reform(|text: String| Change::Kind(TableKind::from_text(&text)))} />
        }
        <Choice label={say("import-duplicates")} name="duplicates" value={named(policy)}
            options={policies.map(|(_, name)| (name.to_owned(), say(&format!("duplicates-{name}")))).to_vec()}
            on_choose={change.reform(move |text: String| Change::Duplicates(policies.iter().find(|(_, name)| *name == text).map_or(DuplicatePolicy::Skip, |(policy, _)| *policy)))} />
        if is_csv {
            <Choice label={say("import-separator")} name="separator" value={report.separator.unwrap_or(';').to_string()} options={separators.to_vec()}
                on_choose={change.reform(|text: String| Change::Separator(text.chars().next()))} />
        }
        <Choice label={say("import-encoding")} name="encoding" value={encoding} options={encodings}
            on_choose={change.reform(|text: String| Change::Encoding(Some(text)))} />
        </>
    }
}

/// How many rows become what, and what else should be known.
fn facts(report: &ImportReport, reading: bool) -> Html {
    let counts = &report.counts;
    let fact = |kind: &'static str, name: &str, count: u64| {
        if count == 0 {
            return html! {};
        }
        html! { <span class={classes!("chip", kind)}>{ say_with(name, &[("count", &count.to_string())]) }</span> }
    };
    let missing: Vec<&str> = report
        .missing
        .iter()
        .filter_map(|name| domain::exchange::field(report.kind, name))
        .map(|field| field.title(crate::say::language()))
        .collect();
    html! {
        <>
        <p class="facts" role="status">
            if reading { <span class="chip">{ say("import-reading") }</span> }
            if report.missing.is_empty() {
                { fact("good", "import-created", counts.created) }
                { fact("petrol", "import-updated", counts.updated) }
                { fact("", "import-unchanged", counts.unchanged) }
                { fact("warm", "import-left-out", counts.duplicates) }
                { fact("bad", "import-failed", counts.failed) }
            }
            if counts.rows == 0 { <span class="chip warm">{ say("import-no-rows") }</span> }
            if report.figures.is_none() { <span class="chip warm">{ say("import-figures-mixed") }</span> }
        </p>
        if !missing.is_empty() {
            <p class="hint warm" role="alert">{ say_with("import-missing", &[("fields", &missing.join(", "))]) }</p>
        }
        { for report.hints.iter().take(6).map(|hint| html! {
            <p class="quiet">{ say_with(&format!("import-hint-{}", hint.code), &[("about", &hint.about), ("count", &hint.rows.to_string())]) }</p>
        }) }
        </>
    }
}

/// What an import did, in a sentence.
pub(crate) fn summary(report: &ImportReport) -> String {
    let counts = &report.counts;
    let parts = [
        ("import-created", counts.created),
        ("import-updated", counts.updated),
        ("import-unchanged", counts.unchanged),
        ("import-left-out", counts.duplicates),
        ("import-failed", counts.failed),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| say_with(name, &[("count", &count.to_string())]))
        .collect();
    if parts.is_empty() { say("import-no-rows") } else { parts.join(", ") }
}

/// After the import.
fn ended(report: &ImportReport, go: &Go, another: Html) -> Html {
    let page = match report.kind {
        TableKind::Customer => Page::Customers,
        TableKind::Article => Page::Articles,
        TableKind::Contact => Page::Contacts,
    };
    let look = {
        let go = go.clone();
        move |_| go.emit(page.clone())
    };
    let changed = report.counts.created + report.counts.updated > 0;
    html! {
        <section class="card import-done" id="import-done">
            <h2>{ say_with("import-done", &[("file", &report.file)]) }</h2>
            <p>{ summary(report) }</p>
            if let Some(file) = &report.failed_file {
                <p class="hint warm">{ say_with("import-failed-file", &[("file", file)]) }</p>
            }
            <div class="actions">
                { another }
                if changed { <button onclick={|_| toast::take_back(false)}>{ say("undo") }</button> }
                <button class="primary" onclick={look}>{ say(&format!("import-look-{}", report.kind)) }</button>
            </div>
        </section>
    }
}
