use std::collections::BTreeSet;

use domain::number::{check_pattern, counting_year, render};
use proptest::prelude::*;

#[test]
fn patterns_are_told_from_others() {
    for (pattern, first, later) in [
        ("AN-{year}-{n:4}", "AN-2026-0001", "AN-2026-10482"),
        ("K-{n:5}", "K-00001", "K-10482"),
        ("{n}", "1", "10482"),
        ("{n:1}/{year}", "1/2026", "10482/2026"),
        ("{year}{n:12}", "2026000000000001", "2026000000010482"),
        ("Ängebot № {n}", "Ängebot № 1", "Ängebot № 10482"),
    ] {
        assert!(check_pattern(pattern).is_ok(), "{pattern}");
        assert_eq!(render(pattern, 2026, 1), first);
        assert_eq!(render(pattern, 2026, 10_482), later);
        assert_eq!(counting_year(pattern, 2026), if pattern.contains("year") { 2026 } else { 0 });
    }
    for pattern in [
        "",
        "AN",
        "{year}",
        "{n}{n}",
        "{n:4}-{n}",
        "{n",
        "n}",
        "{n:}",
        "{n:x}",
        "{n:-1}",
        "{n:13}",
        "{n:99999999999999999999}",
        "{m}-{n}",
        "{n}{",
        "{{n}}",
        "{N}",
        "{n }",
        "{ n }",
        "A number pattern that is longer than people read {n}",
    ] {
        assert!(check_pattern(pattern).is_err(), "{pattern}");
    }
}

proptest! {
    /// A pattern that is let through never makes the same number twice.
    #[test]
    fn numbers_differ(pattern in "[A-Z-]{0,4}(\\{year\\})?[-/]{0,2}\\{n(:([0-9]|1[0-2]))?\\}[A-Z]{0,3}", from in 0..100_000_i64) {
        prop_assert!(check_pattern(&pattern).is_ok());
        let numbers: BTreeSet<String> = (from..from + 200).map(|n| render(&pattern, 2026, n)).collect();
        prop_assert_eq!(numbers.len(), 200);
    }

    #[test]
    fn no_pattern_makes_it_panic(pattern in any::<String>(), braces in "[{}n:year0-9]{0,20}", number in any::<i64>()) {
        for pattern in [pattern, braces] {
            let _ = (check_pattern(&pattern), render(&pattern, 2026, number));
        }
    }
}
