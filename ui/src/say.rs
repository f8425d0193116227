//! Words for people: Fluent messages in the user's language.

use std::cell::{Cell, RefCell};

use commands::Failure;
use domain::{Language, Refusal};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

/// A message as the build read it from the Fluent files.
enum Message {
    /// Text and nothing else.
    Plain(&'static str),
    /// Fluent source of this one message: it has places, or plurals.
    Fluent(&'static str),
}

type Messages = &'static [(&'static str, Message)];

static DE: Messages = include!(concat!(env!("OUT_DIR"), "/de.rs"));
static EN: Messages = include!(concat!(env!("OUT_DIR"), "/en.rs"));

/// The messages of a language that were parsed: those that were said.
type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::De) };
    static PARSED: [RefCell<Bundle>; 2] =
        [bundle(unic_langid::langid!("de")), bundle(unic_langid::langid!("en"))];
}

fn bundle(language: unic_langid::LanguageIdentifier) -> RefCell<Bundle> {
    let mut bundle = Bundle::new(vec![language]);
    bundle.set_use_isolating(false);
    bundle.into()
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
pub(crate) fn find(name: &str, args: &[(&str, &str)]) -> Option<String> {
    find_in(language(), name, args)
}

fn find_in(language: Language, name: &str, args: &[(&str, &str)]) -> Option<String> {
    let (messages, at) = match language {
        Language::De => (DE, 0),
        Language::En => (EN, 1),
    };
    let found = messages.binary_search_by_key(&name, |(name, _)| name).ok()?;
    match messages[found].1 {
        Message::Plain(text) => Some(text.to_owned()),
        Message::Fluent(source) => {
            PARSED.with(|parsed| fill(&mut parsed[at].borrow_mut(), name, source, args))
        }
    }
}

fn fill(bundle: &mut Bundle, name: &str, source: &str, args: &[(&str, &str)]) -> Option<String> {
    if !bundle.has_message(name) {
        // The build took it from a file without errors.
        let parsed = FluentResource::try_new(source.into()).unwrap_or_else(|(found, _)| found);
        bundle.add_resource_overriding(parsed);
    }
    let mut fluent = FluentArgs::new();
    for (name, value) in args {
        // Whole numbers choose the plural form.
        match value.parse::<i64>() {
            Ok(number) if *name == "count" => fluent.set(*name, FluentValue::from(number)),
            _ => fluent.set(*name, FluentValue::from(*value)),
        }
    }
    let pattern = bundle.get_message(name)?.value()?;
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

/// A message in the system's language: before it is known which one the user chose.
pub(crate) fn say_as_system(message: &str) -> String {
    let system = web_sys::window().and_then(|window| window.navigator().language());
    let english = system.is_some_and(|language| language.starts_with("en"));
    let language = if english { Language::En } else { Language::De };
    find_in(language, message, &[]).unwrap_or_else(|| message.into())
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

/// What was done to what: “Kunde geändert · Müller GmbH”.
pub(crate) fn done_to(what: &str, subject: &str) -> String {
    let what = operation(what);
    if subject.is_empty() { what } else { format!("{what} · {subject}") }
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
        assert_eq!(DE.len(), EN.len());
        for ((name, message), (other, _)) in DE.iter().zip(EN) {
            assert_eq!(name, other);
            assert!(!matches!(message, Message::Plain("")), "{name}");
        }
        for (messages, language) in [(DE, "de"), (EN, "en")] {
            let bundle = bundle(language.parse().unwrap());
            for (name, message) in messages {
                let Message::Fluent(source) = message else { continue };
                let said = fill(&mut bundle.borrow_mut(), name, source, &[("count", "2")]);
                assert!(said.is_some_and(|text| !text.is_empty()), "{name}");
            }
        }
    }

    #[test]
    fn messages_choose_their_plural_and_take_their_places() {
        LANGUAGE.with(|language| language.set(Language::En));
        let said = |count| say_with("contacts-deleted", &[("count", count)]);
        assert_eq!(said("1"), "1 contact deleted");
        assert_eq!(said("2"), "2 contacts deleted");
    }
}
