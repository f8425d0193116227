//! The house rules that a program can check.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell::{output, root};

/// No source file is longer.
const LONGEST: usize = 500;

/// Which of our crates each may use.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("kontor-domain", &[]),
    ("kontor-commands", &["kontor-domain"]),
    ("kontor-store", &["kontor-domain", "kontor-commands"]),
    ("kontor-paper", &["kontor-domain"]),
    ("kontor-sync", &["kontor-domain"]),
    ("kontor-hub", &["kontor-domain", "kontor-sync", "kontor-postgres"]),
    ("kontor-postgres", &[]),
    (
        "kontor-app",
        &["kontor-domain", "kontor-commands", "kontor-store", "kontor-paper", "kontor-sync"],
    ),
    ("kontor-ui", &["kontor-domain", "kontor-commands"]),
    ("kontor", &["kontor-domain", "kontor-commands", "kontor-app", "kontor-store"]),
    (
        "kontor-simulate",
        &[
            "kontor-domain",
            "kontor-commands",
            "kontor-store",
            "kontor-sync",
            "kontor-app",
            "kontor-hub",
        ],
    ),
    ("xtask", &["kontor-postgres"]),
];

pub(crate) fn tidy() -> Result<()> {
    let files = sources()?;
    let mut wrong = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path).unwrap_or_default();
        let shown = path.strip_prefix(root()).unwrap_or(path).display();
        let lines = text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{shown} has {lines} lines; {LONGEST} at most"));
        }
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if ["utils", "util", "helpers", "helper", "common", "manager"].contains(&stem) {
            wrong.push(format!("{shown}: a file is named by the concept that it holds"));
        }
        if path.extension().is_some_and(|end| end == "rs") {
            wrong.extend(long_sql(&text).map(|line| {
                format!("{shown}:{line}: SQL of several lines belongs in an .sql file")
            }));
        }
    }
    wrong.extend(words()?);
    wrong.extend(directions()?);
    if !wrong.is_empty() {
        bail!("house rules:\n  {}", wrong.join("\n  "));
    }
    println!("{} files keep the house rules.", files.len());
    Ok(())
}

fn sources() -> Result<Vec<PathBuf>> {
    let listed = output("git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = listed.context("git does not list the files; is this a checkout?")?;
    let is_source = |path: &&str| [".rs", ".css", ".sql"].iter().any(|end| path.ends_with(end));
    Ok(listed
        .lines()
        .filter(is_source)
        .map(|path| root().join(path))
        .filter(|path| path.exists())
        .collect())
}

/// Lines on which a string with SQL begins that ends on another line.
fn long_sql(text: &str) -> impl Iterator<Item = usize> {
    let begins = |line: &str| {
        ["\"select ", "\"insert into ", "\"update ", "\"delete from "].iter().any(|verb| {
            line.find(verb).is_some_and(|at| {
                line[at + 1..].matches('"').count() == 0 && !line.trim_start().starts_with("//")
            })
        })
    };
    let found: Vec<usize> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| begins(line))
        .filter(|(at, _)| {
            text.lines().skip(at + 1).take_while(|line| !line.contains('"')).count() > 1
        })
        .map(|(at, _)| at + 1)
        .collect();
    found.into_iter()
}

/// German and English say the same messages with the same arguments, and every message that the
/// screens ask for by name is there.
fn words() -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for folder in ["ui/locales", "crates/paper/locales"] {
        let folder = root().join(folder);
        for entry in fs::read_dir(folder.join("de")).context("no German messages")?.flatten() {
            let name = entry.file_name();
            let german = messages(&entry.path())?;
            let english = messages(&folder.join("en").join(&name))?;
            for (id, arguments) in &german {
                if english.get(id) != Some(arguments) {
                    wrong.push(format!(
                        "{}: {id} differs between German and English",
                        name.to_string_lossy()
                    ));
                }
            }
            wrong.extend(
                english
                    .keys()
                    .filter(|id| !german.contains_key(*id))
                    .map(|id| format!("{}: {id} is not in German", name.to_string_lossy())),
            );
            known.extend(german.into_keys());
        }
    }
    for path in sources()?.iter().filter(|path| path.starts_with(root().join("ui/src"))) {
        let text = fs::read_to_string(path).unwrap_or_default();
        for call in ["say(\"", "say_with(\""] {
            for part in text.split(call).skip(1) {
                let id = part.split('"').next().unwrap_or_default();
                if !known.contains(id) {
                    wrong.push(format!("{}: no message {id}", path.display()));
                }
            }
        }
        if text.lines().any(|line| {
            !line.trim_start().starts_with("//")
                && line.contains(['ä', 'ö', 'ü', 'ß'])
                && !line.contains("Krüger")
        }) {
            wrong.push(format!("{}: words for people belong in the Fluent files", path.display()));
        }
    }
    Ok(wrong)
}

/// A file's messages with the arguments of each.
fn messages(path: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} is missing", path.display()))?;
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some((id, _)) =
            line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            current = id.to_owned();
            found.entry(current.clone()).or_default();
        }
        for argument in line.split("{ $").skip(1) {
            let name: String = argument.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.entry(current.clone()).or_default().insert(name);
        }
    }
    Ok(found)
}

fn metadata() -> Result<Value> {
    let text = output("cargo", &["metadata", "--format-version", "1"]);
    serde_json::from_str(&text.context("cargo metadata failed")?)
        .context("cargo metadata is no JSON")
}

/// Dependencies between our crates point one way.
fn directions() -> Result<Vec<String>> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let mut wrong = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, may)) = MAY_USE.iter().find(|(known, _)| *known == name) else { continue };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let ours = used.starts_with("kontor") && dependency["path"].is_string();
            if ours && !may.contains(&used) {
                wrong.push(format!("{name} must not use {used}"));
            }
        }
    }
    Ok(wrong)
}

/// Every crate's licence has a choice that deny.toml allows.
pub(crate) fn licences() -> Result<()> {
    let deny = fs::read_to_string(root().join("deny.toml")).context("deny.toml is missing")?;
    let allowed: BTreeSet<&str> = deny
        .split("allow = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .context("deny.toml allows no licence")?
        .split('"')
        .filter(|part| part.starts_with(|c: char| c.is_ascii_alphanumeric()))
        .collect();
    let metadata = metadata()?;
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        // “(A OR B) AND C”: of each group joined by AND one choice must be allowed.
        let fits = licence.split(" AND ").all(|group| {
            group.split(" OR ").any(|one| allowed.contains(one.trim_matches(['(', ')', ' '])))
        });
        if !fits {
            wrong.push(format!(
                "{} is under {licence:?}",
                package["name"].as_str().unwrap_or_default()
            ));
        }
    }
    if !wrong.is_empty() {
        bail!("deny.toml does not allow these licences:\n  {}", wrong.join("\n  "));
    }
    println!("All licences are allowed.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_over_several_lines_is_noticed() {
        let text = "let a = \"select 1\";\nlet b = \"select a,\n  b,\n  c\n from d\";\n";
        assert_eq!(long_sql(text).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn messages_are_told_with_their_arguments() {
        let folder = std::env::temp_dir().join(format!("kontor-tidy-{}.ftl", std::process::id()));
        fs::write(
            &folder,
            "a = one\nb = { $x } and { $y }\nc = { $count ->\n   *[other] { $count }\n}\n",
        )
        .expect("a file");
        let found = messages(&folder).expect("messages");
        assert_eq!(found["b"].len(), 2);
        assert_eq!(found["c"].len(), 1);
        assert!(found["a"].is_empty());
        fs::remove_file(folder).expect("removed");
    }
}
