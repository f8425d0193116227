//! A believable quote of any length.

use domain::{Day, Language, LineKind, Money, Percent, Quantity, UnitPrice};
use paper::{PaperLine, PaperTotals, QuotePaper, Sender, TaxRow};

/// A quote with this many articles, and a text, an optional, an alternative and a subtotal line.
pub fn quote(articles: usize, language: Language) -> QuotePaper {
    let mut lines = Vec::new();
    let mut sum = Money::ZERO;
    for index in 0..articles {
        let (number, text, price) = ARTICLES[index % ARTICLES.len()];
        let quantity = Quantity::whole(1 + i64::try_from(index % 7).unwrap_or(0));
        let discount = Percent(if index % 5 == 4 { 800 } else { 0 });
        let net = UnitPrice(price).times(quantity, discount);
        sum += net;
        lines.push(PaperLine {
            position: (index + 1).to_string(),
            article_number: number.into(),
            description: text.into(),
            quantity,
            unit: "Stk".into(),
            unit_price: UnitPrice(price),
            discount,
            net,
            counts: true,
            ..PaperLine::default()
        });
    }
    if articles > 4 {
        lines.insert(
            2,
            PaperLine {
                kind: LineKind::Text,
                description: "Alle Geräte werden eingestellt und geprüft geliefert.".into(),
                ..PaperLine::default()
            },
        );
        let net = UnitPrice(6_890_000).times(Quantity::whole(1), Percent::ZERO);
        lines.insert(
            4,
            PaperLine {
                kind: LineKind::Optional,
                position: "4a".into(),
                article_number: "KA-5".into(),
                description: "Kühlaggregat 5 l".into(),
                quantity: Quantity::whole(1),
                unit: "Stk".into(),
                unit_price: UnitPrice(6_890_000),
                net,
                ..PaperLine::default()
            },
        );
        let subtotal: Money = lines.iter().filter(|line| line.counts).map(|line| line.net).sum();
        lines.push(PaperLine {
            kind: LineKind::Subtotal,
            description: "Zwischensumme Ausstattung".into(),
            net: subtotal,
            ..PaperLine::default()
        });
    }
    let tax = sum.percent(Percent::whole(19));
    let gross = sum + tax;
    let day = |text: &str| text.parse::<Day>().unwrap_or_default();
    QuotePaper {
        language,
        sender: sender(),
        recipient: [
            "Müller & Söhne Metallbau GmbH",
            "Frau Dr. Anna Jäger",
            "Industriestraße 14a",
            "70565 Stuttgart",
        ]
        .map(String::from)
        .into(),
        number: "AN-2026-0431".into(),
        revision: 1,
        subject: "Schweißzelle Linie 3".into(),
        date: day("2026-11-21"),
        valid_until: day("2026-12-21"),
        customer_number: "K-10482".into(),
        our_contact: "Maren Krüger".into(),
        our_phone: "040 123456-78".into(),
        our_email: "m.krueger@krueger-schweisstechnik.example".into(),
        salutation: "Sehr geehrte Frau Dr. Jäger,".into(),
        intro: "vielen Dank für das Gespräch heute an Ihrer Linie 3. Wir bieten Ihnen an:".into(),
        lines,
        currency: "EUR".into(),
        totals: PaperTotals {
            lines: sum,
            net: sum,
            taxes: vec![TaxRow { rate: Percent::whole(19), base: sum, tax, ..TaxRow::default() }],
            gross,
            ..PaperTotals::default()
        },
        due_days: Some(30),
        skonto: Some((
            Percent::whole(2),
            day("2026-12-01"),
            gross.percent(Percent::whole(2)),
            gross - gross.percent(Percent::whole(2)),
        )),
        delivery: "Lieferzeit etwa 2 Wochen ab Auftragseingang, frei Haus.".into(),
        closing: "Wir freuen uns auf Ihren Auftrag. Für Fragen sind wir jederzeit für Sie da."
            .into(),
        ..QuotePaper::default()
    }
}

fn sender() -> Sender {
    Sender {
        company: "Krüger Schweißtechnik GmbH".into(),
        tagline: "Schweißtechnik".into(),
        accent: "#0f5a66".into(),
        street: "Hafenstr. 3".into(),
        city: "20457 Hamburg".into(),
        phone: "040 123456-0".into(),
        email: "info@krueger-schweisstechnik.example".into(),
        website: "krueger-schweisstechnik.example".into(),
        bank: "Hamburger Sparkasse".into(),
        iban: "DE89370400440532013000".into(),
        bic: "HASPDEHHXXX".into(),
        register_court: "Amtsgericht Hamburg".into(),
        register_number: "HRB 12345".into(),
        seat: "Hamburg".into(),
        directors: "Maren Krüger, Thomas Lorenz".into(),
        vat_id: "DE811907980".into(),
        tax_number: "27/123/45678".into(),
        ..Sender::default()
    }
}

const ARTICLES: [(&str, &str, i64); 6] = [
    (
        "WIG-200-P",
        "WIG-Schweißgerät 200 A Puls\nInverter, HF-Zündung, 4-Takt, mit Koffer und Massekabel 4 m",
        24_890_000,
    ),
    ("BR-26-8", "Schutzgasbrenner 26, 8 m, wassergekühlt", 3_180_000),
    ("DL-EIN", "Einweisung vor Ort, ½ Tag", 4_200_000),
    ("DR-12-15", "Schweißdraht 1.4316 1,2 mm, 15 kg", 749_000),
    ("SH-AUTO", "Automatik-Schweißhelm DIN 9–13\nmit Ersatzscheiben", 1_295_000),
    ("AR-20", "Argon 4.6, Flasche 20 l", 349),
];
