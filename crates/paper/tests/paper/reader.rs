//! What poppler and qpdf read in a PDF.

use std::{io::Write, path::Path, process::Command};

use paper::QuotePaper;
use tempfile::NamedTempFile;

/// A PDF on disk.
pub struct Reader(NamedTempFile);

impl Reader {
    pub fn of(paper: &QuotePaper) -> Self {
        Self::open(&paper::render_quote(paper).expect("a PDF"))
    }

    pub fn open(pdf: &[u8]) -> Self {
        let mut file = NamedTempFile::new().expect("a temporary file");
        file.write_all(pdf).expect("room for it");
        Self(file)
    }

    fn run(&self, program: &str, before: &[&str], after: &[&str]) -> Vec<u8> {
        let output = Command::new(program)
            .args(before)
            .arg(self.0.path())
            .args(after)
            .output()
            .unwrap_or_else(|error| panic!("{program} (run cargo xtask setup): {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{program}: {said}");
        output.stdout
    }

    /// Its text as it stands on the pages; a form feed ends each page.
    pub fn layout(&self) -> String {
        String::from_utf8(self.run("pdftotext", &["-layout"], &["-"])).expect("UTF-8")
    }

    pub fn pages(&self) -> Vec<String> {
        let text = self.layout();
        text.trim_end_matches('\u{c}').split('\u{c}').map(String::from).collect()
    }

    /// Its text in reading order.
    pub fn text(&self) -> String {
        String::from_utf8(self.run("pdftotext", &["-raw"], &["-"])).expect("UTF-8")
    }

    /// The words of a page: left, baseline's box top and bottom, right in points, and the word.
    pub fn boxes(&self, page: usize) -> Vec<([f32; 4], String)> {
        let number = page.to_string();
        let html = self.run("pdftotext", &["-bbox", "-f", &number, "-l", &number], &["-"]);
        let html = String::from_utf8(html).expect("UTF-8");
        let words = html.lines().filter(|line| line.contains("<word "));
        let word = |line: &str| {
            let of = |name: &str| {
                let rest = line.split_once(&format!("{name}=\"")).expect(name).1;
                rest.split('"').next().expect("a value").parse::<f32>().expect("a number")
            };
            let text = line.split_once('>').expect("an end").1.replace("</word>", "");
            let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
            ([of("xMin"), of("yMin"), of("yMax"), of("xMax")], text)
        };
        words.map(word).collect()
    }

    pub fn fonts(&self) -> String {
        String::from_utf8(self.run("pdffonts", &[], &[])).expect("UTF-8")
    }

    pub fn info(&self) -> String {
        String::from_utf8(self.run("pdfinfo", &[], &[])).expect("UTF-8")
    }

    /// A page as a grey picture.
    pub fn picture(&self, page: u32, dpi: u32) -> image::GrayImage {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("page");
        let root = root.to_str().expect("a path");
        let (number, dpi) = (page.to_string(), dpi.to_string());
        let before = ["-gray", "-png", "-singlefile", "-r", &dpi, "-f", &number, "-l", &number];
        self.run("pdftoppm", &before, &[root]);
        let path = format!("{root}.png");
        image::open(Path::new(&path)).expect("a picture").into_luma8()
    }

    /// Fails unless qpdf finds nothing to say against the file.
    pub fn check(&self) {
        self.run("qpdf", &["--check"], &[]);
    }

    /// The file without packing, for looking at its objects.
    pub fn objects(&self) -> String {
        let plain = self.run("qpdf", &["--qdf", "--object-streams=disable"], &["-"]);
        String::from_utf8_lossy(&plain).into_owned()
    }
}

/// A text with every run of blanks as one.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
