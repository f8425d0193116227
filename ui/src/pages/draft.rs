//! Unsaved input, kept so that a crash loses nothing.

use crate::toast;

/// Keeps unsaved input, so that a crash loses nothing.
pub(crate) fn keep_draft(key: String, input: serde_json::Value) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(failure) = crate::backend::call(commands::PutDraft { key, input }).await {
            toast::failure(&failure);
        }
    });
}

/// Forgets unsaved input that was saved or given up.
pub(crate) fn drop_draft(key: String) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(failure) = crate::backend::call(commands::DropDraft { key }).await {
            toast::failure(&failure);
        }
    });
}
