use crate::measure::{Type, printable};

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Colour {
    /// `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }
}

/// Words in one place; `y` is the baseline.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) kind: Type,
    pub(crate) colour: Colour,
    pub(crate) text: String,
}

/// A picture with its place and size.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) pixels: image::DynamicImage,
}

/// Something on a page.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// Words.
    Text(Text),
    /// A line: from, to, thickness.
    Line { from: (f32, f32), to: (f32, f32), thickness: f32, colour: Colour },
    /// A picture.
    Picture(Picture),
}

/// What stands on one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet(pub(crate) Vec<Item>);

impl Sheet {
    pub(crate) fn text(&mut self, x: f32, y: f32, text: &str, kind: Type, colour: Colour) {
        let text = printable(text).replace('\n', " ");
        if !text.trim().is_empty() {
            self.0.push(Item::Text(Text { x, y, kind, colour, text }));
        }
    }

    pub(crate) fn text_right(&mut self, x: f32, y: f32, text: &str, kind: Type, colour: Colour) {
        let width = kind.width(&printable(text).replace('\n', " "));
        self.text(x - width, y, text, kind, colour);
    }

    pub(crate) fn line(
        &mut self,
        x1: f32,
        y1: f32,
        x2: f32,
        y2: f32,
        thickness: f32,
        colour: Colour,
    ) {
        self.0.push(Item::Line { from: (x1, y1), to: (x2, y2), thickness, colour });
    }

    /// A picture as large as fits into a box, in one of its corners.
    pub(crate) fn picture(
        &mut self,
        pixels: image::DynamicImage,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        corner: Corner,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "pictures have few million pixels")]
        let ratio = pixels.width() as f32 / pixels.height().max(1) as f32;
        let fitted = (height * ratio).min(width);
        let (x, y) = match corner {
            Corner::UpperRight => (x + width - fitted, y),
            Corner::LowerLeft => (x, y + height - fitted / ratio),
        };
        self.0.push(Item::Picture(Picture { x, y, width: fitted, pixels }));
    }
}

/// Where in its box a picture stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Corner {
    /// A logo.
    UpperRight,
    /// A signature.
    LowerLeft,
}
