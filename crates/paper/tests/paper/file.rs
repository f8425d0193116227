//! The file itself: sound, its fonts cut, its words found, and the same each time.

use domain::Language;
use paper::QuotePaper;

use crate::{
    reader::{Reader, squeezed},
    sample, variants,
};

fn papers() -> [QuotePaper; 6] {
    [
        sample::quote(1, Language::De),
        sample::quote(10, Language::En),
        sample::quote(60, Language::De),
        variants::rates(),
        variants::signed(),
        QuotePaper::default(),
    ]
}

#[test]
fn qpdf_finds_nothing_wrong_and_the_page_count_is_right() {
    for paper in papers() {
        let pdf = paper::render_quote(&paper).expect("a PDF");
        let reader = Reader::open(&pdf);
        reader.check();
        let pages = reader.pages();
        assert_eq!(usize::try_from(paper::page_count(&pdf)).ok(), Some(pages.len()));
        assert_eq!(paper::preview_quote(&paper).expect("a preview").len(), pages.len());
        for (index, page) in pages.iter().enumerate() {
            let number = match paper.language {
                Language::De => format!("Seite {} von {}", index + 1, pages.len()),
                Language::En => format!("Page {} of {}", index + 1, pages.len()),
            };
            assert!(page.contains(&number), "{number} is not on its page:\n{page}");
        }
    }
}

#[test]
fn every_font_is_embedded_cut_and_says_what_its_glyphs_mean() {
    for paper in papers() {
        let fonts = Reader::of(&paper).fonts();
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert_eq!(rows.len(), 2, "{fonts}");
        for row in rows {
            let columns: Vec<&str> = row.split_whitespace().collect();
            // … emb sub uni object ID
            assert_eq!(columns[columns.len() - 5..columns.len() - 2], ["yes"; 3], "{row}");
        }
    }
}

#[test]
fn what_people_write_is_found_and_copied() {
    let mut paper = sample::quote(1, Language::De);
    let text = "Ärger Öl Übung äöüß É é è à ç ñ ø å € § ½ ² µ „so“ – Łódź Škoda Çağ İğüş";
    paper.lines[0].description = text.into();
    paper.intro = text.into();
    let found = squeezed(&Reader::of(&paper).text());
    assert!(found.contains(text), "{found}");
    for word in text.split(' ') {
        assert!(found.matches(word).count() >= 2, "{word}");
    }
}

#[test]
fn it_says_what_it_is() {
    let mut paper = sample::quote(1, Language::De);
    paper.made_at = "2026-11-21T08:39:00.000Z".parse().expect("a time");
    let reader = Reader::of(&paper);
    let info = squeezed(&reader.info());
    for part in [
        "Title: Angebot AN-2026-0431",
        "Author: Krüger Schweißtechnik GmbH",
        "Subject: Schweißzelle Linie 3",
        "CreationDate: Sat Nov 21 08:39:00 2026",
        "Page size: 595.276 x 841.89 pts (A4)",
    ] {
        assert!(info.contains(part), "{part} in {info}");
    }
    assert!(reader.objects().contains("/Lang (de-DE)"));
    paper.language = Language::En;
    paper.revision = 3;
    let reader = Reader::of(&paper);
    assert!(squeezed(&reader.info()).contains("Title: Quote AN-2026-0431 · Revision 3"));
    assert!(reader.objects().contains("/Lang (en-GB)"));
}

#[test]
fn the_same_quote_is_the_same_file_and_a_small_one() {
    for paper in papers() {
        let first = paper::render_quote(&paper).expect("a PDF");
        assert!(first == paper::render_quote(&paper).expect("a PDF"));
        assert!(first.len() < 60 * 1024, "{} bytes", first.len());
    }
    // Rare characters cut other fonts, and must leave no trace in the next file.
    let plain = paper::render_quote(&sample::quote(1, Language::De)).expect("a PDF");
    for rare in ["Ж", "Ω", "Ł", "ő", "ǻ", "Њ", "ξ", "ș", "ť"] {
        let mut paper = sample::quote(1, Language::De);
        paper.intro = rare.into();
        paper::render_quote(&paper).expect("a PDF");
    }
    assert!(plain == paper::render_quote(&sample::quote(1, Language::De)).expect("a PDF"));
}
