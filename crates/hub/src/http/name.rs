//! What laptops call themselves.

/// A laptop's name has at most so many letters.
const LONGEST: usize = 100;

/// Whether a letter breaks a line, moves the cursor, or turns what stands around it.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A name of one line that is not long.
pub(super) fn plain(name: &str) -> String {
    let shown = name.chars().filter(|letter| !is_hidden(*letter));
    shown.take(LONGEST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_not_long() {
        assert_eq!(plain("Marens Notebook (Köln)"), "Marens Notebook (Köln)");
        assert_eq!(plain(" a\n\tb\u{1b}[2J\u{202e}c\0 "), "ab[2Jc");
        assert_eq!(plain(&"ü".repeat(10_000)).chars().count(), LONGEST);
    }
}
