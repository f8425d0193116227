//! Input that nobody means: always a file that can be read, never a panic.

use domain::{Language, LineKind, Percent};
use paper::{QuotePaper, Sender};

use crate::{
    reader::{Reader, squeezed},
    sample, variants,
};

fn with_description(text: &str) -> QuotePaper {
    let line = variants::line(LineKind::Article, text, 1_000, 1_000_000, 0);
    variants::with_lines(&[line], Percent::ZERO, Language::De)
}

fn readable(paper: &QuotePaper) -> String {
    let reader = Reader::of(paper);
    reader.check();
    paper::preview_quote(paper).expect("a preview");
    reader.text()
}

#[test]
fn an_endless_word_is_broken_and_loses_nothing() {
    let word: String = ('a'..='z').cycle().take(3_000).collect();
    let text: String = readable(&with_description(&word)).split_whitespace().collect();
    // Broken over pages, other words stand between its parts: each part follows the last one.
    let alphabets = text.matches("abcdefghijklmnopqrstuvwxyz").count();
    assert!(alphabets >= 3_000 / 26 - 12, "{alphabets}");
}

#[test]
fn a_description_of_three_pages_is_printed_whole() {
    let words: Vec<String> = (0..3_000).map(|number| format!("Wort{number}.")).collect();
    let paper = with_description(&words.join(" "));
    let text = readable(&paper);
    assert!(Reader::of(&paper).pages().len() >= 3);
    for word in words {
        assert!(text.contains(&word), "{word}");
    }
}

#[test]
fn texts_around_the_table_may_be_long() {
    let mut paper = sample::quote(2, Language::De);
    for text in [&mut paper.intro, &mut paper.closing, &mut paper.delivery] {
        *text = "Ein langer Absatz, der nicht endet. ".repeat(250) + "Endewort";
    }
    paper.salutation = "Sehr geehrte Frau ".repeat(40);
    let text = readable(&paper);
    assert_eq!(text.matches("Endewort").count(), 3);
}

#[test]
fn an_empty_letterhead_and_an_empty_quote_are_printed() {
    let mut paper = sample::quote(3, Language::De);
    paper.sender = Sender::default();
    assert!(readable(&paper).contains("Gesamtbetrag"));
    for language in [Language::De, Language::En] {
        readable(&QuotePaper { language, ..QuotePaper::default() });
    }
    paper.sender.accent = "#äöü".into();
    paper.lines.clear();
    assert!(readable(&paper).contains("Gesamtbetrag"));
}

#[test]
fn characters_that_the_fonts_lack_become_a_question_mark() {
    for (written, printed) in [
        ("Emoji 😀👨‍👩‍👧 Ende", "Emoji ???? Ende"),
        ("日本語 Ende", "??? Ende"),
        ("Strich\u{0}\u{7}\u{1b}[31mrot Ende", "Strich[31mrot Ende"),
        ("rechts \u{202e}sträk\u{202c} Ende", "rechts sträk Ende"),
        ("Mu\u{308}ller, Rene\u{301} Ende", "Müller, René Ende"),
        ("CO₂ → 5 ≤ 6, GROẞ Ende", "CO2 -> 5 ≤ 6, GROSS Ende"),
        ("1\u{2009}000\u{202f}kg\tEnde", "1 000 kg Ende"),
        ("(Klammer) \\Backslash\\ <br> /Name Ende", "(Klammer) \\Backslash\\ <br> /Name Ende"),
    ] {
        let text = squeezed(&readable(&with_description(written)));
        assert!(text.contains(printed), "{printed} in {text}");
    }
    readable(&with_description("שלום עולם مرحبا Ende \u{10ffff}\u{e000}"));
}

#[test]
fn names_with_odd_characters_reach_the_files_own_data() {
    let mut paper = sample::quote(1, Language::De);
    paper.number = "AN)(\\ \u{0}😀".into();
    paper.subject = "Zeile\neins \u{202e}und zwei 😀".into();
    paper.sender.company = "Krüger & Söhne (GmbH)".into();
    let reader = Reader::of(&paper);
    reader.check();
    assert!(reader.info().contains("Krüger & Söhne (GmbH)"));
}
