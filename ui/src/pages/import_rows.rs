//! The rows of a file as they would be read: each column's field to choose, faulty cells to mend.

use std::rc::Rc;

use commands::{DuplicatePolicy, ImportReport, ImportRow, RowOutcome};
use domain::exchange::{TableKind, fields};
use yew::prelude::*;

use crate::{
    form::value_of,
    say::{self, language, say, say_with},
    widget::chip,
};

/// What the user changes about an import.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// What the file holds.
    Kind(Option<TableKind>),
    /// Its encoding.
    Encoding(Option<String>),
    /// What separates its cells.
    Separator(Option<char>),
    /// What becomes of duplicates.
    Duplicates(DuplicatePolicy),
    /// The field of a column; empty to leave it out.
    Column(usize, String),
    /// The text of a cell, by line and column.
    Cell(u64, usize, String),
}

#[derive(Properties, PartialEq)]
pub(crate) struct RowsProps {
    pub(crate) report: Rc<ImportReport>,
    pub(crate) change: Callback<Change>,
    /// While it is read anew nothing can be changed.
    pub(crate) busy: bool,
}

/// Which rows are shown.
#[derive(Clone, Copy, PartialEq)]
enum Only {
    All,
    Failed,
    Duplicates,
}

#[component]
pub(crate) fn Rows(props: &RowsProps) -> Html {
    let only = use_state(|| Only::All);
    let report = &props.report;
    let filter = |wanted: Only, name: &str| {
        let (now, on) = (only.clone(), *only == wanted);
        html! {
            <button class={classes!("filter", on.then_some("on"))} aria-pressed={on.to_string()} onclick={move |_| now.set(wanted)}>{ say(name) }</button>
        }
    };
    let fits = |row: &&ImportRow| match *only {
        Only::All => true,
        Only::Failed => row.outcome == RowOutcome::Failed,
        Only::Duplicates => row.outcome == RowOutcome::Duplicate,
    };
    html! {
        <>
        <div class="filters">
            { filter(Only::All, "all") }
            { filter(Only::Failed, "import-only-failed") }
            { filter(Only::Duplicates, "import-only-duplicates") }
            <span class="quiet">{ say_with("import-rows", &[("count", &report.counts.rows.to_string())]) }</span>
        </div>
        <div class="import-table" tabindex="0" role="region" aria-label={say("import-preview")}>
            <table>
                <thead><tr>
                    <th scope="col">{ say("import-line") }</th>
                    <th scope="col">{ say("import-outcome") }</th>
                    { for (0..report.columns.len()).map(|at| heading(props, at)) }
                </tr></thead>
                <tbody>{ for report.rows.iter().filter(fits).map(|row| line(props, row)) }</tbody>
            </table>
        </div>
        </>
    }
}

/// A column's heading and the field that it is read as.
fn heading(props: &RowsProps, at: usize) -> Html {
    let column = &props.report.columns[at];
    let chosen = column.field.as_deref().unwrap_or_default();
    let onchange = props.change.reform(move |event: Event| Change::Column(at, value_of(&event)));
    // A card's fields are what they are.
    let is_card = props.report.format == "vcard";
    let title =
        domain::exchange::field(props.report.kind, chosen).map(|field| field.title(language()));
    html! {
        <th scope="col" class={classes!(chosen.is_empty().then_some("out"))}>
            if is_card {
                { title.unwrap_or(chosen) }
            } else {
                <div>{ &column.header }</div>
                <select {onchange} disabled={props.busy} aria-label={say_with("import-field-of", &[("column", &column.header)])}>
                    <option value="" selected={chosen.is_empty()}>{ say("import-leave-out") }</option>
                    { for fields(props.report.kind).iter().map(|field| html! {
                        <option value={field.name} selected={field.name == chosen}>{ field.title(language()) }</option>
                    }) }
                </select>
            }
        </th>
    }
}

fn line(props: &RowsProps, row: &ImportRow) -> Html {
    let (kind, name) = match row.outcome {
        RowOutcome::Created => ("good", "row-created"),
        RowOutcome::Updated => ("petrol", "row-updated"),
        RowOutcome::Unchanged => ("", "row-unchanged"),
        RowOutcome::Duplicate => ("warm", "row-duplicate"),
        RowOutcome::Failed => ("bad", "row-failed"),
    };
    let known = props.report.missing.is_empty();
    // What speaks against the row and is at none of its columns stands beside the outcome.
    let column_of = |field: &str| {
        props.report.columns.iter().position(|column| column.field.as_deref() == Some(field))
    };
    let others = row
        .refusals
        .iter()
        .filter(|refusal| refusal.field.as_deref().and_then(column_of).is_none());
    let same = row.duplicate.as_ref().map(|duplicate| match duplicate.line {
        Some(line) => say_with("import-same-line", &[("line", &line.to_string())]),
        None => say_with("import-same-record", &[("record", &duplicate.name)]),
    });
    html! {
        <tr key={row.line}>
            <td class="quiet">{ row.line }</td>
            <td>
                if known { { chip(kind, say(name)) } }
                { for others.map(|refusal| html! { <em>{ say::refusal(refusal) }</em> }) }
                if let Some(same) = same { <span class="quiet">{ same }</span> }
            </td>
            { for (0..props.report.columns.len()).map(|at| cell(props, row, at)) }
        </tr>
    }
}

fn cell(props: &RowsProps, row: &ImportRow, at: usize) -> Html {
    let text = row.cells.get(at).cloned().unwrap_or_default();
    let field = props.report.columns[at].field.as_deref();
    let Some(field) = field else { return html! { <td class="out">{ text }</td> } };
    let wrong = row.refusals.iter().find(|refusal| refusal.field.as_deref() == Some(field));
    let Some(wrong) = wrong else { return html! { <td>{ text }</td> } };
    let line = row.line;
    let why = say::refusal(wrong);
    let onchange =
        props.change.reform(move |event: Event| Change::Cell(line, at, value_of(&event)));
    html! {
        <td class="wrong">
            <input value={text} aria-invalid="true" aria-label={say_with("import-mend", &[("why", &why)])} disabled={props.busy} {onchange} />
            <em>{ why }</em>
        </td>
    }
}
