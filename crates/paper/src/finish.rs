//! What genpdf leaves out: who made the file, its language, and compressed streams.

use domain::Language;
use lopdf::{Dictionary, Document, Object, StringFormat};

use crate::{PaperError, QuotePaper, words::say};

/// Text in a PDF's own dictionaries: UTF-16 with its byte order mark.
fn text(text: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

pub(crate) fn finish(file: &[u8], paper: &QuotePaper) -> Result<Vec<u8>, PaperError> {
    let failed = |error: lopdf::Error| PaperError::Pdf(error.to_string());
    let mut document = Document::load_mem(file).map_err(failed)?;
    let title = say(paper.language, "quote", &[("number", &paper.number)]);
    let made = paper.made_at.utc().format("D:%Y%m%d%H%M%SZ").to_string();
    let mut info = Dictionary::new();
    info.set("Title", text(&title));
    info.set("Author", text(&paper.sender.company));
    info.set("Subject", text(&paper.subject));
    info.set("Creator", text("Kontor"));
    info.set("CreationDate", Object::string_literal(made));
    let info = document.add_object(info);
    document.trailer.set("Info", info);
    let catalog = document.catalog_mut().map_err(failed)?;
    let language = match paper.language {
        Language::De => "de-DE",
        Language::En => "en-GB",
    };
    catalog.set("Lang", Object::string_literal(language));
    let mut viewer = Dictionary::new();
    viewer.set("DisplayDocTitle", true);
    catalog.set("ViewerPreferences", viewer);
    document.prune_objects();
    document.compress();
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|error| PaperError::Pdf(error.to_string()))?;
    Ok(out)
}

/// How many pages a PDF has; 0 when it is none.
#[must_use]
pub fn page_count(file: &[u8]) -> u32 {
    Document::load_mem(file)
        .map_or(0, |document| u32::try_from(document.get_pages().len()).unwrap_or(u32::MAX))
}
