//! Logos and signatures: from a PNG or JPEG to pixels that every printer takes.

/// Pictures are stored with at most this many pixels a side: 300 dpi over 70 mm is 830.
const MOST_PIXELS: u32 = 1_000;

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
