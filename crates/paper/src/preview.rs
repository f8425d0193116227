//! The same pages as SVG, for the screen.

use std::{fmt::Write as _, io::Cursor};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    layout::{Colour, Item, Sheet, Text},
    measure::POINT,
};

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Words are as wide as on paper: letters so small that the screen rounds their widths would run
/// into what stands beside them.
fn length(text: &Text) -> String {
    let width = text.kind.width(&text.text);
    if text.text.chars().count() > 1 {
        format!(" textLength=\"{width:.2}\"")
    } else {
        String::new()
    }
}

/// A page as SVG, a unit a millimetre.
pub(crate) fn svg(sheet: &Sheet) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 210 297\" class=\"paper\">",
    );
    for item in &sheet.0 {
        // Writing to a string never fails.
        let _ = match item {
            Item::Text(text) => write!(
                svg,
                "<text x=\"{:.2}\" y=\"{:.2}\" font-family=\"Open Sans\" font-size=\"{:.3}\" font-weight=\"{}\" fill=\"{}\"{} xml:space=\"preserve\">{}</text>",
                text.x,
                text.y,
                f32::from(text.kind.size) * POINT,
                if text.kind.bold { 700 } else { 400 },
                hex(text.colour),
                length(text),
                escaped(&text.text)
            ),
            Item::Line { from, to, thickness, colour } => write!(
                svg,
                "<line x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\" stroke=\"{}\" stroke-width=\"{thickness}\"/>",
                from.0,
                from.1,
                to.0,
                to.1,
                hex(*colour)
            ),
            Item::Picture(picture) => {
                let mut png = Cursor::new(Vec::new());
                match picture.pixels.write_to(&mut png, image::ImageOutputFormat::Png) {
                    Ok(()) => write!(
                        svg,
                        "<image x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" href=\"data:image/png;base64,{}\"/>",
                        picture.x,
                        picture.y,
                        picture.width,
                        STANDARD.encode(png.into_inner())
                    ),
                    Err(_) => Ok(()),
                }
            }
        };
    }
    svg.push_str("</svg>");
    svg
}
