//! The same shell with nothing in it: what a cold start is measured against. Says `shown` when
//! its empty page was painted.

use tauri::{
    WebviewUrl, WebviewWindowBuilder,
    http::{Response, header::CONTENT_TYPE},
};

const PAGE: &str = "<!doctype html><title>Empty</title><body><script>\
                    requestAnimationFrame(() => requestAnimationFrame(() => { document.title = 'shown' }))\
                    </script></body>";

fn main() -> Result<(), tauri::Error> {
    let mut context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let page = Response::builder().header(CONTENT_TYPE, "text/html");
            page.body(PAGE.as_bytes()).unwrap_or_default()
        })
        .setup(|app| {
            let page = "empty://localhost/".parse().map(WebviewUrl::CustomProtocol)?;
            WebviewWindowBuilder::new(app, "empty", page)
                .title("Empty")
                .inner_size(1440.0, 900.0)
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
