//! Content of documents goes and comes after the records, and never holds them up.

use std::collections::BTreeSet;

use store::Store;
use sync::{BLOB_PART, Refused, SyncError, http::Http};

/// So many documents at a time; the next round goes on.
const AT_ONCE: usize = 20;
/// Among so many they are chosen.
const KNOWN: usize = 1_000;
/// So many failures in a row, and the rest is left for another round.
const FAILURES: usize = 3;

fn broken(error: store::StoreError) -> SyncError {
    SyncError::Replica(error.to_string())
}

/// Whether the hub said no to this document alone: others, and everything else, may go on.
fn is_about_it(error: &SyncError) -> bool {
    let SyncError::Refused(refused) = error else { return false };
    let is_about_the_laptop =
        ["device-", "token-", "epoch-"].iter().any(|begin| refused.code.starts_with(begin));
    !is_about_the_laptop && refused.code != "too-many"
}

/// Whether the hub has no document with it that this user sees or made.
fn is_nobodys(error: &SyncError) -> bool {
    matches!(error, SyncError::Refused(refused) if refused.code == "blob-missing")
}

/// Documents on their way. What does not get through waits until all others had their turn.
#[derive(Default)]
pub(super) struct Documents {
    sent: Turns,
    fetched: Turns,
}

impl Documents {
    /// Sends content that the hub lacks and fetches what is missing here; whether something came.
    pub(super) fn carry(&mut self, store: &Store, hub: &mut Http) -> Result<bool, SyncError> {
        let to_send = store.blobs_to_send(KNOWN).map_err(broken)?;
        let sent = self.sent.take(to_send, |sha256| {
            send(store, hub, sha256).or_else(|error| match is_nobodys(&error) {
                true => store.content_refused(sha256).map_err(broken),
                false => Err(error),
            })
        });
        // What cannot go up may still come down.
        let to_fetch = store.blobs_to_fetch(KNOWN).map_err(broken)?;
        let fetched = self.fetched.take(to_fetch, |sha256| fetch(store, hub, sha256))?;
        sent.map(|_| fetched > 0)
    }
}

/// Those that had their turn and are still to be carried.
#[derive(Default)]
struct Turns(BTreeSet<String>);

impl Turns {
    /// Carries the next ones; how many got through.
    fn take(
        &mut self,
        waiting: Vec<String>,
        mut carry: impl FnMut(&str) -> Result<(), SyncError>,
    ) -> Result<usize, SyncError> {
        self.0.retain(|had| waiting.contains(had));
        let (again, first): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|sha256| self.0.contains(sha256));
        if first.len() <= AT_ONCE {
            self.0.clear();
        }
        let (mut done, mut failures) = (0, 0);
        for sha256 in first.into_iter().chain(again).take(AT_ONCE) {
            let carried = carry(&sha256);
            self.0.insert(sha256);
            match carried {
                Ok(()) => (done, failures) = (done + 1, 0),
                Err(error) if is_about_it(&error) => {}
                // One that is damaged, or too large for something on the way, holds up no others.
                Err(SyncError::Unreachable(_) | SyncError::Replica(_))
                    if failures + 1 < FAILURES =>
                {
                    failures += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

/// Brings the content of a document that a revoked laptop could not send. What is not here, or the
/// hub does not take, holds up nothing.
pub(super) fn hand_over(store: &Store, hub: &mut Http, sha256: &str) -> Result<(), SyncError> {
    if store.blob(sha256).is_err() {
        return Ok(());
    }
    match send(store, hub, sha256) {
        Err(error) if is_about_it(&error) => Ok(()),
        done => done,
    }
}

fn send(store: &Store, hub: &mut Http, sha256: &str) -> Result<(), SyncError> {
    let content = store.blob(sha256).map_err(broken)?;
    // An empty part asks how much is there.
    let mut from = hub.put_blob(sha256, content.len(), 0, &[])?;
    while from < content.len() {
        let part = &content[from..content.len().min(from + BLOB_PART)];
        let received = hub.put_blob(sha256, content.len(), from, part)?;
        if received <= from {
            let sentence = "The hub does not take a document.".into();
            return Err(SyncError::Refused(Refused { code: "blob-stuck".into(), sentence }));
        }
        from = received;
    }
    store.blob_sent(sha256).map_err(broken)
}

fn fetch(store: &Store, hub: &mut Http, sha256: &str) -> Result<(), SyncError> {
    let mut content = Vec::new();
    loop {
        let part = hub.blob(sha256, content.len())?;
        if part.is_empty() {
            break;
        }
        let is_last = part.len() < BLOB_PART;
        content.extend(part);
        if is_last {
            break;
        }
    }
    store.blob_came(sha256, &content).map_err(broken)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refused(code: &str) -> SyncError {
        SyncError::Refused(Refused { code: code.into(), sentence: String::new() })
    }

    fn names(from: usize, to: usize) -> Vec<String> {
        (from..to).map(|number| format!("{number:03}")).collect()
    }

    #[test]
    fn documents_that_are_refused_hold_up_no_others() {
        let mut turns = Turns::default();
        // Thirty that the hub never takes, and ten that it does, behind them.
        let mut waiting = names(0, 40);
        for _ in 0..2 {
            let mut through = Vec::new();
            let taken = turns.take(waiting.clone(), |one| match one < "030" {
                true => Err(refused("blob-wrong")),
                false => {
                    through.push(one.to_owned());
                    Ok(())
                }
            });
            assert!(taken.is_ok());
            waiting.retain(|one| !through.contains(one));
        }
        assert_eq!(waiting, names(0, 30));
    }

    #[test]
    fn one_that_does_not_get_through_is_passed_and_a_dead_network_is_left_alone() {
        let away = || SyncError::Unreachable(String::new());
        let mut through = 0;
        let done = Turns::default().take(names(0, 5), |one| match one {
            "001" => Err(away()),
            _ => {
                through += 1;
                Ok(())
            }
        });
        assert_eq!((done, through), (Ok(4), 4));
        let mut asked = 0;
        let done = Turns::default().take(names(0, 20), |_| {
            asked += 1;
            Err(away())
        });
        assert_eq!((done, asked), (Err(away()), FAILURES));
    }

    #[test]
    fn what_is_said_about_the_laptop_ends_it() {
        for code in ["device-revoked", "token-invalid"] {
            assert_eq!(
                Turns::default().take(names(0, 2), |_| Err(refused(code))),
                Err(refused(code))
            );
        }
    }
}
