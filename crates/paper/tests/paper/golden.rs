//! Texts and pictures of pages against those that somebody looked at. After a change that is
//! meant, `KONTOR_RENEW_GOLDEN=1 cargo test -p kontor-paper golden` writes them anew: look at the
//! difference before committing it.

use std::{fs, path::PathBuf};

use domain::Language;
use paper::QuotePaper;

use crate::{reader::Reader, sample, variants};

fn golden(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", name].iter().collect()
}

fn renewing() -> bool {
    std::env::var_os("KONTOR_RENEW_GOLDEN").is_some()
}

/// Lines without what stands between words: poppler's versions differ in how many blanks.
fn words(text: &str) -> String {
    let lines = text.replace('\u{c}', "\n---- page ----\n");
    let lines = lines.lines().map(|line| {
        let columns = line.trim().split("  ").map(str::trim).filter(|part| !part.is_empty());
        columns.collect::<Vec<_>>().join("  ")
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}

fn check_text(name: &str, paper: &QuotePaper) {
    let path = golden(&format!("{name}.txt"));
    let text = words(&Reader::of(paper).layout());
    if renewing() {
        fs::write(&path, &text).expect("a golden text");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} differs from {}", path.display());
}

#[test]
fn texts_are_as_they_were_looked_at() {
    for (name, paper) in [
        ("one-line", sample::quote(1, Language::De)),
        ("ten-lines", sample::quote(10, Language::De)),
        ("english", sample::quote(10, Language::En)),
        ("rates", variants::rates()),
        ("reverse-charge", variants::reverse_charge()),
        ("small-business", variants::small_business()),
        ("signed", variants::signed()),
    ] {
        check_text(name, &paper);
    }
}

/// How many points of a page may differ in how grey they are, of a thousand: other versions of
/// poppler and its rasteriser draw edges a little differently.
const MAY_DIFFER: usize = 15;

fn check_picture(name: &str, paper: &QuotePaper, page: u32) {
    let path = golden(&format!("{name}.png"));
    let picture = Reader::of(paper).picture(page, 50);
    if renewing() {
        picture.save(&path).expect("a golden picture");
    }
    let expected = image::open(&path).expect("the golden picture").into_luma8();
    assert_eq!(picture.dimensions(), expected.dimensions(), "{name}");
    let points = picture.pixels().len();
    let pairs = picture.pixels().zip(expected.pixels());
    let differ = pairs.filter(|(a, b)| a.0[0].abs_diff(b.0[0]) > 60).count();
    assert!(differ * 1_000 <= points * MAY_DIFFER, "{name}: {differ} of {points} points differ");
}

#[test]
fn pages_look_as_they_were_looked_at() {
    check_picture("ten-lines-1", &sample::quote(10, Language::De), 1);
    check_picture("signed-1", &variants::signed(), 1);
}
