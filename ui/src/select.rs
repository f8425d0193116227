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
#[derive(Clone, Debug, Default, PartialEq)]
struct Selected {
    ids: Rc<HashSet<Id>>,
    anchor: u64,
}

impl Selected {
    /// With a row more, or without it; ranges begin at it from now on.
    fn toggled(&self, at: u64, id: Id) -> Self {
        let mut ids = (*self.ids).clone();
        if !ids.remove(&id) {
            ids.insert(id);
        }
        Self { ids: Rc::new(ids), anchor: at }
    }

    /// The rows between the one that ranges begin at and this one, both of them too.
    fn range(&self, to: u64) -> Window {
        let (from, last) = (self.anchor.min(to), self.anchor.max(to));
        Window { offset: from, limit: last - from + 1 }
    }

    /// With these rows too.
    fn with(&self, found: impl IntoIterator<Item = Id>) -> Self {
        let mut ids = (*self.ids).clone();
        ids.extend(found);
        Self { ids: Rc::new(ids), anchor: self.anchor }
    }
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
        self.selected.set(self.selected.toggled(at, id));
    }

    /// Selects what lies between the row that was clicked last and this one, loaded or not.
    pub(crate) fn extend(&self, to: u64) {
        self.pick(self.selected.range(to), (*self.selected).clone());
    }

    /// Selects everything that the filter lets through, loaded or not.
    pub(crate) fn all(&self) {
        let before = Selected { ids: Rc::default(), ..(*self.selected).clone() };
        self.pick(Window { offset: 0, limit: EVERYTHING }, before);
    }

    /// Selects nothing.
    pub(crate) fn none(&self) {
        self.selected.set(Selected::default());
    }

    fn pick(&self, window: Window, before: Selected) {
        let (selected, listed, order) = (self.selected.setter(), self.listed.clone(), self.order);
        wasm_bindgen_futures::spawn_local(async move {
            match backend::call(PickRecords { listed, order, window }).await {
                Ok(found) => selected.set(before.with(found)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_selects_a_row_and_another_lets_it_go() {
        let (one, other) = (Id::now(), Id::now());
        let selected = Selected::default().toggled(3, one).toggled(7, other);
        assert_eq!(selected.ids.len(), 2);
        let left = selected.toggled(3, one);
        assert_eq!(*left.ids, HashSet::from([other]));
        assert_eq!(left.anchor, 3, "ranges begin at what was clicked last");
    }

    #[test]
    fn a_range_goes_both_ways_and_holds_both_ends() {
        let selected = Selected::default().toggled(10, Id::now());
        assert_eq!(selected.range(13), Window { offset: 10, limit: 4 });
        assert_eq!(selected.range(7), Window { offset: 7, limit: 4 });
        assert_eq!(selected.range(10), Window { offset: 10, limit: 1 });
        // Far away, where no row is loaded.
        assert_eq!(selected.range(99_999), Window { offset: 10, limit: 99_990 });
    }

    #[test]
    fn a_range_adds_to_what_is_selected_and_keeps_its_beginning() {
        let (kept, found) = (Id::now(), [Id::now(), Id::now()]);
        let selected = Selected::default().toggled(5, kept).with(found);
        assert_eq!(*selected.ids, HashSet::from([kept, found[0], found[1]]));
        assert_eq!(selected.anchor, 5);
        // Found twice, selected once.
        assert_eq!(selected.with(found).ids.len(), 3);
    }

    #[test]
    fn everything_survives_the_web_view() {
        const { assert!(EVERYTHING < 1 << 53) }
    }
}
