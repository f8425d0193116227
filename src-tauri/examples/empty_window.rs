//! The same shell with nothing in it: what a cold start is measured against. Says `shown` when
//! its empty page was painted.

use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAINTED: &str = "addEventListener('load', () => requestAnimationFrame(() => \
                       requestAnimationFrame(() => { document.title = 'shown' })))";

fn main() -> Result<(), tauri::Error> {
    let mut context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    tauri::Builder::default()
        .setup(|app| {
            let blank = "about:blank".parse().map(WebviewUrl::External)?;
            WebviewWindowBuilder::new(app, "empty", blank)
                .title("Empty")
                .inner_size(1440.0, 900.0)
                .initialization_script(PAINTED)
                .on_document_title_changed(|_, title| {
                    if title == "shown" {
                        eprintln!("shown");
                    }
                })
                .build()?;
            Ok(())
        })
        .run(context)
}
