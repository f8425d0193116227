//! Which rows of a long list are asked for, and which is current: numbers only, no screen.

use commands::view::Window;

/// A row's height in pixels; the style sheet has the same.
pub(crate) const ROW: u32 = 44;
/// The height of the line with the columns' names, which stays at the top.
pub(crate) const HEAD: u32 = 34;
/// Rows asked for at once.
pub(crate) const PAGE: u64 = Window::FIRST.limit;
/// Rows that Page Up and Page Down go.
const LEAP: u64 = 12;
/// Rows that are drawn to scale at most: taller pages break the web view.
const TALLEST: u64 = 700_000;

/// The rows that are there, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// The first of them.
    pub(crate) offset: u64,
    /// How many.
    pub(crate) count: u64,
    /// All rows of the list.
    pub(crate) total: u64,
}

impl Loaded {
    /// What to ask for when the list is scrolled to `top` and `height` pixels of it are in sight;
    /// nothing while all of that is there. What is in sight comes to lie in the middle.
    pub(crate) fn wanted(self, top: u32, height: u32) -> Option<Window> {
        let first = (u64::from(top) / u64::from(ROW)).min(self.total);
        let seen = u64::from(height) / u64::from(ROW) + 2;
        let end = (first + seen).min(self.total);
        if first >= self.offset && end <= self.offset + self.count {
            return None;
        }
        let offset = first.saturating_sub((PAGE - seen.min(PAGE)) / 2);
        Some(Window { offset, limit: PAGE.max(seen) })
    }

    /// How tall all rows are.
    pub(crate) fn height(self) -> u64 {
        self.total.min(TALLEST) * u64::from(ROW)
    }
}

/// The row that a key goes to from this one, or nothing when the key goes nowhere.
pub(crate) fn go(key: &str, current: u64, total: u64) -> Option<u64> {
    let last = total.saturating_sub(1);
    Some(match key {
        "ArrowDown" => (current + 1).min(last),
        "ArrowUp" => current.saturating_sub(1),
        "PageDown" => (current + LEAP).min(last),
        "PageUp" => current.saturating_sub(LEAP),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

/// How far the list is scrolled so that a row is wholly in sight; as it was where it is already.
pub(crate) fn scrolled_to(row: u64, top: u32, height: u32) -> u32 {
    let at = u32::try_from(row * u64::from(ROW)).unwrap_or(u32::MAX - ROW);
    let room = height.saturating_sub(HEAD);
    if at < top {
        at
    } else if at + ROW > top + room {
        (at + ROW).saturating_sub(room)
    } else {
        top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Loaded = Loaded { offset: 0, count: 60, total: 1_000 };

    #[test]
    fn nothing_is_asked_for_that_is_there() {
        assert_eq!(LIST.wanted(0, 600), None);
        // 15 rows are in sight, the last of them number 59.
        assert_eq!(LIST.wanted(44 * 45, 600), None);
        let short = Loaded { offset: 0, count: 3, total: 3 };
        assert_eq!(short.wanted(0, 600), None, "a list shorter than the window");
        let end = Loaded { offset: 960, count: 40, total: 1_000 };
        assert_eq!(end.wanted(44 * 986, 600), None, "the end of a list");
        let none = Loaded { offset: 0, count: 0, total: 0 };
        assert_eq!(none.wanted(0, 600), None);
    }

    #[test]
    fn what_is_in_sight_comes_to_lie_in_the_middle_of_what_is_asked_for() {
        for top in [44 * 46, 44 * 47 + 13, 44 * 500, 44 * 980] {
            let window = LIST.wanted(top, 600).unwrap();
            let first = u64::from(top) / 44;
            assert!(window.offset <= first, "{window:?}");
            assert!(first + 15 <= window.offset + window.limit, "{window:?}");
            let loaded = Loaded {
                offset: window.offset,
                count: window.limit.min(1_000 - window.offset),
                total: 1_000,
            };
            assert_eq!(loaded.wanted(top, 600), None, "asked once, it is there");
            assert_eq!(loaded.wanted(top - 44 * 10, 600), None, "some rows back as well");
        }
    }

    #[test]
    fn a_window_taller_than_a_page_gets_all_its_rows() {
        let tall = LIST.wanted(44 * 100, 44 * 80).unwrap();
        assert!(tall.offset <= 100 && tall.offset + tall.limit >= 182, "{tall:?}");
    }

    #[test]
    fn keys_stay_in_the_list() {
        assert_eq!(go("ArrowDown", 0, 3), Some(1));
        assert_eq!(go("ArrowDown", 2, 3), Some(2));
        assert_eq!(go("ArrowUp", 0, 3), Some(0));
        assert_eq!(go("PageDown", 5, 10), Some(9));
        assert_eq!(go("PageUp", 5, 10), Some(0));
        assert_eq!(go("End", 0, 100_000), Some(99_999));
        assert_eq!(go("Home", 99_999, 100_000), Some(0));
        assert_eq!(go("End", 0, 0), Some(0));
        assert_eq!(go("x", 5, 10), None);
    }

    #[test]
    fn the_current_row_is_wholly_in_sight() {
        assert_eq!(scrolled_to(3, 0, 634), 0, "it is already");
        assert_eq!(scrolled_to(3, 200, 634), 132, "above");
        // 600 pixels are left below the columns' names.
        assert_eq!(scrolled_to(13, 0, 634), 16, "below");
        assert_eq!(scrolled_to(20, 0, 634), 21 * 44 - 600);
    }

    #[test]
    fn a_list_is_only_so_tall() {
        assert_eq!(Loaded { total: 10, ..LIST }.height(), 440);
        assert!(Loaded { total: 5_000_000, ..LIST }.height() < 1 << 25);
    }
}
