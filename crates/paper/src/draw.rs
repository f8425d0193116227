//! Puts laid-out pages on paper with genpdf.

use std::sync::{Arc, LazyLock};

use genpdf::{
    Mm, Position, Scale, Size,
    fonts::{Font, FontCache, FontData, FontFamily},
    render::Renderer,
    style::{Color, LineStyle, Style},
    subsetting::subset_font_with_mapping,
};

use crate::{
    PaperError, QuotePaper,
    layout::{Colour, Item, Sheet},
    measure::{BOLD, REGULAR},
};

const A4: (f32, f32) = (210.0, 297.0);
/// Pictures are stored with at most this many pixels a side: 300 dpi over 70 mm is 830.
const MOST_PIXELS: u32 = 1_000;

impl From<Colour> for Color {
    fn from(colour: Colour) -> Self {
        Self::Rgb(colour.0, colour.1, colour.2)
    }
}

/// A PNG or JPEG as pixels without transparency, as small as print allows.
pub(crate) fn decode(content: &[u8]) -> Option<image::DynamicImage> {
    let mut reader =
        image::io::Reader::new(std::io::Cursor::new(content)).with_guessed_format().ok()?;
    let mut limits = image::io::Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let mut pixels = reader.decode().ok()?;
    if pixels.width() == 0 || pixels.height() == 0 {
        return None;
    }
    if pixels.width() > MOST_PIXELS || pixels.height() > MOST_PIXELS {
        pixels = pixels.thumbnail(MOST_PIXELS, MOST_PIXELS);
    }
    let mut flat = image::RgbImage::new(pixels.width(), pixels.height());
    for (from, to) in pixels.to_rgba8().pixels().zip(flat.pixels_mut()) {
        let alpha = u16::from(from.0[3]);
        for (channel, value) in to.0.iter_mut().enumerate() {
            let over_white = (u16::from(from.0[channel]) * alpha + 255 * (255 - alpha)) / 255;
            *value = u8::try_from(over_white).unwrap_or(255);
        }
    }
    Some(image::DynamicImage::ImageRgb8(flat))
}

/// Whether this is a PNG or JPEG that can be printed.
#[must_use]
pub fn is_image(content: &[u8]) -> bool {
    decode(content).is_some()
}

fn failed(error: impl std::fmt::Display) -> PaperError {
    PaperError::Pdf(error.to_string())
}

/// Which character each glyph of a cut font stands for.
pub(crate) type Glyphs = Vec<(u16, char)>;

/// The file as genpdf writes it, and the glyphs of its regular and bold font.
pub(crate) struct Drawn {
    pub(crate) file: Vec<u8>,
    pub(crate) glyphs: [Glyphs; 2],
}

/// A font cut to the characters of these pages.
fn subset(font: &[u8], pages: &[Sheet], bold: bool) -> Result<(FontData, Glyphs), PaperError> {
    let mut used: Vec<char> = pages
        .iter()
        .flat_map(|page| &page.0)
        .filter_map(|item| match item {
            Item::Text(text) if text.kind.bold == bold => Some(text.text.chars()),
            _ => None,
        })
        .flatten()
        .collect();
    used.sort_unstable();
    used.dedup();
    // A font without any character is none: the blank keeps it one.
    let text: String = used.iter().chain(&[' ']).collect();
    let cut = subset_font_with_mapping(font, &text).map_err(failed)?;
    let whole = match if bold { &*WHOLE_BOLD } else { &*WHOLE_REGULAR } {
        Ok(whole) => whole,
        Err(error) => return Err(PaperError::Pdf(error.clone())),
    };
    let glyphs =
        text.chars().filter_map(|char| Some((cut.glyph_id_map.get(char)?, char))).collect();
    Ok((FontData::clone_with_data(whole, Arc::new(cut.data), Some(cut.glyph_id_map)), glyphs))
}

/// The whole fonts, read once: their measures serve every document.
static WHOLE_REGULAR: LazyLock<Result<FontData, String>> = LazyLock::new(|| whole(REGULAR));
static WHOLE_BOLD: LazyLock<Result<FontData, String>> = LazyLock::new(|| whole(BOLD));

fn whole(font: &[u8]) -> Result<FontData, String> {
    FontData::new(font.to_vec(), None).map_err(|error| error.to_string())
}

pub(crate) fn draw(pages: &[Sheet], paper: &QuotePaper) -> Result<Drawn, PaperError> {
    let (regular, plain_glyphs) = subset(REGULAR, pages, false)?;
    let (bold, bold_glyphs) = subset(BOLD, pages, true)?;
    let size = Size::new(Mm::from(A4.0), Mm::from(A4.1));
    let mut renderer = Renderer::new(size, &paper.number).map_err(failed)?;
    let mut fonts = FontCache::new(FontFamily {
        regular: regular.clone(),
        bold,
        italic: regular.clone(),
        bold_italic: regular,
    });
    fonts.load_pdf_fonts(&renderer).map_err(failed)?;
    for (index, sheet) in pages.iter().enumerate() {
        if index > 0 {
            renderer.add_page(size);
        }
        let layer = renderer.last_page().first_layer();
        let area = layer.area();
        for item in &sheet.0 {
            put(&area, &fonts, item)?;
        }
    }
    let mut file = Vec::new();
    renderer.write(&mut file).map_err(failed)?;
    Ok(Drawn { file, glyphs: [plain_glyphs, bold_glyphs] })
}

fn put(area: &genpdf::render::Area<'_>, fonts: &FontCache, item: &Item) -> Result<(), PaperError> {
    match item {
        Item::Text(text) => {
            let mut style =
                Style::new().with_font_size(text.kind.size).with_color(text.colour.into());
            if text.kind.bold {
                style.set_bold();
            }
            let font: Font = style.font(fonts);
            let top = Mm::from(text.y) - font.ascent(text.kind.size);
            let position = Position::new(Mm::from(text.x), top);
            area.print_str(fonts, position, style, &text.text).map_err(failed)?;
        }
        Item::Line { from, to, thickness, colour } => {
            let style =
                LineStyle::new().with_thickness(Mm::from(*thickness)).with_color((*colour).into());
            let ends = [from, to].map(|(x, y)| Position::new(Mm::from(*x), Mm::from(*y)));
            area.draw_line(ends, style);
        }
        Item::Picture(picture) => {
            #[expect(clippy::cast_precision_loss, reason = "at most a thousand pixels")]
            let (wide, high) = (picture.pixels.width() as f32, picture.pixels.height() as f32);
            // At 25.4 dpi a pixel is a millimetre.
            let scale = picture.width / wide;
            let bottom = picture.y + high * scale;
            let position = Position::new(Mm::from(picture.x), Mm::from(bottom));
            let (scale, turn) = (Scale::new(scale, scale), genpdf::Rotation::default());
            area.add_image(&picture.pixels, position, scale, turn, Some(25.4));
        }
    }
    Ok(())
}
