//! Sums on paper: read off the pages and computed apart.

use domain::{Language, LineKind, Money, Percent, QuoteLine, TaxKind, format};
use paper::QuotePaper;

use crate::{
    reader::{Reader, squeezed},
    sample, variants,
};

/// The amount at a row's end.
fn amount(row: &str) -> Option<Money> {
    let last = row.split_whitespace().last()?;
    last.contains(',').then(|| format::parse_money(last, Language::De)).flatten()
}

/// Each page's sums carried forward, and the sum of the lines that begin on it. A line is known
/// by its position at the row's beginning.
fn read(paper: &QuotePaper) -> Vec<(Vec<Money>, Money)> {
    let read_page = |page: &String| {
        let rows = page.lines().map(str::trim);
        let carried =
            rows.clone().filter(|row| row.starts_with("Übertrag")).filter_map(amount).collect();
        let positions = rows.filter_map(|row| row.split_whitespace().next());
        let on_it = |position: &str| {
            let line = paper.lines.iter().find(|line| line.position == position);
            line.filter(|line| line.counts).map(|line| line.net)
        };
        // Address and footer have rows that begin with numbers as well: only the table's count.
        (carried, positions.filter_map(on_it).sum())
    };
    Reader::of(paper).pages().iter().map(read_page).collect()
}

#[test]
fn the_sum_is_carried_over_each_page_break() {
    for articles in [1, 10, 40, 61, 500] {
        let mut paper = sample::quote(articles, Language::De);
        // Unlike anything else on the pages.
        for line in paper.lines.iter_mut().filter(|line| !line.position.is_empty()) {
            line.position.insert(0, '#');
        }
        let pages = read(&paper);
        assert_eq!(pages.len() > 1, articles > 1);
        let mut sum = Money::ZERO;
        for (index, (carried, on_page)) in pages.iter().enumerate() {
            let (is_first, is_last) = (index == 0, index + 1 == pages.len());
            let before = sum;
            sum += *on_page;
            let expected: Vec<Money> = match (is_first, is_last) {
                (true, true) => vec![],
                (true, false) => vec![sum],
                (false, true) => vec![before],
                (false, false) => vec![before, sum],
            };
            assert_eq!(carried, &expected, "page {} of {articles} lines", index + 1);
        }
        assert_eq!(sum, paper.totals.lines);
    }
}

#[test]
fn the_table_has_its_header_on_each_page_and_ends_with_its_totals() {
    let reader = Reader::of(&sample::quote(500, Language::De));
    let pages = reader.pages();
    for page in &pages {
        assert_eq!(page.matches("Beschreibung").count(), 1);
        assert_eq!(page.matches("Einzelpreis").count(), 1);
        // A header is never the last thing on its page.
        let below = page.split_once("Beschreibung").expect("a header").1;
        assert!(below.lines().filter(|line| !line.trim().is_empty()).count() > 8);
    }
    let last = pages.last().expect("a page");
    for word in ["Nettobetrag", "zuzüglich 19 % USt.", "Gesamtbetrag"] {
        assert!(last.contains(word), "{word}");
        assert_eq!(pages.iter().filter(|page| page.contains(word)).count(), 1, "{word}");
    }
}

/// Whatever the number of lines, the totals stand together below at least one line.
#[test]
fn the_totals_never_stand_alone() {
    for articles in 1..40 {
        let paper = sample::quote(articles, Language::De);
        let pages = Reader::of(&paper).pages();
        let page = pages.iter().find(|page| page.contains("Nettobetrag")).expect("totals");
        assert!(page.contains("Gesamtbetrag"), "{articles} lines");
        let above = page.split_once("Nettobetrag").expect("totals").0;
        let lines = above.split_once("Beschreibung").expect("a header").1;
        assert!(amounts_in(lines) >= 1, "{articles} lines:\n{page}");
        let greeting = pages.iter().find(|page| page.contains("Mit freundlichen Grüßen"));
        let after = greeting.expect("a greeting").split_once("Grüßen").expect("it").1;
        assert!(after.contains("Maren Krüger"), "{articles} lines");
    }
}

fn amounts_in(lines: &str) -> usize {
    lines.lines().filter(|row| !row.contains("Übertrag") && amount(row).is_some()).count()
}

#[test]
fn offered_lines_stand_in_brackets_and_are_not_summed() {
    let text = squeezed(&Reader::of(&variants::rates()).text());
    // 2.489,00 less 5 %; the alternative has a price and is in no sum.
    for part in [
        "2.364,55",
        "(3.150,00)",
        "Alternative, nicht in der Summe enthalten",
        "Zwischensumme 2.364,55",
        "Zwischensumme Bücher 99,00",
        // 2.364,55 + 99,00, less 3,5 % of it.
        "Summe der Positionen 2.463,55 €",
        "abzüglich 3,5 % Rabatt \u{2212}86,22 €",
        "Nettobetrag 2.377,33 €",
        "zuzüglich 19 % USt. auf 2.281,80 € 433,54 €",
        "zuzüglich 7 % USt. auf 95,53 € 6,69 €",
        "Gesamtbetrag 2.817,56 €",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn notes_that_the_law_wants_are_printed() {
    let text = squeezed(&Reader::of(&variants::reverse_charge()).text());
    assert!(text.contains("Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG)."));
    assert!(text.contains("Nettobetrag 2.940,00 € Gesamtbetrag 2.940,00 €"), "{text}");
    let text = squeezed(&Reader::of(&variants::small_business()).text());
    assert!(text.contains("Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."));
    assert!(text.contains("Nettobetrag 189,00 € Gesamtbetrag 189,00 €"), "{text}");
    assert!(text.contains("Zahlbar sofort ohne Abzug."));
}

/// A rate of 0 % is a rate (§ 12 (3) UStG); what is exempt has a reason instead of one.
#[test]
fn only_what_bears_tax_names_a_rate() {
    let untaxed = |kind, text: &str| QuoteLine {
        tax_rate: Percent::ZERO,
        tax_kind: kind,
        ..variants::line(LineKind::Article, text, 1_000, 1_000_000, 0)
    };
    let solar = untaxed(TaxKind::Zero, "Solarmodul");
    let export = untaxed(TaxKind::Export, "Versand nach Oslo");
    let text = |lines: &[QuoteLine]| {
        let paper = variants::with_lines(lines, Percent::ZERO, Language::De);
        squeezed(&Reader::of(&paper).text())
    };
    assert!(text(std::slice::from_ref(&solar)).contains("zuzüglich 0 % USt. 0,00 €"));
    let both = text(&[solar, export]);
    assert!(both.contains("zuzüglich 0 % USt. auf 100,00 € 0,00 €"), "{both}");
    assert!(both.contains("ohne USt.: 100,00 € 0,00 €"), "{both}");
}

#[test]
fn skonto_has_its_date_and_amounts_and_is_not_taken_off() {
    let paper = sample::quote(1, Language::De);
    // 2.489,00 + 19 % = 2.961,91; 2 % of it = 59,24
    let text = squeezed(&Reader::of(&paper).text());
    let skonto = "Zahlbar innerhalb von 30 Tagen ohne Abzug. Bei Zahlung bis 01.12.2026 2 % \
                  Skonto: 59,24 € Abzug, zu zahlen 2.902,67 €.";
    assert!(text.contains(skonto), "{text}");
    assert!(text.contains("Gesamtbetrag 2.961,91 €"));
}

/// A line of several pages: its amount is on the first, and from there on in the sums.
#[test]
fn a_torn_line_is_carried_with_its_amount() {
    let long = vec!["Beschreibung der Anlage in vielen Worten"; 200].join("\n");
    let lines = [
        variants::line(LineKind::Article, "Eins", 1_000, 1_000_000, 0),
        variants::line(LineKind::Article, &long, 1_000, 2_500_000, 0),
        variants::line(LineKind::Article, "Drei", 1_000, 400_000, 0),
    ];
    let paper = variants::with_lines(&lines, Percent::ZERO, Language::De);
    let pages = Reader::of(&paper).pages();
    assert!(pages.len() >= 3);
    for page in &pages[..pages.len() - 1] {
        assert!(page.contains("350,00"), "{page}");
        // The break leaves several rows on either side.
        assert!(page.matches("der Anlage").count() >= 2);
    }
    let words = pages.iter().map(|page| page.matches("der Anlage").count()).sum::<usize>();
    assert_eq!(words, 200);
}
