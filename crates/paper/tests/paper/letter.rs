//! The letter's form: DIN 5008 form B, and nothing outside its place.

use domain::Language;
use paper::QuotePaper;

use crate::{reader::Reader, sample, variants};

fn millimetres(points: f32) -> f32 {
    points / 72.0 * 25.4
}

/// Where a word begins on the first page, from the left and the top.
fn place(paper: &QuotePaper, word: &str) -> (f32, f32) {
    let boxes = Reader::of(paper).boxes(1);
    let found = boxes.iter().find(|(_, text)| text == word).expect(word);
    (millimetres(found.0[0]), millimetres(found.0[1]))
}

fn assert_near(found: f32, wanted: f32, what: &str) {
    assert!((found - wanted).abs() < 0.6, "{what}: {found} mm, not {wanted}");
}

#[test]
fn the_window_the_information_and_the_marks_stand_where_din_5008_wants_them() {
    let paper = sample::quote(3, Language::De);
    // The window is 20 to 105 mm from the left and 45 to 90 mm from the top; text begins at 25.
    let (x, y) = place(&paper, "Müller");
    assert_near(x, 25.0, "recipient");
    assert!((60.0..66.0).contains(&y), "the recipient's zone begins at 62.7 mm: {y}");
    for row in ["Frau", "Industriestraße", "70565"] {
        let (x, y) = place(&paper, row);
        assert_near(x, 25.0, row);
        assert!(y < 86.0, "{row} at {y} mm");
    }
    let (x, y) = place(&paper, "Datum");
    assert_near(x, 125.0, "information block");
    assert!((50.0..60.0).contains(&y));
    // The letter begins below the window.
    assert!(place(&paper, "Angebot").1 > 95.0);
    let svg = &paper::preview_quote(&paper).expect("a preview")[0];
    for mark in ["y1=\"105.00\"", "y1=\"148.50\"", "y1=\"210.00\""] {
        assert!(svg.contains(mark), "{mark}");
    }
}

/// Letters that stand closer together do so on paper as in the measure: what is aligned at the
/// right ends there.
#[test]
fn kerned_words_end_at_the_margin() {
    let mut paper = sample::quote(1, Language::De);
    paper.sender.company = "AVAVAVAVAVAV".into();
    paper.sender.tagline = "Ty.Ty.Ty.Ty.Ty.Ty".into();
    for word in ["AVAVAVAVAVAV", "Ty.Ty.Ty.Ty.Ty.Ty"] {
        let boxes = Reader::of(&paper).boxes(1);
        let found = boxes.iter().find(|(place, text)| text == word && place[0] > 300.0);
        let right = millimetres(found.expect(word).0[3]);
        assert!((right - 190.0).abs() < 0.2, "{word} ends at {right} mm");
    }
}

/// Words of the pages that stand outside the margins or upon another.
fn misplaced(paper: &QuotePaper) -> Vec<String> {
    let reader = Reader::of(paper);
    let mut wrong = Vec::new();
    for page in 1..=reader.pages().len() {
        let boxes = reader.boxes(page);
        for (index, (place, word)) in boxes.iter().enumerate() {
            let [left, top, bottom, right] = *place;
            if millimetres(left) < 24.5 || millimetres(right) > 190.5 {
                wrong.push(format!("page {page}: {word} is in the margin"));
            }
            if millimetres(top) < 8.0 || millimetres(bottom) > 294.0 {
                wrong.push(format!("page {page}: {word} is off the page"));
            }
            for (other, text) in &boxes[index + 1..] {
                let across = right.min(other[3]) - left.max(other[0]);
                // Boxes are as high as the font's tallest letter: neighbours touch a little.
                let down = bottom.min(other[2]) - top.max(other[1]);
                let height = (bottom - top).min(other[2] - other[1]);
                if across > 0.8 && down > 0.45 * height {
                    wrong.push(format!("page {page}: {word} and {text} overlap"));
                }
            }
        }
    }
    wrong
}

#[test]
fn nothing_overlaps_or_leaves_its_place() {
    let mut wordy = sample::quote(6, Language::De);
    let long = "Vereinigte Süddeutsche Schweißtechnik- und Anlagenbaugesellschaft ";
    wordy.sender.company = long.repeat(3);
    wordy.sender.tagline = long.repeat(3);
    wordy.sender.directors = "Dr. Maximiliane Freifrau von Hohenfels-Waldau, ".repeat(4);
    wordy.sender.website = "schweisstechnik-hohenfels-waldau-anlagenbau.example/start".into();
    wordy.recipient = (1..=40).map(|row| format!("Zeile {row} der Anschrift")).collect();
    wordy.number = "AN-2026-0123456789-0123456789-0123456789".into();
    wordy.revision = 17;
    wordy.is_draft = true;
    wordy.reference = "Bestellanfrage 4711/0815-2026 vom 3. November, Frau Öztürk".repeat(2);
    wordy.our_contact = "Maximiliane Freifrau von Hohenfels-Waldau zu Württemberg".into();
    wordy.subject = long.repeat(3);
    for line in &mut wordy.lines {
        line.article_number = "ABCDEF-123456/7890-XYZ-0000001-LANG".into();
        line.unit = "laufende Meter je Rolle".into();
        line.position = "1.02.0003a".into();
    }
    for paper in [
        sample::quote(1, Language::De),
        sample::quote(30, Language::En),
        variants::rates(),
        variants::signed(),
        QuotePaper::default(),
        wordy,
    ] {
        assert_eq!(misplaced(&paper), Vec::<String>::new());
    }
}

#[test]
fn huge_amounts_keep_their_columns() {
    let mut paper = sample::quote(5, Language::De);
    for line in &mut paper.lines {
        line.quantity = domain::Quantity(999_999_999_999);
        line.unit_price = domain::UnitPrice(-9_999_999_999_999);
        line.net = domain::Money(i64::MIN);
        line.discount = domain::Percent(9_999);
    }
    let totals = &mut paper.totals;
    for amount in [&mut totals.lines, &mut totals.net, &mut totals.gross, &mut totals.discount] {
        *amount = domain::Money(i64::MAX);
    }
    totals.taxes = vec![totals.taxes[0]; 3];
    for tax in &mut paper.totals.taxes {
        (tax.base, tax.tax) = (domain::Money(i64::MAX), domain::Money(i64::MIN));
    }
    assert_eq!(misplaced(&paper), Vec::<String>::new());
    assert!(Reader::of(&paper).text().contains("92.233.720.368.547.758,07"));
}

#[test]
fn the_address_keeps_its_name_street_and_town() {
    let mut paper = sample::quote(1, Language::De);
    paper.recipient = (1..=40).map(|row| format!("Zeile{row}")).collect();
    let text = Reader::of(&paper).text();
    for row in ["Zeile1\n", "Zeile2\n", "Zeile39\n", "Zeile40\n"] {
        assert!(text.contains(row), "{row}");
    }
    // It stays inside the window.
    assert!(place(&paper, "Zeile40").1 < 90.0);
}

#[test]
fn a_signature_stays_with_its_name_and_the_greeting() {
    for articles in 1..30 {
        let mut paper = sample::quote(articles, Language::De);
        paper.signature = variants::signed().signature;
        let pages = Reader::of(&paper).pages();
        let page = pages.iter().find(|page| page.contains("Auftrag erteilt")).expect("it");
        for word in
            ["Mit freundlichen Grüßen", "Dr. Anna Jäger", "Stuttgart, 21.11.2026, 10:42 Uhr"]
        {
            assert!(page.contains(word), "{articles} lines: {word}");
        }
    }
}
