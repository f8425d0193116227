//! The two fonts, cut to what documents print: whole they would be 430 KB in every file.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    sync::{Arc, LazyLock, Mutex},
};

use flate2::{Compression, write::ZlibEncoder};
use subsetter::GlyphRemapper;
use ttf_parser::Face;

use crate::{
    PaperError,
    layout::{Item, Sheet},
    measure::{BOLD, REGULAR},
};

/// What nearly every German or English quote prints. Cutting to it instead of to each document's
/// own text costs some 8 KB a file, and saves cutting and packing the fonts for each.
const USUAL: &str = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_\
    `abcdefghijklmnopqrstuvwxyz{|}~\u{a0}§°±²³µ·¼½¾×÷ÄÖÜäöüßẞéèêàáâçñóôøåæ–—‘’‚“”„…•€™®©";

/// How many cuts of each font are kept: the usual one, and some with rarer characters.
const KEPT: usize = 8;

/// A font cut to some characters.
pub(crate) struct Cut {
    /// The font file.
    pub(crate) data: Vec<u8>,
    /// The same, packed by zlib.
    pub(crate) packed: Vec<u8>,
    /// Its name in the file: six letters of its own, then the font's.
    pub(crate) name: String,
    /// Left, bottom, right and top that its glyphs reach, in thousandths of its size.
    pub(crate) edges: [i32; 4],
    /// How high letters and capitals are and how deep they go, in the same measure.
    pub(crate) ascent: i32,
    pub(crate) capitals: i32,
    pub(crate) descent: i32,
    /// Its `ToUnicode` map, packed by zlib.
    pub(crate) packed_map: Vec<u8>,
    /// Which glyph each character has, by character.
    pub(crate) glyphs: Vec<(char, u16)>,
}

impl Cut {
    fn of(font: &[u8], chars: &BTreeSet<char>) -> Result<Self, PaperError> {
        let face = Face::parse(font, 0).map_err(|error| PaperError::Pdf(error.to_string()))?;
        // In the characters' order, so that the same text makes the same bytes.
        let mut remapper = GlyphRemapper::new();
        let glyphs: Vec<(char, u16)> = chars
            .iter()
            .filter_map(|char| Some((*char, remapper.remap(face.glyph_index(*char)?.0))))
            .collect();
        let data = subsetter::subset(font, 0, &remapper)
            .map_err(|error| PaperError::Pdf(error.to_string()))?;
        let edges = face.global_bounding_box();
        let em = i32::from(face.units_per_em());
        let thousandths = |units: i16| i32::from(units) * 1_000 / em;
        Ok(Self {
            packed: packed(&data)?,
            packed_map: packed(to_unicode(&glyphs).as_bytes())?,
            name: name(face.is_bold(), chars),
            edges: [edges.x_min, edges.y_min, edges.x_max, edges.y_max].map(thousandths),
            ascent: thousandths(face.ascender()),
            capitals: thousandths(face.capital_height().unwrap_or(face.ascender())),
            descent: thousandths(face.descender()),
            data,
            glyphs,
        })
    }

    /// The glyph of a character; the font's “missing” where it has none.
    pub(crate) fn glyph(&self, char: char) -> u16 {
        self.glyphs
            .binary_search_by_key(&char, |(known, _)| *known)
            .map_or(0, |at| self.glyphs[at].1)
    }
}

fn packed(content: &[u8]) -> Result<Vec<u8>, PaperError> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = packer.write_all(content).and_then(|()| packer.finish());
    packed.map_err(|error| PaperError::Pdf(error.to_string()))
}

/// `ABCDEF+OpenSans`: the letters differ between cuts, so that no reader takes one for another.
fn name(bold: bool, chars: &BTreeSet<char>) -> String {
    let mut sum =
        chars.iter().fold(0_u32, |sum, char| sum.wrapping_mul(31).wrapping_add(u32::from(*char)));
    let mut name = String::new();
    for _ in 0..6 {
        name.extend(char::from_u32(u32::from('A') + sum % 26));
        sum /= 26;
    }
    name + if bold { "+OpenSans-Bold" } else { "+OpenSans-Regular" }
}

/// A `ToUnicode` map (ISO 32000-1, 9.10.3): what readers copy and search for each glyph.
fn to_unicode(glyphs: &[(char, u16)]) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    // Two characters may share a glyph, as the blanks do: the first one is meant.
    let mut by_glyph: BTreeMap<u16, char> = BTreeMap::new();
    for (char, glyph) in glyphs {
        by_glyph.entry(*glyph).or_insert(*char);
    }
    let by_glyph: Vec<_> = by_glyph.into_iter().collect();
    // At most a hundred entries a block.
    for block in by_glyph.chunks(100) {
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
    map
}

type Kept = Mutex<Vec<(BTreeSet<char>, Arc<Cut>)>>;

static CUTS: LazyLock<[Kept; 2]> = LazyLock::new(Default::default);

/// The regular and the bold font for these pages.
pub(crate) fn cuts(pages: &[Sheet]) -> Result<[Arc<Cut>; 2], PaperError> {
    let mut used: [BTreeSet<char>; 2] = std::array::from_fn(|_| USUAL.chars().collect());
    for item in pages.iter().flat_map(|page| &page.0) {
        if let Item::Text(text) = item {
            let set = &mut used[usize::from(text.kind.bold)];
            for char in text.text.chars().filter(|char| !char.is_ascii()) {
                set.insert(char);
            }
        }
    }
    let [plain, bold] = used;
    Ok([cut(REGULAR, &CUTS[0], plain)?, cut(BOLD, &CUTS[1], bold)?])
}

fn cut(font: &[u8], kept: &Kept, chars: BTreeSet<char>) -> Result<Arc<Cut>, PaperError> {
    // What a panic elsewhere left in the cache is whole all the same.
    let mut kept = kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(at) = kept.iter().position(|(known, _)| *known == chars) {
        // Last used last.
        let found = kept.remove(at);
        let cut = Arc::clone(&found.1);
        kept.push(found);
        return Ok(cut);
    }
    let cut = Arc::new(Cut::of(font, &chars)?);
    if kept.len() == KEPT {
        kept.remove(0);
    }
    kept.push((chars, Arc::clone(&cut)));
    Ok(cut)
}
