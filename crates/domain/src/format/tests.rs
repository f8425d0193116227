use proptest::prelude::*;

use super::*;

const DE: Language = Language::De;
const EN: Language = Language::En;

#[test]
fn amounts_are_written_as_in_each_language() {
    for (cents, de, en) in [
        (459_999, "4.599,99\u{a0}€", "€4,599.99"),
        (-5, "\u{2212}0,05\u{a0}€", "\u{2212}€0.05"),
        (0, "0,00\u{a0}€", "€0.00"),
        (100, "1,00\u{a0}€", "€1.00"),
        (99_999, "999,99\u{a0}€", "€999.99"),
        (100_000, "1.000,00\u{a0}€", "€1,000.00"),
        (-123_456_789_012, "\u{2212}1.234.567.890,12\u{a0}€", "\u{2212}€1,234,567,890.12"),
        (
            i64::MIN,
            "\u{2212}92.233.720.368.547.758,08\u{a0}€",
            "\u{2212}€92,233,720,368,547,758.08",
        ),
    ] {
        assert_eq!(money(Money(cents), "EUR", DE), de);
        assert_eq!(money(Money(cents), "EUR", EN), en);
    }
    assert_eq!(money(Money(1), "CHF", DE), "0,01\u{a0}CHF");
    for (price, de) in
        [(749_000, "74,90"), (349, "0,0349"), (-10_001, "\u{2212}1,0001"), (123_450, "12,345")]
    {
        assert_eq!(unit_price(UnitPrice(price), DE), de);
    }
    for (thousandths, de, en) in [
        (2_000_000, "2\u{202f}000", "2\u{202f}000"),
        (1_500, "1,5", "1.5"),
        (1, "0,001", "0.001"),
        (-12_345_678, "\u{2212}12\u{202f}345,678", "\u{2212}12\u{202f}345.678"),
    ] {
        assert_eq!(quantity(Quantity(thousandths), DE), de);
        assert_eq!(quantity(Quantity(thousandths), EN), en);
    }
    assert_eq!(percent(Percent(1_900), DE), "19");
    assert_eq!(percent(Percent(250), DE), "2,5");
    for (cents, rounded) in
        [(9_640_049, "96.400\u{a0}€"), (50, "1\u{a0}€"), (-50, "\u{2212}1\u{a0}€")]
    {
        assert_eq!(money_round(Money(cents), DE), rounded);
    }
}

#[test]
fn amounts_are_read_in_either_convention() {
    for (text, language, cents) in [
        ("100,55", DE, Some(10_055)),
        ("100,55", EN, Some(10_055)),
        ("100.55", DE, Some(10_055)),
        ("100.55", EN, Some(10_055)),
        ("10.055,00", DE, Some(1_005_500)),
        ("10.055,00", EN, Some(1_005_500)),
        ("10,055.00", DE, Some(1_005_500)),
        ("10,055.00", EN, Some(1_005_500)),
        ("10.055", DE, Some(1_005_500)),
        ("10,055", EN, Some(1_005_500)),
        // A third decimal of money: neither rounded nor taken for thousands.
        ("10.055", EN, None),
        ("10,055", DE, None),
        ("32.000,00", DE, Some(3_200_000)),
        ("1.234.567,8", DE, Some(123_456_780)),
        ("1,234,567.8", DE, Some(123_456_780)),
        ("1.234.567", DE, Some(123_456_700)),
        ("-4 599,99 €", DE, Some(-459_999)),
        ("\u{2212}4.599,99\u{a0}€", DE, Some(-459_999)),
        ("- 5", DE, Some(-500)),
        ("€ 5", DE, Some(500)),
        ("+5", DE, Some(500)),
        ("4'599.50 CHF", DE, Some(459_950)),
        ("EUR 4.599,99", DE, Some(459_999)),
        (",5", DE, Some(50)),
        (".5", DE, Some(50)),
        ("5,", DE, Some(500)),
        ("0.500", DE, Some(50)),
        ("0,500", EN, Some(50)),
        ("1,500", DE, Some(150)),
        ("007", DE, Some(700)),
        // What is no number is none.
        ("1,234", DE, None),
        ("12.34.56", DE, None),
        ("1.2345,00", DE, None),
        ("1.23,45", DE, None),
        ("1000.000,00", DE, None),
        ("100 55", DE, None),
        ("1 000.000,00", DE, None),
        ("1.000 000,00", DE, None),
        ("1,5,5", DE, None),
        ("1..5", DE, None),
        ("1€2", DE, None),
        ("--5", DE, None),
        ("5-", DE, None),
        ("1e5", DE, None),
        ("0x10", DE, None),
        ("١٢", DE, None),
        (",", DE, None),
        (".", DE, None),
        ("-", DE, None),
        ("€", DE, None),
        ("EUR", DE, None),
        ("", DE, None),
        ("99999999999999999999", DE, None),
    ] {
        assert_eq!(parse_money(text, language), cents.map(Money), "{text} {language}");
    }
    assert_eq!(parse_quantity("1,5", DE), Some(Quantity(1_500)));
    assert_eq!(parse_quantity("2 000", DE), Some(Quantity(2_000_000)));
    assert_eq!(parse_quantity("1,2345", DE), None);
    assert_eq!(parse_percent("19 %", DE), Some(Percent(1_900)));
    assert_eq!(parse_unit_price("0,0349", DE), Some(UnitPrice(349)));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in -i64::MAX.., english in any::<bool>(), small in -2_000_000..2_000_000_i64) {
        let language = if english { EN } else { DE };
        for value in [value, small] {
            for currency in ["EUR", "USD", "GBP", "CHF", "SEK"] {
                let written = money(Money(value), currency, language);
                prop_assert_eq!(parse_money(&written, language), Some(Money(value)), "{}", written);
            }
            prop_assert_eq!(parse_money(&money_plain(Money(value), language), language), Some(Money(value)));
            let written = unit_price(UnitPrice(value), language);
            prop_assert_eq!(parse_unit_price(&written, language), Some(UnitPrice(value)), "{}", written);
            let written = quantity(Quantity(value), language);
            prop_assert_eq!(parse_quantity(&written, language), Some(Quantity(value)), "{}", written);
            let written = percent(Percent(value), language);
            prop_assert_eq!(parse_percent(&written, language), Some(Percent(value)), "{}", written);
        }
    }

    /// Two decimals are two decimals whatever the sign before them and the language.
    #[test]
    fn cents_never_become_euros(euros in 0..1_000_000_i64, cents in 0..100_i64, english in any::<bool>()) {
        let language = if english { EN } else { DE };
        let amount = Some(Money(euros * 100 + cents));
        prop_assert_eq!(parse_money(&format!("{euros},{cents:02}"), language), amount);
        prop_assert_eq!(parse_money(&format!("{euros}.{cents:02}"), language), amount);
    }

    #[test]
    fn no_text_makes_parsing_panic(text in any::<String>(), digits in "[-+0-9.,' €A-Z]{0,20}") {
        let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
        for text in [text, digits] {
            for language in [DE, EN] {
                let _ = (parse_money(&text, language), parse_quantity(&text, language));
            }
            let _ = parse_day(&text, today);
        }
    }

    #[test]
    fn days_are_read_back(days in 0..80_000_i32) {
        let day = Day::from_num_days_from_ce_opt(710_000 + days).unwrap();
        let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
        prop_assert_eq!(parse_day(&super::day(day, DE), today), Some(day));
        prop_assert_eq!(parse_day(&day.to_string(), today), Some(day));
        // Without a year: the next one, today included, and never more than a leap year away.
        let next = parse_day(&day_short(day, DE), today).unwrap();
        prop_assert!(next >= today && next < today + chrono::Days::new(366 * 4));
        prop_assert_eq!(day_short(next, DE), day_short(day, DE));
    }
}

#[test]
fn days_are_read_as_people_write_them() {
    let today = Day::from_ymd_opt(2026, 11, 21).unwrap();
    for (text, expected) in [
        ("27.11.", "2026-11-27"),
        ("21.11.", "2026-11-21"),
        ("20.11.", "2027-11-20"),
        ("3.1.", "2027-01-03"),
        ("29.2.", "2028-02-29"),
        ("1.2.27", "2027-02-01"),
        ("01.02.2027", "2027-02-01"),
        ("2026-12-24", "2026-12-24"),
        (" 24. 12. 2026 ", "2026-12-24"),
    ] {
        assert_eq!(parse_day(text, today), expected.parse().ok(), "{text}");
    }
    for text in [
        "31.02.2026",
        "31.4.",
        "0.1.2026",
        "13.13.",
        "1",
        "",
        "morgen",
        "1.2.3.4",
        "-1.2.",
        "0000-05-12",
        "12.5.20261",
        "+20261-05-12",
    ] {
        assert_eq!(parse_day(text, today), None, "{text}");
    }
}
