//! Words for people: Fluent messages in the user's language.

use std::{cell::Cell, sync::LazyLock};

use commands::Failure;
use domain::{Language, Refusal};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

type Bundle = FluentBundle<FluentResource>;

static DE: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        unic_langid::langid!("de"),
        &[
            include_str!("../locales/de/frame.ftl"),
            include_str!("../locales/de/records.ftl"),
            include_str!("../locales/de/pages.ftl"),
            include_str!("../locales/de/import.ftl"),
            include_str!("../locales/de/calendar.ftl"),
            include_str!("../locales/de/lists.ftl"),
            include_str!("../locales/de/sync.ftl"),
        ],
    )
});
static EN: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        unic_langid::langid!("en"),
        &[
            include_str!("../locales/en/frame.ftl"),
            include_str!("../locales/en/records.ftl"),
            include_str!("../locales/en/pages.ftl"),
            include_str!("../locales/en/import.ftl"),
            include_str!("../locales/en/calendar.ftl"),
            include_str!("../locales/en/lists.ftl"),
            include_str!("../locales/en/sync.ftl"),
        ],
    )
});

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::De) };
}

fn bundle(language: unic_langid::LanguageIdentifier, texts: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for text in texts {
        // `cargo xtask tidy` holds the files free of errors.
        let resource = FluentResource::try_new((*text).into()).unwrap_or_else(|(found, _)| found);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The language of the screens.
pub(crate) fn language() -> Language {
    LANGUAGE.with(Cell::get)
}

/// Changes the language of the screens.
pub(crate) fn set_language(language: Language) {
    LANGUAGE.with(|kept| kept.set(language));
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        // Screen readers pronounce by it; without it they still read.
        let _ = root.set_attribute("lang", language.as_str());
    }
}

/// A message, if there is one of that name.
pub(crate) fn find(message: &str, args: &[(&str, &str)]) -> Option<String> {
    let bundle = match language() {
        Language::De => &*DE,
        Language::En => &*EN,
    };
    let mut fluent = FluentArgs::new();
    for (name, value) in args {
        // Whole numbers choose the plural form.
        match value.parse::<i64>() {
            Ok(number) if *name == "count" => fluent.set(*name, FluentValue::from(number)),
            _ => fluent.set(*name, FluentValue::from(*value)),
        }
    }
    let pattern = bundle.get_message(message)?.value()?;
    Some(bundle.format_pattern(pattern, Some(&fluent), &mut Vec::new()).into_owned())
}

/// A message.
pub(crate) fn say(message: &str) -> String {
    say_with(message, &[])
}

/// A message with arguments.
pub(crate) fn say_with(message: &str, args: &[(&str, &str)]) -> String {
    find(message, args).unwrap_or_else(|| message.into())
}

/// A refusal's sentence.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    let args: Vec<(&str, &str)> =
        refusal.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    find(&format!("refusal-{}", refusal.code), &args).unwrap_or_else(|| refusal.sentence.clone())
}

/// A failure's sentence.
pub(crate) fn failure(failure: &Failure) -> String {
    if let Some(first) = failure.refusals.first() {
        return refusal(first);
    }
    find(&format!("failure-{}", failure.code), &[]).unwrap_or_else(|| failure.sentence.clone())
}

/// What an operation is called: “Kunde geändert”.
pub(crate) fn operation(operation: &str) -> String {
    let plain = operation.trim_start_matches("undo.").trim_start_matches("redo.");
    find(&format!("operation-{}", plain.replace('.', "-")), &[]).unwrap_or_else(|| plain.into())
}

/// What was done to what: “Kunde geändert · Müller GmbH”.
pub(crate) fn done_to(what: &str, subject: &str) -> String {
    let what = operation(what);
    if subject.is_empty() { what } else { format!("{what} · {subject}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_can_be_said_in_both_languages() {
        for (texts, bundle) in [
            (include_str!("../locales/de/pages.ftl"), &*DE),
            (include_str!("../locales/en/pages.ftl"), &*EN),
            (include_str!("../locales/de/frame.ftl"), &*DE),
            (include_str!("../locales/en/frame.ftl"), &*EN),
            (include_str!("../locales/de/records.ftl"), &*DE),
            (include_str!("../locales/en/records.ftl"), &*EN),
        ] {
            let names =
                texts.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name);
            for name in names.filter(|name| !name.starts_with([' ', '#', '['])) {
                let message = bundle.get_message(name).expect(name);
                let mut errors = Vec::new();
                let mut args = FluentArgs::new();
                args.set("count", FluentValue::from(2));
                let text =
                    bundle.format_pattern(message.value().unwrap(), Some(&args), &mut errors);
                assert!(!text.is_empty(), "{name}");
            }
        }
    }
}
