//! Any quote that the domain lets through becomes a paper with all its words and sums.

use domain::{Language, LineKind, Percent, QuoteLine, format, quote::totals};
use proptest::prelude::*;

use crate::{reader::Reader, variants};

fn lines() -> impl Strategy<Value = Vec<QuoteLine>> {
    let description = "[a-zäöüA-ZÄÖÜß0-9€§½.,]{1,12}( [a-zäöüA-ZÄÖÜß0-9€§½.,]{1,12}){0,30}";
    let line = (
        0..LineKind::ALL.len(),
        description,
        -5_000_000..5_000_000_i64,
        -1_000_000_000..1_000_000_000_i64,
        0..=10_000_i64,
        0..3_usize,
    );
    let line = line.prop_map(|(kind, text, quantity, price, off, rate)| QuoteLine {
        tax_rate: Percent([1_900, 700, 0][rate]),
        ..variants::line(LineKind::ALL[kind], &text, quantity, price, off)
    });
    proptest::collection::vec(line, 0..40)
}

/// poppler writes every blank as the plain one.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn words_and_sums_are_on_paper(
        lines in lines(),
        discount in 0..=10_000_i64,
        english in any::<bool>(),
        draft in any::<bool>(),
    ) {
        let language = if english { Language::En } else { Language::De };
        let mut paper = variants::with_lines(&lines, Percent(discount), language);
        paper.is_draft = draft;
        let reader = Reader::of(&paper);
        reader.check();
        let text = plain(&reader.text());
        for line in &lines {
            for word in line.description.split(' ') {
                prop_assert!(text.contains(word), "{}", word);
            }
        }
        let sums = totals(&lines, Percent(discount));
        let money = |amount| plain(&format::money(amount, "EUR", language));
        let label = if english { "Total" } else { "Gesamtbetrag" };
        let gross = format!("{label} {}", money(sums.gross));
        prop_assert!(text.contains(&gross), "{} in\n{}", gross, text);
        for share in &sums.taxes {
            prop_assert!(text.contains(&money(share.tax)));
        }
        prop_assert!(text.contains(&money(sums.net)));
    }

    /// Texts of any characters whatever, in every place.
    #[test]
    fn no_text_makes_it_panic(texts in proptest::collection::vec(any::<String>(), 12)) {
        let line = variants::line(LineKind::Article, &texts[0], 1_000, 10_000, 0);
        let line = QuoteLine { unit: texts[1].clone(), article_number: texts[2].clone(), ..line };
        let mut paper = variants::with_lines(&[line], Percent::ZERO, Language::De);
        paper.number.clone_from(&texts[3]);
        paper.subject.clone_from(&texts[4]);
        paper.recipient.clone_from(&texts);
        paper.intro.clone_from(&texts[5]);
        paper.sender.company.clone_from(&texts[6]);
        paper.sender.iban.clone_from(&texts[7]);
        paper.sender.accent.clone_from(&texts[8]);
        paper.currency.clone_from(&texts[9]);
        paper.our_contact.clone_from(&texts[10]);
        paper.tax_notes = vec![texts[11].clone()];
        let pdf = paper::render_quote(&paper).expect("a PDF");
        prop_assert!(paper::page_count(&pdf) >= 1);
        prop_assert_eq!(paper::preview_quote(&paper).expect("a preview").is_empty(), false);
    }
}
