//! Hearing from the hub that there is something to read.

use std::{
    io::{BufRead, BufReader},
    time::Duration,
};

use super::{Http, unreachable_hub};
use crate::SyncError;

impl Http {
    /// Hears from the hub that there is something to read, until `heard` says that it is enough or
    /// the hub ends the stream. The hub says something every 20 seconds, if only that it is still
    /// there: where nothing comes for as long as `silence`, nobody is there any more.
    ///
    /// # Errors
    /// That the hub cannot be reached, or fell silent.
    pub fn listen(
        &mut self,
        silence: Duration,
        mut heard: impl FnMut() -> bool,
    ) -> Result<(), SyncError> {
        let url = format!("{}/api/v1/sync/events", self.address);
        let Some(tokens) = &self.tokens else { return Ok(()) };
        // The whole of it has no end. With a token that ran out it is refused; the next round renews
        // it, and nobody else does.
        let request = self.agent.get(&url).config();
        let request = request.timeout_global(None).timeout_per_read(Some(silence)).build();
        let token = format!("Bearer {}", tokens.access);
        let answer = request.header("authorization", &token).call();
        let answer = answer.map_err(|error| unreachable_hub(&error))?;
        if !answer.status().is_success() {
            return Ok(());
        }
        for line in BufReader::new(answer.into_body().into_reader()).lines() {
            let line = line.map_err(|error| SyncError::Unreachable(error.to_string()))?;
            if line.starts_with("event:") && !heard() {
                return Ok(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread::{JoinHandle, spawn},
    };

    use domain::Id;

    use super::*;
    use crate::Tokens;

    const STREAM: &str =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    const CHANGED: &str = "10\r\nevent: changed\n\n\r\n";

    /// One who lets anybody in, says so much, and nothing more. Its thread ends with whether the
    /// other side left first.
    fn falls_silent(says: String) -> (String, JoinHandle<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let silent = spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // So that this ends whatever becomes of it.
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(says.as_bytes()).unwrap();
            let mut call = Vec::new();
            stream.read_to_end(&mut call).is_ok() && call.starts_with(b"GET /api/v1/sync/events")
        });
        (address, silent)
    }

    fn listens(to: &str) -> (Result<(), SyncError>, usize) {
        let tokens = Tokens { access: "a".into(), refresh: "b".into() };
        let mut http = Http::new(to, Id::now(), Some(tokens)).unwrap();
        let mut times = 0;
        let ended = http.listen(Duration::from_millis(200), || {
            times += 1;
            true
        });
        (ended, times)
    }

    #[test]
    fn a_hub_that_falls_silent_is_given_up() {
        for (says, events) in [
            // It never answers, it never finishes its head, it says nothing, it says something once.
            (String::new(), 0),
            ("HTTP/1.1 200 OK\r\n".to_owned(), 0),
            (STREAM.to_owned(), 0),
            (format!("{STREAM}{CHANGED}"), 1),
        ] {
            let (address, silent) = falls_silent(says.clone());
            let (ended, times) = listens(&address);
            assert!(matches!(ended, Err(SyncError::Unreachable(_))), "{says:?}: {ended:?}");
            assert!(silent.join().unwrap(), "{says:?}: it listened for as long as it was let");
            assert_eq!(times, events, "{says:?}");
        }
    }
}
