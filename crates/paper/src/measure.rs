//! How wide text is, and where it breaks.

use std::sync::LazyLock;

use ttf_parser::Face;

pub(crate) const REGULAR: &[u8] = include_bytes!("../fonts/OpenSans-Regular.ttf");
pub(crate) const BOLD: &[u8] = include_bytes!("../fonts/OpenSans-Bold.ttf");

/// Millimetres in a point.
pub(crate) const POINT: f32 = 25.4 / 72.0;

static FACES: LazyLock<[Widths; 2]> = LazyLock::new(|| [Widths::of(REGULAR), Widths::of(BOLD)]);

/// The advance of each character of the Basic Multilingual Plane up to U+2FFF, per em; none
/// where the font has no such glyph.
struct Widths(Vec<Option<f32>>);

impl Widths {
    fn of(font: &'static [u8]) -> Self {
        // Both fonts are compiled in; a test reads them.
        let Ok(face) = Face::parse(font, 0) else { return Self(Vec::new()) };
        let em = f32::from(face.units_per_em());
        let width = |code: u32| {
            let glyph = face.glyph_index(char::from_u32(code)?)?;
            Some(f32::from(face.glyph_hor_advance(glyph)?) / em)
        };
        Self((0..0x3000).map(width).collect())
    }

    fn char(&self, char: char) -> Option<f32> {
        self.0.get(usize::try_from(u32::from(char)).ok()?).copied().flatten()
    }
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
        let widths = &FACES[usize::from(self.bold)];
        let em: f32 = text.chars().map(|char| widths.char(char).unwrap_or(0.6)).sum();
        em * f32::from(self.size) * POINT
    }
}

/// What the fonts can print of a text: other blanks become blanks, characters without a glyph
/// a question mark, control characters nothing.
pub(crate) fn printable(text: &str) -> String {
    let [regular, bold] = &*FACES;
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => out.push('\n'),
            '\t' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => out.push('\u{a0}'),
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{300}'..='\u{36f}' => {}
            _ if char.is_control() => {}
            _ if regular.char(char).is_some() && bold.char(char).is_some() => out.push(char),
            '\u{2212}' => out.push('-'),
            _ => out.push('?'),
        }
    }
    out
}

/// Breaks text into lines no wider than this many millimetres: at line ends, at blanks, after
/// hyphens and slashes, and inside a word only when it is wider than a line.
pub(crate) fn wrap(text: &str, kind: Type, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in printable(text).split('\n') {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            let fits = kind.width(format!("{line}{piece}").trim_end()) <= width;
            if !fits && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            if line.is_empty() && kind.width(piece.trim()) > width {
                for char in piece.chars() {
                    if kind.width(&format!("{line}{char}")) > width && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                    }
                    line.push(char);
                }
            } else if line.is_empty() {
                line.push_str(piece.trim_start_matches(' '));
            } else {
                line.push_str(piece);
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
        let text = "ÄÖÜäöüßẞ€§Łódź Škoda İğüş Ñandú Ærø Çağ „“–…·";
        assert_eq!(printable(text), text);
    }
}
