//! Writes sample quotes into a folder, for looking at, and says how long each takes once warm:
//! `cargo run --release -p kontor-paper --example sample -- FOLDER`.

#[path = "../tests/paper/sample.rs"]
mod sample;
#[path = "../tests/paper/variants.rs"]
mod variants;

use std::time::{Duration, Instant};

use domain::{Language, LineKind, Percent};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let long = vec!["Eine Beschreibung, die nicht enden will, mit vielen Worten. "; 300].concat();
    let long = [
        variants::line(LineKind::Article, "Kurz", 1_000, 1_000_000, 0),
        variants::line(LineKind::Article, &long, 1_000, 2_500_000, 0),
        variants::line(LineKind::Article, "Zuletzt", 1_000, 400_000, 0),
    ];
    for (name, paper) in [
        ("1-de", sample::quote(1, Language::De)),
        ("10-en", sample::quote(10, Language::En)),
        ("10-de", sample::quote(10, Language::De)),
        ("60-de", sample::quote(60, Language::De)),
        ("500-de", sample::quote(500, Language::De)),
        ("rates", variants::rates()),
        ("reverse-charge", variants::reverse_charge()),
        ("small-business", variants::small_business()),
        ("signed", variants::signed()),
        ("long", variants::with_lines(&long, Percent::ZERO, Language::De)),
    ] {
        let pdf = paper::render_quote(&paper)?;
        // The middle one: other programs on the machine are not ours to measure.
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..41 {
            let begin = Instant::now();
            paper::render_quote(&paper)?;
            times.push(begin.elapsed());
        }
        times.sort();
        println!("{name}: {} bytes, {:?}", pdf.len(), times[times.len() / 2]);
        std::fs::write(format!("{folder}/quote-{name}.pdf"), pdf)?;
    }
    Ok(())
}
