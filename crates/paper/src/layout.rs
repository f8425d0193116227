//! What stands where, in millimetres from the page's top left corner: DIN 5008 form B.

mod closing;
mod columns;
mod foot;
mod letter;
mod sheet;
mod table;
mod totals;

use domain::Language;

use crate::{PaperError, QuotePaper, measure::Type, words::say};
pub(crate) use sheet::{Colour, Item, Picture, Sheet, Text};

/// Text begins here (DIN 5008: 25 mm) …
pub(crate) const LEFT: f32 = 25.0;
/// … and ends here.
pub(crate) const RIGHT: f32 = 190.0;
/// On following pages text begins here.
const TOP: f32 = 32.0;
/// Text ends here where the footer has no more than its usual rows.
const BOTTOM: f32 = 262.0;

const INK: Colour = Colour(32, 38, 41);
const GREY: Colour = Colour(104, 116, 122);
const RULE: Colour = Colour(205, 212, 215);

/// A quote being laid out.
struct Flow<'a> {
    paper: &'a QuotePaper,
    accent: Colour,
    pages: Vec<Sheet>,
    /// The baseline that was reached.
    y: f32,
    /// Text ends here; below it stands the footer.
    bottom: f32,
}

impl Flow<'_> {
    fn say(&self, message: &str, args: &[(&str, &str)]) -> String {
        say(self.paper.language, message, args)
    }

    fn language(&self) -> Language {
        self.paper.language
    }

    fn sheet(&mut self) -> &mut Sheet {
        if self.pages.is_empty() {
            self.pages.push(Sheet::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn left(&mut self, x: f32, text: &str, kind: Type, colour: Colour) {
        let y = self.y;
        self.sheet().text(x, y, text, kind, colour);
    }

    fn right(&mut self, x: f32, text: &str, kind: Type, colour: Colour) {
        let y = self.y;
        self.sheet().text_right(x, y, text, kind, colour);
    }

    fn rule(&mut self, from: f32, to: f32, y: f32, thickness: f32, colour: Colour) {
        self.sheet().line(from, y, to, y, thickness, colour);
    }

    /// Whether this much still fits on the page.
    fn fits(&self, height: f32) -> bool {
        self.y + height <= self.bottom
    }

    fn new_page(&mut self) {
        self.pages.push(Sheet::default());
        letter::following_head(self);
        self.y = TOP;
    }

    /// Text over the whole width, from the next baseline on; it breaks over pages by lines.
    fn paragraph(&mut self, text: &str, kind: Type) {
        for line in crate::measure::wrap(text, kind, RIGHT - LEFT) {
            if !self.fits(kind.leading()) {
                self.new_page();
            }
            self.y += kind.leading();
            self.left(LEFT, &line, kind, INK);
        }
    }
}

/// Lays a quote out on pages.
pub(crate) fn quote(paper: &QuotePaper) -> Result<Vec<Sheet>, PaperError> {
    let accent = Colour::parse(&paper.sender.accent).unwrap_or(Colour(15, 90, 102));
    let mut flow = Flow { paper, accent, pages: Vec::new(), y: 0.0, bottom: BOTTOM };
    let footer = foot::Footer::of(&mut flow);
    letter::head(&mut flow)?;
    letter::opening(&mut flow);
    table::lines(&mut flow);
    totals::totals(&mut flow);
    closing::terms(&mut flow);
    closing::closing(&mut flow)?;
    footer.put(&mut flow);
    Ok(flow.pages)
}
