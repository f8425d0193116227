//! The words that paper itself prints, in the document's language.

use domain::Language;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::sync::LazyLock;

type Bundle = FluentBundle<FluentResource>;

static DE: LazyLock<Bundle> =
    LazyLock::new(|| bundle(unic_langid::langid!("de"), include_str!("../locales/de/paper.ftl")));
static EN: LazyLock<Bundle> =
    LazyLock::new(|| bundle(unic_langid::langid!("en"), include_str!("../locales/en/paper.ftl")));

fn bundle(language: unic_langid::LanguageIdentifier, text: &str) -> Bundle {
    // A test holds both files free of errors; what is wrong all the same is left out.
    let resource = FluentResource::try_new(text.into()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The words of a message, with its arguments.
pub(crate) fn say(language: Language, message: &str, args: &[(&str, &str)]) -> String {
    let bundle = match language {
        Language::De => &*DE,
        Language::En => &*EN,
    };
    let mut fluent = FluentArgs::new();
    for (name, value) in args {
        fluent.set(*name, FluentValue::from(*value));
    }
    let Some(pattern) = bundle.get_message(message).and_then(|found| found.value()) else {
        return message.into();
    };
    bundle.format_pattern(pattern, Some(&fluent), &mut Vec::new()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_messages() {
        let messages = |text: &str| {
            let resource = FluentResource::try_new(text.into()).expect("no syntax error");
            assert!(resource.entries().count() > 30);
            text.lines()
                .filter_map(|line| line.split_once(" = "))
                .map(|(id, _)| id.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            messages(include_str!("../locales/de/paper.ftl")),
            messages(include_str!("../locales/en/paper.ftl"))
        );
        assert_eq!(say(Language::De, "page", &[("page", "1"), ("pages", "2")]), "Seite 1 von 2");
    }
}
