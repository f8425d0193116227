//! What genpdf leaves out: who made the file, its language, and compressed streams.

use domain::Language;
use lopdf::{Dictionary, Document, Object, Stream, StringFormat};

use crate::{
    PaperError, QuotePaper,
    draw::{Drawn, Glyphs},
    words::say,
};

/// Text in a PDF's own dictionaries: UTF-16 with its byte order mark.
fn text(text: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A `ToUnicode` map (ISO 32000-1, 9.10.3): what readers copy and search for each glyph.
fn to_unicode(glyphs: &Glyphs) -> Stream {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    // At most a hundred entries a block.
    for block in glyphs.chunks(100) {
        map.push_str(&format!("{} beginbfchar\n", block.len()));
        for (glyph, char) in block {
            map.push_str(&format!("<{glyph:04X}> <"));
            for unit in char.encode_utf16(&mut [0; 2]) {
                map.push_str(&format!("{unit:04X}"));
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap CMapName currentdict /CMap defineresource pop end end");
    Stream::new(Dictionary::new(), map.into_bytes())
}

/// Gives the regular and the bold font (genpdf's F0 and F1) their maps.
fn name_glyphs(document: &mut Document, glyphs: &[Glyphs; 2]) {
    for (name, glyphs) in [b"F0", b"F1"].into_iter().zip(glyphs) {
        let is_font = |object: &Object| {
            object.as_dict().is_ok_and(|font| {
                font.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Type0")
                    && font.get(b"BaseFont").and_then(Object::as_name).ok() == Some(name)
            })
        };
        let found = document.objects.iter().find(|(_, object)| is_font(object)).map(|(id, _)| *id);
        let map = document.add_object(to_unicode(glyphs));
        if let Some(font) =
            found.and_then(|id| document.get_object_mut(id).ok()).and_then(|o| o.as_dict_mut().ok())
        {
            font.set("ToUnicode", map);
        }
    }
}

pub(crate) fn finish(drawn: &Drawn, paper: &QuotePaper) -> Result<Vec<u8>, PaperError> {
    let failed = |error: lopdf::Error| PaperError::Pdf(error.to_string());
    let mut document = Document::load_mem(&drawn.file).map_err(failed)?;
    name_glyphs(&mut document, &drawn.glyphs);
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
