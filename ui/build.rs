//! Reads the Fluent files once, when the screens are built: parsing all of them delayed the first
//! page of every start. Most messages are plain text and stand ready; those with places or plurals
//! are parsed when they are first said.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

use fluent_syntax::{
    ast::{Entry, PatternElement, Resource},
    parser, serializer,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let out = env::var("OUT_DIR")?;
    for language in ["de", "en"] {
        let messages = messages(&Path::new("locales").join(language))?;
        fs::write(Path::new(&out).join(format!("{language}.rs")), table(&messages)?)?;
    }
    Ok(())
}

/// A language's messages by name, each as an expression of type `Message`.
fn messages(folder: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut messages = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let text = fs::read_to_string(&path)?;
        // `cargo xtask tidy` names the errors; here they only must not get into the screens.
        let resource = parser::parse(text.as_str())
            .map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
        for entry in resource.body {
            let Entry::Message(message) = &entry else { continue };
            let Some(pattern) = &message.value else { continue };
            let plain: Option<String> = pattern
                .elements
                .iter()
                .map(|element| match element {
                    PatternElement::TextElement { value } => Some(*value),
                    PatternElement::Placeable { .. } => None,
                })
                .collect();
            let name = message.id.name.to_owned();
            let said = match plain {
                Some(text) => format!("Message::Plain({text:?})"),
                None => {
                    let source = serializer::serialize(&Resource { body: vec![entry] });
                    format!("Message::Fluent({source:?})")
                }
            };
            if messages.insert(name.clone(), said).is_some() {
                return Err(format!("{}: {name} is there twice", path.display()).into());
            }
        }
    }
    Ok(messages)
}

/// The messages as a table that is sorted by name.
fn table(messages: &BTreeMap<String, String>) -> Result<String, std::fmt::Error> {
    let mut table = String::from("&[\n");
    for (name, message) in messages {
        writeln!(table, "({name:?}, {message}),")?;
    }
    table.push_str("]\n");
    Ok(table)
}
