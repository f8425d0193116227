//! The window's one door to the app.

use app::App;
use commands::{Command, Failure};
use serde_json::{Value, json};
use tauri::State;

/// Answers any request of the screens. Work is done beside the window's own thread.
#[tauri::command]
pub(crate) async fn call(app: State<'_, App>, name: String, body: Value) -> Result<Value, Failure> {
    let app = app.inner().clone();
    let command: Command = serde_json::from_value(json!({ "name": name, "body": body }))
        .map_err(|error| Failure::new("request-invalid", error.to_string()))?;
    let answered = tauri::async_runtime::spawn_blocking(move || app.call(command)).await;
    answered.unwrap_or_else(|_| {
        Err(Failure::new(
            "internal",
            "Something went wrong inside Kontor. What was saved before is kept; please try again.",
        ))
    })
}
