//! Many rows of a list at once: which are selected, and what is done with them.

use std::{collections::HashSet, rc::Rc};

use commands::{
    PickRecords,
    view::{Listed, Order, Window},
};
use domain::Id;
use yew::prelude::*;

use crate::{
    backend,
    say::{say, say_with},
    toast,
};

/// More rows than any list has; numbers beyond 2⁵³ do not survive the web view.
const EVERYTHING: u64 = 1 << 40;

/// The selected rows, and the row that a range begins at.
#[derive(Clone, Default, PartialEq)]
struct Selected {
    ids: Rc<HashSet<Id>>,
    anchor: u64,
}

/// The selection of a list.
#[derive(Clone, PartialEq)]
pub(crate) struct Selection {
    selected: UseStateHandle<Selected>,
    listed: Listed,
    order: Order,
}

/// A list's selection; another filter begins a new one, another sort keeps it.
#[hook]
pub(crate) fn use_selection(listed: Listed, order: Order) -> Selection {
    // Compared, so that beginning with nothing draws no list twice.
    let selected = use_state_eq(Selected::default);
    {
        let selected = selected.setter();
        use_effect_with(listed.unsorted(), move |_| selected.set(Selected::default()));
    }
    Selection { selected, listed, order }
}

impl Selection {
    /// How many rows are selected.
    pub(crate) fn count(&self) -> usize {
        self.selected.ids.len()
    }

    /// Whether a row is.
    pub(crate) fn has(&self, id: Id) -> bool {
        self.selected.ids.contains(&id)
    }

    /// The selected rows.
    pub(crate) fn ids(&self) -> Vec<Id> {
        self.selected.ids.iter().copied().collect()
    }

    /// Selects a row, or no longer.
    pub(crate) fn toggle(&self, at: u64, id: Id) {
        let mut ids = (*self.selected.ids).clone();
        if !ids.remove(&id) {
            ids.insert(id);
        }
        self.selected.set(Selected { ids: Rc::new(ids), anchor: at });
    }

    /// Selects what lies between the row that was clicked last and this one, loaded or not.
    pub(crate) fn extend(&self, to: u64) {
        let anchor = self.selected.anchor;
        let (from, last) = (anchor.min(to), anchor.max(to));
        self.pick(Window { offset: from, limit: last - from + 1 }, (*self.selected.ids).clone());
    }

    /// Selects everything that the filter lets through, loaded or not.
    pub(crate) fn all(&self) {
        self.pick(Window { offset: 0, limit: EVERYTHING }, HashSet::new());
    }

    /// Selects nothing.
    pub(crate) fn none(&self) {
        self.selected.set(Selected::default());
    }

    fn pick(&self, window: Window, mut ids: HashSet<Id>) {
        let (selected, listed, order) = (self.selected.clone(), self.listed.clone(), self.order);
        wasm_bindgen_futures::spawn_local(async move {
            match backend::call(PickRecords { listed, order, window }).await {
                Ok(found) => {
                    ids.extend(found);
                    selected.set(Selected { ids: Rc::new(ids), anchor: selected.anchor });
                }
                Err(failure) => toast::failure(&failure),
            }
        });
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct BulkBarProps {
    pub(crate) selection: Selection,
    /// All rows that the filter lets through.
    pub(crate) total: u64,
    /// What can be done with them, beside deleting.
    #[prop_or_default]
    pub(crate) children: Html,
    /// Deletes them.
    pub(crate) delete: Callback<Vec<Id>>,
}

/// What can be done with the selected rows; nothing while there are none.
#[component]
pub(crate) fn BulkBar(props: &BulkBarProps) -> Html {
    let selection = &props.selection;
    let count = selection.count();
    if count == 0 {
        return html! {};
    }
    let all = {
        let selection = selection.clone();
        move |_| selection.all()
    };
    let none = {
        let selection = selection.clone();
        move |_| selection.none()
    };
    let delete = {
        let (selection, delete) = (selection.clone(), props.delete.clone());
        move |_| delete.emit(selection.ids())
    };
    html! {
        <div class="bulk" role="toolbar" aria-label={say("selection")}>
            <b role="status">{ say_with("selected-count", &[("count", &count.to_string())]) }</b>
            if (count as u64) < props.total {
                <button class="link" onclick={all}>{ say_with("select-all", &[("total", &props.total.to_string())]) }</button>
            }
            <button class="link" onclick={none}>{ say("select-none") }</button>
            <span class="bulk-actions">
                { props.children.clone() }
                <button id="bulk-delete" onclick={delete}>{ say("delete") }</button>
            </span>
        </div>
    }
}
