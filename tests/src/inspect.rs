//! What must hold on every page: axe-core finds no barrier, every word is said in the page's
//! language, nothing is wider than its window.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::json;

use crate::window::{Window, root};

/// axe-core's rules for WCAG 2.2 up to AA, and its best practices (order of headings, landmarks).
const AXE: &str = "return axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', \
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }) \
    .then(found => found.violations.flatMap(one => one.nodes.map(node => ({ rule: one.id, \
    help: one.help, at: node.target.flat().join(' '), why: node.failureSummary }))))";

/// Every text that people read or hear, with where it stands.
const TEXTS: &str = "const found = new Set(); const add = text => { text = (text || '').trim(); \
    if (text) found.add(text); }; \
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); \
    while (walk.nextNode()) add(walk.currentNode.data); \
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) \
    for (const element of document.querySelectorAll(`[${name}]`)) add(element.getAttribute(name)); \
    return [...found]";

/// Boxes whose content is wider than they are, with what sticks out of them furthest, and words
/// that stick out of their own place.
const TOO_WIDE: &str = "const wide = []; const root = document.scrollingElement; \
    const name = one => `${one.tagName}.${one.getAttribute('class')}`; \
    if (root.scrollWidth > window.innerWidth) wide.push(`the page: ${root.scrollWidth} of ${window.innerWidth}`); \
    for (const box of document.querySelectorAll('main, nav, .masthead, .dialog, .popover, .palette, .welcome, .table, .board')) { \
    if (box.scrollWidth <= box.clientWidth + 1) continue; \
    let most = null, right = 0; for (const one of box.querySelectorAll('*')) { \
    const edge = one.getBoundingClientRect().right; if (edge > right) { right = edge; most = one; } } \
    wide.push(`${name(box)}: ${box.scrollWidth} of ${box.clientWidth}, by ${name(most)}`); } \
    for (const one of document.querySelectorAll('body *')) { \
    if (!(one instanceof HTMLElement) || one.children.length || !one.textContent.trim()) continue; \
    const style = getComputedStyle(one); \
    if (one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1 && style.overflowX === 'visible') \
    wide.push(`${name(one)}: “${one.textContent.trim()}” in ${name(one.parentElement)}`); } \
    return wide";

/// What axe-core found at an element.
#[derive(Deserialize)]
struct Barrier {
    rule: String,
    help: String,
    at: String,
    why: String,
}

/// Looks at pages and keeps what is wrong with them.
pub struct Inspection {
    axe: String,
    /// Names of messages that are no words, as `nav-today`.
    messages: BTreeSet<String>,
    /// What messages' names begin with.
    families: BTreeSet<String>,
    pages: usize,
    faults: Vec<String>,
}

impl Inspection {
    /// Reads what the inspection needs.
    pub fn new() -> Self {
        let axe = root().join("ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(axe).expect("axe-core; run `cargo xtask setup`");
        let mut messages = BTreeSet::new();
        for file in std::fs::read_dir(root().join("ui/locales/de")).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap();
            let names = text.lines().filter_map(|line| Some(line.split_once(" =")?.0.to_owned()));
            messages.extend(names.filter(|name| name.contains('-') && !name.starts_with(' ')));
        }
        let families =
            messages.iter().filter_map(|name| Some(name.split_once('-')?.0.to_owned())).collect();
        Self { axe, messages, families, pages: 0, faults: Vec::new() }
    }

    /// Looks at the page as it stands, and keeps a picture of it.
    pub async fn page(&mut self, window: &Window, name: &str) {
        window.picture(name).await;
        self.widths(window, name).await;
        self.words(window, name).await;
        self.barriers(window, name).await;
        self.pages += 1;
    }

    /// Keeps a fault; said at once, in case that the next page does not come.
    fn fault(&mut self, what: String) {
        println!("{what}");
        self.faults.push(what);
    }

    async fn widths(&mut self, window: &Window, name: &str) {
        let wide: Vec<String> =
            serde_json::from_value(window.script(TOO_WIDE, vec![]).await).unwrap();
        for what in wide {
            self.fault(format!("{name}: too wide: {what}"));
        }
    }

    async fn words(&mut self, window: &Window, name: &str) {
        let texts: Vec<String> =
            serde_json::from_value(window.script(TEXTS, vec![]).await).unwrap();
        assert!(texts.len() > 3, "{name} shows nothing");
        let unsaid: Vec<String> = texts.into_iter().filter(|text| self.is_message(text)).collect();
        for text in unsaid {
            self.fault(format!("{name}: a message's name in its place: {text}"));
        }
    }

    /// Whether a text is a message's name or looks like one that was asked for and is not there.
    fn is_message(&self, text: &str) -> bool {
        let like_a_name = text.contains('-')
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
        let family = text.split('-').next().unwrap_or_default();
        self.messages.contains(text)
            || text.contains("{$")
            || text.contains("{ $")
            || (like_a_name && self.families.contains(family))
    }

    async fn barriers(&mut self, window: &Window, name: &str) {
        if window.script("return typeof axe", vec![]).await != json!("object") {
            window.script(&self.axe, vec![]).await;
        }
        let found: Vec<Barrier> = serde_json::from_value(window.script(AXE, vec![]).await).unwrap();
        // The same rule at many elements of a page is one fault.
        let mut by_rule: BTreeMap<String, Vec<Barrier>> = BTreeMap::new();
        for one in found {
            by_rule.entry(one.rule.clone()).or_default().push(one);
        }
        for (rule, found) in by_rule {
            let places: Vec<&str> = found.iter().take(4).map(|one| one.at.as_str()).collect();
            let why = found[0].why.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            self.fault(format!(
                "{name}: {rule}: {}\n    at {} element(s): {}\n    {why}",
                found[0].help,
                found.len(),
                places.join(" | "),
            ));
        }
    }

    /// Nothing was wrong with any page.
    pub fn assert(self) {
        println!("{} pages were looked at", self.pages);
        let faults = &self.faults;
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}
