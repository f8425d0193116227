//! Who has a workspace open, and what a start takes for a crash.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use app::App;
use commands::{CreateWorkspace, Unlock, WorkspaceState};
use domain::Language;

const PASSPHRASE: &str = "geheim-geheim";

fn notice(folder: &Path) -> (App, Option<String>) {
    let app = App::new(folder);
    match app.ask(Unlock { passphrase: PASSPHRASE.into() }).unwrap() {
        WorkspaceState::Open { notice, .. } => (app, notice),
        state => unreachable!("{state:?}"),
    }
}

#[test]
fn only_an_end_without_closing_is_taken_for_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("data");
    let window = App::new(&folder);
    let made = CreateWorkspace {
        user_name: "Maren Krüger".into(),
        company_name: String::new(),
        passphrase: Some(PASSPHRASE.into()),
        language: Language::De,
    };
    window.ask(made).unwrap();
    let (beside, said) = notice(&folder);
    assert_eq!(said, None, "the window is open, it did not crash");
    beside.close();
    // The window ends without closing.
    drop(window);
    let (after, said) = notice(&folder);
    assert_eq!(said.as_deref(), Some("checked-after-crash"));
    let (beside, _) = notice(&folder);
    after.close();
    // It was not the last to close, and the last one closes too.
    beside.close();
    assert_eq!(notice(&folder).1, None);
}
