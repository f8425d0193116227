//! Writes sample quotes into a folder, for looking at: `cargo run -p kontor-paper --example sample -- FOLDER`.

#[path = "../tests/sample.rs"]
mod sample;

use domain::Language;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    for (articles, language) in [
        (1, Language::De),
        (10, Language::En),
        (10, Language::De),
        (60, Language::De),
        (500, Language::De),
    ] {
        let paper = sample::quote(articles, language);
        let pdf = paper::render_quote(&paper)?;
        let begin = std::time::Instant::now();
        for _ in 0..5 {
            paper::render_quote(&paper)?;
        }
        let each = begin.elapsed() / 5;
        println!("{articles} lines, {language}: {} bytes, {each:?}", pdf.len());
        std::fs::write(format!("{folder}/quote-{articles}-{language}.pdf"), pdf)?;
    }
    Ok(())
}
