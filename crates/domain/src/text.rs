//! What every text field keeps to.

use std::borrow::Cow;

use crate::{Refusal, compose};

/// Longest one-line text, in characters.
pub const LINE: usize = 200;
/// Longest many-line text, in characters.
pub const BODY: usize = 20_000;

/// Trims a one-line text and makes control characters blanks.
pub(crate) fn tidy_line(text: &mut String) {
    tidy_accents(text);
    if text.trim().len() != text.len() || text.chars().any(char::is_control) {
        let tidy: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        *text = tidy.trim().to_owned();
    }
}

/// Text that was pasted with its accents apart is stored as others type it.
fn tidy_accents(text: &mut String) {
    if let Cow::Owned(composed) = compose(text) {
        *text = composed;
    }
}

/// Trims a many-line text and takes out control characters but line ends and tabs.
pub(crate) fn tidy_body(text: &mut String) {
    tidy_accents(text);
    let is_odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.trim_end().len() != text.len() || text.chars().any(is_odd) {
        let tidy: String = text.chars().filter(|c| !is_odd(*c)).collect();
        *text = tidy.trim_end().to_owned();
    }
}

/// Refuses a text that is longer than it may be.
pub(crate) fn check_length(refusals: &mut Vec<Refusal>, field: &str, text: &str, most: usize) {
    let length = text.chars().count();
    if length > most {
        refusals.push(
            Refusal::new(
                "too-long",
                format!("At most {most} characters fit here; these are {length}."),
            )
            .at(field)
            .with("most", most),
        );
    }
}

/// Refuses an empty text.
pub(crate) fn check_there(refusals: &mut Vec<Refusal>, field: &str, text: &str) {
    if text.trim().is_empty() {
        refusals.push(Refusal::new("needed", "Please fill this in.").at(field));
    }
}
