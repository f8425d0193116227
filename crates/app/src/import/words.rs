//! The screens' own sentences, for what is written into files: there is one place for words.

use std::sync::LazyLock;

use domain::{Language, Refusal};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

type Bundle = FluentBundle<FluentResource>;

static DE: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        unic_langid::langid!("de"),
        &[
            include_str!("../../../../ui/locales/de/frame.ftl"),
            include_str!("../../../../ui/locales/de/import.ftl"),
        ],
    )
});
static EN: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        unic_langid::langid!("en"),
        &[
            include_str!("../../../../ui/locales/en/frame.ftl"),
            include_str!("../../../../ui/locales/en/import.ftl"),
        ],
    )
});

fn bundle(language: unic_langid::LanguageIdentifier, texts: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for text in texts {
        let resource = FluentResource::try_new((*text).into()).unwrap_or_else(|(found, _)| found);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A refusal's sentence; its English one where there is no other.
pub(crate) fn sentence(refusal: &Refusal, language: Language) -> String {
    let bundle = match language {
        Language::De => &*DE,
        Language::En => &*EN,
    };
    let mut args = FluentArgs::new();
    for (name, value) in &refusal.args {
        args.set(name.as_str(), FluentValue::from(value.as_str()));
    }
    let message = bundle.get_message(&format!("refusal-{}", refusal.code));
    match message.and_then(|message| message.value()) {
        Some(pattern) => bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned(),
        None => refusal.sentence.clone(),
    }
}

/// The heading of the column that says why a row failed.
pub(crate) fn reason_heading(language: Language) -> &'static str {
    match language {
        Language::De => "Kontor: Fehler",
        Language::En => "Kontor: error",
    }
}

/// Whether a column is one that says why a row failed the last time.
pub(crate) fn is_reason(header: &str) -> bool {
    [Language::De, Language::En].iter().any(|language| reason_heading(*language) == header.trim())
}
