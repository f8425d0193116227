//! Secrets come from the environment, or are asked for on a terminal; never from an argument.

use std::io::IsTerminal;

use commands::Failure;

/// What a variable holds, or else its user types, unseen; none where there is neither.
pub(super) fn secret(variable: &str, question: &str) -> Option<String> {
    let given = std::env::var(variable).ok().filter(|secret| !secret.is_empty());
    given.or_else(|| ask(question))
}

fn ask(question: &str) -> Option<String> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    rpassword::prompt_password(format!("{question}: ")).ok().filter(|typed| !typed.is_empty())
}

/// The passphrase of a workspace that is made now: one that is typed is typed twice. None where
/// this computer's keyring shall keep the key.
pub(super) fn new_passphrase(keyring: bool) -> Result<Option<String>, Failure> {
    let given = std::env::var("KONTOR_PASSPHRASE").ok().filter(|secret| !secret.is_empty());
    if given.is_some() || keyring {
        return Ok(given);
    }
    let Some(typed) = ask("A passphrase for this workspace (eight characters or more)") else {
        return Ok(None);
    };
    if typed.chars().count() < 8 {
        let sentence = "A passphrase has at least eight characters. Nothing was made.";
        return Err(Failure::new("passphrase-short", sentence));
    }
    match ask("Once more") {
        Some(again) if again == typed => Ok(Some(typed)),
        _ => {
            let sentence = "The two passphrases are not the same. Nothing was made.";
            Err(Failure::new("passphrase-wrong", sentence))
        }
    }
}
