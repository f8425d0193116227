//! Words that were mistyped by one letter: left out, doubled, wrong or swapped with its
//! neighbour.

use rusqlite::Connection;

use super::{
    Kind,
    postings::{Part, has_beginning, shelf},
    query::Term,
};
use crate::Result;

/// A word shorter than this says too little to guess what was meant.
const SHORTEST: usize = 4;
/// Names and articles are what people look for by name.
const LOOKED_IN: [Kind; 3] = [Kind::Customer, Kind::Contact, Kind::Article];

/// The same search with each word that begins no word replaced by those that it may be meant
/// as; none when there is nothing to replace.
pub(super) fn meant(connection: &Connection, terms: &[Term]) -> Result<Option<Vec<Term>>> {
    let mut changed = false;
    let mut meant = Vec::new();
    for term in terms {
        let word = match term.0.as_slice() {
            [way] => match way.as_slice() {
                [word] if can_be_mistyped(word) && !is_known(connection, word)? => word,
                _ => {
                    meant.push(term.clone());
                    continue;
                }
            },
            _ => {
                meant.push(term.clone());
                continue;
            }
        };
        let mut ways = Vec::new();
        for near in near(word) {
            if is_known(connection, &near)? {
                ways.push(vec![near]);
            }
        }
        if ways.is_empty() {
            return Ok(None);
        }
        changed = true;
        meant.push(Term(ways));
    }
    Ok(changed.then_some(meant))
}

fn can_be_mistyped(word: &str) -> bool {
    word.len() >= SHORTEST && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_known(connection: &Connection, word: &str) -> Result<bool> {
    for kind in LOOKED_IN {
        if has_beginning(connection, shelf(kind, Part::All), word)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All words one mistake away that begin alike: the first letter is nearly always right.
fn near(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut found = Vec::new();
    let mut keep = |letters: &[char]| {
        let near: String = letters.iter().collect();
        if near != word && !found.contains(&near) {
            found.push(near);
        }
    };
    for at in 1..letters.len() {
        let mut without = letters.clone();
        without.remove(at);
        keep(&without);
        if at + 1 < letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            keep(&swapped);
        }
        for letter in 'a'..='z' {
            let mut other = letters.clone();
            other[at] = letter;
            keep(&other);
            let mut more = letters.clone();
            more.insert(at, letter);
            keep(&more);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mistake_is_near() {
        for (typed, meant) in [
            ("muler", "muller"),
            ("schmitd", "schmidt"),
            ("hofmman", "hofman"),
            ("kruger", "krager"),
        ] {
            assert!(near(typed).contains(&meant.to_owned()), "{typed}");
        }
        assert!(!near("bauer").contains(&"sauer".to_owned()));
    }
}
