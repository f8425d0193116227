//! What genpdf leaves out: who made the file, its language, what its glyphs mean, and packed
//! fonts; and what it leaves to chance.

use domain::Language;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat};

use crate::{PaperError, QuotePaper, draw::Drawn, font::Cut, words::say};

/// Text in a PDF's own dictionaries: UTF-16 with its byte order mark.
fn text(text: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// The font with this name in the pages' resources.
fn font_id(document: &Document, name: &str) -> Option<ObjectId> {
    let is_it = |object: &Object| {
        object.as_dict().is_ok_and(|font| {
            font.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Type0")
                && font.get(b"BaseFont").and_then(Object::as_name).ok() == Some(name.as_bytes())
        })
    };
    document.objects.iter().find(|(_, object)| is_it(object)).map(|(id, _)| *id)
}

/// Puts a font right: its name says that it is cut (ISO 32000-1, 9.6.4), its file is packed, and
/// its map tells readers what each glyph stands for.
fn mend_font(document: &mut Document, name: &str, cut: &Cut) -> Option<()> {
    let id = font_id(document, name)?;
    let base = Object::Name(cut.name.as_bytes().to_vec());
    let font = document.get_object_mut(id).ok()?.as_dict_mut().ok()?;
    font.set("BaseFont", base.clone());
    let map = font.get(b"ToUnicode").and_then(Object::as_reference).ok()?;
    let below = font.get_mut(b"DescendantFonts").and_then(Object::as_array_mut).ok()?;
    let below = below.first_mut()?.as_dict_mut().ok()?;
    below.set("BaseFont", base.clone());
    below.set("CIDToGIDMap", "Identity");
    let descriptor = below.get(b"FontDescriptor").and_then(Object::as_reference).ok()?;
    let descriptor = document.get_object_mut(descriptor).ok()?.as_dict_mut().ok()?;
    descriptor.set("FontName", base);
    // genpdf writes these in the font's own units.
    for (name, value) in
        [("Ascent", cut.ascent), ("CapHeight", cut.capitals), ("Descent", cut.descent)]
    {
        descriptor.set(name, value);
    }
    let edges = cut.edges.iter().map(|edge| Object::Integer((*edge).into()));
    descriptor.set("FontBBox", edges.collect::<Vec<_>>());
    let file = descriptor.get(b"FontFile2").and_then(Object::as_reference).ok()?;
    let file = document.get_object_mut(file).ok()?.as_stream_mut().ok()?;
    file.dict.set("Filter", "FlateDecode");
    file.set_content(cut.packed.clone());
    let mut packed = Stream::new(Dictionary::new(), cut.packed_map.clone());
    packed.dict.set("Filter", "FlateDecode");
    document.objects.insert(map, packed.into());
    Some(())
}

pub(crate) fn finish(drawn: &Drawn, paper: &QuotePaper) -> Result<Vec<u8>, PaperError> {
    let failed = |error: lopdf::Error| PaperError::Pdf(error.to_string());
    let mut document = Document::load_mem(&drawn.file).map_err(failed)?;
    for (name, cut) in ["F0", "F1"].into_iter().zip(&drawn.fonts) {
        mend_font(&mut document, name, cut)
            .ok_or_else(|| PaperError::Pdf(format!("the font {name} is not in the file")))?;
    }
    let revision = paper.revision.to_string();
    let words = [("number", paper.number.as_str()), ("revision", &revision)];
    let message = if paper.revision > 1 { "quote-revision" } else { "quote" };
    let made = paper.made_at.utc().format("D:%Y%m%d%H%M%SZ").to_string();
    let mut info = Dictionary::new();
    info.set("Title", text(&say(paper.language, message, &words)));
    info.set("Author", text(&paper.sender.company));
    info.set("Subject", text(&paper.subject));
    info.set("Creator", text("Kontor"));
    info.set("CreationDate", Object::string_literal(made));
    let info = document.add_object(info);
    document.trailer.set("Info", info);
    // genpdf's is random; the same quote is the same file.
    document.trailer.remove(b"ID");
    // Language and title of the window are newer than genpdf's 1.3.
    document.version = "1.7".into();
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
    let mut out = Vec::with_capacity(drawn.file.len());
    document.save_to(&mut out).map_err(|error| PaperError::Pdf(error.to_string()))?;
    Ok(out)
}

/// How many pages a PDF has; 0 when it is none.
#[must_use]
pub fn page_count(file: &[u8]) -> u32 {
    Document::load_mem(file)
        .map_or(0, |document| u32::try_from(document.get_pages().len()).unwrap_or(u32::MAX))
}
