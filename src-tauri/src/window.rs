//! The window.

use std::path::{Path, PathBuf};

use app::App;
use commands::{Event, Failure, RenderQuote};
use domain::Id;
use serde::Deserialize;
use tauri::{Emitter, Manager, RunEvent, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

use crate::{ahead, cli::StartPage, door};

/// The event by which the screens hear of the app's events.
const EVENT: &str = "kontor";

/// A kind of file to choose: its name for people, and its endings.
#[derive(Deserialize)]
pub(crate) struct FileKind {
    name: String,
    endings: Vec<String>,
}

/// Lets the user choose a file to read; none when they do not.
#[tauri::command]
async fn choose_file(handle: tauri::AppHandle, kind: FileKind) -> Option<String> {
    let endings: Vec<&str> = kind.endings.iter().map(String::as_str).collect();
    let chosen = handle.dialog().file().add_filter(kind.name, &endings).blocking_pick_file();
    chosen.map(|path| path.to_string())
}

/// Lets the user choose where to write a file; none when they do not.
#[tauri::command]
async fn choose_target(handle: tauri::AppHandle, kind: FileKind, name: String) -> Option<String> {
    let endings: Vec<&str> = kind.endings.iter().map(String::as_str).collect();
    let dialog = handle.dialog().file().add_filter(kind.name, &endings).set_file_name(name);
    dialog.blocking_save_file().map(|path| path.to_string())
}

/// Opens a quote's PDF with the system's viewer, which also prints it. The copy lies in the
/// user's own runtime folder (in memory where the system has one) and goes when Kontor ends.
#[tauri::command]
async fn open_quote(handle: tauri::AppHandle, app: State<'_, App>, id: Id) -> Result<(), Failure> {
    let app = app.inner().clone();
    let file = app.ask(RenderQuote { id })?;
    let folder = shown_folder();
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new("file", format!("The PDF could not be opened ({error}). The quote is kept."))
    };
    make_private(&folder).map_err(|error| failed(&error))?;
    let path = folder.join(&file.name);
    app.ask(commands::SaveQuotePdf { id, path: path.display().to_string() })?;
    handle
        .opener()
        .open_path(path.display().to_string(), None::<&str>)
        .map_err(|error| failed(&error))
}

/// Calls a phone number or writes an e-mail with the system's own program.
#[tauri::command]
async fn open_link(handle: tauri::AppHandle, link: String) -> Result<(), Failure> {
    let allowed = ["tel:", "mailto:", "https:"].iter().any(|scheme| link.starts_with(scheme));
    if !allowed {
        return Err(Failure::new(
            "link-refused",
            "Only phone numbers, e-mail and web addresses open.",
        ));
    }
    handle.opener().open_url(link, None::<&str>).map_err(|error| {
        Failure::new("link-unopened", format!("No program on this computer opens it ({error})."))
    })
}

/// The first list is on the screen. Told where somebody measures how long that takes.
#[tauri::command]
fn shown() {
    if std::env::var_os("KONTOR_TIMES").is_some() {
        eprintln!("shown");
    }
}

/// What runs in the page before it loads.
fn start_page<R: tauri::Runtime>(page: StartPage) -> tauri::plugin::TauriPlugin<R> {
    tauri::plugin::Builder::new("start-page").js_init_script(ahead::script(page)).build()
}

/// Signing out, a shutdown or Ctrl+C close the window as its user does.
#[cfg(unix)]
fn close_when_told(handle: tauri::AppHandle) {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };
    // Without it the next start checks the database, as after a crash.
    let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            handle.exit(0);
        }
    });
}

#[cfg(not(unix))]
fn close_when_told(_: tauri::AppHandle) {}

fn shown_folder() -> PathBuf {
    let base = dirs::runtime_dir().unwrap_or_else(std::env::temp_dir);
    base.join(format!("kontor-shown-{}", std::process::id()))
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// One window for each data folder: whoever starts Kontor again gets the window that is there.
/// Where there is no session bus to ask, a second one opens, which does no harm to the data.
fn only_one<R: tauri::Runtime>(folder: &Path) -> tauri::plugin::TauriPlugin<R> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.into());
    let name =
        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, folder.as_os_str().as_encoded_bytes());
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(format!("org.kontor.desktop.w{}", name.simple()))
        .callback(|handle, _, _| {
            for window in handle.webview_windows().into_values() {
                // Some desktops only let it ask for attention.
                let _ = window.unminimize();
                let _ = window.show();
                let _ = window.set_focus();
            }
        })
        .build()
}

/// Opens the window over a data folder and stays until it is closed.
///
/// # Errors
/// When there is no display, or the system's web view is missing.
pub(crate) fn open(folder: PathBuf, page: StartPage) -> Result<(), tauri::Error> {
    let only_one = only_one(&folder);
    let app = App::new(folder);
    app.keep_synced();
    ahead::open(app.clone());
    let built = tauri::Builder::default()
        .plugin(only_one)
        .plugin(start_page(page))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .manage(app.clone())
        .invoke_handler(tauri::generate_handler![
            door::call,
            choose_file,
            choose_target,
            open_quote,
            open_link,
            shown
        ])
        .setup({
            let app = app.clone();
            move |tauri| {
                let handle = tauri.handle().clone();
                app.on_event(move |event| {
                    if *event == Event::Emptied {
                        // Copies that were opened go with the quotes; else with the runtime folder.
                        let _ = std::fs::remove_dir_all(shown_folder());
                    }
                    // A window that is closing hears no more events.
                    let _ = handle.emit(EVENT, event);
                });
                close_when_told(tauri.handle().clone());
                Ok(())
            }
        })
        .build(tauri::generate_context!())?;
    built.run(move |handle, event| {
        if let RunEvent::Exit = event {
            app.close();
            // What is left there is removed by the system with the runtime folder.
            let _ = std::fs::remove_dir_all(shown_folder());
            handle.cleanup_before_exit();
        }
    });
    Ok(())
}
