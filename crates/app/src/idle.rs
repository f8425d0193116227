//! What is done while nobody works.

use std::{
    sync::{
        Arc, Weak,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::Duration,
};

use crate::Open;

/// After so long without a write nobody is working.
const QUIET: Duration = Duration::from_secs(2);

/// A thread that tends the store while nobody works, for as long as the workspace is open.
pub(crate) struct Idle(Sender<()>);

impl Idle {
    /// For an open workspace.
    pub(crate) fn of(open: &Arc<Open>) -> Self {
        let (written, heard) = channel();
        let open = Arc::downgrade(open);
        std::thread::spawn(move || tend(&open, &heard));
        Self(written)
    }

    /// Something was written.
    pub(crate) fn written(&self) {
        // Without the thread the store tends itself in the middle of work.
        let _ = self.0.send(());
    }
}

fn tend(open: &Weak<Open>, heard: &Receiver<()>) {
    while heard.recv().is_ok() {
        loop {
            match heard.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let Some(open) = open.upgrade() else { return };
                    let interrupted = std::cell::Cell::new(false);
                    let go_on = || {
                        interrupted.set(interrupted.get() || heard.try_recv().is_ok());
                        !interrupted.get()
                    };
                    // What could not be written stays on the list, which is searched as well.
                    let _ = open.store.tend(go_on);
                    if !interrupted.get() {
                        break;
                    }
                }
            }
        }
    }
}
