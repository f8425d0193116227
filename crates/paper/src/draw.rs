//! Puts laid-out pages on paper. genpdf makes the document, its pages, fonts and pictures; words
//! and lines are handed to it as ready operations: its own text sections measure every glyph
//! anew and write each as a string of its own, several times the work for the same ink.

use std::sync::Arc;

use genpdf::{
    Mm, Position, Scale, Size,
    render::{Area, Renderer},
};
use lopdf::{Object, StringFormat, content::Operation};

use crate::{
    PaperError, QuotePaper,
    font::{Cut, cuts},
    layout::{Colour, Item, Picture, Sheet, Text},
    measure::{POINT, kerning},
};

const A4: (f32, f32) = (210.0, 297.0);

fn failed(error: impl std::fmt::Display) -> PaperError {
    PaperError::Pdf(error.to_string())
}

/// The file as genpdf writes it, and its regular and bold font.
pub(crate) struct Drawn {
    pub(crate) file: Vec<u8>,
    pub(crate) fonts: [Arc<Cut>; 2],
}

pub(crate) fn draw(pages: &[Sheet], paper: &QuotePaper) -> Result<Drawn, PaperError> {
    let size = Size::new(Mm::from(A4.0), Mm::from(A4.1));
    let mut renderer = Renderer::new(size, &paper.number).map_err(failed)?;
    let fonts = cuts(pages)?;
    // Their names are F0 and F1, in this order.
    for font in &fonts {
        renderer.add_embedded_font(&font.data).map_err(failed)?;
    }
    for (index, sheet) in pages.iter().enumerate() {
        if index > 0 {
            renderer.add_page(size);
        }
        let layer = renderer.last_page().first_layer();
        let mut pen = Pen::new(&fonts);
        for item in &sheet.0 {
            match item {
                Item::Text(text) => pen.text(text),
                Item::Line { from, to, thickness, colour } => {
                    pen.line(*from, *to, *thickness, *colour);
                }
                Item::Picture(picture) => put_picture(&layer.area(), picture),
            }
        }
        for operation in pen.operations {
            layer.layer().add_operation(operation);
        }
    }
    let mut file = Vec::new();
    renderer.write(&mut file).map_err(failed)?;
    Ok(Drawn { file, fonts })
}

fn put_picture(area: &Area<'_>, picture: &Picture) {
    #[expect(clippy::cast_precision_loss, reason = "at most a thousand pixels")]
    let (wide, high) = (picture.pixels.width() as f32, picture.pixels.height() as f32);
    // At 25.4 dpi a pixel is a millimetre.
    let scale = picture.width / wide;
    let position = Position::new(Mm::from(picture.x), Mm::from(picture.y + high * scale));
    let (scale, turn) = (Scale::new(scale, scale), genpdf::Rotation::default());
    area.add_image(&picture.pixels, position, scale, turn, Some(25.4));
}

/// Writes a page's operations (ISO 32000-1, 8 and 9) and what of them still holds.
struct Pen<'a> {
    fonts: &'a [Arc<Cut>; 2],
    operations: Vec<Operation>,
    font: Option<(bool, u8)>,
    fill: Option<Colour>,
    stroke: Option<(f32, Colour)>,
}

/// Hundredths are finer than any printer, and short to write.
fn number(value: f32) -> Object {
    Object::Real((value * 100.0).round() / 100.0)
}

/// Millimetres from the left or the bottom, in points.
fn across(x: f32) -> Object {
    number(x / POINT)
}

fn up(y: f32) -> Object {
    number((A4.1 - y) / POINT)
}

fn shares(Colour(red, green, blue): Colour) -> Vec<Object> {
    [red, green, blue].map(|part| Object::Real((f32::from(part) / 2.55).round() / 100.0)).into()
}

impl<'a> Pen<'a> {
    fn new(fonts: &'a [Arc<Cut>; 2]) -> Self {
        Self { fonts, operations: Vec::new(), font: None, fill: None, stroke: None }
    }

    fn put(&mut self, operator: &str, operands: Vec<Object>) {
        self.operations.push(Operation::new(operator, operands));
    }

    fn text(&mut self, text: &Text) {
        self.put("BT", Vec::new());
        let wanted = (text.kind.bold, text.kind.size);
        if self.font.replace(wanted) != Some(wanted) {
            let name = if text.kind.bold { "F1" } else { "F0" };
            self.put("Tf", vec![name.into(), i64::from(text.kind.size).into()]);
        }
        if self.fill.replace(text.colour) != Some(text.colour) {
            self.put("rg", shares(text.colour));
        }
        self.put("Td", vec![across(text.x), up(text.y)]);
        let shown = self.shown(text);
        self.put("TJ", vec![Object::Array(shown)]);
        self.put("ET", Vec::new());
    }

    /// The text's glyphs in as few strings as kerning allows.
    fn shown(&self, text: &Text) -> Vec<Object> {
        let font = &self.fonts[usize::from(text.kind.bold)];
        let mut shown = Vec::new();
        let mut run = Vec::with_capacity(text.text.len() * 2);
        let mut last = None;
        for char in text.text.chars() {
            let closer = last.map_or(0, |last| kerning(text.kind.bold, last, char));
            if closer != 0 {
                shown.push(Object::String(std::mem::take(&mut run), StringFormat::Literal));
                // Positive is to the left here (9.4.3).
                shown.push(Object::Integer(-i64::from(closer)));
            }
            run.extend(font.glyph(char).to_be_bytes());
            last = Some(char);
        }
        shown.push(Object::String(run, StringFormat::Literal));
        shown
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32, colour: Colour) {
        let wanted = (thickness, colour);
        if self.stroke.replace(wanted) != Some(wanted) {
            self.put("w", vec![number(thickness / POINT)]);
            self.put("RG", shares(colour));
        }
        self.put("m", vec![across(from.0), up(from.1)]);
        self.put("l", vec![across(to.0), up(to.1)]);
        self.put("S", Vec::new());
    }
}
