//! Pages that come while those before them are written down.

use std::{
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use crate::Page;

/// So many wait to be taken; the hub is asked for no more until then.
const MOST: usize = 4;

/// Reads on from a page until none is left, in a thread of its own. It ends by itself when nobody
/// takes its pages, and at the first that does not come: whoever wants that one asks for it.
pub(crate) struct Ahead {
    /// Behind which the next one is.
    cursor: String,
    pages: Receiver<Page>,
}

impl Ahead {
    /// Begins behind this cursor; `read` brings the page behind a cursor.
    pub(crate) fn begin(
        cursor: &str,
        read: impl Fn(&str) -> Option<Page> + Send + 'static,
    ) -> Option<Self> {
        let (give, pages) = sync_channel(MOST);
        let mut at = cursor.to_owned();
        let go = move || {
            while let Some(page) = read(&at) {
                at.clone_from(&page.cursor);
                if !page.more {
                    let _ = give.send(page);
                    return;
                }
                if give.send(page).is_err() {
                    return;
                }
            }
        };
        // Without a thread it is read when it is asked for.
        thread::Builder::new().name("kontor-ahead".into()).spawn(go).ok()?;
        Some(Self { cursor: cursor.into(), pages })
    }

    /// Whether its next page is the one behind this cursor.
    pub(crate) fn is_at(&self, cursor: &str) -> bool {
        self.cursor == cursor
    }

    /// The next page, once it is here; none when it did not come.
    pub(crate) fn next(&mut self) -> Option<Page> {
        let page = self.pages.recv().ok()?;
        self.cursor.clone_from(&page.cursor);
        Some(page)
    }
}

#[cfg(test)]
mod tests {
    use domain::Id;

    use super::*;

    fn page(number: u32, more: bool) -> Page {
        Page {
            epoch: Id::NIL,
            entries: Vec::new(),
            cursor: number.to_string(),
            more,
            grants_changed: true,
        }
    }

    #[test]
    fn they_come_in_their_order_and_end_with_the_last() {
        let read = |cursor: &str| {
            let number: u32 = cursor.parse().ok()?;
            Some(page(number + 1, number < 9))
        };
        let mut ahead = Ahead::begin("0", read).unwrap();
        for number in 1..=10 {
            assert!(ahead.is_at(&(number - 1).to_string()));
            assert_eq!(ahead.next(), Some(page(number, number < 10)));
        }
        assert_eq!(ahead.next(), None);
    }

    #[test]
    fn at_one_that_does_not_come_it_is_over_and_its_place_is_kept() {
        let read = |cursor: &str| (cursor == "0").then(|| page(1, true));
        let mut ahead = Ahead::begin("0", read).unwrap();
        assert_eq!(ahead.next(), Some(page(1, true)));
        assert_eq!(ahead.next(), None);
        assert!(ahead.is_at("1"));
    }
}
