//! What is done ahead while the web view starts: the workspace is opened, and what the first
//! page needs is asked for.

use app::App;
use commands::{
    GetChoices, GetPreferences, GetToday, GetWorkspace, ListCustomers, Request, WorkspaceState,
    view::{CustomerFilter, CustomerSort, Order, Window},
};
use serde_json::{Value, json};

use crate::cli::StartPage;

/// Opens the workspace, and reads what lists are sorted by. What goes wrong here is told when
/// the screens ask.
pub(crate) fn open(app: App) {
    std::thread::spawn(move || {
        if let Ok(WorkspaceState::Open { .. }) = app.ask(GetWorkspace {}) {
            drop(app.ask(customers()));
        }
    });
}

/// What runs in the page before it loads: says which page to begin with, and asks through the
/// screens' own door, in parallel with their loading.
pub(crate) fn script(page: StartPage) -> String {
    let name = format!("{page:?}").to_lowercase();
    let ask = include_str!("ahead.js").replace("REQUESTS", &json!(requests(page)).to_string());
    format!("window.KONTOR_PAGE = '{name}';\n{ask}")
}

/// What a page asks for when it is the first. The workspace comes first: the others have no
/// answer until it is open.
fn requests(page: StartPage) -> Vec<Value> {
    let mut requests = vec![door(GetWorkspace {}), door(GetPreferences {})];
    match page {
        StartPage::Today => requests.push(door(GetToday {})),
        StartPage::Customers => requests.extend([door(GetChoices {}), door(customers())]),
        _ => {}
    }
    requests
}

/// The customers' list as it begins. A list that begins otherwise only asks once more.
fn customers() -> ListCustomers {
    ListCustomers {
        filter: CustomerFilter::default(),
        sort: CustomerSort::Name,
        order: Order::Ascending,
        window: Window::FIRST,
    }
}

/// A request as it crosses the door.
fn door<R: Request>(request: R) -> Value {
    json!({ "name": R::NAME, "body": request })
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn what_is_asked_ahead_crosses_the_door() {
        for page in StartPage::value_variants() {
            for request in requests(*page) {
                let command = serde_json::from_value::<commands::Command>(request.clone());
                assert!(command.is_ok(), "{request}: {command:?}");
            }
            assert!(!script(*page).contains("REQUESTS"));
        }
    }
}
