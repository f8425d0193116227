//! How wide text is, and where it breaks.

use std::{collections::HashMap, sync::LazyLock};

use ttf_parser::Face;

pub(crate) const REGULAR: &[u8] = include_bytes!("../fonts/OpenSans-Regular.ttf");
pub(crate) const BOLD: &[u8] = include_bytes!("../fonts/OpenSans-Bold.ttf");

/// Millimetres in a point.
pub(crate) const POINT: f32 = 25.4 / 72.0;

static FACES: LazyLock<[Metrics; 2]> = LazyLock::new(|| [Metrics::of(REGULAR), Metrics::of(BOLD)]);

/// Characters below this have kerning: Latin-1 is what German and English are written in.
const KERNED: usize = 0x100;

/// A font's measures, in thousandths of its size.
struct Metrics {
    /// The advance of each character of the Basic Multilingual Plane up to U+2FFF; none where
    /// the font has no such glyph.
    widths: Vec<Option<f32>>,
    /// How much closer (negative) or farther two characters stand, by first and second.
    kerning: Vec<i16>,
}

impl Metrics {
    fn of(font: &'static [u8]) -> Self {
        // Both fonts are compiled in; a test reads them.
        let Ok(face) = Face::parse(font, 0) else {
            return Self { widths: Vec::new(), kerning: Vec::new() };
        };
        let em = f32::from(face.units_per_em());
        let width = |code: u32| {
            let glyph = face.glyph_index(char::from_u32(code)?)?;
            Some(f32::from(face.glyph_hor_advance(glyph)?) / em * 1_000.0)
        };
        let widths = (0..0x3000).map(width).collect();
        Self { widths, kerning: kerning_of(&face).unwrap_or_default() }
    }

    fn char(&self, char: char) -> Option<f32> {
        self.widths.get(usize::try_from(u32::from(char)).ok()?).copied().flatten()
    }

    fn pair(&self, left: char, right: char) -> i16 {
        let at = |char| usize::try_from(u32::from(char)).ok().filter(|code| *code < KERNED);
        let place = at(left).zip(at(right)).map(|(left, right)| left * KERNED + right);
        place.and_then(|place| self.kerning.get(place)).copied().unwrap_or(0)
    }
}

/// Reads all pairs of the font's `kern` table (OpenType, format 0) at once: asking for each pair
/// of characters would take longer than laying a quote out.
fn kerning_of(face: &Face<'_>) -> Option<Vec<i16>> {
    let table = face.raw_face().table(ttf_parser::Tag::from_bytes(b"kern"))?;
    let number = |at: usize| Some(u16::from_be_bytes([*table.get(at)?, *table.get(at + 1)?]));
    let mut chars: HashMap<u16, Vec<usize>> = HashMap::new();
    for code in 0..KERNED {
        let char = u32::try_from(code).ok().and_then(char::from_u32);
        if let Some(glyph) = char.and_then(|char| face.glyph_index(char)) {
            chars.entry(glyph.0).or_default().push(code);
        }
    }
    let em = i64::from(face.units_per_em());
    let mut kerning = vec![0; KERNED * KERNED];
    // Behind the table's and its first part's head: number of pairs, search help, pairs.
    for pair in 0..usize::from(number(10)?) {
        let at = 18 + pair * 6;
        let (left, right) = (chars.get(&number(at)?), chars.get(&number(at + 2)?));
        let units = i64::from(number(at + 4)?.cast_signed());
        for (left, right) in left
            .into_iter()
            .flatten()
            .flat_map(|left| right.into_iter().flatten().map(move |right| (left, right)))
        {
            kerning[left * KERNED + right] = i16::try_from(units * 1_000 / em).unwrap_or(0);
        }
    }
    Some(kerning)
}

/// How much closer (negative) two characters stand than they would alone, in thousandths of the
/// type's size.
pub(crate) fn kerning(bold: bool, left: char, right: char) -> i16 {
    FACES[usize::from(bold)].pair(left, right)
}

/// A type size and weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    /// Points.
    pub(crate) size: u8,
    /// Whether it is bold.
    pub(crate) bold: bool,
}

impl Type {
    pub(crate) const fn plain(size: u8) -> Self {
        Self { size, bold: false }
    }

    pub(crate) const fn bold(size: u8) -> Self {
        Self { size, bold: true }
    }

    /// From line to line, in millimetres.
    pub(crate) fn leading(self) -> f32 {
        f32::from(self.size) * 1.36 * POINT
    }

    /// How wide a text is, in millimetres.
    pub(crate) fn width(self, text: &str) -> f32 {
        let mut run = Run::new(self);
        text.chars().for_each(|char| run.push(char));
        run.width()
    }

    /// The same, smaller where the text would be wider than this many millimetres, but not
    /// smaller than `least`.
    pub(crate) fn fitted(self, text: &str, width: f32, least: u8) -> Self {
        let mut kind = self;
        while kind.size > least && kind.width(text) > width {
            kind.size -= 1;
        }
        kind
    }
}

/// The text, or as much of it as is not wider than this many millimetres, with an ellipsis.
pub(crate) fn cut(text: &str, kind: Type, width: f32) -> String {
    let text = printable(text);
    if kind.width(&text) <= width {
        return text;
    }
    let mut run = Run::new(kind);
    let kept: String = text
        .chars()
        .take_while(|char| {
            run.push(*char);
            let mut with_dots = run;
            with_dots.push('…');
            with_dots.width() <= width
        })
        .collect();
    kept.trim_end().to_owned() + "…"
}

/// Text being measured, character by character.
#[derive(Clone, Copy)]
struct Run {
    kind: Type,
    thousandths: f32,
    last: Option<char>,
}

impl Run {
    fn new(kind: Type) -> Self {
        Self { kind, thousandths: 0.0, last: None }
    }

    fn push(&mut self, char: char) {
        let metrics = &FACES[usize::from(self.kind.bold)];
        if let Some(last) = self.last {
            self.thousandths += f32::from(metrics.pair(last, char));
        }
        self.thousandths += metrics.char(char).unwrap_or(600.0);
        self.last = Some(char);
    }

    fn width(self) -> f32 {
        self.thousandths / 1_000.0 * f32::from(self.kind.size) * POINT
    }
}

/// What the fonts can print of a text: letters and accents made one, other blanks become blanks,
/// signs that have a plain spelling take it, characters without a glyph a question mark, control
/// characters nothing.
pub(crate) fn printable(text: &str) -> String {
    let [regular, bold] = &*FACES;
    let text = domain::compose(text);
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            ' '..='~' | '\n' => out.push(char),
            '\t' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                out.push('\u{a0}');
            }
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{300}'..='\u{36f}' => {}
            _ if char.is_control() => {}
            _ if regular.char(char).is_some() && bold.char(char).is_some() => out.push(char),
            _ => out.push_str(plain(char)),
        }
    }
    out
}

/// How a sign is written that the fonts lack.
fn plain(char: char) -> &'static str {
    match char {
        '\u{2010}'..='\u{2012}' | '\u{2212}' => "-",
        '\u{2015}' => "–",
        'ẞ' => "SS",
        '⌀' => "Ø",
        'Ω' => "Ohm",
        '≤' => "<=",
        '≥' => ">=",
        '≈' => "ca.",
        '→' => "->",
        '←' => "<-",
        '•' | '‣' | '▪' | '●' => "·",
        '′' => "'",
        '″' => "\"",
        '⁰' | '₀' => "0",
        '₁' => "1",
        '₂' => "2",
        '₃' => "3",
        '⁴' | '₄' => "4",
        _ => "?",
    }
}

/// Breaks text into lines no wider than this many millimetres: at line ends, at blanks, after
/// hyphens and slashes, and inside a word only when it is wider than a line.
pub(crate) fn wrap(text: &str, kind: Type, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in printable(text).split('\n') {
        let mut line = String::new();
        let mut run = Run::new(kind);
        for piece in pieces(paragraph) {
            let mut longer = run;
            piece.trim_end().chars().for_each(|char| longer.push(char));
            if longer.width() > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                run = Run::new(kind);
            }
            let piece = if line.is_empty() { piece.trim_start_matches(' ') } else { piece };
            let must_break = line.is_empty() && kind.width(piece.trim_end()) > width;
            for char in piece.chars() {
                let mut longer = run;
                longer.push(char);
                if must_break && longer.width() > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    longer = Run::new(kind);
                    longer.push(char);
                }
                line.push(char);
                run = longer;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A paragraph in the pieces between which it may break.
fn pieces(paragraph: &str) -> impl Iterator<Item = &str> {
    paragraph.split_inclusive([' ', '-', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_too_wide_and_lose_nothing() {
        let kind = Type::plain(9);
        let long = "x".repeat(300);
        for text in [
            "Schutzgasbrenner 26, 8 m, wassergekühlt",
            &long,
            "",
            "a\n\nb",
            "ß€ẞŁőğ 😀 \u{7} עברית",
        ] {
            for width in [1.0, 20.0, 80.0] {
                let lines = wrap(text, kind, width);
                for line in &lines {
                    let one = line.chars().count() <= 1;
                    assert!(one || kind.width(line) <= width + 0.01, "{line}");
                }
                let kept = |text: &str| text.replace([' ', '\n'], "");
                assert_eq!(kept(&lines.concat()), kept(&printable(text)));
            }
        }
    }

    #[test]
    fn the_fonts_have_what_european_names_need() {
        let text = "ÄÖÜäöüß€§Łódź Škoda İğüş Ñandú Ærø Çağ „“–…·";
        assert_eq!(printable(text), text);
        assert_eq!(printable("STRAẞE, CO₂, Mu\u{308}ller"), "STRASSE, CO2, Müller");
    }
}
