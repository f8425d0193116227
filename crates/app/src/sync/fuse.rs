//! A hub that takes away much though its user may see what they saw is stopped, and its user asked:
//! somebody may have made a mistake there.

use sync::{Device, Entry, Page, SyncError};

use super::replica::{Local, broken};

/// More records than these are much, wherever they go.
pub(super) const MUCH: usize = 500;
/// So is more than a fifth of all, from so many on: of few records a fifth is an everyday move.
const LEAST_FIFTH: usize = 100;

/// This device's setting that counts what went since all was read last.
const GONE: &str = "sync.gone";

/// Whether it is much that so many records went of what was there.
fn is_much(gone: usize, were_there: usize) -> bool {
    let fifth = were_there / 5;
    gone > MUCH || (fifth >= LEAST_FIFTH && gone > fifth)
}

fn gone(text: Option<String>) -> usize {
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Takes away what left the scope by a page. It is counted with what went by those before it, since
/// all was read last: a page is small, and may be the last one that comes through for now.
pub(super) fn take_away(
    tx: &mut store::Tx<'_>,
    page: &Page,
    is_allowed: bool,
) -> Result<(), SyncError> {
    let mut removed = 0;
    for entry in &page.entries {
        if let Entry::LeftScope { entity, id } = entry {
            removed += tx.leave(entity, *id).map_err(broken)?;
        }
    }
    let before = gone(tx.local(GONE).map_err(broken)?);
    let counts = removed > 0 && !page.grants_changed;
    let now = if counts { before + removed } else { before };
    if counts && !is_allowed && now > LEAST_FIFTH {
        // Beyond these a fifth is more than is much anyway.
        let are_there = tx.count_records(MUCH * 5).map_err(broken)?;
        if is_much(now, are_there + now) {
            return Err(SyncError::Fuse(now));
        }
    }
    let now = if page.more { now } else { 0 };
    match now == before {
        true => Ok(()),
        false => tx.set_local(GONE, &now.to_string()).map_err(broken),
    }
}

impl Local<'_> {
    /// A round came to its end: what goes from now on is counted anew, and has to be allowed anew.
    pub(super) fn all_is_read(&self) -> Result<(), SyncError> {
        let device = self.stored_device()?;
        let before = gone(self.store.local(GONE).map_err(broken)?);
        if before == 0 && !device.may_remove_much {
            return Ok(());
        }
        let device = Device { may_remove_much: false, ..device };
        self.write(&device, |tx| tx.set_local(GONE, "0").map_err(broken))
    }
}

#[cfg(test)]
mod tests;
