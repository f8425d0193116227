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

fn find(message: &str, args: &[(&str, &str)]) -> Option<String> {
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

/// Speaks a language where there is no page: in tests.
#[cfg(test)]
pub(crate) fn speak(language: Language) {
    LANGUAGE.with(|kept| kept.set(language));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_chooses_its_plural() {
        speak(Language::De);
        assert_eq!(say_with("visits-count", &[("count", "1")]), "1 Besuch");
        assert_eq!(say_with("visits-count", &[("count", "0")]), "0 Besuche");
        assert_eq!(say_with("appointments-count", &[("count", "0")]), "Keine Termine");
        speak(Language::En);
        assert_eq!(say_with("visits-count", &[("count", "1")]), "1 visit");
        assert_eq!(say_with("visits-count", &[("count", "12")]), "12 visits");
    }

    #[test]
    fn a_text_that_is_a_number_stays_a_text() {
        speak(Language::De);
        assert_eq!(say_with("saved", &[("what", "0711")]), "0711 gespeichert");
    }

    #[test]
    fn what_has_no_message_says_its_own_sentence() {
        speak(Language::De);
        let unknown = Failure::new("never-heard-of", "The moon is in the way.");
        assert_eq!(failure(&unknown), "The moon is in the way.");
        let known = Failure::new("disk-full", "The disk is full.");
        assert_eq!(failure(&known), say("failure-disk-full"));
        let unknown = Refusal::new("never-heard-of", "No such thing.");
        assert_eq!(refusal(&unknown), "No such thing.");
        let nothing = "never-heard-of";
        assert_eq!(say(nothing), nothing);
        assert_eq!(operation("moon.landed"), "moon.landed");
    }

    #[test]
    fn a_failure_says_what_spoke_against_it_first() {
        speak(Language::De);
        let refused = domain::Refused(vec![Refusal::new("needed", ""), Refusal::new("stale", "")]);
        assert_eq!(failure(&refused.into()), say("refusal-needed"));
    }

    #[test]
    fn an_operation_is_called_the_same_when_it_is_taken_back() {
        speak(Language::De);
        assert_eq!(operation("customer.save"), say("operation-customer-save"));
        assert_eq!(operation("undo.customer.save"), operation("customer.save"));
        assert_eq!(operation("redo.customer.save"), operation("customer.save"));
    }

    #[test]
    fn every_message_can_be_said_in_both_languages() {
        for (texts, bundle) in [
            (include_str!("../locales/de/pages.ftl"), &*DE),
            (include_str!("../locales/en/pages.ftl"), &*EN),
            (include_str!("../locales/de/frame.ftl"), &*DE),
            (include_str!("../locales/en/frame.ftl"), &*EN),
            (include_str!("../locales/de/records.ftl"), &*DE),
            (include_str!("../locales/en/records.ftl"), &*EN),
            (include_str!("../locales/de/import.ftl"), &*DE),
            (include_str!("../locales/en/import.ftl"), &*EN),
            (include_str!("../locales/de/calendar.ftl"), &*DE),
            (include_str!("../locales/en/calendar.ftl"), &*EN),
            (include_str!("../locales/de/lists.ftl"), &*DE),
            (include_str!("../locales/en/lists.ftl"), &*EN),
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
