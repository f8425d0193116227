//! Quotes that show what the plain sample does not, with their totals from the domain.

use domain::{
    Language, LineKind, Money, Percent, Quantity, QuoteLine, TaxKind, UnitPrice,
    quote::{subtotals, totals},
};
use image::{ImageOutputFormat, RgbaImage};
use paper::{PaperLine, PaperSignature, PaperTotals, QuotePaper, TaxRow};

use crate::sample;

/// A line of the domain: 1/1000, 1/10 000 €, 1/100 %.
pub fn line(kind: LineKind, text: &str, quantity: i64, price: i64, off: i64) -> QuoteLine {
    QuoteLine {
        kind,
        description: text.into(),
        quantity: Quantity(quantity),
        unit: "Stk".into(),
        unit_price: UnitPrice(price),
        discount: Percent(off),
        tax_rate: Percent::whole(19),
        ..QuoteLine::default()
    }
}

/// The sample letter with these lines, and totals as the domain computes them.
pub fn with_lines(lines: &[QuoteLine], discount: Percent, language: Language) -> QuotePaper {
    let sums = totals(lines, discount);
    let mut position = 0;
    let paper_line = |(line, subtotal): (&QuoteLine, Option<Money>)| {
        let numbered = !matches!(line.kind, LineKind::Text | LineKind::Subtotal);
        position += i32::from(numbered);
        PaperLine {
            kind: line.kind,
            position: if numbered { position.to_string() } else { String::new() },
            article_number: line.article_number.clone(),
            description: line.description.clone(),
            quantity: line.quantity,
            unit: line.unit.clone(),
            unit_price: line.unit_price,
            discount: line.discount,
            net: subtotal.unwrap_or_else(|| line.net()),
            counts: line.counts(),
        }
    };
    QuotePaper {
        lines: lines.iter().zip(subtotals(lines)).map(paper_line).collect(),
        totals: PaperTotals {
            lines: sums.lines,
            discount_percent: discount,
            discount: sums.discount,
            net: sums.net,
            taxes: sums
                .taxes
                .iter()
                .map(|share| TaxRow {
                    rate: share.rate,
                    kind: share.kind,
                    base: share.base,
                    tax: share.tax,
                })
                .collect(),
            gross: sums.gross,
        },
        skonto: None,
        ..sample::quote(0, language)
    }
}

/// Two rates, a discount on the whole, an alternative, a text and two subtotals.
pub fn rates() -> QuotePaper {
    let book = QuoteLine {
        tax_rate: Percent::whole(7),
        tax_kind: TaxKind::Reduced,
        ..line(LineKind::Article, "Handbuch Schweißtechnik", 2_000, 495_000, 0)
    };
    let lines = [
        line(LineKind::Article, "WIG-Schweißgerät 200 A", 1_000, 24_890_000, 500),
        line(LineKind::Alternative, "WIG-Schweißgerät 300 A", 1_000, 31_500_000, 0),
        line(LineKind::Subtotal, "", 0, 0, 0),
        line(LineKind::Text, "Zum Nachschlagen:", 0, 0, 0),
        book,
        line(LineKind::Subtotal, "Zwischensumme Bücher", 0, 0, 0),
    ];
    with_lines(&lines, Percent(350), Language::De)
}

/// Tax is owed by the recipient.
pub fn reverse_charge() -> QuotePaper {
    let service = QuoteLine {
        tax_rate: Percent::ZERO,
        tax_kind: TaxKind::ReverseCharge,
        ..line(LineKind::Article, "Montage vor Ort", 3_000, 9_800_000, 0)
    };
    QuotePaper {
        tax_notes: vec!["Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).".into()],
        ..with_lines(&[service], Percent::ZERO, Language::De)
    }
}

/// No tax at all.
pub fn small_business() -> QuotePaper {
    let service = QuoteLine {
        tax_rate: Percent::ZERO,
        tax_kind: TaxKind::SmallBusiness,
        ..line(LineKind::Article, "Reparatur Schlauchpaket", 1_000, 1_890_000, 0)
    };
    QuotePaper {
        tax_notes: vec!["Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.".into()],
        due_days: Some(0),
        ..with_lines(&[service], Percent::ZERO, Language::De)
    }
}

/// A PNG with a stroke through it.
pub fn stroke(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, y| {
        let on = (x * height).abs_diff(y * width) < 2 * width.max(height);
        image::Rgba(if on { [20, 30, 120, 255] } else { [0, 0, 0, 0] })
    });
    let mut png = std::io::Cursor::new(Vec::new());
    // Writing to memory does not fail; if it did, nothing would be no image, and tests would say so.
    let _ = picture.write_to(&mut png, ImageOutputFormat::Png);
    png.into_inner()
}

/// Signed at the customer's, with a logo.
pub fn signed() -> QuotePaper {
    let mut paper = sample::quote(3, Language::De);
    paper.revision = 2;
    paper.sender.logo = Some(stroke(240, 60));
    paper.signature = Some(PaperSignature {
        image: stroke(400, 90),
        name: "Dr. Anna Jäger".into(),
        place: "Stuttgart".into(),
        at: "21.11.2026, 10:42 Uhr".into(),
    });
    paper
}
