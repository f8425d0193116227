//! Quotes as PDF. What stands where is worked out in [`layout`] without any PDF; `draw` puts it
//! on paper with genpdf, so that another engine could.
#![deny(missing_docs)]

mod draw;
mod finish;
mod font;
mod layout;
mod measure;
mod model;
mod picture;
mod preview;
mod words;

pub use finish::page_count;
pub use model::{PaperLine, PaperSignature, PaperTotals, QuotePaper, Sender, TaxRow};
pub use picture::is_image;

/// Why a PDF could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The logo or signature is no image.
    #[error("the {0} is not a PNG or JPEG image that can be read")]
    Image(&'static str),
    /// The PDF library gave up.
    #[error("the PDF library: {0}")]
    Pdf(String),
}

/// The quote as a PDF file.
///
/// # Errors
/// When an image cannot be read, or the PDF library gives up.
pub fn render_quote(paper: &QuotePaper) -> Result<Vec<u8>, PaperError> {
    let pages = layout::quote(paper)?;
    finish::finish(&draw::draw(&pages, paper)?, paper)
}

/// The quote's pages as SVG, drawn from the layout that the PDF is drawn from; the font family
/// `Open Sans` must be there.
///
/// # Errors
/// When an image cannot be read.
pub fn preview_quote(paper: &QuotePaper) -> Result<Vec<String>, PaperError> {
    Ok(layout::quote(paper)?.iter().map(preview::svg).collect())
}
