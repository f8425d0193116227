//! `kontor sync status`: how the last sync ended, whichever process did it, and what waits.

use commands::{Failure, GetSync, ListRounds, SyncState, SyncStatus, view::RoundView};
use serde_json::{Value, json};

use super::{Caller, words::when};

/// How sync stands for somebody who did none of it. A process that only asks is not busy: what
/// happened last says it.
fn state(status: &SyncStatus, last: Option<&RoundView>) -> &'static str {
    let failure = last.and_then(|round| round.failure.as_ref());
    match (status.state, failure.map(|failure| failure.code.as_str())) {
        (SyncState::Local, _) => "local",
        (SyncState::SignedOut, _) | (_, Some("signed-out")) => "signed_out",
        (_, Some("device-waiting")) => "waiting",
        (_, Some("hub-unreachable" | "hub-untrusted")) => "offline",
        (_, Some(_)) => "stopped",
        _ => "idle",
    }
}

fn words(status: &SyncStatus, state: &str, last: Option<&RoundView>) -> String {
    let stands = match state {
        "local" => return "This workspace is not connected to a hub.".into(),
        "signed_out" => "signed out; `kontor sync connect` signs in again",
        "waiting" => "waiting until an administrator lets this laptop in",
        "offline" => "the hub could not be reached",
        "stopped" => "stopped",
        _ if status.synced_at.is_none() => "not synced yet",
        _ => "idle",
    };
    let mut lines = vec![format!("{} as {}: {stands}", status.address, status.email)];
    if let Some(at) = status.synced_at {
        lines.push(format!("last synced {}", when(at)));
    }
    if let Some((round, failure)) =
        last.and_then(|round| Some((round, round.failure.as_ref()?))).filter(|_| state != "waiting")
    {
        lines.push(format!("since {}: {failure}", when(round.at)));
    }
    lines.push(format!(
        "{} waiting, {} conflicts, {} not taken",
        status.waiting, status.conflicts, status.rejected
    ));
    if status.held > 0 {
        lines.push(format!("{} of them wait until the hub is updated", status.held));
    }
    if let Some(at) = status.checked_at {
        let mended = status.mended;
        lines.push(format!("compared with the hub {}, {mended} records put right", when(at)));
    }
    lines.join("\n")
}

pub(super) fn print(caller: &Caller) -> Result<(), Failure> {
    caller.open()?;
    let status = caller.app.ask(GetSync {})?;
    let rounds = caller.app.ask(ListRounds {})?;
    let last = rounds.first();
    let state = state(&status, last);
    let mut answer = json!(status);
    if let Value::Object(answer) = &mut answer {
        answer.insert("state".into(), state.into());
        answer.insert("last".into(), json!(last));
    }
    caller.print(&answer, || words(&status, state, last));
    Ok(())
}
